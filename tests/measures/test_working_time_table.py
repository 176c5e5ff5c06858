"""The vectorised clock of the build agrees with the exact one, row by row."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from measures import working_time_table
from measures.working_time import Calendar

SHIFTS = {weekday: [("08:30", "12:00"), ("13:00", "17:30")] for weekday in range(5)} | {5: [("09:00", "12:00")]}
CALENDARS = st.sampled_from(
    [
        Calendar("Europe/Berlin", SHIFTS, "NW", ["2026-12-24"]),
        Calendar("Europe/Berlin", {weekday: [("00:00", "24:00")] for weekday in range(7)}),
        Calendar("America/Los_Angeles", SHIFTS, closures=["2026-11-27"]),
        Calendar("Pacific/Auckland", {6: [("01:15:30", "03:45"), ("04:00", "24:00")]}),
    ]
)
CLOCK_CHANGES = [datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)]
MOMENTS = st.one_of(
    st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC)),
    st.builds(
        lambda change, minutes: change + timedelta(minutes=minutes),
        st.sampled_from(CLOCK_CHANGES),
        st.integers(-99, 99),
    ),
)
ROWS = st.lists(st.tuples(MOMENTS, MOMENTS).map(sorted), min_size=1, max_size=20)


def column(moments: list[datetime | None], unit: str = "us") -> pl.Series:
    return pl.Series("moment", moments, dtype=pl.Datetime(unit, "UTC"))  # type: ignore[arg-type]


@given(CALENDARS, ROWS)
@example(
    Calendar("Europe/Berlin", SHIFTS), [[datetime(1969, 12, 31, tzinfo=UTC), datetime(1970, 1, 2, 12, tzinfo=UTC)]]
)
def test_seconds_equal_the_exact_twin(calendar: Calendar, rows: list[list[datetime]]) -> None:
    starts, ends = [row[0] for row in rows], [row[1] for row in rows]
    seconds = working_time_table.seconds_between(calendar, column([*starts]), column([*ends]))
    assert seconds.dtype == pl.Int64
    assert seconds.to_list() == [calendar.seconds_between(start, end) for start, end in rows]


@given(CALENDARS, ROWS, st.integers(0, 2_000 * 3_600))
def test_due_equals_the_exact_twin(calendar: Calendar, rows: list[list[datetime]], seconds: int) -> None:
    starts = [row[0] for row in rows]
    due_at = working_time_table.due(calendar, column([*starts]), seconds)
    assert due_at.dtype == pl.Datetime("us", "UTC")
    assert due_at.to_list() == [calendar.due(start, seconds) for start in starts]


def test_each_row_may_have_its_own_promise() -> None:
    calendar = Calendar("Europe/Berlin", SHIFTS)
    monday = datetime(2026, 3, 9, 8, tzinfo=UTC)
    due_at = working_time_table.due(calendar, column([monday, monday, None, monday]), pl.Series([0, 3_600, 60, None]))
    assert due_at.to_list() == [monday, monday + timedelta(hours=1), None, None]


def test_unknown_and_reversed_times_are_null_not_zero() -> None:
    calendar = Calendar("Europe/Berlin", SHIFTS)
    nine, ten = datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC)
    seconds = working_time_table.seconds_between(
        calendar, column([nine, None, nine, ten, None]), column([ten, ten, None, nine, None])
    )
    assert seconds.to_list() == [3_600, None, None, None, None]
    assert seconds.name == "moment"


@pytest.mark.parametrize("rows", [pytest.param(0, id="no rows"), pytest.param(3, id="only nulls")])
def test_nothing_known_gives_nothing(rows: int) -> None:
    calendar, nothing = Calendar("Europe/Berlin", SHIFTS), column([None] * rows)
    assert working_time_table.seconds_between(calendar, nothing, nothing).to_list() == [None] * rows
    assert working_time_table.due(calendar, nothing, 60).to_list() == [None] * rows


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_every_time_unit_counts_seconds(unit: str) -> None:
    calendar = Calendar("Europe/Berlin", SHIFTS)
    starts = column([datetime(2026, 3, 9, 9, tzinfo=UTC)], unit)
    ends = column([datetime(2026, 3, 9, 9, 0, 7, tzinfo=UTC)], unit)
    assert working_time_table.seconds_between(calendar, starts, ends).to_list() == [7]


def test_another_zone_of_the_column_changes_nothing() -> None:
    calendar = Calendar("Europe/Berlin", SHIFTS)
    starts, ends = column([datetime(2026, 3, 9, 7, tzinfo=UTC)]), column([datetime(2026, 3, 9, 9, tzinfo=UTC)])
    in_tokyo = [moments.dt.convert_time_zone("Asia/Tokyo") for moments in (starts, ends)]
    expected = working_time_table.seconds_between(calendar, starts, ends).to_list()
    assert working_time_table.seconds_between(calendar, *in_tokyo).to_list() == expected == [5_400]


def test_a_column_without_zone_is_refused() -> None:
    naive = pl.Series("answered_at", [datetime(2026, 3, 9)])
    with pytest.raises(ValueError, match="'answered_at'"):
        working_time_table.seconds_between(Calendar("Europe/Berlin", SHIFTS), naive, naive)


def test_a_negative_promise_and_a_calendar_closed_for_good_are_refused() -> None:
    start = datetime(2026, 3, 9, 9, tzinfo=UTC)
    with pytest.raises(ValueError, match="fewer than 0"):
        working_time_table.due(Calendar("Europe/Berlin", SHIFTS), column([start]), -1)
    closed = Calendar("Europe/Berlin", SHIFTS, closures=[date(2026, 1, 1) + timedelta(days=n) for n in range(9_000)])
    with pytest.raises(ValueError, match="no open hour"):
        working_time_table.due(closed, column([start]), 60)
