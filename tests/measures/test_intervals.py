"""Intervals for shares: every rate on screen carries one."""

from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.intervals import difference, jeffreys, poisson, wilson
from tests.golden import load

GOLDEN = load("stat_wilson_newcombe1998")


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['k']} of {row['n']}") for row in GOLDEN["expected"]["rows"]]
)
def test_wilson_as_published(row: dict[str, Any]) -> None:
    interval = wilson(row["k"], row["n"])
    assert interval == pytest.approx((row["low"], row["high"]), abs=GOLDEN["tolerance_abs"])
    if "published" in row:
        assert interval == pytest.approx(row["published"], abs=5e-5)


def test_every_golden_case_is_checked() -> None:
    assert [[row["k"], row["n"]] for row in GOLDEN["expected"]["rows"]] == GOLDEN["input"]["cases"]


@pytest.mark.parametrize(
    ("counts", "published"),
    [
        pytest.param((56, 70, 48, 80), (0.0524, 0.3339), id="56 of 70 against 48 of 80"),
        pytest.param((9, 10, 3, 10), (0.1705, 0.8090), id="9 of 10 against 3 of 10"),
        pytest.param((5, 56, 0, 29), (-0.0381, 0.1926), id="5 of 56 against none of 29"),
        pytest.param((0, 10, 0, 20), (-0.1611, 0.2775), id="none against none"),
        pytest.param((10, 10, 0, 20), (0.6791, 1.0), id="all against none"),
    ],
)
def test_difference_as_in_newcombe_table_ii(counts: tuple[int, int, int, int], published: tuple[float, float]) -> None:
    assert difference(*counts) == pytest.approx(published, abs=5e-5)


def test_jeffreys_is_the_beta_interval_of_statsmodels() -> None:
    from statsmodels.stats.proportion import proportion_confint

    for k, n in GOLDEN["input"]["cases"]:
        low, high = proportion_confint(k, n, method="jeffreys")
        assert jeffreys(k, n) == pytest.approx((0.0 if k == 0 else low, 1.0 if k == n else high), abs=1e-9)


def test_nothing_counted_says_nothing() -> None:
    assert wilson(0, 0) == jeffreys(0, 0) == (0.0, 1.0)
    assert difference(0, 0, 5, 10) == difference(5, 10, 0, 0) == (-1.0, 1.0)


@pytest.mark.parametrize("interval", [wilson, jeffreys])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param((11, 10), "11 of 10", id="more successes than trials"),
        pytest.param((-1, 10), "-1 of 10", id="fewer than none"),
        pytest.param((1, 10, 1.0), "confidence 1.0", id="certainty"),
        pytest.param((0, 0, inf), "confidence inf", id="no confidence at all, even with nothing counted"),
    ],
)
def test_impossible_shares_are_refused(interval: Any, arguments: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        interval(*arguments)


def test_a_fraction_of_a_lead_is_refused() -> None:
    with pytest.raises(TypeError):
        wilson(1.5, 10)  # type: ignore[arg-type]


SHARES = st.integers(0, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
CONFIDENCES = st.floats(0.01, 0.999)


@given(SHARES, CONFIDENCES)
def test_the_interval_encloses_the_share(share: tuple[int, int], confidence: float) -> None:
    k, n = share
    low, high = wilson(k, n, confidence)
    assert 0 <= low <= (k / n if n else 0.5) <= high <= 1


@given(SHARES)
def test_failures_mirror_successes(share: tuple[int, int]) -> None:
    k, n = share
    for interval in (wilson, jeffreys):
        low, high = interval(k, n)
        assert interval(n - k, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@given(SHARES.filter(lambda share: share[1] > 0))
def test_more_confidence_is_wider_and_more_leads_are_narrower(share: tuple[int, int]) -> None:
    k, n = share
    for interval in (wilson, jeffreys):
        (low, high), (lower, higher), (nearer_low, nearer_high) = (
            interval(k, n),
            interval(k, n, 0.99),
            interval(10 * k, 10 * n),
        )
        assert lower <= low
        assert high <= higher
        assert nearer_high - nearer_low < high - low


@given(SHARES, SHARES, CONFIDENCES)
def test_the_difference_encloses_the_gap_and_turns_with_it(
    one: tuple[int, int], other: tuple[int, int], confidence: float
) -> None:
    low, high = difference(*one, *other, confidence)
    if one[1] and other[1]:
        assert -1 - 1e-12 <= low <= one[0] / one[1] - other[0] / other[1] <= high <= 1 + 1e-12
    assert difference(*other, *one, confidence) == pytest.approx((-high, -low), abs=1e-12)


@pytest.mark.parametrize(
    ("count", "published"),
    [
        pytest.param(0, (0.0, 3.689), id="none seen"),
        pytest.param(1, (0.02532, 5.572), id="one"),
        pytest.param(10, (4.795, 18.39), id="ten"),
        pytest.param(100, (81.36, 121.63), id="a hundred"),
    ],
)
def test_poisson_as_in_the_tables_of_garwood(count: int, published: tuple[float, float]) -> None:
    assert poisson(count) == pytest.approx(published, rel=5e-4)


@given(st.floats(0, 1e4), st.floats(0.01, 1e3))
def test_a_larger_count_promises_more(count: float, more: float) -> None:
    assert poisson(count + more)[1] > poisson(count)[1] > count


def test_less_than_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        poisson(-1)
