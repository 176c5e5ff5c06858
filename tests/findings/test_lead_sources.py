"""Lead sources: ties instead of ranks, lead or handling, and what would decide it."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import locales
from agreement import load
from findings import lead_sources
from queries import connect, run
from queries.published import published_file

TERMS = load().dated[-1][1].comparison


def rows(*sources: tuple) -> pl.DataFrame:
    """`name, leads, opportunities, due, met, opportunities_met`; the rest is as many as opportunities."""
    names = ["name", "leads", "opportunities", "due", "met", "opportunities_met"]
    told = pl.DataFrame(sources, {"name": pl.String} | dict.fromkeys(names[1:], pl.Int64), orient="row")
    return told.with_columns(
        channel=pl.lit("email"), accepted="opportunities", contacted="opportunities", won="opportunities",
        days_to_opportunity=pl.lit(3.0), priced=pl.lit(0), log_amounts=pl.lit(0.0), log_squares=pl.lit(0.0),
        fit_known=pl.lit(0), fitting=pl.lit(0),
    )  # fmt: skip


MANY = [(f"S{number}", 200, 60 + number, 200, 160, 50) for number in range(6)]


def test_two_of_four_never_rank_first():
    ranked = lead_sources.ranked(rows(*MANY, ("Lucky", 4, 2, 4, 4, 2)), "opportunities", TERMS)
    assert ranked["name"][0] != "Lucky"
    assert ranked.filter(name="Lucky")["share"].item() == ranked["share"].max(), "though its share is the highest"


def test_what_cannot_be_told_apart_is_one_tier():
    ranked = lead_sources.ranked(
        rows(("A", 300, 150, 300, 300, 150), ("B", 300, 146, 300, 300, 146), ("C", 300, 30, 300, 300, 30)),
        "opportunities", TERMS,
    )  # fmt: skip
    assert ranked.select("name", "tier").rows() == [("A", 0), ("B", 0), ("C", 1)]


@settings(max_examples=20, deadline=None)
@given(st.permutations(MANY))
def test_the_order_of_rows_changes_nothing(order):
    told, known = (lead_sources.ranked(rows(*sources), "opportunities", TERMS) for sources in (order, MANY))
    assert told.select("name", "tier").equals(known.select("name", "tier"))
    assert told["estimate"].to_list() == pytest.approx(known["estimate"].to_list(), rel=1e-4)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        pytest.param(("X", 200, 40, 200, 60, 36), "handling", id="good where answered, rarely answered"),
        pytest.param(("X", 200, 12, 200, 170, 10), "lead", id="weak though answered"),
        pytest.param(("X", 200, 110, 200, 170, 100), "good", id="strong and answered"),
        pytest.param(("X", 200, 62, 200, 160, 50), "unclear", id="like the others"),
        pytest.param(("X", 12, 3, 0, 0, 0), "unclear", id="no answer had a clock"),
    ],
)
def test_lead_or_handling(source, verdict):
    found = {one.name: one for one in lead_sources.handling(rows(*MANY, source), TERMS)}
    assert found["X"].verdict == verdict
    assert "X" in lead_sources.in_one_sentence(found["X"]).replace("\u2068", "")


def test_few_leads_get_no_verdict():
    assert "Tiny" not in {one.name for one in lead_sources.handling(rows(*MANY, ("Tiny", 9, 0, 9, 9, 0)), TERMS)}


def test_a_duel_says_what_would_decide_it():
    told = rows(("A", 50, 20, 50, 50, 20), ("B", 50, 18, 50, 50, 18), ("C", 500, 10, 500, 500, 10))
    assert "more leads of both together would decide it" in lead_sources.duel(told, "A", "B", "opportunities", TERMS)
    assert "That is enough to say so." in lead_sources.duel(told, "A", "C", "opportunities", TERMS)
    same = rows(("A", 50, 20, 50, 50, 20), ("B", 50, 20, 50, 50, 20))
    assert "no number of leads" in lead_sources.duel(same, "A", "B", "opportunities", TERMS)


def test_nobody_old_enough():
    empty = rows()
    assert lead_sources.handling(empty, TERMS) == []
    assert "old enough" in lead_sources.headline(lead_sources.ranked(empty, "won", TERMS), [])
    assert lead_sources.valued(lead_sources.ranked(empty, "won", TERMS), COSTS.clear(), TERMS).height == 0


COSTS = pl.DataFrame({"channel": ["email"], "cost": [1000.0], "leads": [100]})


def test_worth_is_value_minus_cost():
    priced = rows(*MANY).with_columns(priced=pl.lit(20), log_amounts=pl.lit(20 * 10.0), log_squares=pl.lit(2002.0))
    told = lead_sources.valued(priced, COSTS, TERMS)
    assert told["cost_per_lead"].to_list() == [10.0] * 6
    assert told.select((pl.col("worth") - (pl.col("value") - 10)).abs().max()).item() < 1e-9
    assert told.select(
        (pl.col("value_low") < pl.col("value")).all() & (pl.col("value") < pl.col("value_high")).all()
    ).item()


def test_the_planted_sources_are_found_in_the_demo_company(demo_build):
    """The partner portal is good and waits; the banner network is bad however fast it is answered."""
    with connect(published_file(demo_build)) as connection:
        told = run(
            connection, "lead_sources/outcomes", dimension="source", handed_from=date(2025, 5, 1),
            handed_until=date(2026, 9, 1), team=None, segment=None,
        )  # fmt: skip
    found = {one.name: one for one in lead_sources.handling(told, TERMS)}
    assert found["Partner"].verdict == "handling"
    assert found["Display"].verdict != "handling"
    assert (found["Display"].share_met or 0) == min(one.share_met or 1 for one in found.values() if one.share_met)


def test_german_and_english_differ():
    told = lead_sources.ranked(rows(*MANY), "opportunities", TERMS)
    english = lead_sources.headline(told, [])
    locales.use("de")
    assert lead_sources.headline(told, []) != english


def test_rejections_name_the_reason_and_the_share_of_the_source():
    told = pl.DataFrame(
        [("Display", "rejected", "no_budget", 6), ("Display", "rejected", None, 3), ("Display", "accepted", None, 51),
         ("Fair", "rejected", "<b>odd</b>", 1), ("Fair", "accepted", None, 3)],
        ["name", "decision", "reject_reason", "leads"], orient="row",
    )  # fmt: skip
    found = lead_sources.rejections(told)
    assert found.select("campaign", "share").rows() == [("Display", 0.15), ("Fair", 0.25)]
    assert "no reason given 3" in found["reasons"][0]
    assert "<b>odd</b>" in found["reasons"][1], "a reason nobody agreed on stays as the CRM says it"
