"""The eight figures of the week, each with its usual range: the limits that set a signal apart from the noise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import polars as pl

from measures.calendar_weeks import week_start
from measures.control_chart import p_chart, xmr

Kind = Literal["count", "money", "rate"]
WEEK = timedelta(days=7)
STRETCH_WEEKS = 13
BASELINE_WEEKS = 26  # a half-year sets the limits: long enough for a usual range, short enough to be today's business
FEWEST_WEEKS = 12
KPIS: dict[str, tuple[Kind, bool | None]] = {
    "new_leads": ("count", True),
    "mqls": ("count", True),
    "accepted_leads": ("count", True),
    "lead_to_opportunity_rate": ("rate", True),
    "pipeline_created": ("money", True),
    "win_rate": ("rate", True),
    "won_revenue": ("money", True),
    "marketing_cost": ("money", None),
}
"""The figures in the order of the page: their kind, and whether more of it is better (None: neither)."""


@dataclass(frozen=True)
class Figure:
    """One KPI in the judged week. `values` end with that week; `lower` and `upper` are the usual range, None = unknown.

    `week`: Monday of the judged week; a cohort rate is judged later, when its leads are old enough.
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


def asked(today: date, mature_after_days: int) -> dict[str, date]:
    """The weeks to ask for: enough for the usual range and both stretches, also of cohorts that must first grow old."""
    until = last_week(today) + WEEK
    return {"date_from": until - WEEK * (BASELINE_WEEKS + 1 + mature_after_days // 7 + 1), "date_until": until}


def figures(rows: pl.DataFrame, until: date) -> list[Figure]:
    """Rows of `weekly_review/weeks` as figures. `until`: Monday after the last week that is over."""
    if not rows.height:
        return []
    first = min(rows["week_start"].to_list())
    found = []
    for kpi, (kind, better) in KPIS.items():
        known = {row["week_start"]: row for row in rows.filter(pl.col("kpi") == kpi).iter_rows(named=True)}
        judged: date | None = until - WEEK
        if kpi == "lead_to_opportunity_rate":
            judged = max((week for week, row in known.items() if row["is_mature"]), default=None)
        if not known or judged is None:
            found.append(Figure(kpi, kind, better, None, [], [], None, None))
            continue
        weeks = [judged - WEEK * back for back in range(BASELINE_WEEKS, -1, -1) if judged - WEEK * back >= first]
        found.append(_figure(kpi, kind, better, weeks, known))
    return found


def _figure(
    kpi: str, kind: Kind, better: bool | None, weeks: list[date], known: dict[date, dict[str, float]]
) -> Figure:
    parts = [(_part(known, week, "numerator"), _part(known, week, "denominator")) for week in weeks]
    values = [_value(kind, [part]) for part in parts]
    whole = len(parts) >= 2 * STRETCH_WEEKS
    stretch = _value(kind, parts[-STRETCH_WEEKS:]) if len(parts) >= STRETCH_WEEKS else None
    before = _value(kind, parts[-2 * STRETCH_WEEKS : -STRETCH_WEEKS]) if whole else None
    shown = Figure(kpi, kind, better, weeks[-1], weeks, values, stretch, before)
    if len(weeks) <= FEWEST_WEEKS or not any(values[:-1]):
        return shown
    lower, upper = _usual(kind, parts)
    value = shown.value
    is_signal = value is not None and lower is not None and upper is not None and not lower <= value <= upper
    return Figure(kpi, kind, better, weeks[-1], weeks, values, stretch, before, lower, upper, is_signal)


def _usual(kind: Kind, parts: list[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Limits from all weeks but the judged one: XmR for counts and money, a p chart for rates with changing n."""
    if kind != "rate":
        chart = xmr([numerator for numerator, _denominator in parts], baseline=len(parts) - 1)
        return max(0.0, chart.lower), chart.upper
    k, n = [round(part[0]) for part in parts], [round(part[1]) for part in parts]
    if n[-1] == 0 or sum(n[:-1]) == 0:
        return None, None
    rates = p_chart(k, n, baseline=len(parts) - 1)
    return rates.lower[-1], rates.upper[-1]


def _part(known: dict[date, dict[str, float]], week: date, part: str) -> float:
    return float((known.get(week) or {}).get(part) or 0)


def _value(kind: Kind, parts: list[tuple[float, float]]) -> float | None:
    numerator, denominator = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if kind != "rate":
        return numerator
    return numerator / denominator if denominator else None


def _change(kind: Kind, value: float | None, before: float | None) -> float | None:
    if value is None or before is None:
        return None
    if kind == "rate":
        return value - before
    return value / before - 1 if before else None
