"""An undated campaign cost becomes one cost a day, exact to the cent."""

from __future__ import annotations

import polars as pl

from pipeline.sources.text import ROW

_LONGEST_DAYS = 3_660


def over_days(made: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    """Rows with `from`, `until` (inclusive) and `cost` to one row per `day`; faults as (row, rule, sentence).

    Cents that do not divide go to the first days, one each, so the days add up to the cost. Counts are spread alike.
    """
    length = (pl.col("until") - pl.col("from")).dt.total_days() + 1
    made = made.with_columns(length.alias("days"))
    wrong = [
        (row, *_sentence(start, end))
        for row, start, end in made.filter(~pl.col("days").is_between(1, _LONGEST_DAYS).fill_null(False))
        .select(ROW, "from", "until")
        .iter_rows()
    ]
    made = made.filter(pl.col("days").is_between(1, _LONGEST_DAYS).fill_null(False))
    days = made.with_columns(pl.date_ranges("from", "until").alias("day")).explode("day")
    number = (pl.col("day") - pl.col("from")).dt.total_days()
    cents = (pl.col("cost") * 100).cast(pl.Int64)
    shares = [_part(cents, number).alias("cents")]
    shares += [_part(pl.col(name), number).alias(name) for name in ("impressions", "clicks") if name in made.columns]
    days = days.with_columns(shares)
    return days.with_columns(
        (pl.col("cents").cast(pl.Decimal(18, 2)) / 100).cast(pl.Decimal(18, 2)).alias("cost")
    ), wrong


def _part(whole: pl.Expr, number: pl.Expr) -> pl.Expr:
    return whole // pl.col("days") + (number < whole % pl.col("days")).cast(pl.Int64)


def _sentence(start: object, end: object) -> tuple[str, str]:
    if start is None or end is None:
        return "missing_value", "the cost is to be spread over its days, but the first or last day is empty"
    return "not_a_period", f"the cost is to be spread from {start} until {end}, which is no period of at most ten years"
