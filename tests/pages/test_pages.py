"""Every page opens in both languages, on a full and on an empty build, with every choice it offers."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import tandem
from tests.contracts.tree import ROOT

PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*/*.py"))
LEADS = "lead_id,created_at,source,channel\n"
CHOICES = [
    pytest.param({}, id="as it opens"),
    pytest.param({"view": "cohort"}, id="cohorts"),
    pytest.param({"view": "cohort", "target": "won", "period": "last_year"}, id="cohorts won, last year"),
    pytest.param({"customers": "existing", "stage": "won", "fate": "left"}, id="existing customers, won"),
    pytest.param({"customers": "new", "stage": "opportunity", "by": "team", "period": "all"}, id="teams, everything"),
]


@pytest.fixture(scope="session")
def empty_build(once) -> Path:
    """A published file of a company that has no lead yet."""

    def fill(folder: Path) -> None:
        exports = folder / "exports"
        exports.mkdir()
        (exports / "leads.csv").write_text(LEADS, "utf-8")
        tandem("build", "--exports", exports, "--builds", folder)

    return once("empty_build", fill)


def opened(page: str, **address: str) -> AppTest:
    """The page as the address asks for it."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for word, value in address.items():
        app.query_params[word] = value
    app.run()
    if page != PAGES[0]:
        app.switch_page(page).run()
    assert not app.exception, [error.value for error in app.exception]
    return app


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_page_opens_with_a_title_and_an_answer(shown_build, page, language):
    app = opened(page, lang=language)
    assert len(app.title) == 1
    assert app.subheader[0].value.endswith((".", "\\.")), "the answer comes first, as a sentence"


@pytest.mark.parametrize("page", PAGES)
def test_languages_differ(shown_build, page):
    german, english = (opened(page, lang=language) for language in ("de", "en"))
    assert german.title[0].value != english.title[0].value
    assert german.subheader[0].value != english.subheader[0].value


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_page_opens_on_a_company_without_data(empty_build, showing, page, language):
    showing(empty_build)
    assert len(opened(page, lang=language).title) == 1


@pytest.mark.parametrize("choices", CHOICES)
def test_funnel_opens_with_every_choice(shown_build, choices):
    app = opened("pages/results/funnel.py", lang="en", **choices)
    shown = 2 + 2 * (choices.get("view") == "cohort") + (choices.get("stage") != "won")
    assert len(app.get("plotly_chart")) == shown
    assert "Lead" in app.subheader[0].value or "lead" in app.subheader[0].value


def test_funnel_lists_the_leads_behind_a_stage(shown_build):
    app = opened("pages/results/funnel.py", lang="en", stage="won", period="all", fate="all")
    listed = app.dataframe[-1].value
    assert len(listed) > 0
    assert set(listed["stage"]) == {"Won"}
    assert listed["crm_url"].str.startswith("https://").all()


def test_period_and_cohort_never_share_a_page(shown_build):
    period, cohort = (opened("pages/results/funnel.py", lang="en", view=view) for view in ("period", "cohort"))
    assert "new leads in the period" in period.subheader[0].value
    assert "reached Opportunity within" in cohort.subheader[0].value


def test_weekly_review_shows_eight_cards(shown_build):
    app = opened("pages/overview/weekly_review.py", lang="en")
    assert len(app.metric) == 8
    assert app.title[0].value == "Weekly review"
