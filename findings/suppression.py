"""Which figures about people's work may be shown: none from which a group smaller than agreed could be worked out.

A figure belongs to a *slice*: a choice of values for some dimensions (team, segment, source, kind of lead). Behind a
slice stand the people whose work it counts. Hiding the slices with too few people is not enough: a hidden team is the
company minus the teams that are shown, and a hidden crossing of two filters may be their sum minus the whole. So
whatever a reader can reach by adding and subtracting shown figures must rest on as many people as agreed.

Let each slice be a row of zeros and ones over the *atoms*, the finest crossings of all dimensions; what can be reached
are the combinations of shown rows. Deal the people into as many hands as a group needs people, and look at the atoms
that somebody of one hand worked in: if no combination but nothing itself vanishes there – the rows restricted to those
atoms have the rank of the whole rows – then every combination rests on somebody of that hand. If that holds for every
hand, every combination rests on at least one person of each: on as many people as agreed. A slice is shown if that
still holds with it. The condition is stricter than it must be, so some harmless slices stay hidden; in return it needs
one rank per hand instead of one per small group of people, of which there are thousands.

The figure of the whole names neither team nor person and is always shown. Not covered: subtracting one period from
another that is a little longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

FILTERS, COMPARED = ("team", "segment"), ("source", "lead_type")
DIMENSIONS = FILTERS + COMPARED
MOST_ATOMS = 6_000  # with more of them the last dimension is not offered, so that the first look stays a short one
Slice = frozenset[tuple[str, str | None]]
Matrix = NDArray[np.float64]
WHOLE: Slice = frozenset()
_NOTHING_NEW = 1e-6


@dataclass(frozen=True)
class Suppression:
    """What may be shown. `smallest`: people a group needs; `people`: how many stand behind each slice that occurs."""

    smallest: int
    shown: frozenset[Slice]
    people: dict[Slice, int]

    def allows(self, **chosen: str | None) -> bool:
        """Whether the figure for these values may be shown; a dimension left out means all of it.

        Nobody stands behind a slice that does not occur: it may be shown, as nothing.
        """
        key: Slice = frozenset(chosen.items())
        return key in self.shown or key not in self.people

    def rows(self, frame: pl.DataFrame, by: str, **chosen: str | None) -> pl.DataFrame:
        """The rows of a table with one row per value of `by`, under the filters `chosen`, that may be shown."""
        may = [self.allows(**{**chosen, by: value}) for value in frame[by]]
        return frame.filter(pl.Series(may, dtype=pl.Boolean))

    def within(self, narrower: Suppression) -> Suppression:
        """What may be shown here and, by the people of a shorter period, there as well."""
        both = {key for key in self.shown if key in narrower.shown or key not in narrower.people}
        return Suppression(self.smallest, frozenset(both), self.people)

    def values(self, dimension: str, values: Iterable[str | None]) -> list[str | None]:
        """Of these values of a dimension those that may be chosen as a filter."""
        return [value for value in values if self.allows(**{dimension: value})]


def suppression(
    cells: pl.DataFrame, smallest: int, filters: Sequence[str] = FILTERS, compared: Sequence[str] = COMPARED
) -> Suppression:
    """Find what may be shown: any choice of filters, alone or with one value of one dimension that is compared.

    cells: one row per person and combination of dimensions they worked in: `owner_id` and the dimensions; behind rows
    without an owner stands nobody. The dimensions most wanted come first; two compared ones are never crossed.
    """
    dimensions = (*filters, *compared)
    known = cells.filter(pl.col("owner_id").is_not_null()).select("owner_id", *dimensions).unique()
    atoms = known.group_by(dimensions).agg("owner_id").sort(dimensions, nulls_last=True)
    neighbours = known.group_by("owner_id").agg(pl.col(dimensions[0]).min()).sort(dimensions[0], "owner_id")
    everybody = list(neighbours["owner_id"])
    numbers = {owner: number for number, owner in enumerate(everybody)}
    of_atom = [sum(1 << numbers[owner] for owner in found) for found in atoms["owner_id"]]
    slices = _slices(list(atoms.select(dimensions).iter_rows()), dimensions)
    people = {key: _together(of_atom, inside).bit_count() for key, inside in slices.items()}
    if len(of_atom) > MOST_ATOMS and len(dimensions) > 1:
        coarser = suppression(cells, smallest, *((filters, compared[:-1]) if compared else (filters[:-1], compared)))
        return Suppression(smallest, coarser.shown, people)
    if people[WHOLE] < smallest:  # too small a company to compare anything within
        alone = {key for key, inside in slices.items() if inside == slices[WHOLE]}
        return Suppression(smallest, frozenset(alone), people)
    offered = [key for key in slices if sum(name in compared for name, _value in key) <= 1]
    # neighbours – of one team, then by name – go to different hands, so that even a small team has somebody in each
    hands = [sum(1 << number for number in range(hand, len(everybody), smallest)) for hand in range(smallest)]
    worked = [np.array([bool(who & hand) for who in of_atom]) for hand in hands]
    ordered = sorted(offered, key=lambda key: _rank(key, people[key], dimensions))
    return Suppression(smallest, frozenset(_shown(ordered, slices, worked)), people)


def _slices(atoms: list[tuple[str | None, ...]], dimensions: tuple[str, ...]) -> dict[Slice, list[int]]:
    """Every slice that occurs, with the numbers of its atoms."""
    found: dict[Slice, list[int]] = {WHOLE: []}
    for number, atom in enumerate(atoms):
        for chosen in product((False, True), repeat=len(dimensions)):
            key = frozenset((d, value) for d, value, fixed in zip(dimensions, atom, chosen, strict=True) if fixed)
            found.setdefault(key, []).append(number)
    return found


def _together(of_atom: list[int], atoms: Iterable[int]) -> int:
    people = 0
    for atom in atoms:
        people |= of_atom[atom]
    return people


def _rank(key: Slice, people: int, dimensions: tuple[str, ...]) -> tuple[object, ...]:
    """Tables of few dimensions first, the most wanted of them before others; within a table the larger groups."""
    named = dict(key)
    fixed = tuple(dimension not in named for dimension in dimensions)
    return len(key), fixed, -people, [str(named.get(dimension) or "") for dimension in dimensions]


def _shown(ordered: list[Slice], slices: dict[Slice, list[int]], worked: list[NDArray[np.bool_]]) -> list[Slice]:
    """Of the slices, in this order, those after which every combination still rests on every hand."""
    everywhere = _Span(worked[0].size)
    hands = [_Span(int(atoms.sum())) for atoms in worked]
    shown = []
    for key in ordered:
        row = np.zeros(everywhere.size)
        row[slices[key]] = 1.0
        new = everywhere.beyond(row)
        if new is None:  # the sum of others under another name
            shown.append(key)
            continue
        steps = [span.beyond(row[atoms]) for span, atoms in zip(hands, worked, strict=True)]
        if all(step is not None for step in steps):
            everywhere.add(new)
            for span, step in zip(hands, steps, strict=True):
                span.add(step)
            shown.append(key)
    return shown


class _Span:
    """The space spanned by rows of `size` numbers, as an orthonormal basis."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._rows, self._count = np.empty((16, size)), 0

    def beyond(self, row: Matrix) -> Matrix | None:
        """The direction in which a row leaves the space; None where it lies within."""
        basis = self._rows[: self._count]
        rest = row - (basis @ row) @ basis
        rest -= (basis @ rest) @ basis  # once more: what rounding left
        length, whole = float(np.linalg.norm(rest)), float(np.linalg.norm(row))
        return rest / length if length > _NOTHING_NEW * whole else None

    def add(self, direction: Matrix | None) -> None:
        """Widen the space by a direction that `beyond` gave."""
        if self._count == len(self._rows):
            self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
        self._rows[self._count] = direction
        self._count += 1
