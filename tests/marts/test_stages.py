"""Leads counted by stage and day: the movements of a day, and how long the stays were."""

from datetime import date

import polars as pl
import pytest

from tests.marts.story import judged, tables


def lead(created="2026-03-02 10:00", **columns):
    return {"lead_id": "L", "account_id": "A", "created_at": created, "channel": "event"} | columns


def events(*steps):
    return [{"lead_id": "L", "stage": stage, "entered_at": at} for stage, at in steps]


def stays(*steps, created="2026-03-02 10:00"):
    done = judged(tables(leads=[lead(created)], stage_events=events(*steps)))
    return done["stage_stays"].select("stage", "entered_day", "outcome", "days", "timed").rows()


def moved(*steps, created="2026-03-02 10:00"):
    """Rows of the day mart as `{(stage, day): {what: count}}` without the zeros."""
    done = judged(tables(leads=[lead(created)], stage_events=events(*steps)))
    counts = ["entered", "returned", "imputed", "out_of_order", "lost", "disqualified", "recycled"]
    return {
        (row["stage"], row["day"]): {name: row[name] for name in counts if row[name]}
        for row in done["stage_days"].iter_rows(named=True)
    }


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([], [("lead", date(2026, 3, 2), "waiting", 120, 1)], id="waits until judged, whole days"),
        pytest.param(
            [("disqualified", "2026-03-05 09:59")], [("lead", date(2026, 3, 2), "left", 2, 1)],
            id="a day short of one minute does not count",
        ),
        pytest.param(
            [("mql", "2026-03-05 10:00"), ("disqualified", "2026-03-06 11:00")],
            [("lead", date(2026, 3, 2), "advanced", 3, 1), ("mql", date(2026, 3, 5), "left", 1, 1)],
            id="each stage has a stay of its own",
        ),
        pytest.param(
            [("sal", "2026-03-05 10:00"), ("disqualified", "2026-03-06 11:00")],
            [
                ("lead", date(2026, 3, 2), "advanced", 3, 1), ("mql", date(2026, 3, 5), "advanced", 0, 0),
                ("sal", date(2026, 3, 5), "left", 1, 1),
            ],
            id="a skipped stage counts and is not timed",
        ),
        pytest.param(
            [("mql", "2026-02-20 10:00"), ("disqualified", "2026-03-06 11:00")],
            [("lead", date(2026, 3, 2), "advanced", 0, 0), ("mql", date(2026, 2, 20), "left", 14, 0)],
            id="a step before the creation: counted, not timed",
        ),
    ],
)  # fmt: skip
def test_a_stay_lasts_whole_days(steps, expected):
    assert stays(*steps) == expected


def test_days_are_those_of_the_company():
    assert stays(created="2026-03-02 23:30")[0][1] == date(2026, 3, 2)  # 22:30 UTC
    assert stays(created="2026-07-01 00:30")[0][1] == date(2026, 7, 1)  # 22:30 UTC of the day before


def test_a_lead_leaves_at_the_furthest_stage_it_reached():
    days = moved(("sal", "2026-03-05 10:00"), ("mql", "2026-03-07 10:00"), ("disqualified", "2026-03-09 11:00"))
    assert days == {
        ("lead", date(2026, 3, 2)): {"entered": 1},
        ("mql", date(2026, 3, 5)): {"entered": 1, "imputed": 1},
        ("sal", date(2026, 3, 5)): {"entered": 1},
        ("sal", date(2026, 3, 9)): {"disqualified": 1},
    }


def test_who_comes_back_is_counted_apart():
    days = moved(("recycled", "2026-03-05 10:00"), ("mql", "2026-04-07 10:00"))
    assert days[("lead", date(2026, 3, 5))] == {"recycled": 1}
    assert days[("mql", date(2026, 4, 7))] == {"returned": 1}


def test_a_step_before_the_creation_is_said():
    days = moved(("mql", "2026-02-20 10:00"))
    assert days[("lead", date(2026, 3, 2))] == {"entered": 1, "out_of_order": 1}


@pytest.mark.parametrize(
    ("reached", "days"),
    [
        pytest.param("2026-03-04 10:00", 2, id="two days to the second: reached within two days"),
        pytest.param("2026-03-04 10:01", 3, id="a minute later the third day has begun"),
        pytest.param("2026-03-02 10:00", 0, id="at once"),
        pytest.param("2026-02-28 12:00", -1, id="before the creation"),
        pytest.param(None, None, id="never"),
    ],
)
def test_days_to_a_stage_count_as_soon_as_they_begin(reached, days):
    steps = events(("sql", reached)) if reached else []
    found = judged(tables(leads=[lead(crm_url="https://crm.example/L")], stage_events=steps))["leads"]
    assert found.select("mql_days", "sql_days", "opportunity_days").row(0) == (days, days, None)
    assert found.select("age_days", "crm_url").row(0) == (120, "https://crm.example/L")


def test_channels_and_teams_are_kept_apart():
    leads = [lead(lead_id="1"), lead(lead_id="2"), lead(lead_id="3", channel="email"), lead(lead_id="4", channel=None)]
    found = judged(tables(leads=leads))["stage_stays"]
    assert dict(found.select("channel", "leads").rows()) == {"event": 2, "email": 1, None: 1}
    assert found["stage"].dtype == pl.Enum(["lead", "mql", "sal", "sql", "opportunity", "won"])
