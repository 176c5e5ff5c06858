"""Several exports of the same thing: the newest file that holds a record says how it is today."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Protocol

import polars as pl

from pipeline.canonical import KEYS, SCHEMAS
from pipeline.gaps import gaps_filled
from pipeline.resolve import EVENTS
from pipeline.sources import Staged

# spend has no key of its own: a later report replaces the days, campaigns and ad groups it covers
REPLACED_TOGETHER = {"spend": ["day", "campaign_id", "ad_group", "channel"]}
SOURCE_ROW = ["source_file", "row_number"]


class Report(Protocol):
    """What is needed of a source report."""

    @property
    def file(self) -> str: ...
    @property
    def mapping(self) -> str | None: ...


def newest(staged: Staged) -> dict[str, pl.LazyFrame]:
    """Every canonical table as the newest files tell it; tables nobody told are empty."""
    newest_first = sorted(
        (report for report in staged.sources if report.status == "read"),
        key=lambda report: (
            report.newest_record or datetime.min.replace(tzinfo=UTC),
            _in_order_of_download(report.file),
        ),
        reverse=True,
    )
    tables: dict[str, pl.LazyFrame] = {}
    for table, schema in SCHEMAS.items():
        rows = staged.tables.get(table)
        if rows is None:
            tables[table] = schema.create_empty().lazy()
            continue
        old = superseded(table, rows, newest_first, across_mappings=table in EVENTS)
        if old.height:
            rows = rows.join(old.lazy(), on=SOURCE_ROW, how="anti", maintain_order="left")
        if table not in EVENTS:
            rows = filled(table, rows.collect(), newest_first).lazy()
        tables[table] = rows.select(schema.column_names())
    return tables


def superseded(
    table: str, rows: pl.LazyFrame, newest_first: Sequence[Report], *, across_mappings: bool
) -> pl.DataFrame:
    """`source_file, row_number` of rows that a newer file tells again.

    `newest_first`: the files by the newest record they hold; their order decides, not the clock. Files of one mapping
    replace one another; with `across_mappings` any newer file does (events are the same event whoever tells it).
    The largest file is only asked for the keys the others hold, so a long history costs no memory.
    """
    key = REPLACED_TOGETHER.get(table, KEYS[table])
    empty = pl.DataFrame(schema={"source_file": pl.String, "row_number": pl.Int64})
    by_file = dict(rows.group_by("source_file").len().collect().iter_rows())
    if len(by_file) < 2:
        return empty
    rank = ranked(newest_first)
    largest = max(by_file, key=lambda file: (by_file[file], file))
    scan = rows.select(*SOURCE_ROW, *key)
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
    rank = ranked(newest_first)
    newest = pl.col("source_file").replace_strict(rank["source_file"], rank["_rank"], default=None)
    return gaps_filled(rows, KEYS[table], [newest])


def ranked(newest_first: Sequence[Report]) -> pl.DataFrame:
    """`source_file, _rank, _mapping`; rank 0 is the newest."""
    return pl.DataFrame(
        [(report.file, number, report.mapping) for number, report in enumerate(newest_first)],
        schema={"source_file": pl.String, "_rank": pl.Int64, "_mapping": pl.String},
        orient="row",
    ).unique("source_file", keep="first", maintain_order=True)


def _in_order_of_download(file: str) -> str:
    """Sorts `contacts.csv`, `contacts (1).csv`, `contacts (10).csv` and names with a date as they were saved."""
    return re.sub(r"\d+", lambda number: number[0].zfill(20), file.rsplit(".", 1)[0])
