"""Repeated keys within a file: equal rows count once, rows that contradict each other are both set apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from pipeline.canonical import SCHEMAS
from pipeline.sources.plan import Block
from pipeline.sources.text import ROW


@dataclass
class Verdict:
    """`duplicates`: rows that repeat an earlier row; `contradicting`: row -> its key in words; `notes` for people."""

    duplicates: set[int] = field(default_factory=set)
    contradicting: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def settle(keys: pl.DataFrame, blocks: list[Block], parts: dict[int, list[Path]], *, drop_equal_rows: bool) -> Verdict:
    """Judge the file's keys and rewrite the part files that hold rows which must go.

    `keys`: row_number, block, key and raw hashes of all records. `parts`: the part files of each block.
    """
    verdict = Verdict()
    lasting = [number for number, block in enumerate(blocks) if not block.once]
    first = (
        keys.filter(pl.col("block").is_in(lasting)).group_by(ROW).agg(pl.col("block").min().alias("first"))
        if len(lasting) > 1
        else None
    )
    for number in lasting:
        mine = keys.filter(pl.col("block") == number)
        if first is not None:
            mine = mine.join(first, on=ROW, how="inner").filter(pl.col("first") == number)
        if blocks[number].keys:
            _principal(verdict, mine, number, blocks[number], parts)
        elif drop_equal_rows:
            repeats = mine.sort(ROW).filter(~pl.col("raw").is_first_distinct())
            verdict.duplicates |= set(repeats[ROW])
    gone = verdict.duplicates | set(verdict.contradicting)
    if gone:
        for files in parts.values():
            _without(files, pl.Series(list(gone), dtype=pl.Int64))
    for number, block in enumerate(blocks):
        if block.keys and parts.get(number):
            _once(
                verdict, keys.filter((pl.col("block") == number) & ~pl.col(ROW).is_in(list(gone))), block, parts[number]
            )
    return verdict


def answered_once(keys: list[pl.DataFrame], answers: list[Path]) -> None:
    """Take rows that only repeat another out of what is looked up, so that no amount is summed twice."""
    if keys and answers:
        found = pl.concat(keys).filter(pl.col("key").is_not_null()).sort(ROW)
        repeats = found.filter(~pl.struct("block", "key", "raw").is_first_distinct())[ROW]
        if repeats.len():
            _without(answers, repeats)


def _principal(verdict: Verdict, mine: pl.DataFrame, number: int, block: Block, parts: dict[int, list[Path]]) -> None:
    suspects = mine.filter(pl.col("key").is_duplicated())
    if not suspects.height:
        return
    columns = list(SCHEMAS[block.table].columns())
    rows = suspects[ROW].unique()
    records = pl.scan_parquet(parts[number]).filter(pl.col(ROW).is_in(rows.implode())).select(ROW, *columns).collect()
    records = records.with_columns(pl.struct(columns).alias("content")).join(
        suspects.select(ROW, "raw").unique(ROW), on=ROW, how="left"
    )
    groups = records.group_by(block.keys).agg(pl.col("content").n_unique().alias("versions"), pl.len().alias("rows"))
    judged = records.join(groups, on=block.keys, nulls_equal=True, how="left").filter(pl.col("rows") > 1).sort(ROW)
    for row in judged.filter(pl.col("versions") > 1).iter_rows(named=True):
        verdict.contradicting[row[ROW]] = ", ".join(f"{key} {row[key]}" for key in block.keys)
    equal = judged.filter(pl.col("versions") == 1)
    repeats = equal.filter(~pl.struct(*block.keys, "raw").is_first_distinct())
    firsts = set(equal.filter(pl.struct(*block.keys, "raw").is_first_distinct())[ROW])
    verdict.duplicates |= set(repeats[ROW]) - firsts


def _without(files: list[Path], rows: pl.Series) -> None:
    for file in list(files):
        here = pl.read_parquet(file)
        kept = here.filter(~pl.col(ROW).is_in(rows.implode()))
        if kept.height < here.height:
            kept.write_parquet(file, compression="lz4")


def _once(verdict: Verdict, keys: pl.DataFrame, block: Block, files: list[Path]) -> None:
    """One record per key where several rows tell of the same thing."""
    if not block.once and not keys["key"].is_duplicated().any():
        return
    together = pl.concat([pl.read_parquet(file) for file in files]).sort(ROW, maintain_order=True)
    columns = [name for name in SCHEMAS[block.table].columns() if name not in block.keys]
    repeated = together.filter(pl.struct(block.keys).is_duplicated())
    if not repeated.height:
        return
    if block.once:
        merged = together.group_by(block.keys, maintain_order=True).agg(
            *(pl.col(name).drop_nulls().last() for name in columns), pl.col("source_file").first(), pl.col(ROW).first()
        )
    else:
        differing = (
            repeated.group_by(block.keys).agg(pl.struct(columns).n_unique().alias("n")).filter(pl.col("n") > 1).height
        )
        if differing:
            verdict.notes.append(
                f"{block.table}: {differing:,} records are told differently by several rows; the first row holds"
            )
        merged = together.unique(block.keys, keep="first", maintain_order=True)
    merged.select(together.columns).write_parquet(files[0], compression="lz4")
    for file in files[1:]:
        file.unlink()
    del files[1:]
