"""Why a deal's amount is attributed to nobody: the first reason that, mended, would bring a touch."""

from __future__ import annotations

import polars as pl

from agreement import Terms
from pipeline.marts.columns import Tables, canonical
from pipeline.marts.local_time import last_instant

NO_PERSON, NO_TOUCH, OUTSIDE_LOOKBACK = "no_person", "no_touch", "outside_lookback"
ONLY_SALES, EXCLUDED_CHANNEL, RULED_OUT = "only_sales_touches", "excluded_channel", "ruled_out"
REASONS = {
    NO_PERSON: "nobody is known at the deal",
    NO_TOUCH: "people are known, but no touch of theirs",
    OUTSIDE_LOOKBACK: "all touches are older than the agreed look-back",
    ONLY_SALES: "only sales was in touch, and sales activities are no touches by the terms",
    EXCLUDED_CHANNEL: "credit of channels that by the terms earn nothing",
    RULED_OUT: "all touches were ruled out",
}


def reasons(deals: pl.DataFrame, touches: pl.DataFrame, tables: Tables, terms: Terms) -> pl.DataFrame:
    """`deal_id, unattributed_reason` of deals without any eligible touch.

    deals: `deal_id, account_id, closed_at, closed_at_is_date_only`; touches: the touches mart. What was left out comes
    first, then whether anybody is known, then whether sales was in touch up to the closing.
    """
    left_out = touches.filter(pl.col("exclusion").is_in([OUTSIDE_LOOKBACK, RULED_OUT]))
    excluded = left_out.group_by("deal_id").agg(
        is_old=(pl.col("exclusion") == OUTSIDE_LOOKBACK).any(), is_ruled_out=(pl.col("exclusion") == RULED_OUT).any()
    )
    judged = (
        deals.join(excluded, on="deal_id", how="left")
        .join(_known(tables, terms.attribution.journey_scope), on="deal_id", how="left")
        .join(_met(deals, tables, terms.company.zone), on="deal_id", how="left")
    )
    reason = (
        pl.when("is_old").then(pl.lit(OUTSIDE_LOOKBACK))
        .when("is_ruled_out").then(pl.lit(RULED_OUT))
        .when(pl.col("is_known").is_null()).then(pl.lit(NO_PERSON))
        .when(pl.col("is_met").is_not_null()).then(pl.lit(ONLY_SALES))
        .otherwise(pl.lit(NO_TOUCH))
    )  # fmt: skip
    return judged.select("deal_id", unattributed_reason=reason)


def _known(tables: Tables, scope: str) -> pl.DataFrame:
    """`deal_id, is_known` of the deals with a person: named at the deal or, by the terms, anybody of its account."""
    named = canonical(tables, "deal_people").select("deal_id")
    if scope == "account":
        deals = canonical(tables, "deals").select("deal_id", "account_id")
        of_accounts = pl.concat(
            [canonical(tables, "people").select("account_id"), canonical(tables, "leads").select("account_id")]
        )
        named = pl.concat([named, deals.join(of_accounts.unique(), on="account_id").select("deal_id")])
    return named.unique().with_columns(is_known=pl.lit(True))


def _met(deals: pl.DataFrame, tables: Tables, zone: str) -> pl.DataFrame:
    """`deal_id, is_met` of the deals whose account sales was in touch with up to the closing."""
    activities = canonical(tables, "activities").filter(
        pl.col("kind").is_in(["call", "mail", "meeting", "message"]), ~pl.col("is_automatic").fill_null(False)
    )
    ends = deals.select("deal_id", "account_id", _ends=last_instant("closed_at", "closed_at_is_date_only", zone))
    met = ends.join(activities.select("account_id", "occurred_at"), on="account_id").filter(
        (pl.col("occurred_at") <= pl.col("_ends")).fill_null(True)
    )
    return met.select(pl.col("deal_id").unique()).with_columns(is_met=pl.lit(True))
