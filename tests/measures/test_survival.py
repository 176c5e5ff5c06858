"""Curves that count those who still wait."""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from measures.survival import cumulative_incidence, kaplan_meier, median, quantile
from tests.golden import load

FREIREICH = load("funnel_km_freireich_6mp")
LEADS = load("funnel_cif_b2b_20_mql")
DAYS = [lead["days"] for lead in LEADS["input"]["observations"]]
STATUS = [lead["status"] for lead in LEADS["input"]["observations"]]
CAUSE = [None if status == "open" else status for status in STATUS]


def freireich() -> tuple[list[int], list[bool]]:
    events, censored = FREIREICH["input"]["event_times"], FREIREICH["input"]["censored_times"]
    return events + censored, [True] * len(events) + [False] * len(censored)


def test_kaplan_meier_as_published() -> None:
    curve = kaplan_meier(*freireich())
    expected = FREIREICH["expected"]["table"]
    assert curve.columns == ["time", "at_risk", "survival", "standard_error"]
    assert curve["time"].to_list() == [row["t"] for row in expected]
    assert curve["at_risk"].to_list() == [row["at_risk"] for row in expected]
    # the table is printed with ten digits, its tolerance of 1e-12 is finer than that
    assert curve["survival"].to_list() == pytest.approx([row["S"] for row in expected], abs=1e-10)
    assert curve["standard_error"].to_list() == pytest.approx([row["std_err_greenwood"] for row in expected], abs=1e-10)


def test_median_as_r_prints_it_for_the_same_patients() -> None:
    wait = median(*freireich())
    assert (wait.value, wait.low, wait.high) == (23, 13, None)


def test_median_interval_equals_statsmodels() -> None:
    from statsmodels.duration.survfunc import SurvfuncRight

    events = [status == "won" or status == "disqualified" for status in STATUS]
    own = quantile(kaplan_meier(DAYS, events), 0.3, 0.9)
    theirs = SurvfuncRight(DAYS, [float(event) for event in events])
    assert (own.low, own.high) == pytest.approx(theirs.quantile_ci(0.3, alpha=0.1))
    assert own.value == theirs.quantile(0.3)


@pytest.mark.parametrize(
    ("times", "events", "middle"),
    [
        pytest.param([1, 2, 3, 4], [True] * 4, 2, id="by day 2 half have left, exactly"),
        pytest.param([1, 9, 9, 9], [True, False, False, False], None, id="most still wait: no median yet"),
        pytest.param([1, 2, 30, 40, 50], [True, True, False, False, False], None, id="mean of the finished says 1.5"),
        pytest.param([7], [True], 7, id="a single record"),
        pytest.param([], [], None, id="nobody came"),
    ],
)
def test_median_includes_those_still_waiting(times: list[int], events: list[bool], middle: float | None) -> None:
    assert median(times, events).value == middle


def test_cumulative_incidence_of_twenty_leads() -> None:
    curve = cumulative_incidence(DAYS, CAUSE)
    expected = LEADS["expected"]["table"]
    assert curve.columns == ["time", "at_risk", "survival", "incidence_disqualified", "incidence_won"]
    assert curve["time"].to_list() == [row["t"] for row in expected]
    assert curve["at_risk"].to_list() == [row["at_risk"] for row in expected]
    for column, name in (("survival", "S_open"), ("incidence_won", "CIF_won"), ("incidence_disqualified", "CIF_lost")):
        assert curve[column].to_list() == pytest.approx([row[name] for row in expected], abs=LEADS["tolerance_abs"])
    assert curve["incidence_won"][-1] == pytest.approx(LEADS["expected"]["CIF_won_day_60"], abs=1e-9)
    assert curve["survival"][-1] == pytest.approx(LEADS["expected"]["still_open_prob"], abs=1e-9)


def test_one_minus_kaplan_meier_is_too_high_and_the_share_so_far_too_low() -> None:
    won = kaplan_meier(DAYS, [status == "won" for status in STATUS])
    one_minus_km = {time: 1 - survival for time, survival in zip(won["time"], won["survival"], strict=True)}
    for row in LEADS["expected"]["table"]:
        if row["won"]:
            assert one_minus_km[row["t"]] == pytest.approx(row["one_minus_KM"], abs=1e-9)
    so_far = STATUS.count("won") / len(STATUS)
    incidence = cumulative_incidence(DAYS, CAUSE)["incidence_won"][-1]
    assert so_far == LEADS["expected"]["naive_won_over_all"] < incidence < one_minus_km[40]


def test_a_constant_funnel_stays_constant_however_fast_it_grows() -> None:
    golden = load("funnel_cohort_vs_period")
    months = list(golden["input"]["cohorts"])
    records: list[tuple[int, str | None, int]] = []
    for start, month in enumerate(months):
        cohort = golden["input"]["cohorts"][month]
        won = {months.index(at) - start: number for at, number in cohort["won_by_month"].items()}
        records += [(age, "won", number) for age, number in won.items()]
        records.append((len(months) - 1 - start, None, cohort["mql"] - sum(won.values())))
    ages, causes, counts = zip(*records, strict=True)
    curve = cumulative_incidence(ages, causes, counts)
    by_age = curve["incidence_won"].diff(null_behavior="ignore").fill_null(curve["incidence_won"][0])
    pooled = list(golden["expected"]["conversion_by_age_month_pooled"].values())
    assert by_age.to_list() == pytest.approx(pooled, abs=golden["tolerance_abs"])
    assert curve["incidence_won"][-1] == pytest.approx(golden["expected"]["ultimate_estimate_sum_of_ages"])


RECORDS = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([None, "won", "lost", "recycled"]), st.integers(0, 4)), max_size=40
)


@given(RECORDS)
def test_open_and_left_add_up_to_everybody(records: list[tuple[int, str | None, int]]) -> None:
    time, cause, count = zip(*records, strict=True) if records else ((), (), ())
    curve = cumulative_incidence(time, cause, count, causes=("won", "lost", "recycled"))
    assert curve.columns == ["time", "at_risk", "survival", "incidence_won", "incidence_lost", "incidence_recycled"]
    whole = curve.select(pl.sum_horizontal(pl.exclude("time", "at_risk"))).to_series()
    assert whole.to_list() == pytest.approx([1.0] * curve.height, abs=1e-12)
    for name in curve.columns[3:]:
        assert (curve[name].diff().drop_nulls() >= -1e-12).all(), "nobody returns"


@given(RECORDS)
def test_counted_records_equal_written_out_records(records: list[tuple[int, str | None, int]]) -> None:
    time, cause, count = zip(*records, strict=True) if records else ((), (), ())
    one_each = [(at, why) for at, why, number in records for _ in range(number)]
    times, causes = zip(*one_each, strict=True) if one_each else ((), ())
    names = ("won", "lost", "recycled")
    assert_frame_equal(
        cumulative_incidence(time, cause, count, names),
        cumulative_incidence(times, causes, None, names),
    )
    assert_frame_equal(
        kaplan_meier(time, [why is not None for why in cause], count),
        kaplan_meier(times, [why is not None for why in causes]),
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40))
def test_survival_falls_and_errors_stay_finite(records: list[tuple[int, bool]]) -> None:
    curve = kaplan_meier(*zip(*records, strict=True))
    assert curve["survival"].is_between(0, 1).all()
    assert (curve["survival"].diff().drop_nulls() < 0).all()
    assert curve["standard_error"].drop_nulls().is_finite().all()
    assert (curve["standard_error"].is_null() == (curve["survival"] == 0)).all()
    without_open = [time for time, event in records if event]
    if len(without_open) == len(records):
        shares = [sum(time > row for time in without_open) / len(records) for row in curve["time"]]
        assert curve["survival"].to_list() == pytest.approx(shares, abs=1e-12), "nobody open: the plain share"


def test_a_column_may_be_a_series_of_any_number_type() -> None:
    curve = kaplan_meier(pl.Series([1.5, 2.5], dtype=pl.Float32), pl.Series([1, 0]), pl.Series([2, 2], dtype=pl.UInt8))
    assert curve.to_dicts() == [
        {"time": 1.5, "at_risk": 4, "survival": pytest.approx(0.5), "standard_error": pytest.approx(0.25)}
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(([1, 2], [True]), "event has 1 values for 2 times", id="unequal lengths"),
        pytest.param(([1, None], [True, True]), "time is missing", id="no time"),
        pytest.param(([-1], [True]), "negative", id="left before it came"),
        pytest.param(([float("nan")], [True]), "time is missing", id="not a number"),
        pytest.param((["3"], [True]), "time is String", id="text for time"),
        pytest.param(([1], [None]), "event is missing", id="no event is False, not missing"),
        pytest.param(([1], [True], [-2]), "count is missing or negative", id="negative count"),
    ],
)
def test_unusable_records_are_refused(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(*arguments)


def test_an_unexpected_cause_is_refused() -> None:
    with pytest.raises(ValueError, match="cause recycled is not among won, lost"):
        cumulative_incidence([1], ["recycled"], causes=("won", "lost"))


def test_an_impossible_quantile_is_refused() -> None:
    with pytest.raises(ValueError, match="share 1"):
        quantile(kaplan_meier([1], [True]), 1)
