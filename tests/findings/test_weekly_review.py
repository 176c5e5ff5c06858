"""The week: what is a signal, what is the noise of every week, and what to open next."""

from datetime import date, timedelta

import polars as pl
import pytest

import locales
from findings import weekly_review as review
from findings.weekly_figures import figures

UNTIL = date(2026, 11, 23)
HEALTHY = {"files_refused": 0, "rows_rejected": 0, "checks_warning": 0}


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def weeks(kpi, numbers, denominators=None, mature_until=UNTIL):
    """One row per number, the last one being the week before UNTIL; a None leaves the week out."""
    start = UNTIL - timedelta(weeks=len(numbers))
    rows = [
        (kpi, start + timedelta(weeks=at), float(number), denominators and float(denominators[at]))
        for at, number in enumerate(numbers)
        if number is not None
    ]
    schema = {"kpi": pl.String, "week_start": pl.Date, "numerator": pl.Float64, "denominator": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(is_mature=pl.col("week_start") < mature_until)


def figure(rows, kpi="new_leads"):
    return next(found for found in figures(rows, UNTIL) if found.kpi == kpi)


def written(value, kind):
    return "–" if value is None else f"{value:.1f}"


STEADY = [50, 54, 49, 52, 51, 55, 48, 50, 53, 49, 52, 50, 51, 54, 50, 49]


@pytest.mark.parametrize(
    ("last", "is_signal"),
    [pytest.param(55, False, id="as usual"), pytest.param(90, True, id="above"), pytest.param(9, True, id="below")],
)
def test_a_week_is_a_signal_only_outside_the_range_of_the_weeks_before(last, is_signal):
    found = figure(weeks("new_leads", [*STEADY, last]))
    assert found.is_signal == is_signal
    assert found.lower < 51 < found.upper


def test_few_weeks_claim_no_signal():
    found = figure(weeks("new_leads", [50, 51, 50, 49, 500]))
    assert (found.lower, found.upper, found.is_signal) == (None, None, False)


def test_a_week_without_a_row_counts_zero():
    found = figure(weeks("new_leads", [*STEADY, None, 12]))
    assert found.values[-2:] == [0.0, 12.0]
    assert found.change is None  # nothing to divide by


def test_weeks_before_the_first_record_are_not_zeros():
    assert len(figure(weeks("new_leads", STEADY)).values) == len(STEADY)


def test_thirteen_weeks_stand_beside_the_thirteen_before():
    found = figure(weeks("new_leads", [10] * 13 + [12] * 13))
    assert (found.stretch, found.stretch_before) == (156, 130)
    assert found.stretch_change == pytest.approx(0.2)


def test_rates_are_added_before_they_are_divided():
    found = figure(weeks("win_rate", [1, 9], [10, 10]), "win_rate")
    assert (found.value, found.change) == (0.9, pytest.approx(0.8))
    year = figure(weeks("win_rate", [1] * 13 + [30] * 13, [10] * 13 + [40] * 13), "win_rate")
    assert (year.stretch, year.stretch_before) == (0.75, 0.1)


def test_young_cohorts_wait_until_they_are_mature():
    rows = weeks("lead_to_opportunity_rate", [5] * 20, [20] * 20, mature_until=date(2026, 7, 27))
    found = figure(rows, "lead_to_opportunity_rate")
    assert found.week == date(2026, 7, 20)
    assert found.value == 0.25


def test_headline_names_the_signal():
    found = figures(weeks("new_leads", [*STEADY, 90]), UNTIL)
    said = review.headline(found, date(2026, 11, 16), written)
    assert said.startswith("New leads in W 47/2026: 90.0, above the usual ")


def test_headline_without_signal_says_so():
    said = review.headline(figures(weeks("new_leads", [*STEADY, 52]), UNTIL), date(2026, 11, 16), written)
    assert said.startswith("W 47/2026: nothing moved more than it usually does.")


def test_weeks_are_called_as_germans_call_them():
    locales.use("de")
    assert review.label(date(2026, 12, 28)) == "KW 53/2026"


def test_colour_is_for_signals_alone():
    assert review.is_good(figure(weeks("new_leads", [*STEADY, 55]))) is None
    assert review.is_good(figure(weeks("new_leads", [*STEADY, 90]))) is True
    assert review.is_good(figure(weeks("new_leads", [*STEADY, 9]))) is False
    assert review.is_good(figure(weeks("marketing_cost", [*STEADY, 90]), "marketing_cost")) is None


def test_what_is_wrong_with_the_data_is_opened_first():
    found = figures(weeks("mqls", [*STEADY, 90]), UNTIL)
    links = review.open_next(found, HEALTHY | {"rows_rejected": 3})
    assert [(page, choices) for page, _why, choices in links] == [
        (review.DATA_HEALTH, {}),
        (review.FUNNEL, {"stage": "lead"}),
    ]


def test_no_data_is_no_figure():
    assert figures(weeks("new_leads", []), UNTIL) == []
