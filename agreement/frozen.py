"""The records behind a closed meeting, beside the ledger: by keyed pseudonym, so that no name and no id stands there.

Erasing a person later changes no signed number: what was counted is kept as amounts, days and versions alone. The key
lies in a file of its own; who has it and a record's id can find the record again, nobody else can.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import sqlalchemy as sa

from agreement.entries import canonical, text_hash

KEY_FILE, FOLDER = "meetings.key", "meetings"
PSEUDONYM_BYTES = 8


@dataclass(frozen=True)
class Record:
    """What one record adds to a figure. `pseudonym` instead of its id; numerator and denominator as counted."""

    kpi: str
    pseudonym: str
    day: str
    numerator: float
    denominator: float
    version: str


def folder(ledger_url: str) -> Path:
    """Where records are kept: beside the ledger's file, or in `data` for a ledger on a server."""
    url = sa.make_url(ledger_url)
    is_file = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(str(url.database)).parent if is_file else Path("data")


def key(home: Path) -> bytes:
    """The key of pseudonyms, made at first use; only its owner may read the file."""
    file = home / KEY_FILE
    home.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(file.read_text("ascii").strip())
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_hex(32))
    return bytes.fromhex(file.read_text("ascii").strip())


def pseudonym(secret: bytes, record_id: str) -> str:
    """HMAC-SHA-256 of an id such as `deal:123`, cut to 16 hexadecimal digits."""
    return hmac.new(secret, record_id.encode(), hashlib.sha256).digest()[:PSEUDONYM_BYTES].hex()


def write(home: Path, week: str, records: Iterable[Record], known: Iterable[str]) -> str:
    """Keeps the records of a week and the pseudonyms of all records known then; returns the hash for the ledger.

    The file is complete or not there: it is written beside and moved into place.
    """
    text = canonical({"records": [asdict(record) for record in records], "known": sorted(known)})
    digest = text_hash(text)
    place = home / FOLDER / f"{week}-{digest[:12]}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(f".{os.getpid()}.draft")
    with draft.open("w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(place)
    return digest


def read(home: Path, week: str, digest: str) -> tuple[list[Record], frozenset[str]] | None:
    """The records of a week and all pseudonyms known then; None where the file is gone or not what was signed."""
    try:
        text = (home / FOLDER / f"{week}-{digest[:12]}.json").read_text("utf-8")
    except OSError:
        return None
    if text_hash(text) != digest:
        return None
    content = json.loads(text)
    return [Record(**record) for record in content["records"]], frozenset(content["known"])
