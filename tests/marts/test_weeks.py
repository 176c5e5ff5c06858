"""What happened week by week: campaigns, pipeline and the agreed figures."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipeline.marts import campaign_days, kpi_weeks
from tests.marts.story import AGREEMENT, AS_OF, TERMS, judged, only, table, tables

DEAL = {"deal_id": "D", "account_id": "A", "created_at": "2026-03-02 10:00", "amount": "100", "currency": "EUR"}


def lead(lead_id, created, **columns):
    return {"lead_id": lead_id, "account_id": lead_id, "created_at": created} | columns


def weeks(deal=DEAL, as_of=AS_OF, *, events=(), **others):
    changes = [
        {"deal_id": "D", "changed_at": time, "field": field, "old_value": old, "new_value": new}
        for time, field, old, new in events
    ]
    done = judged(tables(deals=[deal], deal_events=changes, **others), as_of=as_of)
    return done["pipeline_weeks"].sort("week_start")


def figure(done, kpi, **where):
    """`(numerator, denominator)` of a KPI summed over the rows that match."""
    rows = done["kpi_weeks"].filter(pl.col("kpi") == kpi, **where)
    return tuple(int(rows[part].sum()) if rows[part].count() else None for part in ("numerator", "denominator"))


def test_a_deal_has_a_row_from_its_creation_to_its_closing():
    rows = weeks(DEAL | {"won_at": "2026-03-16 09:00"})
    assert rows["week_start"].to_list() == [date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)]
    assert rows["is_open"].to_list() == [True, True, False]
    assert rows["stage"].to_list() == [None, None, "won"]


def test_an_open_deal_has_rows_up_to_the_build():
    rows = weeks(as_of=datetime(2026, 3, 12, tzinfo=UTC))
    assert rows["week_start"].to_list() == [date(2026, 3, 2), date(2026, 3, 9)]
    assert rows["is_open"].all()


def test_stage_amount_and_date_are_rebuilt_from_the_changes():
    rows = weeks(
        DEAL | {"stage": "Offer", "amount": "300", "expected_close_date": "2026-06-01"},
        datetime(2026, 3, 24, tzinfo=UTC),
        events=[
            ("2026-03-10 10:00", "stage", "New", "Demo"),
            ("2026-03-15 23:30", "amount", "100.00", "200.00"),
            ("2026-03-16 00:30", "amount", "200.00", "300.00"),
            ("2026-03-17 10:00", "expected_close_date", "2026-05-01", "2026-06-01"),
            ("2026-03-23 10:00", "stage", "Demo", "Offer"),
        ],
    )
    assert rows["stage"].to_list() == ["New", "Demo", "Demo", "Offer"]
    assert rows["amount"].to_list() == [100, 200, 300, 300]
    assert rows["expected_close_date"].dt.month().to_list() == [5, 5, 6, 6]


def test_a_deal_without_history_stands_as_it_is():
    rows = weeks(DEAL | {"stage": "Offer"}, datetime(2026, 3, 12, tzinfo=UTC))
    assert (rows["stage"].to_list(), rows["amount"].to_list()) == (["Offer", "Offer"], [100, 100])


def test_a_changed_rate_does_not_move_the_pipeline():
    rates = [{"currency": "CHF", "day": f"2026-03-{day:02}", "rate": day / 10} for day in range(1, 13)]
    rows = weeks(DEAL | {"currency": "CHF"}, datetime(2026, 3, 12, 12, tzinfo=UTC), exchange_rates=rates)
    assert rows["amount"].to_list() == [120, 120]


@pytest.mark.parametrize(
    ("deal", "first_week"),
    [
        pytest.param({"created_at": None}, date(2026, 6, 29), id="open and undated: known from now"),
        pytest.param({"created_at": None, "lost_at": "2026-04-08"}, date(2026, 4, 6), id="undated: from its closing"),
        pytest.param({"lost_at": "2026-02-25"}, date(2026, 2, 23), id="closed before it was created"),
    ],
)
def test_deals_with_dates_missing_or_crossed_have_one_week(deal, first_week):
    assert only(weeks(DEAL | deal))["week_start"] == first_week


SPEND = {"day": "2026-03-02", "campaign_id": "C", "cost": "10.00", "currency": "EUR", "impressions": 5, "clicks": 1}


def test_a_campaign_day_holds_cost_and_the_leads_of_the_day():
    done = judged(
        tables(
            spend=[SPEND, SPEND | {"ad_group": "two", "cost": "0.50"}],
            campaigns=[{"campaign_id": "C", "channel": "paid_search"}],
            leads=[
                lead("1", "2026-03-02 23:30", campaign_id="C", channel="other", qualified_at="2026-03-04"),
                lead("2", "2026-03-02 00:10", campaign_id="C"),
            ],
        )
    )["campaign_days"]
    first, second = done.sort("day").to_dicts()
    assert (first["channel"], first["day"], first["cost"], first["clicks"]) == (
        "paid_search",
        date(2026, 3, 2),
        Decimal("10.50"),
        2,
    )
    assert (first["leads"], first["mqls"], second["mqls"], second["cost"]) == (2, 0, 1, None)


def test_cost_is_converted_at_the_rate_of_its_day():
    rates = [
        {"currency": "CHF", "day": "2026-03-02", "rate": 1.5},
        {"currency": "CHF", "day": "2026-03-03", "rate": 2.0},
    ]
    foreign = [SPEND | {"currency": "CHF"}, SPEND | {"currency": "CHF", "day": "2026-03-05"}]
    unknown = SPEND | {"currency": "USD", "day": "2026-03-06"}
    rows = judged(tables(spend=[*foreign, unknown], exchange_rates=rates))["campaign_days"].sort("day")
    assert rows["cost"].to_list() == [15, 20, None]
    assert rows["clicks"].sum() == 3


def test_cost_is_counted_once_however_many_buckets_there_are():
    told = tables(spend=[SPEND])
    empty = judged(tables())
    for mart in (campaign_days, kpi_weeks):
        parts = [mart.partial(told, AGREEMENT, AS_OF, empty) for _ in range(3)]
        merged = mart.merge([mart.whole(told, AGREEMENT, AS_OF), *parts], AGREEMENT, AS_OF)
        assert merged["cost" if mart is campaign_days else "numerator"].unique().to_list() == [10]


def test_weekly_figures_by_team_and_segment():
    done = judged(
        tables(
            employees=[{"employee_id": "E", "team": "South"}],
            leads=[
                lead("1", "2026-03-02", owner_id="E", segment="large", qualified_at="2026-03-09"),
                lead("2", "2026-03-08 23:30", owner_id="E", segment="small"),
                lead("3", "2026-03-09 00:30", owner_id="E", segment="small"),
            ],
        )
    )
    assert figure(done, "new_leads", week_start=date(2026, 3, 2)) == (2, None)
    assert figure(done, "new_leads", segment="small", team="South") == (2, None)
    assert figure(done, "mqls", week_start=date(2026, 3, 9)) == (1, None)


def test_a_returning_lead_is_no_new_lead():
    steps = [("recycled", "2026-03-03"), ("lead", "2026-03-10"), ("mql", "2026-03-11"), ("sal", "2026-03-12")]
    events = [{"lead_id": "1", "stage": stage, "entered_at": time} for stage, time in steps]
    done = judged(tables(leads=[lead("1", "2026-03-02")], stage_events=events))
    assert figure(done, "new_leads") == (1, None)
    assert figure(done, "accepted_leads") == (None, None)


def test_the_cohort_rate_counts_what_converted_within_the_horizon():
    horizon = TERMS.funnel.cohort_horizon_days
    assert horizon == 120
    done = judged(
        tables(
            leads=[lead(name, "2026-01-05 09:00") for name in ("in time", "too late", "never")],
            stage_events=[
                {"lead_id": "in time", "stage": "opportunity", "entered_at": "2026-05-05 10:00"},
                {"lead_id": "too late", "stage": "opportunity", "entered_at": "2026-05-05 10:01"},
            ],
        )
    )
    # 120 days of 24 hours after 9:00 in winter end at 10:00 in summer
    row = only(done["kpi_weeks"].filter(pl.col("kpi") == "lead_to_opportunity_rate"))
    assert (row["numerator"], row["denominator"], row["value"]) == (1, 3, pytest.approx(1 / 3))


@pytest.mark.parametrize(
    ("as_of", "is_mature"),
    [
        pytest.param(
            datetime(2026, 5, 11, 21, 59, tzinfo=UTC), False, id="one minute before the youngest is 120 days old"
        ),
        pytest.param(datetime(2026, 5, 11, 22, 0, tzinfo=UTC), True, id="120 days after the end of the week"),
    ],
)
def test_a_cohort_matures_when_its_youngest_possible_member_is_old_enough(as_of, is_mature):
    done = judged(tables(leads=[lead("1", "2026-01-05 09:00")]), as_of=as_of)["kpi_weeks"]
    by_kpi = dict(done.select("kpi", "is_mature").iter_rows())
    assert (by_kpi["lead_to_opportunity_rate"], by_kpi["new_leads"]) == (is_mature, True)


def test_pipeline_won_revenue_and_win_rate():
    rows = [
        DEAL | {"deal_id": "1", "won_at": "2026-03-10"},
        DEAL | {"deal_id": "2", "lost_at": "2026-03-11"},
        DEAL | {"deal_id": "3"},
        DEAL | {"deal_id": "4", "won_at": "2026-03-12", "currency": "USD"},
    ]
    done = judged(tables(deals=rows))
    assert figure(done, "opportunities") == (4, None)
    assert figure(done, "pipeline_created") == (300, None)
    assert figure(done, "won_deals") == (2, None)
    assert figure(done, "won_revenue") == (100, None)
    assert figure(done, "win_rate", week_start=date(2026, 3, 9)) == (2, 3)


def test_cost_per_lead_belongs_to_no_team():
    done = judged(
        tables(
            spend=[SPEND],
            employees=[{"employee_id": "E", "team": "South"}],
            leads=[lead("1", "2026-03-02", owner_id="E"), lead("2", "2026-03-03"), lead("3", "2026-03-10")],
        )
    )
    spent, unspent = done["kpi_weeks"].filter(pl.col("kpi") == "cost_per_lead").sort("week_start").to_dicts()
    assert (spent["team"], spent["numerator"], spent["denominator"], spent["value"]) == (None, 10, 2, 5.0)
    assert (unspent["numerator"], unspent["denominator"], unspent["value"]) == (None, 1, None)
    assert figure(done, "marketing_cost") == (10, None)


def test_a_week_that_is_not_over_is_not_mature():
    done = judged(tables(leads=[lead("1", "2026-06-29")]))["kpi_weeks"]
    assert not done["is_mature"].any()


def test_the_figures_come_in_the_declared_columns():
    assert table("spend", [SPEND])["cost"].to_list() == [10]
    for mart in (campaign_days, kpi_weeks):
        assert mart.merge([], AGREEMENT, AS_OF).schema == mart.Columns.create_empty().schema
