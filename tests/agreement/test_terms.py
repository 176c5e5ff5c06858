"""The agreement holds what both departments signed, and refuses what cannot be meant."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import Agreement, TermsError, load
from agreement.changes import changed, merged, paths
from agreement.kpis import KPIS, TERMS_OF, kpis_touched_by
from agreement.sections import WEEKDAYS
from agreement.terms import DEFAULT, Terms, from_json, from_toml, read_terms, term_names
from measures.working_time import Calendar
from pipeline.marts.kpi_weeks import KPIS as COUNTED

FROM = "2026-01-01"


def amended(**changes: Any) -> Agreement:
    """The default terms with one amendment from 1 January 2026."""
    return Agreement({**load().document, "amendment": [{"valid_from": FROM, **changes}]}, "ours.toml")


def refusal(**changes: Any) -> str:
    with pytest.raises(TermsError) as refused:
        amended(**changes)
    return str(refused.value)


def test_a_record_is_judged_by_the_terms_of_its_own_day():
    agreement = amended(response={"minutes": {"demo_request": 45}})
    by_day = {day: agreement.terms_on(day).response.minutes for day in (date(2025, 12, 31), date(2026, 1, 1))}
    assert [minutes["demo_request"] for minutes in by_day.values()] == [60, 45]
    assert {minutes["list"] for minutes in by_day.values()} == {1440}, "what the amendment does not name stays"
    assert agreement.terms_on(date(1999, 1, 1)) == agreement.terms_on(date(2020, 1, 1))


@pytest.mark.parametrize(
    ("changes", "term", "sentence"),
    [
        pytest.param({"response": {"minuts": {}}}, "response.minuts", "did you mean response.minutes?",
                     id="an amendment names a term nobody knows"),
        pytest.param({"salary": {"bonus": 1}}, "salary", "There is no such term", id="a section nobody knows"),
        pytest.param({"funnel": 5}, "funnel", "5 is no group of terms", id="a section that is a number"),
        pytest.param({"without": ["response.target"]}, "response.target", "This term is missing",
                     id="a term is missing"),
        pytest.param({"without": ["targets.luck"]}, "targets.luck", "no such term",
                     id="what is not there is taken away"),
        pytest.param({"without": "targets"}, "without", "Write a list", id="what is taken away is no list"),
        pytest.param({"response": {"target": "high"}}, "response.target", "'high' is no number",
                     id="words for a number"),
        pytest.param({"response": {"target": "0.9"}}, "response.target", "'0.9' is no number", id="a number in quotes"),
        pytest.param({"response": {"attempts": True}}, "response.attempts", "no whole number", id="yes for a number"),
        pytest.param({"response": {"target": 1.2}}, "response.target", "1.2 is too large; it must be at most 1",
                     id="more than all"),
        pytest.param({"response": {"minutes": {"demo": 4}}}, "response.minutes.demo", "'demo' is not known",
                     id="an unknown kind of lead"),
        pytest.param({"without": ["response.minutes.list"]}, "response.minutes", "list has none",
                     id="a kind of lead without a promise"),
        pytest.param({"without": ["delivery.lead_value.event"]}, "delivery.lead_value", "event has none",
                     id="a kind of lead without a value"),
        pytest.param({"without": ["extended_hours"]}, "response.extended_hours_for", "no extended_hours",
                     id="extended hours that do not exist"),
        pytest.param({"extended_hours": {"monday": [["09:00", "09:30"]], "tuesday": []}}, "extended_hours",
                     "less than the 2,400 minutes", id="extended hours that are shorter"),
        pytest.param({"working_time": {day: [] for day in WEEKDAYS}},
                     "working_time", "No weekday has an opening hour", id="a company that never opens"),
        pytest.param({"working_time": {"monday": [["8:30", "12:00"]]}}, "working_time.monday", "no time such as",
                     id="a time that cannot be read"),
        pytest.param({"working_time": {"monday": [["12:00", "09:00"]]}}, "working_time.monday", "start before its end",
                     id="a window that ends before it starts"),
        pytest.param({"working_time": {"closures": ["24.12."]}}, "working_time.closures.0", "not written as expected",
                     id="a closure that is no date"),
        pytest.param({"working_time": {"subdivision": "XX"}}, "working_time.subdivision", "'XX' is not known",
                     id="a Bundesland nobody knows"),
        pytest.param({"response": {"attempts_within_working_days": 2}}, "response.attempts_within_working_days",
                     "the first one for list may take 1,440", id="attempts end before the first one is due"),
        pytest.param({"response": {"warn_minutes_before_due": 60}}, "response.warn_minutes_before_due",
                     "shortest promise of 60 minutes", id="the warning comes before the promise begins"),
        pytest.param({"acceptance": {"reject_reasons": []}}, "acceptance.reject_reasons", "name at least one",
                     id="rejecting needs a reason"),
        pytest.param({"acceptance": {"reject_reasons": ["other", "other"]}}, "acceptance.reject_reasons",
                     "other is listed twice", id="a reason twice"),
        pytest.param({"delivery": {"accepted_value": 500_000}}, "delivery.accepted_value",
                     "between 16,000 and 360,000", id="a value no mix of leads can reach"),
        pytest.param({"delivery": {"by_team": {"Nord": 300, "Süd": 101}}}, "delivery.by_team", "add up to 401",
                     id="teams promise more than the whole"),
        pytest.param({"targets": {"by_team": {"Nord": 1}}}, "targets.by_team", "no targets.won_revenue",
                     id="teams have targets, the company has none"),
        pytest.param({"attribution": {"models": ["first"]}}, "attribution.agreed_model", "w_shaped is not one of",
                     id="the agreed model is not among the models"),
        pytest.param({"attribution": {"custom_weights": {"FT": 0.3}}}, "attribution.custom_weights",
                     "add up to 1.05, not to 1", id="weights that do not add up to one"),
        pytest.param({"attribution": {"excluded_channels": ["tv"]}}, "attribution.excluded_channels.0",
                     "'tv' is not known", id="a channel nobody knows"),
        pytest.param({"meeting": {"kpis": ["applause"]}}, "meeting.kpis.0", "'applause' is not known",
                     id="a figure nobody counts"),
        pytest.param({"privacy": {"minimum_group_size": 2}}, "privacy.minimum_group_size", "must be at least 3",
                     id="a group of two knows each other"),
        pytest.param({"prejudices": {"strategy_attainment": 0.95}}, "prejudices.strategy_attainment",
                     "keeps its promise of 0.9", id="a reproach for a promise kept"),
        pytest.param({"company": {"currency": "CHF"}}, "company", "no amendment changes them",
                     id="the currency changes in the middle"),
        pytest.param({"response": {"target": 0.9}}, "", "changes nothing", id="an amendment that changes nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_term_and_the_reason(
    changes: dict[str, Any], term: str, sentence: str
) -> None:
    said = refusal(**changes)
    assert said.startswith("ours.toml, from 2026-01-01: " + (f"{term}: " if term else ""))
    assert sentence in said


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        pytest.param("[company]", "valid_from: Every set of terms needs valid_from", id="without a day"),
        pytest.param("valid_from = 'soon'", "valid_from: Every set of terms needs valid_from", id="no day"),
        pytest.param("valid_from = ", "no valid TOML", id="no TOML"),
        pytest.param("valid_from = 2020-01-01\namendment = 3", "amendment: Write every amendment", id="no amendment"),
    ],
)
def test_a_document_that_cannot_be_read_says_why(document: str, sentence: str) -> None:
    with pytest.raises(TermsError, match=sentence):
        from_toml(document)


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        pytest.param(FROM, "two sets of terms from the same day", id="the same day twice"),
        pytest.param("2020-01-01", "two sets of terms from the same day", id="the day of the first terms"),
        pytest.param("2019-12-31", "cannot begin before the first terms", id="before the first terms"),
    ],
)
def test_days_of_amendments_follow_one_another(day: str, sentence: str) -> None:
    changes = [{"valid_from": FROM, "response": {"target": 0.85}}, {"valid_from": day, "response": {"target": 0.8}}]
    with pytest.raises(TermsError, match=sentence):
        Agreement({**load().document, "amendment": changes})


def test_all_faults_of_a_document_are_named_at_once() -> None:
    with pytest.raises(TermsError) as refused:
        amended(delivery={"accepted_value": 500_000}, attribution={"models": ["first"]})
    assert {fault.term for fault in refused.value.faults} == {"delivery.accepted_value", "attribution.agreed_model"}


def test_the_version_is_the_content_and_nothing_else(tmp_path: Path) -> None:
    respelled = tmp_path / "ours.toml"
    text = DEFAULT.read_text("utf-8").replace("accepted_leads = 400", "accepted_leads = 400 # as before")
    respelled.write_text(text.replace("half_life_days = 30 ", "half_life_days = 30.0 "), "utf-8")
    assert load(respelled).version == load().version
    assert from_json(load().canonical_json).canonical_json == load().canonical_json
    assert amended(response={"target": 0.85}).version != load().version


def test_an_optional_target_comes_and_goes() -> None:
    """What an amendment added, a later one takes away; then the values are the first ones again."""
    agreement = Agreement({
        **load().document,
        "amendment": [
            {"valid_from": "2026-01-01", "targets": {"won_revenue": 1_000, "by_team": {"Süd.West": 400, "Nord": 500}}},
            {"valid_from": "2026-04-01", "without": ["targets.by_team.Süd.West"]},
            {"valid_from": "2026-07-01", "without": ["targets.by_team", "targets.won_revenue"]},
        ],
    })  # fmt: skip
    teams = [agreement.terms_on(date(2026, month, 1)).targets.by_team for month in (1, 4, 7)]
    assert teams == [{"Süd.West": 400, "Nord": 500}, {"Nord": 500}, {}]
    assert agreement.terms_on(date(2026, 7, 1)).version == load().terms_on(date(2026, 7, 1)).version
    assert Agreement(agreement.document).version == agreement.version


def test_a_proposal_is_the_agreement_with_other_terms_from_a_day_on() -> None:
    agreement = amended(response={"target": 0.85})
    values = json.loads(json.dumps(agreement.terms_on(date(2026, 6, 1)).values))
    values["response"]["minutes"]["demo_request"] = 45
    proposed = agreement.amended(date(2026, 6, 1), read_terms(values))
    assert [day for day, _ in proposed.dated] == [date(2020, 1, 1), date(2026, 1, 1), date(2026, 6, 1)]
    assert proposed.terms_on(date(2026, 5, 31)).version == agreement.terms_on(date(2026, 5, 31)).version
    assert proposed.document["amendment"][-1] == {
        "valid_from": "2026-06-01", "response": {"minutes": {"demo_request": 45}},
    }  # fmt: skip
    same_day = proposed.amended(date(2026, 6, 1), read_terms({**values, "costs": {"gross_margin": 0.3}}))
    assert len(same_day.dated) == 3, "what was planned for that day is replaced"


def test_some_kinds_of_lead_are_judged_by_longer_hours() -> None:
    terms = load().terms_on(date(2026, 1, 1))
    saturday = date(2026, 1, 10)
    for lead_type, is_open in (("demo_request", True), ("content", False)):
        hours = terms.calendar(lead_type)
        calendar = Calendar(terms.company.zone, hours.windows, hours.subdivision, hours.closures)
        assert calendar.is_working_day(saturday) is is_open


def test_every_name_of_a_figure_and_of_a_term_exists() -> None:
    known = {name for term in term_names() for name in (term, term.split(".")[0])}
    assert {term for terms in TERMS_OF.values() for term in terms} <= known
    assert set(TERMS_OF) == set(KPIS) >= set(COUNTED)
    assert kpis_touched_by("response.minutes.demo_request") == ["follow_up_attainment"]
    assert set(kpis_touched_by("targets")) >= {"won_revenue", "coverage", "win_rate"}
    assert kpis_touched_by("meeting.kpis") == []


VALUES = st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
NAMES = st.sampled_from(["a", "b", "c.d", "e.f.g"])
GROUPS = st.dictionaries(NAMES, VALUES, min_size=1)
SECTIONS = st.fixed_dictionaries({}, optional={"value": VALUES, "list": VALUES, "group": GROUPS})
DOCUMENTS = st.dictionaries(st.sampled_from(["one", "two"]), SECTIONS)


@given(DOCUMENTS, DOCUMENTS)
def test_a_change_leads_from_any_document_to_any_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert merged(before, *changed(before, after)) == after
    assert changed(before, before) == ({}, [])


@given(DOCUMENTS)
def test_every_path_of_a_document_can_be_taken_away(document: dict[str, Any]) -> None:
    for path in paths(document):
        assert path not in paths(merged(document, {}, [path]))


def test_terms_are_complete_in_the_default() -> None:
    assert set(load().document) - {"valid_from"} == set(Terms.model_fields)
