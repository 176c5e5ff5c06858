"""An event log imported by mapping alone reaches the handovers, and its response figures are those of the log."""

import csv
import random
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from measures.working_time import Calendar
from tests.pipeline.company import ask, built
from tests.sources.staging import EXAMPLES

CASES, SEED = 400, 3
OFFICE = Calendar("Europe/Berlin", {day: [("09:00", "17:00")] for day in range(5)}, "NW", ["12-24", "12-31"])
PROMISED_MINUTES = 480  # of "other": a log names no kind of lead


@pytest.fixture(scope="module")
def log():
    """Cases qualified in October; a third is never called, some are turned down, and every row may be out of order."""
    draw = random.Random(SEED)
    events = []
    for number in range(CASES):
        begun = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=draw.randrange(30 * 1440))
        qualified = begun + timedelta(minutes=draw.randrange(300))
        events += [(number, "Contact imported", begun, "web"), (number, "Qualified", qualified, f"rep{number % 7}")]
        if draw.random() < 2 / 3:
            first = qualified + timedelta(minutes=draw.randrange(6 * 1440))
            later = first + timedelta(minutes=draw.randrange(1, 3000))
            events += [(number, "Call", at, f"rep{number % 7}") for at in (first, later)]
        if draw.random() < 0.1:
            events.append((number, "Letter sent", qualified + timedelta(minutes=1), "system"))
    draw.shuffle(events)
    return events


@pytest.fixture(scope="module")
def published(log, tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    (folder / "exports").mkdir()
    with (folder / "exports" / "log.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["case id", "activity", "timestamp", "resource"])
        writer.writerows((f"c{n}", what, at.strftime("%Y-%m-%dT%H:%M:%SZ"), who) for n, what, at, who in log)
    return built(folder, mappings=EXAMPLES / "event_log")


@pytest.fixture(scope="module")
def truth(log):
    """Working minutes to the first call by case, None without one: from the log alone."""
    qualified = {n: at for n, what, at, _who in log if what == "Qualified"}
    calls = {n: [at for m, what, at, _who in log if (m, what) == (n, "Call")] for n in qualified}
    return {
        f"c{n}": OFFICE.seconds_between(at, min(calls[n])) / 60 if calls[n] else None for n, at in qualified.items()
    }


def test_every_case_is_a_handover_and_those_without_an_answer_stay_in_the_denominator(published, truth):
    told = dict(ask(published, "select lead_id, response_minutes from mart.handovers"))
    assert told == pytest.approx(truth)
    met = sum(minutes is not None and minutes <= PROMISED_MINUTES for minutes in truth.values())
    counted = dict(ask(published, "select status, count(*) from mart.handovers group by status"))
    assert counted == {"met": met, "breached": CASES - met}, "unanswered is breached, not left out"
    assert met / CASES < met / sum(minutes is not None for minutes in truth.values()), "as flattering it must not be"


def test_the_median_of_the_answered_is_that_of_the_log(published, truth):
    (told,) = ask(published, "select median(response_minutes) from mart.handovers where responded_at is not null")[0]
    assert told == pytest.approx(median(minutes for minutes in truth.values() if minutes is not None))
