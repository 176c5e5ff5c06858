"""What a weekly meeting is about, as plain values: the page shows them, the reports carry them out of the house.

Every text is already in the reader's language and plain (not escaped). What is not known yet is None or empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from findings.promise import Promise

Unit = Literal["count", "money", "rate", "ratio"]
Verdict = Literal["signal", "noise", "unknown"]


@dataclass(frozen=True)
class Week:
    """One week of a figure. `lower`, `upper`: its usual range; None = too few weeks to know one."""

    week_start: date
    value: float | None
    lower: float | None = None
    upper: float | None = None
    is_signal: bool = False


@dataclass(frozen=True)
class Effect:
    """A part of a change, in the unit of the figure. `kind`: volume, mix, rate, or the name of a factor."""

    kind: str
    name: str
    amount: float
    text: str


@dataclass(frozen=True)
class Why:
    """Why a figure moved: the effects add up to `change`, by kind and again by segment.

    segments: `(segment, volume, mix, rate)`, volume 0 for a rate. is_reversal: Simpson's paradox.
    """

    sentence: str
    change: float
    effects: list[Effect]
    segments: list[tuple[str, float, float, float]]
    is_reversal: bool = False


@dataclass(frozen=True)
class KpiRow:
    """One agreed figure in the judged week. `target`: what was agreed, to date or per week, as its text says.

    is_behind: whether it stays behind its target to date; of a rate only beyond its interval.
    low, high: 95 % interval of a rate; None for counts and amounts, whose limits stand with the weeks.
    """

    kpi: str
    name: str
    text: str
    value: float | None
    unit: Unit
    target: float | None
    target_text: str
    verdict: Verdict
    sentence: str
    weeks: list[Week]
    week_start: date | None = None
    numerator: float = 0.0
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    is_good: bool | None = None
    is_behind: bool = False
    why: Why | None = None


@dataclass(frozen=True)
class Bar:
    """One bar of the pipeline's change; `amount` is what it adds to the open pipeline."""

    kind: str
    name: str
    deals: int
    amount: float


@dataclass(frozen=True)
class Bridge:
    """Open pipeline due by the end of the quarter: `before` + all bars = `after`, to the cent."""

    before: float
    after: float
    bars: list[Bar]
    sentence: str


@dataclass(frozen=True)
class PastForecast:
    """What the same method would have said at the same point of an earlier quarter."""

    quarter_start: date
    expected: float
    naive: float
    actual: float


@dataclass(frozen=True)
class Outlook:
    """Revenue expected by the end of the quarter, 80 % band, and how the method did before."""

    expected: float
    low: float
    high: float
    won: float
    target: float | None
    track_record: list[PastForecast]
    sentence: str


@dataclass(frozen=True)
class Restated:
    """A frozen figure and what it is today: `frozen` + the sum of the reasons = `today`."""

    kpi: str
    name: str
    frozen: float
    today: float
    reasons: list[tuple[str, float]]
    sentence: str


@dataclass(frozen=True)
class Meeting:
    """The run sheet of one week, `2026-W47`, from top to bottom."""

    week: str
    week_start: date
    headline: list[str]
    kpis: list[KpiRow]
    marketing_promise: Promise | None = None
    sales_promise: Promise | None = None
    bridge: Bridge | None = None
    coverage: str | None = None
    velocity: str | None = None
    forecast: Outlook | None = None
    restated: list[Restated] | None = None
    open_matters: list[str] | None = None
    decisions: list[str] | None = None
    notes: list[tuple[date, str]] | None = None


def meeting_id(week_start: date) -> str:
    """`2026-W47`, how the ledger and the command line call the meeting about a week."""
    year, week, _day = week_start.isocalendar()
    return f"{year}-W{week:02d}"


def week_of(meeting: str) -> date:
    """Monday of `2026-W47`. Raises `ValueError` for anything else."""
    year, separator, week = meeting.partition("-W")
    if not (separator and year.isdecimal() and week.isdecimal()):
        raise ValueError(f"{meeting!r} is no week; write 2026-W47")
    return date.fromisocalendar(int(year), int(week), 1)
