"""Values taken from another mapping's files: asked for by name, read with that file, summed up by key."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.canonical import SCHEMAS
from pipeline.sources.faults import NUMERIC_CELL
from pipeline.sources.mapping import Condition, Expression, Mapping, Table
from pipeline.sources.plan import Plan, Value, kind_of, lookup_name
from pipeline.sources.planner import Planner
from pipeline.sources.text import ROW


@dataclass(frozen=True)
class Request:
    """One question to another mapping's files: of all rows with this `match`, the `aggregate` of `column`."""

    name: str
    mapping: str
    match: tuple[str, ...]
    aggregate: str
    column: tuple[str, ...]
    kind: str
    where: tuple[dict[str, Any], ...] = ()


def requests(mapping: Mapping) -> list[Request]:
    """Every lookup a mapping makes."""
    found: dict[str, Request] = {}

    def note(expression: Expression, kind: str) -> None:
        plain = not (expression.extract or expression.values or expression.prefix or expression.suffix)
        kind = kind if plain and kind != "id" else "text"
        if expression.lookup:
            name = lookup_name(expression, kind)
            where = tuple(condition.model_dump(by_alias=True, exclude_none=True) for condition in expression.where)
            aggregate, column = expression.aggregate
            found[name] = Request(name, expression.lookup, expression.match or (), aggregate, column, kind, where)
        typed = expression.first if plain and kind not in ("text", "id") else ()
        for part in expression.inside():
            note(part, kind if typed and part in typed else "text")

    for table in mapping.table:
        schema = SCHEMAS[table.to].columns()
        for name, expression in table.columns.items():
            note(expression, kind_of(name, schema[name]))
    return list(found.values())


def answering(mapping: Mapping) -> Mapping:
    """The mapping while it answers others: records that need an answer themselves cannot be judged yet."""

    def waits(expression: Expression) -> bool:
        return bool(expression.lookup) or any(waits(part) for part in expression.inside())

    def can_be_judged(table: Table) -> bool:
        schema = SCHEMAS[table.to].columns()
        return not any(waits(expression) and not schema[name].nullable for name, expression in table.columns.items())

    return mapping.model_copy(update={"table": tuple(filter(can_be_judged, mapping.table))})


@dataclass
class Question:
    """A request met with the file that answers it: which rows, by which key, what value."""

    request: Request
    where: pl.Expr
    key: pl.Expr
    value: Value


def planned(planner: Planner, asked: list[Request]) -> tuple[Plan, list[Question]]:
    """The plan that reads what is asked, and the questions themselves."""
    questions = []
    # where an export's columns are chosen by people, a lookup into one that is not there finds nothing
    needed_by = "a lookup" if planner.mapping.read.missing == "refuse" else ""
    for request in asked:
        conditions = tuple(Condition.model_validate(condition) for condition in request.where)
        key = planner.raw(request.match, needed_by=needed_by).str.strip_prefix(NUMERIC_CELL).str.normalize("NFC")
        where = planner.conditions(conditions)
        if request.aggregate == "count":
            cell = pl.lit("x") if request.column == ("*",) else planner.raw(request.column, needed_by=needed_by)
            value = Value(cell)
        else:
            kind = "money" if request.aggregate == "sum" and request.kind == "text" else request.kind
            value = planner.value(Expression(column=request.column), kind, "lookup", "value", needed=bool(needed_by))
        questions.append(Question(request, where, key, value))
    return planner.plan(), questions


def answer(request: Request, files: list[Path]) -> pl.DataFrame:
    """Columns `key`, `value`, `is_day`, one row per key. Several different values to `take` give none."""
    rows = pl.concat([pl.read_parquet(file) for file in files]).filter(pl.col("key").is_not_null())
    value = pl.col("value")
    if request.aggregate == "sum":
        # A sum of nothing but empty cells is not zero.
        summed = pl.when(value.count() > 0).then(value.sum())
        return rows.group_by("key").agg(value=summed, is_day=pl.lit(None, dtype=pl.Boolean))
    if request.aggregate == "count":
        return rows.group_by("key").agg(value=value.count().cast(pl.Int64), is_day=pl.lit(None, dtype=pl.Boolean))
    rows = rows.filter(value.is_not_null())
    if request.aggregate == "take":
        alone = pl.when(value.n_unique() == 1)
        return rows.group_by("key").agg(value=alone.then(value.first()), is_day=alone.then(pl.col("is_day").first()))
    ordered = rows.sort("value", ROW, descending=[request.aggregate == "max", False])
    return ordered.group_by("key", maintain_order=True).agg(value=value.first(), is_day=pl.col("is_day").first())


def empty() -> pl.DataFrame:
    """The answer where no file of the other mapping is there."""
    return pl.DataFrame(schema={"key": pl.String, "value": pl.String, "is_day": pl.Boolean})
