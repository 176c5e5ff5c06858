"""Time in stage counts those still waiting; shares show n and interval, and small numbers are not ranked."""

import polars as pl
import pytest

import locales
from findings import waiting
from findings.words import channel_names

ROWS = ["stage", "days", "outcome", "leads"]
PARTS = ["name", "days", "outcome", "leads", "timed"]


def stays(*rows):
    return waiting.stays(pl.DataFrame(rows, schema=ROWS, orient="row"))


def test_those_still_waiting_make_the_median_later():
    (finished,) = stays(("mql", 2, "advanced", 6), ("mql", 8, "left", 4))
    (with_open,) = stays(("mql", 2, "advanced", 6), ("mql", 8, "left", 4), ("mql", 5, "waiting", 8))
    assert (finished.median_days, with_open.median_days) == (2.0, 8.0)
    assert (with_open.entered, with_open.waiting) == (18, 8)


def test_no_median_before_half_have_left():
    (stay,) = stays(("sql", 3, "advanced", 2), ("sql", 30, "waiting", 9))
    assert stay.median_days is None


def test_stages_stand_in_their_order():
    found = stays(("sql", 3, "advanced", 2), ("lead", 1, "advanced", 2))
    assert waiting.as_frame(found, ("lead", "mql", "sal", "sql", "opportunity", "won"))["stage"].to_list() == [
        "lead",
        "sql",
    ]


def test_small_groups_stand_last_whatever_their_share():
    rows = [("event", 1, "advanced", 3, 3), ("email", 1, "advanced", 10, 10), ("email", 4, "left", 30, 30)]
    found = waiting.breakdown(pl.DataFrame(rows, schema=PARTS, orient="row"), 10)
    assert found.select("name", "share", "is_ranked").rows() == [("email", 0.25, True), ("event", 1.0, False)]
    assert found.row(1, named=True)["low"] < 0.5


def test_untimed_leads_count_in_the_share_and_not_in_the_median():
    rows = [("email", 0, "advanced", 5, 0), ("email", 7, "advanced", 5, 5)]
    found = waiting.breakdown(pl.DataFrame(rows, schema=PARTS, orient="row"), 10).row(0, named=True)
    assert (found["share"], found["median_days"]) == (1.0, 7.0)


def test_unknown_names_are_said_to_be_unknown():
    locales.use("en")
    frame = pl.DataFrame({"name": ["email", None, "Team <b>"]})
    assert waiting.named(frame, channel_names())["name"].to_list() == ["E-mail", "Unknown", "Team <b>"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        pytest.param({"lead": 0}, "", id="all in order: nothing to say"),
        pytest.param({"lead": 1}, "1 entry of a lead", id="one"),
        pytest.param({"lead": 700, "mql": 500, "won": 9}, "1,200 entries of leads", id="nothing comes after won"),
    ],
)
def test_what_the_days_leave_out_is_said(counts, said):
    entries = pl.DataFrame({"stage": list(counts), "out_of_order": list(counts.values())})
    words = waiting.left_out_in_words(entries)
    assert words.startswith(said)
    assert bool(words) == bool(said)
