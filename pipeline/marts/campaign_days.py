"""mart.campaign_days: what a campaign cost on a day, and which leads it brought."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement, Terms
from pipeline.marts import columns as c
from pipeline.marts.columns import MONEY, Tables, canonical
from pipeline.marts.currency import converted, with_rate
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import local_day


class Columns(dy.Schema):
    """One row per campaign, channel and day on which something happened. A campaign has one channel where it is listed.

    Leads count on the day they were created, MQLs and accepted leads on the day they became it; first cycles only.
    """

    campaign_id = c.text("the campaign; null = none", key=True)
    channel = c.text("the campaign's channel, else that of the spend or of the lead", key=True)
    day = c.day("local day", key=True)
    cost = c.money("reporting currency, each row at the rate of its day; null = no cost known")
    impressions = c.count("impressions")
    clicks = c.count("clicks")
    leads = c.count("leads created")
    mqls = c.count("leads that became MQL")
    accepted = c.count("leads accepted by sales (SAL)")


COUNTED = {"leads": "created_at", "mqls": "mql_at", "accepted": "sal_at"}
GRAIN = ["campaign_id", "channel", "day"]


def partial(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """The leads of one bucket, counted. Reads the leads mart."""
    terms = terms_at(agreement, as_of)
    leads = _with_campaign_channel(done["leads"].filter(pl.col("cycle") == 1), tables)
    counts = [
        leads.filter(pl.col(instant).is_not_null())
        .group_by("campaign_id", "channel", day=local_day(instant, terms.company.zone))
        .agg(pl.len().alias(name))
        for name, instant in COUNTED.items()
    ]
    return _added(counts)


def whole(tables: Tables, agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """What belongs to no account: cost, impressions and clicks."""
    terms = terms_at(agreement, as_of)
    return _added([spend_in_reporting_currency(tables, terms)])


def merge(frames: list[pl.DataFrame], agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Add up the parts, sorted by grain."""
    return _added(frames)


def spend_in_reporting_currency(tables: Tables, terms: Terms) -> pl.DataFrame:
    """Spend with `cost` in the reporting currency (null where there is no rate) and the campaign's channel."""
    rated = with_rate(canonical(tables, "spend"), canonical(tables, "exchange_rates"), terms.company.currency, on="day")
    return _with_campaign_channel(rated.with_columns(cost=converted("cost")), tables)


def _with_campaign_channel(rows: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    listed = canonical(tables, "campaigns").select("campaign_id", _listed="channel")
    joined = rows.join(listed, on="campaign_id", how="left", maintain_order="left")
    return joined.with_columns(channel=pl.coalesce("_listed", "channel")).drop("_listed")


def _added(frames: list[pl.DataFrame]) -> pl.DataFrame:
    parts = pl.concat([Columns.create_empty(), *(Columns.cast(_complete(frame)) for frame in frames)])
    counts = ("impressions", "clicks", *COUNTED)
    return Columns.cast(
        parts.group_by(GRAIN)
        .agg(
            pl.when(pl.col("cost").count() > 0).then(pl.col("cost").sum()).cast(MONEY),
            pl.col(counts).sum(),
        )
        .sort(GRAIN, nulls_last=True)
    )


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(None).alias(column) for column in Columns.column_names() if column not in frame.columns
    )
