"""Shipped mappings: each claims its own exports, and reads their English and German variants exactly."""

import re
import tomllib
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from pipeline.canonical import (
    ACTIVITY_KINDS,
    CHANNELS,
    DEAL_TYPES,
    DIRECTIONS,
    LEAD_TYPES,
    OUTCOMES,
    STAGES,
    TOUCH_KINDS,
)  # fmt: skip
from pipeline.sources import mapping as mappings
from pipeline.sources.recognise import Head, choose
from tests.sources.staging import ROOT, SHIPPED, Read, imported, rows

NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml") if path.name != "values.toml")


@pytest.fixture(scope="module")
def shipped() -> dict[str, mappings.Mapping]:
    found, faults = mappings.load_folder(SHIPPED, 0, mappings.load_values(SHIPPED))
    assert not faults
    return found


def test_each_shipped_mapping_is_named_like_its_file(shipped):
    assert sorted(shipped) == NAMES
    assert all(mapping.title for mapping in shipped.values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", [0, -1], ids=["first words", "last words"])
def test_each_shipped_mapping_claims_its_own_header_alone(shipped, name, which):
    """Two mappings that claim one header equally well would refuse the file."""
    mapping = shipped[name]
    example = {"Cost": "Kosten (EUR)", "Amount": "Amount spent (EUR)"}
    header = [
        names[which] if not names[which].startswith("~") else example["Amount" if "Amount" in names[which] else "Cost"]
        for names in mapping.recognise.headers
    ]
    sheet = mapping.read.sheet
    if sheet:
        sheets = {(sheet if isinstance(sheet, str) else sheet[which]): [header]}
        head = Head("xlsx", sheets=sheets)
    else:
        head = Head("text", text=",".join(f'"{cell}"' for cell in header) + "\n")
    assert [chosen.name for chosen, _ in choose(head, "export.csv", list(shipped.values()))] == [name]


@pytest.mark.parametrize(
    "header",
    [
        "id,name,stage,close date,amount",
        "id,name,industry,website",
        "day,campaign,cost,clicks,impressions",
        "id,email,first name,last name,created",
        "account,sector,office_location",
    ],
)
def test_plain_words_are_claimed_by_no_product(shipped, header):
    """Any tool may write them; only the user knows which."""
    assert choose(Head("text", text=header + "\n"), "export.csv", list(shipped.values())) == []


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("channel", CHANNELS),
        ("lead_type", LEAD_TYPES),
        ("lifecycle", STAGES),
        ("deal_stage", ("won", "lost")),
        ("deal_type", DEAL_TYPES),
        ("touch_kind", TOUCH_KINDS),
        ("activity_kind", ACTIVITY_KINDS),
        ("direction", DIRECTIONS),
        ("outcome", OUTCOMES),
    ],
)
def test_the_word_lists_end_in_known_words(words, known):
    lists = tomllib.loads((SHIPPED / "values.toml").read_text("utf-8"))
    assert set(lists[words].values()) <= set(known)


# file name -> its lines
ADS = {
    "google_range.csv": [
        "Campaign report",
        '"September 1, 2026 - September 3, 2026"',
        "Campaign,Campaign type,Cost,Impr.,Clicks,Currency code",
        'Brand,Search,"1,000.00","1,201",4,EUR',
        "Banner,Display,0.02,50,1,EUR",
        'Total: Account, --,"1,000.02","1,251",5,EUR',
    ],
    "meta_de.csv": [
        "Berichtsstart,Berichtsende,Kampagnenname,Ausgegebener Betrag (CHF),Impressionen,Link-Klicks",
        '2026-08-01,2026-08-02,,"3.000,01","9.000",90',
        '2026-08-01,2026-08-02,Herbst,"3.000,01","9.000",90',
    ],
    "linkedin_en.csv": [
        "Campaign Performance Report (in UTC)",
        '"Report Start: October 1, 2026, 12:00 AM"',
        '"Report End: October 4, 2026, 11:59 PM"',
        '"Date Generated: October 9, 2026, 8:00 AM"',
        "",
        "Campaign ID,Campaign Name,Currency,Total Spent,Impressions,Clicks",
        "7,Fall,EUR,10.01,400,8",
    ],
}
CRM = {
    "hubspot_de.csv": [
        "Datensatz-ID,Vorname,Nachname,E-Mail-Adresse,Lifecycle-Phase,Erstelldatum,Originalquelle,"
        "IDs zugeordneter Unternehmen",
        "5,Ada,Ofen,ada@ofen.example,Lead,2026-05-04 10:00,Bezahlte Suche,11;12",
    ],
    "salesforce_report.csv": [
        "Lead-Bericht;;;;;",
        "Filter: Alle Leads;;;;;",
        "Lead-ID;Firma/Account;Lead-Quelle;Lead-Status;Erstelldatum;Konvertierungsdatum",
        "00Q1;Krug;Messe;Qualifiziert;03.02.2026;17.02.2026",
        "00Q2;Lorenz;Web;Offen;28.02.2026;",
        "Gesamt;2;;;;",
        "Copyright (c) 2000-2026 salesforce.com",
    ],
    "salesforce_opportunities.csv": [
        "Opportunity-ID,Opportunity-Name,Phase,Schlusstermin,Betrag,Account-Name",
        '0061,Ofen,Geschlossen und gewonnen,15.04.2026,"18.400,50",Krug',
        '0062,Kneter,Angebot,30.06.2026,"7.000,00",Lorenz',
        '0063,Regal,Geschlossen und verloren,20.04.2026,"300,00",Lorenz',
    ],
    "Lead.csv": [  # Salesforce's data export writes API names
        "Id,LastName,FirstName,Company,Email,LeadSource,Status,OwnerId,IsConverted,ConvertedDate,ConvertedContactId,"
        "ConvertedOpportunityId,CreatedDate",
        "00Q9,Krug,Ina,Krug KG,ina@krug.example,Trade Show,Qualified,005A,true,2026-05-11,0039,0069,"
        "2026-05-01T08:00:00.000Z",
    ],
    "Opportunity.csv": [
        "Id,AccountId,Name,StageName,Amount,CloseDate,LeadSource,OwnerId,CreatedDate",
        "0069,0019,Line,Closed Lost,50.00,2026-06-11,Trade Show,005A,2026-05-11T08:00:00.000Z",
    ],
    "pipedrive_deals.csv": [
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Organization ID,Deal - Contact person ID,"
        "Deal - Stage,Deal - Status,Deal - Deal created,Deal - Won time,Deal - Lost time,Deal - Deal closed on",
        "1,Ovens,1200.50,EUR,31,41,Offer,Won,2026-01-05 09:00:00,2026-02-01 10:00:00,,2026-02-01 10:00:00",
        "2,Mixer,300.00,EUR,32,42,Offer,Open,2026-01-06 09:00:00,,,",
    ],
    "zoho_deals.csv": [
        "Record Id,Deal Owner,Deal Name,Amount,Stage,Closing Date,Created Time,Lead Source",
        "zcrm_1,Mia,Rack,5000,Closed Won,2026-03-30,2026-03-01 08:00:00,Cold Call",
    ],
    "dynamics_opportunities.csv": [
        "(Do Not Modify) Opportunity,Topic,Potential Customer,Est. Revenue,Actual Revenue,Actual Close Date,Status,"
        "Created On",
        "g-1,Line,Krug,90000.00,88000.00,2026-04-13,Won,2026-01-13 11:00",
    ],
}


def written(files: dict[str, list[str]]) -> dict[str, str]:
    return {name: "\n".join(lines) + "\n" for name, lines in files.items()}


def test_ad_reports_without_days_are_spread_over_their_range(tmp_path):
    result = imported(tmp_path, written(ADS))
    first, last = pl.col("day").min().alias("first"), pl.col("day").max().alias("last")
    key = ["campaign_id", "channel", "currency"]
    spend = result.table("spend").group_by(key).agg(pl.col("cost").sum(), pl.col("impressions").sum(), first, last)
    assert rows(spend, *key, "cost", "impressions", "first", "last") == [
        ("7", "paid_social", "EUR", Decimal("10.01"), 400, date(2026, 10, 1), date(2026, 10, 4)),
        ("Banner", "display", "EUR", Decimal("0.02"), 50, date(2026, 9, 1), date(2026, 9, 3)),
        ("Brand", "paid_search", "EUR", Decimal("1000.00"), 1201, date(2026, 9, 1), date(2026, 9, 3)),
        ("Herbst", "paid_social", "CHF", Decimal("3000.01"), 9000, date(2026, 8, 1), date(2026, 8, 2)),
    ]
    assert result.report("google_range.csv").total_rows == result.report("meta_de.csv").total_rows == 1
    assert rows(result.table("campaigns"), "campaign_id", "name") == [
        ("7", "Fall"),
        ("Banner", "Banner"),
        ("Brand", "Brand"),
        ("Herbst", "Herbst"),
    ]


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return imported(tmp_path_factory.mktemp("crm"), written(CRM))


def test_german_and_thin_crm_exports(crm):
    deals = crm.table("deals").with_columns(
        closed=pl.coalesce("won_at", "lost_at").dt.convert_time_zone("Europe/Berlin").dt.date()
    )
    assert rows(deals, "deal_id", "stage", "amount", "closed") == [
        ("0061", "won", Decimal("18400.50"), date(2026, 4, 15)),
        ("0062", "Angebot", Decimal("7000.00"), None),
        ("0063", "lost", Decimal("300.00"), date(2026, 4, 20)),
        ("0069", "lost", Decimal("50.00"), date(2026, 6, 11)),
        ("1", "won", Decimal("1200.50"), date(2026, 2, 1)),
        ("2", "Offer", Decimal("300.00"), None),
        ("g-1", "won", Decimal("88000.00"), date(2026, 4, 13)),
        ("zcrm_1", "won", Decimal("5000.00"), date(2026, 3, 30)),
    ]
    assert crm.table("deals").filter(pl.col("deal_id") == "zcrm_1")["channel"].item() == "outbound"
    assert rows(crm.table("leads"), "lead_id", "channel", "account_id") == [
        ("00Q1", "event", None),
        ("00Q2", "direct", None),
        ("00Q9", "event", None),
        ("5", "paid_search", "11"),
    ]
    assert rows(crm.table("stage_events"), "lead_id", "stage") == [
        ("00Q1", "opportunity"),
        ("00Q9", "opportunity"),
    ]
    assert crm.table("deals").filter(pl.col("deal_id") == "0069")["lead_id"].item() == "00Q9", "found by its lead"
    assert rows(crm.table("merges"), "from_id", "into_id") == [("lead:00Q9", "0039")]
    assert rows(crm.table("deal_people"), "deal_id", "person_id") == [("1", "41"), ("2", "42")]


def test_the_lines_around_a_salesforce_report_are_no_rows(crm):
    report = crm.report("salesforce_report.csv")
    assert (report.rows_read, report.rows_kept, report.total_rows, report.preamble_lines) == (2, 2, 2, 2)


def test_every_rule_that_rejects_a_row_is_explained():
    """docs/mappings.md says what to do about each; a rule it names that is gone would lead astray."""
    code = "".join(path.read_text("utf-8") for path in (ROOT / "pipeline" / "sources").glob("*.py"))
    given = set(re.findall(r'Fault\(\s*"([a-z_]+)"', code))
    guide = (ROOT / "docs" / "mappings.md").read_text("utf-8")
    table = guide[guide.index("| rule of a rejected row |") :]
    explained = set(re.findall(r"`([a-z_]{4,})`", "".join(line.split("|")[1] for line in table.splitlines()[2:])))
    assert given <= explained
    assert all(f'"{rule}"' in code for rule in explained - {"won_or_lost_not_both", "amount_has_currency"})


@pytest.mark.parametrize(
    "part", ["Mapping", "Recognise", "Read", "ColumnStyle", "Table", "Spread", "Expression", "Condition"]
)
def test_the_reference_names_every_key(part):
    guide = (ROOT / "docs" / "mappings.md").read_text("utf-8")
    fields = getattr(mappings, part).model_fields
    keys = {field.alias or name for name, field in fields.items()} - {"origin", "tier"}
    assert {key for key in keys if not re.search(rf"\b{key}\b", guide)} == set()
