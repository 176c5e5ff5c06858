"""Amounts in whole cents close, whatever the shares are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.stretches import Stretches
from measures.whole_cents import whole_cents

PARTS = st.lists(st.sampled_from([0, 1, 1, 2, 3, 7, 1000, 10**9]), min_size=1, max_size=8).filter(any)
AMOUNTS = st.integers(-(10**6), 10**6) | st.integers(0, 10**13)


@given(stretches=st.lists(st.tuples(PARTS, AMOUNTS), max_size=6))
def test_the_parts_add_up_to_the_amount(stretches):
    key = np.repeat(np.arange(len(stretches)), [len(parts) for parts, _ in stretches])
    shares = np.array([part / sum(parts) for parts, _ in stretches for part in parts])
    amount = np.array([amount for _, amount in stretches], dtype=np.int64)
    rows = Stretches(key)
    found = whole_cents(shares, rows, amount)
    assert rows.total(found).tolist() == amount.tolist()
    assert (np.abs(found - shares * rows.spread(amount)) <= 1 + np.abs(rows.spread(amount)) * 1e-15).all()
    assert not found[shares == 0].any()


@pytest.mark.parametrize(
    ("shares", "amount", "expected"),
    [
        pytest.param([1 / 3] * 3, 100, [34, 33, 33], id="of equal remainders the earlier row comes first"),
        pytest.param([0.3, 0.3, 0.3, 0.1], 101, [31, 30, 30, 10], id="30.3 30.3 30.3 10.1"),
        pytest.param([0.5, 0.25, 0.25], 5, [3, 1, 1], id="2.50 1.25 1.25"),
        pytest.param([0.25, 0.25, 0.5], 7, [2, 2, 3], id="1.75 1.75 3.50"),
        pytest.param([0.1, 0.2, 0.7], 10, [1, 2, 7], id="0.7 × 10 is 7 in spite of rounding"),
        pytest.param([0.0, 1.0], 7, [0, 7], id="who has no share gets no cent"),
        pytest.param([0.5, 0.5], -3, [-1, -2], id="a credit note"),
        pytest.param([0.5, 0.5], 0, [0, 0], id="nothing to share"),
    ],
)
def test_largest_remainders(shares, amount, expected):
    rows = Stretches(np.zeros(len(shares)))
    assert whole_cents(np.array(shares), rows, np.array([amount])).tolist() == expected
