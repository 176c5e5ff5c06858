"""Credit under several models: spans, ranks, what is nobody's, and which campaign one would stop."""

from datetime import date

import polars as pl
import pytest

import locales
from findings import attribution, stopping

CREDIT = {
    "model": pl.String, "channel": pl.String, "campaign_id": pl.String, "campaign": pl.String,
    "unattributed_reason": pl.String, "credit": pl.Decimal(18, 2), "deals": pl.Float64,
}  # fmt: skip
COST = {
    "campaign_id": pl.String, "campaign": pl.String, "channel": pl.String, "started_on": pl.Date, "cost": pl.Float64,
}  # fmt: skip
MODELS = ["linear", "first"]
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def credit(*rows):
    """Rows (model, campaign, credit, deals); a campaign named after a reason is nobody's."""
    told = [
        (model, None, None, None, name, amount, deals)
        if name in attribution.reasons()
        else (model, "email", name, name.upper(), None, amount, deals)
        for model, name, amount, deals in rows
    ]
    return pl.DataFrame(told, schema=CREDIT, orient="row")


def cost(*rows, started=date(2025, 1, 1)):
    return pl.DataFrame(
        [(name, name.upper(), "email", started, spent) for name, spent in rows], schema=COST, orient="row"
    )


def spans(rows):
    return attribution.ranges(rows, "campaign_id", attribution.campaign_frame(rows), "linear", MODELS)


def test_a_campaign_has_the_span_and_the_ranks_of_all_models():
    found = spans(credit(("linear", "fair", 60, 0.6), ("linear", "ads", 40, 0.4), ("first", "ads", 100, 1)))
    assert found.select("name", "credit", "low", "high", "rank", "best", "worst").rows() == [
        ("FAIR", 60.0, 0.0, 60.0, 1, 1, 2),
        ("ADS", 40.0, 40.0, 100.0, 2, 1, 2),
    ]


@pytest.mark.parametrize(
    ("best", "worst", "words"),
    [
        pytest.param(1, 1, "first in all 12 models", id="always first"),
        pytest.param(3, 3, "rank 3 in all 12 models", id="always third"),
        pytest.param(2, 7, "between rank 2 and 7: do not decide on this alone", id="models disagree"),
    ],
)
def test_ranks_in_words(best, worst, words):
    assert attribution.rank_in_words(best, worst, 12) == words


def test_what_is_nobodys_stands_with_its_share_and_what_would_mend_it():
    found = attribution.unattributed(credit(("linear", "ads", 75, 0.75), ("linear", "no_touch", 25, 0.25)), "linear")
    assert found.select("credit", "share").rows() == [(25.0, 0.25)]
    assert "tracking" in found["mend"][0]


def test_shares_of_a_model_add_to_one():
    rows = credit(("linear", "ads", 75, 0.75), ("linear", "no_touch", 25, 0.25), ("first", "ads", 100, 1))
    found = attribution.side_by_side(rows, {"email": "E-mail"}, MODELS, "linear")
    assert found.group_by("model").agg(pl.col("share").sum()).sort("model")["share"].to_list() == [1.0, 1.0]


def verdicts(rows, spent, median_days=30.0):
    found = stopping.judged(rows, spent, MODELS, TODAY, median_days)
    return dict(found.select("campaign", "verdict").iter_rows())


def test_a_dear_campaign_that_brought_nothing_is_to_stop_whatever_luck_did():
    rows = credit(("linear", "fair", 100, 1), ("first", "fair", 100, 1))
    assert verdicts(rows, cost(("banner", 1_000), ("fair", 10))) == {"BANNER": stopping.SURE, "FAIR": stopping.EARNING}


def test_one_missing_deal_is_no_proof():
    rows = credit(("linear", "fair", 1_000, 1), ("first", "fair", 1_000, 1))
    assert verdicts(rows, cost(("banner", 1_000)))["BANNER"] == stopping.LOSING


def test_models_that_disagree_decide_nothing():
    rows = credit(("linear", "ads", 500, 1), ("first", "ads", 100, 0.2), ("first", "fair", 400, 0.8))
    assert verdicts(rows, cost(("ads", 200)))["ADS"] == stopping.SPLIT


def test_a_young_campaign_is_not_judged():
    rows = credit(("linear", "fair", 100, 1), ("first", "fair", 100, 1))
    spent = cost(("new", 1_000), started=date(2026, 11, 1))
    assert verdicts(rows, spent, 90.0)["NEW"] == stopping.YOUNG


def answer(rows, spent):
    found = stopping.judged(rows, spent, MODELS, TODAY, 30.0)
    return stopping.sentence(found, len(MODELS), has_won=True, has_cost=bool(found.height))


def test_the_answer_names_three_at_most_the_dearest_first():
    rows = credit(("linear", "fair", 100, 1), ("first", "fair", 100, 1))
    said = answer(rows, cost(("a", 1_000), ("b", 4_000), ("c", 3_000), ("d", 2_000)))
    assert said == (
        "To stop first: “B”, “C”, “D”. They earn less than they cost in all 2 models, even if luck was against them."
    )


def test_the_answer_does_not_accuse_on_thin_figures():
    rows = credit(("linear", "fair", 1_000, 1), ("first", "fair", 1_000, 1))
    assert answer(rows, cost(("banner", 1_500))).endswith("but on too few deals to be sure.")
    assert answer(rows, cost(("fair", 1))).startswith("No campaign earns less than it costs")


def test_where_nothing_is_to_stop_the_answer_says_who_is_nearest_and_why_that_decides_nothing():
    rows = credit(("linear", "ads", 500, 1), ("first", "ads", 100, 0.2), ("first", "fair", 400, 0.8))
    rows = pl.concat([rows, credit(("linear", "fair", 400, 0.8))])
    said = answer(rows, cost(("ads", 200), ("fair", 100)))
    assert said.endswith("Least per euro: “ADS” (0.50 to 2.50, the models disagree)."), "FAIR earns more in all models"
    young = answer(rows, pl.concat([cost(("fair", 100)), cost(("new", 1_000), started=TODAY)]))
    assert young.endswith("Least per euro: “NEW” (0.00 to 0.00, too young to judge).")


def test_only_what_the_interval_shows_is_said_to_be_beyond_reach():
    solved = pl.DataFrame(
        [
            ("markov", "webinar", 50.0, 48.0, 52.0, 45.0),
            ("markov", "email", 40.0, 35.0, 45.0, 41.0),
            ("markov", "display", 20.0, 18.0, 22.0, 25.0),
            ("markov", "direct", 0.0, 0.0, 0.0, 3.0),
            ("shapley", "email", 99.0, 98.0, 99.5, None),
        ],
        schema=["model", "channel", "credit", "low", "high", "reach_credit"],
        orient="row",
    )
    said = attribution.solved_in_words(solved, {"webinar": "Webinar"})
    assert "More than for their reach alone: Webinar." in said
    assert said.endswith("Less than for their reach alone: display."), (
        "an excluded channel earns nothing and is not told"
    )
