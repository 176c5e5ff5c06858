"""The agreement reads as a document in both languages; no term is a bare name, no value a bare Python object."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, get_args

import pytest

import locales
from agreement import Agreement, Terms, TermsError, load
from agreement.sections import CHANNELS, LEAD_TYPES, Bundesland, Model
from agreement.terms import term_names
from agreement.wording import CHAPTERS, WORDING
from findings import terms as in_words
from findings import words

LANGUAGES = pytest.mark.parametrize("language", ["de", "en"])


def terms(**changes: Any) -> Terms:
    """The default terms, changed from 1 January 2026."""
    document = load().document | ({"amendment": [{"valid_from": "2026-01-01", **changes}]} if changes else {})
    return Agreement(document).terms_on(date(2026, 1, 1))


@pytest.fixture(autouse=True)
def _spoken(request: pytest.FixtureRequest) -> None:
    locales.use(request.getfixturevalue("language") if "language" in request.fixturenames else "en")


def test_every_term_and_every_section_is_put_in_words_in_the_order_of_the_document() -> None:
    assert list(WORDING) == term_names()
    assert list(CHAPTERS) == list(Terms.model_fields)
    assert {said.unit for said in WORDING.values()} == set(in_words.known_units())


def test_german_says_it_in_german() -> None:
    german = locales.catalogue("de")
    same = {"Attribution", "Marketing", "Markov", "Shapley"}  # words of both languages
    texts = {
        text
        for said in [*WORDING.values(), *CHAPTERS.values()]
        for text in vars(said).values()
        if text and text not in same and (" " in text or text[0].isupper())
    }
    assert len(texts) > 150
    assert [text for text in texts if german.gettext(text) == text] == []


@LANGUAGES
def test_the_document_holds_every_value_and_leaves_no_gap(language: str) -> None:
    read = in_words.chapters(terms())
    lines = [
        part
        for chapter in read
        for clause in chapter.clauses
        for part in (clause.title, clause.sentence, *(word for entry in clause.entries for word in entry))
    ]
    assert [chapter.section for chapter in read] == list(CHAPTERS)
    assert [line for line in lines if not line or re.search(r"[{}\[\]_]|\bNone\b|\bTrue\b|\bFalse\b|\.\.", line)] == []


@pytest.mark.parametrize(
    ("term", "german", "english"),
    [
        pytest.param("company.fiscal_year_start_month", "Januar", "January", id="a month by its name"),
        pytest.param("response.target", "90\xa0%", "90%", id="a share in per cent"),
        pytest.param("delivery.accepted_value", "150.000\xa0€", "€150,000", id="money in the reporting currency"),
        pytest.param("response.minutes.contact_request", "2 Geschäftsstunden", "2 business hours", id="hours"),
        pytest.param("response.warn_minutes_before_due", "30 Geschäftsminuten", "30 business minutes", id="minutes"),
        pytest.param("working_time.closures", "24.12. und 31.12.", "24/12 and 31/12", id="days of every year"),
        pytest.param("working_time.subdivision", "Nordrhein-Westfalen", "Nordrhein-Westfalen", id="a Bundesland"),
        pytest.param("privacy.person_views", "werden nicht gezeigt", "are not shown", id="no is a sentence"),
        pytest.param("targets.win_rate", "Ein Ziel ist nicht vereinbart.", "No target is agreed.", id="nothing agreed"),
        pytest.param("attribution.agreed_model", "W-förmig", "W-shaped", id="a model by its name"),
        pytest.param("stages.sal", "Der Vertrieb hat den Lead geprüft", "Sales has looked at the lead",
                     id="a rule in the reader's own words"),
    ],
)  # fmt: skip
def test_a_value_is_written_as_the_reader_writes_it(term: str, german: str, english: str) -> None:
    for language, expected in (("de", german), ("en", english)):
        locales.use(language)
        assert expected in in_words.in_one_line(term, terms())


@LANGUAGES
def test_opening_hours_are_one_clause_with_a_line_per_day(language: str) -> None:
    chapter = {chapter.section: chapter for chapter in in_words.chapters(terms())}["extended_hours"]
    assert len(chapter.clauses) == 3
    monday, *_rest, saturday, sunday = [hours for _, hours in chapter.clauses[-1].entries]
    closed = {"de": "geschlossen", "en": "closed"}[language]
    assert (monday, saturday, sunday) == ("08:00–18:00", "09:00–13:00", closed)


def test_a_company_without_extended_hours_says_so() -> None:
    without = terms(without=["extended_hours"], response={"extended_hours_for": []})
    chapter = {chapter.section: chapter for chapter in in_words.chapters(without)}["extended_hours"]
    assert [clause.sentence for clause in chapter.clauses] == ["There are no extended hours."]
    assert in_words.in_one_line("response.extended_hours_for", without).endswith("every kind of lead.")
    assert in_words.value_of("extended_hours.monday", without) is None


def test_both_sides_of_a_change_can_be_written() -> None:
    assert in_words.value_in_words("targets.win_rate", None, "EUR") == "not agreed"
    assert in_words.value_in_words("targets.by_team", {"Nord <b>": 1000}, "CHF") == "Nord <b> CHF1,000"
    assert in_words.value_in_words("response.minutes.list", 90, "EUR") == "90 business minutes"
    assert in_words.value_in_words("privacy.person_views", True, "EUR") == "yes"
    assert in_words.value_in_words("working_time.sunday", [], "EUR") == "closed"
    assert in_words.title("response.minutes.list") == "Response time: Address list"
    assert in_words.title("extended_hours.monday") == "Extended hours: Monday"


@LANGUAGES
def test_a_refusal_names_the_term_as_the_reader_knows_it(language: str) -> None:
    with pytest.raises(TermsError) as refused:
        terms(delivery={"accepted_value": 5_500_000})
    said = in_words.fault_in_words(refused.value.faults[0])
    expected = {
        "de": "Wert je Quartal: 400 angenommene Leads sind nach „Wert eines Leads“ zwischen 16.000 und 360.000 wert, "
        "niemals 5.500.000.",
        "en": "Value per quarter: 400 accepted leads are worth between 16,000 and 360,000 by “Value of a lead”, "
        "never 5,500,000.",
    }
    assert said == expected[language]


def test_a_refusal_of_an_unknown_term_keeps_its_name() -> None:
    with pytest.raises(TermsError) as refused:
        terms(salary={"bonus": 1})
    assert in_words.fault_in_words(refused.value.faults[0]) == "salary: There is no such term."


def test_closed_lists_have_a_name_for_every_word() -> None:
    assert set(words.lead_type_names()) == set(LEAD_TYPES)
    assert set(words.channel_names()) == set(CHANNELS)
    assert set(words.model_names()) == set(get_args(Model))
    assert set(words.BUNDESLAENDER) == set(get_args(Bundesland))
    acceptance = load().terms_on(date(2026, 1, 1)).acceptance
    assert {*acceptance.reject_reasons, *acceptance.excuse_reasons, *acceptance.pause_reasons} == set(
        words.reason_names()
    )
