"""Which figures about people's work may be shown: none from which a group smaller than agreed could be worked out.

A figure belongs to a *slice*: a choice of values for some dimensions (team, segment, source, kind of lead). Behind a
slice stand the people whose work it counts. Hiding the slices with too few people is not enough: a hidden team is the
company minus the teams that are shown, and a hidden crossing of two filters may be their sum minus the whole.

So whatever a reader can reach by adding and subtracting shown figures must rest on as many people as agreed. In terms
of linear algebra: let each slice be a row of zeros and ones over the *atoms*, the finest crossings of all dimensions.
No combination of shown rows may be zero everywhere but on atoms that belong to too few people. With P the projection on
the space the rows span, such a combination lives on a set C of atoms exactly if P restricted to C has the eigenvalue 1.

The figure of the whole names neither team nor person and is always shown. Not covered: comparing two different periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

DIMENSIONS = ("team", "segment", "source", "lead_type")
MOST_GROUPS = 2_000  # small groups looked at; with more of them the last dimension is not offered
Slice = frozenset[tuple[str, str | None]]
Matrix = NDArray[np.float64]
WHOLE: Slice = frozenset()
_LEAKS = 1 - 1e-7


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

    def values(self, dimension: str, values: Iterable[str | None]) -> list[str | None]:
        """Of these values of a dimension those that may be chosen as a filter."""
        return [value for value in values if self.allows(**{dimension: value})]


def suppression(cells: pl.DataFrame, smallest: int, dimensions: Sequence[str] = DIMENSIONS) -> Suppression:
    """Find what may be shown.

    cells: one row per person and combination of dimensions they worked in: `owner_id` and the `dimensions`; behind rows
    without an owner stands nobody. dimensions: those on offer, the most wanted first; the work grows with their slices.
    """
    known = cells.filter(pl.col("owner_id").is_not_null()).select("owner_id", *dimensions).unique()
    atoms = known.group_by(dimensions).agg("owner_id").sort(dimensions, nulls_last=True)
    owners = {owner: number for number, owner in enumerate(known["owner_id"].unique().sort())}
    of_atom = [sum(1 << owners[owner] for owner in found) for found in atoms["owner_id"]]
    slices = _slices(list(atoms.select(dimensions).iter_rows()), tuple(dimensions))
    people = {key: _together(of_atom, inside).bit_count() for key, inside in slices.items()}
    groups = _small_groups(of_atom, smallest)
    if groups is None and len(dimensions) > 1:
        coarser = suppression(cells, smallest, dimensions[:-1])
        return Suppression(smallest, coarser.shown, people)
    if groups is None or people[WHOLE] < smallest:  # too small a company to compare anything within
        alone = {key for key, inside in slices.items() if inside == slices[WHOLE]}
        return Suppression(smallest, frozenset(alone), people)
    return Suppression(smallest, frozenset(_shown(slices, people, groups, len(of_atom), tuple(dimensions))), people)


def _slices(atoms: list[tuple[str | None, ...]], dimensions: tuple[str, ...]) -> dict[Slice, frozenset[int]]:
    """Every slice that occurs, with the numbers of its atoms."""
    found: dict[Slice, set[int]] = {WHOLE: set()}
    for number, atom in enumerate(atoms):
        for chosen in product((False, True), repeat=len(dimensions)):
            key = frozenset((d, value) for d, value, fixed in zip(dimensions, atom, chosen, strict=True) if fixed)
            found.setdefault(key, set()).add(number)
    return {key: frozenset(inside) for key, inside in found.items()}


def _together(of_atom: list[int], atoms: Iterable[int]) -> int:
    people = 0
    for atom in atoms:
        people |= of_atom[atom]
    return people


def _small_groups(of_atom: list[int], smallest: int) -> list[list[int]] | None:
    """The largest sets of atoms that belong to fewer than `smallest` people; None if there are too many to look at."""
    seeds = sorted({people for people in of_atom if people.bit_count() < smallest})
    groups, fresh = set(seeds), set(seeds)
    while fresh:
        fresh = {one | seed for one in fresh for seed in seeds if (one | seed).bit_count() < smallest} - groups
        groups |= fresh
        if len(groups) > MOST_GROUPS:
            return None
    inside = {frozenset(n for n, people in enumerate(of_atom) if not people & ~group) for group in groups}
    return [sorted(atoms) for atoms in sorted(inside, key=sorted)]


def _shown(
    slices: dict[Slice, frozenset[int]],
    people: dict[Slice, int],
    groups: list[list[int]],
    atoms: int,
    dimensions: tuple[str, ...],
) -> Iterator[Slice]:
    """The slices that may be shown: table by table, those with fewer dimensions first, as much of each as does no harm.

    Slices of equal atoms are one figure under two names, shown or hidden together.
    """
    tables = sorted(product((0, 1), repeat=len(dimensions)), key=lambda fixed: (sum(fixed), [-n for n in fixed]))
    shown = {slices[WHOLE]}
    for fixed in tables:
        named = {d for d, is_fixed in zip(dimensions, fixed, strict=True) if is_fixed}
        candidates = {
            inside: (people[key], len(inside), sorted(inside))
            for key, inside in slices.items()
            if {d for d, _value in key} == named and inside not in shown
        }
        while candidates and (leaks := _leaks(shown | set(candidates), groups, atoms)):
            for group in leaks:
                # what was shown before gives nothing away, so one of the candidates takes part
                involved = [inside for inside in candidates if inside & group] or list(candidates)
                if involved:
                    del candidates[min(involved, key=candidates.__getitem__)]
        shown |= set(candidates)
    return (key for key, inside in slices.items() if inside in shown)


def _leaks(shown: set[frozenset[int]], groups: list[list[int]], atoms: int) -> list[frozenset[int]]:
    """The small groups something could be worked out about."""
    rows = np.zeros((len(shown), atoms))
    for number, inside in enumerate(sorted(shown, key=sorted)):
        rows[number, sorted(inside)] = 1.0
    projection = _projection(rows)
    return [
        frozenset(group) for group in groups if np.linalg.eigvalsh(projection[np.ix_(group, group)])[-1] > _LEAKS
    ]  # fmt: skip


def _projection(rows: Matrix) -> Matrix:
    """The orthogonal projection on the space spanned by the rows."""
    _left, strength, basis = np.linalg.svd(rows, full_matrices=False)
    spanned = basis[strength > 1e-9 * max(1.0, strength.max(initial=0.0))]
    return spanned.T @ spanned
