"""Weeks and fiscal years around their edges."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.calendar_weeks import (
    fiscal_quarter,
    fiscal_quarter_start,
    fiscal_year_label,
    fiscal_year_start,
    week_label,
    week_start,
    weeks_in_year,
    year_earlier,
)
from tests.golden import load

GOLDEN = load("de_calendar_week_fiscal")["expected"]
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(1, 12)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["date"]) for row in GOLDEN["iso"]])
def test_week_of_a_day(row: dict[str, Any]) -> None:
    day = date.fromisoformat(row["date"])
    assert week_label(day) == row["label"]
    assert (day - week_start(day)).days == row["weekday"] - 1


def test_years_with_53_weeks() -> None:
    long_years = [year for year in range(2015, 2040) if weeks_in_year(year) == 53]
    assert long_years == GOLDEN["years_with_53_weeks_2015_2039"]


@pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row['date']} from month {row['start']}") for row in GOLDEN["fiscal"]]
)
def test_fiscal_year_and_quarter(row: dict[str, Any]) -> None:
    day = date.fromisoformat(row["date"])
    assert fiscal_year_label(day, row["start"]) == row["label"]
    assert fiscal_quarter(day, row["start"]) == row["quarter"]


@pytest.mark.parametrize(
    ("week", "compared_with"),
    [
        pytest.param("2026-03-09", "KW 11/2025", id="an ordinary week has its namesake"),
        pytest.param("2026-12-28", "KW 01/2026", id="week 53 is compared with the week 364 days earlier"),
        pytest.param("2027-01-04", "KW 02/2026", id="after a long year the numbers are one apart"),
    ],
)
def test_year_on_year(week: str, compared_with: str) -> None:
    earlier = year_earlier(date.fromisoformat(week))
    assert week_label(earlier) == compared_with
    assert week_start(earlier) == earlier


def test_the_century_turns_in_the_label() -> None:
    assert fiscal_year_label(date(1999, 10, 1), 10) == "GJ 1999/00"


def test_another_language_brings_its_own_word() -> None:
    assert week_label(date(2026, 12, 31), "Week") == "Week 53/2026"
    assert fiscal_year_label(date(2026, 1, 15), 4, "FY") == "FY 2025/26"


@pytest.mark.parametrize("month", [0, 13])
def test_a_month_that_does_not_exist_is_refused(month: int) -> None:
    with pytest.raises(ValueError, match=f"month {month}"):
        fiscal_year_start(date(2026, 1, 1), month)


@given(DAYS)
def test_a_week_runs_from_monday_to_sunday_under_one_label(day: date) -> None:
    monday = week_start(day)
    assert monday.weekday() == 0
    assert {week_label(monday + timedelta(days=n)) for n in range(7)} == {week_label(day)}
    assert week_label(monday - timedelta(days=1)) != week_label(day)


@given(DAYS, MONTHS)
def test_a_day_lies_in_its_fiscal_quarter_and_that_in_its_year(day: date, month: int) -> None:
    year, quarter = fiscal_year_start(day, month), fiscal_quarter_start(day, month)
    assert year <= quarter <= day < quarter + timedelta(days=92)
    assert fiscal_quarter(quarter, month) == fiscal_quarter(day, month)
    assert fiscal_quarter(quarter - timedelta(days=1), month) == (fiscal_quarter(day, month) - 2) % 4 + 1
