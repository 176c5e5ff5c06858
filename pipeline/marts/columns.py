"""How a mart declares its columns: a type, a sentence of documentation, and whether the column is part of the grain."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import dataframely as dy
import polars as pl

from pipeline.canonical import SCHEMAS

Tables = dict[str, pl.DataFrame]
"""Frames by name: the canonical tables of one bucket, or the marts already made from them."""

INSTANT = pl.Datetime("us", "UTC")
MONEY = pl.Decimal(18, 2)


@cache
def _types(name: str) -> pl.Schema:
    return SCHEMAS[name].create_empty().schema


def text(doc: str, *, key: bool = False) -> dy.String:
    return dy.String(nullable=True, metadata={"doc": doc, "key": key})


def word(doc: str, words: Sequence[str], *, key: bool = False) -> dy.Enum:
    """One of a closed list of words, in that order; the database stores a number and groups by it in half the time."""
    return dy.Enum(words, nullable=True, metadata={"doc": doc, "key": key})


def instant(doc: str) -> dy.Datetime:
    """A moment in UTC."""
    return dy.Datetime(nullable=True, time_unit="us", time_zone="UTC", metadata={"doc": doc, "key": False})


def day(doc: str, *, key: bool = False) -> dy.Date:
    """A local date of the agreement's zone."""
    return dy.Date(nullable=True, metadata={"doc": doc, "key": key})


def flag(doc: str) -> dy.Bool:
    return dy.Bool(nullable=True, metadata={"doc": doc, "key": False})


def money(doc: str) -> dy.Decimal:
    return dy.Decimal(precision=18, scale=2, nullable=True, metadata={"doc": doc, "key": False})


def count(doc: str, *, key: bool = False) -> dy.Int64:
    return dy.Int64(nullable=True, metadata={"doc": doc, "key": key})


def small_count(doc: str, *, key: bool = False) -> dy.Int32:
    """A count that never needs more than 32 bits; half the work where a page adds up a whole column."""
    return dy.Int32(nullable=True, metadata={"doc": doc, "key": key})


def ratio(doc: str) -> dy.Float64:
    return dy.Float64(nullable=True, metadata={"doc": doc, "key": False})


def canonical(tables: Tables, name: str) -> pl.DataFrame:
    """A canonical table with exactly its declared columns; one that no export fed is empty, not an error.

    In one piece: picking rows out of a table read in many chunks costs ten times as much.
    """
    schema = SCHEMAS[name]
    if name not in tables:
        return schema.create_empty()
    given = tables[name]
    if given.schema == _types(name) and given.n_chunks() == 1:
        return given
    missing = [pl.lit(None).alias(column) for column in schema.column_names() if column not in given.columns]
    return schema.cast(given.with_columns(missing)).rechunk()
