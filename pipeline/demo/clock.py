"""Time of the demo: the window, Berlin's clock, holidays and working hours, vectorised, made for the demo alone.

Instants are int64 seconds since 1970 in UTC; `NEVER` means "has not happened".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
NEVER = np.int64(2**62)
MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800
# hour of the day at which people act, weights from 0 to 23
HOURS = np.array(
    [2, 1, 1, 1, 2, 6, 18, 45, 90, 115, 118, 100, 62, 80, 98, 92, 75, 48, 30, 26, 24, 20, 12, 5], dtype=float
)


def epoch(day: date) -> int:
    """Seconds from 1970 to midnight of `day` on a clock without zone."""
    return (day - date(1970, 1, 1)).days * DAY


def last_sunday(year: int, month: int) -> date:
    """Day of the change of clocks in March or October."""
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


_SPRING = np.array([epoch(last_sunday(year, 3)) + HOUR for year in range(2000, 2060)])  # 01:00 UTC
_AUTUMN = np.array([epoch(last_sunday(year, 10)) + HOUR for year in range(2000, 2060)])


def to_local(instant: Seconds) -> Seconds:
    """Berlin wall clock as seconds. The second pass through the doubled autumn hour is written one hour later,
    so that no written time is ambiguous."""
    instant = np.asarray(instant, dtype=np.int64)
    year = np.searchsorted(_AUTUMN, instant, side="right")
    year_of_spring = np.searchsorted(_SPRING, instant, side="right")
    local = instant + HOUR + HOUR * (year_of_spring > year)
    in_second_pass = (year > 0) & (instant - _AUTUMN[np.maximum(year - 1, 0)] < HOUR) & (year_of_spring == year)
    return local + HOUR * in_second_pass


def to_utc(local: Seconds) -> Seconds:
    """Inverse of `to_local`; an hour that does not exist in spring moves forward, a doubled one is the first."""
    local = np.asarray(local, dtype=np.int64)
    is_summer = np.searchsorted(_SPRING + HOUR, local, side="right") > np.searchsorted(
        _AUTUMN + 2 * HOUR, local, side="right"
    )
    in_gap = np.isin(local // HOUR, (_SPRING + HOUR) // HOUR)
    return local - HOUR - HOUR * (is_summer & ~in_gap)


def local_datetime(instant: Seconds) -> NDArray[np.datetime64]:
    """Wall clock in Berlin; NaT for `NEVER`."""
    instant = np.asarray(instant, dtype=np.int64)
    known = instant < NEVER
    local = to_local(np.where(known, instant, 0)).astype("datetime64[s]")
    local[~known] = np.datetime64("NaT")
    return local


@dataclass(frozen=True)
class Window:
    """18 months (78 whole weeks) before `as_of`; the first day is a Monday."""

    as_of: int  # instant
    first_day: date
    last_day: date

    @property
    def start(self) -> int:
        """First instant of the window."""
        return int(to_utc(np.array([epoch(self.first_day)]))[0])

    def day(self, week: int, weekday: int = 0) -> date:
        """A day by its week in the window."""
        return self.first_day + timedelta(weeks=week, days=weekday)


def window(as_of: datetime, weeks: int) -> Window:
    """The window of so many whole weeks before the week of `as_of` (naive = Berlin)."""
    if as_of.tzinfo is not None:
        instant = int(as_of.timestamp())
    else:
        instant = int(to_utc(np.array([int(as_of.replace(tzinfo=UTC).timestamp())]))[0])
    local = datetime.fromtimestamp(int(to_local(np.array([instant]))[0]), UTC).date()
    monday = local - timedelta(days=local.weekday())
    return Window(instant, monday - timedelta(weeks=weeks), local)


def easter(year: int) -> date:
    """Easter Sunday (Gauss, Gregorian)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    m = (a + 11 * h) // 319
    j, k = c // 4, c % 4
    rest = (2 * e + 2 * j - k - h + m + 32) % 7
    month = (h - m + rest + 90) // 25
    return date(year, month, (h - m + rest + month + 19) % 32)


def holidays(year: int) -> set[date]:
    """Public holidays of Baden-Württemberg and the company's closing days."""
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in (-2, 1, 39, 50, 60)}
    fixed = {(1, 1), (1, 6), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26), (12, 24), (12, 31)}
    return moving | {date(year, month, day) for month, day in fixed}


class WorkingHours:
    """Open windows as one axis of business seconds: `elapsed` maps an instant onto it, `at` maps back."""

    def __init__(self, first_day: date, last_day: date, saturday: bool) -> None:
        starts, ends = [], []
        free = {day for year in range(first_day.year, last_day.year + 1) for day in holidays(year)}
        for offset in range((last_day - first_day).days + 1):
            day = first_day + timedelta(days=offset)
            weekday = day.weekday()
            if day in free or weekday == 6 or (weekday == 5 and not saturday):
                continue
            spans = [(8.5, 12.0), (12.75, 16.0 if weekday == 4 else 17.25)] if weekday < 5 else [(9.0, 13.0)]
            for opens, closes in spans:
                starts.append(epoch(day) + int(opens * HOUR))
                ends.append(epoch(day) + int(closes * HOUR))
        self._starts = to_utc(np.array(starts))
        lengths = to_utc(np.array(ends)) - self._starts
        self._lengths = lengths
        self._before = np.concatenate([[0], np.cumsum(lengths)[:-1]])

    def elapsed(self, instant: Seconds) -> Seconds:
        """Business seconds from the first opening to each instant."""
        at = np.maximum(np.searchsorted(self._starts, instant, side="right") - 1, 0)
        return self._before[at] + np.clip(instant - self._starts[at], 0, self._lengths[at])

    def at(self, business_seconds: Seconds) -> Seconds:
        """The instant at which so many business seconds have passed."""
        at = np.searchsorted(self._before, business_seconds, side="right") - 1
        return self._starts[at] + (business_seconds - self._before[at])

    def after(self, instant: Seconds, business_seconds: NDArray) -> Seconds:
        """The instant `business_seconds` later, counted in working time."""
        return self.at(self.elapsed(instant) + np.asarray(business_seconds).astype(np.int64))


def at_human_hour(rng: np.random.Generator, instant: Seconds) -> Seconds:
    """The same Berlin day at an hour at which people act; two of three weekend acts move to Thursday or Friday."""
    local_day = to_local(instant) // DAY
    weekday = (local_day + 3) % 7
    moves = (weekday >= 5) & (rng.random(len(instant)) < 0.66)
    local_day = local_day - np.where(moves, 2, 0)
    hour = np.searchsorted(np.cumsum(HOURS / HOURS.sum()), rng.random(len(instant)), side="right")
    second = np.minimum(hour, 23) * HOUR + rng.integers(0, HOUR, len(instant))
    return to_utc(local_day * DAY + second)
