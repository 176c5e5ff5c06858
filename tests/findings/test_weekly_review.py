"""The week: what is a signal, what is the noise of every week, why it moved, and what to open next."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from findings import weekly_kpis as kpis
from findings import weekly_pipeline as pipeline
from findings import weekly_review as review
from findings import weekly_why
from findings.meeting import Meeting, meeting_id, week_of
from findings.weekly_figures import figures
from measures.working_time import Calendar

UNTIL = date(2026, 11, 23)
WEEK = date(2026, 11, 16)
HEALTHY = {"files_refused": 0, "rows_rejected": 0, "checks_warning": 0}
ORDINARY = Calendar("Europe/Berlin", {day: [("09:00", "17:00")] for day in range(5)}, "NW", ["12-24", "12-31"])
STEADY = [50, 54, 49, 52, 51, 55, 48, 50, 53, 49, 52, 50, 51, 54, 50, 49]


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def weeks(kpi, numbers, denominators=None, mature_until=UNTIL, until=UNTIL):
    """One row per number, the last one being the week before `until`; a None leaves the week out."""
    start = until - timedelta(weeks=len(numbers))
    rows = [
        (kpi, start + timedelta(weeks=at), float(number), denominators and float(denominators[at]))
        for at, number in enumerate(numbers)
        if number is not None
    ]
    schema = {"kpi": pl.String, "week_start": pl.Date, "numerator": pl.Float64, "denominator": pl.Float64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(is_mature=pl.col("week_start") < mature_until)


def figure(rows, kpi="new_leads", until=UNTIL, **more):
    return next(found for found in figures(rows, until, [kpi], **more) if found.kpi == kpi)


def rows_of(found, goals=None, reasons=None, required=None):
    return kpis.rows(found, goals or {}, reasons or {}, "EUR", required)


@pytest.mark.parametrize(
    ("last", "is_signal"),
    [pytest.param(55, False, id="as usual"), pytest.param(90, True, id="above"), pytest.param(9, True, id="below")],
)
def test_a_week_is_a_signal_only_outside_the_range_of_the_weeks_before(last, is_signal):
    found = figure(weeks("new_leads", [*STEADY, last]))
    assert found.is_signal == is_signal
    assert found.lower < 51 < found.upper


def test_eight_weeks_on_one_side_are_a_changed_level():
    found = figure(weeks("new_leads", [50, 52] * 13 + [54] * 8), baseline_weeks=33)
    assert found.rules
    assert found.is_signal


def test_a_week_with_a_holiday_is_judged_by_its_working_days():
    whit_week = date(2026, 5, 25)  # Whit Monday
    rows = weeks("new_leads", [*[50, 54, 49, 52, 51, 55, 48, 50, 53, 49, 52, 50, 51], 40], until=date(2026, 6, 1))
    plain, judged = (figure(rows, until=date(2026, 6, 1), calendar=calendar) for calendar in (None, ORDINARY))
    assert judged.week == whit_week
    assert plain.is_signal
    assert not judged.is_signal


def test_few_weeks_claim_no_signal():
    found = figure(weeks("new_leads", [50, 51, 50, 49, 500]))
    assert (found.lower, found.upper, found.is_signal) == (None, None, False)
    assert rows_of([found])[0].verdict == "unknown"


def test_a_week_without_a_row_counts_zero():
    found = figure(weeks("new_leads", [*STEADY, None, 12]))
    assert found.values[-2:] == [0.0, 12.0]
    assert found.change is None  # nothing to divide by


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


def test_headline_names_the_signal_or_says_there_is_none():
    signal = rows_of([figure(weeks("new_leads", [*STEADY, 90]))])
    assert kpis.headline(signal, "Both kept.", WEEK)[0] == "W 47/2026: signal in New leads 90."
    quiet = rows_of([figure(weeks("new_leads", [*STEADY, 52]))])
    assert kpis.headline(quiet, "Both kept.", WEEK) == [
        "W 47/2026: nothing changed beyond the usual ups and downs.",
        "All figures are where they were agreed to be; there is no reason to act.",
        "Both kept.",
    ]


def test_no_signal_still_says_who_is_behind():
    found = figure(weeks("won_revenue", [*STEADY, 52]), "won_revenue")
    behind = rows_of([found], {"won_revenue": kpis.Goal(900.0, 700.0)})
    assert behind[0].is_behind
    assert "Won revenue" in kpis.headline(behind, "", WEEK)[1]
    assert behind[0].target_text == "€700 of €900"


def test_a_rate_is_behind_only_beyond_its_interval():
    rates = weeks("win_rate", [3] * 20, [10] * 20)
    near, far = (
        rows_of([figure(rates, "win_rate")], {"win_rate": kpis.Goal(goal, target=goal)}) for goal in (0.4, 0.9)
    )
    assert (near[0].is_behind, far[0].is_behind) == (False, True)


def test_colour_is_for_signals_alone():
    good = [rows_of([figure(weeks("new_leads", [*STEADY, last]))])[0].is_good for last in (55, 90, 9)]
    assert good == [None, True, False]


def test_coverage_is_judged_by_what_earlier_quarters_needed():
    found = figure(weeks("coverage", [30] * 20, [10] * 20), "coverage")
    verdicts = [rows_of([found], required=span)[0].verdict for span in ((2.0, 4.0), (3.5, 5.0), (1.0, 2.0), None)]
    assert verdicts == ["noise", "signal", "signal", "unknown"]


def test_amounts_are_explained_in_euro_without_a_residual():
    found = figure(weeks("won_revenue", [100] * 16 + [900]), "won_revenue")
    told = [("won_deals", "A", False, 12, 0), ("won_revenue", "A", False, 1200, 0), ("won_deals", "A", True, 3, 0),
            ("won_revenue", "A", True, 900, 0)]  # fmt: skip
    schema = ["kpi", "segment", "is_after", "numerator", "denominator"]
    segments = {"won_revenue": pl.DataFrame(told, schema=schema, orient="row")}
    why = weekly_why.reasons([found], segments, pl.DataFrame(), 12, "EUR")["won_revenue"]
    assert why.change == pytest.approx(800)
    assert sum(effect.amount for effect in why.effects) == pytest.approx(why.change)
    assert why.sentence.startswith("Won revenue: +€800 against the average week before")


def test_simpsons_paradox_is_named():
    found = figure(weeks("win_rate", [5] * 16 + [60], [100] * 17), "win_rate")
    told = [("win_rate", "small", False, 81, 87), ("win_rate", "large", False, 192, 263),
            ("win_rate", "small", True, 234, 270), ("win_rate", "large", True, 55, 80)]  # fmt: skip
    schema = ["kpi", "segment", "is_after", "numerator", "denominator"]
    segments = {"win_rate": pl.DataFrame(told, schema=schema, orient="row")}
    why = weekly_why.reasons([found], segments, pl.DataFrame(), 16, "EUR")["win_rate"]
    assert why.is_reversal
    assert "Simpson" in why.sentence


STATES = st.tuples(
    st.sampled_from(["new", "open", "closed"]), st.sampled_from(["open", "won", "lost"]),
    st.integers(0, 10**7), st.integers(0, 10**7), st.sampled_from([None, 10, 200]), st.sampled_from([None, 10, 200]),
)  # fmt: skip


def deals(states):
    """Rows as `weekly_review/pipeline_change` gives them; amounts from cents, expected days around 1 January 2027."""
    rows = []
    for at, (before, after, cents, later, due, then) in enumerate(states):
        is_open_before = before == "open"
        rows.append({
            "deal_id": f"D{at}", "deals": 1, "stage_before": {"new": None, "open": "talks", "closed": "lost"}[before],
            "stage": "talks" if after == "open" else after, "is_open_before": is_open_before,
            "is_open": after == "open",
            "amount_before": cents / 100 if before != "new" else 0.0, "amount": later / 100,
            "expected_before": due and UNTIL + timedelta(days=due), "expected": then and UNTIL + timedelta(days=then),
        })  # fmt: skip
    schema = {
        "deal_id": pl.String, "deals": pl.Int64, "stage_before": pl.String, "stage": pl.String,
        "is_open_before": pl.Boolean, "is_open": pl.Boolean, "amount_before": pl.Float64, "amount": pl.Float64,
        "expected_before": pl.Date, "expected": pl.Date,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


@given(st.lists(STATES, max_size=30))
def test_the_bridge_closes_and_every_deal_stands_in_one_bar(states):
    locales.use("en")
    changed = pipeline.changes(deals(states), date(2027, 1, 1))
    found = pipeline.bridge(changed, "EUR")
    assert found.before + sum(bar.amount for bar in found.bars) == pytest.approx(found.after, abs=0.005)
    unchanged = changed.filter(pl.col("bar") == "unchanged")
    assert sum(bar.deals for bar in found.bars) + unchanged.height == len(states)
    assert (unchanged["before"] == unchanged["after"]).all()


@pytest.mark.parametrize(
    ("state", "bar"),
    [
        pytest.param(("new", "open", 0, 100, None, 10), "created", id="a new deal"),
        pytest.param(("closed", "open", 100, 100, 10, 10), "reopened", id="lost, and alive again"),
        pytest.param(("open", "open", 100, 100, 200, 10), "pulled_in", id="now due this quarter"),
        pytest.param(("open", "open", 100, 100, 10, 200), "pushed_out", id="now due next quarter"),
        pytest.param(("open", "open", 100, 100, 10, None), "pushed_out", id="no longer dated"),
        pytest.param(("open", "open", 100, 150, 10, 10), "grown", id="worth more"),
        pytest.param(("open", "open", 150, 100, 10, 10), "shrunk", id="worth less"),
        pytest.param(("open", "won", 150, 150, 10, 10), "won", id="won"),
        pytest.param(("open", "lost", 150, 150, 10, 10), "lost", id="lost"),
        pytest.param(("new", "won", 0, 150, None, 10), "won", id="created and won between"),
        pytest.param(("open", "open", 100, 150, 200, 200), "unchanged", id="grown, but not due this quarter"),
    ],
)
def test_bars(state, bar):
    changed = pipeline.changes(deals([state]), date(2027, 1, 1))
    assert changed["bar"].to_list() == [bar]
    assert pipeline.swings(changed) == (state[0] == "new" and state[1] != "open")


def quarters(won):
    """`(won before the point, won by the end)` per quarter, the last one still running."""
    starts = [date(2025 + at // 4, at % 4 * 3 + 1, 1) for at in range(len(won))]
    ends = [*starts[1:], date(2025 + len(won) // 4, len(won) % 4 * 3 + 1, 1)]
    rows = [
        {"quarter_from": begin, "until": begin + timedelta(days=49), "quarter_until": end, "won_before": float(a),
         "won": float(b), "first_day": date(2025, 1, 1)}
        for begin, end, (a, b) in zip(starts, ends, won, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def stages(quarters, deals=10, won=4):
    """Ten deals of 100 in every quarter, four of them won by its end."""
    return pl.DataFrame([
        {"quarter_from": quarter, "stage": "talks", "deals": deals, "won": won, "amount": 100.0 * deals,
         "won_amount": 100.0 * won, "due_amount": 100.0 * deals, "due_won_amount": 100.0 * won,
         "squares": 10_000.0 * deals}
        for quarter in quarters["quarter_from"]
    ])  # fmt: skip


def test_forecast_adds_won_open_by_stage_and_what_is_still_created():
    known = quarters([(500, 1000), (500, 1000), (500, 1000), (600, 600)])
    found = pipeline.forecast(stages(known), known, 2000.0, "EUR")
    assert found.expected == pytest.approx(600 + 10 * 100 * 0.4 + 100)
    assert found.low < found.expected < found.high
    assert [past.expected for past in found.track_record] == pytest.approx([1000, 1000])


def test_an_earlier_quarter_is_forecast_from_those_before_it_alone():
    short, long = quarters([(500, 1000), (500, 1000), (0, 0)]), quarters([(500, 1000), (500, 1000), (0, 9000), (0, 0)])
    first, second = (pipeline.forecast(stages(known), known, None, "EUR").track_record[0] for known in (short, long))
    assert first == second


def test_required_coverage_is_what_our_own_conversion_needs():
    known = quarters([(500, 1000), (500, 1000), (600, 600)])
    assert pipeline.required(stages(known), known)[0] == pytest.approx((1 - 100 / 500) / 0.4)


def test_without_a_full_quarter_nothing_is_required_or_forecast():
    known = quarters([(600, 600)])
    assert pipeline.required(stages(known), known) is None
    assert pipeline.forecast(stages(known), known, None, "EUR") is None


def test_weeks_are_called_as_germans_call_them():
    locales.use("de")
    assert review.label(date(2026, 12, 28)) == "KW 53/2026"


def test_a_meeting_is_called_by_its_iso_week():
    assert meeting_id(date(2026, 12, 28)) == "2026-W53"
    assert week_of("2026-W53") == date(2026, 12, 28)
    with pytest.raises(ValueError, match="2026-W47"):
        week_of("last week")


def test_what_is_wrong_with_the_data_is_opened_first():
    shown = rows_of([figure(weeks("mqls", [*STEADY, 90]), "mqls")])
    links = review.open_next(Meeting("2026-W47", WEEK, [], shown), HEALTHY | {"rows_rejected": 3})
    assert [(page, choices) for page, _why, choices in links] == [
        (review.DATA_HEALTH, {}),
        (review.FUNNEL, {"stage": "lead"}),
    ]


def test_no_data_is_no_figure():
    assert figures(weeks("new_leads", []), UNTIL) == []
