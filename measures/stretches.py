"""Rows that stand together in order, stretch after stretch: sums per stretch without grouping, joining or sorting."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Stretches:
    """Stretches of rows of the same key.

    key: one value per row, the same within a stretch and another one than in the stretch before.
    starts: the first row of each stretch; sizes: its rows.
    """

    def __init__(self, key: NDArray) -> None:
        self.key = key
        changes = np.flatnonzero(key[1:] != key[:-1]) + 1
        self.starts = np.concatenate([[0], changes]) if len(key) else np.zeros(0, dtype=np.int64)
        self.sizes = np.diff(np.append(self.starts, len(key)))

    def __len__(self) -> int:
        return len(self.key)

    def total(self, values: NDArray) -> NDArray:
        """Sum per stretch; flags are counted."""
        return self.reduced(np.add, values.astype(np.int64) if values.dtype == bool else values)

    def reduced(self, function: np.ufunc, values: NDArray) -> NDArray:
        """One value per stretch by a ufunc of two values, such as `np.minimum`."""
        reduced: NDArray = function.reduceat(values, self.starts) if len(self) else values[:0]
        return reduced

    def spread(self, values: NDArray) -> NDArray:
        """One value per stretch, repeated for each of its rows."""
        return np.repeat(values, self.sizes)

    @cached_property
    def number(self) -> Integers:
        """Number of the row's stretch, from 0."""
        return self.spread(np.arange(len(self.starts)))

    @cached_property
    def place(self) -> Integers:
        """Number of the row in its stretch, from 0."""
        return np.arange(len(self)) - self.spread(self.starts)

    @cached_property
    def is_first(self) -> Flags:
        first = np.zeros(len(self), dtype=bool)
        first[self.starts] = True
        return first

    @cached_property
    def is_last(self) -> Flags:
        last = np.zeros(len(self), dtype=bool)
        last[self.starts + self.sizes - 1] = True
        return last
