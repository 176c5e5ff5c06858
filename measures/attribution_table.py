"""Shares of many journeys at once: the vectorised twin of `measures.attribution.weights`.

Touches stand in order: journey after journey, each in time order. Every model is then a few passes over the columns,
with sums per journey taken where the next one begins; nothing is grouped, joined or sorted. A property test holds both
twins equal.

Beside the rule models it shares out by Markov and Shapley. `markov` divides a deal in proportion to its touches'
removal effects, which are known once all journeys are counted. `shapley` gives each distinct channel of a journey the
same, in equal parts to its touches: summed over deals this is exactly the channels' Shapley value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from measures.attribution import FIRST, LAST, MILESTONES, RULE_MODELS, Rule, rule_of
from measures.stretches import Flags, Integers, Stretches

Floats = NDArray[np.float64]
MODELS = (*RULE_MODELS, "markov", "shapley")
WITH_DIRECT = ("first", "last")
"""Models in which direct visits earn although other touches exist."""
BIT = {name: 1 << place for place, name in enumerate(MILESTONES)}


class TouchTable(Stretches):
    """Touches as columns, one value per touch; touches of a journey stand together, in time order.

    journey: any number that is the same within a journey and differs from the one before. held: milestones as bits
    (FT 1, LC 2, OC 4, CW 8). channel: its number from 0. days_before: days to the closing. may_be_middle: whether the
    touch may share the middle of milestone and position models.
    """

    def __init__(
        self, journey: Integers, held: Integers, is_direct: Flags, may_be_middle: Flags, days_before: Floats,
        channel: Integers,
    ) -> None:  # fmt: skip
        super().__init__(journey)
        self.held, self.is_direct, self.may_be_middle = held, is_direct, may_be_middle
        self.days_before, self.channel = days_before, channel

    def among(self, rows: Integers) -> TouchTable:
        """The touches of these rows alone, in the same order."""
        return TouchTable(
            self.key[rows], self.held[rows], self.is_direct[rows], self.may_be_middle[rows], self.days_before[rows],
            self.channel[rows],
        )  # fmt: skip

    @cached_property
    def without_direct(self) -> tuple[Integers, TouchTable]:
        """The rows left when direct visits earn only alone, and the touches of these rows."""
        others = self.total(~self.is_direct)
        rows = np.flatnonzero(~self.is_direct | self.spread(others == 0))
        return rows, self if len(rows) == len(self) else self.among(rows)


def shares(
    touches: TouchTable,
    models: Sequence[str],
    *,
    half_life_days: float = 30,
    custom: Mapping[str, float] | None = None,
    direct_earns_only_alone: bool = True,
    removal_effect: Floats | None = None,
) -> dict[str, Floats]:
    """Share of each touch under each model; they sum to 1 in every journey.

    With `direct_earns_only_alone`, models other than first and last see a journey without its direct visits, and a
    milestone held by one counts as held by nobody; a journey of direct visits alone stays as it is. removal_effect: of
    each channel by number (`markov`). Raises ValueError for unknown models and missing parameters.
    """
    found: dict[str, Floats] = {}
    for model in models:
        if not direct_earns_only_alone or model in WITH_DIRECT:
            found[model] = _shares(touches, model, half_life_days, custom, removal_effect)
            continue
        rows, seen = touches.without_direct
        earned = _shares(seen, model, half_life_days, custom, removal_effect)
        found[model] = np.zeros(len(touches))
        found[model][rows] = earned
    return found


def _shares(
    touches: TouchTable,
    model: str,
    half_life_days: float,
    custom: Mapping[str, float] | None,
    removal_effect: Floats | None,
) -> Floats:
    if model == "first":
        return touches.is_first.astype(float)
    if model == "last":
        return touches.is_last.astype(float)
    if model == "last_non_direct":
        return _last_non_direct(touches)
    if model == "linear":
        return touches.spread(1 / touches.sizes)
    if model == "time_decay":
        if not half_life_days > 0:
            raise ValueError(f"a half-life of {half_life_days} days is none")
        latest = touches.reduced(np.minimum, touches.days_before)
        return _scaled(touches, np.exp2((touches.spread(latest) - touches.days_before) / half_life_days))
    if model == "markov":
        if removal_effect is None:
            raise ValueError("markov needs the removal effect of every channel")
        return _scaled(touches, removal_effect[touches.channel])
    if model == "shapley":
        return _equal_channels(touches)
    return _by_rule(touches, rule_of(model, custom))


def _by_rule(touches: TouchTable, rule: Rule) -> Floats:
    weight, is_holder = np.zeros(len(touches)), np.zeros(len(touches), dtype=bool)
    for name, points in rule.weights.items():
        holds = _holders(touches, name)
        weight[holds] += points
        is_holder |= holds
    is_middle = touches.may_be_middle & ~is_holder
    if rule.before:
        is_middle &= _lies_before(touches, _holders(touches, rule.before))
    middles = touches.total(is_middle)
    each = np.divide(rule.middle, middles, out=np.zeros(len(middles)), where=middles > 0)
    return _scaled(touches, weight + np.where(is_middle, touches.spread(each), 0.0))


def _holders(touches: TouchTable, name: str) -> Flags:
    if name == FIRST:
        return touches.is_first
    if name == LAST:
        return touches.is_last
    return (touches.held & BIT[name]) > 0


def _lies_before(touches: TouchTable, marks: Flags) -> Flags:
    """Whether a touch lies before its journey's marked one; true in journeys without."""
    at = touches.total(np.where(marks, touches.place + 1, 0))
    return touches.place < touches.spread(np.where(at > 0, at - 1, touches.sizes))


def _last_non_direct(touches: TouchTable) -> Floats:
    rows, others = touches.without_direct
    earned = np.zeros(len(touches))
    earned[rows[others.is_last]] = 1.0
    return earned


def _equal_channels(touches: TouchTable) -> Floats:
    """Every distinct channel of a journey earns the same, in equal parts to its touches."""
    if not len(touches):
        return np.zeros(0)
    channels = int(touches.channel.max()) + 1
    of_channel = touches.number * channels + touches.channel
    counts = np.bincount(of_channel, minlength=len(touches.starts) * channels)
    distinct = np.count_nonzero(counts.reshape(-1, channels), axis=1)
    return 1.0 / (touches.spread(distinct) * counts[of_channel])


def _scaled(touches: TouchTable, weight: Floats) -> Floats:
    """Weights as shares that sum to 1 in every journey; where no touch has any weight, all share equally."""
    total = touches.total(weight)
    nothing = total <= 0
    factor = np.divide(1.0, total, out=np.zeros(len(total)), where=~nothing)
    share: Floats = weight * touches.spread(factor)
    if nothing.any():
        share += touches.spread(np.where(nothing, 1 / touches.sizes, 0.0))
    return share
