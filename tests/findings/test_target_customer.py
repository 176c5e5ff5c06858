"""Fit with the agreed target customer, in words that stay honest about small numbers."""

import polars as pl
import pytest

import locales
from findings.target_customer import in_words


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def groups(*told: tuple[str, int, int]) -> pl.DataFrame:
    return pl.DataFrame(told, {"name": pl.String, "fit_known": pl.Int64, "fitting": pl.Int64}, orient="row")


def test_the_share_stands_on_the_leads_of_which_it_is_known():
    assert in_words(groups(("Webinar", 80, 60), ("Fair", 20, 14))).startswith(
        "74% of 100 leads (65% to 82%) fit the agreed target customer."
    )


def test_a_source_is_named_only_if_chance_does_not_explain_it():
    told = in_words(groups(("Webinar", 300, 240), ("Display", 100, 40), ("Fair", 11, 7), ("Letter", 3, 0)))
    assert "Fewer than elsewhere: \u2068Display\u2069." in told
    assert "Fair" not in told
    assert "Letter" not in told, "three leads are no evidence"


@pytest.mark.parametrize("rows", [groups(), groups(("Webinar", 0, 0))], ids=["no leads", "nothing known"])
def test_where_nothing_is_agreed_it_says_so(rows):
    assert "cannot be said" in in_words(rows)
