"""What may be said about a handover on record: excuses by the other side, and pauses of the clock.

Everything is computed from the ledger's entries of the kind `handover`, whose object is `lead_id#cycle`.

| entry | body | who |
|---|---|---|
| excused | `reason`, one of `acceptance.excuse_reasons` | the side the promise was made to |
| excuse_revoked | | whoever gave the excuse, or leadership |
| paused | `reason`, one of `acceptance.pause_reasons`; `from`, `until` (left out: now, open) | both sides |
| pause_ended | | both sides |

A promise is excused by whom it was made to and by nobody else. Who keeps it may stop its clock only from now on; what
is over can be taken out of the clock by the other side alone. Instants are ISO texts with an offset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from agreement.entries import Entry, Side
from agreement.faults import Fault, _
from agreement.sections import Acceptance

KIND = "handover"
KEEPER: Side = "sales"  # who promised to answer
OTHER_SIDE: Side = "marketing"  # to whom
OTHER_REASON = "other"
Status = Literal["met", "breached", "pending", "excused", "unassigned"]


def object_id(lead_id: str, cycle: int) -> str:
    """How the ledger calls a handover."""
    return f"{lead_id}#{cycle}"


@dataclass(frozen=True)
class Standing:
    """What the ledger says of one handover now. `seq`: number of its newest entry, 0 = none; for `expected`.

    `excuse`: the entry that excuses it; `pauses`: `(from, until)` in order, `until` None = still going on;
    `pause_reasons`: of each of them.
    """

    seq: int = 0
    excuse: Entry | None = None
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    pause_reasons: tuple[str, ...] = ()

    def running_pause(self, at: datetime) -> bool:
        """Whether the clock stands still at an instant."""
        return any(begins <= at and (ends is None or at < ends) for begins, ends in self.pauses)


def standing(entries: Iterable[Entry]) -> Standing:
    """What stands after the entries of one handover; an entry of a side that may not make it counts for nothing."""
    seq, excuse, pauses, reasons = 0, None, list[tuple[datetime, datetime | None]](), list[str]()
    for entry in entries:
        seq = entry.seq
        if entry.action == "excused" and entry.side == OTHER_SIDE:
            excuse = entry
        elif entry.action == "excuse_revoked" and excuse and entry.side in (excuse.side, "leadership"):
            excuse = None
        elif entry.action == "paused":
            span = _span(entry.body, entry.at)
            if span:
                pauses.append(span)
                reasons.append(str(entry.body.get("reason") or ""))
        elif entry.action == "pause_ended" and pauses:
            begins, ends = pauses[-1]
            pauses[-1] = begins, max(begins, min(ends or entry.at, entry.at))
    return Standing(seq, excuse, tuple(pauses), tuple(reasons))


def refusal(
    action: str,
    side: Side,
    body: Mapping[str, Any],
    explanation: str,
    at: datetime,
    *,
    status: Status | None,
    found: Standing,
    acceptance: Acceptance,
) -> Fault | None:
    """Why this cannot be put on record now; None if it can.

    status: the handover's in the build that is shown (None = known by its day only). explanation: the entry's free
    text. acceptance: the section of the terms of the handover's day, which lists the reasons.
    """
    if action == "excused":
        return _no_excuse(side, body, explanation, status, found, acceptance)
    if action == "excuse_revoked":
        return _no_revocation(side, explanation, found)
    if action == "paused":
        return _no_pause(side, body, at, status, found, acceptance)
    if action == "pause_ended":
        return None if found.running_pause(at) else Fault("", _("The clock of this handover is running."))
    raise ValueError(f"{action!r} is nothing that can be done to a handover")


def _no_excuse(
    side: Side, body: Mapping[str, Any], explanation: str, status: Status | None, found: Standing, terms: Acceptance
) -> Fault | None:
    if side != OTHER_SIDE:
        return Fault("side", _("Only the side the promise was made to can excuse it; here that is marketing."))
    if found.excuse or status == "excused":
        return Fault("state", _("This handover is excused already."))
    if status == "met":
        return Fault("state", _("This handover was answered in time; there is nothing to excuse."))
    if status not in ("breached", "pending"):
        return Fault("state", _("No clock runs for this handover, so there is nothing to excuse."))
    if body.get("reason") not in terms.excuse_reasons:
        return Fault("reason", _("Please choose one of the agreed reasons."))
    if body["reason"] == OTHER_REASON and not explanation.strip():
        return Fault("reason", _("Please say in a sentence what the other reason is."))
    return None


def _no_revocation(side: Side, explanation: str, found: Standing) -> Fault | None:
    if not found.excuse:
        return Fault("state", _("There is no excuse to take back."))
    if side not in (found.excuse.side, "leadership"):
        return Fault("side", _("Who gave an excuse takes it back, or leadership does."))
    if not explanation.strip():
        return Fault("reason", _("Please say why the excuse no longer holds."))
    return None


def _no_pause(
    side: Side, body: Mapping[str, Any], at: datetime, status: Status | None, found: Standing, terms: Acceptance
) -> Fault | None:
    if side not in (KEEPER, OTHER_SIDE):
        return Fault("side", _("The two sides of the promise stop its clock, nobody else."))
    span = _span(body, at)
    if span is None:
        return Fault("until", _("A pause ends after it has begun."))
    if side == KEEPER and (span[0] < at or status != "pending"):
        return Fault("from", _("Who made the promise can stop its clock from now on, before it is due; no later."))
    if status not in ("pending", "breached"):
        return Fault("state", _("No clock runs for this handover."))
    if body.get("reason") not in terms.pause_reasons:
        return Fault("reason", _("Please choose one of the agreed reasons."))
    if any(_overlap(span, known) for known in found.pauses):
        return Fault("state", _("The clock stands still in that time already."))
    return None


def _overlap(one: tuple[datetime, datetime | None], other: tuple[datetime, datetime | None]) -> bool:
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


def _span(body: Mapping[str, Any], at: datetime) -> tuple[datetime, datetime | None] | None:
    """From and until of a pause; None where it says nothing usable."""
    try:
        begins = datetime.fromisoformat(body["from"]) if body.get("from") else at
        ends = datetime.fromisoformat(body["until"]) if body.get("until") else None
    except (TypeError, ValueError):
        return None
    if begins.tzinfo is None or (ends is not None and (ends.tzinfo is None or ends <= begins)):
        return None
    return begins, ends
