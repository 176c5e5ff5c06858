"""What a mapping file can say, and how it is told when it says it wrongly."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pipeline.sources import mapping
from tests.sources.conftest import DEALS, LEADS, Import

MINIMAL = 'name = "m"\n[recognise]\nheaders = ["A"]\n'


def table(columns: str, to: str = "touches", head: str = "") -> str:
    return f'{MINIMAL}{head}\n[[table]]\nto = "{to}"\n[table.columns]\n{columns}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("name = ", ["m.toml is not valid TOML"], id="no TOML"),
        pytest.param('name = "m"\nlookup_only = true\n', ["recognise: is missing"], id="no way to know the file"),
        pytest.param(MINIMAL, ["at least one [[table]]"], id="no table"),
        pytest.param(
            table("", "lead"),
            ["[[table]] 1 (lead).to", "no canonical table 'lead' (nearest: leads)"],
            id="unknown table",
        ),
        pytest.param(
            table('lead_idd = "A"', "leads"),
            ["'lead_idd' is no column of leads (nearest: lead_id)"],
            id="unknown column",
        ),
        pytest.param(table('lead_id = "A"', "leads"), ["leads needs created_at"], id="missing needed column"),
        pytest.param(
            table('deal_id = { colum = "A" }', "deals"),
            ["columns.deal_id.colum: no such key (nearest: column"],
            id="misspelt key",
        ),
        pytest.param(
            table('deal_id = { column = "A", value = "x" }', "deals"),
            ["exactly one of", "it has column, value"],
            id="two bases",
        ),
        pytest.param(
            table(
                'deal_id = "A"\nchannel = { column = "A", values = "chanel" }',
                "deals",
                '[values.channel]\n"x" = "email"',
            ),
            ["no [values.chanel] (nearest: channel)"],
            id="unknown value map",
        ),
        pytest.param(
            table('deal_id = "A"', "deals", '[read]\nzone = "Berlin"'), ["read.zone", "Europe/Berlin"], id="no zone"
        ),
        pytest.param(
            table('deal_id = { lookup = "x", sum = "p" }', "deals"),
            ["a lookup needs `on`, `match`"],
            id="half a lookup",
        ),
        pytest.param(
            table('deal_id = "A"', "deals", '[read]\nduplicates = "keep"'),
            ["rows of deals have a key"],
            id="keep with a key",
        ),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, words: list[str]) -> None:
    with pytest.raises(mapping.MappingError) as error:
        mapping.parse(text, "m.toml")
    for word in words:
        assert word in str(error.value)


def test_a_wrong_mapping_is_reported_and_the_others_work(bring: Import) -> None:
    outcome = bring({"leads.csv": "Id,Created\na1,2026-01-05\n", "wrong.toml": table('lead_idd = "A"', "leads")})
    assert outcome.reports["wrong.toml"].status == "refused"
    assert "'lead_idd' is no column of leads" in outcome.reports["wrong.toml"].message
    assert outcome.reports["leads.csv"].rows_kept == 1


def test_a_column_that_is_not_there_is_told_with_the_nearest(bring: Import) -> None:
    strict = LEADS.replace('missing = "empty"\n', "").replace('"Source"', '"Sorce"').replace('score = "Score"\n', "")
    outcome = bring({"leads.csv": "Id,Created,Source\na1,2026-01-05,Web\n"}, mappings=(strict,))
    assert outcome.only.status == "refused"
    assert "no column 'Sorce' (nearest: Source)" in outcome.only.message


def test_a_needed_column_that_is_not_there_refuses_even_where_others_may_be_missing(bring: Import) -> None:
    text = LEADS.replace('headers = ["Id", "Created"]', 'headers = ["Id"]')
    outcome = bring({"leads.csv": "Id,Createt,Source\na1,2026-01-05,Web\n"}, mappings=(text,))
    assert outcome.only.status == "refused"
    assert "no column 'Created' (nearest: Createt) and leads.created_at cannot be without it" in outcome.only.message


def test_two_mappings_that_fit_equally_refuse_the_file(bring: Import) -> None:
    outcome = bring(
        {"leads.csv": "Id,Created\na1,2026-01-05\n"}, mappings=(LEADS, LEADS.replace("crm_leads", "other_leads"))
    )
    assert outcome.only.status == "refused"
    assert "'crm_leads' and 'other_leads'" in outcome.only.message


def test_a_declared_separator_in_the_way_is_told(bring: Import) -> None:
    outcome = bring(
        {"leads.csv": "Id,Created\na1,2026-01-05\n"}, mappings=(LEADS.replace("[read]", '[read]\nseparator = ";"'),)
    )
    assert outcome.only.status == "refused"
    assert 'separator = ","' in outcome.only.message


EVENTS = """
name = "shop_log"
[recognise]
headers = ["Case", "Event", "At"]
[read]
currency = "USD"
[columns."Price"]
decimal = "comma"
[values.stage]
"qualified" = "mql"
"opp" = "opportunity"
[[table]]
to = "leads"
where = [{ column = "Event", in = ["created"] }]
[table.columns]
lead_id = { join = ["Shop", "Case"], separator = "-" }
created_at = "At"
source = { first = ["Origin", "Price"], default = "unknown" }
channel = { column = "Medium", values = { "cpc" = "paid_search", "*" = "other" } }
segment = { column = "Case", extract = "^([A-Z]+)" }
[table.columns.qualified_at]
lookup = "shop_log"
on = "Case"
match = "Case"
where = [{ column = "Event", in = ["qualified"] }]
min = "At"
[[table]]
to = "stage_events"
where = [{ column = "Event", values = "stage", in = ["mql", "opportunity"] }]
[table.columns]
lead_id = { join = ["Shop", "Case"], separator = "-" }
stage = { column = "Event", values = "stage" }
entered_at = "At"
[[table]]
to = "deals"
where = [{ column = "Event", matches = "^(won|lost)$" }]
[table.columns]
deal_id = { column = "Case", prefix = "deal:" }
lead_id = { join = ["Shop", "Case"], separator = "-" }
amount = { column = "Price", times = "1000" }
won_at = { column = "At", when = [{ column = "Event", in = ["won"] }] }
lost_at = { column = "At", when = [{ column = "Event", in = ["lost"] }] }
created_at = { date_time = ["Day", "Time"] }
[[table]]
to = "touches"
where = [{ column = "Event", not_in = ["created", "won", "lost", "qualified", "opp"] }]
[table.columns]
touch_id = { hash = ["Case", "At", "Event"] }
occurred_at = "At"
channel = { value = "email" }
kind = { value = "other" }
"""
LOG = """Shop,Case,Event,At,Origin,Medium,Price,Day,Time
S,A1,created,2026-01-01 10:00,,CPC,,,
S,A1,qualified,2026-01-03 10:00,,,,,
S,A1,qualified,2026-01-02 10:00,,,,,
S,A1,opp,2026-01-04 10:00,,,,,
S,A1,won,2026-02-01 10:00,,,"1,234",2026-01-04,10:30
S,B2,created,2026-01-05,Fair,tv,,,
S,B2,mail,2026-01-06 08:00,,,,,
S,B2,mail,2026-01-06 08:00,,,,,
S,B2,lost,2026-03-01,,,,2026-01-07,
"""


def test_an_event_log_becomes_records_of_four_tables(bring: Import) -> None:
    outcome = bring({"log.csv": LOG, "log.toml": EVENTS})
    assert (outcome.only.rows_kept, outcome.only.rows_duplicate) == (8, 1)
    leads = outcome.table("leads")
    assert leads.select("lead_id", "source", "channel", "segment").rows() == [
        ("S-A1", "unknown", "paid_search", "A"), ("S-B2", "Fair", "other", "B"),
    ]  # fmt: skip
    assert leads["qualified_at"].to_list() == [datetime(2026, 1, 2, 9, tzinfo=UTC), None]
    assert leads["created_at_is_date_only"].to_list() == [False, True]
    assert outcome.table("stage_events")["stage"].to_list() == ["mql", "mql", "opportunity"]
    deals = outcome.table("deals")
    assert deals["amount"].to_list() == [Decimal("1234.00"), None]
    assert deals.select("deal_id", "currency").rows() == [("deal:A1", "USD"), ("deal:B2", "USD")]
    assert [at is not None for at in deals["won_at"]] == [True, False]
    assert deals["created_at"].to_list() == [
        datetime(2026, 1, 4, 9, 30, tzinfo=UTC),
        datetime(2026, 1, 6, 23, tzinfo=UTC),
    ]
    assert outcome.table("touches")["touch_id"].str.len_chars().to_list() == [32]
    assert "tv (1)" in outcome.only.decisions["Medium → other"]


ITEMS = """
name = "items"
lookup_only = true
[recognise]
headers = ["Order", "Item price"]
"""
SUMMED = """
name = "orders"
[recognise]
headers = ["Order No", "Buyer"]
[[table]]
to = "deals"
[table.columns]
deal_id = "Order No"
amount = { lookup = "items", on = "Order No", match = "Order", sum = "Item price" }
name = { lookup = "items", on = "Order No", match = "Order", take = "Kind" }
[table.columns.lost_reason]
lookup = "items"
on = "Order No"
match = "Order"
count = "*"
where = [{ column = "Kind", in = ["a"] }]
"""


def test_amounts_are_sums_of_another_file(bring: Import) -> None:
    items = "Order,Item price,Kind\n1,10.50,a\n1,0.25,a\n2,3.00,a\n2,3.00,b\n3,,c\n4,x,a\n"
    outcome = bring(
        {
            "items.csv": items,
            "orders.csv": "Order No,Buyer\n1,x\n2,x\n3,x\n9,x\n",
            "items.toml": ITEMS,
            "orders.toml": SUMMED,
        }
    )
    deals = outcome.table("deals")
    assert deals["amount"].to_list() == [Decimal("10.75"), Decimal("6.00"), None, None]
    assert deals["name"].to_list() == ["a", None, "c", None]
    assert deals["lost_reason"].to_list() == ["2", "1", None, None]
    assert outcome.reports["items.csv"].rows_kept == 5
    assert outcome.rules == ["not_a_number"]


def test_a_lookup_that_names_no_mapping_is_refused_with_the_nearest(bring: Import) -> None:
    outcome = bring(
        {"orders.csv": "Order No,Buyer\n1,x\n", "items.toml": ITEMS, "orders.toml": SUMMED.replace('"items"', '"item"')}
    )
    assert "names no mapping (nearest: items)" in outcome.only.message


def test_parts_of_a_cell_become_records_and_companies_are_told_once(bring: Import) -> None:
    text = """
name = "team_deals"
[recognise]
headers = ["Deal", "Contacts"]
[[table]]
to = "deals"
[table.columns]
deal_id = "Deal"
account_id = "Company"
[[table]]
to = "deal_people"
[table.columns]
deal_id = "Deal"
person_id = { column = "Contacts", split = ";" }
[[table]]
to = "accounts"
[table.columns]
account_id = "Company"
region = "Region"
[[table]]
to = "campaigns"
once = true
[table.columns]
campaign_id = "Company"
name = "Region"
"""
    rows = "Deal,Contacts,Company,Region\nd1,p1; p2;p1,ACME,\nd2,,ACME,\nd3,p3,,x\nd4,,Beta,South\nd5,,Beta,North\n"
    outcome = bring({"deals.csv": rows, "deals.toml": text}, mappings=())
    assert outcome.only.rows_kept == 5
    assert outcome.table("deal_people").select("deal_id", "person_id").rows() == [
        ("d1", "p1"),
        ("d1", "p2"),
        ("d3", "p3"),
    ]
    assert outcome.table("accounts").select("account_id", "region").rows() == [("ACME", None), ("Beta", "South")]
    assert "accounts: 1 records are told differently" in outcome.only.message
    assert outcome.table("campaigns").select("campaign_id", "name").rows() == [("ACME", None), ("Beta", "North")]


def test_a_cost_is_spread_to_the_cent(bring: Import) -> None:
    text = """
name = "fairs"
[recognise]
headers = ["Fair", "Cost (CHF)"]
[[table]]
to = "spend"
spread = { from = "Start", until = "End" }
[table.columns]
campaign_id = "Fair"
cost = '~Cost \\(([A-Z]{3})\\)'
"""
    outcome = bring(
        {
            "fairs.csv": "Fair,Start,End,Cost (CHF)\n"
            "f,2026-03-01,2026-03-03,100.00\ng,2026-03-02,,5\nh,2026-03-02,2026-03-01,5\n",
            "fairs.toml": text,
        }
    )
    spend = outcome.table("spend")
    assert spend["cost"].to_list() == [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")]
    assert spend["day"].to_list() == [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]
    assert spend["currency"].unique().to_list() == ["CHF"]
    assert spend["is_spread"].all()
    assert outcome.rules == ["missing_value", "not_a_period"]


def test_words_outside_a_closed_list_are_told(bring: Import) -> None:
    text = LEADS.replace('source = "Source"', 'channel = "Source"')
    outcome = bring({"leads.csv": "Id,Created,Source\na,2026-01-05,Email\nb,2026-01-05,Telepathy\n"}, mappings=(text,))
    assert outcome.table("leads")["channel"].to_list() == ["email"]
    assert "“telepathy” is no known word of leads.channel" in outcome.rejected()["reason"][0]


def test_tandem_files_need_no_mapping(bring: Import) -> None:
    outcome = bring(
        {
            "leads.csv": "lead_id,created_at,channel,score,created_at_is_date_only\n"
            "x,2026-01-05T10:00:00Z,email,1.5,true\n",
            "employees.csv": "employee_id,name\ne1,Eva\n",
            "wrong.csv": "lead_id,created_at,chanel\nx,2026-01-05,email\n",
        },
        mappings=(),
    )
    assert outcome.reports["leads.csv"].mapping == "tandem_leads"
    assert outcome.table("leads").select("score", "created_at_is_date_only").rows() == [(1.5, True)]
    assert outcome.table("employees").height == 1
    assert outcome.reports["wrong.csv"].status == "unrecognised"


def test_own_mappings_win_over_shipped_ones(bring: Import) -> None:
    text = table('lead_id = "Record ID"\ncreated_at = "Create Date"', "leads").replace(
        '["A"]', '["Record ID", "Lifecycle Stage"]'
    )
    rows = "Record ID,Email,Lifecycle Stage,Create Date\n1,a@example.com,Lead,2026-01-05\n"
    assert bring({"contacts.csv": rows, "mine.toml": text}).only.mapping == "m"


def test_money_needs_no_more_than_the_agreement_s_currency(bring: Import) -> None:
    outcome = bring({"deals.csv": "Deal,Amount\nd1,5\n"}, mappings=(DEALS.replace('currency = "EUR"\n', ""),))
    assert outcome.table("deals")["currency"].to_list() == ["EUR"]
    assert outcome.only.decisions["currency"] == "EUR, from the agreement"
