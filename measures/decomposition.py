"""Why a number changed: more leads, other leads or better leads. Exact, without a residual.

A count is volume × share of the segment × rate of the segment; each factor's effect is the average over all orders in
which the factors could have changed (Das Gupta 1993), so nobody profits from being named first. A rate has no volume;
with two factors the same average is Kitagawa's (1955).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Factor = float | Sequence[float] | Floats


@dataclass(frozen=True)
class CountChange:
    """Change of a count: `volume + mix + rate` = after - before.

    segments: `segment, before, after, volume, mix, rate`; each row adds up to its own change, each column to the whole.
    """

    before: float
    after: float
    volume: float
    mix: float
    rate: float
    segments: pl.DataFrame


@dataclass(frozen=True)
class RateChange:
    """Change of an overall rate: `mix + rate` = after - before; these two are None where nothing was counted.

    segments: `segment, before, after, mix, rate`, the rates of the segment and its effects. Its mix is centred on the
    overall rate: growth of a segment that converts worse than the whole is negative.
    is_reversal: Simpson's paradox; the overall rate moved one way although every segment moved the other.
    """

    before: float | None
    after: float | None
    mix: float
    rate: float
    is_reversal: bool
    segments: pl.DataFrame


def factors(before: Mapping[str, Factor], after: Mapping[str, Factor]) -> dict[str, float]:
    """How much each factor changed a product: `{factor: effect}`, averaged over all orders of substitution.

    A factor is a number, or one number per segment; then the product is summed over the segments. There may be
    any number of factors: orders are not listed but counted, through the coefficients of a polynomial.
    Raises ValueError if the two sides name different factors.
    """
    return {name: float(effect.sum()) for name, effect in _effects(before, after).items()}


def volume_mix_rate(before: pl.DataFrame, after: pl.DataFrame) -> CountChange:
    """Split the change of Σk between two frames `segment, n, k` into volume (Σn), mix (shares of n) and rate (k/n).

    A segment that is missing on one side had nothing there; having no rate on that side it is given the other side's,
    so its coming or going is mix, not rate. Likewise an empty side is given the other side's mix: then all is volume.
    Raises ValueError for k without n.
    """
    sides = _Sides.of(before, after)
    effects = _effects(
        {"volume": sides.n[0].sum(), "mix": sides.share[0], "rate": sides.rate[0]},
        {"volume": sides.n[1].sum(), "mix": sides.share[1], "rate": sides.rate[1]},
    )
    segments = pl.DataFrame({"segment": sides.segments, "before": sides.k[0], "after": sides.k[1], **effects})
    totals = {name: float(effect.sum()) for name, effect in effects.items()}
    return CountChange(float(sides.k[0].sum()), float(sides.k[1].sum()), **totals, segments=segments)


def mix_rate(before: pl.DataFrame, after: pl.DataFrame) -> RateChange:
    """Split the change of Σk/Σn between two frames `segment, n, k` into mix (shares of n) and rate (k/n).

    Segments missing on one side and empty sides are treated, and errors raised, as in `volume_mix_rate`.
    """
    sides = _Sides.of(before, after)
    overall = [float(share @ rate) for share, rate in zip(sides.share, sides.rate, strict=True)]
    centred = (sides.rate[0] + sides.rate[1] - sum(overall)) / 2
    mix = (sides.share[1] - sides.share[0]) * centred
    rate = (sides.rate[1] - sides.rate[0]) * (sides.share[0] + sides.share[1]) / 2
    change = overall[1] - overall[0]
    moves = (sides.rate[1] - sides.rate[0])[(sides.n > 0).all(axis=0)]
    is_reversal = bool(len(moves)) and bool((moves * change < 0).all())
    segments = pl.DataFrame(
        {
            "segment": sides.segments,
            "before": np.where(sides.n[0] > 0, sides.rate[0], np.nan),
            "after": np.where(sides.n[1] > 0, sides.rate[1], np.nan),
            "mix": mix,
            "rate": rate,
        }
    ).with_columns(pl.col("before", "after").fill_nan(None))
    known = [value if n.any() else None for value, n in zip(overall, sides.n, strict=True)]
    return RateChange(known[0], known[1], float(mix.sum()), float(rate.sum()), is_reversal, segments)


@dataclass(frozen=True)
class _Sides:
    """Both frames over the same segments; arrays have the shape (before and after, segment)."""

    segments: pl.Series
    n: Floats
    k: Floats
    share: Floats
    rate: Floats

    @classmethod
    def of(cls, before: pl.DataFrame, after: pl.DataFrame) -> "_Sides":
        totals = [side.group_by("segment").agg(pl.col("n", "k").cast(pl.Float64).sum()) for side in (before, after)]
        both = (
            totals[0]
            .join(totals[1], on="segment", how="full", coalesce=True, nulls_equal=True, suffix="_after")
            .sort("segment", nulls_last=True)
            .fill_null(0.0)
        )
        n, k = (both.select(name, f"{name}_after").to_numpy().T for name in ("n", "k"))
        if ((n <= 0) & (k != 0)).any() or (n < 0).any():
            raise ValueError("a segment has k without n, so it has no rate")
        share = np.divide(n, n.sum(axis=1, keepdims=True), out=np.zeros_like(n), where=n.sum(axis=1, keepdims=True) > 0)
        rate = np.divide(k, n, out=np.zeros_like(n), where=n > 0)
        for here, there in ((0, 1), (1, 0)):
            rate[here] = np.where(n[here] > 0, rate[here], rate[there])
            share[here] = share[here] if n[here].any() else share[there]
        return cls(both["segment"], n, k, share, rate)


def _effects(before: Mapping[str, Factor], after: Mapping[str, Factor]) -> dict[str, Floats]:
    """Effect of each factor, per segment if the factors are."""
    if before.keys() != after.keys():
        raise ValueError(f"factors differ: {', '.join(before)} before, {', '.join(after)} after")
    old = {name: np.asarray(value, dtype=float) for name, value in before.items()}
    new = {name: np.asarray(after[name], dtype=float) for name in before}
    return {
        name: (new[name] - old[name]) * _average_of_others([(old[other], new[other]) for other in old if other != name])
        for name in old
    }


def _average_of_others(others: list[tuple[Floats, Floats]]) -> Floats:
    """Mean product of the other factors over all orders, each old before its turn and new after it.

    The coefficient of x^s in the product of (old + new·x) gathers all products in which s factors are new; each of them
    precedes the factor in question in s!·(m-s)! of the (m+1)! orders of m others.
    """
    coefficients: list[Floats] = [np.asarray(1.0)]
    for old, new in others:
        lower, upper = [*coefficients, np.asarray(0.0)], [np.asarray(0.0), *coefficients]
        coefficients = [old * low + new * up for low, up in zip(lower, upper, strict=True)]
    m = len(others)
    orders = [factorial(s) * factorial(m - s) / factorial(m + 1) for s in range(m + 1)]
    mean: Floats = np.asarray(sum(number * product for number, product in zip(orders, coefficients, strict=True)))
    return mean
