"""mart.stage_days: how many leads entered a stage on a day, and how many left for good."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.marts import columns as c
from pipeline.marts.columns import Tables
from pipeline.marts.cycles import PROGRESS
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import local_day
from pipeline.marts.stage_stays import ENTERED, REACHED


class Columns(dy.Schema):
    """The movements of a day. One row per stage, local day, team, segment and customer type with any of them.

    A lead that left is counted at the furthest stage it had reached.
    """

    stage = c.word("the stage entered, or the furthest of a lead that left", REACHED, key=True)
    day = c.day("local day", key=True)
    team = c.text("team; null = unknown", key=True)
    segment = c.text("segment; null = unknown", key=True)
    customer_type = c.text("new or existing", key=True)
    entered = c.small_count("first cycles that entered the stage")
    returned = c.small_count("later cycles that entered the stage: back after recycling")
    imputed = c.small_count("of `entered`, those dated by the next stage because this one was skipped")
    out_of_order = c.small_count("of `entered`, those of leads with a step before their creation")
    lost = c.small_count("first cycles closed as lost")
    disqualified = c.small_count("first cycles closed as disqualified")
    recycled = c.small_count("first cycles closed as recycled")


GRAIN = ["stage", "day", "team", "segment", "customer_type"]
STAGE = pl.Enum(REACHED)
LEFT = ["lost", "disqualified", "recycled"]


def partial(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """The movements of one bucket. Reads the leads mart."""
    zone = terms_at(agreement, as_of).company.zone
    is_first = pl.col("cycle") == 1
    entered = [
        _by_day(
            done["leads"].lazy().with_columns(stage=pl.lit(stage, STAGE)), at, zone,
            entered=is_first.sum(),
            returned=is_first.not_().sum(),
            imputed=(is_first & pl.col("imputed_stages").str.split(",").list.contains(stage)).sum(),
            out_of_order=(is_first & ~pl.col("is_in_time_order")).sum(),
        )
        for stage, at in ENTERED.items()
    ]  # fmt: skip
    furthest = pl.coalesce(
        *(pl.when(pl.col(f"{stage}_at").is_not_null()).then(pl.lit(stage)) for stage in reversed(PROGRESS)),
        pl.lit("lead"),
    )
    closed = (
        done["leads"].lazy().filter(is_first, pl.col("closed_as").is_in(LEFT)).with_columns(stage=furthest.cast(STAGE))
    )
    left = _by_day(closed, "closed_at", zone, **{way: (pl.col("closed_as") == way).sum() for way in LEFT})
    return _added([*entered, left])


def whole(tables: Tables, agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Nothing: every lead belongs to an account."""
    return Columns.create_empty()


def merge(frames: list[pl.DataFrame], agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Add up the parts, sorted by grain."""
    return _added(frames)


def _by_day(rows: pl.LazyFrame, at: str, zone: str, **counts: pl.Expr) -> pl.DataFrame:
    dated = rows.filter(pl.col(at).is_not_null())
    return dated.group_by(*GRAIN[:1], *GRAIN[2:], day=local_day(at, zone)).agg(**counts).collect()


def _added(frames: list[pl.DataFrame]) -> pl.DataFrame:
    parts = pl.concat([Columns.create_empty().cast({pl.Int32: pl.Int64}), *frames], how="diagonal_relaxed")
    counts = [name for name in Columns.column_names() if name not in GRAIN]
    return Columns.cast(parts.group_by(GRAIN).agg(pl.col(counts).sum()).sort(GRAIN, nulls_last=True))
