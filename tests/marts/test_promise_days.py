"""Marketing's promise: a line over working days, and what was accepted against it."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from agreement import Agreement
from pipeline.marts import kpi_weeks, promise_days
from pipeline.marts.promised_leads import targets
from tests.golden import load as golden
from tests.marts.story import AGREEMENT, AS_OF, TERMS, always, at, judged, only, tables

SPRING = date(2026, 4, 1)  # the quarter has 20 + 18 + 21 working days in Nordrhein-Westfalen
WORKING_DAYS = 59


def lead(lead_id, accepted=None, assigned="2026-04-08 10:00", **columns):
    times = {"created_at": "2026-04-08 09:00", "qualified_at": "2026-04-08 09:30", "assigned_at": assigned}
    told = {"lead_id": lead_id, "account_id": lead_id, "lead_type": "demo_request"} | times | columns
    events = [{"lead_id": lead_id, "stage": "sal", "entered_at": accepted}] if accepted else []
    return told, events


def days(*leads, agreement=AGREEMENT, as_of=AS_OF, **others):
    told = tables(leads=[row for row, _ in leads], stage_events=[e for _, events in leads for e in events], **others)
    return judged(told, agreement, as_of)


def on(done, day, unit="count", team=None):
    return only(done["promise_days"].filter(pl.col("day") == day, pl.col("team").eq_missing(team), unit=unit))


def amended(day, **sections):
    document = {"valid_from": date(2020, 1, 1), **TERMS.model_dump(mode="json")}
    return Agreement(document | {"amendment": [{"valid_from": day, **sections}]})


def test_the_line_grows_on_working_days_alone_and_ends_at_the_promise():
    line = targets(AGREEMENT, SPRING, SPRING).filter(unit="count").sort("day")
    assert line["period_end"].unique().to_list() == [date(2026, 7, 1)]
    assert line["day"].to_list()[-1] == date(2026, 6, 30)
    assert line.filter("is_working_day").height == WORKING_DAYS
    steps = line["target_to_date"].diff().fill_null(line["target_to_date"][0])
    grown = line.filter(steps > 0)
    assert grown["day"].to_list() == line.filter("is_working_day")["day"].to_list()
    assert (line["target_to_date"][-1], line["target"][0]) == (400, 400)
    good_friday = line.filter(day=date(2026, 4, 3))
    assert (good_friday["is_working_day"].item(), good_friday["target_to_date"].item()) == (False, 800 / WORKING_DAYS)


def test_the_daily_goal_of_march():
    case = golden("sla_leads_goal_hubspot")
    goal = case["expected"]["leads_goal"]
    assert goal == case["input"]["customers_needed"] / case["input"]["lead_to_customer"]
    # a quarter promised at the pace of that month: its days carry the golden's daily goal
    days = case["expected"]["working_days_march_2026_NW"]
    whole = len(targets(AGREEMENT, date(2026, 1, 1), date(2026, 1, 1)).filter("is_working_day", unit="count"))
    pace = TERMS.delivery.model_copy(update={"accepted_leads": goal * whole / days})
    line = targets(Paced(pace), date(2026, 3, 1), date(2026, 3, 1)).filter(unit="count")
    march = line.filter(pl.col("day") >= date(2026, 3, 1)).sort("day")
    before = line.filter(day=date(2026, 2, 28))["target_to_date"].item()
    tenth = march.filter("is_working_day")["target_to_date"][9] - before
    assert march["is_working_day"].sum() == days
    assert tenth == pytest.approx(case["expected"]["cumulative_goal_day_10"])
    assert march["target_to_date"][-1] - before == pytest.approx(goal)


class Paced:
    """An agreement with these deliveries: the golden's goal is no whole number, which a document would refuse."""

    def __init__(self, delivery):
        self._terms = TERMS.model_copy(update={"delivery": delivery})

    def terms_on(self, day):
        return self._terms


def test_accepted_leads_count_on_the_day_sales_accepted_them():
    done = days(lead("1", "2026-04-09 11:00"), lead("2", "2026-04-20 23:30", lead_type="content"))
    assert [on(done, date(2026, 4, day))["delivered_to_date"] for day in (8, 9, 19, 20)] == [0, 1, 1, 2]
    assert on(done, date(2026, 4, 20), "value")["delivered_to_date"] == Decimal(900 + 120)
    assert on(done, date(2026, 4, 1))["delivered_to_date"] == 0


def test_silence_counts_and_is_told_apart():
    done = days(lead("1", "2026-04-09 11:00"), lead("2"))
    row = on(done, date(2026, 4, 10))
    assert (row["delivered_to_date"], row["silent_to_date"]) == (2, 1)


def test_a_quarter_starts_at_zero_and_the_days_to_come_are_open():
    done = days(lead("1", "2026-03-31 11:00", created_at="2026-03-02 09:00"), as_of=at("2026-04-02 12:00"))
    assert on(done, date(2026, 3, 31))["delivered_to_date"] == 1
    assert on(done, date(2026, 4, 1))["delivered_to_date"] == 0
    assert on(done, date(2026, 4, 3))["delivered_to_date"] is None
    assert on(done, date(2026, 6, 30))["target_to_date"] == 400


def test_a_lead_counts_once_however_often_it_comes_back():
    told, events = lead("1", "2026-04-09 11:00")
    again = [
        ("recycled", "2026-04-10 10:00"),
        ("lead", "2026-05-04 10:00"),
        ("mql", "2026-05-05 10:00"),
        ("sal", "2026-05-06 10:00"),
    ]
    events = [*events, *({"lead_id": "1", "stage": stage, "entered_at": time} for stage, time in again)]
    done = days((told, events))
    assert on(done, date(2026, 6, 30))["delivered_to_date"] == 1


def test_a_promise_amended_in_mid_quarter_bends_the_line():
    more = amended(date(2026, 5, 1), delivery={"accepted_leads": 600})
    line = targets(more, SPRING, SPRING).filter(unit="count").sort("day")
    april = line.filter(pl.col("day") < date(2026, 5, 1), "is_working_day").height
    assert line.filter(day=date(2026, 4, 30))["target_to_date"].item() == pytest.approx(400 * april / WORKING_DAYS)
    assert line["target"][0] == pytest.approx((400 * april + 600 * (WORKING_DAYS - april)) / WORKING_DAYS)
    assert line["agreement_version"].n_unique() == 2


def test_teams_have_a_line_where_one_was_agreed():
    terms = TERMS.model_copy(update={"delivery": TERMS.delivery.model_copy(update={"by_team": {"South": 120}})})
    staff = [{"employee_id": "Eva", "team": "South"}, {"employee_id": "Ben", "team": "North"}]
    leads = [lead("1", "2026-04-09 11:00", owner_id="Eva"), lead("2", "2026-04-09 11:00", owner_id="Ben")]
    done = days(*leads, agreement=terms, employees=staff)
    south, company = on(done, date(2026, 6, 30), team="South"), on(done, date(2026, 6, 30))
    assert (south["target_to_date"], south["delivered_to_date"], company["delivered_to_date"]) == (120, 1, 2)
    assert done["promise_days"].filter(team="North").is_empty()


def test_however_many_buckets_the_promise_is_made_once():
    told, events = lead("1", "2026-04-09 11:00")
    given = tables(leads=[told], stage_events=events)
    done, nothing = judged(given), judged(tables())
    for mart, count in ((promise_days, "delivered_to_date"), (kpi_weeks, "numerator")):
        parts = [
            mart.partial(given, AGREEMENT, AS_OF, done),
            mart.partial(tables(), AGREEMENT, AS_OF, nothing),
        ]
        merged = mart.merge([mart.whole(given, AGREEMENT, AS_OF), *parts], AGREEMENT, AS_OF)
        assert merged.equals(done["promise_days" if mart is promise_days else "kpi_weeks"])
        assert merged[count].max() > 0


def test_without_leads_there_is_nothing_to_keep():
    assert judged(tables())["promise_days"].is_empty()
    assert always(TERMS).terms_on(SPRING).delivery == TERMS.delivery


def test_both_attainments_stand_among_the_figures_of_the_week():
    call = {"activity_id": "c", "lead_id": "1", "kind": "call", "occurred_at": "2026-04-08 10:20"}
    done = days(
        lead("1", "2026-04-09 11:00", owner_id="Eva", segment="large"),
        lead("2", "2026-04-13 11:00", owner_id="Eva"),
        employees=[{"employee_id": "Eva", "team": "South"}],
        activities=[call],
    )
    kpis = done["kpi_weeks"]
    follow_up = kpis.filter(kpi="follow_up_attainment", week_start=date(2026, 4, 6)).sort("segment", nulls_last=True)
    assert follow_up.select("team", "segment", "numerator", "denominator").rows() == [
        ("South", "large", 1, 1),
        ("South", None, 0, 1),
    ]
    week = only(kpis.filter(kpi="marketing_attainment", week_start=date(2026, 4, 6)))
    per_day = Decimal(str(TERMS.delivery.accepted_value)) / WORKING_DAYS
    assert (week["team"], week["numerator"], week["denominator"]) == (None, 900, round(4 * per_day, 2))  # Easter Monday
    assert week["value"] == pytest.approx(900 / float(4 * per_day))
    assert kpis.filter(kpi="marketing_attainment")["week_start"].min() == date(2026, 4, 6)
