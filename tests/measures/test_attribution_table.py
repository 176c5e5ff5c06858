"""The vectorised shares are those of the exact twin."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.attribution import MILESTONES, RULE_MODELS, weights
from measures.attribution_table import BIT, MODELS, TouchTable, shares
from measures.shapley import credit

CUSTOM = {"FT": 0.35, "LC": 0.30, "middle": 0.35}
EFFECT = np.array([0.5, 0.0, 0.2, 1.0])


@st.composite
def journeys(draw):
    """Journeys as lists of touches: milestones held, direct, may be middle, days before, channel."""
    told = []
    for _ in range(draw(st.integers(1, 5))):
        touches = draw(st.integers(1, 7))
        held = draw(st.dictionaries(st.sampled_from(MILESTONES), st.integers(0, touches - 1)))
        flags = st.lists(st.booleans(), min_size=touches, max_size=touches)
        days = draw(st.lists(st.integers(-5, 400), min_size=touches, max_size=touches))
        channels = draw(st.lists(st.integers(0, 3), min_size=touches, max_size=touches))
        told.append((held, draw(flags), draw(flags), days, channels))
    return told


def table(told):
    rows = [
        (number, sum(BIT[name] for name, at in held.items() if at == place), *columns)
        for number, (held, *lists) in enumerate(told)
        for place, columns in enumerate(zip(*lists, strict=True))
    ]
    journey, held, is_direct, may_be_middle, days, channel = map(np.array, zip(*rows, strict=True))
    return TouchTable(journey, held, is_direct.astype(bool), may_be_middle.astype(bool), days.astype(float), channel)


def exact(model, journey, *, direct_earns_only_alone):
    """The same by the exact twin: direct visits taken out first, then one journey's weights."""
    held, is_direct, may_be_middle, days, channels = journey
    kept = list(range(len(days)))
    if direct_earns_only_alone and model not in ("first", "last") and not all(is_direct):
        kept = [place for place in kept if not is_direct[place]]
    if model in RULE_MODELS:
        earned = weights(
            model, len(kept), {name: kept.index(place) for name, place in held.items() if place in kept},
            days_before=[days[place] for place in kept], half_life_days=14, custom=CUSTOM,
            is_direct=[is_direct[place] for place in kept], may_be_middle=[may_be_middle[place] for place in kept],
        )  # fmt: skip
    else:
        seen = [channels[place] for place in kept]
        worth = [EFFECT[channel] if model == "markov" else 1 / seen.count(channel) for channel in seen]
        total = sum(worth)
        earned = [part / total if total else 1 / len(kept) for part in worth]
    return [dict(zip(kept, earned, strict=True)).get(place, 0.0) for place in range(len(days))]


@pytest.mark.parametrize("alone", [True, False], ids=["direct earns only alone", "direct earns"])
@given(told=journeys())
def test_both_twins_agree(alone, told):
    found = shares(
        table(told), MODELS, half_life_days=14, custom=CUSTOM, direct_earns_only_alone=alone, removal_effect=EFFECT
    )
    for model in MODELS:
        expected = [share for journey in told for share in exact(model, journey, direct_earns_only_alone=alone)]
        assert np.abs(found[model] - expected).max() < 1e-12, model


@given(told=journeys())
def test_equal_channels_add_up_to_their_shapley_value(told):
    touches = table(told)
    found = shares(touches, ["shapley"], direct_earns_only_alone=False)["shapley"]
    by_channel = np.bincount(touches.channel, weights=found, minlength=4)
    expected = credit((map(str, set(channels)), 1) for *_, channels in told)
    assert by_channel == pytest.approx([expected.get(str(number), 0.0) for number in range(4)])


def test_nothing_to_share():
    nothing = np.zeros(0, dtype=np.int64)
    touches = TouchTable(nothing, nothing, nothing > 0, nothing > 0, nothing.astype(float), nothing)
    for found in shares(touches, MODELS, custom=CUSTOM, removal_effect=EFFECT).values():
        assert len(found) == 0


@pytest.mark.parametrize(("model", "more"), [("markov", {}), ("magic", {}), ("time_decay", {"half_life_days": 0})])
def test_what_cannot_be_answered_is_said(model, more):
    with pytest.raises(ValueError, match=r"markov|magic|half-life"):
        shares(table([({}, [False], [True], [0], [0])]), [model], **more)
