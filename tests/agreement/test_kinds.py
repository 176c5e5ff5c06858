"""Every term has a kind by which it can be edited."""

import pytest

from agreement.kinds import kind_of
from agreement.terms import term_names
from agreement.wording import WORDING


@pytest.mark.parametrize("term", term_names())
def test_every_term_has_a_kind(term):
    kind = kind_of(term)
    assert kind.shape
    assert (kind.shape in ("choice", "choices", "by_choice")) <= bool(kind.options)
    assert (kind.shape in ("by_choice", "by_name")) == (kind.inner is not None)


@pytest.mark.parametrize(
    ("term", "shape", "low", "is_above", "high", "is_below"),
    [
        ("response.target", "share", 0, True, 1, False),
        ("comparison.claim_probability", "share", 0.5, True, 1, True),
        ("meeting.baseline_weeks", "whole", 12, False, None, False),
        ("targets.won_revenue", "number", 0, True, None, False),
    ],
)
def test_bounds_are_those_of_the_type(term, shape, low, is_above, high, is_below):
    kind = kind_of(term)
    assert (kind.shape, kind.low, kind.is_above, kind.high, kind.is_below) == (shape, low, is_above, high, is_below)


def test_a_term_that_may_be_left_out_says_so():
    assert kind_of("targets.win_rate").is_optional
    assert not kind_of("response.target").is_optional


def test_shares_are_written_as_per_cent():
    assert {kind_of(term).shape for term, said in WORDING.items() if said.unit == "share"} <= {
        "share", "number", "by_choice"
    }  # fmt: skip
