"""mart.pipeline_weeks: every deal as it stood at the end of each week, rebuilt from its recorded changes."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.marts import columns as c
from pipeline.marts.columns import MONEY, Tables, canonical
from pipeline.marts.currency import converted
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import day_begins, moment, week_start
from pipeline.marts.opportunities import opportunities

LONG_AGO = pl.lit(0).cast(pl.Datetime("us", "UTC"))


class Columns(dy.Schema):
    """One row per deal and ISO week from its creation to its closing, or to the build's `as_of`; state at week end.

    The last row of a deal is its present state. All weeks of a deal use one exchange rate, so that a changed amount
    is a changed deal and not a changed currency.
    """

    deal_id = c.text("the deal", key=True)
    week_start = c.day("Monday of the week", key=True)
    stage = c.text("stage in the source's words, won or lost")
    amount = c.money("reporting currency")
    expected_close_date = c.day("expected close")
    is_open = c.flag("neither won nor lost at the end of the week")


def build(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """The weeks of the deals of one bucket, sorted by deal and week.

    A deal without a creation date is known from its first recorded change, else from its closing, else from now.
    """
    terms = terms_at(agreement, as_of)
    zone = terms.company.zone
    deals = opportunities(tables, terms, as_of).with_row_index("deal_no")
    events = canonical(tables, "deal_events").join(deals.select("deal_id", "deal_no"), on="deal_id")
    weeks = _weeks(deals, events, zone, as_of)
    for field in ("stage", "amount", "expected_close_date"):
        weeks = weeks.join_asof(
            _history(events, field),
            on="week_end",
            by="deal_no",
            strategy="backward",
            check_sortedness=False,
        )
    is_last = pl.col("week_start") == pl.col("last_week")
    then_amount = pl.col("then_amount").cast(MONEY, strict=False)
    then_date = pl.col("then_expected_close_date").str.to_date("%Y-%m-%d", strict=False)
    present = deals.select(
        "deal_no", "deal_id", "outcome", "rate", "amount_original", "expected_close_date", _stage="stage"
    )
    return Columns.cast(
        weeks.join(present, on="deal_no")
        .with_columns(
            is_open=~is_last | (pl.col("outcome") == "open"),
            amount_original=pl.when(is_last | ~pl.col("has_amount").fill_null(False))
            .then("amount_original")
            .otherwise(then_amount),
            expected_close_date=pl.when(is_last | ~pl.col("has_expected_close_date").fill_null(False))
            .then("expected_close_date")
            .otherwise(then_date),
            stage=pl.when(is_last & (pl.col("outcome") != "open"))
            .then("outcome")
            .when(is_last | ~pl.col("has_stage").fill_null(False))
            .then("_stage")
            .otherwise("then_stage"),
        )
        .with_columns(amount=converted("amount_original"))
        .sort("deal_no", "week_start")
    )


def _weeks(deals: pl.DataFrame, events: pl.DataFrame, zone: str, as_of: datetime) -> pl.DataFrame:
    """`deal_no, week_start, last_week, week_end`, sorted by `week_end`."""
    first_change = events.group_by("deal_no").agg(_changed_at=pl.col("changed_at").min())
    ends = pl.col("closed_at").fill_null(moment(as_of))
    begins = pl.min_horizontal(pl.coalesce("created_at", "_changed_at", "closed_at").fill_null(moment(as_of)), ends)
    spans = deals.join(first_change, on="deal_no", how="left").select(
        "deal_no", first_week=week_start(begins, zone), last_week=week_start(ends, zone)
    )
    return (
        spans.with_columns(week_start=pl.date_ranges("first_week", "last_week", "1w"))
        .explode("week_start")
        .drop("first_week")
        .with_columns(week_end=day_begins(pl.col("week_start").dt.offset_by("1w"), zone) - pl.duration(microseconds=1))
        .sort("week_end")
    )


def _history(events: pl.DataFrame, field: str) -> pl.DataFrame:
    """What `field` of a deal was from `week_end` on: the new value from each change, the old one before the first."""
    changes = events.filter(pl.col("field") == field).sort("deal_no", "changed_at")
    before = changes.unique("deal_no", keep="first", maintain_order=True)
    steps = pl.concat(
        [
            before.select("deal_no", week_end=LONG_AGO, value="old_value"),
            changes.select("deal_no", week_end="changed_at", value="new_value"),
        ]
    )
    return steps.sort("week_end", maintain_order=True).select(
        "deal_no", "week_end", pl.lit(True).alias(f"has_{field}"), pl.col("value").alias(f"then_{field}")
    )
