"""The agreement as two departments come to it: two browsers, two signatures, and the effect seen before either."""

import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from agreement.changes import merged
from agreement.entries import Actor
from agreement.ledger import Ledger
from agreement.signing import draft, propose
from agreement.terms import read_terms
from agreement.versions import in_force
from tests.browser.conftest import serving

pytestmark = pytest.mark.browser
PAGE = "/agreement"
SLOW_MS = 180_000


@pytest.fixture
def office(demo_build, tmp_path):
    """A dashboard with builds and a ledger of its own."""
    builds = shutil.copytree(demo_build, tmp_path / "builds", ignore=shutil.ignore_patterns("trials"))
    (tmp_path / "server").mkdir()
    with serving(builds, tmp_path / "server" / "log") as server:
        yield server


@pytest.fixture
def book(office) -> Ledger:
    return Ledger(f"sqlite:///{office.log.parent / 'ledger.sqlite'}")


def sit_down(visit, office, name: str, side: str):
    """A window in which somebody has said once who they are."""
    window = visit(office, locale="en-GB", viewport={"width": 1400, "height": 1000})
    page = window.open(PAGE, view="open")
    page.get_by_label("Your name").fill(name)
    page.get_by_text(side, exact=True).last.click()
    page.get_by_role("button", name="That is me").click()
    page.wait_for_function("document.cookie.includes('tandem_person')")
    window.settle()
    return window


def press(page, label: str, then: str, timeout: int = 60_000) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.get_by_text(then).first.wait_for(timeout=timeout)


def test_two_browsers_sign_and_the_effect_is_seen_before(visit, office, book):
    anna, jonas = sit_down(visit, office, "Anna Kern", "Marketing"), sit_down(visit, office, "Jonas Beck", "Sales")

    page = anna.open(PAGE, view="terms")
    press(page, "To the proposal", "Which terms change?")
    press(page, "Propose", "Proposed. It counts as soon as both departments have signed.")
    press(page, "Sign for Marketing", "waits for Sales")
    page = jonas.open(PAGE, view="open")
    press(page, "Sign for Sales", "Signed. The new terms are in force.")
    first = in_force(book.entries())
    assert first is not None

    # a change: half the time for demo requests
    day = datetime.now(UTC).date() + timedelta(days=7)
    terms = first.agreement.terms_on(day)
    minutes = terms.response.minutes["demo_request"]
    stricter = read_terms(merged(terms.values, {"response": {"minutes": {"demo_request": minutes // 2}}}, []))
    who = Actor("Anna Kern", "marketing")
    written = draft(book, who, first.agreement.amended(day, stricter).document, first.id)
    propose(book, who, written.object_id, written.body["content"], "Customers expect a call within minutes.")

    page = anna.open(PAGE, view="open")
    assert page.get_by_role("button", name="Sign for Marketing").is_disabled()
    page.get_by_role("button", name="Work out the effect").click()
    turned = page.get_by_text(re.compile(r"\d+ handovers turn from met to breached\."))
    turned.first.wait_for(timeout=SLOW_MS)
    press(page, "Sign for Marketing", "Signed by one department; waits for Sales")

    page = jonas.open(PAGE, view="open")
    assert page.get_by_text(re.compile(r"\d+ handovers turn from met to breached\.")).count() == 1, "the same effect"
    press(page, "Sign for Sales", "Signed. The new terms are in force.")
    second = in_force(book.entries())
    assert second is not None
    assert second.agreement.terms_on(day).response.minutes["demo_request"] == minutes // 2
    assert second.agreement.terms_on(day - timedelta(days=1)).response.minutes["demo_request"] == minutes
    for window in (anna, jonas):
        words = window.open(PAGE, view="terms").locator('[data-testid="stMain"]').inner_text()
        assert "Anna Kern" in words
        assert "Jonas Beck" in words
        assert window.complaints == []
    assert book.verify() == []
    assert office.complaints() == []


def test_a_trial_is_stopped_and_leaves_nothing(visit, office, book, demo_build):
    anna = sit_down(visit, office, "Anna Kern", "Marketing")
    page = anna.open(PAGE, view="terms")
    press(page, "To the proposal", "Which terms change?")
    press(page, "Propose", "Proposed. It counts as soon as both departments have signed.")
    press(page, "Sign for Marketing", "waits for Sales")
    jonas = sit_down(visit, office, "Jonas Beck", "Sales")
    press(jonas.open(PAGE, view="open"), "Sign for Sales", "Signed. The new terms are in force.")
    first = in_force(book.entries())
    assert first is not None
    day = datetime.now(UTC).date() + timedelta(days=7)
    other = read_terms(merged(first.agreement.terms_on(day).values, {"attribution": {"lookback_days": 45}}, []))
    who = Actor("Anna Kern", "marketing")
    written = draft(book, who, first.agreement.amended(day, other).document, first.id)
    propose(book, who, written.object_id, written.body["content"], "Shorter journeys.")
    page = anna.open(PAGE, view="open")
    page.get_by_role("button", name="Work out the effect").click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Work out the effect").wait_for()
    assert page.get_by_role("button", name="Sign for Marketing").is_disabled()
