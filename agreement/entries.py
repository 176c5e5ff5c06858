"""What an entry of the ledger is: who did what, when and why, chained to the entry before by its hash.

The hash is SHA-256 over the JSON list of all stored fields but the hash itself, in the order of `FIELDS`, without
blanks and in ASCII. Anybody can compute it again without this code.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args

Side = Literal["marketing", "sales", "leadership"]
SIDES: tuple[Side, ...] = get_args(Side)
ACTIONS: dict[str, frozenset[str]] = {
    "agreement": frozenset({"drafted", "proposed", "signed", "declined", "withdrawn"}),
    "handover": frozenset({"excused", "excuse_revoked", "paused", "pause_ended"}),
    "credit": frozenset({"contested", "answered", "ruled", "ruling_revoked"}),
    "lead": frozenset({"accepted", "rejected", "recycled", "reset"}),
    "meeting": frozenset({"closed", "reopened"}),
    "decision": frozenset({"decided", "done", "dropped"}),
    "note": frozenset({"noted", "removed"}),
}
FIELDS = (
    "seq", "at", "actor_name", "side", "is_verified", "action", "kind", "object_id", "body", "reason", "build_id",
    "once", "previous_hash", "hash",
)  # fmt: skip
BEFORE_THE_FIRST = "0" * 64
SAFE_INTEGER = 2**53
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_INSTANT = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True)
class Actor:
    """Who acts, and for which side. `is_verified` says whether a sign-in vouches for the name."""

    name: str
    side: Side
    is_verified: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", " ".join(plain_text(self.name, "a name").split()))
        if not self.name:
            raise ValueError("only a named person can put something on record")
        if self.side not in SIDES:
            raise ValueError(f"{self.side!r} is no side: {', '.join(SIDES)}")

    @property
    def person(self) -> str:
        """The same for every spelling of one name in other case, width or composition of letters."""
        return person(self.name)


@dataclass(frozen=True)
class Entry:
    """One entry as it was recorded. `body` is what was decided, by the rules of its kind."""

    seq: int
    at: datetime
    actor_name: str
    side: Side
    is_verified: bool
    action: str
    kind: str
    object_id: str
    body: dict[str, Any]
    reason: str
    build_id: str | None
    once: str | None
    previous_hash: str
    hash: str

    @property
    def person(self) -> str:
        """As `Actor.person`."""
        return person(self.actor_name)


def person(name: str) -> str:
    """Names that differ in case, width, blanks or composition of letters alone belong to one person."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def plain_text(text: str, what: str) -> str:
    """`text` in normal form C. Raises `ValueError` for control characters, which no database keeps alike."""
    if _CONTROL.search(text):
        raise ValueError(f"{what} holds characters that are no text")
    return unicodedata.normalize("NFC", text)


def canonical(content: Any) -> str:
    """The one JSON text of `content`: keys sorted, letters in normal form C, whole numbers without a point, decimals
    as text, days and instants in ISO form.

    Raises `ValueError` for what has no such text: infinite numbers, instants without a zone, keys that are no text or
    are equal in normal form.
    """
    return json.dumps(_plain(content), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def content_hash(content: Any) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return text_hash(canonical(content))


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def instant(at: datetime) -> str:
    """An aware instant as it is stored: UTC, microseconds, 27 characters."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return at.astimezone(UTC).strftime(_INSTANT)


def digest(row: Mapping[str, Any]) -> str:
    """Hash of a stored row; its own `hash` takes no part."""
    fields = json.dumps([row[name] for name in FIELDS[:-1]], ensure_ascii=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(fields.encode("ascii")).hexdigest()


def read(row: Mapping[str, Any]) -> Entry:
    """The entry of a stored row. Raises `ValueError` where somebody wrote past the ledger."""
    body = json.loads(row["body"])
    if not isinstance(body, dict):
        raise ValueError("body is no JSON object")
    at = datetime.strptime(row["at"], _INSTANT).replace(tzinfo=UTC)
    return Entry(**{**row, "at": at, "is_verified": bool(row["is_verified"]), "body": body})


@dataclass(frozen=True)
class ChainFault:
    """Where the chain does not hold. `what`: changed, missing, out_of_order, truncated, rewritten or damaged."""

    seq: int
    what: str
    detail: str

    def __str__(self) -> str:
        return f"entry {self.seq} {self.detail}"


def faults(rows: Iterable[Mapping[str, Any]], expected_head: tuple[int, str] | None = None) -> Iterator[ChainFault]:
    """Every break in the chain of stored rows, which come in order of `seq`.

    `expected_head`: number and hash that were the newest once (exports and builds print them); a ledger cut behind
    them, or written anew from before them, is found by this alone.
    """
    seq, previous, at_head = 0, BEFORE_THE_FIRST, None
    for row in rows:
        if not isinstance(row["seq"], int) or row["seq"] <= seq:
            yield ChainFault(seq, "out_of_order", f"is followed by one numbered {row['seq']!r}")
            continue
        if row["seq"] > seq + 1:
            gone = f"{seq + 1}" if row["seq"] == seq + 2 else f"{seq + 1} to {row['seq'] - 1}"
            yield ChainFault(row["seq"], "missing", f"has lost what stood before it: {gone}")
        elif row["previous_hash"] != previous:
            yield ChainFault(row["seq"], "out_of_order", "was written after another entry than the one before it now")
        if row["hash"] != digest(row):
            yield ChainFault(row["seq"], "changed", "was changed after it was written")
        seq, previous = row["seq"], row["hash"]
        if expected_head and seq == expected_head[0]:
            at_head = previous
    if expected_head and expected_head[0] > seq:
        yield ChainFault(seq, "truncated", f"is the last, but there was an entry {expected_head[0]} once")
    elif expected_head and expected_head[0] > 0 and at_head != expected_head[1]:
        yield ChainFault(expected_head[0], "rewritten", "is not the one whose hash was printed")


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return plain_text(value, "a text")
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is no number to agree on")
        return int(value) if value.is_integer() and abs(value) < SAFE_INTEGER else value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no number to agree on")
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("keys must be text")
        plain = {plain_text(key, "a key"): _plain(part) for key, part in value.items()}
        if len(plain) < len(value):
            raise ValueError("two keys differ in the composition of their letters alone")
        return plain
    if isinstance(value, Sequence):
        return [_plain(part) for part in value]
    raise ValueError(f"{type(value).__name__} has no place in the ledger")
