"""“Explain” speaks of the build on screen: by its agreement, in the reader's language, the figure of the page first."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import ui
from agreement import load
from ui.query import agreement, build


def popover(language: str, name: str, kpi: str) -> list[str]:
    """What the popover says of a query when it is open."""

    def page(language, name, kpi):
        import locales
        import queries
        from ui.explain import _body

        locales.use(language)
        _body(queries.load(name), "test", {"kpi": kpi})

    app = AppTest.from_function(page, kwargs={"language": language, "name": name, "kpi": kpi}, default_timeout=60).run()
    assert not app.exception
    return [said.value.replace("\\", "") for said in app.markdown]


def test_pages_read_the_terms_from_the_build_they_show(shown_build: Path) -> None:
    assert agreement().version == build().agreement_version != load().version
    terms = ui.terms()
    assert (terms.working_time.subdivision, terms.company.fiscal_year_start_month) == ("BW", 10)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        pytest.param("de", ":small[Formel: Gewonnene ÷ (gewonnene + verlorene) Geschäfte.]", id="German"),
        pytest.param("en", ":small[Formula: Won deals ÷ (won + lost deals).]", id="English"),
    ],
)
def test_the_figure_of_the_page_is_explained_first(shown_build: Path, language: str, said: str) -> None:
    assert said in popover(language, "weekly_review/weeks", "win_rate")


def test_a_term_is_told_as_a_sentence_with_the_day_it_holds_from(shown_build: Path) -> None:
    lines = popover("en", "service_levels/kept", "")
    assert (
        ":small[Promised attainment: Sales promises this response time for 80% of the leads due. (since 1 Apr 2025)]"
        in lines
    )
    assert any("Demo request 2 business hours" in line and "(since 1 Apr 2026)" in line for line in lines)
