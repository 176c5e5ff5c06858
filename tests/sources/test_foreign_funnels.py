"""Foreign funnels that Tandem knows nothing of, imported by writing mapping files alone."""

import re
from decimal import Decimal

import polars as pl

from tests.sources.staging import EXAMPLES, ROOT, imported, rows


def test_the_worked_example_of_the_documentation(tmp_path):
    text = (ROOT / "docs" / "mappings.md").read_text("utf-8")
    files = dict(re.findall(r"\*\*`([^`]+)`\*\*\n\n```(?:csv|toml)\n(.*?)```", text, flags=re.DOTALL))
    assert len(files) == 6
    result = imported(tmp_path, files)
    assert rows(result.table("leads"), "lead_id", "source", "channel") == [
        ("A-1", "Messe", "event"),
        ("A-2", "Google Ads", "paid_search"),
        ("A-3", "Empfehlung", "referral"),
    ]
    assert rows(result.table("deals"), "deal_id", "lead_id", "account_id", "amount") == [
        ("B-77", "A-1", "Ofenbau Krug", Decimal("19650.50")),
        ("B-78", "A-3", "Mühle am Bach", Decimal("7500.00")),
    ]
    assert result.table("deals")["won_at_is_date_only"].all()


MARKETPLACE = {
    "qualified_leads.csv": (
        "mql_id,first_contact_date,landing_page_id,origin\n"
        "m1,2018-02-01,p1,social\nm2,2018-02-03,p1,paid_search\nm3,2018-02-14,p2,\nm4,2018-03-01,p2,email\n"
    ),
    "closed_deals.csv": (
        "mql_id,seller_id,sr_id,won_date,business_segment\n"
        "m2,s9,rep1,2018-02-26 19:58:54,pet\nm4,s7,rep2,2018-05-08 20:17:59,home_decor\n"
    ),
    "order_items.csv": (
        "order_id,order_item_id,seller_id,price,freight_value\n"
        "o1,1,s9,58.90,13.29\no1,2,s9,58.90,13.29\no2,1,s9,199.00,17.87\no3,1,s1,12.99,12.79\n"
    ),
}


def test_a_marketplace_funnel_by_mapping_alone(tmp_path):
    result = imported(tmp_path, MARKETPLACE, EXAMPLES / "marketplace")
    assert rows(result.table("leads"), "lead_id", "channel", "segment") == [
        ("m1", "organic_social", None),
        ("m2", "paid_search", "pet"),
        ("m3", "other", None),
        ("m4", "email", "home_decor"),
    ]
    deals = result.table("deals")
    assert rows(deals, "deal_id", "lead_id", "amount", "currency") == [
        ("m2/s9", "m2", Decimal("316.80"), "BRL"),
        ("m4/s7", "m4", None, "BRL"),
    ], "items bought twice are summed twice; a seller without sales has no amount, not zero"
    assert str(deals.sort("deal_id")["won_at"][0]) == "2018-02-26 22:58:54+00:00", "19:58 in São Paulo"


EVENT_LOG = {
    "log.csv": (
        "case id;activity;timestamp;resource\n"
        "c1;Contact imported;2026-03-02T09:00:00Z;web\nc1;Qualified;2026-03-02T10:30:00Z;Mia\n"
        "c1;Call;2026-03-03T08:15:00Z;Jon\nc1;Offer accepted;2026-03-20T12:00:00Z;Jon\n"
        "c2;Qualified;2026-03-05T11:00:00Z;Mia\nc2;Contact imported;2026-03-04T09:00:00Z;web\n"
        "c2;Turned down;2026-03-06T09:00:00Z;Jon\nc2;Turned down;2026-03-06T09:00:00Z;Jon\n"
    ),
}


def test_an_event_log_by_mapping_alone(tmp_path):
    result = imported(tmp_path, EVENT_LOG, EXAMPLES / "event_log")
    leads = result.table("leads").select("lead_id", pl.col("created_at").dt.to_string("%m-%d %H:%M"))
    assert rows(leads, "lead_id", "created_at") == [("c1", "03-02 09:00"), ("c2", "03-04 09:00")]
    assert rows(result.table("stage_events"), "lead_id", "stage", "employee_id") == [
        ("c1", "mql", "Mia"),
        ("c1", "won", "Jon"),
        ("c2", "disqualified", "Jon"),
        ("c2", "mql", "Mia"),
    ]
    assert result.table("activities").height == 1
    assert rows(result.table("deals"), "deal_id", "lead_id") == [("deal:c1", "c1")]
    assert result.report("log.csv").rows_duplicate == 1


def test_own_words_extend_the_lists_of_all_mappings(tmp_path):
    files = {
        "values.toml": '[channel]\n"Hausmesse Süd" = "event"\n"Web" = "content"\n',
        "hubspot.csv": "Record ID,First Name,Email,Create Date,Original Source\n"
        "1,Ada,ada@ofen.example,2026-05-04,hausmesse-süd\n2,Ben,ben@ofen.example,2026-05-05,Web\n"
        "3,Cem,cem@ofen.example,2026-05-06,Paid Search\n",
    }
    leads = imported(tmp_path, files).table("leads")
    assert rows(leads, "lead_id", "channel") == [("1", "event"), ("2", "content"), ("3", "paid_search")]
