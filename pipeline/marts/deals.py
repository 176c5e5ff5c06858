"""mart.deals: one row per deal, and the three usual answers to 'did marketing do this?' side by side."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.marts import columns as c
from pipeline.marts.columns import Tables, canonical
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import last_instant, local_day
from pipeline.marts.opportunities import customer_type, opportunities, with_team
from pipeline.marts.touches import SALES


class Columns(dy.Schema):
    """One row per deal. What the deal itself does not say (channel, source, campaign, segment) its lead says."""

    deal_id = c.text("the deal", key=True)
    account_id = c.text("the company; a deal without one is its own account")
    lead_id = c.text("the lead it grew from; null = none known")
    type = c.text("new or existing business as the CRM says")
    stage = c.text("won, lost, or the open stage in the source's words")
    source = c.text("source as the CRM says: the deal's, else the lead's")
    channel = c.text("channel: the deal's, else the lead's")
    campaign_id = c.text("campaign: the deal's, else the lead's")
    segment = c.text("the lead's segment, else that of the account's first lead")
    team = c.text("the owner's team; null = unknown")
    owner_id = c.text("employee in charge")
    amount = c.money("reporting currency: closed deals at the rate of the closing day, open ones at the newest")
    created_at = c.instant("became an opportunity")
    won_at = c.instant("won")
    lost_at = c.instant("lost")
    cycle_days = c.count("local days from creation to closing; null = open, or closed before it was created")
    is_marketing_created = c.flag("sourced, by creator: somebody of marketing created it; null = creator unknown")
    first_touch_before_creation = c.flag("sourced, by touch: an eligible marketing touch lies before the creation")
    is_influenced = c.flag("an eligible marketing touch lies before the closing")
    currency_original = c.text("currency of the deal, ISO 4217")
    amount_original = c.money("amount in the deal's currency")
    customer_type = c.text("existing if the account was a customer before, or the CRM says so; else new")
    is_unconverted = c.flag("there is an amount but no rate: listed, not in any sum")
    agreement_version = c.text("the terms the row was judged by")


def build(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """The deals of one bucket, sorted by `deal_id`. Reads the touches mart."""
    terms = terms_at(agreement, as_of)
    zone = terms.company.zone
    deals = opportunities(tables, terms, as_of)
    days = (local_day("closed_at", zone) - local_day("created_at", zone)).dt.total_days()
    lead = canonical(tables, "leads").select(
        "lead_id", _source="source", _channel="channel", _campaign="campaign_id", _segment="segment"
    )
    rows = (
        deals.join(lead, on="lead_id", how="left")
        .join(_segment_of_account(tables), on="account_id", how="left")
        .join(_first_marketing_touch(done["touches"]), on="deal_id", how="left")
        .sort("deal_id")
        .with_columns(
            stage=pl.when(pl.col("outcome") == "open").then("stage").otherwise("outcome"),
            source=pl.coalesce("source", "_source"),
            channel=pl.coalesce("channel", "_channel"),
            campaign_id=pl.coalesce("campaign_id", "_campaign"),
            segment=pl.coalesce("_segment", "_account_segment"),
            cycle_days=pl.when(days >= 0).then(days),
            is_marketing_created=_is_of_marketing(canonical(tables, "employees")),
            first_touch_before_creation=(
                pl.col("_touched_at") <= last_instant("created_at", "created_at_is_date_only", zone)
            ).fill_null(False),
            is_influenced=pl.col("_touched_at").is_not_null(),
            agreement_version=pl.lit(terms.version),
        )
    )
    rows = customer_type(with_team(rows, tables), tables, zone).with_columns(
        customer_type=pl.when(pl.col("type") == "existing").then(pl.lit("existing")).otherwise("customer_type")
    )
    return Columns.cast(rows)


def _segment_of_account(tables: Tables) -> pl.DataFrame:
    """`account_id, _account_segment`: what the account's first lead with a segment says."""
    leads = canonical(tables, "leads").filter(pl.col("segment").is_not_null())
    first = leads.sort("account_id", "created_at", "lead_id").unique("account_id", keep="first", maintain_order=True)
    return first.select("account_id", _account_segment="segment")


def _first_marketing_touch(touches: pl.DataFrame) -> pl.DataFrame:
    """`deal_id, _touched_at`: sales activities may earn credit by the terms, but they are not marketing."""
    marketing = touches.lazy().filter("is_eligible", pl.col("deal_id").is_not_null(), pl.col("channel") != SALES)
    return marketing.group_by("deal_id").agg(_touched_at=pl.col("occurred_at").min()).collect()


def _is_of_marketing(employees: pl.DataFrame) -> pl.Expr:
    """Whether `created_by` names a colleague in marketing, by id or by name, or says 'marketing' itself."""
    marketing = employees.filter(pl.col("department").str.to_lowercase().str.contains("marketing", literal=True))
    names = pl.concat([marketing["employee_id"], marketing["name"].drop_nulls()]).implode()
    says_so = pl.col("created_by").str.to_lowercase().str.contains("marketing", literal=True)
    return pl.col("created_by").is_in(names) | says_so
