"""What is known of a deal before touches are looked at: its lead, its outcome, its amount in the reporting currency.

Leads, journeys, deals and pipeline weeks all start from these rows, so they cannot disagree.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from agreement import Terms
from pipeline.marts.columns import Tables, canonical
from pipeline.marts.currency import converted, with_rate
from pipeline.marts.local_time import local_day, moment


def opportunities(tables: Tables, terms: Terms, as_of: datetime) -> pl.DataFrame:
    """One row per deal, sorted by `deal_id`: the canonical columns and

    `lead_id` (a lead that exists, or null), `outcome` (won, lost, open), `closed_at`, `closed_at_is_date_only`,
    `rate`, `amount_original`, `currency_original`, `amount` (reporting currency), `is_unconverted`.

    A bucket whose `tables` hold them as `opportunities` has had them worked out already, for all of its marts.
    """
    if "opportunities" in tables:
        return tables["opportunities"]
    deals = canonical(tables, "deals").with_columns(
        pl.col("created_at_is_date_only", "won_at_is_date_only", "lost_at_is_date_only").fill_null(False),
        closed_at=pl.coalesce("won_at", "lost_at"),
        outcome=pl.when(pl.col("won_at").is_not_null())
        .then(pl.lit("won"))
        .when(pl.col("lost_at").is_not_null())
        .then(pl.lit("lost"))
        .otherwise(pl.lit("open")),
    )
    deals = deals.with_columns(
        closed_at_is_date_only=pl.when(pl.col("outcome") == "won")
        .then("won_at_is_date_only")
        .otherwise(pl.col("lost_at_is_date_only") & (pl.col("outcome") == "lost")),
        # an open deal is worth what it would bring at the newest rate; a closed one is frozen at its closing day
        _rate_day=local_day(pl.col("closed_at").fill_null(moment(as_of)), terms.company.zone),
    )
    rates = canonical(tables, "exchange_rates")
    valued = with_rate(deals, rates, terms.company.currency, on="_rate_day").with_columns(
        amount_original="amount", currency_original="currency", amount=converted("amount")
    )
    return (
        valued.with_columns(is_unconverted=pl.col("amount").is_null() & pl.col("amount_original").is_not_null())
        .drop("lead_id", "_rate_day")
        .join(_lead_of_deal(tables), on="deal_id", how="left")
        .sort("deal_id")
    )


def _lead_of_deal(tables: Tables) -> pl.DataFrame:
    """`deal_id, lead_id`: the lead the deal names, else a lead of one of its people at the same account.

    Of several such leads the youngest that existed when the deal was created; if all came later, the first of them.
    """
    leads = canonical(tables, "leads").select("lead_id", "person_id", "account_id", lead_created_at="created_at")
    deals = canonical(tables, "deals").select("deal_id", "lead_id", "account_id", "created_at")
    named = deals.select("deal_id", "lead_id").join(leads.select("lead_id"), on="lead_id", how="semi")
    distance = pl.col("created_at") - pl.col("lead_created_at")
    by_person = (
        deals.drop("lead_id")
        .join(named, on="deal_id", how="anti")
        .join(canonical(tables, "deal_people").select("deal_id", "person_id"), on="deal_id")
        .join(leads, on=["person_id", "account_id"])
        .with_columns(is_later=distance < pl.duration(), distance=distance.abs())
        .sort("deal_id", "is_later", "distance", "lead_id")
        .unique("deal_id", keep="first", maintain_order=True)
        .select("deal_id", "lead_id")
    )
    return pl.concat([named, by_person])


def customer_type(frame: pl.DataFrame, tables: Tables, zone: str) -> pl.DataFrame:
    """Add `customer_type`: existing if the account was a customer before the row's `created_at`, else new.

    An account is a customer from the day the CRM says, or from its first won deal. Row order is kept.
    """
    told = canonical(tables, "accounts").select("account_id", "is_customer_since")
    won = canonical(tables, "deals").group_by("account_id").agg(_first_won_at=pl.col("won_at").min())
    joined = frame.join(told, on="account_id", how="left", maintain_order="left").join(
        won, on="account_id", how="left", maintain_order="left"
    )
    was_customer = pl.any_horizontal(
        (pl.col("is_customer_since") < local_day("created_at", zone)).fill_null(False),
        (pl.col("_first_won_at") < pl.col("created_at")).fill_null(False),
    )
    return joined.with_columns(
        customer_type=pl.when(was_customer).then(pl.lit("existing")).otherwise(pl.lit("new"))
    ).drop("is_customer_since", "_first_won_at")


def with_team(frame: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Add `team`, the owner's; null where the owner or the team is not known. Row order is kept."""
    owners = canonical(tables, "employees").select("team", owner_id="employee_id")
    return frame.join(owners, on="owner_id", how="left", maintain_order="left")
