"""The funnel's steps, sentences and list: stories with the numbers written out."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import locales
from findings import funnel
from findings.cohorts import Horizon, Window
from findings.waiting import Stay

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "funnel_cohort_vs_period.json").read_text("utf-8"))
COLUMNS = ["stage", "entered", "returning", "existing", "imputed"]


def entries(*counts, returning=0):
    rows = [(stage, n, returning, 0, 0) for stage, n in zip(funnel.STAGES, counts, strict=True)]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


@pytest.fixture(params=["en", "de"])
def language(request):
    locales.use(request.param)
    yield request.param
    locales.use("en")


@pytest.mark.parametrize("month", GOLDEN["expected"]["period_rate"])
def test_period_share_compares_entries_of_the_same_month(month):
    cohorts = GOLDEN["input"]["cohorts"]
    mqls = cohorts[month]["mql"]
    won = sum(cohort["won_by_month"].get(month, 0) for cohort in cohorts.values())
    last = funnel.period_steps(entries(mqls, mqls, mqls, mqls, mqls, won)).row(-1, named=True)
    assert last["share"] == pytest.approx(GOLDEN["expected"]["period_rate"][month])
    assert last["low"] < last["share"] < last["high"]


def test_more_entries_than_before_have_a_ratio_and_no_interval():
    step = funnel.period_steps(entries(40, 50, 10, 5, 2, 1)).row(1, named=True)
    assert (step["share"], step["low"], step["high"]) == (1.25, None, None)


def test_nothing_before_a_stage_gives_no_share():
    assert funnel.period_steps(entries(0, 3, 0, 0, 0, 0))["share"].to_list() == [None, None, 0.0, None, None, None]


def test_cohort_funnel_ends_with_its_target():
    rows = pl.DataFrame({stage: [100 - 10 * at, 50 - 5 * at] for at, stage in enumerate(funnel.STAGES)})
    steps = funnel.cohort_steps(rows, "sal")
    assert steps["stage"].to_list() == ["lead", "mql", "sal"]
    assert steps["entered"].to_list() == [150, 135, 120]


def test_period_sentence_says_how_far_how_lost_how_slow():
    losses = pl.DataFrame(
        [("mql", "disqualified", 30), ("opportunity", "lost", 20), ("mql", "recycled", 5)],
        schema=["stage", "closed_as", "leads"], orient="row",
    )  # fmt: skip
    stays = [Stay("mql", 60, 9, 4.0, 3.0, 6.0), Stay("sql", 3, 0, 90.0, None, None)]
    locales.use("en")
    assert funnel.period_sentence(funnel.period_steps(entries(100, 60, 40, 30, 20, 1)), losses, stays, 10) == (
        "100 new leads in the period, 1 won. Most of those who left did so as MQL: 35 of 55. "
        "They stay longest as MQL: half are still there after 4 days."
    )


def test_sentences_speak_both_languages(language):
    losses = pl.DataFrame(schema={"stage": pl.String, "closed_as": pl.String, "leads": pl.Int64})
    said = funnel.period_sentence(funnel.period_steps(entries(1374, 60, 40, 30, 20, 8)), losses, [], 10)
    assert ("1.374" in said) == (language == "de")
    assert ("new leads" in said) == (language == "en")


def test_cohort_sentence_names_the_narrowest_step():
    rows = pl.DataFrame({"lead": [200], "mql": [160], "sal": [60], "sql": [50], "opportunity": [40], "won": [10]})
    window = Window(date(2026, 1, 1), date(2026, 4, 1))
    locales.use("en")
    said = funnel.cohort_sentence(
        funnel.cohort_steps(rows, "opportunity"), "opportunity", Horizon(97, True, 400), window, 10
    )
    assert said.startswith("Of 200 leads created 1 Jan 2026 to 31 Mar 2026, 20.0% reached Opportunity within 97 days")
    assert "from MQL to SAL: 37.5% pass" in said


def test_empty_funnel_is_said_not_divided():
    empty = pl.DataFrame(schema={"stage": pl.String, "closed_as": pl.String, "leads": pl.Int64})
    nothing = funnel.period_steps(entries(0, 0, 0, 0, 0, 0))
    locales.use("en")
    assert funnel.period_sentence(nothing, empty, [], 10) == "No lead entered any stage in this period."


@pytest.mark.parametrize(
    ("points", "stage"),
    [
        pytest.param([], None, id="nothing clicked"),
        pytest.param([{"customdata": ["mql"]}], "mql", id="as Streamlit sends it"),
        pytest.param([{"customdata": "won"}], "won", id="as plotly sends it"),
        pytest.param([{"customdata": ["<b>"]}], None, id="no stage of ours"),
    ],
)
def test_clicked_bar_is_a_stage(points, stage):
    assert funnel.stage_clicked(points) == stage


@pytest.mark.parametrize(("rows", "cut"), [(1000, False), (1001, True)])
def test_long_lists_say_that_they_are_cut(rows, cut):
    locales.use("en")
    leads = pl.DataFrame({column: ["x"] * rows for column in ("stage", "customer_type", "channel")})
    assert funnel.listed(leads, {}).height == 1000
    assert funnel.listed_in_words(leads).startswith("Truncated") == cut
