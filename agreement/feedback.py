"""What sales says about a lead it was given: accept it, reject it with a reason, or send it back until a day.

Everything is computed from the ledger's entries of the kind `lead`, whose object is `lead_id#cycle`. An entry that
breaks a rule counts for nothing.

| entry | body | who |
|---|---|---|
| accepted | | sales |
| rejected | `reason`, one of `acceptance.reject_reasons` | sales |
| recycled | the same, and `recycle_on`, the ISO day it comes back | sales |
| reset | | sales: takes the last word back |

Who decided can change the decision, so each of the three may follow another. What the deadline or the CRM has settled
stays settled: a lead that was accepted, also by silence, is not rejected afterwards; it can be sent back until a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from agreement.entries import Entry, Side
from agreement.faults import Fault, _
from agreement.sections import Acceptance

KIND = "lead"
DECIDES: Side = "sales"
OTHER_REASON = "other"
WORDS = ("accepted", "rejected", "recycled")
LONGEST_REST = timedelta(days=2 * 365)


def object_id(lead_id: str, cycle: int) -> str:
    """How the ledger calls a lead in one of its cycles."""
    return f"{lead_id}#{cycle}"


@dataclass(frozen=True)
class Standing:
    """What the ledger says of one lead now. `seq`: number of its newest entry, 0 = none; for `expected`.

    `last`: the word that stands; None = nobody said anything, or took it back.
    """

    seq: int = 0
    last: Entry | None = None

    @property
    def recycle_on(self) -> date | None:
        """The day a recycled lead comes back."""
        return _day(self.last.body) if self.last and self.last.action == "recycled" else None


def standing(entries: Iterable[Entry]) -> Standing:
    """What stands after the entries of one lead; an entry of a side that may not make it counts for nothing."""
    seq, last = 0, None
    for entry in entries:
        seq = entry.seq
        if entry.side != DECIDES:
            continue
        if entry.action == "reset":
            last = None
        elif entry.action == "accepted" or (entry.action in WORDS and entry.body.get("reason")):
            last = entry
    return Standing(seq, last)


def standings(entries: Iterable[Entry]) -> dict[str, Standing]:
    """What stands of every lead anybody spoke about, by object."""
    told: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind == KIND:
            told.setdefault(entry.object_id, []).append(entry)
    return {name: standing(of_object) for name, of_object in told.items()}


def refusal(
    action: str,
    side: Side,
    body: Mapping[str, Any],
    explanation: str,
    today: date,
    *,
    decision: str | None,
    found: Standing,
    acceptance: Acceptance,
) -> Fault | None:
    """Why this cannot be put on record now; None if it can.

    decision: the lead's in the build that is shown (accepted, rejected, silent, open). explanation: the entry's free
    text. acceptance: the section of the terms of the handover's day, which lists the reasons.
    """
    if action not in (*WORDS, "reset"):
        raise ValueError(f"{action!r} is nothing that can be said about a lead")
    if side != DECIDES:
        return Fault("side", _("Sales accepts leads or gives them back; marketing reads the answer."))
    if action == "reset":
        return None if found.last else Fault("state", _("There is no decision to take back."))
    if found.last and found.last.action == action and dict(found.last.body) == dict(body):
        return Fault("state", _("This is on record already."))
    if action == "accepted":
        return None
    if action == "rejected" and not found.last and decision in ("accepted", "silent"):
        return Fault("state", _("This lead counts as accepted; send it back until a day instead of rejecting it."))
    if body.get("reason") not in acceptance.reject_reasons:
        return Fault("reason", _("Please choose one of the agreed reasons."))
    if body["reason"] == OTHER_REASON and not explanation.strip():
        return Fault("reason", _("Please say in a sentence what the other reason is."))
    if action == "recycled":
        day = _day(body)
        if day is None or not today < day <= today + LONGEST_REST:
            return Fault("recycle_on", _("Please choose a day from tomorrow on, within two years."))
    return None


def _day(body: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(body.get("recycle_on") or "")
    except (TypeError, ValueError):
        return None
