"""Value maps: the words of a source translated into the words of the canonical lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipeline.sources.faults import NUMERIC_CELL

_JOINTS = re.compile(r"[\s_\-/]+")


def fold(word: str) -> str:
    """How words are compared: "ORGANIC_SEARCH", "Organic search" and "organic-search" are one."""
    return _JOINTS.sub(" ", word.removeprefix(NUMERIC_CELL)).strip().casefold()


@dataclass
class Translation:
    """A value map. Key "" stands for empty cells, "*" for every other word; without "*" a word stays as it is."""

    table: dict[str, str]

    def __post_init__(self) -> None:
        given = {key if key in ("", "*") else fold(key): to for key, to in self.table.items()}
        self.rest = given.pop("*", None)
        self.empty = given.pop("", None)
        self.table = given

    def __call__(self, text: pl.Series) -> pl.Series:
        words = text.drop_nulls().unique().to_list()
        if words:
            meant = [self.table.get(fold(word), word if self.rest is None else self.rest) for word in words]
            text = text.replace_strict(words, meant, default=None, return_dtype=pl.String)
        return text if self.empty is None else text.fill_null(self.empty)

    def strange(self, text: pl.Series) -> dict[str, int]:
        """Words that only "*" translates, and how often they stand there."""
        counts = text.drop_nulls().value_counts()
        return {word: rows for word, rows in counts.iter_rows() if fold(word) not in self.table}


@dataclass
class Choice:
    """Whether a cell holds one of some words; an empty cell holds the word ""."""

    words: Sequence[str]

    def __call__(self, text: pl.Series) -> pl.Series:
        chosen = {word.strip().casefold() for word in self.words}
        found = [word for word in text.unique().to_list() if (word or "").casefold() in chosen]
        return text.is_in(pl.Series(found, dtype=pl.String).implode(), nulls_equal=True)
