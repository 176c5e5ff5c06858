"""Which journeys there are, and the stretch of time whose touches belong to each.

Every deal is one journey. An account that was touched but never had a deal is one journey that did not convert.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from agreement import Terms
from pipeline.marts.local_time import day_begins, last_instant, local_day, moment


def windows(deals: pl.DataFrame, accounts: pl.Series, terms: Terms, as_of: datetime) -> pl.DataFrame:
    """One row per journey, sorted by `journey_id`; `journey_no` is the row's number.

    deals: `opportunities()`. accounts: ids of the touched accounts, each once.
    `begins_at`: start of the day `lookback_days` before the opportunity (null: no limit; a journey without opportunity
    has nothing to look back from). `ends_at`: last instant that counts, the closing or `as_of`.
    `opportunity_until`: last instant that lies before or at the opportunity.
    """
    zone, back = terms.company.zone, f"-{terms.attribution.lookback_days}d"
    reference = pl.coalesce("created_at", "closed_at").fill_null(moment(as_of))
    of_deals = deals.with_columns(
        journey_id=pl.format("deal:{}", "deal_id"),
        begins_at=day_begins(local_day(reference, zone).dt.offset_by(back), zone),
        ends_at=last_instant("closed_at", "closed_at_is_date_only", zone).fill_null(moment(as_of)),
        opportunity_until=last_instant("created_at", "created_at_is_date_only", zone),
    )
    of_accounts = (
        accounts.to_frame("account_id")
        .join(deals.select("account_id"), on="account_id", how="anti")
        .with_columns(
            journey_id=pl.format("account:{}", "account_id"), outcome=pl.lit("never_converted"), ends_at=moment(as_of)
        )
    )
    return pl.concat([of_deals, of_accounts], how="diagonal").sort("journey_id").with_row_index("journey_no")
