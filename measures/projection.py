"""How many more are to come: a count per working day carried on over the days left."""

from __future__ import annotations

from typing import NamedTuple


class Remaining(NamedTuple):
    """Number still to come: expected, and the range it lies in with the confidence asked for."""

    expected: float
    low: float
    high: float


def remaining_count(count: float, days_gone: float, days_left: float, confidence: float = 0.95) -> Remaining:
    """Predicts a Poisson count over `days_left` after `count` in `days_gone`; the pace is uncertain too.

    With Jeffreys' prior for the pace the count to come is negative binomial with shape count + 1/2. Raises ValueError
    unless count >= 0, days_gone > 0, days_left >= 0 and 0 < confidence < 1. Krishnamoorthy and Peng, "Improved
    closed-form prediction intervals for binomial and Poisson distributions", Journal of Statistical Planning and
    Inference 141 (2011) 1709-1718.
    """
    from scipy.stats import nbinom  # here, because it costs a second of start-up

    if not (count >= 0 and days_gone > 0 and days_left >= 0 and 0 < confidence < 1):
        raise ValueError("needs count >= 0, days_gone > 0, days_left >= 0 and 0 < confidence < 1")
    if days_left == 0:
        return Remaining(0.0, 0.0, 0.0)
    shape, success = count + 0.5, days_gone / (days_gone + days_left)
    tail = (1 - confidence) / 2
    low, high = (float(nbinom.ppf(share, shape, success)) for share in (tail, 1 - tail))
    return Remaining(count * days_left / days_gone, low, high)
