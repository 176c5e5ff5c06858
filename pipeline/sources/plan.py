"""A mapping met with a header: which raw columns are read, how each cell is read, which rows become which records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import dataframely as dy
import polars as pl

from pipeline.canonical import (
    ACTIVITY_KINDS,
    CHANNELS,
    DEAL_TYPES,
    DIRECTIONS,
    LEAD_TYPES,
    OUTCOMES,
    STAGES,
    TOUCH_KINDS,
)  # fmt: skip
from pipeline.sources.mapping import Expression
from pipeline.sources.recognise import position
from pipeline.sources.values import Translation

MISSING = -1
CLOSED: dict[tuple[str, str], tuple[str, ...]] = {
    **{(table, "channel"): CHANNELS for table in ("leads", "touches", "deals", "campaigns", "spend")},
    ("leads", "lead_type"): LEAD_TYPES,
    ("stage_events", "stage"): STAGES,
    ("touches", "kind"): TOUCH_KINDS,
    ("activities", "kind"): ACTIVITY_KINDS,
    ("activities", "direction"): DIRECTIONS,
    ("activities", "outcome"): OUTCOMES,
    ("deals", "type"): DEAL_TYPES,
}
FUTURE_ALLOWED = {"expected_close_date", "started_on", "ended_on"}


@dataclass
class Slot:
    """A piece of a row's text that is read as something: `s3` holds the value, `s3_text` what stood there."""

    name: str
    kind: str  # id, instant, day, money, share, count, flag, hash, lookup
    text: pl.Expr
    label: str
    style: Any = None  # declared style; None = decided from the column
    day_only: bool = False
    may_be_future: bool = False
    times: str | None = None
    source: str = ""  # lookup table


@dataclass
class Value:
    """A canonical column as expressions over raw columns and slots."""

    value: pl.Expr
    failed: pl.Expr | None = None
    is_day: pl.Expr | None = None
    slots: tuple[str, ...] = ()
    split: str | None = None
    after: Expression | None = None  # what happens to each part after a split


@dataclass
class Block:
    """One canonical record made of a row."""

    table: str
    once: bool
    where: pl.Expr
    columns: dict[str, Value]
    keys: list[str]
    spread: tuple[Value, Value] | None = None
    labels: dict[str, str] = field(default_factory=dict)
    value_maps: list[tuple[str, pl.Expr, Translation]] = field(default_factory=list)

    def reads(self, known: list[str]) -> list[str]:
        """The raw columns and slots its expressions read: the rest of a chunk need not be carried along."""
        wanted: set[str] = set()
        for value in (*self.columns.values(), *(self.spread or ())):
            for expression in (value.value, value.failed, value.is_day):
                wanted.update(expression.meta.root_names() if expression is not None else ())
            for slot in value.slots:
                wanted |= {slot, f"{slot}_text"}
        for _, text, _ in self.value_maps:
            wanted.update(text.meta.root_names())
        return [name for name in known if name in wanted]


@dataclass
class Plan:
    """All a chunk of rows needs to become canonical records."""

    header: list[str]
    wanted: list[int]
    slots: list[Slot]
    blocks: list[Block]
    total_rows: list[tuple[int, tuple[str, ...] | None]]
    nameless: list[int]
    missing: list[str]  # mapped columns that are not in the file and may be
    refusal: str  # why the file cannot be read if it has any row: needed columns that are not there


def lookup_name(expression: Expression, kind: str) -> str:
    """One name per question asked of another mapping's files."""
    return "|".join(map(str, (expression.lookup, expression.match, *expression.aggregate, kind, expression.where)))


def kind_of(name: str, column: dy.Column) -> str:
    """How the text of a canonical column is read."""
    if isinstance(column, dy.String):
        return "id" if name.endswith("_id") else "text"
    kinds = {
        "Datetime": "instant",
        "Date": "day",
        "Decimal": "money",
        "Float64": "share",
        "Int64": "count",
        "Bool": "flag",
    }
    return kinds[type(column).__name__]


def label_of(expression: Expression, header: list[str] | None = None) -> str:
    """The raw column to name when a cell of this expression cannot be read."""
    if expression.column:
        found = position(expression.column, header) if header else None
        return " ".join(header[found[0]].replace("\ufeff", "").split()) if header and found else expression.column[0]
    inner = expression.inside()
    return label_of(inner[0], header) if inner else ""
