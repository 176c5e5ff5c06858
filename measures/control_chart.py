"""Control charts: which week is a signal, and which is the noise of every week.

Rules, after Wheeler: 1 a value outside the limits; 2 three of four successive values nearer to the same limit than to
the centre; 3 eight successive values on the same side of the centre. A signal is named at the value that completes it,
so that it stands where the meeting would have seen it.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean

from measures.intervals import Interval

Signal = tuple[int, int]
"""Index of the value, number of the rule."""

XMR_FACTOR = 2.66
"""Three sigma from the mean moving range of two neighbours: 3 / 1.128."""


@dataclass(frozen=True)
class XmR:
    """Limits of single values, in their unit. A count's lower limit may be negative: then no week is too low."""

    centre: float
    lower: float
    upper: float
    mean_moving_range: float
    signals: list[Signal]


@dataclass(frozen=True)
class PChart:
    """Limits of shares whose n changes from value to value; lower, upper and share have one entry per value."""

    centre: float
    lower: list[float]
    upper: list[float]
    share: list[float | None]
    signals: list[Signal]


def xmr(values: Sequence[float], baseline: int | None = None) -> XmR:
    """Chart of individual values: centre ± 2.66 × mean moving range, over the first `baseline` values (None = all).

    Raises ValueError if fewer than two values set the limits.
    """
    numbers = [float(value) for value in values]
    first = numbers if baseline is None else numbers[:baseline]
    if len(first) < 2 or (baseline is not None and len(first) < baseline):
        raise ValueError(f"{len(first)} values cannot set the limits; a baseline needs two, better twelve")
    # `statistics.mean` is exact: the mean of equal values is that value, so a flat line gives no signal from rounding.
    centre = float(mean(first))
    moving_range = float(mean(abs(after - before) for before, after in itertools.pairwise(first)))
    reach = XMR_FACTOR * moving_range
    signals = _signals(numbers, centre, [reach] * len(numbers))
    return XmR(centre, centre - reach, centre + reach, moving_range, signals)


def p_chart(k: Sequence[int], n: Sequence[int], baseline: int | None = None) -> PChart:
    """Chart of shares k/n: centre Σk/Σn ± three standard errors of each n, from the first `baseline` pairs.

    `baseline` = None takes all pairs. A pair with n = 0 has no share, limits 0 and 1, and interrupts
    a run. Raises ValueError unless 0 <= k <= n in every pair and something was counted in the baseline.
    """
    pairs = list(zip(k, n, strict=True))
    for successes, trials in pairs:
        if not 0 <= successes <= trials:
            raise ValueError(f"{successes} of {trials} is no share; k must lie between 0 and n")
    counted = sum(trials for _, trials in pairs[:baseline])
    if counted == 0:
        raise ValueError("nothing was counted that could set the limits")
    centre = sum(successes for successes, _ in pairs[:baseline]) / counted
    shares = [successes / trials if trials else None for successes, trials in pairs]
    reaches = [3 * sqrt(centre * (1 - centre) / trials) if trials else 1.0 for _, trials in pairs]
    lower = [max(0.0, centre - reach) for reach in reaches]
    upper = [min(1.0, centre + reach) for reach in reaches]
    return PChart(centre, lower, upper, shares, _signals(shares, centre, reaches))


def funnel_limits(target: float, n: int, confidence: float = 0.95) -> Interval:
    """Shares `(low, high)` of n that are no surprise if the true share is `target`: exact binomial.

    Below low and above high lies at most half of `1 - confidence` each. Nothing counted (n = 0) is no surprise at all:
    `(0.0, 1.0)`. Raises ValueError unless target and confidence lie within 0 and 1 and n is not negative.
    Spiegelhalter, "Funnel plots for comparing institutional performance", Statistics in Medicine 24 (2005) 1185-1202.
    """
    from scipy.stats import binom  # here, because it costs seconds of start-up

    if not (0 <= target <= 1 and 0 < confidence < 1 and n >= 0):
        raise ValueError(f"target {target}, n {n} and confidence {confidence} do not describe a share")
    if n == 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    return float(binom.ppf(tail, n, target)) / n, float(binom.ppf(1 - tail, n, target)) / n


def _signals(values: Sequence[float | None], centre: float, reaches: Sequence[float]) -> list[Signal]:
    """All signals in order of their index; `reaches` are the distances of the limits from the centre."""
    sides = [_side(value, centre, 0.0) for value in values]
    nearer = [_side(value, centre, reach / 2) for value, reach in zip(values, reaches, strict=True)]
    outside = [_side(value, centre, reach) for value, reach in zip(values, reaches, strict=True)]
    found: list[Signal] = []
    for index in range(len(values)):
        if outside[index]:
            found.append((index, 1))
        if nearer[index] and nearer[max(0, index - 3) : index + 1].count(nearer[index]) >= 3:
            found.append((index, 2))
        if index >= 7 and sides[index] and len(set(sides[index - 7 : index + 1])) == 1:
            found.append((index, 3))
    return found


def _side(value: float | None, centre: float, distance: float) -> int:
    """1 above and -1 below the centre by more than the distance, else 0."""
    if value is None:
        return 0
    return int(value > centre + distance) - int(value < centre - distance)
