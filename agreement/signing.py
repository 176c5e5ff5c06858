"""Draft, propose, sign, decline and withdraw: each allowed by `agreement.versions`, then recorded.

The rules are asked while nobody else can append, so two people at two browsers cannot do together what neither may do
alone. A step sent twice is recorded once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from agreement.entries import Actor, Entry
from agreement.faults import Fault
from agreement.ledger import Conflict, Ledger
from agreement.versions import KIND, Step, Version, draft_body, in_force, refusal, version


class Refused(ValueError):
    """The rules do not allow it. `fault` has the sentence, ready to be translated."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.sentence())
        self.fault = fault


class _SentBefore(Exception):
    """The same person has taken this very step; `entry` is the record of it."""

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


def draft(
    ledger: Ledger, actor: Actor, document: Mapping[str, Any], base: str | None, rejudges_past: bool = False,
    build_id: str | None = None, once: str | None = None,
) -> Entry:  # fmt: skip
    """A new version; its id is the next free number. `base`: id of the version in force that it changes, if any.

    Raises `TermsError` for a document that cannot be used.
    """
    body = draft_body(document, base, rejudges_past)
    while True:
        entries = ledger.entries(KIND)
        numbers = [int(entry.object_id) for entry in entries if entry.object_id.isdecimal()]
        sent = [entry.object_id for entry in entries if once and entry.once == once]
        number = sent[0] if sent else str(max(numbers, default=0) + 1)
        try:
            return ledger.append(actor, "drafted", KIND, number, body, "", build_id, expected=0, once=once)
        except Conflict:  # somebody else took the number
            continue


def edit(
    ledger: Ledger, actor: Actor, version_id: str, document: Mapping[str, Any], base: str | None, seen: int,
    rejudges_past: bool = False, build_id: str | None = None, once: str | None = None,
) -> Entry:  # fmt: skip
    """Another content for a version that was never in force; clears both signatures.

    `seen`: `Version.seq` of what the editor looked at. Raises `Conflict` with both documents if it was changed since,
    `Refused`, and `TermsError` for a document that cannot be used.
    """
    body = draft_body(document, base, rejudges_past)

    def rule(entries: list[Entry], now: datetime) -> None:
        _ask(Step.by(actor, "drafted", body, now), entries, version_id)

    return ledger.append(actor, "drafted", KIND, version_id, body, "", build_id, expected=seen, once=once, rule=rule)


def propose(
    ledger: Ledger, actor: Actor, version_id: str, content: str, reason: str = "", build_id: str | None = None
) -> Entry:
    """Put a draft before the other department, with the reason. `content`: hash of what the actor saw."""
    return _take(ledger, actor, "proposed", version_id, {"content": content}, reason, build_id)


def sign(
    ledger: Ledger, actor: Actor, version_id: str, content: str, rejudges_past: bool = False, reason: str = "",
    build_id: str | None = None, effect: str | None = None,
) -> Entry:  # fmt: skip
    """Sign for the actor's department; the second signature puts the version in force.

    `content`: hash of what the actor saw; `rejudges_past`: the actor agrees that the past is judged anew; `effect`:
    content hash of the effect that was shown before.
    """
    body = {"content": content, "rejudges_past": rejudges_past, **({"effect": effect} if effect else {})}
    return _take(ledger, actor, "signed", version_id, body, reason, build_id)


def decline(
    ledger: Ledger, actor: Actor, version_id: str, content: str, reason: str, build_id: str | None = None
) -> Entry:
    """Refuse what the other department proposed, with the reason."""
    return _take(ledger, actor, "declined", version_id, {"content": content}, reason, build_id)


def withdraw(
    ledger: Ledger, actor: Actor, version_id: str, content: str, reason: str = "", build_id: str | None = None
) -> Entry:
    """Take back what the actor's department proposed."""
    return _take(ledger, actor, "withdrawn", version_id, {"content": content}, reason, build_id)


def _take(
    ledger: Ledger, actor: Actor, action: str, version_id: str, body: dict[str, Any], reason: str, build_id: str | None
) -> Entry:
    def rule(entries: list[Entry], now: datetime) -> None:
        step = Step.by(actor, action, body, now, reason)
        known = version(entries, version_id)
        if known and (sent := _sent_before(step, known)):
            raise _SentBefore(sent)
        _ask(step, entries, version_id)

    try:
        return ledger.append(actor, action, KIND, version_id, body, reason, build_id, rule=rule)
    except _SentBefore as before:
        return before.entry


def _sent_before(step: Step, known: Version) -> Entry | None:
    """The entry by which the same person took the same step on the content as it stands."""
    taken = {"proposed": known.proposed, "signed": known.signatures.get(step.side)}.get(step.action, known.ended)
    if taken is None or step.body["content"] != known.content:
        return None
    return taken if (taken.action, taken.person, taken.side) == (step.action, step.person, step.side) else None


def _ask(step: Step, entries: list[Entry], version_id: str) -> None:
    if fault := refusal(step, version(entries, version_id), in_force(entries)):
        raise Refused(fault)
