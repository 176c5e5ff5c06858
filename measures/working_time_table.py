"""Working time of whole columns: the vectorised twin of `measures.working_time.Calendar`.

A cumulative calendar: for every UTC day the working seconds before it and the few open spans within it. The working
seconds before any instant are then one table look-up plus one clip per span, and the seconds between two instants are
a difference. Holidays, daylight saving and split windows are in the table, so no rule is written twice.
A property test holds both twins equal to the second.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from measures.working_time import DAY_SECONDS, EPOCH, LONGEST_CLOSURE_DAYS, Calendar

Seconds = NDArray[np.int64]
CHUNK_ROWS = 1 << 16
"""Rows worked on at a time: the intermediate columns stay in the processor's cache, which halves the time."""


def seconds_between(calendar: Calendar, starts: pl.Series, ends: pl.Series) -> pl.Series:
    """Working seconds in `[start, end)` row by row, as Int64.

    Null where start or end is null and where the end lies before the start (the exact twin raises there; a column with
    one such row should still be measured, and null is neither kept nor broken). Pauses are subtracted by a second call
    over the pauses, cut to start and end. Raises ValueError for columns without a time zone.
    """
    begins_at, begins_known = _epoch_seconds(starts)
    ends_at, ends_known = _epoch_seconds(ends)
    known = begins_known & ends_known & (ends_at >= begins_at)
    if not known.any():
        return pl.Series(starts.name, [None] * len(starts), dtype=pl.Int64)
    table = _table(calendar, begins_at[known].min(), ends_at[known].max())
    seconds = table.worked_before(ends_at) - table.worked_before(begins_at)
    return _with_nulls(starts.name, seconds, known)


def due(calendar: Calendar, starts: pl.Series, seconds: pl.Series | int) -> pl.Series:
    """The earliest instant at which `seconds` of working time have passed since each start, as Datetime("us", "UTC").

    Null where start or seconds is null. Raises ValueError for columns without a time zone, negative seconds, and if
    the calendar stays closed for ten years.
    """
    begins_at, begins_known = _epoch_seconds(starts)
    promised = pl.Series([seconds]).new_from_index(0, len(starts)) if isinstance(seconds, int) else seconds
    known = begins_known & promised.is_not_null().to_numpy()
    wanted = promised.fill_null(0).cast(pl.Int64).to_numpy()
    if (wanted < 0).any():
        raise ValueError("a promise of fewer than 0 seconds lies in the past")
    instants = begins_at.copy()
    rows = np.flatnonzero(known & (wanted > 0))
    if len(rows):
        table = _table(calendar, begins_at[rows].min(), begins_at[rows].max())
        goal = table.worked_before(begins_at[rows]) + wanted[rows]
        table = _long_enough(calendar, table, int(goal.max()))
        goal = table.worked_before(begins_at[rows]) + wanted[rows]
        instants[rows] = table.instant_of(goal)
    return _with_nulls(starts.name, instants * 1_000_000, known).cast(pl.Datetime("us", "UTC"))


@dataclass(frozen=True, eq=False)
class _Table:
    """Cumulative calendar from `first_day` (days since 1970, UTC) on; arrays have one row per day."""

    first_day: int
    last_day: int
    worked: Seconds  # working seconds before the day, one more entry than days
    opens: Seconds  # span by day: second of the UTC day at which it opens
    lengths: Seconds  # span by day: its length in seconds, 0 = no such span

    def worked_before(self, instants: Seconds) -> Seconds:
        """Working seconds between the table's beginning and each instant."""
        result = np.empty(len(instants), dtype=np.int64)
        for begin in range(0, len(instants), CHUNK_ROWS):
            chunk = instants[begin : begin + CHUNK_ROWS]
            day = np.clip(chunk // DAY_SECONDS - self.first_day, 0, len(self.worked) - 2)
            second = chunk - (day + self.first_day) * DAY_SECONDS
            total = self.worked[day]
            for opens, lengths in zip(self.opens, self.lengths, strict=True):
                total += np.clip(second - opens[day], 0, lengths[day])
            result[begin : begin + CHUNK_ROWS] = total
        return result

    def instant_of(self, worked: Seconds) -> Seconds:
        """The earliest instant with so many (at least one) working seconds before it."""
        day = np.searchsorted(self.worked, worked, side="left") - 1
        left = worked - self.worked[day]
        instants = np.zeros(len(worked), dtype=np.int64)
        for opens, lengths in zip(self.opens, self.lengths, strict=True):
            here = (left > 0) & (left <= lengths[day])
            instants[here] = ((day + self.first_day) * DAY_SECONDS + opens[day] + left)[here]
            left = left - lengths[day]
        return instants


def _table(calendar: Calendar, first: int, last: int) -> _Table:
    """The calendar from one instant to another, widened to whole years of days so that neighbours share it."""
    year = 366
    first_day, last_day = int(first) // DAY_SECONDS, int(last) // DAY_SECONDS + 1
    return _build_table(calendar, first_day // year * year, -(-last_day // year) * year)


def _long_enough(calendar: Calendar, table: _Table, worked: int) -> _Table:
    """The table, longer if needed, until it holds so many working seconds."""
    while table.worked[-1] < worked:
        longer = _build_table(calendar, table.first_day, table.last_day + LONGEST_CLOSURE_DAYS)
        if longer.worked[-1] == table.worked[-1]:
            raise ValueError(f"no open hour within {LONGEST_CLOSURE_DAYS} days")
        table = longer
    return table


@lru_cache(maxsize=16)
def _build_table(calendar: Calendar, first_day: int, last_day: int) -> _Table:
    spans: list[list[tuple[int, int]]] = [[] for _ in range(last_day - first_day)]
    for day in range(first_day - 1, last_day + 1):  # a local date reaches into its neighbours in UTC
        for begins_at, ends_at in calendar.open_spans((EPOCH + timedelta(days=day)).date()):
            while begins_at < ends_at:
                utc_day = begins_at // DAY_SECONDS
                until = min(ends_at, (utc_day + 1) * DAY_SECONDS)
                if first_day <= utc_day < last_day:
                    spans[utc_day - first_day].append((begins_at % DAY_SECONDS, until - begins_at))
                begins_at = until
    most = max(map(len, spans))
    opens, lengths = np.zeros((2, most, len(spans)), dtype=np.int64)
    for position, of_day in enumerate(spans):
        for number, (second, length) in enumerate(sorted(of_day)):
            opens[number, position], lengths[number, position] = second, length
    worked = np.concatenate([[0], np.cumsum(lengths.sum(axis=0))])
    return _Table(first_day, last_day, worked, opens, lengths)


def _epoch_seconds(instants: pl.Series) -> tuple[Seconds, NDArray[np.bool_]]:
    """Whole seconds since 1970 UTC (0 where unknown), and which rows are known."""
    if not isinstance(instants.dtype, pl.Datetime) or instants.dtype.time_zone is None:
        raise ValueError(f"column {instants.name!r} is {instants.dtype}; working time needs Datetime with a time zone")
    per_second = {"ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[instants.dtype.time_unit]
    seconds = instants.to_physical().fill_null(0).to_numpy() // per_second
    return seconds, instants.is_not_null().to_numpy()


def _with_nulls(name: str, values: Seconds, known: NDArray[np.bool_]) -> pl.Series:
    column = pl.when(pl.lit(pl.Series(known))).then(pl.lit(pl.Series(values)))
    return pl.select(column.alias(name)).to_series()
