"""What may be said about a meeting, a decision or a note on record. Pure functions over the ledger's entries.

| kind | object | actions and body |
|---|---|---|
| meeting | `2026-W47` | closed: `kpis` (`kpi, value, week` each), `records_hash`; reopened, with a reason |
| decision | an id | decided: `what, owner, due, kpi, week`; done; dropped, with a reason |
| note | an id | noted: `day, text, kind`; removed |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from agreement.entries import Entry
from agreement.faults import Fault, _
from agreement.kpis import KPIS

MEETING, DECISION, NOTE = "meeting", "decision", "note"
NOTE_KINDS = ("campaign", "fair", "outage", "price", "other")
LONGEST_TEXT = 300
State = Literal["decided", "done", "dropped"]


@dataclass(frozen=True)
class Decision:
    """A decision as it stands. `week`: the meeting it was made in; `seq`: its newest entry, for `expected`."""

    decision_id: str
    what: str
    owner: str
    due: date
    kpi: str
    week: str
    state: State
    seq: int


def closed(entries: Iterable[Entry]) -> dict[str, Entry]:
    """The closing of every meeting that is closed, by its week."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind == MEETING and entry.action == "closed":
            found.setdefault(entry.object_id, entry)
        elif entry.kind == MEETING and entry.action == "reopened":
            found.pop(entry.object_id, None)
    return found


def decisions(entries: Iterable[Entry]) -> list[Decision]:
    """All decisions in the order they were made; an entry that says nothing usable counts for nothing."""
    found: dict[str, Decision] = {}
    for entry in entries:
        if entry.kind != DECISION:
            continue
        known = found.get(entry.object_id)
        if refusal(entry.kind, entry.action, entry.body, entry.reason, known=known):
            continue
        if entry.action == "decided":
            told = entry.body
            found[entry.object_id] = Decision(
                entry.object_id, told["what"].strip(), told["owner"].strip(), date.fromisoformat(told["due"]),
                told["kpi"], str(told.get("week") or ""), "decided", entry.seq,
            )  # fmt: skip
        elif known:
            state: State = "done" if entry.action == "done" else "dropped"
            found[entry.object_id] = Decision(**{**vars(known), "state": state, "seq": entry.seq})
    return list(found.values())


def refusal(
    kind: str,
    action: str,
    body: Mapping[str, Any],
    reason: str,
    *,
    known: Decision | None = None,
    is_closed: bool = False,
) -> Fault | None:
    """Why this cannot be put on record; None if it can. known: the decision so far; is_closed: of the meeting."""
    if kind == MEETING:
        return _no_meeting(action, reason, is_closed)
    if kind == DECISION:
        return _no_decision(action, body, reason, known)
    if kind == NOTE:
        return _no_note(action, body)
    raise ValueError(f"{kind!r} has no place in a meeting")


def _no_meeting(action: str, reason: str, is_closed: bool) -> Fault | None:
    if action == "closed":
        return Fault("state", _("This meeting is closed already; its figures are frozen.")) if is_closed else None
    if not is_closed:
        return Fault("state", _("This meeting is not closed."))
    return None if reason.strip() else Fault("reason", _("Please say why the meeting is opened again."))


def _no_decision(action: str, body: Mapping[str, Any], reason: str, known: Decision | None) -> Fault | None:
    if action != "decided":
        if known is None or known.state != "decided":
            return Fault("state", _("This decision is not open."))
        if action == "dropped" and not reason.strip():
            return Fault("reason", _("Please say why the decision is dropped."))
        return None
    if known is not None:
        return Fault("state", _("This decision is on record already."))
    if not _text(body.get("what")) or not _text(body.get("owner")):
        return Fault("what", _("A decision says what is to be done, and who does it."))
    if _day(body.get("due")) is None:
        return Fault("due", _("A decision says until when."))
    return None if body.get("kpi") in KPIS else Fault("kpi", _("A decision names the figure it should move."))


def _no_note(action: str, body: Mapping[str, Any]) -> Fault | None:
    if action == "removed":
        return None
    if _day(body.get("day")) is None or not _text(body.get("text")):
        return Fault("text", _("A note has a day and a few words."))
    return None if body.get("kind") in NOTE_KINDS else Fault("kind", _("Please choose what kind of event it was."))


def _text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
