"""The campaign chain: ratios are divided at the edge, and nothing is divided by nothing."""

from datetime import date

import polars as pl
import pytest

import locales
from findings import campaigns

COST = {
    "campaign_id": pl.String, "campaign": pl.String, "channel": pl.String, "started_on": pl.Date, "ended_on": pl.Date,
    "budget": pl.Float64, "budget_currency": pl.String, "cost": pl.Float64,
}  # fmt: skip
CHAIN = ["campaign_id", "leads", "accepted", "opportunities", "won", "customers", "waiting"]
CREDIT = {"model": pl.String, "campaign_id": pl.String, "credit": pl.Decimal(18, 2), "deals": pl.Float64}
INFLUENCED = {"campaign_id": pl.String, "influenced": pl.Float64}


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def together(margin=0.4):
    cost = [
        ("fair", "Fair", "event", date(2026, 1, 5), None, 2_000.0, "EUR", 1_000.0),
        ("mail", "Mail", "email", date(2026, 4, 1), None, None, None, None),
        ("idle", "Idle", "email", date(2026, 4, 1), None, None, None, None),
    ]
    chain = [("fair", 20, 10, 5, 3, 2, 1), ("mail", 4, 0, 0, 0, 0, 4)]
    credit = [("linear", "fair", 5_000, 2.5), ("first", "fair", 9_000, 3.0)]
    return campaigns.together(
        pl.DataFrame(cost, schema=COST, orient="row"), pl.DataFrame(chain, schema=CHAIN, orient="row"),
        pl.DataFrame(credit, schema=CREDIT, orient="row"),
        pl.DataFrame([("fair", 12_000.0)], schema=INFLUENCED, orient="row"), "linear", margin,
    )  # fmt: skip


def test_ratios_of_a_campaign():
    fair = together().row(0, named=True)
    assert (fair["cost_per_lead"], fair["cost_per_accepted"], fair["cost_per_customer"]) == (50.0, 100.0, 500.0)
    assert (fair["roas"], fair["romi"], fair["budget_used"]) == (5.0, pytest.approx(1.0), 0.5)


def test_what_costs_nothing_known_has_no_ratio_and_what_did_nothing_has_no_row():
    found = together()
    assert found["campaign"].to_list() == ["Fair", "Mail"]
    mail = found.row(1, named=True)
    assert (mail["cost_per_lead"], mail["roas"], mail["romi"]) == (None, None, None)


def test_without_an_agreed_margin_there_is_no_romi():
    assert together(margin=None)["romi"].is_null().all()
    assert campaigns.totals(together(None), None).romi is None


def test_all_campaigns_together_divide_sums_not_ratios():
    found = campaigns.totals(together(), 0.4)
    assert (found.leads, found.cost, found.credit, found.roas) == (24, 1_000.0, 5_000.0, 5.0)
    assert found.cost_per_lead == pytest.approx(1_000 / 24)


def test_campaigns_of_a_quarter_are_those_that_started_in_it():
    cost = pl.DataFrame(
        [("a", date(2025, 12, 31)), ("b", date(2026, 1, 1)), ("c", date(2026, 4, 1))],
        schema=["campaign_id", "started_on"], orient="row",
    )  # fmt: skip
    assert campaigns.started_within(cost, date(2026, 1, 1), date(2026, 4, 1))["campaign_id"].to_list() == ["b"]


def test_influenced_is_never_added():
    row = {
        "booked": 140.0,
        "by_source": 90.0,
        "by_touch": 90.0,
        "by_creator": 50.0,
        "creator_known": 140.0,
        "influenced": 120.0,
    }
    found = campaigns.sourced(row)
    assert found["amount"].to_list() == [90.0, 90.0, 50.0, 120.0]
    assert found["share"][3] == pytest.approx(0.8571428571)
