"""What the address asks for is shown, or falls back with a word on why; nothing in it can break a page."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.calendar_weeks import week_start
from ui.filters import CUSTOM, USUAL, period, periods, understood

WORDS = [word for word in periods() if word != CUSTOM]
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("word", "today", "first", "last"),
    [
        pytest.param("last_4_weeks", MONDAY, date(2026, 10, 26), date(2026, 11, 22), id="whole weeks that are over"),
        pytest.param(
            "last_4_weeks", date(2026, 11, 22), date(2026, 10, 26), date(2026, 11, 22), id="Sunday ends a week"
        ),
        pytest.param("last_13_weeks", MONDAY, date(2026, 8, 24), date(2026, 11, 22), id="a quarter of weeks"),
        pytest.param("this_quarter", MONDAY, date(2026, 10, 1), MONDAY, id="quarter so far"),
        pytest.param("last_quarter", MONDAY, date(2026, 7, 1), date(2026, 9, 30), id="quarter before"),
        pytest.param("last_quarter", date(2026, 2, 1), date(2025, 10, 1), date(2025, 12, 31), id="over the new year"),
        pytest.param("this_year", MONDAY, date(2026, 1, 1), MONDAY, id="year so far"),
        pytest.param("last_year", MONDAY, date(2025, 1, 1), date(2025, 12, 31), id="year before"),
    ],
)
def test_words_stand_for_days(word, today, first, last):
    days = period(word, today)
    assert (days.date_from, days.date_until) == (first, last + timedelta(days=1))


def test_fiscal_year_starts_in_its_month():
    assert period("this_year", MONDAY, start_month=10).date_from == date(2026, 10, 1)
    assert period("last_quarter", MONDAY, start_month=2).date_from == date(2026, 8, 1)


def test_everything_begins_with_the_first_record():
    assert period("all", MONDAY, date(2025, 3, 4)).date_from == date(2025, 3, 4)
    assert period("all", MONDAY).days == 1


@given(st.dates(date(2000, 1, 1), date(2099, 12, 1)), st.sampled_from(WORDS), st.integers(1, 12))
def test_periods_lie_before_tomorrow_and_are_never_empty(today, word, start_month):
    days = period(word, today, date(2000, 1, 1), start_month)
    assert days.days > 0
    assert days.date_until <= today + timedelta(days=1)
    if word.endswith("weeks"):
        assert week_start(days.date_from) == days.date_from
        assert days.days % 7 == 0


def test_what_the_address_asks_for_is_shown():
    wishes = {"period": "this_year", "team": "Süd", "segment": "Medizintechnik"}
    assert understood(wishes, ["Nord", "Süd"], ["Medizintechnik"]) == (wishes, [])


def test_a_range_of_days_needs_no_further_word():
    view, hints = understood({"from": "2026-01-05", "until": "2026-02-01"}, [], [])
    assert (view["period"], hints) == (CUSTOM, [])


@pytest.mark.parametrize(
    "wishes",
    [
        pytest.param({"period": "fortnight"}, id="unknown word"),
        pytest.param({"period": CUSTOM}, id="custom without days"),
        pytest.param({"from": "2026-02-30", "until": "2026-03-01"}, id="a day that is none"),
        pytest.param({"from": "2026-03-01", "until": "2026-02-01"}, id="backwards"),
        pytest.param({"from": "0001-01-01", "until": "9999-12-31"}, id="out of this world"),
        pytest.param({"from": "2026-01-01"}, id="half a range"),
    ],
)
def test_what_cannot_be_shown_falls_back_and_says_so(wishes):
    view, hints = understood(wishes, [], [])
    assert view == {"period": USUAL}
    assert len(hints) == 1


def test_an_unknown_team_is_named_harmlessly():
    view, hints = understood({"team": "![x](http://evil.example)"}, ["Nord"], [])
    assert "team" not in view
    assert "![x]" not in hints[0]


@given(st.dictionaries(st.sampled_from(["period", "from", "until", "team", "segment"]), st.text()))
def test_no_address_breaks_the_page(wishes):
    view, _ = understood(wishes, ["Nord"], ["Automotive"])
    assert view["period"] in periods()
    assert view.get("team") in (None, "Nord")
