"""Working time: the clock of the promises counts what it should, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from measures.working_time import Calendar, public_holidays
from tests.golden import load

OFFICE = {weekday: [("09:00", "17:00")] for weekday in range(5)}
ALWAYS = {weekday: [("00:00", "24:00")] for weekday in range(7)}
LUNCH = {weekday: [("08:00", "12:00"), ("13:00", "17:00")] for weekday in range(4)} | {
    4: [("08:00", "12:00"), ("13:00", "15:00")]
}
HOURS = {
    "Mo-Fr 09:00-17:00": OFFICE,
    "24x7": ALWAYS,
    "Mo-Do 08:00-12:00,13:00-17:00; Fr 08:00-12:00,13:00-15:00": LUNCH,
}
GOLDEN = load("sla_business_hours_25_cases")["expected"]["cases"]
BERLIN = ZoneInfo("Europe/Berlin")


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def golden_calendar(case: dict[str, Any]) -> Calendar:
    calendar = case["calendar"]
    return Calendar(calendar["tz"], HOURS[calendar["hours"]], calendar["subdiv"], calendar.get("extra_closed", ()))


def pair(start: str, end: str) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(start), datetime.fromisoformat(end)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["id"]) for case in GOLDEN])
def test_golden_case_to_the_second(case: dict[str, Any]) -> None:
    calendar = golden_calendar(case)
    start, end = pair(case["start_utc"], case["end_utc"])
    pauses = [pair(*pause) for pause in case["pauses_utc"]]

    elapsed = calendar.seconds_between(start, end, pauses)

    assert elapsed == case["elapsed_business_seconds"]
    assert calendar.seconds_between(*pair(case["start_local"], case["end_local"]), pauses) == elapsed
    if "breached" in case:
        assert (elapsed > case["target_business_seconds"]) is case["breached"]
    if "due_utc" in case:
        assert calendar.due(start, case["target_business_seconds"]) == datetime.fromisoformat(case["due_utc"])


def test_all_twenty_five_golden_cases_are_here() -> None:
    assert len(GOLDEN) == 25


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-03-13 16:00", "2026-03-16 10:00", 2, id="weekend does not count"),
        pytest.param("2026-03-10 12:00", "2026-03-10 12:00", 0, id="no time, no seconds"),
        pytest.param("2026-01-01 00:00", "2027-01-01 00:00", 261 * 8, id="a year without holidays"),
    ],
)
def test_office_hours(start: str, end: str, hours: float) -> None:
    assert Calendar("Europe/Berlin", OFFICE).seconds_between(berlin(start), berlin(end)) == hours * 3_600


@pytest.mark.parametrize(
    ("windows", "day", "hours"),
    [
        pytest.param({6: [("01:00", "04:00")]}, "2026-03-29", 2, id="spring: 02:00 to 03:00 does not exist"),
        pytest.param({6: [("02:00", "03:00")]}, "2026-03-29", 0, id="spring: a window inside the gap is empty"),
        pytest.param({6: [("02:30", "05:00")]}, "2026-03-29", 2, id="spring: opens in the gap, so at 03:00"),
        pytest.param({6: [("01:00", "04:00")]}, "2026-10-25", 4, id="autumn: the hour from 02:00 comes twice"),
        pytest.param({6: [("02:30", "03:00")]}, "2026-10-25", 1, id="autumn: half past two to three comes twice"),
    ],
)
def test_nights_of_the_clock_change(windows: dict[int, list[tuple[str, str]]], day: str, hours: float) -> None:
    midnight = berlin(f"{day} 00:00")
    calendar = Calendar("Europe/Berlin", windows)
    assert calendar.seconds_between(midnight, midnight + timedelta(days=1)) == hours * 3_600


def test_a_night_shift_is_two_windows() -> None:
    night = Calendar("Europe/Berlin", {0: [("22:00", "24:00")], 1: [("00:00", "06:00")]})
    assert night.seconds_between(berlin("2026-03-09 21:00"), berlin("2026-03-10 07:00")) == 8 * 3_600
    assert night.due(berlin("2026-03-09 23:00"), 2 * 3_600) == berlin("2026-03-10 01:00")


def test_a_window_may_open_to_the_second() -> None:
    calendar = Calendar("Europe/Berlin", {1: [("08:30:01", "08:30:03")]})
    assert calendar.seconds_between(berlin("2026-03-10 08:00"), berlin("2026-03-10 09:00")) == 2


def test_fractions_of_a_second_are_cut_off() -> None:
    calendar = Calendar("Europe/Berlin", ALWAYS)
    start = berlin("2026-03-10 10:00:00.900000")
    assert calendar.seconds_between(start, berlin("2026-03-10 10:00:01.100000")) == 1


def test_overlapping_pauses_are_taken_out_once() -> None:
    calendar = Calendar("Europe/Berlin", OFFICE)
    pauses = [
        (berlin("2026-03-10 12:00"), berlin("2026-03-10 14:00")),
        (berlin("2026-03-10 10:00"), berlin("2026-03-10 13:00")),
        (berlin("2026-03-10 12:30"), berlin("2026-03-10 12:45")),
    ]
    assert calendar.seconds_between(berlin("2026-03-10 09:00"), berlin("2026-03-10 17:00"), pauses) == 4 * 3_600
    assert calendar.due(berlin("2026-03-10 09:00"), 2 * 3_600, pauses) == berlin("2026-03-10 15:00")


def test_a_promise_is_due_as_the_office_closes_not_the_next_morning() -> None:
    due_at = Calendar("Europe/Berlin", OFFICE).due(berlin("2026-03-10 16:00"), 3_600)
    assert due_at == berlin("2026-03-10 17:00")
    assert due_at.tzinfo is UTC


def test_a_promise_of_zero_seconds_is_due_at_once() -> None:
    saturday = berlin("2026-03-14 11:00")
    assert Calendar("Europe/Berlin", OFFICE).due(saturday, 0) == saturday


@pytest.mark.parametrize("land", load("de_holidays_2026_by_land")["expected"]["holidays"])
def test_public_holidays_and_working_days_of_each_land(land: str) -> None:
    expected = load("de_holidays_2026_by_land")["expected"]
    assert {day.isoformat(): name for day, name in public_holidays(land, 2026).items()} == expected["holidays"][land]

    calendar = Calendar("Europe/Berlin", OFFICE, land)
    for year in (2025, 2026, 2027):
        days = calendar.working_days(date(year, 1, 1), date(year + 1, 1, 1))
        assert len(days) == expected["working_days"][str(year)][land]
        assert not set(days) & set(public_holidays(land, year))


def test_christmas_eve_is_a_working_day_until_the_company_closes() -> None:
    eve = date(2026, 12, 24)
    assert Calendar("Europe/Berlin", OFFICE, "NW").is_working_day(eve)
    for closure in (eve, "2026-12-24", "12-24"):
        assert not Calendar("Europe/Berlin", OFFICE, "NW", [closure]).is_working_day(eve)


def test_a_closure_without_year_comes_every_year() -> None:
    calendar = Calendar("Europe/Berlin", OFFICE, closures=["12-24", "2025-12-31", "02-29"])
    eves = [date(year, 12, 24) for year in (2024, 2025, 2026)]
    assert not any(calendar.is_working_day(eve) for eve in eves)
    assert not calendar.is_working_day(date(2025, 12, 31))
    assert calendar.is_working_day(date(2026, 12, 31))


def test_equal_calendars_share_a_cache_entry() -> None:
    one = Calendar("Europe/Berlin", OFFICE, "NW", ["2026-12-24"])
    other = Calendar("Europe/Berlin", dict(reversed(OFFICE.items())), "NW", [date(2026, 12, 24)])
    assert {one: "kept"}[other] == "kept"
    assert one != Calendar("Europe/Berlin", OFFICE, "BE", ["2026-12-24"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("Europe/Berlinn", OFFICE), "unknown time zone", id="zone misspelt"),
        pytest.param(("Europe/Berlin", OFFICE, "NRW"), "unknown Bundesland 'NRW'", id="Bundesland misspelt"),
        pytest.param(("Europe/Berlin", {}), "never opens", id="no window"),
        pytest.param(("Europe/Berlin", {7: [("09:00", "17:00")]}), "weekday 7", id="an eighth day"),
        pytest.param(("Europe/Berlin", {0: [("22:00", "06:00")]}), "two windows", id="night in one window"),
        pytest.param(("Europe/Berlin", {0: [("09:00", "13:00"), ("12:00", "17:00")]}), "overlap", id="overlap"),
        pytest.param(("Europe/Berlin", {0: [("09:00", "25:00")]}), "'25:00'", id="25 o'clock"),
        pytest.param(("Europe/Berlin", OFFICE, None, ["24.12."]), "closure '24.12.'", id="closure in German"),
        pytest.param(("Europe/Berlin", {0: [("9 Uhr", "17:00")]}), "'9 Uhr'", id="words instead of a time"),
    ],
)
def test_a_wrong_calendar_says_what_is_wrong(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Calendar(*arguments)


def test_wrong_questions_are_refused() -> None:
    calendar = Calendar("Europe/Berlin", OFFICE)
    noon = berlin("2026-03-10 12:00")
    with pytest.raises(ValueError, match="no time zone"):
        calendar.seconds_between(noon.replace(tzinfo=None), noon)
    with pytest.raises(ValueError, match="lies before the start"):
        calendar.seconds_between(noon, noon - timedelta(seconds=1))
    with pytest.raises(ValueError, match="in the past"):
        calendar.due(noon, -1)
    with pytest.raises(TypeError, match="whole day"):
        Calendar("Europe/Berlin", OFFICE, closures=[noon])


def test_a_calendar_that_closes_for_good_is_reported() -> None:
    closed_for_good = [date(2026, 3, 10) + timedelta(days=n) for n in range(3_700)]
    calendar = Calendar("Europe/Berlin", OFFICE, closures=closed_for_good)
    with pytest.raises(ValueError, match="no open hour"):
        calendar.due(berlin("2026-03-10 12:00"), 1)


CALENDARS = st.sampled_from(
    [
        Calendar("Europe/Berlin", OFFICE, "BY"),
        Calendar("Europe/Berlin", LUNCH, "SN", ["2026-12-24", "2026-12-31"]),
        Calendar("Europe/Berlin", ALWAYS),
        Calendar("America/New_York", {5: [("20:00", "24:00")], 6: [("00:00", "03:30")]}),
        Calendar("Pacific/Kiritimati", OFFICE),
        Calendar("Australia/Lord_Howe", {6: [("01:00", "02:15")]}),
    ]
)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 31), timezones=st.just(UTC))


@given(CALENDARS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted), st.tuples(MOMENTS, MOMENTS).map(sorted))
def test_parts_add_up_to_the_whole(calendar: Calendar, moments: list[datetime], pause: list[datetime]) -> None:
    start, middle, end = moments
    pauses = [(pause[0], pause[1])]
    parts = calendar.seconds_between(start, middle, pauses) + calendar.seconds_between(middle, end, pauses)
    assert parts == calendar.seconds_between(start, end, pauses)


@given(CALENDARS, MOMENTS, st.integers(1, 400 * 3_600), st.tuples(MOMENTS, MOMENTS).map(sorted))
def test_due_is_the_inverse_of_seconds_between(
    calendar: Calendar, start: datetime, seconds: int, pause: list[datetime]
) -> None:
    pauses = [(pause[0], pause[1])]
    due_at = calendar.due(start, seconds, pauses)
    assert calendar.seconds_between(start, due_at, pauses) == seconds
    assert calendar.seconds_between(start, due_at - timedelta(seconds=1), pauses) == seconds - 1, "the earliest instant"


@given(CALENDARS, MOMENTS, st.integers(0, 72 * 60))
@example(Calendar("Europe/Berlin", ALWAYS), datetime(2026, 3, 28, 12, tzinfo=UTC), 48 * 60)
@example(Calendar("Europe/Berlin", ALWAYS), datetime(2026, 10, 24, 12, tzinfo=UTC), 48 * 60)
@example(Calendar("Australia/Lord_Howe", {6: [("01:00", "02:15")]}), datetime(2026, 4, 4, 12, tzinfo=UTC), 24 * 60)
def test_counting_minute_by_minute_gives_the_same(calendar: Calendar, start: datetime, minutes: int) -> None:
    start = start.replace(second=0, microsecond=0)
    counted = sum(is_open(calendar, start + timedelta(minutes=n)) for n in range(minutes))
    assert calendar.seconds_between(start, start + timedelta(minutes=minutes)) == 60 * counted


def is_open(calendar: Calendar, minute: datetime) -> bool:
    wall = minute.astimezone(calendar.zone)
    second = 3_600 * wall.hour + 60 * wall.minute
    windows = calendar.windows.get(wall.weekday(), ())
    return calendar.is_working_day(wall.date()) and any(opens <= second < closes for opens, closes in windows)
