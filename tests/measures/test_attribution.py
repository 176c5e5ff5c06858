"""Shares of a journey: the published cases, the edge rules, and what holds for any journey."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.attribution import MILESTONES, RULE_MODELS, weights
from tests.golden import load

EDGES = load("attr_rules_edge_cases")
MARKETO = load("attr_account_journey_marketo")["expected"]
DIRECT = load("attr_direct_handling")
DECAY = load("attr_timedecay_01_12k")
OURS = {
    "U_hubspot_google": "u_shaped", "W": "w_shaped", "FULL": "full_path", "J": "j_shaped", "INV_J": "inverse_j",
    "U_marketo": "custom",
}  # fmt: skip
AGREED = {"FT": 0.35, "LC": 0.30, "middle": 0.35}


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{case['model']} {case['n_touches']}: {case['why']}")
        for case in EDGES["expected"]["cases"]
    ],
)
def test_published_edge_cases(case):
    given = EDGES["input"]["models"][case["model"]]
    custom = given["milestones"] | {"middle": given["middle_pool"]}
    expected = pytest.approx(case["weights_proportional_fallback"], abs=1e-9)
    milestones = case["milestone_touch_index"]
    assert weights(OURS[case["model"]], case["n_touches"], milestones, custom=custom) == expected
    assert weights("custom", case["n_touches"], milestones, custom=custom) == expected


@pytest.mark.parametrize(("model", "printed"), [("w_shaped", "W"), ("full_path", "FULL")])
def test_the_published_account_journey(model, printed):
    journey = ["B1", "A2", "B2", "A3", "B3"]  # A1, a mere web visit, is no middle touch
    milestones = {name: journey.index(touch) for name, touch in MARKETO["milestones"].items()}
    expected = [MARKETO[printed].get(touch, 0.0) for touch in journey]
    assert weights(model, 5, milestones) == pytest.approx(expected, abs=1e-12)
    with_visit = ["B1", "A1", "A2", "B2", "A3", "B3"]
    milestones = {name: with_visit.index(touch) for name, touch in MARKETO["milestones"].items()}
    shares = weights(model, 6, milestones, may_be_middle=[touch != "A1" for touch in with_visit])
    assert shares == pytest.approx([MARKETO[printed].get(touch, 0.0) for touch in with_visit], abs=1e-12)


@pytest.mark.parametrize(
    ("path", "earner", "linear"),
    list(
        zip(
            DIRECT["input"]["paths"],
            DIRECT["expected"]["last_non_direct"],
            DIRECT["expected"]["linear_without_direct"],
            strict=True,
        )
    ),
)
def test_last_non_direct(path, earner, linear):
    shares = weights("last_non_direct", len(path), {}, is_direct=[channel == "Direct" for channel in path])
    assert path[shares.index(1.0)] == earner
    others = [channel for channel in path if channel != "Direct"] or ["Direct"]
    assert dict(zip(others, weights("linear", len(others), {}), strict=True)) == linear


@pytest.mark.parametrize(
    "model",
    ["time_decay", "first", "last", "last_non_direct", "linear",
     pytest.param("u_shaped", id="position_40_20_40"), pytest.param("u_last", id="u_last")],
)  # fmt: skip
def test_the_published_deal_of_12000(model):
    given, n = DECAY["input"], len(DECAY["input"]["touches"])
    shares = weights(
        model, n, {"FT": 0, "LC": n - 1},
        days_before=[given["conversion_day"] - touch["day"] for touch in given["touches"]],
        half_life_days=given["half_life_days"],
        is_direct=[touch["channel"] == "Direct" for touch in given["touches"]],
    )  # fmt: skip
    printed = DECAY["expected"][model if model not in ("u_shaped", "u_last") else "position_40_20_40"]
    assert [share * given["deal_value"] for share in shares] == pytest.approx(printed, abs=DECAY["tolerance_abs"])


@pytest.mark.parametrize(
    ("model", "touches", "milestones", "expected"),
    [
        pytest.param("w_shaped", 5, {"FT": 0, "LC": 1, "OC": 2}, [0.3 / 0.9] * 3 + [0, 0], id="none before OC"),
        pytest.param("w_shaped", 4, {"FT": 0, "LC": 1}, [0.3 / 0.7, 0.3 / 0.7, 0.05 / 0.7, 0.05 / 0.7], id="no OC"),
        pytest.param("u_shaped", 3, {"FT": 0, "LC": None}, [0.4 / 0.6, 0.1 / 0.6, 0.1 / 0.6], id="nobody holds LC"),
        pytest.param("u_shaped", 4, {"FT": 0, "LC": 1, "OC": 2, "CW": 3}, [0.4, 0.4, 0.1, 0.1], id="OC is rest here"),
        pytest.param("full_path", 3, {}, [1 / 3] * 3, id="no milestone at all: equally"),
        pytest.param("j_shaped", 3, {}, [0.2, 0.2, 0.6], id="first and last need no milestone"),
        pytest.param("linear", 0, {}, [], id="no touch, no share"),
    ],
)
def test_edges(model, touches, milestones, expected):
    assert weights(model, touches, milestones) == pytest.approx(expected)


def test_a_journey_of_long_ago_decays_as_one_of_today():
    days = [40_000.0, 40_030.0, 40_060.0]
    recent = weights("time_decay", 3, {}, days_before=[0, 30, 60])
    assert weights("time_decay", 3, {}, days_before=days) == pytest.approx(recent)
    assert recent == pytest.approx([4 / 7, 2 / 7, 1 / 7])


@pytest.mark.parametrize(
    ("model", "arguments", "said"),
    [
        ("markov", {}, "no rule model"),
        ("custom", {}, "needs its weights"),
        ("custom", {"custom": {"FT": -0.1, "LC": 1}}, "negative"),
        ("custom", {"custom": {"FT": 0, "middle": 0}}, "all zero"),
        ("custom", {"custom": {"XX": 1}}, "XX"),
        ("time_decay", {}, "days_before"),
        ("time_decay", {"days_before": [1, 2, 3], "half_life_days": 0}, "half-life"),
        ("time_decay", {"days_before": [1, 2]}, "2 values for 3"),
        ("last_non_direct", {"is_direct": [True]}, "1 values for 3"),
    ],
)
def test_what_cannot_be_answered_is_said(model, arguments, said):
    with pytest.raises(ValueError, match=said):
        weights(model, 3, {"FT": 0}, **arguments)


@pytest.mark.parametrize(("touches", "milestones"), [(3, {"FT": 3}), (3, {"ft": 0}), (-1, {}), (0, {"FT": 0})])
def test_milestones_lie_in_the_journey(touches, milestones):
    with pytest.raises(ValueError, match=r"milestone|exist"):
        weights("linear", touches, milestones)


@st.composite
def journeys(draw):
    touches = draw(st.integers(1, 9))
    held = draw(st.dictionaries(st.sampled_from(MILESTONES), st.integers(0, touches - 1)))
    flags = st.lists(st.booleans(), min_size=touches, max_size=touches)
    days = st.lists(st.floats(-10, 5000), min_size=touches, max_size=touches)
    weight = st.sampled_from([0.0, 0.1, 0.35, 1.0, 3.0])
    custom = draw(st.fixed_dictionaries(dict.fromkeys((*MILESTONES, "middle"), weight)).filter(
        lambda told: sum(told.values()) > 0))  # fmt: skip
    more = {"days_before": draw(days), "is_direct": draw(flags), "may_be_middle": draw(flags), "custom": custom}
    return touches, held, more


@given(journey=journeys(), model=st.sampled_from(RULE_MODELS))
def test_shares_sum_to_one_and_are_never_negative(journey, model):
    touches, milestones, more = journey
    shares = weights(model, touches, milestones, **more)
    assert len(shares) == touches
    assert min(shares) >= 0
    assert sum(shares) == pytest.approx(1, abs=1e-12)


@given(journey=journeys(), model=st.sampled_from(RULE_MODELS))
def test_one_touch_earns_everything(journey, model):
    _, milestones, more = journey
    alone = {name: told[:1] if isinstance(told, list) else told for name, told in more.items()}
    assert weights(model, 1, dict.fromkeys(milestones, 0), **alone) == [1.0]


@given(journey=journeys(), factor=st.floats(0.01, 100))
def test_only_the_ratio_of_agreed_weights_matters(journey, factor):
    touches, milestones, more = journey
    scaled = more | {"custom": {name: weight * factor for name, weight in more["custom"].items()}}
    expected = pytest.approx(weights("custom", touches, milestones, **more), abs=1e-9)
    assert weights("custom", touches, milestones, **scaled) == expected


def test_the_agreed_weights():
    assert weights("custom", 4, {"FT": 0, "LC": 2}, custom=AGREED) == pytest.approx([0.35, 0.175, 0.30, 0.175])
