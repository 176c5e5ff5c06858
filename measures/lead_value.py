"""What a lead of a source may be expected to bring: how often it is won times what a win is worth.

Both parts are pulled towards what all sources have in common, because a source with three wins has no price of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from measures.intervals import Interval
from measures.ranking import Shrunken

DRAWS = 4_000
SEED = 20_261_124


@dataclass(frozen=True)
class Amounts:
    """Won amounts of one source: how many, and the sums of their natural logarithms and of the squares of these."""

    count: int
    logs: float
    squares: float


@dataclass(frozen=True)
class Expected:
    """Expected value of one lead in the currency of the amounts, with its interval."""

    value: float
    interval: Interval


def expected_values(rates: Shrunken, amounts: Sequence[Amounts], confidence: float = 0.9) -> list[Expected] | None:
    """One per source, in order; None where fewer than two amounts are known at all, so that nothing can be said.

    Win rate: the beta posterior of `rates`. Amount: log-normal with one spread for all sources; the mean of the
    logarithms is pulled towards the mean of all with the weight the sources' own spread deserves (method of moments).
    Expected amount = exp(mu + sigma²/2). Interval: equal tails of 4,000 draws from both posteriors, always the same.
    Raises ValueError unless there are as many amounts as rates. Gelman and Hill (2007), chapter 12, has the pooling.
    """
    if len(amounts) != len(rates.n):
        raise ValueError(f"{len(amounts)} amounts for {len(rates.n)} rates")
    counts = np.array([one.count for one in amounts], dtype=float)
    total = counts.sum()
    if total < 2:
        return None
    sums, squares = np.array([one.logs for one in amounts]), np.array([one.squares for one in amounts])
    grand = sums.sum() / total
    known = counts > 0
    means = np.divide(sums, counts, out=np.full_like(sums, grand), where=known)
    within = max((squares - counts * means**2).sum() / max(total - known.sum(), 1), 1e-12)
    between = max((counts * (means - grand) ** 2).sum() / total - within * (known.sum() - 1) / total, 0.0)
    weight = counts * between / (counts * between + within)
    mu, spread = (
        weight * means + (1 - weight) * grand,
        np.sqrt(np.where(known, weight, 1.0) * within / np.maximum(counts, 1)),
    )
    spread = np.where(weight > 0, spread, np.sqrt(between + within / total))
    random = np.random.default_rng(SEED)
    tail = (1 - confidence) / 2
    found = []
    for place, (rate, n) in enumerate(zip(rates.estimates, rates.n, strict=True)):
        strength = rates.strength + n
        won = random.beta(rate * strength, (1 - rate) * strength, DRAWS)
        worth = np.exp(random.normal(mu[place], spread[place], DRAWS) + within / 2)
        low, high = np.quantile(won * worth, [tail, 1 - tail])
        found.append(Expected(float(rate * np.exp(mu[place] + within / 2)), (float(low), float(high))))
    return found
