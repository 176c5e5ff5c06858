"""What can be wrong: a whole file (`Refused`) or one row of it (a `Fault` with a stable rule code and a sentence)."""

from __future__ import annotations

from typing import NamedTuple


class Refused(Exception):
    """The file cannot be read as it is. The message is one sentence for people, with the line to add if one helps."""


class NeedsCare(Exception):
    """The quick reader met quotes it cannot trust; the careful reader takes over."""


class Fault(NamedTuple):
    """Why a cell cannot be read: `rule` is stable and snake_case, `text` completes "the value … "."""

    rule: str
    text: str


def shown(value: str | None, limit: int = 60) -> str:
    """A cell in quotes, short enough for a sentence."""
    plain = (value or "").replace(NUMERIC_CELL, "")
    return f"“{plain[:limit]}…”" if len(plain) > limit else f"“{plain}”"


NUMERIC_CELL = "\ue000"
"""Marks text that was a typed number in a spreadsheet or Parquet file: its decimal mark is a point, never a guess."""

ERROR_CELLS = (
    "#N/A", "#NV", "#DIV/0!", "#REF!", "#BEZUG!", "#NAME?", "#VALUE!", "#WERT!", "#NULL!", "#NUM!", "#ZAHL!", "#SPILL!",
    "#CALC!", "#UNCACHED",
)  # fmt: skip
