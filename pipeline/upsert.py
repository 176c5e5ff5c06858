"""Several exports of the same thing: the newest file that holds a record says how it is today."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import polars as pl

from pipeline.canonical import KEYS

# spend has no key of its own: a later report replaces the days, campaigns and ad groups it covers
REPLACED_TOGETHER = {"spend": ["day", "campaign_id", "ad_group", "channel"]}
SOURCE_ROW = ["source_file", "row_number"]


class Report(Protocol):
    """What is needed of a source report."""

    @property
    def file(self) -> str: ...
    @property
    def mapping(self) -> str | None: ...


def superseded(
    table: str, parts: Sequence[Path], newest_first: Sequence[Report], *, across_mappings: bool
) -> pl.DataFrame:
    """`source_file, row_number` of rows that a newer file tells again.

    `newest_first`: the files by the newest record they hold; their order decides, not the clock. Files of one mapping
    replace one another; with `across_mappings` any newer file does (events are the same event whoever tells it).
    The largest file is only asked for the keys the others hold, so a long history costs no memory.
    """
    key = REPLACED_TOGETHER.get(table, KEYS[table])
    empty = pl.DataFrame(schema={"source_file": pl.String, "row_number": pl.Int64})
    by_file = _rows_by_file(parts)
    if len(by_file) < 2:
        return empty
    rank = ranked(newest_first)
    largest = max(by_file, key=lambda file: (by_file[file], file))
    scan = pl.scan_parquet(list(parts)).select(*SOURCE_ROW, *key)
    small = scan.filter(pl.col("source_file") != largest).collect()
    overlap = (
        scan.filter(pl.col("source_file") == largest)
        .join(small.lazy().select(key).unique(), on=key, how="semi", nulls_equal=True)
        .collect()
    )
    told = pl.concat([small, overlap]).join(rank, on="source_file", how="left")
    same = key if across_mappings else [*key, "_mapping"]
    return told.filter(pl.col("_rank") > pl.col("_rank").min().over(same)).select(SOURCE_ROW)


def filled(table: str, rows: pl.DataFrame, newest_first: Sequence[Report]) -> pl.DataFrame:
    """One row per key where several kinds of export tell the same record: the newest says it, others fill its gaps.

    `rows`: canonical columns and `source_file`.
    """
    key = KEYS[table]
    several = rows.select(pl.len().over(key) > 1).to_series() if key else pl.repeat(False, rows.height, eager=True)
    if not several.any():
        return rows
    order = rows.filter(several).join(ranked(newest_first), on="source_file", how="left").sort(*key, "_rank")
    merged = order.group_by(key, maintain_order=True).agg(pl.exclude(key).drop_nulls().first()).select(rows.columns)
    return pl.concat([rows.filter(~several), merged])


def ranked(newest_first: Sequence[Report]) -> pl.DataFrame:
    """`source_file, _rank, _mapping`; rank 0 is the newest."""
    return pl.DataFrame(
        [(report.file, number, report.mapping) for number, report in enumerate(newest_first)],
        schema={"source_file": pl.String, "_rank": pl.Int64, "_mapping": pl.String},
        orient="row",
    ).unique("source_file", keep="first", maintain_order=True)


def _rows_by_file(parts: Sequence[Path]) -> dict[str, int]:
    if not parts:
        return {}
    counts = pl.scan_parquet(list(parts)).group_by("source_file").len().collect()
    return dict(counts.iter_rows())
