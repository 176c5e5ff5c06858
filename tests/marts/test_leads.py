"""Lead cycles: every rule of the funnel as one short story."""

import pytest

from tests.marts.story import at, judged, only, tables

LEAD = {"lead_id": "L", "person_id": "P", "account_id": "A", "created_at": "2026-01-05 09:00"}


def story(*events, lead=(), **others):
    """mart.leads of one lead with `(stage, time[, reason])` events."""
    steps = [
        {"lead_id": "L", "stage": stage, "entered_at": time, "reason": reason[0] if reason else None}
        for stage, time, *reason in events
    ]
    return judged(tables(leads=[LEAD | dict(lead)], stage_events=steps, **others))["leads"]


def deal(**columns):
    return {"deal_id": "D", "lead_id": "L", "account_id": "A", "created_at": "2026-02-01 10:00"} | columns


def test_a_lead_with_a_creation_date_alone_is_an_open_lead():
    row = only(story())
    assert (row["stage"], row["closed_as"], row["created_at"]) == ("lead", None, at("2026-01-05 09:00"))
    assert (row["mql_at"], row["imputed_stages"], row["is_in_time_order"]) == (None, "", True)


def test_each_stage_carries_the_first_time_it_was_reached():
    row = only(story(("mql", "2026-01-06 10:00"), ("mql", "2026-01-20 10:00"), ("sal", "2026-01-07 10:00")))
    assert (row["mql_at"], row["sal_at"]) == (at("2026-01-06 10:00"), at("2026-01-07 10:00"))
    assert row["stage"] == "sal"


def test_a_skipped_stage_is_imputed_at_the_next_reached_one_and_named():
    row = only(story(("mql", "2026-01-06 10:00"), ("opportunity", "2026-01-09 10:00")))
    assert row["sal_at"] == row["sql_at"] == row["opportunity_at"] == at("2026-01-09 10:00")
    assert row["imputed_stages"] == "sal,sql"


def test_a_stage_logged_after_a_later_one_counts_from_the_later_one():
    row = only(story(("sql", "2026-01-06 10:00"), ("mql", "2026-01-09 10:00")))
    assert row["mql_at"] == at("2026-01-06 10:00")
    assert row["imputed_stages"] == "mql,sal"


def test_a_step_backward_never_erases_what_was_reached():
    row = only(story(("mql", "2026-01-06 10:00"), ("sql", "2026-01-08 10:00"), ("lead", "2026-01-09 10:00")))
    assert (row["stage"], row["sql_at"]) == ("sql", at("2026-01-08 10:00"))


@pytest.mark.parametrize(
    ("events", "mql_at"),
    [
        pytest.param([], "2026-01-08", id="qualification date where no event tells"),
        pytest.param([("mql", "2026-01-10 10:00")], "2026-01-10 10:00", id="the event knows better"),
    ],
)
def test_the_qualification_date_stands_in_for_a_missing_event(events, mql_at):
    assert only(story(*events, lead={"qualified_at": "2026-01-08"}))["mql_at"] == at(mql_at)


def test_recycling_closes_the_cycle_and_coming_back_opens_the_next_with_its_own_clock():
    first, second = story(
        ("mql", "2026-01-06 10:00"),
        ("recycled", "2026-01-10 10:00", "no budget"),
        ("lead", "2026-03-02 08:00"),
        ("mql", "2026-03-03 08:00"),
    ).to_dicts()
    assert (first["closed_as"], first["recycled_at"], first["reject_reason"]) == (
        "recycled",
        at("2026-01-10 10:00"),
        "no budget",
    )
    assert (second["cycle"], second["created_at"], second["mql_at"]) == (
        2,
        at("2026-03-02 08:00"),
        at("2026-03-03 08:00"),
    )
    assert (second["stage"], second["recycled_at"]) == ("mql", None)


def test_a_recycled_lead_that_does_not_come_back_has_no_second_cycle():
    row = only(story(("recycled", "2026-01-10 10:00"), ("recycled", "2026-02-10 10:00"), ("lost", "2026-02-11 10:00")))
    assert (row["cycle"], row["closed_as"], row["closed_at"]) == (1, "recycled", at("2026-01-10 10:00"))


def test_a_qualification_known_by_the_day_of_the_recycling_belongs_to_the_cycle_that_ends():
    row = only(story(("recycled", "2026-01-10"), ("mql", "2026-01-10 14:00")))
    assert (row["cycle"], row["closed_as"], row["mql_at"]) == (1, "recycled", at("2026-01-10 14:00"))


def test_of_steps_at_the_same_moment_the_lower_stage_comes_first():
    row = only(story(("recycled", "2026-01-10 10:00"), ("mql", "2026-01-10 10:00")))
    assert (row["cycle"], row["closed_as"], row["mql_at"]) == (1, "recycled", at("2026-01-10 10:00"))


def test_of_deals_won_at_the_same_moment_the_id_decides():
    pair = [deal(deal_id=name, won_at="2026-03-01 10:00") for name in ("D2", "D1")]
    assert only(story(deals=pair))["deal_id"] == only(story(deals=pair[::-1]))["deal_id"] == "D1"


def test_without_recycling_a_step_forward_reopens_the_same_cycle():
    row = only(story(("disqualified", "2026-01-07 10:00", "wrong number"), ("sql", "2026-01-08 10:00")))
    assert (row["cycle"], row["stage"], row["closed_as"], row["disqualified_at"]) == (1, "sql", None, None)


def test_of_two_closings_the_first_counts():
    row = only(story(("disqualified", "2026-01-07 10:00", "student"), ("recycled", "2026-01-08 10:00")))
    assert (row["closed_as"], row["reject_reason"], row["recycled_at"]) == ("disqualified", "student", None)


def test_a_lead_without_stage_events_is_moved_by_its_deal():
    row = only(story(deals=[deal(won_at="2026-03-01 10:00", amount="1500.50", currency="EUR")]))
    assert (row["opportunity_at"], row["won_at"]) == (at("2026-02-01 10:00"), at("2026-03-01 10:00"))
    assert (row["mql_at"], row["imputed_stages"]) == (at("2026-02-01 10:00"), "mql,sal,sql")
    assert (row["stage"], row["deal_id"], str(row["amount"])) == ("won", "D", "1500.50")


def test_won_outlasts_a_lost_deal_and_all_won_deals_add_up():
    row = only(
        story(
            deals=[
                deal(deal_id="D1", lost_at="2026-02-20 10:00", amount="1", currency="EUR"),
                deal(deal_id="D2", won_at="2026-03-01 10:00", amount="20", currency="EUR"),
                deal(deal_id="D3", won_at="2026-04-01 10:00", amount="300", currency="EUR"),
            ]
        )
    )
    assert (row["closed_as"], row["deal_id"], row["amount"], row["lost_at"]) == ("won", "D2", 320, None)


def test_a_loss_does_not_close_the_cycle_while_another_deal_is_open():
    row = only(story(deals=[deal(deal_id="D1", lost_at="2026-02-20 10:00"), deal(deal_id="D2")]))
    assert (row["stage"], row["closed_as"], row["deal_id"]) == ("opportunity", None, "D2")


def test_a_deal_feeds_the_cycle_that_was_open_at_its_time():
    first, second = story(
        ("recycled", "2026-01-20 10:00"), ("lead", "2026-01-25 10:00"), deals=[deal(lost_at="2026-03-01 10:00")]
    ).to_dicts()
    assert (first["opportunity_at"], first["deal_id"]) == (None, None)
    assert (second["opportunity_at"], second["closed_as"]) == (at("2026-02-01 10:00"), "lost")


@pytest.mark.parametrize(
    ("created", "won", "in_order"),
    [
        pytest.param("2026-01-05 09:00", "2026-01-05", True, id="same day, only the day is known"),
        pytest.param("2026-01-05", "2026-01-05 08:00", True, id="created some time that day"),
        pytest.param("2026-01-05 09:00", "2026-01-04", False, id="won the day before"),
        pytest.param("2026-01-05 09:00", "2026-01-05 08:59", False, id="won a minute before"),
    ],
)
def test_a_conversion_before_the_creation_is_marked(created, won, in_order):
    row = only(story(("won", won), lead={"created_at": created}))
    assert (row["is_in_time_order"], row["created_at"]) == (in_order, at(created))


def test_a_step_dated_before_the_creation_stays_in_the_first_cycle():
    first, second = story(("recycled", "2026-01-01 10:00"), ("mql", "2026-01-02 10:00")).to_dicts()
    assert (first["created_at"], first["closed_as"]) == (at("2026-01-05 09:00"), "recycled")
    assert (second["cycle"], second["mql_at"]) == (2, at("2026-01-02 10:00"))


def activity(time, **columns):
    return {"activity_id": time, "lead_id": "L", "occurred_at": time, "kind": "call", "direction": "outgoing"} | columns


@pytest.mark.parametrize(
    ("activities", "contacted"),
    [
        pytest.param([activity("2026-01-06 10:00", outcome="no_answer")], None, id="an attempt is no contact"),
        pytest.param([activity("2026-01-06 10:00", outcome="reached")], "2026-01-06 10:00", id="reached"),
        pytest.param(
            [activity("2026-01-06 10:00", kind="mail", direction="incoming")], "2026-01-06 10:00", id="answer"
        ),
        pytest.param(
            [activity("2026-01-06 10:00", kind="mail", direction="incoming", is_automatic=True)],
            None,
            id="out of office",
        ),
        pytest.param([activity("2026-01-06 10:00", kind="note", outcome="reached")], None, id="a note about it"),
        pytest.param([activity("2025-12-06 10:00", outcome="reached")], None, id="before the lead came"),
        pytest.param([activity("2026-01-05", outcome="held", kind="meeting")], "2026-01-05", id="the day it came"),
        pytest.param(
            [activity("2026-01-06 10:00", lead_id=None, person_id="P", account_id="A", outcome="reached")],
            "2026-01-06 10:00",
            id="logged on the person",
        ),
        pytest.param(
            [activity("2026-01-06 10:00", lead_id=None, person_id="P", account_id="B", outcome="reached")],
            None,
            id="the person in another company",
        ),
    ],
)
def test_contact_is_two_way(activities, contacted):
    assert only(story(activities=activities))["contacted_at"] == (at(contacted) if contacted else None)


def test_each_cycle_has_its_own_first_contact():
    contacts = story(
        ("recycled", "2026-01-20 10:00"),
        ("lead", "2026-02-20 10:00"),
        activities=[activity("2026-01-06 10:00", outcome="reached"), activity("2026-02-21 10:00", outcome="reached")],
    )["contacted_at"]
    assert contacts.to_list() == [at("2026-01-06 10:00"), at("2026-02-21 10:00")]


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        pytest.param({}, "new", id="nothing is known"),
        pytest.param(
            {"accounts": [{"account_id": "A", "is_customer_since": "2025-01-01"}]}, "existing", id="CRM says so"
        ),
        pytest.param(
            {"accounts": [{"account_id": "A", "is_customer_since": "2026-02-01"}]}, "new", id="became it later"
        ),
        pytest.param(
            {"deals": [{"deal_id": "X", "account_id": "A", "won_at": "2025-06-01"}]}, "existing", id="bought before"
        ),
    ],
)
def test_existing_customers_are_told_apart(others, expected):
    assert only(story(**others))["customer_type"] == expected


def test_team_region_and_weeks_are_columns():
    row = only(
        story(
            lead={"owner_id": "E", "created_at": "2026-01-04 23:30"},
            employees=[{"employee_id": "E", "team": "South"}],
            accounts=[{"account_id": "A", "region": "Bayern", "employees_band": "50-99"}],
        )
    )
    assert (row["team"], row["region"], row["employees_band"]) == ("South", "Bayern", "50–99")
    assert (str(row["week_start"]), str(row["month_start"])) == ("2025-12-29", "2026-01-01")
