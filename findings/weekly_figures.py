"""The agreed figures week by week, each with its usual range: the limits that set a signal apart from the noise.

Counts and amounts are judged per working day, so that a week with a holiday is not a bad week; the limits are drawn at
the number of working days of each week. Rates of counted things are judged by a p chart, other ratios as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import polars as pl

from measures.calendar_weeks import week_start
from measures.control_chart import p_chart, xmr
from measures.working_time import Calendar

Kind = Literal["count", "money", "rate", "ratio"]
WEEK = timedelta(days=7)
STRETCH_WEEKS = 13
BASELINE_WEEKS = 26  # a half-year sets the limits: long enough for a usual range, short enough to be today's business
FEWEST_WEEKS = 12
KPIS: dict[str, tuple[Kind, bool | None]] = {
    "accepted_leads": ("count", True), "marketing_attainment": ("rate", True), "follow_up_attainment": ("rate", True),
    "lead_to_opportunity_rate": ("rate", True), "pipeline_created": ("money", True), "win_rate": ("rate", True),
    "won_revenue": ("money", True), "coverage": ("ratio", True), "new_leads": ("count", True), "mqls": ("count", True),
    "opportunities": ("count", True), "won_deals": ("count", True), "marketing_cost": ("money", None),
    "cost_per_lead": ("money", False),
}  # fmt: skip
"""All figures that can be agreed: their kind, and whether more of it is better (None: neither)."""
DIVIDED = frozenset({"marketing_attainment", "coverage", "cost_per_lead"})
"""Ratios whose parts are no counts of one and the same thing: no binomial limits."""


@dataclass(frozen=True)
class Figure:
    """One KPI in the judged week. `values` end with that week; `lower` and `upper` are the usual range, None = unknown.

    `week`: Monday of the judged week; a cohort rate is judged later, when its leads are old enough.
    `rules`: those of `measures.control_chart` that the judged week completes; `centre`: the middle of the usual range;
    `limits`: of each week; `signals`: positions of all weeks outside their limits; `parts`: numerators, denominators.
    `stretch`, `stretch_before`: the last 13 weeks up to that week, and the 13 before, sums or rates of sums.
    """

    kpi: str
    kind: Kind
    more_is_better: bool | None
    week: date | None
    weeks: list[date]
    values: list[float | None]
    stretch: float | None
    stretch_before: float | None
    lower: float | None = None
    upper: float | None = None
    is_signal: bool = False
    rules: tuple[int, ...] = ()
    centre: float | None = None
    limits: tuple[tuple[float, float] | None, ...] = ()
    signals: frozenset[int] = frozenset()
    parts: tuple[tuple[float, float], ...] = ()

    @property
    def value(self) -> float | None:
        """The judged week."""
        return self.values[-1] if self.values else None

    @property
    def before(self) -> float | None:
        """The week before it."""
        return self.values[-2] if len(self.values) > 1 else None

    @property
    def change(self) -> float | None:
        """On the week before: relative for counts and money, the difference for rates; None without a basis."""
        return _change(self.kind, self.value, self.before)

    @property
    def stretch_change(self) -> float | None:
        """The last 13 weeks on the 13 before, as `change`."""
        return _change(self.kind, self.stretch, self.stretch_before)

    @property
    def distance(self) -> float:
        """How far the week is from the middle of its usual range, in half-widths of the range."""
        if self.value is None or self.lower is None or self.upper is None or self.upper <= self.lower:
            return 0.0
        return abs(self.value - (self.upper + self.lower) / 2) / ((self.upper - self.lower) / 2)


def last_week(today: date) -> date:
    """Monday of the last week that is over."""
    return week_start(today) - WEEK


def asked(week: date, mature_after_days: int, baseline_weeks: int = BASELINE_WEEKS) -> dict[str, date]:
    """The weeks to ask for: enough for the usual range and both stretches, also of cohorts that must first grow old."""
    until = week + WEEK
    weeks = max(BASELINE_WEEKS, baseline_weeks) + 1 + mature_after_days // 7 + 1
    return {"date_from": until - WEEK * weeks, "date_until": until}


def figures(
    rows: pl.DataFrame,
    until: date,
    kpis: Sequence[str] = ("new_leads",),
    baseline_weeks: int = BASELINE_WEEKS,
    calendar: Calendar | None = None,
) -> list[Figure]:
    """Rows `kpi, week_start, numerator, denominator, is_mature` as figures, in the order of `kpis`.

    until: Monday after the judged week. baseline_weeks: how many weeks before it set the limits. calendar: the working
    days that counts and amounts are judged by; None = every week is alike.
    """
    if not rows.height:
        return []
    first = min(rows["week_start"].to_list())
    shown_weeks, found = max(BASELINE_WEEKS, baseline_weeks), []
    for kpi in kpis:
        kind, better = KPIS[kpi]
        known = {row["week_start"]: row for row in rows.filter(pl.col("kpi") == kpi).iter_rows(named=True)}
        judged: date | None = until - WEEK
        if kpi == "lead_to_opportunity_rate":
            judged = max((week for week, row in known.items() if row["is_mature"]), default=None)
        if not known or judged is None:
            found.append(Figure(kpi, kind, better, None, [], [], None, None))
            continue
        weeks = [judged - WEEK * back for back in range(shown_weeks, -1, -1) if judged - WEEK * back >= first]
        found.append(_figure(kpi, kind, better, weeks, known, baseline_weeks, calendar))
    return found


def _figure(
    kpi: str,
    kind: Kind,
    better: bool | None,
    weeks: list[date],
    known: dict[date, dict[str, float]],
    baseline_weeks: int,
    calendar: Calendar | None,
) -> Figure:
    parts = [(_part(known, week, "numerator"), _part(known, week, "denominator")) for week in weeks]
    is_divided = kind == "rate" or kpi in DIVIDED
    values = [_value(is_divided, [part]) for part in parts]
    whole = len(parts) >= 2 * STRETCH_WEEKS
    stretch = _value(is_divided, parts[-STRETCH_WEEKS:]) if len(parts) >= STRETCH_WEEKS else None
    before = _value(is_divided, parts[-2 * STRETCH_WEEKS : -STRETCH_WEEKS]) if whole else None
    shown = Figure(kpi, kind, better, weeks[-1], weeks, values, stretch, before, parts=tuple(parts))
    if len(weeks) <= FEWEST_WEEKS or not any(values[:-1]) or kpi == "coverage":
        return shown  # coverage is judged against what is required, not against its own past
    usual = _counted(parts, baseline_weeks) if is_divided and kpi not in DIVIDED else None
    if not is_divided or kpi in DIVIDED:
        usual = _measured(values, [_days(week, calendar) if not is_divided else 1 for week in weeks], baseline_weeks)
    if usual is None or shown.value is None:
        return shown
    limits, centre, signals = usual
    last = len(weeks) - 1
    mine = limits[last]
    rules = tuple(sorted({rule for index, rule in signals if index == last}))
    outside = frozenset(index for index, rule in signals if rule == 1)
    return replace(
        shown, lower=mine and mine[0], upper=mine and mine[1], is_signal=bool(rules), rules=rules, centre=centre,
        limits=tuple(limits), signals=outside,
    )  # fmt: skip


Limits = tuple[list[tuple[float, float] | None], float, list[tuple[int, int]]]


def _measured(values: list[float | None], days: list[int], baseline_weeks: int) -> Limits | None:
    """XmR per working day over the weeks before the judged one; weeks without a value or a working day are left out."""
    used = [at for at, value in enumerate(values) if value is not None and days[at]]
    if len(used) <= FEWEST_WEEKS or used[-1] != len(values) - 1:
        return None
    start = max(0, len(used) - 1 - baseline_weeks)
    each = [(values[at] or 0.0) / days[at] for at in used]
    chart = xmr(each[start:], baseline=len(each) - 1 - start)
    limits = [(max(0.0, chart.lower) * count, chart.upper * count) if count else None for count in days]
    signals = [(used[start + at], rule) for at, rule in chart.signals]
    return limits, chart.centre * days[-1], signals


def _counted(parts: list[tuple[float, float]], baseline_weeks: int) -> Limits | None:
    """A p chart of rates with changing n, from the weeks before the judged one."""
    start = max(0, len(parts) - 1 - baseline_weeks)
    k, n = [round(part[0]) for part in parts[start:]], [round(part[1]) for part in parts[start:]]
    if n[-1] == 0 or sum(n[:-1]) == 0:
        return None
    chart = p_chart(k, n, baseline=len(n) - 1)
    limits: list[tuple[float, float] | None] = [None] * start
    limits += list(zip(chart.lower, chart.upper, strict=True))
    return limits, chart.centre, [(start + at, rule) for at, rule in chart.signals]


def _days(week: date, calendar: Calendar | None) -> int:
    return len(calendar.working_days(week, week + WEEK)) if calendar else 1


def _part(known: dict[date, dict[str, float]], week: date, part: str) -> float:
    return float((known.get(week) or {}).get(part) or 0)


def _value(is_divided: bool, parts: list[tuple[float, float]]) -> float | None:
    numerator, denominator = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if not is_divided:
        return numerator
    return numerator / denominator if denominator else None


def _change(kind: Kind, value: float | None, before: float | None) -> float | None:
    if value is None or before is None:
        return None
    if kind in ("rate", "ratio"):
        return value - before
    return value / before - 1 if before else None
