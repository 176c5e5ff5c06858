"""mart.stage_stays: how long leads stay in a stage and what became of them, counted."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.marts import columns as c
from pipeline.marts.columns import Tables
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import local_day, moment

ENTERED = {
    "lead": "created_at", "mql": "mql_at", "sal": "sal_at", "sql": "sql_at", "opportunity": "opportunity_at",
    "won": "won_at",
}  # fmt: skip
"""Each stage and the column of the leads mart that says when it was entered."""
REACHED, OUTCOMES = list(ENTERED), ["advanced", "left", "waiting"]


class Columns(dy.Schema):
    """First cycles that entered a stage, counted by the days they stayed. Add `leads` or `timed` over what you like.

    One row per stage, local day of entry, team, segment, channel, customer type, outcome and number of days.
    """

    stage = c.word("the stage entered", REACHED, key=True)
    entered_day = c.day("local day on which the stage was entered", key=True)
    team = c.text("team; null = unknown", key=True)
    segment = c.text("segment; null = unknown", key=True)
    channel = c.text("channel of the lead; null = unknown", key=True)
    customer_type = c.text("new or existing", key=True)
    outcome = c.word("advanced to the next stage, left by closing, or waiting when judged", OUTCOMES, key=True)
    days = c.small_count("whole days of 24 hours in the stage, for those waiting until judged", key=True)
    leads = c.small_count("first cycles")
    timed = c.small_count("of them those whose days are known: stage not imputed, steps in order of time")


NEXT = dict(zip(ENTERED, [*list(ENTERED.values())[1:], "won_at"], strict=True))
GROUP = ["team", "segment", "channel", "customer_type"]
GRAIN = ["stage", "entered_day", *GROUP, "outcome", "days"]


def partial(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """The stays of one bucket, counted. Reads the leads mart."""
    zone = terms_at(agreement, as_of).company.zone
    leads = done["leads"].filter(pl.col("cycle") == 1)
    # a number per group: a million rows are counted by numbers three times as fast as by words
    groups = leads.select(GROUP).unique().with_row_index("_group")
    numbered = leads.join(groups, on=GROUP, how="left", nulls_equal=True)
    counted = [_counted(numbered, stage, zone, as_of) for stage in ENTERED]
    return _in_order(pl.concat(counted).join(groups, on="_group"))


def whole(tables: Tables, agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Nothing: every lead belongs to an account."""
    return Columns.create_empty()


def merge(frames: list[pl.DataFrame], agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Add up the parts. Sorted by stage and day, so that a page reads the days it asks for."""
    parts = pl.concat(frames)
    if len([frame for frame in frames if frame.height]) > 1:
        parts = parts.group_by(GRAIN).agg(pl.col("leads", "timed").sum())
    return _in_order(parts)


def _counted(leads: pl.DataFrame, stage: str, zone: str, as_of: datetime) -> pl.DataFrame:
    entered, advanced = pl.col(ENTERED[stage]), pl.col(NEXT[stage])
    end = pl.coalesce(advanced, "closed_at", moment(as_of))
    is_closed = pl.col("closed_at").is_not_null()
    outcome = (
        pl.when(advanced.is_not_null()).then(pl.lit("advanced"))
        .when(is_closed).then(pl.lit("left")).otherwise(pl.lit("waiting"))
    )  # fmt: skip
    is_timed = pl.col("is_in_time_order") & ~pl.col("imputed_stages").str.split(",").list.contains(stage)
    return (
        leads.lazy()
        .filter(entered.is_not_null())
        .group_by(
            "_group",
            entered_day=local_day(entered, zone),
            outcome=outcome.cast(pl.Enum(OUTCOMES)),
            days=(end - entered).dt.total_days().clip(0).cast(pl.Int32),
        )
        .agg(leads=pl.len().cast(pl.Int32), timed=is_timed.sum().cast(pl.Int32))
        .with_columns(stage=pl.lit(stage, pl.Enum(REACHED)))
        .collect()
    )


def _in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return Columns.cast(rows.sort(GRAIN, nulls_last=True))
