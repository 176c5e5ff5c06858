"""What a cohort that is still young will come to, judged by cohorts that are old enough.

The share converted so far is too low for a young cohort, and won / closed is biased either way. So a young cohort is
compared at the same age, and projected with the cumulative incidence pooled over mature cohorts, in which a loss
competes with a conversion. All functions read a curve of `measures.survival.cumulative_incidence`; ages, horizons and
times share its unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """Share of a cohort expected to have converted at the horizon, with its interval.

    completeness: share of the eventual conversions that the youngest member's age would already show.
    """

    share: float
    low: float
    high: float
    completeness: float


def incidence_at(curve: pl.DataFrame, cause: str, age: float) -> float:
    """F(age): the share that has left by this cause by that age; 0.0 before the first event."""
    reached = curve.filter(pl.col("time") <= age)[f"incidence_{cause}"]
    return float(reached[-1]) if len(reached) else 0.0


def conversion_horizon(curve: pl.DataFrame, cause: str, share: float = 0.9) -> float | None:
    """The age by which `share` of those who convert have converted; None if nobody has.

    At 0.9 this is the horizon k by which cohorts are compared: a cohort is mature when its youngest member is that old.
    """
    incidence = curve[f"incidence_{cause}"]
    if incidence.is_empty() or incidence[-1] == 0:
        return None
    return float(curve["time"].filter(incidence >= share * incidence[-1] - 1e-12)[0])


def age_completeness(curve: pl.DataFrame, cause: str, age: float, horizon: float) -> float:
    """F(age) / F(horizon): which share of the conversions within the horizon has shown by that age, at most 1.0.

    0.0 where the curve knows of no conversion, so that nothing is projected from nothing.
    """
    whole = incidence_at(curve, cause, horizon)
    return incidence_at(curve, cause, min(age, horizon)) / whole if whole else 0.0


def project(
    curve: pl.DataFrame,
    cause: str,
    *,
    horizon: float,
    converted: int,
    closed: int,
    open_ages: Sequence[float],
    minimum_completeness: float = 0.5,
    confidence: float = 0.95,
) -> Projection | None:
    """The cohort's conversion at the horizon: those converted, plus what its open members still promise.

    converted, closed: members who converted, or left otherwise; open_ages: ages of those still open.
    An open member of age a converts within the horizon with probability (F(k) - F(a)) / S(a), the incidence among the
    mature who were still open at that age. The interval covers both the luck of the open members and the uncertainty of
    the curve (Aalen's variance; errors at different ages taken as fully dependent, which errs on the wide side), and
    never leaves what is still possible.
    None where age completeness at the youngest open member is below `minimum_completeness`: a guess, not a projection.
    Raises ValueError for a cohort without members.
    """
    ages = np.asarray(open_ages, dtype=float)
    entered = converted + closed + len(ages)
    if entered == 0:
        raise ValueError("a cohort without members cannot be projected")
    completeness = age_completeness(curve, cause, float(ages.min()), horizon) if len(ages) else 1.0
    if completeness < minimum_completeness:
        return None
    distinct, members = np.unique(ages, return_counts=True)
    chances = [_still_to_come(curve, cause, age, horizon) for age in distinct]
    probability, error = np.array(chances, dtype=float).reshape(-1, 2).T
    probability = probability.clip(0, 1)  # rounding may leave the range by a hair
    expected = converted + float(members @ probability)
    spread = sqrt(float(members @ (probability * (1 - probability))) + float(members @ error) ** 2)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * spread
    low, high = max(expected - reach, converted), min(expected + reach, converted + len(ages))
    return Projection(expected / entered, low / entered, high / entered, completeness)


def _still_to_come(curve: pl.DataFrame, cause: str, age: float, horizon: float) -> tuple[float, float]:
    """Chance that a member still open at this age converts by the horizon, and its standard error."""
    survival_so_far = curve.filter(pl.col("time") <= age)["survival"]
    open_share = float(survival_so_far[-1]) if len(survival_so_far) else 1.0
    ahead = curve.filter((pl.col("time") > age) & (pl.col("time") <= horizon))
    if ahead.is_empty() or open_share <= 0:
        return 0.0, 0.0
    survival_after = ahead["survival"].to_numpy() / open_share
    survival_before = np.concatenate([[1.0], survival_after[:-1]])
    incidence = (ahead[f"incidence_{cause}"].to_numpy() - incidence_at(curve, cause, age)) / open_share
    at_risk = ahead["at_risk"].to_numpy().astype(float)
    left = at_risk * (1 - survival_after / survival_before)
    converted = at_risk * np.diff(incidence, prepend=0.0) / survival_before
    return float(incidence[-1]), sqrt(max(0.0, _aalen_variance(at_risk, left, converted, survival_before, incidence)))


def _aalen_variance(
    at_risk: Floats, left: Floats, converted: Floats, survival_before: Floats, incidence: Floats
) -> float:
    """Variance of the last incidence by the delta method; Marubini and Valsecchi (1995), section 10.2.3."""
    later = incidence[-1] - incidence
    remaining = at_risk - left
    # Where nobody remains nothing comes later either: the first term is 0 there, not 0 / 0.
    hazard = np.divide(left, at_risk * remaining, out=np.zeros_like(left), where=remaining > 1e-9)
    terms: Floats = (
        later**2 * hazard
        + survival_before**2 * (at_risk - converted) * converted / at_risk**3
        - 2 * later * survival_before * converted / at_risk**2
    )
    return float(terms.sum())
