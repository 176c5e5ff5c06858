"""What a channel is worth, if customers move between channels by chance: the removal effect of a Markov chain.

States are channels, start, conversion and null. Removing a channel sends whoever would go there to null; its removal
effect is the share of conversions lost by that. Solved exactly with one inverse for all channels: with the fundamental
matrix N = (I - Q)^-1 and the chances r to convert from each state, a journey converts with p = (N r)[start], and passes
through k with chance N[start, k] / N[k, k]. So RE_k = N[start, k] / N[k, k] · (N r)[k] / p.

Anderl, Becker, von Wangenheim and Schumann, "Mapping the customer journey", International Journal of Research in
Marketing 33 (2016) 457-474; Kemeny and Snell, Finite Markov Chains (1960), chapter 3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from measures.stretches import Flags, Integers, Stretches

Floats = NDArray[np.float64]
START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"


@dataclass(frozen=True)
class Removal:
    """conversion_probability: of any journey. By channel, in order of name: removal_effect (0 to 1), and credit, the
    conversions shared out in proportion to it. transitions: chances to go from a state to the next, where not 0."""

    conversion_probability: float
    removal_effect: dict[str, float]
    credit: dict[str, float]
    transitions: dict[str, dict[str, float]]


def removal_effects(paths: Iterable[tuple[Sequence[str], float, float]]) -> Removal:
    """Removal effects of the channels on these paths, exactly.

    paths: `(sequence, conversions, nulls)`: the channels in order, and how many journeys of this path converted and how
    many did not. A sequence may be one text, `"email > event"`. Equal paths may be given in one piece or in several.
    Repeats of a channel count once; a path without channels says nothing and is left out. Without any conversion all
    effects and credits are 0. Raises ValueError for negative counts.
    """
    counts: dict[tuple[str, str], float] = defaultdict(float)
    channels: set[str] = set()
    for told, conversions, nulls in paths:
        sequence = told.split(" > ") if isinstance(told, str) and told else list(told)
        if conversions < 0 or nulls < 0:
            raise ValueError(f"{conversions} conversions and {nulls} nulls of {sequence} are no counts")
        if not sequence:
            continue
        channels.update(sequence)
        for here, there in pairwise([START, *sequence]):
            if here != there:
                counts[here, there] += conversions + nulls
        counts[sequence[-1], CONVERSION] += conversions
        counts[sequence[-1], NULL] += nulls
    names = sorted(channels)
    rows = {name: number for number, name in enumerate([START, *names])}
    columns = {name: number for number, name in enumerate([*names, CONVERSION, NULL])}
    table = np.zeros((len(rows), len(columns)))
    for (here, there), count in counts.items():
        table[rows[here], columns[there]] = count
    probability, effect = solve(table)
    credit = shared(effect, table[:, columns[CONVERSION]].sum())
    chances = chances_of(table)
    return Removal(
        float(probability),
        dict(zip(names, effect.tolist(), strict=True)),
        dict(zip(names, credit.tolist(), strict=True)),
        {
            here: {there: float(chances[row, column]) for there, column in columns.items() if chances[row, column] > 0}
            for here, row in rows.items()
        },
    )


def steps(
    channel: Integers, journeys: Stretches, converts: Flags, channels: int
) -> tuple[Integers, Integers, Integers]:
    """Every step of these journeys: number of the journey, and row and column of the table that `solve` takes.

    channel: number from 0 of each touch, those of a journey together in time order. converts: per journey. Staying in a
    channel is no step. Counting the steps, `np.bincount(row * (channels + 2) + column)`, gives the table.
    """
    came_from = np.where(journeys.is_first, 0, np.roll(channel, 1) + 1)
    moved = np.flatnonzero(came_from != channel + 1)
    ends = np.flatnonzero(journeys.is_last)
    return (
        np.concatenate([journeys.number[moved], np.arange(len(ends))]),
        np.concatenate([came_from[moved], channel[ends] + 1]),
        np.concatenate([channel[moved], np.where(converts, channels, channels + 1)]),
    )


def solve(table: Floats) -> tuple[Floats, Floats]:
    """Chance to convert and removal effect of every channel, from counted transitions.

    table: shape (…, channels + 1, channels + 2), any number of tables at once. Rows: start, then the channels; columns:
    the channels, conversion, null. Returns shapes (…) and (…, channels). A channel nobody came by has no effect.
    """
    chances = chances_of(table)
    channels = table.shape[-1] - 2
    between = np.zeros((*table.shape[:-2], channels + 1, channels + 1))
    between[..., 1:] = chances[..., :channels]
    passes = np.linalg.inv(np.eye(channels + 1) - between)
    converts = (passes @ chances[..., channels, None])[..., 0]
    probability = converts[..., 0]
    own = np.diagonal(passes, axis1=-2, axis2=-1)
    lost = passes[..., 0, 1:] / own[..., 1:] * converts[..., 1:]
    per_conversion = np.divide(1.0, probability, out=np.zeros_like(probability), where=probability > 0)
    # a hair above 1 or below 0 is rounding
    return probability, np.clip(lost * per_conversion[..., None], 0.0, 1.0)


def by_reach(table: Floats) -> Floats:
    """The same steps, had every journey the same chance to convert, whatever channels it came by.

    Solved, it tells the effect of a channel's reach alone: a removal effect grows with the journeys a channel takes
    part in, also where it helps nobody. What the counted table gives beyond this is the channel's own. Shape as in
    `solve`.
    """
    ends = table[..., -2:].sum(axis=-1)
    conversions, journeys = table[..., -2].sum(axis=-1), ends.sum(axis=-1)
    chance = np.divide(conversions, journeys, out=np.zeros_like(journeys, dtype=float), where=journeys > 0)
    evened: Floats = table.astype(float)
    evened[..., -2] = ends * chance[..., None]
    evened[..., -1] = ends * (1 - chance[..., None])
    return evened


def chances_of(table: Floats) -> Floats:
    """Counted transitions as chances: every row sums to 1, or to 0 where nobody came by."""
    total = table.sum(axis=-1, keepdims=True)
    return np.divide(table, total, out=np.zeros_like(table, dtype=float), where=total > 0)


def shared(effect: Floats, total: Floats | float) -> Floats:
    """`total` shared out in proportion to the effects (last axis); nothing where all effects are 0."""
    weight = effect.sum(axis=-1, keepdims=True)
    share: Floats = np.divide(effect, weight, out=np.zeros_like(effect), where=weight > 0)
    return share * np.asarray(total)[..., None]
