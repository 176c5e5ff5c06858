"""The document can be taken out, read back and compared, and nothing is lost on the way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from agreement import Agreement, load
from agreement.document import Change, changes, differences, next_closed_days, since, to_toml
from agreement.terms import from_toml

NASTY = 'Team "Süd" \\ <b>#1</b>\x7f\n= [x] ‘€’'


def amended(*amendments: dict[str, Any]) -> Agreement:
    """The default terms with these amendments."""
    return Agreement({**load().document, "amendment": list(amendments)})


AGREEMENT = amended(
    {"valid_from": "2026-01-01", "targets": {"won_revenue": 2e6, "by_team": {"Nord": 5e5, "Süd.West": 1}}},
    {
        "valid_from": "2026-04-01",
        "response": {"minutes": {"demo_request": 45}},
        "without": ["targets.by_team.Süd.West"],
    },
    {"valid_from": "2026-07-01", "response": {"minutes": {"demo_request": 40}, "target": 0.85}},
)


@pytest.mark.parametrize("agreement", [load(), AGREEMENT], ids=["the default", "with amendments"])
def test_the_document_written_as_toml_reads_back_as_the_same_version(agreement: Agreement) -> None:
    again = from_toml(to_toml(agreement))
    assert again.document == agreement.document
    assert again.version == agreement.version
    assert to_toml(again) == to_toml(agreement)


@given(st.text(min_size=1, max_size=20) | st.just(NASTY), st.floats(0.01, 1e9), st.text(min_size=1, max_size=50))
def test_any_name_number_and_text_survives(team: str, amount: float, rule: str) -> None:
    agreement = amended({"valid_from": "2026-01-01", "targets": {"won_revenue": 2e9, "by_team": {team: amount}},
                         "stages": {"mql": {"en": rule + "!", "de": rule}}})  # fmt: skip
    assert from_toml(to_toml(agreement)).version == agreement.version


def test_every_term_of_the_written_document_has_its_comment_in_the_reader_s_language() -> None:
    locales.use("de")
    lines = to_toml(AGREEMENT, locales._).splitlines()
    assert "# Zugesagte Erfüllung: Der Vertrieb sagt diese Reaktionszeit für … der fälligen Leads zu." in lines
    headers = [line for line in lines if line.startswith("[") and line != "[[amendment]]"]
    assert all(lines[lines.index(header) - 1].startswith("# ") for header in headers)


def test_differences_name_the_term_both_values_and_the_day() -> None:
    assert differences(load(), AGREEMENT) == [
        Change("targets.won_revenue", None, 2_000_000, date(2026, 1, 1)),
        Change("targets.by_team.Nord", None, 500_000, date(2026, 1, 1)),
        Change("targets.by_team.Süd.West", None, 1, date(2026, 1, 1)),
        Change("response.minutes.demo_request", 60, 45, date(2026, 4, 1)),
        Change("response.minutes.demo_request", 60, 40, date(2026, 7, 1)),
        Change("response.target", 0.9, 0.85, date(2026, 7, 1)),
    ]
    assert differences(AGREEMENT, AGREEMENT) == []


def test_an_earlier_start_of_the_same_values_is_no_difference_before_it() -> None:
    """The first terms also judge the days before them, so an earlier start alone changes nothing."""
    earlier = Agreement({**load().document, "valid_from": "2015-01-01"})
    assert differences(load(), earlier) == []
    assert earlier.version != load().version


def test_a_rule_in_words_is_one_term() -> None:
    agreement = amended({"valid_from": "2026-01-01", "stages": {"sal": {"de": "Angenommen."}}})
    (change,) = differences(load(), agreement)
    assert change.term == "stages.sal"
    assert (change.old["de"], change.new["de"]) == (
        "Der Vertrieb hat den Lead geprüft und übernimmt ihn.",
        "Angenommen.",
    )


def test_both_ways_of_comparing_agree() -> None:
    forth = changes(load().terms_on(date(2026, 1, 1)), AGREEMENT.terms_on(date(2026, 8, 1)), date(2026, 8, 1))
    back = changes(AGREEMENT.terms_on(date(2026, 8, 1)), load().terms_on(date(2026, 1, 1)), date(2026, 8, 1))
    assert [(c.term, c.old, c.new) for c in forth] == [(c.term, c.new, c.old) for c in back]


@pytest.mark.parametrize(
    ("term", "day", "expected"),
    [
        pytest.param("response.target", "2026-06-30", "2020-01-01", id="never changed so far"),
        pytest.param("response.target", "2026-07-01", "2026-07-01", id="changed today"),
        pytest.param("response.minutes.demo_request", "2026-05-01", "2026-04-01", id="one entry of a group"),
        pytest.param("response.minutes.list", "2026-12-31", "2020-01-01", id="its neighbour did not change"),
        pytest.param("response", "2026-12-31", "2026-07-01", id="a section changes with each of its terms"),
        pytest.param("targets.by_team.Süd.West", "2026-12-31", "2026-04-01", id="what was taken away, since then"),
        pytest.param("response.target", "1999-01-01", "2020-01-01", id="before the first terms"),
    ],
)
def test_since_when_a_term_is_as_it_is(term: str, day: str, expected: str) -> None:
    assert since(AGREEMENT, term, date.fromisoformat(day)) == date.fromisoformat(expected)


def test_the_next_closed_days_are_holidays_of_the_land_and_closures_in_order() -> None:
    hours = amended(
        {"valid_from": "2026-01-01", "working_time": {"subdivision": "BW", "closures": ["12-24", "2026-12-28"]}}
    )
    days = next_closed_days(hours.terms_on(date(2026, 6, 1)).working_time, "Europe/Berlin", date(2026, 12, 24), 6)
    assert [(found.day.isoformat(), found.name, found.costs_hours) for found in days] == [
        ("2026-12-24", None, True),
        ("2026-12-25", "Erster Weihnachtstag", True),
        ("2026-12-26", "Zweiter Weihnachtstag", False),
        ("2026-12-28", None, True),
        ("2027-01-01", "Neujahr", True),
        ("2027-01-06", "Heilige Drei Könige", True),
    ]


def test_holidays_are_named_in_english_too() -> None:
    hours = load().terms_on(date(2026, 1, 1)).working_time
    (first,) = next_closed_days(hours, "Europe/Berlin", date(2026, 1, 1), 1, "en")
    assert first.name == "New Year's Day"
    assert (
        next_closed_days(hours.model_copy(update={"subdivision": None, "closures": ()}), "UTC", date(2026, 1, 1)) == []
    )
