"""Rankings that do not crown a source with two leads."""

from math import comb, exp, lgamma
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from measures.ranking import discoveries, probability_better, shrink
from tests.golden import load

SOURCES = load("stat_eb_lead_sources_10")
BATTERS = load("stat_prob_a_better_than_b")


def counts() -> tuple[list[int], list[int]]:
    return [row["k"] for row in SOURCES["input"]["sources"]], [row["n"] for row in SOURCES["input"]["sources"]]


def test_ten_lead_sources() -> None:
    found, expected = shrink(*counts()), SOURCES["expected"]
    assert found.mean == pytest.approx(expected["prior"]["mean"], abs=1e-3)
    assert found.strength == pytest.approx(expected["prior"]["strength"], rel=0.01)
    assert found.prior == pytest.approx((expected["prior"]["alpha"], expected["prior"]["beta"]), rel=0.01)
    assert found.estimates == pytest.approx([row["eb"] for row in expected["rows"]], abs=SOURCES["tolerance_abs"])
    for interval, row in zip(found.intervals(0.9), expected["rows"], strict=True):
        assert interval == pytest.approx(row["ci90"], abs=SOURCES["tolerance_abs"])
        weight = found.strength / (found.strength + row["n"])
        assert weight == pytest.approx(row["shrink_weight_on_prior"], abs=0.01)


def test_the_ranking_changes_where_few_leads_shouted() -> None:
    names = [row["source"] for row in SOURCES["input"]["sources"]]
    estimates = dict(zip(names, shrink(*counts()).estimates, strict=True))
    assert sorted(names, key=lambda name: -estimates[name]) == SOURCES["expected"]["eb_ranking"]


@pytest.mark.parametrize(
    ("k", "n", "mean", "strength"),
    [
        pytest.param([10, 0], [20, 20], 0.25, 20, id="two sources: the overall rate with the weight of 20"),
        pytest.param([10, 0, 0, 0, 0], [20, 20, 0, 0, 0], 0.25, 20, id="sources without leads are not sources"),
        pytest.param([0] * 6, [10] * 6, 0.5 / 61, 20, id="nobody converted: rare, not impossible"),
        pytest.param([10] * 6, [10] * 6, 60.5 / 61, 20, id="everybody converted"),
        pytest.param([], [], 0.5, 20, id="no source at all"),
        pytest.param([10] * 6, [100] * 6, 0.1, 1e6, id="no difference at all: everybody gets the overall rate"),
    ],
)
def test_priors_that_cannot_be_estimated(k: list[int], n: list[int], mean: float, strength: float) -> None:
    found = shrink(k, n)
    assert (found.mean, found.strength) == pytest.approx((mean, strength), rel=1e-3)


def test_how_many_sources_are_few_and_what_the_overall_rate_then_weighs_is_for_the_agreement_to_say() -> None:
    k, n = [30, 20, 10], [100, 100, 100]
    assert shrink(k, n, fewest_sources=4, strength_of_few=100).estimates == pytest.approx([0.25, 0.2, 0.15])
    assert shrink(k, n, fewest_sources=3, strength_of_few=100).strength != 100


def test_where_nothing_but_chance_differs_the_common_rate_is_still_only_known_as_well_as_all_leads_tell_it() -> None:
    found = shrink([10] * 6, [100] * 6)
    assert found.intervals(0.9) == [pytest.approx((0.0809, 0.121), abs=1e-3)] * 6


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=12)
)
def test_estimates_lie_between_the_own_rate_and_the_common_one(sources: list[tuple[int, int]]) -> None:
    k, n = zip(*sources, strict=True)
    found = shrink(k, n)
    for successes, trials, estimate, (low, high) in zip(k, n, found.estimates, found.intervals(), strict=True):
        own = successes / trials if trials else found.mean
        assert min(own, found.mean) - 1e-9 <= estimate <= max(own, found.mean) + 1e-9
        assert 0 <= low <= high <= 1


def miller(a1: int, b1: int, a2: int, b2: int) -> float:
    """P(Beta(a1, b1) > Beta(a2, b2)) in closed form."""

    def log_beta(a: float, b: float) -> float:
        return lgamma(a) + lgamma(b) - lgamma(a + b)

    terms = (log_beta(a1 + i, b1 + b2) - log_beta(1 + i, b2) - log_beta(a1, b1) for i in range(a2))
    return 1 - sum(exp(term) / (b2 + i) for i, term in enumerate(terms))


def test_two_batters_as_published() -> None:
    a, b = BATTERS["input"]["A"], BATTERS["input"]["B"]
    found = probability_better(a["alpha"] - 1, a["alpha"] + a["beta"] - 2, b["alpha"] - 1, b["alpha"] + b["beta"] - 2)
    assert found == pytest.approx(BATTERS["expected"]["prob_A_greater_B"], abs=1e-9)
    assert found == pytest.approx(miller(a["alpha"], a["beta"], b["alpha"], b["beta"]), abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "probability"),
    [
        pytest.param((0, 0, 0, 0), 0.5, id="nothing known"),
        pytest.param((7, 30, 7, 30), 0.5, id="the same twice"),
        pytest.param((1, 1, 0, 1), 1 - 1 / comb(4, 2), id="one of one against none of one"),
        pytest.param((999, 1_000, 1, 1_000), 1.0, id="no doubt"),
    ],
)
def test_simple_comparisons(counts: tuple[int, int, int, int], probability: float) -> None:
    assert probability_better(*counts) == pytest.approx(probability, abs=1e-9)


def test_a_wide_and_a_needle_sharp_rate() -> None:
    found = probability_better(1, 2, 500_000, 1_000_000)
    assert found == pytest.approx(0.5, abs=1e-9)
    assert probability_better(1, 2, 200_000, 1_000_000) == pytest.approx(0.896, abs=1e-3)


SHARES = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(SHARES, SHARES)
def test_quadrature_equals_the_closed_form(one: tuple[int, int], other: tuple[int, int]) -> None:
    (k1, n1), (k2, n2) = one, other
    found = probability_better(k1, n1, k2, n2)
    assert found == pytest.approx(miller(k1 + 1, n1 - k1 + 1, k2 + 1, n2 - k2 + 1), abs=1e-9)
    assert found + probability_better(k2, n2, k1, n1) == pytest.approx(1, abs=1e-9)


def test_discoveries_of_benjamini_and_hochberg() -> None:
    # The fifteen comparisons of their paper (1995), section 4: four stand.
    p_values = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.3240,
        0.4262,
        0.5719,
        0.6528,
        0.7590,
        1.0,
    ]
    assert discoveries(p_values) == [True] * 4 + [False] * 11
    assert discoveries(list(reversed(p_values))) == [False] * 11 + [True] * 4
    assert discoveries([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0.001, 0.5))
@example([0.0, 0.0, 0.3978152215219647], 0.3978152215219647)  # the largest of all at the rate itself
def test_discoveries_equal_statsmodels(p_values: list[float], rate: float) -> None:
    from statsmodels.stats.multitest import fdrcorrection

    assert discoveries(p_values, rate) == fdrcorrection(p_values, rate)[0].tolist()


@pytest.mark.parametrize(
    ("call", "arguments", "message"),
    [
        pytest.param(shrink, ([3], [2]), "no shares", id="more than all"),
        pytest.param(probability_better, (3, 2, 0, 1), "no shares", id="more than all, compared"),
        pytest.param(probability_better, (1, 2, 0, 1, (0, 1)), "two positive parts", id="half a prior"),
        pytest.param(discoveries, ([1.2],), "p values", id="more than certain"),
        pytest.param(shrink([1], [2]).intervals, (1,), "confidence 1", id="certainty"),
    ],
)
def test_impossible_questions_are_refused(call: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(*arguments)
