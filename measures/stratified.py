"""Two groups compared within strata, so that a different mix of strata is not taken for a difference of the groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from scipy.stats import norm


@dataclass(frozen=True)
class Difference:
    """A difference of two shares, group minus other, with its interval; the counts that took part."""

    value: float
    low: float
    high: float
    n: int
    n_other: int


def share_difference(strata: Iterable[tuple[int, int, int, int]], confidence: float = 0.95) -> Difference | None:
    """The Mantel–Haenszel difference of two shares over strata `(k, n, k_other, n_other)`.

    A stratum weighs n · n_other ÷ (n + n_other); the variance is that of independent shares in every stratum. Strata in
    which a group is missing compare nothing and take no part; None where none is left.
    """
    compared = [stratum for stratum in strata if stratum[1] and stratum[3]]
    if not compared:
        return None
    weights = [n * m / (n + m) for _k, n, _l, m in compared]
    shares = [(k / n, other / m) for k, n, other, m in compared]
    whole = sum(weights)
    value = sum(w * (p - q) for w, (p, q) in zip(weights, shares, strict=True)) / whole
    variance = sum(
        w * w * (p * (1 - p) / n + q * (1 - q) / m)
        for w, (p, q), (_k, n, _l, m) in zip(weights, shares, compared, strict=True)
    )
    reach = float(norm.ppf(0.5 + confidence / 2)) * sqrt(variance) / whole
    n, n_other = sum(stratum[1] for stratum in compared), sum(stratum[3] for stratum in compared)
    return Difference(value, max(value - reach, -1.0), min(value + reach, 1.0), n, n_other)
