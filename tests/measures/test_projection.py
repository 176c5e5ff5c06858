"""What is still to come: a pace carried on, with the doubt about the pace itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.projection import remaining_count


def test_the_pace_goes_on():
    assert remaining_count(30, 30, 20).expected == 20.0


def test_nothing_is_left_when_no_day_is_left():
    assert remaining_count(30, 30, 0) == (0.0, 0.0, 0.0)


def test_the_range_holds_what_comes_as_often_as_it_says():
    random = np.random.default_rng(20261123)
    held = 0
    for _ in range(2_000):
        seen, comes = random.poisson(0.8 * 30), random.poisson(0.8 * 35)
        found = remaining_count(seen, 30, 35)
        held += found.low <= comes <= found.high
    assert held / 2_000 == pytest.approx(0.955, abs=0.02)


@given(st.integers(0, 500), st.integers(1, 90), st.integers(1, 90))
def test_more_days_left_never_promise_less(count, gone, left):
    assert remaining_count(count, gone, left + 1).high >= remaining_count(count, gone, left).high


@pytest.mark.parametrize("wrong", [(-1, 10, 10), (5, 0, 10), (5, 10, -1)])
def test_impossible_questions_are_refused(wrong):
    with pytest.raises(ValueError, match="needs count"):
        remaining_count(*wrong)
