"""Several exports of the same thing: the newest file that holds a record says how it is today."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from pipeline.canonical import KEYS

# spend has no key of its own: a later report replaces the days, campaigns and ad groups it covers
REPLACED_TOGETHER = {"spend": ["day", "campaign_id", "ad_group", "channel"]}
SOURCE_ROW = ["source_file", "row_number"]


def superseded(table: str, parts: Sequence[Path], newest_first: Sequence[str]) -> pl.DataFrame:
    """`source_file, row_number` of rows that a newer file tells again.

    `newest_first`: file names by the newest record they hold, newest first; the order decides, not the clock.
    The largest file is only asked for the keys the others hold, so a long history costs no memory.
    """
    key = REPLACED_TOGETHER.get(table, KEYS[table])
    empty = pl.DataFrame(schema={"source_file": pl.String, "row_number": pl.Int64})
    by_file = _rows_by_file(parts)
    if len(by_file) < 2:
        return empty
    rank = pl.DataFrame({"source_file": list(newest_first), "_rank": range(len(newest_first))})
    largest = max(by_file, key=lambda file: (by_file[file], file))
    scan = pl.scan_parquet(list(parts)).select(*SOURCE_ROW, *key)
    small = scan.filter(pl.col("source_file") != largest).collect()
    overlap = (
        scan.filter(pl.col("source_file") == largest)
        .join(small.lazy().select(key).unique(), on=key, how="semi", nulls_equal=True)
        .collect()
    )
    told = pl.concat([small, overlap]).join(rank, on="source_file", how="left")
    return told.filter(pl.col("_rank") > pl.col("_rank").min().over(key)).select(SOURCE_ROW)


def _rows_by_file(parts: Sequence[Path]) -> dict[str, int]:
    if not parts:
        return {}
    counts = pl.scan_parquet(list(parts)).group_by("source_file").len().collect()
    return dict(counts.iter_rows())
