"""Decisions of the meetings: who does what until when, and whether the figure it should move has moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from statistics import fmean

from agreement.contests import OPEN as OPEN_CONTESTS
from agreement.meetings import Decision
from findings.meeting import KpiRow, week_of
from findings.weekly_kpis import written
from locales import _
from locales.formats import day

__all__ = ["OPEN_CONTESTS", "items", "moved", "note_kinds", "open_matters", "state_names"]


def note_kinds() -> dict[str, str]:
    """What happened on a day."""
    return {
        "campaign": _("Campaign start"), "fair": _("Fair"), "outage": _("Outage"), "price": _("Price change"),
        "other": _("Something else"),
    }  # fmt: skip


def state_names() -> dict[str, str]:
    """What became of a decision."""
    return {"decided": _("open"), "done": _("done"), "dropped": _("dropped")}


def items(decisions: Iterable[Decision], kpis: list[KpiRow], today: date, currency: str) -> list[tuple[str, str, str]]:
    """Each decision as `(what, state, who until when and whether the figure has moved)`, the newest first."""
    rows = {row.kpi: row for row in kpis}
    found = []
    for one in decisions:
        state = state_names()[one.state]
        if one.state == "decided" and one.due < today:
            state = _("overdue")
        who = _("{owner}, until {day}").format(owner=one.owner, day=day(one.due))
        found.append((one.what, state, f"{who}. {moved(one, rows.get(one.kpi), currency)}"))
    return found[::-1]


def moved(one: Decision, row: KpiRow | None, currency: str) -> str:
    """Before and after the decision, by the usual range: a change within it proves nothing yet."""
    if row is None or not row.weeks:
        return ""
    try:
        since = week_of(one.week) + timedelta(days=7)
    except ValueError:
        return ""
    before = [week.value for week in row.weeks if week.value is not None and week.week_start < since]
    after = [week for week in row.weeks if week.value is not None and week.week_start >= since]
    if not after or not before:
        return _("{kpi}: no week since then to judge by yet.").format(kpi=row.name)
    outside = any(
        week.is_signal or (week is row.weeks[-1] and row.verdict == "signal") for week in after
    )  # fmt: skip
    mean = fmean(week.value for week in after if week.value is not None)
    said = (
        _("{kpi}: {before} before, {after} since; that is more than the usual ups and downs.")
        if outside
        else _("{kpi}: {before} before, {after} since; within the usual ups and downs, so nothing is proven yet.")
    )
    return said.format(
        kpi=row.name, before=written(fmean(before), row.unit, currency), after=written(mean, row.unit, currency)
    )


def open_matters(contested: int, proposals: int) -> list[str]:
    """What waits for a word of the departments."""
    found = []
    if contested:
        found.append(_("Contested credits without a ruling: {count}.").format(count=contested))
    if proposals:
        found.append(_("Proposals to the agreement that wait for a signature: {count}.").format(count=proposals))
    return found or [_("Nothing waits for a word of the departments.")]
