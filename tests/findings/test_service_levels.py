"""Both promises by one measure: kept, missed or too close to call; waiting ones stay in the count."""

from datetime import date, timedelta

import polars as pl
import pytest

import locales
import queries
from findings import burn_up, fast_answers, handovers, lost_time, promise
from findings import service_levels as findings
from findings.suppression import suppression


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def quarter(per_day, target=100.0, days=10, gone=5, silent=0):
    """`service_levels/burn_up` of a quarter of so many working days, of which some are gone."""
    rows = [
        (unit, date(2026, 10, 1) + timedelta(day), True, each * target / days * (day + 1),
         each * per_day * (day + 1) if day < gone else None, each * silent if day < gone else None, each * target,
         date(2026, 10, 1), date(2026, 10, 1) + timedelta(days))
        for unit, each in (("count", 1.0), ("value", 500.0))
        for day in range(days)
    ]  # fmt: skip
    columns = ["unit", "day", "is_working_day", "target_to_date", "delivered_to_date", "silent_to_date", "target",
               "period_start", "period_end"]  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


@pytest.mark.parametrize(
    ("met", "due", "verdict"),
    [
        pytest.param(980, 1_000, "kept", id="clearly above"),
        pytest.param(800, 1_000, "missed", id="clearly below"),
        pytest.param(9, 10, "open", id="nine of ten decide nothing"),
        pytest.param(0, 0, "nothing", id="nothing was due"),
    ],
)
def test_a_promise_is_kept_only_where_the_interval_says_so(met, due, verdict):
    assert promise.answered({"met": met, "due": due}, 0.9).verdict == verdict


def test_marketing_is_measured_against_the_line_to_date():
    found = promise.delivered(quarter(per_day=5.0))
    assert (found.done, found.due, found.share) == (25.0, 50.0, 0.5)
    assert found.verdict == "missed"


def test_by_value_the_interval_is_that_of_the_leads():
    by_count, by_value = (promise.delivered(quarter(per_day=9.0), unit) for unit in ("count", "value"))
    assert (by_value.low, by_value.high) == (pytest.approx(by_count.low), pytest.approx(by_count.high))


def test_without_a_promise_nothing_is_judged():
    assert promise.delivered(quarter(per_day=5.0).head(0)).verdict == "nothing"


def test_those_still_waiting_make_the_median_longer():
    columns = ["step", "minutes", "finished", "waiting"]
    done = [("response", 60, 6, 0), ("response", 300, 2, 0)]
    quick = lost_time.segments(pl.DataFrame(done, schema=columns, orient="row"))
    slow = lost_time.segments(pl.DataFrame([*done, ("response", 600, 0, 8)], schema=columns, orient="row"))
    assert quick["median_hours"][0] == 1.0
    assert slow.select("median_hours", "late_hours", "waiting").row(0) == (5.0, None, 8)


def hours(*rows):
    return pl.DataFrame(rows, schema=["weekday", "hour", "handovers", "met", "breached"], orient="row")


def test_the_half_day_where_breaches_gather_is_named():
    said = lost_time.worst_hours(hours((5, 15, 20, 5, 15), (1, 9, 80, 76, 4)))
    assert said == "15 of 19 breaches were handed over on Friday afternoon, which had 20% of the handovers."


def test_a_few_breaches_here_and_there_accuse_no_hour():
    assert lost_time.worst_hours(hours((5, 15, 20, 17, 3), (1, 9, 80, 70, 10))) == "No half-day of the week stands out."


def test_the_sentence_names_both_sides():
    said = promise.sentence(
        promise.answered({"met": 800, "due": 1_000}, 0.9), promise.delivered(quarter(per_day=5.0)), "Where."
    )
    assert said == (
        "Sales answered 80% of 1,000 leads in time and missed its promise of 90%. "
        "Marketing delivered 25 accepted leads, 50% of the 50 promised by today: missed. Where."
    )


def test_silence_does_not_flatter():
    rows = pl.DataFrame({"decision": ["accepted", "silent", "open"], "leads": [60, 40, 5]})
    assert findings.silence(rows).startswith("Of 100 accepted leads, 40 were accepted by silence (40%)")


def test_the_books_of_handovers_are_written_out():
    row = {"handed_over": 10, "met": 4, "breached": 3, "pending": 1, "excused": 1, "unassigned": 1, "date_only": 2}
    said = findings.balance(row)
    assert said.startswith("10 handed over in the period = 4 met + 3 breached + 1 pending + 1 excused + 1 unassigned.")
    assert said.endswith("2 handovers are known by their day only and have no clock.")


def test_the_quarter_ends_where_the_pace_leads_with_its_doubt():
    found = burn_up.outlook(quarter(per_day=5.0), "count")
    assert (found.expected, found.target, found.working_days_left) == (50.0, 100.0, 5)
    assert found.low < 50 < found.high < 100
    worth = burn_up.outlook(quarter(per_day=5.0), "value")
    assert worth.expected == pytest.approx(500 * found.expected)


@pytest.mark.parametrize("gone", [pytest.param(0, id="not begun"), pytest.param(10, id="over")])
def test_no_guess_before_the_first_day_and_after_the_last(gone):
    assert burn_up.outlook(quarter(per_day=5.0, gone=gone), "count") is None


def test_nothing_is_compared_where_too_few_people_stand_behind_it():
    columns = ["owner_id", "team", "segment", "source", "lead_type"]
    people = [(f"{team}{n}", team, "A", source, "demo_request")
              for team in ("north", "south") for n in range(5) for source in ("fair", "web")]  # fmt: skip
    wide = suppression(pl.DataFrame(people, schema=columns, orient="row"), 5)
    narrow = suppression(pl.DataFrame(people[:8], schema=columns, orient="row"), 5)
    assert set(findings.comparisons(wide)) == {"source", "team"}
    assert findings.comparisons(narrow) == {}


def speeds(*rows):
    columns = ["lead_type", "slowest_minutes", "handovers", "accepted"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def test_a_fast_answer_is_compared_within_the_kind_of_lead():
    """Demo requests are answered fast and accepted often, whatever the speed: the mix is no effect of the answer."""
    found = fast_answers.effect(
        speeds(("demo", 60, 900, 810), ("demo", None, 100, 90), ("list", 60, 100, 10), ("list", None, 900, 90))
    )
    assert found.value == pytest.approx(0)
    assert "No dependable difference" in fast_answers.in_words(found)


def test_a_fast_answer_that_goes_with_more_acceptance_is_no_proof():
    found = fast_answers.effect(speeds(("demo", 60, 150, 120), ("demo", 240, 50, 40), ("demo", 480, 100, 50)))
    assert (found.value, found.n, found.n_other) == (pytest.approx(0.3), 200, 100)
    said = fast_answers.in_words(found)
    assert "accepted 30 percentage points more often" in said
    assert "not proven" in said


def test_slow_answers_that_do_better_are_said_so():
    found = fast_answers.effect(speeds(("demo", 60, 100, 20), ("demo", 480, 100, 80)))
    assert "60 percentage points less often (95 %: 49 to 71)" in fast_answers.in_words(found)


def test_where_all_are_fast_nothing_is_compared():
    assert fast_answers.effect(speeds(("demo", 60, 10, 5))) is None
    assert fast_answers.in_words(None).startswith("Nothing to compare")


@pytest.mark.parametrize("accepted", [pytest.param(0, id="none accepted"), pytest.param(10, id="all accepted")])
def test_where_all_end_alike_no_speed_makes_a_difference(accepted):
    assert fast_answers.effect(speeds(("demo", 60, 10, accepted), ("demo", 480, 10, accepted))) is None


def test_stretches_stand_in_their_order_and_small_ones_are_not_ranked():
    found = fast_answers.by_speed(speeds(("a", None, 3, 1), ("a", 60, 9, 6), ("b", 60, 1, 1)), 5)
    assert found.select("name", "entered", "advanced", "is_ranked").rows() == [
        ("within 1 h", 10, 7, True), ("after 16 h", 3, 1, False),
    ]  # fmt: skip


def test_a_list_that_goes_on_says_so():
    for name in handovers.lists():
        query = queries.load(f"service_levels/{name}")
        assert f"the first {handovers.LONGEST_LIST}" in query.grain
        assert f"limit {handovers.LONGEST_LIST}" in query.sql
    assert handovers.listed_in_words(100, "breaches").startswith("The first 100 are listed.")
    assert "first" not in handovers.listed_in_words(99, "breaches")
