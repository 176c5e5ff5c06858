"""What the data say of a share against an agreed threshold: below it, not below it, or too few cases to tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from measures.control_chart import p_chart
from measures.intervals import poisson, wilson

Row = dict[str, Any]
Trend = Literal["up", "down", "flat"]
MOST_TIMES = 100.0
"""More than a hundred times today's cases is not worth waiting for."""
Z = 1.96


@dataclass(frozen=True)
class Measured:
    """A share with its 95 % interval and the number of cases it stands on."""

    value: float
    low: float
    high: float
    n: int


Measure = Callable[[Sequence[Row]], Measured | None]


@dataclass(frozen=True)
class Test:
    """One figure of a reproach. `holds`: None = cannot be told. `missing`: why there is no figure at all.

    course: the figure by quarter or month, oldest first.
    """

    key: str
    found: Measured | None
    threshold: float
    holds: bool | None
    trend: Trend | None = None
    course: tuple[float, ...] = ()
    missing: str = ""
    is_above: bool = False
    named: tuple[str, ...] = ()

    @property
    def more(self) -> int | None:
        """How many more cases would settle it if all goes on as it is; None = not soon, or settled."""
        if self.found is None or self.holds is not None:
            return None
        distance = abs(self.found.value - self.threshold)
        reach = (self.found.high - self.found.low) / 2
        if not distance or (times := (reach / distance) ** 2) > MOST_TIMES:
            return None
        return max(1, round(self.found.n * (times - 1)))


def below(
    key: str, rows: Sequence[Row], measure: Measure, threshold: float, judged: int = 4, missing: str = ""
) -> Test:
    """The reproach holds where the figure of the last `judged` rows lies below the threshold, interval and all."""
    found = measure(rows[-judged:])
    if found is None:
        return Test(key, None, threshold, None, missing=missing)
    holds = True if found.high < threshold else False if found.low >= threshold else None
    return Test(key, found, threshold, holds, trend(rows, measure), course(rows, measure))


def reached(test: Test) -> Test:
    """The other way round: it holds where the figure reaches the threshold."""
    holds = None if test.holds is None else not test.holds
    return Test(test.key, test.found, test.threshold, holds, test.trend, test.course, test.missing, is_above=True)


def trend(rows: Sequence[Row], measure: Measure) -> Trend | None:
    """Whether the last row differs from those before it by more than its own interval."""
    last, before = measure(rows[-1:]), measure(rows[:-1])
    if len(rows) < 2 or last is None or before is None:
        return None
    return "up" if last.low > before.value else "down" if last.high < before.value else "flat"


def course(rows: Sequence[Row], measure: Measure) -> tuple[float, ...]:
    """The figure row by row."""
    return tuple(found.value for row in rows if (found := measure([row])) is not None)


def share(part: str, whole: str) -> Measure:
    """Counted cases: Wilson's interval."""

    def measure(rows: Sequence[Row]) -> Measured | None:
        k, n = sum(row[part] for row in rows), sum(row[whole] for row in rows)
        return Measured(k / n, *wilson(k, n), n) if n else None

    return measure


def amount_share(part: str, whole: str, squares: str, cases: str) -> Measure:
    """A share of money: Wilson's interval on as many cases as the amounts are worth, (Σa)² ÷ Σa² (Kish 1965)."""

    def measure(rows: Sequence[Row]) -> Measured | None:
        some, all_, squared = (sum(row[name] for row in rows) for name in (part, whole, squares))
        if all_ <= 0 or squared <= 0:
            return None
        weight = max(1, round(all_**2 / squared))
        value = min(1.0, max(0.0, some / all_))
        low, high = wilson(round(value * weight), weight)
        return Measured(value, min(low, value), max(high, value), sum(row[cases] for row in rows))

    return measure


def pace(done: str, promised: str) -> Measure:
    """A number against a promised one: the exact Poisson interval of the number."""

    def measure(rows: Sequence[Row]) -> Measured | None:
        due = [row for row in rows if row[promised]]
        count, whole = sum(row[done] for row in due), sum(row[promised] for row in due)
        if not whole:
            return None
        low, high = poisson(count)
        return Measured(count / whole, low / whole, high / whole, round(count))

    return measure


def amount_pace(done: str, target: str, squares: str, cases: str) -> Measure:
    """An amount against a target: deals come by chance, so the variance of their sum is the sum of their squares."""

    def measure(rows: Sequence[Row]) -> Measured | None:
        due = [row for row in rows if row[target]]
        whole = sum(row[target] for row in due)
        if not whole:
            return None
        value, reach = sum(row[done] for row in due) / whole, Z * sqrt(sum(row[squares] for row in due)) / whole
        return Measured(value, max(0.0, value - reach), value + reach, sum(row[cases] for row in due))

    return measure


def lower_limit(before: Measured, now: Measured) -> float:
    """Below which share the cases of now are no chance any more: the lower limit of a p chart of what was before."""
    k = [round(before.value * before.n), round(now.value * now.n)]
    return p_chart(k, [before.n, now.n], baseline=1).lower[1]
