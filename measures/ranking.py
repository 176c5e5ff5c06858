"""Which source is better, said only as loudly as its numbers allow.

A source with 2 of 4 is not twice as good as one with 25 of 100. Rates are pulled towards what all sources have in
common, the more the fewer leads they stand on (beta-binomial empirical Bayes), pairs are compared by the probability
that one is better, and lists of comparisons pay for their length (Benjamini-Hochberg).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from measures.intervals import Interval

Floats = NDArray[np.float64]

MOST_TIMES = 100.0
"""More than a hundred times today's leads is not worth waiting for."""
STRONGEST = 1e6
"""Sources that differ no more than chance would have them asks for an endless strength; this is as good as endless."""


@dataclass(frozen=True)
class Shrunken:
    """Rates pulled towards the common prior.

    prior: (alpha, beta) of the beta distribution; mean: its mean; strength: alpha + beta, its weight in leads.
    estimates: one rate per source, in the order given; n: their leads.
    """

    prior: tuple[float, float]
    mean: float
    strength: float
    estimates: list[float]
    n: list[int]

    def intervals(self, confidence: float = 0.9) -> list[Interval]:
        """Equal-tailed intervals `(low, high)` of the sources' rates. Raises ValueError unless 0 < confidence < 1.

        Where sources differ no more than chance would have them, the prior knows everything; but the common rate is
        known no better than all leads together tell it, so no interval is narrower than theirs.
        """
        from scipy.special import betaincinv

        if not 0 < confidence < 1:
            raise ValueError(f"confidence {confidence} must lie between 0 and 1")
        tail = (1 - confidence) / 2
        weights = [min(self.strength + n, max(sum(self.n), 1)) for n in self.n]
        shapes = [(rate * weight, (1 - rate) * weight) for rate, weight in zip(self.estimates, weights, strict=True)]
        return [(float(betaincinv(a, b, tail)), float(betaincinv(a, b, 1 - tail))) for a, b in shapes]


def shrink(k: Sequence[int], n: Sequence[int], fewest_sources: int = 5, strength_of_few: float = 20.0) -> Shrunken:
    """Empirical Bayes estimates of the rates k/n of several sources; the prior has maximum likelihood over all of them.

    With fewer than `fewest_sources` that have leads the spread between them cannot be estimated: the prior is the
    overall rate with the weight of `strength_of_few` leads. A source without leads gets the prior's mean. Raises
    ValueError unless 0 <= k <= n for every source.
    Method: D. Robinson, Introduction to Empirical Bayes (2017), chapters 3 and 4.
    """
    successes, trials = _counts(k, n)
    total = trials.sum()
    overall = successes.sum() / total if 0 < successes.sum() < total else (successes.sum() + 0.5) / (total + 1)
    if (trials > 0).sum() < fewest_sources or not 0 < successes.sum() < total:
        mean, strength = float(overall), strength_of_few
    else:
        mean, strength = _most_likely_prior(
            tuple(successes[trials > 0].tolist()), tuple(trials[trials > 0].tolist()), float(overall)
        )
    alpha, beta = mean * strength, (1 - mean) * strength
    estimates = (successes + alpha) / (trials + strength)
    return Shrunken((alpha, beta), mean, strength, estimates.tolist(), [int(number) for number in trials])


def probability_better(k1: int, n1: int, k2: int, n2: int, prior: tuple[float, float] = (1, 1)) -> float:
    """Probability that the rate behind k1/n1 is higher than the one behind k2/n2, both with the same beta prior.

    By quadrature, exact to about nine digits. Raises ValueError unless 0 <= k <= n and both parts of the prior are
    positive. E. Miller, Formulas for Bayesian A/B testing (2014), has the closed form for whole numbers.
    """
    successes, trials = _counts([k1, k2], [n1, n2])
    if min(prior) <= 0:
        raise ValueError(f"prior {prior} must have two positive parts")
    (a1, a2), (b1, b2) = (successes + prior[0]).tolist(), (trials - successes + prior[1]).tolist()
    return _probability_higher(a1, b1, a2, b2)


@lru_cache(maxsize=10_000)  # a page compares the same pairs whenever it is run again
def _probability_higher(a1: float, b1: float, a2: float, b2: float) -> float:
    """P(X1 > X2) for X1 ~ Beta(a1, b1) and X2 ~ Beta(a2, b2)."""
    from scipy.special import betainc, betaincinv

    # P = ∫ F2(Q1(u)) du over 0 to 1: bounded and rising, however sharp the densities are. Panels end where either
    # distribution has a quantile of a fixed ladder, so that a narrow one is not stepped over.
    ladder, nodes, weights = _quadrature()
    edges = np.unique(np.concatenate([ladder, betainc(a1, b1, betaincinv(a2, b2, ladder))]))
    middle, half = (edges[1:] + edges[:-1]) / 2, (edges[1:] - edges[:-1]) / 2
    u = middle[:, None] + half[:, None] * nodes
    below = betainc(a2, b2, betaincinv(a1, b1, u))
    return float(np.clip((below * weights * half[:, None]).sum(), 0.0, 1.0))


@lru_cache(maxsize=1)  # the nodes are eigenvalues, dearer than everything they are used for
def _quadrature() -> tuple[Floats, Floats, Floats]:
    """Where panels end at the least, and the nodes and weights of the Gauss-Legendre rule within a panel."""
    ladder = np.concatenate([[0.0], np.geomspace(1e-12, 0.2, 24), np.linspace(0.25, 0.75, 11)])
    return np.unique(np.concatenate([ladder, 1 - ladder])), *np.polynomial.legendre.leggauss(12)


def discoveries(p_values: Sequence[float], rate: float = 0.05) -> list[bool]:
    """Which of many comparisons stand, if at most `rate` of those may be chance (Benjamini and Hochberg 1995).

    Raises ValueError for p values outside 0 to 1.
    """
    p = np.asarray(p_values, dtype=float)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p values must lie between 0 and 1")
    order = np.argsort(p)
    stands = np.flatnonzero(p[order] <= rate * (np.arange(1, len(p) + 1) / max(len(p), 1)))
    threshold = p[order][stands[-1]] if len(stands) else -1.0
    return (p <= threshold).tolist()


def _counts(k: Sequence[int], n: Sequence[int]) -> tuple[Floats, Floats]:
    successes, trials = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    if successes.shape != trials.shape or not ((successes >= 0) & (successes <= trials)).all():
        raise ValueError(f"{list(k)} of {list(n)} are no shares; k must lie between 0 and n")
    return successes, trials


@lru_cache(maxsize=500)
def _most_likely_prior(successes: tuple[float, ...], trials: tuple[float, ...], overall: float) -> tuple[float, float]:
    """Mean and strength of the beta prior under which these counts are likeliest."""
    from scipy.optimize import minimize
    from scipy.special import betaln, digamma, expit, logit

    k, n = np.array(successes), np.array(trials)

    def unlikeliness(place: Floats) -> tuple[float, Floats]:
        """Negative log likelihood at (logit of the mean, log of the strength), and its slope."""
        mean, strength = expit(place[0]), np.exp(place[1])
        alpha, beta = mean * strength, (1 - mean) * strength
        common = digamma(n + strength) - digamma(strength)
        by_alpha = (digamma(k + alpha) - digamma(alpha) - common).sum()
        by_beta = (digamma(n - k + beta) - digamma(beta) - common).sum()
        slope = np.array([(by_alpha - by_beta) * alpha * (1 - mean), by_alpha * alpha + by_beta * beta])
        return -float((betaln(k + alpha, n - k + beta) - betaln(alpha, beta)).sum()), -slope

    # Several starts: the likelihood is flat where sources hardly differ, and one start could stop there.
    tries = [
        minimize(
            unlikeliness,
            np.array([logit(overall), np.log(strength)]),
            jac=True,
            method="L-BFGS-B",
            options={"ftol": 1e-14, "gtol": 1e-9},
            bounds=[(-30, 30), (np.log(1e-3), np.log(STRONGEST))],
        )
        for strength in (1.0, 20.0, 400.0, 20_000.0)
    ]
    best = min(tries, key=lambda found: found.fun).x
    return float(expit(best[0])), float(np.exp(best[1]))


def funnel_limits(rate: float, n: int, confidence: float = 0.95) -> Interval:
    """Between which shares a source with n leads lies if nothing but chance sets it apart from the common `rate`.

    Normal limits of a share, cut at 0 and 1: Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202. Raises
    ValueError unless 0 <= rate <= 1, n >= 1 and 0 < confidence < 1.
    """
    if not (0 <= rate <= 1 and n >= 1 and 0 < confidence < 1):
        raise ValueError(f"no limits for rate {rate}, n {n}, confidence {confidence}")
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * (rate * (1 - rate) / n) ** 0.5
    return max(0.0, rate - reach), min(1.0, rate + reach)


def leads_to_decide(
    k1: int, n1: int, k2: int, n2: int, claim: float, prior: tuple[float, float] = (1, 1)
) -> int | None:
    """How many more leads of both together would decide which is better, if both go on as they are.

    0: decided already. None: not within a hundred times as many leads. Raises ValueError as `probability_better`.
    """

    def sure(times: float) -> float:
        found = probability_better(round(k1 * times), round(n1 * times), round(k2 * times), round(n2 * times), prior)
        return max(found, 1 - found)

    if sure(1) >= claim:
        return 0
    low, high = 1.0, 2.0
    while sure(high) < claim:
        low, high = high, 2 * high
        if high > MOST_TIMES:
            return None
    while high - low > 0.02 * low:
        middle = (low + high) / 2
        low, high = (low, middle) if sure(middle) >= claim else (middle, high)
    return round((n1 + n2) * (high - 1))
