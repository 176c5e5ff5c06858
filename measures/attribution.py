"""Who gets which share of a deal: the rule models, touch by touch of one journey.

Every model is written as what it is: a weight for each milestone, and a share for the touches between. Edge rules, for
all of them: one touch earns everything; a touch that holds several milestones earns the sum of their weights; a
milestone nobody holds, or a middle without touches, is dropped and the rest scaled up in proportion.

Markov and Shapley look at all journeys together: `measures.markov`, `measures.shapley`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MILESTONES = ("FT", "LC", "OC", "CW")
"""First touch, lead created, opportunity created, closed won."""
FIRST, LAST = "FIRST", "LAST"
"""Places every journey has: its first and its last touch."""
MIDDLE = "middle"


@dataclass(frozen=True)
class Rule:
    """Weights of milestones and places, and the share of all other touches together; they need not sum to 1.

    `before`: only touches before the holder of this milestone share the middle.
    """

    weights: Mapping[str, float]
    middle: float
    before: str | None = None


RULES: Mapping[str, Rule] = {
    "first": Rule({FIRST: 1.0}, 0.0),
    "last": Rule({LAST: 1.0}, 0.0),
    "u_shaped": Rule({"FT": 0.4, "LC": 0.4}, 0.2),
    "u_last": Rule({FIRST: 0.4, LAST: 0.4}, 0.2),
    "w_shaped": Rule({"FT": 0.3, "LC": 0.3, "OC": 0.3}, 0.1, before="OC"),
    "full_path": Rule({"FT": 0.225, "LC": 0.225, "OC": 0.225, "CW": 0.225}, 0.1),
    "j_shaped": Rule({FIRST: 0.2, LAST: 0.6}, 0.2),
    "inverse_j": Rule({FIRST: 0.6, LAST: 0.2}, 0.2),
}
RULE_MODELS = (
    "first", "last", "last_non_direct", "linear", "u_shaped", "u_last", "w_shaped", "full_path", "j_shaped",
    "inverse_j", "time_decay", "custom",
)  # fmt: skip
"""Models that need no other journey to share out a deal."""


def weights(
    model: str,
    touches: int,
    milestones: Mapping[str, int | None],
    *,
    days_before: Sequence[float] | None = None,
    half_life_days: float = 30,
    is_direct: Sequence[bool] | None = None,
    custom: Mapping[str, float] | None = None,
    may_be_middle: Sequence[bool] | None = None,
) -> list[float]:
    """Shares of a journey's eligible touches under a rule model, in time order; they sum to 1. No touch, no share.

    touches: how many there are. milestones: index of the touch that holds FT, LC, OC, CW; those nobody holds may be
    missing or None. days_before: days from each touch to the closing (`time_decay` alone needs it), halving a touch's
    weight every `half_life_days`. is_direct: whether a touch is a direct visit (`last_non_direct`). custom: weights of
    the model `custom`, such as `{"FT": .35, "LC": .3, "middle": .35}`. may_be_middle: touches that may share the
    middle of the milestone and position models (default all; a mere visit may not).

    Raises ValueError for an unknown model, an index outside the journey, sequences of another length, and missing or
    impossible parameters.
    """
    if touches < 0:
        raise ValueError(f"a journey of {touches} touches does not exist")
    for name, told in (("days_before", days_before), ("is_direct", is_direct), ("may_be_middle", may_be_middle)):
        if told is not None and len(told) != touches:
            raise ValueError(f"{name} has {len(told)} values for {touches} touches")
    held = {name: place for name, place in milestones.items() if place is not None}
    for name, place in held.items():
        if name not in (*MILESTONES, FIRST, LAST):
            raise ValueError(f"{name!r} is no milestone; there are {', '.join(MILESTONES)}")
        if not 0 <= place < touches:
            raise ValueError(f"milestone {name} lies at touch {place} of {touches}")
    if model == "time_decay":
        return _decayed(touches, days_before, half_life_days)
    if model == "last_non_direct":
        return _last_non_direct(touches, is_direct)
    if model == "linear":
        return _scaled([1.0] * touches)
    rule = rule_of(model, custom)
    if touches == 0:
        return []
    held |= {FIRST: 0, LAST: touches - 1}
    return _by_rule(rule, touches, held, [True] * touches if may_be_middle is None else may_be_middle)


def rule_of(model: str, custom: Mapping[str, float] | None = None) -> Rule:
    """The weights of a milestone or position model. Raises ValueError for any other."""
    if model == "custom":
        return custom_rule(custom)
    if model not in RULES:
        raise ValueError(f"{model!r} is no rule model; there are {', '.join(RULE_MODELS)}")
    return RULES[model]


def custom_rule(custom: Mapping[str, float] | None) -> Rule:
    """The agreed weights as a rule. Raises ValueError if they are missing, negative, all zero or of unknown names."""
    if not custom:
        raise ValueError("the model 'custom' needs its weights, such as {'FT': .35, 'LC': .3, 'middle': .35}")
    known = (*MILESTONES, FIRST, LAST, MIDDLE)
    if strangers := sorted(set(custom) - set(known)):
        raise ValueError(f"custom weights for {', '.join(strangers)}; there are {', '.join(known)}")
    if min(custom.values()) < 0 or not sum(custom.values()) > 0:
        raise ValueError("custom weights must not be negative, nor all zero")
    milestones = {name: weight for name, weight in custom.items() if name != MIDDLE and weight > 0}
    return Rule(milestones, custom.get(MIDDLE, 0.0))


def _by_rule(rule: Rule, touches: int, held: Mapping[str, int], may_be_middle: Sequence[bool]) -> list[float]:
    shares = [0.0] * touches
    for name, weight in rule.weights.items():
        if name in held:
            shares[held[name]] += weight
    holders = {held[name] for name in rule.weights if name in held}
    end = held.get(rule.before, touches) if rule.before else touches
    middle = [place for place in range(end) if place not in holders and may_be_middle[place]]
    for place in middle:
        shares[place] += rule.middle / len(middle)
    return _scaled(shares)


def _decayed(touches: int, days_before: Sequence[float] | None, half_life_days: float) -> list[float]:
    if days_before is None:
        raise ValueError("time_decay needs days_before, the days from each touch to the closing")
    if not half_life_days > 0:
        raise ValueError(f"a half-life of {half_life_days} days is none")
    # measured from the latest touch, so that a journey of long ago does not vanish into 0 / 0
    latest = min(days_before, default=0.0)
    return _scaled([2.0 ** (-(days - latest) / half_life_days) for days in days_before])


def _last_non_direct(touches: int, is_direct: Sequence[bool] | None) -> list[float]:
    others = [place for place in range(touches) if is_direct is None or not is_direct[place]]
    earner = others[-1] if others else touches - 1
    return [1.0 if place == earner else 0.0 for place in range(touches)]


def _scaled(shares: list[float]) -> list[float]:
    """Shares that sum to 1; where no touch has any weight, all share equally."""
    total = sum(shares)
    return [share / total for share in shares] if total > 0 else [1 / len(shares) for _ in shares]
