"""What becomes of a version of the agreement: from a draft over both signatures to being in force.

Everything is computed from the ledger's entries of the kind `agreement`, whose object is the version. An entry that
breaks a rule counts for nothing, however it came into the ledger; `agreement.signing` refuses to write one.

| entry | body | who |
|---|---|---|
| drafted | `document`, `content` (its hash), `base` (version it changes), `rejudges_past` | anybody named |
| proposed | `content` | one of the two departments |
| signed | `content`, `rejudges_past` and `effect` as they were seen | each department, two different people |
| declined | `content`, with a reason | the department that did not propose |
| withdrawn | `content` | the department that proposed |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Literal

from agreement.entries import Actor, Entry, Side, canonical, content_hash, text_hash
from agreement.faults import Fault, TermsError, _
from agreement.terms import Agreement

KIND = "agreement"
State = Literal[
    "draft", "proposed", "signed_by_marketing", "signed_by_sales", "in_force", "superseded", "withdrawn", "declined"
]
DEPARTMENTS: tuple[Side, ...] = ("marketing", "sales")
OTHER: dict[Side, Side] = {"marketing": "sales", "sales": "marketing"}
OPEN: frozenset[State] = frozenset({"proposed", "signed_by_marketing", "signed_by_sales"})
LASTING: frozenset[State] = frozenset({"in_force", "superseded"})


@dataclass(frozen=True)
class Version:
    """A version of the agreement as it stands. `seq`: number of its newest entry, for `expected` when it is edited.

    `since`, `until`: the instants it came into force and was superseded.
    """

    id: str
    state: State
    seq: int
    document: dict[str, Any]
    content: str
    base: str | None
    rejudges_past: bool
    drafted: Entry
    proposed: Entry | None = None
    signatures: Mapping[Side, Entry] = field(default_factory=dict)
    ended: Entry | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def agreement(self) -> Agreement:
        """The document as terms by which records are judged."""
        return agreement_of(canonical(self.document))


@dataclass(frozen=True)
class Step:
    """What somebody wants to do with a version, or did: an entry before it is one."""

    action: str
    person: str
    side: Side
    body: Mapping[str, Any]
    reason: str
    at: datetime

    @classmethod
    def by(cls, actor: Actor, action: str, body: Mapping[str, Any], at: datetime, reason: str = "") -> Step:
        return cls(action, actor.person, actor.side, body, reason, at)


def history(entries: Iterable[Entry]) -> list[Version]:
    """All versions in the order they were first drafted, each as it stands after the entries given."""
    versions: dict[str, Version] = {}
    for entry in entries:
        if entry.kind != KIND:
            continue
        step = Step(entry.action, entry.person, entry.side, entry.body, entry.reason, entry.at)
        known, current = versions.get(entry.object_id), _current(versions.values())
        if refusal(step, known, current) is None:
            versions[entry.object_id] = after = _after(entry, known)
            if after.state == "in_force" and current:
                versions[current.id] = replace(current, state="superseded", until=entry.at)
        elif known:
            versions[entry.object_id] = replace(known, seq=entry.seq)
    return list(versions.values())


def version(entries: Iterable[Entry], version_id: str) -> Version | None:
    """One version as it stands."""
    return next((found for found in history(entries) if found.id == version_id), None)


def in_force(entries: Iterable[Entry]) -> Version | None:
    """The version both departments signed last; its `document` judges the numbers. None = none was ever signed."""
    return _current(history(entries))


def open_for(entries: Iterable[Entry], side: Side) -> list[Version]:
    """Proposals that wait for the signature of this side."""
    return [found for found in history(entries) if found.state in OPEN and side not in found.signatures]


def draft_body(document: Mapping[str, Any], base: str | None, rejudges_past: bool = False) -> dict[str, Any]:
    """The body of a draft's entry, its document in canonical form. Raises `TermsError` if it cannot be used."""
    canonical_document = Agreement(document).document
    return {
        "document": canonical_document, "content": content_hash(canonical_document), "base": base,
        "rejudges_past": rejudges_past,
    }  # fmt: skip


def first_rejudged_day(before: Agreement, after: Agreement, today: date) -> date | None:
    """The first day before `today` whose records would be judged otherwise; None = the past stays as it is."""
    starts = {start for agreement in (before, after) for start, _terms in agreement.dated if start < today}
    ordered = sorted({date.min, *starts})
    return next((day for day in ordered if before.terms_on(day).version != after.terms_on(day).version), None)


@lru_cache(maxsize=64)
def agreement_of(text: str) -> Agreement:
    """The terms of a canonical document; each text is read once."""
    return Agreement(json.loads(text))


def refusal(step: Step, known: Version | None, current: Version | None) -> Fault | None:
    """Why a step may not be taken, None if it may. `known`: the version as it stands; `current`: the one in force."""
    if step.action == "drafted":
        return _no_draft(step, known)
    if known is None:
        return Fault("version", _("There is no such version."))
    if step.body.get("content") != known.content:
        return Fault("content", _("This version was edited in the meantime. Look at it again."))
    if step.side not in DEPARTMENTS:
        return Fault("side", _("Only marketing and sales agree; leadership reads."))
    if step.action == "proposed":
        return _no_proposal(step, known, current)
    if known.state not in OPEN:
        return Fault("state", _("This version is not open for signatures."))
    rules = {"signed": _no_signature, "declined": _no_decline, "withdrawn": _no_withdrawal}
    return rules[step.action](step, known, current)


def _no_draft(step: Step, known: Version | None) -> Fault | None:
    if known and known.state in LASTING:
        return Fault("state", _("What was signed by both stays as it is. Make a new version of it."))
    document = step.body.get("document")
    text = canonical(document)
    if not isinstance(document, dict) or step.body.get("content") != text_hash(text):
        return Fault("content", _("The draft is not the document it says it is."))
    try:
        agreement_of(text)
    except TermsError as error:
        return error.faults[0]
    return None


def _no_proposal(step: Step, known: Version, current: Version | None) -> Fault | None:
    if known.state != "draft":
        return Fault("state", _("Only a draft can be proposed."))
    if current and current.content == known.content:
        return Fault("content", _("This says what is agreed already."))
    return _overtaken(known, current) or _past(step, known, current)


def _no_signature(step: Step, known: Version, current: Version | None) -> Fault | None:
    if step.side in known.signatures:
        text = _("{name} has signed for this department already.")
        return Fault("side", text, {"name": known.signatures[step.side].actor_name})
    if step.person in {entry.person for entry in known.signatures.values()}:
        return Fault("person", _("One person cannot sign for both departments."))
    if bool(step.body.get("rejudges_past")) != known.rejudges_past:
        return Fault("rejudges_past", _("This version judges the past anew. Both must say that they want it."))
    return _overtaken(known, current) or _past(step, known, current)


def _no_decline(step: Step, known: Version, current: Version | None) -> Fault | None:
    if known.proposed and step.side == known.proposed.side:
        return Fault("side", _("Who proposed a version withdraws it; the other department declines."))
    if not step.reason.strip():
        return Fault("reason", _("Please say why, so that the other department can propose something better."))
    return None


def _no_withdrawal(step: Step, known: Version, current: Version | None) -> Fault | None:
    if known.proposed and step.side != known.proposed.side:
        return Fault("side", _("Who proposed a version withdraws it; the other department declines."))
    return None


def _overtaken(known: Version, current: Version | None) -> Fault | None:
    if known.base == (current.id if current else None):
        return None
    text = _("Another version came into force after this was drafted. Draft the change anew from the one in force.")
    return Fault("base", text)


def _past(step: Step, known: Version, current: Version | None) -> Fault | None:
    """New terms begin on the day of the signature at the earliest, unless both departments say otherwise."""
    if known.rejudges_past or current is None:
        return None
    terms = known.agreement
    today = step.at.astimezone(terms.dated[0][1].company.tz).date()
    day = first_rejudged_day(current.agreement, terms, today)
    if day is None:
        return None
    text = _("Records from {day} on would be judged anew. Begin on {today} or later, or let both say they want it.")
    return Fault("valid_from", text, {"day": max(day, terms.valid_from).isoformat(), "today": today.isoformat()})


def _after(entry: Entry, known: Version | None) -> Version:
    """The version after an entry that breaks no rule."""
    if entry.action == "drafted":
        body = entry.body
        return Version(
            entry.object_id, "draft", entry.seq, body["document"], body["content"], body.get("base"),
            bool(body.get("rejudges_past")), entry,
        )  # fmt: skip
    assert known is not None, "a rule lets nothing but a draft come first"
    if entry.action == "proposed":
        return replace(known, state="proposed", seq=entry.seq, proposed=entry)
    if entry.action == "signed":
        signatures = {**known.signatures, entry.side: entry}
        if len(signatures) == len(DEPARTMENTS):
            return replace(known, state="in_force", seq=entry.seq, signatures=signatures, since=entry.at)
        signed: State = "signed_by_marketing" if entry.side == "marketing" else "signed_by_sales"
        return replace(known, state=signed, seq=entry.seq, signatures=signatures)
    ended: State = "declined" if entry.action == "declined" else "withdrawn"
    return replace(known, state=ended, seq=entry.seq, ended=entry)


def _current(versions: Iterable[Version]) -> Version | None:
    return next((found for found in versions if found.state == "in_force"), None)
