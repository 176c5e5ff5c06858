"""Amounts shared out in whole cents, so that the parts add up to the amount: the method of largest remainders.

Also known as Hamilton's or Hare-Niemeyer's: every part is rounded down, and the cents left over go to the parts that
lost most by it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from measures.stretches import Integers, Stretches

HAIR = 1e-9
"""Cents of rounding noise: what is this close below a whole cent is that cent."""


def whole_cents(shares: NDArray[np.float64], stretches: Stretches, amount: Integers) -> Integers:
    """Cents of each row; those of a stretch add up to its amount. Of equal remainders the earlier row comes first.

    shares: of each row, never negative, adding up to 1 in every stretch; a row without share gets no cent.
    amount: cents per stretch, may be negative.
    """
    due = stretches.spread(amount)
    exact = shares * due
    # a hair lower, so that noise never lets the parts exceed the amount: it then counts as the largest remainder
    whole = np.where(shares > 0, np.floor(exact - HAIR - np.abs(due) * 4e-16), 0).astype(np.int64)
    left = amount - stretches.total(whole)
    rows = np.flatnonzero((shares > 0) & stretches.spread(left > 0))
    part = Stretches(stretches.number[rows])
    remainder = np.clip(np.round(exact[rows] - whole[rows], 9), 0, 1)
    # sorted by one number: rows keep their stretch, so the n-th row of a stretch is then its n-th largest remainder
    order = np.argsort(part.number + (1 - remainder) / 2, kind="stable")
    gets = part.place < np.repeat(left[left > 0], part.sizes)
    whole[rows[order[gets]]] += 1
    return whole
