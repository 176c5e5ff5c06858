"""Intervals for shares: what a rate of k in n lets one say about the rate behind it.

Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998) 857-872, and
"Interval estimation for the difference between independent proportions", the same volume, 873-890.
"""

from math import hypot, sqrt
from operator import index
from statistics import NormalDist

Interval = tuple[float, float]


def wilson(k: int, n: int, confidence: float = 0.95) -> Interval:
    """Wilson's score interval `(low, high)` for k successes among n, without continuity correction.

    Nothing counted (n = 0) says nothing: `(0.0, 1.0)`. Raises ValueError unless 0 <= k <= n and 0 < confidence < 1.
    """
    k, n = _counts(k, n)
    z = _z(confidence)
    if n == 0:
        return 0.0, 1.0
    share = k / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At the ends the formula is 0 and 1 but for rounding, and a bound must not fall short of the share it encloses.
    return 0.0 if k == 0 else middle - reach, 1.0 if k == n else middle + reach


def jeffreys(k: int, n: int, confidence: float = 0.95) -> Interval:
    """Jeffreys' interval `(low, high)`: equal tails of Beta(k + 1/2, n - k + 1/2), with 0 at k = 0 and 1 at k = n.

    Nothing counted (n = 0) says nothing: `(0.0, 1.0)`. Raises ValueError unless 0 <= k <= n and 0 < confidence < 1.
    Brown, Cai and DasGupta, Statistical Science 16 (2001) 101-133.
    """
    from scipy.special import betaincinv  # here, because it costs a second of start-up

    k, n = _counts(k, n)
    tail = _tail(confidence)
    low = 0.0 if k == 0 else float(betaincinv(k + 0.5, n - k + 0.5, tail))
    high = 1.0 if k == n else float(betaincinv(k + 0.5, n - k + 0.5, 1 - tail))
    return low, high


def difference(k1: int, n1: int, k2: int, n2: int, confidence: float = 0.95) -> Interval:
    """Newcombe's hybrid score interval `(low, high)` for the difference of two independent shares, k1/n1 - k2/n2.

    Nothing counted on either side says nothing: `(-1.0, 1.0)`. Raises ValueError as `wilson` does.
    """
    low1, high1 = wilson(k1, n1, confidence)
    low2, high2 = wilson(k2, n2, confidence)
    if n1 == 0 or n2 == 0:
        return -1.0, 1.0
    share1, share2 = k1 / n1, k2 / n2
    gap = share1 - share2
    return gap - hypot(share1 - low1, high2 - share2), gap + hypot(high1 - share1, share2 - low2)


def _counts(k: int, n: int) -> tuple[int, int]:
    k, n = index(k), index(n)  # numpy integers welcome, fractions of a lead are not
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share; k must lie between 0 and n")
    return k, n


def _tail(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence {confidence} must lie between 0 and 1")
    return (1 - confidence) / 2


def _z(confidence: float) -> float:
    return -NormalDist().inv_cdf(_tail(confidence))


def poisson(count: float, confidence: float = 0.95) -> Interval:
    """Exact interval `(low, high)` for the number one may expect behind an observed `count`; fractions are allowed.

    Raises ValueError unless count >= 0 and 0 < confidence < 1. Garwood, Biometrika 28 (1936) 437-442.
    """
    from scipy.special import gammaincinv  # here, because it costs a second of start-up

    if not count >= 0:
        raise ValueError(f"a count is never negative, got {count}")
    tail = _tail(confidence)
    return 0.0 if count == 0 else float(gammaincinv(count, tail)), float(gammaincinv(count + 1, 1 - tail))
