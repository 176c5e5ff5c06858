"""Days and weeks as people of the agreement's zone count them.

A source that gives a day is stored as local midnight. So that a deal "won on the 3rd" is not beaten by a touch of the
3rd at ten o'clock, a date-only *end* lasts until the end of its day.
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from pipeline.marts.columns import INSTANT


def moment(at: datetime) -> pl.Expr:
    """An aware datetime of any zone as a UTC instant to compare columns with."""
    return pl.lit(at.astimezone(UTC), INSTANT)


def local_day(instant: str | pl.Expr, zone: str) -> pl.Expr:
    """Local date of an instant."""
    return _expr(instant).dt.convert_time_zone(zone).dt.date()


def week_start(instant: str | pl.Expr, zone: str) -> pl.Expr:
    """Monday of the ISO week an instant lies in."""
    return local_day(instant, zone).dt.truncate("1w")


def month_start(instant: str | pl.Expr, zone: str) -> pl.Expr:
    return local_day(instant, zone).dt.truncate("1mo")


def day_begins(day: pl.Expr, zone: str) -> pl.Expr:
    """Instant at which a local date begins; where a zone skips midnight, the first instant after it."""
    midnight = day.cast(pl.Datetime("us"))
    starts = midnight.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    one_hour_on = midnight.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(starts, one_hour_on).dt.convert_time_zone("UTC")


def last_instant(instant: str, is_date_only: str | bool, zone: str) -> pl.Expr:
    """The instant itself, or the last microsecond of its day where only the day is known."""
    end_of_day = day_begins(local_day(instant, zone).dt.offset_by("1d"), zone) - pl.duration(microseconds=1)
    known_by_day = pl.lit(is_date_only) if isinstance(is_date_only, bool) else pl.col(is_date_only)
    return pl.when(known_by_day).then(end_of_day).otherwise(pl.col(instant))


def _expr(column: str | pl.Expr) -> pl.Expr:
    return pl.col(column) if isinstance(column, str) else column
