"""Repeated keys within a file: equal rows count once, rows that contradict each other are both set apart."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipeline.canonical import SCHEMAS
from pipeline.sources.parts import Parts
from pipeline.sources.plan import Block
from pipeline.sources.text import ROW


@dataclass
class Verdict:
    """`duplicates`: rows that repeat an earlier row; `contradicting`: row -> its key in words; `notes` for people."""

    duplicates: set[int] = field(default_factory=set)
    contradicting: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def settle(keys: pl.DataFrame, blocks: list[Block], parts: Parts, *, drop_equal_rows: bool) -> Verdict:
    """Judge the file's keys and take out what must go.

    `keys`: row_number, block, key and raw hashes of all records, whether the record is its row's principal one.
    """
    verdict = Verdict()
    for number in (number for number, block in enumerate(blocks) if not block.once):
        mine = keys.lazy().filter((pl.col("block") == number) & pl.col("is_principal"))
        if blocks[number].keys:
            _principal(verdict, repeating(mine, "key"), blocks[number], name_of(blocks[number], number), parts)
        elif drop_equal_rows:
            repeats = repeating(mine, "raw").sort(ROW).filter(~pl.col("raw").is_first_distinct())
            verdict.duplicates |= set(repeats[ROW])
    gone = pl.Series(list(verdict.duplicates | set(verdict.contradicting)), dtype=pl.Int64)
    if gone.len():
        parts.take_out(gone)
        keys = keys.filter(~pl.col(ROW).is_in(gone.implode()))
    for number, block in enumerate(blocks):
        if block.keys:
            _once(verdict, keys.lazy().filter(pl.col("block") == number), block, name_of(block, number), parts)
    return verdict


def repeating(keys: pl.LazyFrame, column: str) -> pl.DataFrame:
    """The rows whose hash in `column` occurs more than once. Sorting finds them in a tenth of the room of grouping."""
    hashes = np.sort(keys.select(column).collect().to_series().drop_nulls().to_numpy())
    again = pl.Series(hashes[1:][hashes[1:] == hashes[:-1]], dtype=pl.UInt64).unique()
    return keys.filter(pl.col(column).is_in(again.implode())).collect()


def name_of(block: Block, number: int) -> str:
    """The name a block's records go by."""
    return f"{block.table}-{number:02d}"


def answered_once(keys: list[pl.DataFrame], answers: Parts) -> None:
    """Take rows that only repeat another out of what is looked up, so that no amount is summed twice."""
    if keys:
        found = pl.concat(keys).filter(pl.col("key").is_not_null()).sort(ROW)
        repeats = found.filter(~pl.struct("block", "key", "raw").is_first_distinct())[ROW]
        if repeats.len():
            answers.take_out(repeats)
            for name in answers.names():
                answers.replace(name, answers.of(name))


def _principal(verdict: Verdict, suspects: pl.DataFrame, block: Block, name: str, parts: Parts) -> None:
    if not suspects.height:
        return
    columns = list(SCHEMAS[block.table].columns())
    records = parts.of(name, suspects[ROW].unique()).select(ROW, *columns)
    records = records.with_columns(pl.struct(columns).alias("content")).join(
        suspects.select(ROW, "raw").unique(ROW), on=ROW, how="left"
    )
    groups = records.group_by(block.keys).agg(pl.col("content").n_unique().alias("versions"), pl.len().alias("rows"))
    judged = records.join(groups, on=block.keys, nulls_equal=True, how="left").filter(pl.col("rows") > 1).sort(ROW)
    for row in judged.filter(pl.col("versions") > 1).iter_rows(named=True):
        verdict.contradicting[row[ROW]] = ", ".join(f"{key} {row[key]}" for key in block.keys)
    equal = judged.filter(pl.col("versions") == 1).with_columns(
        pl.struct(*block.keys, "raw").is_first_distinct().alias("is_first")
    )
    verdict.duplicates |= set(equal.filter(~pl.col("is_first"))[ROW]) - set(equal.filter("is_first")[ROW])


def _once(verdict: Verdict, keys: pl.LazyFrame, block: Block, name: str, parts: Parts) -> None:
    """One record per key where several rows tell of the same thing."""
    if not repeating(keys, "key").height:
        return
    together = parts.of(name).sort(ROW, maintain_order=True)
    columns = [name for name in SCHEMAS[block.table].columns() if name not in block.keys]
    repeated = together.filter(pl.struct(block.keys).is_duplicated())
    if not repeated.height:
        return
    if block.once:
        merged = together.group_by(block.keys, maintain_order=True).agg(
            *(pl.col(name).drop_nulls().last() for name in columns), pl.col("source_file").first(), pl.col(ROW).first()
        )
    else:
        versions = repeated.group_by(block.keys).agg(pl.struct(columns).n_unique().alias("versions"))
        if differing := versions.filter(pl.col("versions") > 1).height:
            verdict.notes.append(
                f"{block.table}: {differing:,} records are told differently by several rows; the first row holds"
            )
        merged = together.unique(block.keys, keep="first", maintain_order=True)
    parts.replace(name, merged.select(together.columns))
