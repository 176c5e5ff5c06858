"""Canonical money beside its value in the reporting currency; what has no rate stays unconverted and is listed."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from agreement import Terms
from pipeline.marts.currency import converted, with_rate
from pipeline.marts.opportunities import opportunities


def deals_with_reporting(tables: dict[str, pl.DataFrame], terms: Terms, as_of: datetime) -> pl.DataFrame:
    """Canonical deals and `amount_reporting`: closed deals at the rate of the closing day, open ones at the newest."""
    deals = tables["deals"]
    valued = opportunities(tables, terms, as_of).select("deal_id", amount_reporting="amount")
    place = deals.columns.index("currency") + 1
    columns = [*deals.columns[:place], "amount_reporting", *deals.columns[place:]]
    return deals.join(valued, on="deal_id", how="left", maintain_order="left").select(columns)


def spend_with_reporting(tables: dict[str, pl.DataFrame], terms: Terms) -> pl.DataFrame:
    """Canonical spend and `cost_reporting` at the rate of the day."""
    spend = tables["spend"]
    rated = with_rate(spend, tables["exchange_rates"], terms.company.currency, on="day")
    place = spend.columns.index("currency") + 1
    columns = [*spend.columns[:place], "cost_reporting", *spend.columns[place:]]
    return rated.with_columns(cost_reporting=converted("cost")).select(columns)
