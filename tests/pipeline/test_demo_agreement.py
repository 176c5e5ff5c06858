"""The invented company has an agreement of its own, and its build is judged by it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from agreement import Agreement, load
from agreement.document import changes, differences
from agreement.terms import from_json, term_names
from findings.terms import value_of
from pipeline.build import build
from queries.published import published_file

AS_OF = date(2026, 11, 23)
SAME_ON_PURPOSE = {
    "company.zone": "the exports are written by Berlin's clock",
    "company.currency": "the truth is counted in euro",
    "working_time.closures": "24.12. and 31.12. are the holidays no library knows",
    "working_time.saturday": "closed in both; the extended hours differ",
    "working_time.sunday": "closed in both",
    "extended_hours.closures": "as above",
    "extended_hours.saturday": "Inside Sales works from nine to one",
    "extended_hours.sunday": "closed in both",
    "attribution.journey_scope": "the effects of channels are planted by company",
    "attribution.direct_earns_only_alone": "the effects of channels are planted so",
    "attribution.sales_activities_are_touches": "the effects of channels are planted so",
    "attribution.excluded_channels": "every channel has a planted effect",
    "identity.match_people_by_email": "planted duplicates are found by it",
    "identity.match_accounts_by_domain": "planted duplicates are found by it",
    "target_customer.employees_bands": "the segments say it already",
    "target_customer.industries": "shows what is not agreed",
    "privacy.person_views": "a matter for a works council",
}


@pytest.fixture(scope="module")
def agreement(demo_exports: Path) -> Agreement:
    return load(demo_exports / "agreement.toml")


def test_it_differs_from_every_default_so_that_a_forgotten_rule_is_seen(agreement: Agreement) -> None:
    ours, default = agreement.terms_on(AS_OF), load().terms_on(AS_OF)
    same = {term for term in term_names() if value_of(term, ours) == value_of(term, default)}
    assert same == set(SAME_ON_PURPOSE)


def test_it_opens_at_half_past_eight_and_on_saturdays_for_some(agreement: Agreement) -> None:
    terms = agreement.terms_on(AS_OF)
    assert terms.working_time.subdivision == "BW"
    assert terms.calendar("content").monday == (("08:30", "12:00"), ("12:45", "17:15"))
    assert terms.calendar("content").saturday == ()
    assert terms.calendar("demo_request").saturday == (("09:00", "13:00"),)
    assert terms.attribution.custom_weights == {"FT": 0.35, "LC": 0.3, "middle": 0.35}


def test_an_amendment_tightens_the_promise_within_the_data_and_judges_nothing_before_it(agreement: Agreement) -> None:
    [(_first, before), (tightened, after), (running, _latest)] = agreement.dated
    assert date(2025, 5, 26) < tightened < running < AS_OF
    found = {change.term: (change.old, change.new) for change in changes(before, after, tightened)}
    assert found["response.minutes.demo_request"] == (150, 120)
    assert agreement.terms_on(date(2026, 3, 31)).response.minutes["demo_request"] == 150


def test_the_published_file_holds_the_agreement_it_was_judged_by(agreement: Agreement, demo_build: Path) -> None:
    with duckdb.connect(str(published_file(demo_build)), read_only=True) as connection:
        [(version, document)] = connection.execute("select version, document from meta.agreement").fetchall()
        [(stamped,)] = connection.execute("select agreement_version from meta.build").fetchall()
        stamps = {
            stamp for (stamp,) in connection.execute("select distinct agreement_version from mart.handovers").fetchall()
        }
    assert version == stamped == agreement.version
    assert json.loads(document) == agreement.document
    assert differences(from_json(document), agreement) == []
    assert len(stamps) == 3, "each handover says by which of the three sets of terms it was judged"
    assert stamps <= {terms.version for _, terms in agreement.dated}


def test_exports_without_an_agreement_are_judged_by_the_shipped_terms(few_exports: Path, tmp_path: Path) -> None:
    result = build(few_exports, tmp_path / "builds")
    assert result.published, result.problems
    with duckdb.connect(str(result.published), read_only=True) as connection:
        assert connection.execute("select version from meta.agreement").fetchall() == [(load().version,)]


def test_an_agreement_that_contradicts_itself_is_refused_in_a_sentence(few_exports: Path, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for file in few_exports.iterdir():
        (exports / file.name).write_bytes(file.read_bytes())
    amendment = '\n[[amendment]]\nvalid_from = 2026-01-01\nattribution = { models = ["first"] }\n'
    shipped = (Path(__file__).parents[2] / "agreement" / "terms.toml").read_text("utf-8")
    (exports / "agreement.toml").write_text(shipped + amendment, "utf-8")
    result = build(exports, tmp_path / "builds")
    assert result.published is None
    assert result.problems == [
        "The agreement cannot be used. agreement.toml, from 2026-01-01: attribution.agreed_model: "
        "w_shaped is not one of attribution.models."
    ]
