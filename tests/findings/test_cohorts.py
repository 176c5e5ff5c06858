"""Young cohorts: when one is old enough, how its elders stood at its age, what it promises and when that is a guess."""

from datetime import date

import polars as pl
import pytest

from agreement import load
from findings import cohorts
from findings.cohorts import Horizon, Window

TERMS = load().terms_on(date(2026, 11, 23))
TODAY = date(2026, 11, 23)


def elders(leads=1000, converted_on_day=(10, 20, 30, 40), each=50):
    rows = [(day, "converted", each) for day in converted_on_day]
    rows.append((60, "left", leads - each * len(converted_on_day)))
    return pl.DataFrame(rows, schema=["days", "outcome", "leads"], orient="row")


def members(*rows):
    schema = ["month_start", "age_days", "lead", "reached", "waiting"]
    return pl.DataFrame(rows, schema=schema, orient="row")


def test_elders_were_all_of_age_when_the_quarter_began_and_stay_the_same_all_quarter():
    asked = cohorts.elders(TODAY, TERMS)
    assert asked == cohorts.elders(date(2026, 10, 1), TERMS)
    assert asked["seen_until"] == date(2026, 10, 1)
    assert (asked["seen_until"] - asked["date_until"]).days == TERMS.funnel.cohort_horizon_days


def test_horizon_is_the_day_by_which_nine_in_ten_converters_had_converted():
    assert cohorts.horizon(elders(), TERMS) == Horizon(40, True, 200)


def test_few_conversions_leave_the_agreed_days():
    assert cohorts.horizon(elders(each=5), TERMS) == Horizon(120, False, 20)


def test_no_elders_leave_the_agreed_days():
    assert cohorts.horizon(elders().clear(), TERMS) == Horizon(120, False, 0)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        pytest.param(
            (date(2026, 1, 1), date(2026, 4, 1)), Window(date(2026, 1, 1), date(2026, 4, 1)), id="old enough as asked"
        ),
        pytest.param(
            (date(2026, 8, 24), date(2026, 11, 23)), Window(date(2026, 7, 15), date(2026, 10, 14), True),
            id="too young: the same length, moved back",
        ),
    ],
)  # fmt: skip
def test_a_period_is_judged_only_when_its_youngest_lead_is_old_enough(asked, shown):
    assert cohorts.judged(*asked, today=TODAY, days=40) == shown
    assert (TODAY - shown.date_until).days >= 40


def test_twelve_months_end_with_the_last_day_shown():
    assert cohorts.shown_months(date(2026, 11, 23)).date_from == date(2025, 12, 1)
    assert cohorts.shown_months(date(2026, 12, 1)).date_from == date(2025, 12, 1)


def test_mature_month_is_solid_and_has_no_projection():
    rows = members((date(2026, 9, 1), 53, 60, 12, 30), (date(2026, 9, 1), 80, 40, 8, 20))
    month = cohorts.months(rows, cohorts.incidence(elders()), Horizon(40, True, 200), TERMS).row(0, named=True)
    assert (month["is_mature"], month["entered"], month["reached"], month["share"]) == (True, 100, 20, 0.2)
    assert month["elders_share"] is month["projected"] is None


def test_young_month_is_compared_at_the_same_ages_and_projected():
    rows = members((date(2026, 10, 1), 20, 50, 5, 45), (date(2026, 10, 1), 30, 50, 8, 42))
    month = cohorts.months(rows, cohorts.incidence(elders()), Horizon(40, True, 200), TERMS).row(0, named=True)
    assert not month["is_mature"]
    assert month["age_days"] == 20
    assert month["elders_share"] == pytest.approx((0.10 + 0.15) / 2)  # 10 % by day 20, 15 % by day 30
    # still to come: 10 of 90 of those open on day 20, 5 of 85 of those open on day 30
    assert month["projected"] == pytest.approx((13 + 45 * 0.10 / 0.90 + 42 * 0.05 / 0.85) / 100)
    assert month["share"] < month["projected_low"] < month["projected"] < month["projected_high"]


def test_too_young_a_month_is_not_projected():
    rows = members((date(2026, 11, 1), 9, 30, 0, 30))
    month = cohorts.months(rows, cohorts.incidence(elders()), Horizon(40, True, 200), TERMS).row(0, named=True)
    assert month["projected"] is None
    assert month["elders_share"] == 0.0


def test_few_elders_say_nothing_about_the_young():
    few = cohorts.incidence(elders(leads=8, each=2, converted_on_day=(10, 20)))
    month = cohorts.months(members((date(2026, 10, 1), 20, 5, 1, 4)), few, Horizon(40, False, 4), TERMS).row(
        0, named=True
    )
    assert month["elders_share"] is month["projected"] is None


def test_curve_is_cut_where_few_remain():
    curve = cohorts.incidence(pl.DataFrame({"days": [1, 2, 3], "outcome": ["converted"] * 3, "leads": [6, 5, 9]}))
    assert cohorts.cut(curve, 10)["time"].to_list() == [1.0, 2.0]
