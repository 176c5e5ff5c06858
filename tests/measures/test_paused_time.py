"""Pauses of whole columns agree with pauses of one row, to the second."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures import paused_time
from measures.working_time import Calendar
from tests.golden import load
from tests.measures.test_working_time import golden_calendar, pair

SHIFTS = {weekday: [("08:30", "12:00"), ("12:45", "17:15")] for weekday in range(5)} | {5: [("09:00", "13:00")]}
CALENDARS = st.sampled_from(
    [
        Calendar("Europe/Berlin", SHIFTS, "BW", ["12-24"]),
        Calendar("Europe/Berlin", {weekday: [("00:00", "24:00")] for weekday in range(7)}),
        Calendar("Pacific/Auckland", {6: [("01:15:30", "03:45"), ("04:00", "24:00")]}),
    ]
)
MOMENTS = st.datetimes(datetime(2026, 3, 20), datetime(2026, 4, 20), timezones=st.just(UTC))
SPANS = st.tuples(MOMENTS, MOMENTS).map(sorted)
ROWS = st.lists(st.tuples(SPANS, st.lists(SPANS, max_size=4)), min_size=1, max_size=8)


def columns(rows):
    """Starts, ends and the table of pauses, in no helpful order."""
    spans = pl.DataFrame([span for span, _ in rows], schema={"starts": TIME, "ends": TIME}, orient="row")
    told = [(number, *pause) for number, (_, pauses) in enumerate(rows) for pause in pauses]
    return spans["starts"], spans["ends"], pl.DataFrame(told[::-1], schema=paused_time.PAUSES, orient="row")


TIME = pl.Datetime("us", "UTC")


@given(CALENDARS, ROWS)
def test_seconds_equal_the_exact_twin(calendar, rows):
    starts, ends, pauses = columns(rows)
    found = paused_time.seconds_between(calendar, starts, ends, pauses)
    assert found.to_list() == [calendar.seconds_between(*span, own) for span, own in rows]


@given(CALENDARS, ROWS, st.integers(0, 200 * 3_600))
def test_due_equals_the_exact_twin(calendar, rows, seconds):
    starts, _, pauses = columns(rows)
    found = paused_time.due(calendar, starts, seconds, pauses)
    assert found.to_list() == [calendar.due(span[0], seconds, own) for span, own in rows]


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["id"]) for case in load("sla_business_hours_25_cases")["expected"]["cases"]]
)
def test_golden_case_as_a_column(case):
    calendar = golden_calendar(case)
    starts, ends, pauses = columns([(pair(case["start_utc"], case["end_utc"]), [pair(*p) for p in case["pauses_utc"]])])
    assert paused_time.seconds_between(calendar, starts, ends, pauses).to_list() == [case["elapsed_business_seconds"]]
    if "due_utc" in case:
        due_at = paused_time.due(calendar, starts, case["target_business_seconds"], pauses)
        assert due_at.to_list() == [datetime.fromisoformat(case["due_utc"])]


def test_rows_without_a_time_or_a_promise_stay_unknown():
    calendar, nine = Calendar("Europe/Berlin", SHIFTS), datetime(2026, 3, 23, 8, tzinfo=UTC)
    starts = pl.Series([nine, None, nine], dtype=TIME)
    pauses = pl.DataFrame(
        [(row, nine, nine + timedelta(hours=1)) for row in range(3)], schema=paused_time.PAUSES, orient="row"
    )
    due_at = paused_time.due(calendar, starts, pl.Series([60, 60, None]), pauses)
    assert due_at.to_list() == [nine + timedelta(hours=1, minutes=1), None, None]
    assert paused_time.seconds_between(calendar, starts, starts, pauses).to_list() == [0, None, 0]
