"""The frame around every page, run as Streamlit runs it, on the demo build."""

import json
import shutil
from pathlib import Path

import pytest
import streamlit
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"
HEALTH, FUNNEL = "pages/trust/data_health.py", "pages/results/funnel.py"


def app(**query: str) -> AppTest:
    test = AppTest.from_file(str(APP), default_timeout=60)
    for word, value in query.items():
        test.query_params[word] = value
    return test


def texts(test: AppTest) -> str:
    """All words of page and sidebar; fails if the page broke."""
    assert not test.exception, [error.message for error in test.exception]
    kinds = ("title", "header", "subheader", "markdown", "caption", "warning", "expander")
    return "\n".join(
        str(getattr(element, "value", "") or getattr(element, "label", ""))
        for kind in kinds
        for element in test.get(kind)
    )


@pytest.fixture
def builds(demo_build, tmp_path, monkeypatch):
    """A builds folder of its own, to be damaged."""
    folder = tmp_path / "builds"
    shutil.copytree(demo_build, folder)
    monkeypatch.setenv("TANDEM_BUILDS", str(folder))
    streamlit.cache_data.clear()
    streamlit.cache_resource.clear()
    return folder


@pytest.mark.usefixtures("shown_build")
@pytest.mark.parametrize(("language", "word"), [("de", "Stand"), ("en", "As of")])
def test_the_address_decides_the_language(language, word):
    assert word in texts(app(lang=language).run())


@pytest.mark.usefixtures("shown_build")
def test_the_browsers_language_is_spoken_until_the_reader_chooses():
    test = app()
    test.context = {"locale": "de-AT"}
    test.run()
    assert "Stand" in texts(test)
    test.get_by_key("language_switch").set_value("en").run()
    assert "As of" in texts(test)
    assert test.query_params["lang"] == "en"


@pytest.mark.usefixtures("shown_build")
@pytest.mark.parametrize("language", ["de", "en"])
def test_data_health_opens(language):
    test = app(lang=language).run().switch_page(HEALTH).run()
    assert "filter_period" not in [box.key for box in test.selectbox], "no filter that changes nothing"
    assert len(test.get("plotly_chart")) == 3
    assert texts(test)


@pytest.mark.usefixtures("shown_build")
def test_a_choice_goes_into_the_address_and_stays_on_the_next_page():
    test = app(lang="en").run().switch_page(FUNNEL).run()
    team = test.get_by_key("filter_team").options[1]
    test.get_by_key("filter_team").set_value(team).run()
    assert test.query_params["team"] == team
    test.get_by_key("filter_period").set_value("last_year").run()
    assert test.query_params["period"] == "last_year"
    test.get_by_key("filter_period").set_value("last_13_weeks").run()
    assert "period" not in test.query_params, "the usual view needs no words"
    assert test.switch_page("pages/results/campaigns.py").run().get_by_key("filter_team").value == team


@pytest.mark.usefixtures("shown_build")
def test_own_days_start_from_the_days_on_screen():
    test = app(lang="en", period="last_quarter").run().switch_page(FUNNEL).run()
    test.get_by_key("filter_period").set_value("custom").run()
    assert test.query_params["from"] < test.query_params["until"]
    assert not test.exception


@pytest.mark.usefixtures("shown_build")
@pytest.mark.parametrize(
    "wishes",
    [
        pytest.param({"period": "fortnight"}, id="unknown period"),
        pytest.param({"from": "2026-13-01", "until": "x"}, id="no days"),
        pytest.param({"team": "![x](http://evil.example/p.png)"}, id="unknown team"),
        pytest.param({"segment": "x" * 100_000}, id="very long"),
        pytest.param({"lang": "fr"}, id="unknown language"),
    ],
)
def test_an_address_that_asks_for_what_is_not_there_still_shows_a_page(wishes):
    test = app(**wishes).run()
    assert test.title
    assert "![x]" not in texts(test)


def test_nothing_published_says_how_to_load_data(tmp_path, monkeypatch):
    monkeypatch.setenv("TANDEM_BUILDS", str(tmp_path / "none"))
    said = texts(app(lang="en").run())
    assert "No figures have been published yet" in said
    assert "make run" in said


@pytest.mark.parametrize("pointer", [None, "", "no such file\n", "\x00\xff", "../../etc/passwd"])
def test_a_damaged_pointer_leads_to_the_newest_build(builds, pointer):
    if pointer is None:
        (builds / "CURRENT").unlink()
    else:
        (builds / "CURRENT").write_text(pointer, "latin-1")
    assert "As of" in texts(app(lang="en").run())


def test_a_failed_build_is_said_above_the_figures_it_leaves_old(builds):
    attempt = {"status": "failed", "started_at": "2099-01-01T00:00:00+00:00", "problems": ["deals.csv: **no** header"]}
    (builds / "last_attempt.json").write_text(json.dumps(attempt))
    said = texts(app(lang="en").run())
    assert "The last build was not published" in said
    assert r"\*\*no\*\*" in said


@pytest.mark.parametrize("word", ["", "[]", "{", '{"status": "failed"}', '{"status": "failed", "started_at": null}'])
def test_a_damaged_word_on_the_last_attempt_breaks_nothing(builds, word):
    (builds / "last_attempt.json").write_text(word)
    assert "As of" in texts(app(lang="en").run())


def test_a_new_build_is_shown_at_the_next_click(builds):
    test = app(lang="en").run()
    (old,) = builds.glob("tandem-*.duckdb")
    new = builds / "tandem-20991231-235959.duckdb"
    shutil.copy(old, new)
    old.unlink()
    (builds / "CURRENT").write_text(new.name)
    assert "As of" in texts(test.run())


@pytest.mark.usefixtures("shown_build")
def test_with_sign_in_configured_nobody_sees_a_figure_before_it():
    test = app(lang="en")
    test.secrets["auth"] = {"redirect_uri": "x", "cookie_secret": "y", "client_id": "z"}
    test.run()
    assert "Please sign in" in texts(test)
    assert not test.metric
    assert not test.selectbox
