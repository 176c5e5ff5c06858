"""Amounts in the reporting currency of the agreement.

A rate holds from its day until the next one. What has no rate stays unconverted: its original amount is kept and
listed, its reporting amount is null.
"""

from __future__ import annotations

import polars as pl

from pipeline.marts.columns import MONEY

RATE = pl.Decimal(20, 10)


def with_rate(frame: pl.DataFrame, rates: pl.DataFrame, reporting: str, *, on: str) -> pl.DataFrame:
    """Add `rate` (reporting currency per unit of `currency`): the latest on or before the day in column `on`.

    frame: has `currency` (ISO 4217 or null) and the date column `on`. rates: canonical `exchange_rates`.
    Row order is kept. `rate` is 1 for the reporting currency itself and null where no rate is known.
    """
    known = rates.select("currency", pl.col("day").alias(on), rate=pl.col("rate").cast(RATE)).sort(on)
    joined = (
        frame.with_row_index("_row")
        .sort(on)
        .join_asof(known, on=on, by="currency", strategy="backward", check_sortedness=False)
        .sort("_row")
    )
    own = pl.when(pl.col("currency") == reporting).then(pl.lit(1).cast(RATE))
    return joined.with_columns(rate=pl.coalesce(own, "rate")).drop("_row")


def converted(amount: str) -> pl.Expr:
    """Amount × `rate`, rounded half up (away from zero) to cents; exact decimal arithmetic throughout."""
    product = pl.col(amount).cast(MONEY) * pl.col("rate")
    return product.round(2, mode="half_away_from_zero").cast(MONEY)
