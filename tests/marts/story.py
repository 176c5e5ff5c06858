"""Tiny canonical tables written as stories: times as local text, a text without time is known by its day only."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from agreement import Agreement, Terms, load
from pipeline.canonical import SCHEMAS
from pipeline.marts import MARTS
from pipeline.marts.columns import Tables

BERLIN = ZoneInfo("Europe/Berlin")
AGREEMENT = load()
TERMS = AGREEMENT.terms_on(date(2026, 1, 1))
AS_OF = datetime(2026, 6, 30, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    """`2026-03-05 14:00` on Berlin's clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A canonical table from rows that name only what the story needs."""
    types = {column: declared.dtype for column, declared in SCHEMAS[name].columns().items()}
    columns: dict[str, list[Any]] = {column: [] for column in types}
    for row in rows:
        told = {column: _typed(value, types[column]) for column, value in row.items()}
        for column, value in row.items():
            if f"{column}_is_date_only" in columns and isinstance(value, str):
                told[f"{column}_is_date_only"] = len(value) == len("2026-03-05")
        for column, values in columns.items():
            values.append(told.get(column))
    return pl.DataFrame(columns, schema=types)


def _typed(value: Any, dtype: pl.DataType) -> Any:
    if isinstance(dtype, pl.Decimal) and value is not None:
        return Decimal(value)
    if not isinstance(value, str) or isinstance(dtype, pl.String):
        return value
    return date.fromisoformat(value) if isinstance(dtype, pl.Date) else at(value)


def tables(**rows: list[dict[str, Any]]) -> Tables:
    return {name: table(name, listed) for name, listed in rows.items()}


def always(terms: Terms) -> Agreement:
    """An agreement that never changed."""
    return Agreement({"valid_from": date(2020, 1, 1), **terms.model_dump(mode="json")})


def judged(told: Tables, terms: Terms | Agreement = AGREEMENT, as_of: datetime = AS_OF) -> Tables:
    """All marts of the told tables, taken as one bucket."""
    return judged_in_buckets([told], told, always(terms) if isinstance(terms, Terms) else terms, as_of)


def judged_in_buckets(buckets: list[Tables], all_tables: Tables, agreement: Agreement, as_of: datetime) -> Tables:
    """All marts, bucket by bucket and then merged, as the build does it."""
    parts: dict[str, list[pl.DataFrame]] = {mart.name: [] for mart in MARTS}
    steps, leads = (all_tables.get(name, table(name, [])) for name in ("stage_events", "leads"))
    is_known = (steps["stage"] == "mql").any() or leads["qualified_at"].count() > 0
    facts = {"facts": pl.DataFrame({"qualification_is_known": [is_known]})}
    for bucket in [bucket | facts for bucket in buckets]:
        done: Tables = {}
        for mart in MARTS:
            if mart.merge == "union":
                done[mart.name] = mart.module.build(bucket, agreement, as_of, done)
                parts[mart.name].append(done[mart.name])
            elif mart.merge == "addition":
                parts[mart.name].append(mart.module.partial(bucket, agreement, as_of, done))
    merged: Tables = {}
    for mart in MARTS:
        if mart.merge == "addition":
            whole = mart.module.whole(all_tables, agreement, as_of)
            merged[mart.name] = mart.module.merge([whole, *parts[mart.name]], agreement, as_of)
    for mart in MARTS:
        if mart.merge == "union":
            frames = parts[mart.name]
            finished = [mart.module.finish(frame, agreement, merged) for frame in frames] if mart.waits else frames
            merged[mart.name] = pl.concat(finished)
            for sums in (other for other in MARTS if other.of == mart.name):
                parts[sums.name] = [sums.module.partial(frame, agreement) for frame in finished]
        elif mart.merge == "sums":
            merged[mart.name] = mart.module.merge(parts[mart.name], agreement, as_of)
        elif mart.merge == "view":
            merged[mart.name] = mart.module.of(merged)
    return merged


def only(frame: pl.DataFrame) -> dict[str, Any]:
    """The single row of a frame."""
    assert frame.height == 1, frame
    return frame.row(0, named=True)
