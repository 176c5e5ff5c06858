"""Deals: their worth in one currency, the lead they grew from, and whether marketing had a part in them."""

from decimal import Decimal

import pytest

from tests.golden import load
from tests.marts.story import at, judged, only, tables

DEAL = {"deal_id": "D", "account_id": "A", "created_at": "2026-03-01 10:00"}
RATES = [
    {"currency": "CHF", "day": "2026-03-01", "rate": 0.9},
    {"currency": "CHF", "day": "2026-05-01", "rate": 1.05},
    {"currency": "CHF", "day": "2026-06-01", "rate": 1.1},
    {"currency": "CHF", "day": "2026-12-01", "rate": 9.9},
]


def deals(*rows, **others):
    return judged(tables(deals=[DEAL | dict(row) for row in rows], **others))["deals"]


@pytest.mark.parametrize(
    ("deal", "amount"),
    [
        pytest.param({"amount": "100", "currency": "EUR"}, "100.00", id="reporting currency"),
        pytest.param({"amount": "100", "currency": "CHF", "won_at": "2026-05-20"}, "105.00", id="latest rate before"),
        pytest.param(
            {"amount": "100", "currency": "CHF", "lost_at": "2026-05-01 00:30"}, "105.00", id="rate of the day"
        ),
        pytest.param({"amount": "100", "currency": "CHF"}, "110.00", id="open: newest rate known by as_of"),
        pytest.param(
            {"amount": "0.05", "currency": "CHF", "won_at": "2026-03-02"}, "0.05", id="0.045 is half, goes up"
        ),
        pytest.param(
            {"amount": "-0.05", "currency": "CHF", "won_at": "2026-03-02"}, "-0.05", id="a credit note likewise"
        ),
        pytest.param(
            {"amount": "9999999999999.99", "currency": "CHF"}, "10999999999999.99", id="no float touches an amount"
        ),
    ],
)
def test_amounts_are_in_the_reporting_currency(deal, amount):
    row = only(deals(deal, exchange_rates=RATES))
    assert (row["amount"], row["is_unconverted"]) == (Decimal(amount), False)
    assert (row["amount_original"], row["currency_original"]) == (Decimal(deal["amount"]), deal["currency"])


@pytest.mark.parametrize(
    "deal",
    [
        pytest.param({"amount": "100", "currency": "USD"}, id="no rate for the currency"),
        pytest.param({"amount": "100", "currency": "CHF", "won_at": "2026-02-01"}, id="closed before the first rate"),
    ],
)
def test_without_a_rate_a_deal_is_kept_unconverted(deal):
    row = only(deals(deal, exchange_rates=RATES))
    assert (row["amount"], row["amount_original"], row["is_unconverted"]) == (None, Decimal(100), True)


def test_a_deal_without_amount_is_not_called_unconverted():
    row = only(deals({"stage": "Proposal"}))
    assert (row["amount"], row["is_unconverted"], row["stage"]) == (None, False, "Proposal")


@pytest.mark.parametrize(
    ("closing", "stage", "days"),
    [
        pytest.param({"won_at": "2026-03-11 00:30"}, "won", 10, id="local days"),
        pytest.param({"lost_at": "2026-03-01"}, "lost", 0, id="on the same day"),
        pytest.param({"lost_at": "2026-02-27"}, "lost", None, id="closed before it was created"),
        pytest.param({}, None, None, id="open"),
    ],
)
def test_cycle_days(closing, stage, days):
    row = only(deals(closing))
    assert (row["stage"], row["cycle_days"]) == (stage, days)


def lead(lead_id, created, **columns):
    return {"lead_id": lead_id, "person_id": "P", "account_id": "A", "created_at": created} | columns


@pytest.mark.parametrize(
    ("deal", "leads", "found"),
    [
        pytest.param({"lead_id": "L"}, [lead("L", "2026-01-01", person_id="Q")], "L", id="the lead it names"),
        pytest.param({"lead_id": "gone"}, [lead("L", "2026-01-01")], "L", id="names an unknown lead: its person's"),
        pytest.param(
            {}, [lead("old", "2025-01-01"), lead("young", "2026-01-01")], "young", id="the youngest before it"
        ),
        pytest.param({}, [lead("L", "2026-01-01"), lead("later", "2026-03-02")], "L", id="not one that came later"),
        pytest.param({}, [lead("soon", "2026-03-02"), lead("late", "2026-04-02")], "soon", id="all later: the first"),
        pytest.param({}, [lead("L", "2026-01-01", person_id="Q")], None, id="nobody on the deal"),
        pytest.param({}, [lead("L", "2026-01-01", account_id="B")], None, id="lead of another account"),
    ],
)
def test_the_lead_of_a_deal(deal, leads, found):
    row = only(deals(deal, leads=leads, deal_people=[{"deal_id": "D", "person_id": "P"}]))
    assert row["lead_id"] == found


def test_deals_without_any_lead_work():
    done = judged(tables(deals=[DEAL | {"won_at": "2026-04-01", "amount": "5", "currency": "EUR"}]))
    assert done["leads"].is_empty()
    assert (only(done["deals"])["amount"], only(done["journeys"])["outcome"]) == (5, "won")


def test_what_the_deal_does_not_say_its_lead_says():
    told = lead("L", "2026-01-01", channel="event", source="Fair", campaign_id="C", segment="large")
    by_lead = only(deals({"lead_id": "L"}, leads=[told]))
    assert (by_lead["channel"], by_lead["source"], by_lead["campaign_id"], by_lead["segment"]) == (
        "event", "Fair", "C", "large",
    )  # fmt: skip
    own = only(deals({"lead_id": "L", "channel": "email", "source": "Mail"}, leads=[told]))
    assert (own["channel"], own["source"]) == ("email", "Mail")


def test_a_deal_without_lead_takes_the_segment_of_its_account():
    others = [lead("L1", "2026-01-02", segment="small"), lead("L2", "2026-01-01", segment="large")]
    assert only(deals({}, leads=others))["segment"] == "large"


@pytest.mark.parametrize(
    ("creator", "is_marketing"),
    [
        pytest.param("Mia", True, id="name of a marketer"),
        pytest.param("E1", True, id="id of a marketer"),
        pytest.param("Sam", False, id="somebody in sales"),
        pytest.param("Marketing automation", True, id="the word itself"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_sourced_by_creator(creator, is_marketing):
    staff = [
        {"employee_id": "E1", "name": "Mia", "department": "Marketing", "team": "Web"},
        {"employee_id": "E2", "name": "Sam", "department": "Sales", "team": "South"},
    ]
    row = only(deals({"created_by": creator, "owner_id": "E2"}, employees=staff))
    assert (row["is_marketing_created"], row["team"]) == (is_marketing, "South")


def test_sourced_and_influenced_side_by_side_as_published():
    golden = load("attr_influenced_vs_attributed")
    told = golden["input"]["opps"]
    rows = [
        {
            "deal_id": deal["id"], "account_id": deal["id"], "created_at": deal["created"], "won_at": deal["closed"],
            "amount": str(deal["won"]), "currency": "EUR", "created_by": deal["created_by"],
        }
        for deal in told
    ]  # fmt: skip
    touches = [
        {
            "touch_id": f"{deal['id']}{day}", "account_id": deal["id"], "occurred_at": day,
            "channel": "other", "kind": "form",
        }
        for deal in told
        for _, day in deal["touches"]
    ]  # fmt: skip
    done = deals(*rows, touches=touches)
    amounts = {
        name: done.filter(name)["amount"].sum()
        for name in ("is_marketing_created", "first_touch_before_creation", "is_influenced")
    }
    expected = golden["expected"]
    assert amounts == {
        "is_marketing_created": expected["sourced_by_creator_field"],
        "first_touch_before_creation": expected["sourced_by_touch_before_creation"],
        "is_influenced": expected["influenced_any_touch"],
    }


def test_a_machine_does_not_influence():
    bot = {"touch_id": "t", "account_id": "A", "occurred_at": "2026-02-01", "channel": "email", "kind": "email_click"}
    assert not only(deals({}, touches=[bot | {"is_bot": True}]))["is_influenced"]
    assert only(deals({}, touches=[bot]))["is_influenced"]


def test_the_crm_may_say_that_business_is_existing():
    assert only(deals({"type": "existing"}))["customer_type"] == "existing"
    first, second = deals({"won_at": "2026-03-02"}, {"deal_id": "E", "created_at": "2026-04-01"}).to_dicts()
    assert (first["customer_type"], second["customer_type"]) == ("new", "existing")
    assert second["created_at"] == at("2026-04-01")
