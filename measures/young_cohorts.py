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
    reached = curve["time"].search_sorted(age, side="right")
    return float(curve[f"incidence_{cause}"][reached - 1]) if reached else 0.0


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
    open_ages: Sequence[float] | pl.Series,
    open_members: Sequence[int] | pl.Series | None = None,
    minimum_completeness: float = 0.5,
    confidence: float = 0.95,
) -> Projection | None:
    """The cohort's conversion at the horizon: those converted, plus what its open members still promise.

    converted, closed: members who converted, or left otherwise; open_ages: ages of those still open;
    open_members: how many there are of each age (default one).
    An open member of age a converts within the horizon with probability (F(k) - F(a)) / S(a), the incidence among the
    mature who were still open at that age. The interval covers both the luck of the open members and the uncertainty of
    the curve (Aalen's variance; errors at different ages taken as fully dependent, which errs on the wide side), and
    never leaves what is still possible.
    None where age completeness at the youngest open member is below `minimum_completeness`: a guess, not a projection.
    Raises ValueError for a cohort without members.
    """
    members = np.ones(len(open_ages), np.int64) if open_members is None else np.asarray(open_members, dtype=np.int64)
    ages, members = np.asarray(open_ages, dtype=float)[members > 0], members[members > 0]
    still_open = int(members.sum())
    entered = converted + closed + still_open
    if entered == 0:
        raise ValueError("a cohort without members cannot be projected")
    completeness = age_completeness(curve, cause, float(ages.min()), horizon) if len(ages) else 1.0
    if completeness < minimum_completeness:
        return None
    probability, error = _still_to_come(curve, cause, ages, horizon)
    probability = probability.clip(0, 1)  # rounding may leave the range by a hair
    expected = converted + float(members @ probability)
    spread = sqrt(float(members @ (probability * (1 - probability))) + float(members @ error) ** 2)
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * spread
    low, high = max(expected - reach, converted), min(expected + reach, converted + still_open)
    return Projection(expected / entered, low / entered, high / entered, completeness)


def _still_to_come(curve: pl.DataFrame, cause: str, ages: Floats, horizon: float) -> tuple[Floats, Floats]:
    """For each age: chance that a member still open then converts by the horizon, and its standard error.

    What comes after an age is the same curve divided by the share open at that age. So is Aalen's variance: a sum over
    the later steps of the curve, divided by that share squared; one running sum from the end serves all ages.
    """
    within = curve.filter(pl.col("time") <= horizon)
    time, survival = within["time"].to_numpy(), within["survival"].to_numpy()
    incidence = within[f"incidence_{cause}"].to_numpy()
    if not len(time):
        return np.zeros(len(ages)), np.zeros(len(ages))
    later_variance = np.cumsum(_aalen_terms(within["at_risk"].to_numpy().astype(float), survival, incidence)[::-1])[
        ::-1
    ]
    step = np.searchsorted(time, ages, side="right")  # the first step after each age
    open_share = np.concatenate([[1.0], survival])[step]
    before = np.concatenate([[0.0], incidence])[step]
    is_ahead = (step < len(time)) & (open_share > 0)
    share = np.where(is_ahead, open_share, 1.0)
    variance = np.where(is_ahead, np.concatenate([later_variance, [0.0]])[step], 0.0).clip(min=0) / share**2
    return np.where(is_ahead, (incidence[-1] - before) / share, 0.0), np.sqrt(variance)


def _aalen_terms(at_risk: Floats, survival: Floats, incidence: Floats) -> Floats:
    """What each step adds to the variance of the last incidence by the delta method.

    Marubini and Valsecchi (1995), section 10.2.3.
    """
    survival_before = np.concatenate([[1.0], survival[:-1]])
    left = at_risk * (1 - survival / survival_before)
    converted = at_risk * np.diff(incidence, prepend=0.0) / survival_before
    later = incidence[-1] - incidence
    remaining = at_risk - left
    # Where nobody remains nothing comes later either: the first term is 0 there, not 0 / 0.
    hazard = np.divide(left, at_risk * remaining, out=np.zeros_like(left), where=remaining > 1e-9)
    terms: Floats = (
        later**2 * hazard
        + survival_before**2 * (at_risk - converted) * converted / at_risk**3
        - 2 * later * survival_before * converted / at_risk**2
    )
    return terms
