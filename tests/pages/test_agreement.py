"""Proposing, signing, declining and editing the agreement as people do it, each at a browser of their own."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from agreement import load
from agreement.entries import Actor
from agreement.ledger import Ledger
from agreement.signing import draft, propose, sign
from agreement.versions import history, in_force
from queries.trials import Effect
from tests.contracts.tree import ROOT
from ui.query import agreement

PAGE = "pages/promises/agreement.py"
ANNA, JONAS, CLARA = ("Anna Kern", "marketing"), ("Jonas Beck", "sales"), ("Clara Vogt", "leadership")
TODAY = datetime.now(UTC).date()
NEXT_MONTH = TODAY + timedelta(days=30)


@pytest.fixture
def book(tmp_path, monkeypatch, shown_build) -> Ledger:
    """A ledger of its own behind the demo build."""
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    monkeypatch.setenv("TANDEM_LEDGER", url)
    return Ledger(url)


@pytest.fixture
def agreed(book) -> Ledger:
    """Both heads have signed the terms shipped."""
    anna, jonas = Actor(*ANNA), Actor(*JONAS)
    written = draft(book, anna, load().document, None)
    propose(book, anna, written.object_id, written.body["content"])
    for actor in (anna, jonas):
        sign(book, actor, written.object_id, written.body["content"])
    return book


@pytest.fixture
def seen(monkeypatch, tmp_path):
    """The effect of every proposal is known: what a trial wrote for the one shown."""
    handovers = {"mart": "handovers", "change": "changed", "column": "status"}
    frames = {
        "kpis": [{"kpi": "follow_up_attainment", "value_now": 0.91, "value_proposed": 0.78, "side": "sales",
                  "is_better": False}],
        "kpi_weeks": [{"kpi": "follow_up_attainment", "week_start": TODAY, "value_now": 0.91, "value_proposed": 0.78}],
        "credits": [{"model": "linear", "channel": "email", "credit_now": 1.0, "credit_proposed": 1.0}],
        "changes": [handovers | {"old": "met", "new": "breached", "direction": None, "difference": None, "rows": 14}],
        "records": [handovers | {"key": '{"lead_id": "![x](http://127.0.0.1:9/a.png)"}', "old": "met",
                                 "new": "breached"}],
    }  # fmt: skip
    for name, rows in frames.items():
        pl.DataFrame(rows).write_parquet(tmp_path / f"{name}.parquet")

    def known(builds: Path, proposed: str, current: str) -> Effect:
        now = datetime.now(UTC)
        return Effect(tmp_path, proposed, current, "20260101-000000", None, now, now, TODAY, 12, "content")

    monkeypatch.setattr("ui.agreement.effect.effect_of", known)


def browser(who: tuple[str, str] | None = None, view: str = "terms", language: str = "en") -> AppTest:
    """The page in a browser that knows who sits before it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["lang"], app.query_params["view"] = language, view
    if who:
        app.session_state["person"] = {"name": who[0], "side": who[1]}
    app.run()
    app.switch_page(PAGE).run()
    return ran(app)


def ran(app: AppTest) -> AppTest:
    assert not app.exception, [error.value for error in app.exception]
    return app


def said(app: AppTest) -> str:
    """Every word on the page, as written."""
    kinds = ("subheader", "markdown", "caption", "info", "warning", "error", "success")
    words = "\n".join(str(element.value) for kind in kinds for element in getattr(app, kind))
    return plain(words)


def plain(words: str) -> str:
    """Words as a reader sees them."""
    return words.replace("\\", "").replace("\u2068", "").replace("\u2069", "").replace("\u00a0", " ")


def press(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    assert not button.disabled, label
    return ran(button.click().run())


def pick(app: AppTest, *terms: str) -> AppTest:
    return ran(next(box for box in app.multiselect if box.label == "Which terms change?").set_value(list(terms)).run())


def number(app: AppTest, label: str) -> object:
    return next(box for box in app.number_input if plain(box.label) == label)


def propose_target(app: AppTest, percent: float) -> AppTest:
    pick(app, "response.target")
    ran(number(app, "Promised attainment (%)").set_value(percent).run())
    return press(app, "Propose")


def test_nobody_has_signed_and_the_page_says_what_to_do(book):
    app = browser()
    assert "Nothing is agreed yet" in app.subheader[0].value
    assert said(app).count("Not signed yet") == 2
    assert "Who are you?" not in said(app), "reading needs no name"
    assert "Who are you?" in said(press(app, "To the proposal"))


def test_a_person_says_who_they_are_once(book):
    app = browser(view="open")
    app.get_by_key("person_name").set_value("Anna Kern")
    app.get_by_key("person_side").set_value("marketing")
    ran(app.button(key="FormSubmitter:person_here-That is me").click().run())
    assert "Who are you?" not in said(app)
    assert any("Anna Kern" in part.proto.popover.label for part in app.get("popover"))


def test_from_a_proposal_over_both_signatures_to_being_in_force(book):
    """The first agreement: marketing proposes and signs, sales signs in a browser of its own."""
    anna = browser(ANNA)
    press(anna, "To the proposal")
    press(anna, "Propose")
    assert "Proposed. It counts as soon as both departments have signed." in said(anna)
    press(anna, "Sign for Marketing")
    assert "the signature of Sales is missing" in said(anna)

    jonas = browser(JONAS, "open")
    assert "Proposed by Anna Kern (Marketing)" in said(jonas)
    press(jonas, "Sign for Sales")
    assert "Signed. The new terms are in force." in said(jonas)

    assert "Agreed by both departments since" in browser().subheader[0].value.replace("\\", "")
    words = said(browser())
    assert "Anna Kern" in words
    assert "Jonas Beck" in words
    assert "not verified" in words
    assert in_force(book.entries()).agreement.version == agreement().version, "the terms on screen"


def test_a_change_is_shown_in_words_before_it_is_proposed(agreed):
    app = browser(ANNA, "propose")
    assert "Nothing changes yet." in said(app)
    pick(app, "response.target")
    ran(number(app, "Promised attainment (%)").set_value(95.0).run())
    assert ":gray[90%] → 95%" in said(app)
    press(app, "Propose")
    (waiting,) = [version for version in history(agreed.entries()) if version.state == "proposed"]
    assert waiting.agreement.terms_on(NEXT_MONTH).response.target == 0.95
    assert waiting.agreement.terms_on(TODAY).response.target == 0.9


def test_nobody_signs_before_the_effect_is_known(agreed):
    propose_target(browser(ANNA, "propose"), 95.0)
    app = browser(JONAS, "open")
    (button,) = [button for button in app.button if button.label == "Sign for Sales"]
    assert button.disabled
    assert "What would change?" in said(app)
    (work_out,) = [button for button in app.button if button.label == "Work out the effect"]
    assert not work_out.disabled


def test_the_effect_stands_beside_the_proposal(agreed, seen):
    propose_target(browser(ANNA, "propose"), 95.0)
    app = browser(JONAS, "open")
    assert "the proposal would have moved: Sales' promise kept. Sales would look worse." in said(app)
    assert "14 handovers turn from met to breached." in said(app)
    assert "What was reported for that time stays as it is." in said(app)
    assert "Worked out on build 20260101-000000." in said(app), "an older build than the one on screen"
    press(app, "Sign for Sales")


def test_one_person_cannot_sign_for_both(agreed, seen):
    propose_target(browser(ANNA, "propose"), 95.0)
    press(browser(ANNA, "open"), "Sign for Marketing")
    other_hat = browser(("ANNA  kern", "sales"), "open")
    press(other_hat, "Sign for Sales")
    assert "One person cannot sign for both departments." in said(other_hat)
    assert in_force(agreed.entries()).id == "1"


def test_leadership_reads_along(agreed):
    propose_target(browser(ANNA, "propose"), 95.0)
    app = browser(CLARA, "open")
    assert "Leadership reads along" in said(app)
    assert not [button for button in app.button if button.label.startswith("Sign for")]


def test_declining_needs_a_reason(agreed):
    propose_target(browser(ANNA, "propose"), 95.0)
    jonas = browser(JONAS, "open")
    press(jonas, "Decline the proposal")
    assert "Please say why" in said(jonas)
    next(box for box in jonas.text_area if box.label == "Reason").set_value("Two people are on parental leave.")
    press(jonas, "Decline the proposal")
    assert "Declined." in said(jonas)
    assert "Nothing is open" in said(jonas)
    told = said(browser(ANNA, "history"))
    assert "Two people are on parental leave." in told
    assert "Jonas Beck (Sales) declined it" in told


def test_a_proposal_is_withdrawn_by_its_department(agreed):
    propose_target(browser(ANNA, "propose"), 95.0)
    app = browser(("Ben Roth", "marketing"), "open")
    press(app, "Withdraw the proposal")
    assert "Nothing is open" in said(app)


def test_an_edit_clears_the_signature_and_says_so(agreed, seen):
    propose_target(browser(ANNA, "propose"), 95.0)
    press(browser(ANNA, "open"), "Sign for Marketing")
    jonas = press(browser(JONAS, "open"), "Edit")
    assert "Saving it clears every signature under it" in said(jonas)
    assert number(jonas, "Promised attainment (%)").value == 95.0
    ran(number(jonas, "Promised attainment (%)").set_value(92.0).run())
    press(jonas, "Save and propose again")
    (version,) = [version for version in history(agreed.entries()) if version.state == "proposed"]
    assert version.signatures == {}
    assert version.agreement.terms_on(NEXT_MONTH).response.target == 0.92


def test_terms_that_contradict_each_other_are_refused_in_a_sentence(agreed):
    app = pick(browser(ANNA, "propose"), "response.warn_minutes_before_due")
    ran(number(app, "Warning (business minutes)").set_value(600).run())
    assert "would come before the shortest promise" in said(app)
    (button,) = [button for button in app.button if button.label == "Propose"]
    assert button.disabled


def test_what_cannot_be_read_is_said_beside_its_field(agreed):
    app = pick(browser(ANNA, "propose"), "working_time.monday", "delivery.by_team")
    next(box for box in app.text_input if box.label == "Monday").set_value("early").run()
    next(box for box in app.text_area if box.label == "Leads per team").set_value("Nord 12").run()
    assert "08:30–12:00" in said(ran(app))
    assert "“name = value”" in said(app)


def test_two_people_edit_at_once_and_nothing_is_lost(agreed):
    propose_target(browser(ANNA, "propose"), 95.0)
    anna, jonas = (press(browser(who, "open"), "Edit") for who in (ANNA, JONAS))
    pick(anna, "response.target", "response.attempts")
    ran(number(anna, "Attempts").set_value(4).run())
    press(anna, "Save and propose again")

    ran(number(jonas, "Promised attainment (%)").set_value(85.0).run())
    press(jonas, "Save and propose again")
    assert "Nothing of yours is lost" in said(jonas)
    assert "Anna Kern (Marketing) changed version 2" in said(jonas)
    assert "as they wrote it" in said(jonas)
    assert "as you wrote it" in said(jonas)
    press(jonas, "Take over into the form")
    press(jonas, "Save and propose again")
    (version,) = [version for version in history(agreed.entries()) if version.state == "proposed"]
    response = version.agreement.terms_on(NEXT_MONTH).response
    assert (response.target, response.attempts) == (0.85, 4)


def test_where_both_changed_one_term_the_second_decides(agreed):
    propose_target(browser(ANNA, "propose"), 95.0)
    anna, jonas = (press(browser(who, "open"), "Edit") for who in (ANNA, JONAS))
    for app, percent in ((anna, 97.0), (jonas, 85.0)):
        ran(number(app, "Promised attainment (%)").set_value(percent).run())
        press(app, "Save and propose again")
    choice = jonas.radio[0]
    assert [option.split(":")[0] for option in choice.options] == ["Yours\\", "Theirs\\"]
    ran(choice.set_value(choice.options[1].replace("\\", "")).run())
    press(jonas, "Take over into the form")
    assert number(jonas, "Promised attainment (%)").value == 97.0


TRAPS = {
    "image": '<img src=x onerror="window.__caught=1">',
    "markdown image": "![x](http://127.0.0.1:9/pixel.png)",
    "right to left": "\u202eanna \u05d0\u05d1",
    "long": "x" * 10_000,
}


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("view", ["terms", "open", "history"])
def test_a_malicious_name_is_a_name(book, trap, view):
    name = TRAPS[trap]
    other = Actor(name, "marketing")
    written = draft(book, other, load().document, None)
    propose(book, other, written.object_id, written.body["content"], reason=name)
    sign(book, other, written.object_id, written.body["content"])
    if view == "terms":
        sign(book, Actor(*JONAS), written.object_id, written.body["content"])
    app = browser(JONAS, view)
    raw = "\n".join(str(element.value) for kind in ("markdown", "caption") for element in getattr(app, kind))
    assert "![x]" not in raw
    assert not re.search(r"(?<!\\)<img", raw)
    assert name.replace("\u202e", "") in said(app).replace("\u202e", "")


@pytest.mark.parametrize("view", ["terms", "open", "propose", "history"])
@pytest.mark.parametrize("who", [None, ANNA, CLARA])
def test_every_part_opens_in_german(agreed, view, who):
    propose_target(browser(ANNA, "propose"), 95.0)
    german, english = (browser(who, view, language) for language in ("de", "en"))
    assert german.title[0].value == "Vereinbarung"
    assert said(german) != said(english)


def test_a_ledger_that_cannot_be_read_is_said(monkeypatch, tmp_path, shown_build):
    (tmp_path / "ledger.sqlite").write_bytes(b"no database" * 500)
    monkeypatch.setenv("TANDEM_LEDGER", f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    assert "The ledger cannot be read" in said(browser())
