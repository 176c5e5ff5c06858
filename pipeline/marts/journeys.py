"""mart.journeys: one row per deal, and one per account that was touched but never had a deal."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.canonical import CHANNELS
from pipeline.marts import columns as c
from pipeline.marts.columns import Tables
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.opportunities import opportunities
from pipeline.marts.touches import SALES
from pipeline.marts.windows import windows

NAMES = sorted({*CHANNELS, SALES})


class Columns(dy.Schema):
    """One row per journey: every deal has one, every touched account without a deal has one."""

    journey_id = c.text("deal:<deal_id> or account:<account_id>", key=True)
    account_id = c.text("the company")
    deal_id = c.text("the deal; null = never converted")
    outcome = c.text("won, lost, open or never_converted")
    opened_at = c.instant("first eligible touch; without one, the deal's creation")
    closed_at = c.instant("when the deal closed; null = not closed")
    amount = c.money("the deal's amount in the reporting currency")
    path = c.text("channels of all eligible touches in order, joined by ' > '; '' = none")
    channel_set = c.text("distinct channels, sorted, joined by ','; '' = none")
    touch_count = c.count("eligible touches")
    agreement_version = c.text("the terms the row was judged by")


def build(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """Sum up the touches of each journey. Reads the touches mart; sorted by journey."""
    terms = terms_at(agreement, as_of)
    without_deal = done["touches"].filter(pl.col("deal_id").is_null())["journey_id"].unique()
    accounts = without_deal.str.strip_prefix("account:")
    journeys = windows(opportunities(tables, terms, as_of), accounts, terms, as_of)
    rows = (
        journeys.join(_paths(done["touches"]), on="journey_id", how="left")
        .sort("journey_id")
        .with_columns(
            pl.col("path", "channel_set").fill_null(""),
            pl.col("touch_count").fill_null(0),
            opened_at=pl.coalesce("_first_touch_at", "created_at"),
            agreement_version=pl.lit(terms.version),
        )
    )
    return Columns.cast(rows)


def _paths(touches: pl.DataFrame) -> pl.DataFrame:
    """`journey_id, path, channel_set, touch_count, _first_touch_at`; `touches` is sorted by journey and time."""
    bit = pl.col("channel").replace_strict(NAMES, [2**place for place in range(len(NAMES))], return_dtype=pl.UInt32)
    paths = (
        touches.filter("is_eligible")
        .select("journey_id", "channel", "occurred_at", _bit=bit)
        .group_by("journey_id")
        .agg(
            "channel",
            _mask=pl.col("_bit").bitwise_or(),
            touch_count=pl.len(),
            _first_touch_at=pl.col("occurred_at").first(),
        )
    )
    sets = paths.select(pl.col("_mask").unique()).with_columns(
        channel_set=pl.concat_str(
            [pl.when(pl.col("_mask") & 2**place > 0).then(pl.lit(name)) for place, name in enumerate(NAMES)],
            separator=",",
            ignore_nulls=True,
        )
    )
    return paths.join(sets, on="_mask").with_columns(path=pl.col("channel").list.join(" > ")).drop("channel", "_mask")
