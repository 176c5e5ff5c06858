"""Shares compared within strata: a different mix is no difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.stratified import share_difference

STRATUM = st.integers(1, 200).flatmap(
    lambda n: st.integers(1, 200).flatmap(
        lambda m: st.tuples(st.integers(0, n), st.just(n), st.integers(0, m), st.just(m))
    )
)


def test_kidney_stones():
    """Treatment B looks better in total (83 % against 78 %); within small and within large stones A is.

    Counts: Charig et al. 1986; weights n·m ÷ (n + m) and differences by hand.
    """
    found = share_difference([(81, 87, 234, 270), (192, 263, 55, 80)])
    assert found.value == pytest.approx((65.7983 * 0.0643678 + 61.3411 * 0.0425380) / (65.7983 + 61.3411), abs=1e-5)
    assert 273 / 350 < 289 / 350, "in total it looks the other way round"
    assert (found.n, found.n_other) == (350, 350)


@given(STRATUM)
def test_one_stratum_is_the_plain_difference(stratum):
    k, n, other, m = stratum
    found = share_difference([stratum])
    assert found.value == pytest.approx(k / n - other / m)
    assert found.low <= found.value <= found.high


@given(st.lists(STRATUM, min_size=1, max_size=5))
def test_swapping_the_groups_swaps_the_sign(strata):
    found, swapped = share_difference(strata), share_difference([(c, d, a, b) for a, b, c, d in strata])
    assert swapped.value == pytest.approx(-found.value)
    assert swapped.low == pytest.approx(-found.high)


@given(st.lists(STRATUM, min_size=1, max_size=5))
def test_a_stratum_without_one_of_the_groups_changes_nothing(strata):
    assert share_difference([*strata, (3, 5, 0, 0), (0, 0, 2, 2)]) == share_difference(strata)


def test_nothing_to_compare():
    assert share_difference([(3, 5, 0, 0)]) is None
