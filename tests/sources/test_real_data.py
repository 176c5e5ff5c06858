"""Real exports and two whole companies, with figures their publishers or an independent count give.

The files are nobody's to pass on, so they are not part of the repository; without them these tests are skipped.
"""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from tests.sources.staging import EXAMPLES, ROOT, Read, read

DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the folder with real exports is not here")

WON, LOST = pl.col("won_at").is_not_null(), pl.col("lost_at").is_not_null()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(DATA / "export_samples", tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def zoho(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(DATA / "zoho_crm", tmp_path_factory.mktemp("zoho"), EXAMPLES / "zoho_crm")


@pytest.fixture(scope="module")
def maven(tmp_path_factory: pytest.TempPathFactory) -> Read:
    return read(DATA / "maven_crm", tmp_path_factory.mktemp("maven"), EXAMPLES / "maven_crm")


@pytest.mark.parametrize(
    ("file", "mapping", "rows", "total_rows"),
    [
        ("dynamics365.en.leads.HEADER_ONLY.csv", "dynamics_leads", 0, 0),
        ("google_ads.de.anzeigengruppenbericht.excel-csv.utf16le.tsv", "google_ads_range", 1, 1),
        ("google_ads.de.kampagnenbericht.daily.csv", "google_ads_daily", 2, 1),
        ("google_ads.en.campaign_report.daily.cad.totals3.csv", "google_ads_daily", 4, 3),
        ("hubspot.en.companies.csv", "hubspot_companies", 2, 0),
        ("hubspot.en.contacts.csv", "hubspot_contacts", 3, 0),
        ("hubspot.en.deal_stage_history.HEADER_ONLY.csv", "hubspot_deal_stage_history", 0, 0),
        ("hubspot.en.deals.csv", "hubspot_deals", 1, 0),
        ("linkedin.de.performance.utf16le.tsv", "linkedin_ads_daily", 1, 0),
        ("meta_ads.en.daily_with_blank_total.csv", "meta_ads_daily", 3, 1),
        ("pipedrive.en.activities.csv", "pipedrive_activities", 3, 0),
        ("pipedrive.en.deals.HEADER_ONLY.csv", "pipedrive_deals", 0, 0),
        ("salesforce.de.leads.HEADER_ONLY.csv", "salesforce_leads", 0, 0),
        ("salesforce.en.opportunities.csv", "salesforce_opportunities", 2, 0),
    ],
)
def test_every_sample_is_recognised_and_no_total_row_counted(samples, file, mapping, rows, total_rows):
    report = samples.report(file)
    assert (report.status, report.mapping, report.message if report.status != "read" else "") == ("read", mapping, "")
    assert (report.rows_read, report.rows_kept, report.total_rows) == (rows, rows, total_rows)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (
            "google_ads.de.kampagnenbericht.daily.csv",
            [("2026-09-01", "1234.56", "USD", 12345, 120), ("2026-09-02", "99.90", "USD", 900, 9)],
        ),
        (
            "google_ads.en.campaign_report.daily.cad.totals3.csv",
            [
                ("2026-09-01", "12.34", "CAD", 1234, 7),
                ("2026-09-02", "1020.50", "CAD", 10500, 88),
                ("2026-09-01", "3.10", "CAD", 40, 2),
                ("2026-09-03", "0.00", "CAD", 0, 0),
            ],
        ),
        ("linkedin.de.performance.utf16le.tsv", [("2026-10-01", "330.51", "EUR", 4197, 17)]),
        (
            "meta_ads.en.daily_with_blank_total.csv",
            [
                ("2026-08-01", "9000.00", "INR", 300000, 2500),
                ("2026-08-01", "6000.00", "INR", 200000, 1500),
                ("2026-08-02", "11000.50", "INR", 340000, 2700),
            ],
        ),
    ],
)
def test_ad_costs_are_exact(samples, file, expected):
    spend = samples.table("spend").filter(pl.col("source_file") == file)
    found = [
        (str(row["day"]), str(row["cost"]), row["currency"], row["impressions"], row["clicks"])
        for row in spend.iter_rows(named=True)
    ]
    assert found == expected


def test_a_cost_without_a_day_belongs_to_the_range_in_the_title(samples):
    file = "google_ads.de.anzeigengruppenbericht.excel-csv.utf16le.tsv"
    spend = samples.table("spend").filter(pl.col("source_file") == file)
    assert spend.height == 15
    assert (spend["day"].min(), spend["day"].max()) == (date(2026, 9, 17), date(2026, 10, 1))
    assert (spend["cost"].sum(), spend["clicks"].sum()) == (Decimal("275.35"), 419)
    assert spend["is_spread"].all()


def test_deals_and_leads_of_the_samples(samples):
    deals = {row["deal_id"]: row for row in samples.table("deals").iter_rows(named=True)}
    assert str(deals["006xx000001234"]["amount"]) == "250000.00"
    assert deals["006xx000001234"]["stage"] == "won"
    assert deals["006xx000001234"]["won_at_is_date_only"]
    assert (deals["9001"]["stage"], str(deals["9001"]["amount"])) == ("qualifiedtobuy", "25000.00")
    assert deals["9001"]["expected_close_date"] == date(2026, 12, 1)
    leads = {row["lead_id"]: row for row in samples.table("leads").iter_rows(named=True)}
    assert str(leads["5101"]["created_at"]) == "2023-04-12 07:31:00+00:00", "09:31 in Berlin"
    assert leads["5103"]["created_at_is_date_only"], "one column mixes ISO times and 15/01/2025"
    assert str(leads["5103"]["created_at"]) == "2025-01-14 23:00:00+00:00"
    assert samples.table("stage_events").is_empty(), "a lifecycle stage without a date is no step"


def test_what_was_never_done_is_no_activity(samples):
    activities = samples.table("activities")
    assert activities["kind"].to_list() == ["call", "meeting"]
    assert activities["person_id"].to_list() == ["nadia@nouvelle-boulangerie.fr"] * 2


def test_zoho_files_are_all_recognised_and_nothing_is_lost(zoho):
    for source in zoho.staged.sources:
        assert source.status == "read", f"{source.file}: {source.message}"
        assert source.rows_read == source.rows_kept + source.rows_rejected + source.rows_duplicate
        assert source.rows_rejected == 0, source.file
    assert len(zoho.staged.sources) == 11
    assert (zoho.report("Tasks.csv").rows_read, zoho.report("Tasks.csv").rows_duplicate) == (2978, 2067)


def test_zoho_deals_equal_the_true_figures(zoho):
    deals = zoho.table("deals")
    assert deals.height == deals["deal_id"].n_unique() == 3632
    assert (deals.filter(WON).height, zoho.sum("deals", "amount", WON)) == (1425, Decimal(89_066_200))
    assert (deals.filter(LOST).height, zoho.sum("deals", "amount", LOST)) == (485, Decimal(32_059_400))
    early = pl.col("stage") == "Qualification"
    assert (deals.filter(early).height, zoho.sum("deals", "amount", early)) == (
        698,
        Decimal(46_942_900),
    )
    assert "OnlineStore" not in deals["source"]


def test_zoho_campaigns_equal_the_true_figures(zoho):
    assert zoho.sum("spend", "cost") == Decimal(44_209_580)
    assert zoho.sum("campaigns", "budget") == Decimal(37_420_350)
    assert zoho.table("campaigns").height == 110
    email = pl.col("channel") == "email"
    assert zoho.sum("spend", "cost", email) == Decimal(7_272_190)
    assert zoho.sum("deals", "amount", email & WON) == Decimal(18_061_400)


def test_zoho_funnel_equals_the_true_figures(zoho):
    leads, deals = zoho.table("leads"), zoho.table("deals")
    assert leads.height == 3900
    assert leads.filter(pl.col("lead_id").is_in(deals["lead_id"].implode())).height == 3632
    assert leads["created_at_is_date_only"].all(), "minutes that hold the month are no minutes"
    local = leads["created_at"].dt.convert_time_zone("Europe/Berlin")
    assert (local.dt.hour().max(), local.dt.minute().max()) == (0, 0)
    local = local.dt.date()
    assert (local.min(), local.max()) == (date(2018, 7, 2), date(2021, 4, 15))


def test_maven_deals_equal_the_true_figures(maven):
    deals = maven.table("deals")
    assert deals.height == 8800
    assert (deals.filter(WON).height, deals.filter(LOST).height) == (4238, 2473)
    stages = dict(deals["stage"].value_counts().iter_rows())
    assert stages == {"won": 4238, "lost": 2473, "Engaging": 1589, "Prospecting": 500}
    assert maven.sum("deals", "amount", WON) == Decimal(10_005_534)
    assert deals.filter(~WON & ~LOST & pl.col("account_id").is_null()).height == 1425
    assert deals.filter(pl.col("name") == "GTX Pro").height == 1480
    quarter = deals.filter(WON).with_columns(q=pl.col("won_at").dt.convert_time_zone("Europe/Berlin").dt.quarter())
    won_by_quarter = quarter.group_by("q").agg(pl.col("amount").sum()).sort("q")["amount"].to_list()
    assert won_by_quarter == [Decimal(value) for value in (1_134_672, 3_086_111, 2_982_255, 2_802_496)]


def test_maven_days_to_close(maven):
    days = (pl.coalesce("won_at", "lost_at").dt.convert_time_zone("Europe/Berlin").dt.date()
            - pl.col("created_at").dt.convert_time_zone("Europe/Berlin").dt.date()).dt.total_days()  # fmt: skip
    deals = maven.table("deals").with_columns(days=days)
    assert (deals.filter(WON)["days"].median(), deals.filter(LOST)["days"].median()) == (57, 14)


def test_maven_has_no_leads_and_that_is_no_error(maven):
    assert {source.status for source in maven.staged.sources} == {"read"}
    assert maven.table("leads").is_empty()
    employees = maven.table("employees")
    assert dict(employees["team"].value_counts().iter_rows()) == {"East": 12, "West": 12, "Central": 11}
    assert "technolgy" not in maven.table("accounts")["industry"]
