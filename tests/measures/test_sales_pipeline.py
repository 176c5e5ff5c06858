"""What the open deals are worth."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.sales_pipeline import coverage, stage_weighted_forecast, velocity, win_rates
from tests.golden import load

VELOCITY = load("kpi_pipeline_velocity")
COVERAGE = load("kpi_pipeline_coverage")
FORECAST = load("kpi_stage_weighted_forecast")
WIN_RATES = load("kpi_win_rate_definitions")


def test_velocity_as_published() -> None:
    found = [velocity(case["opps"], case["win"], case["deal"], case["days"]) for case in VELOCITY["input"]["cases"]]
    assert found == pytest.approx(VELOCITY["expected"]["per_day"], abs=VELOCITY["tolerance_abs"])


def test_coverage_as_published() -> None:
    given_, expected = COVERAGE["input"], COVERAGE["expected"]
    found = coverage(given_["open_pipeline"], given_["remaining_quota"], 0, given_["win_rate"])
    assert (found.ratio, found.required, found.attainment) == pytest.approx(
        (expected["coverage"], expected["required"], expected["attainment"]), abs=COVERAGE["tolerance_abs"]
    )
    quick = coverage(0, 1, 0, given_["win_rate_2"], given_["create_and_close_share"])
    assert quick.required == pytest.approx(expected["required_with_create_and_close"])


def test_what_is_won_already_needs_no_pipeline() -> None:
    found = coverage(open_amount=Decimal("300000.00"), target=Decimal(400_000), won_amount=250_000, win_rate=0.25)
    assert (found.ratio, found.required, found.attainment) == pytest.approx((2.0, 4.0, 0.8125))


@pytest.mark.parametrize(
    ("arguments", "ratio", "required", "attainment"),
    [
        pytest.param((100, 400, 400, 0.25), None, 4.0, 1.0625, id="target reached: nothing is missing"),
        pytest.param((100, 400, 500, 0.25), None, 4.0, 1.3125, id="target passed"),
        pytest.param((100, 400, 0, 0.0), 0.25, None, 0.0, id="nothing is ever won"),
        pytest.param((100, 0, 0, 0.25), None, 4.0, None, id="no target"),
    ],
)
def test_edges_of_coverage(
    arguments: tuple[float, float, float, float], ratio: float | None, required: float | None, attainment: float | None
) -> None:
    found = coverage(*arguments)
    assert (found.ratio, found.required, found.attainment) == (ratio, required, attainment)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 9_999), st.floats(0.01, 1), st.floats(0, 0.99))
def test_enough_pipeline_means_the_target_is_expected(
    open_amount: int, target: int, won: int, rate: float, create_and_close: float
) -> None:
    found = coverage(open_amount, target, won, rate, create_and_close)
    if found.ratio is not None and found.required is not None and found.attainment is not None:
        distance = found.ratio - found.required
        if abs(distance) > 1e-9:
            assert (distance > 0) == (found.attainment > 1)


def test_forecast_as_published() -> None:
    deals, expected = FORECAST["input"]["opps"], FORECAST["expected"]
    rates = {deal["id"]: deal["stage_win_rate"] for deal in deals}  # each deal is in a stage of its own
    found = stage_weighted_forecast(
        FORECAST["input"]["closed_won_qtd"], [(deal["id"], deal["value"]) for deal in deals], rates
    )
    assert found.by_stage == pytest.approx(expected["weighted"])
    assert found.expected == pytest.approx(expected["forecast"], abs=FORECAST["tolerance_abs"])
    assert found.standard_deviation == pytest.approx(expected["forecast_sd_bernoulli"], abs=FORECAST["tolerance_abs"])


def test_a_forecast_adds_what_is_yet_to_be_created() -> None:
    found = stage_weighted_forecast(100, [("offer", 50), ("offer", 50)], {"offer": 0.5, "demo": 0.1}, Decimal(7))
    assert (found.expected, found.by_stage) == (157, {"offer": 50})
    assert stage_weighted_forecast(100, [], {}).standard_deviation == 0


def deals(created_in_period: bool) -> pl.DataFrame:
    """The golden's deals by one of two selections: created in the period, or closed in it."""
    first, last = WIN_RATES["input"]["period"]
    key = "created" if created_in_period else "closed"
    chosen = [deal for deal in WIN_RATES["input"]["deals"] if deal[key] and first <= deal[key] <= last]
    return pl.DataFrame({"outcome": [d["status"] for d in chosen], "amount": [d["value"] for d in chosen]})


def test_four_win_rates_of_the_same_ten_deals() -> None:
    expected, closed, created = WIN_RATES["expected"], win_rates(deals(False)), win_rates(deals(True))
    assert (closed.won, closed.lost, closed.disqualified, closed.open) == (expected["won"], expected["lost"], 1, 0)
    found = {
        "closed_in_period_count": closed.by_count,
        "closed_in_period_value": closed.by_value,
        "closed_incl_disqualified": closed.including_disqualified,
        "created_cohort_to_date": created.of_all,
        "created_cohort_open": created.open / 7,
        "avg_deal_won": closed.average_won_amount,
    }
    assert found == pytest.approx({name: expected[name] for name in found}, abs=WIN_RATES["tolerance_abs"])


def test_a_deal_without_amount_counts_but_not_by_value() -> None:
    found = win_rates(pl.DataFrame({"outcome": ["won", "won", "lost"], "amount": [30, None, 10]}))
    assert (found.by_count, found.by_value, found.average_won_amount) == pytest.approx((2 / 3, 0.75, 30))


def test_no_deals_have_no_rates() -> None:
    found = win_rates(pl.DataFrame(schema={"outcome": pl.String, "amount": pl.Decimal(18, 2)}))
    assert (found.won, found.by_count, found.by_value, found.of_all, found.average_won_amount) == (0, *[None] * 4)


@pytest.mark.parametrize(
    ("call", "arguments", "message"),
    [
        pytest.param(velocity, (10, 1.2, 100, 30), "rate 1.2", id="a rate above 1"),
        pytest.param(velocity, (10, 0.2, 100, 0), "cycle of 0 days", id="no time at all"),
        pytest.param(coverage, (1, 1, 0, 20), "rate 20", id="per cent for a share"),
        pytest.param(stage_weighted_forecast, (0, [("demo", 5)], {"offer": 0.5}), "stage 'demo'", id="unknown stage"),
        pytest.param(stage_weighted_forecast, (0, [("demo", 5)], {"demo": 50}), "rate 50", id="per cent again"),
        pytest.param(win_rates, (pl.DataFrame({"outcome": ["Won"], "amount": [1]}),), "outcome 'Won'", id="misspelt"),
        pytest.param(win_rates, (pl.DataFrame({"outcome": [None], "amount": [1]}),), "outcome None", id="unknown"),
    ],
)
def test_impossible_questions_are_refused(call: Any, arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call(*arguments)
