"""Both promises about a lead, judged: when the clock runs, what stops it, and what became of the handover."""

from datetime import date, timedelta

import polars as pl
import pytest

from agreement import Agreement
from pipeline.marts.columns import INSTANT
from tests.golden import load as golden
from tests.marts.story import TERMS, at, judged, only, tables

# as terms.toml has it: 9 to 17, contact requests within 120 minutes, demo requests within 60 on 8 to 18 and Saturdays
LEAD = {
    "lead_id": "L", "person_id": "P", "account_id": "A", "lead_type": "contact_request", "owner_id": "Eva",
    "created_at": "2026-03-10 08:00", "qualified_at": "2026-03-10 09:30", "assigned_at": "2026-03-10 10:00",
}  # fmt: skip
CALL = {"activity_id": "call", "lead_id": "L", "kind": "call", "direction": "outgoing", "outcome": "no_answer",
        "is_automatic": False, "employee_id": "Eva", "occurred_at": "2026-03-10 11:00"}  # fmt: skip
LATER = at("2026-06-30 12:00")


def call(time, activity_id="call", **columns):
    return CALL | {"occurred_at": time, "activity_id": activity_id} | columns


def step(stage, time, **columns):
    return {"lead_id": "L", "stage": stage, "entered_at": time, "employee_id": "Eva"} | columns


def handovers(activities=(), events=(), as_of=LATER, agreement=TERMS, decisions=None, **lead):
    told = tables(leads=[LEAD | lead], activities=list(activities), stage_events=list(events))
    return judged(told | (decisions or {}), agreement, as_of)["handovers"]


def handover(*args, **kwargs):
    return only(handovers(*args, **kwargs))


def from_ledger(**columns):
    """One decision about the lead's first cycle."""
    told = {"lead_id": "L", "cycle": 1} | columns
    return pl.DataFrame(
        {name: [at(value) if name in TIMES and value else value] for name, value in told.items()},
        schema_overrides=dict.fromkeys(TIMES & set(told), INSTANT),
    )


TIMES = {"at", "from", "until"}


@pytest.mark.parametrize(
    ("answer", "minutes", "status"),
    [
        pytest.param("2026-03-10 11:59", 119, "met", id="a minute early"),
        pytest.param("2026-03-10 12:00", 120, "met", id="exactly on time is met"),
        pytest.param("2026-03-10 12:00:01", 120 + 1 / 60, "breached", id="a second late"),
        pytest.param("2026-03-11 09:00", 420, "breached", id="the night does not count"),
    ],
)
def test_the_clock_runs_from_assignment_to_the_first_attempt(answer, minutes, status):
    row = handover([call(answer)])
    assert (row["status"], row["response_minutes"]) == (status, pytest.approx(minutes))
    assert (row["responded_at"], row["response_activity_id"], row["response_kind"]) == (at(answer), "call", "call")
    assert row["due_at"] == at("2026-03-10 12:00")


def test_raised_friday_at_ten_to_five_and_answered_monday_at_five_past_nine():
    friday, monday = {"assigned_at": "2026-03-13 16:50"}, "2026-03-16 09:05"
    row = handover([call(monday)], **friday)
    assert (row["response_minutes"], row["status"]) == (15, "met")
    demo = handover([call(monday)], **friday, lead_type="demo_request")
    # till six on Friday, nine to one on Saturday, from eight on Monday
    assert (demo["response_minutes"], demo["promised_minutes"], demo["status"]) == (70 + 240 + 65, 60, "breached")
    assert demo["due_at"] == at("2026-03-13 17:50")


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(call("2026-03-10 10:05", is_automatic=True, kind="mail"), id="automatic mail"),
        pytest.param(call("2026-03-10 10:05", kind="task"), id="a task"),
        pytest.param(call("2026-03-10 10:05", kind="note"), id="a note"),
        pytest.param(call("2026-03-10 10:05", kind="mail", direction="incoming"), id="the person's own mail"),
        pytest.param(call("2026-03-10 09:59"), id="a call before the assignment"),
        pytest.param(call("2026-03-10 10:05", lead_id="someone else"), id="a call to someone else"),
        pytest.param(step("sal", "2026-03-10 10:05"), id="a bare change of status"),
        pytest.param(step("disqualified", "2026-03-10 10:05"), id="a reject without a reason"),
        pytest.param(
            step("disqualified", "2026-03-10 10:05", reason="no_need", employee_id=None), id="a reject by nobody"
        ),
    ],
)
def test_what_does_not_stop_the_clock(record):
    row = handover([record] if "kind" in record else [], [record] if "stage" in record else [])
    assert (row["status"], row["responded_at"], row["response_minutes"]) == ("breached", None, None)


@pytest.mark.parametrize("stage", ["disqualified", "recycled"])
def test_a_reject_with_a_reason_by_a_person_stops_it(stage):
    row = handover(events=[step(stage, "2026-03-10 11:00", reason="no_need")])
    assert (row["status"], row["response_kind"], row["response_activity_id"]) == ("met", "rejected", None)
    assert (row["decision"], row["reject_reason"], row["decided_at"]) == ("rejected", "no_need", at("2026-03-10 11:00"))


@pytest.mark.parametrize(
    ("as_of", "status"),
    [
        pytest.param("2026-03-10 12:00", "pending", id="not yet due"),
        pytest.param("2026-03-10 12:01", "breached", id="overdue and unanswered is breached now"),
    ],
)
def test_without_an_answer_it_depends_on_the_hour(as_of, status):
    row = handover(as_of=at(as_of))
    assert (row["status"], row["waiting_for"], row["is_waiting"]) == (status, "response", True)
    assert row["waiting_minutes"] == (120 if status == "pending" else 121)


def test_what_has_not_happened_yet_stops_nothing():
    assert handover([call("2026-03-10 11:00")], as_of=at("2026-03-10 10:30"))["status"] == "pending"


def test_qualified_but_never_assigned_is_a_state_of_its_own():
    row = handover([call("2026-03-10 11:00")], assigned_at=None)
    assert (row["status"], row["assigned_at"], row["due_at"]) == ("unassigned", None, None)
    assert (row["waiting_for"], row["handed_week_start"]) == ("assignment", date(2026, 3, 9))
    assert row["responded_at"] is None


def test_a_lead_that_never_qualified_is_no_handover():
    told = [LEAD | {"qualified_at": None}, LEAD | {"lead_id": "M"}]
    assert judged(tables(leads=told))["handovers"]["lead_id"].to_list() == ["M"]


def test_where_no_source_knows_of_qualification_the_assignment_is_the_handover():
    row = handover([call("2026-03-10 11:00")], qualified_at=None)
    assert (row["status"], row["qualified_at"], row["routing_minutes"]) == ("met", None, None)


def test_an_owner_from_the_beginning_is_handed_the_lead_as_it_qualifies():
    row = handover([call("2026-03-10 11:00")], assigned_at="2026-03-10 08:00")
    assert (row["assigned_at"], row["response_minutes"], row["routing_minutes"]) == (at("2026-03-10 09:30"), 90, 0)


def test_a_returning_lead_has_a_clock_of_its_own():
    events = [
        step("mql", "2026-03-10 09:30"),
        step("recycled", "2026-03-12 10:00", reason="no_budget"),
        step("lead", "2026-05-04 09:00"),
        step("mql", "2026-05-05 10:00"),
    ]
    first, second = handovers([call("2026-03-10 11:00"), call("2026-05-05 15:00", "again")], events).to_dicts()
    assert (first["cycle"], first["response_activity_id"], first["status"]) == (1, "call", "met")
    assert (second["cycle"], second["assigned_at"], second["status"]) == (2, at("2026-05-05 10:00"), "breached")
    assert second["response_minutes"] == 300


def test_segments_are_business_minutes_with_an_owner_each():
    row = handover([call("2026-03-10 11:00"), call("2026-03-10 15:00", "second", outcome="reached")])
    assert [row[f"{step}_minutes"] for step in ("qualifying", "routing", "response", "contact")] == [30, 30, 60, 240]
    assert (row["speed_to_lead_minutes"], row["contacted_at"], row["waiting_for"]) == (
        120,
        at("2026-03-10 15:00"),
        None,
    )


def test_a_pause_stops_the_clock_and_moves_what_is_due():
    pause = from_ledger(**{"from": "2026-03-10 10:30", "until": "2026-03-10 14:30", "reason": "customer_asked_later"})
    row = handover([call("2026-03-10 15:30")], decisions={"pauses": pause})
    assert (row["status"], row["response_minutes"], row["due_at"]) == ("met", 90, at("2026-03-10 16:00"))


def test_a_pause_that_goes_on_keeps_the_handover_pending():
    pause = from_ledger(**{"from": "2026-03-10 10:30", "until": None, "reason": "customer_asked_later"})
    assert handover(decisions={"pauses": pause})["status"] == "pending"


@pytest.mark.parametrize(
    ("side", "answer", "status", "reason"),
    [
        pytest.param("marketing", "2026-03-10 16:00", "excused", "system_outage", id="the other side excuses"),
        pytest.param("sales", "2026-03-10 16:00", "breached", None, id="nobody excuses himself"),
        pytest.param("marketing", "2026-03-10 11:00", "met", None, id="a kept promise needs no excuse"),
    ],
)
def test_an_excuse_comes_from_the_other_side(side, answer, status, reason):
    excuse = from_ledger(reason="system_outage", side=side, at="2026-03-11 09:00")
    row = handover([call(answer)], decisions={"excuses": excuse})
    assert (row["status"], row["excuse"]) == (status, reason)


@pytest.mark.parametrize(
    ("events", "decision", "decided"),
    [
        pytest.param([("sal", "2026-03-11 10:00")], "accepted", "2026-03-11 10:00", id="accepted"),
        pytest.param([("disqualified", "2026-03-11 10:00")], "rejected", "2026-03-11 10:00", id="rejected in time"),
        pytest.param([], "silent", "2026-03-12 10:00", id="silence counts as acceptance"),
        pytest.param([("disqualified", "2026-03-12 10:01")], "silent", "2026-03-12 10:00", id="rejected too late"),
        pytest.param([("sal", "2026-04-01 10:00")], "accepted", "2026-04-01 10:00", id="accepted after all"),
    ],
)
def test_the_decision_has_a_deadline(events, decision, decided):
    row = handover(events=[step(stage, time, reason="no_need") for stage, time in events])
    assert (row["decision"], row["decided_at"], row["decision_due_at"]) == (
        decision,
        at(decided),
        at("2026-03-12 10:00"),
    )
    assert handover(as_of=at("2026-03-12 09:59"))["decision"] == "open"


def test_feedback_in_the_app_is_a_decision():
    said = from_ledger(action="rejected", reason="competitor", at="2026-03-10 10:30")
    row = handover(decisions={"feedback": said})
    assert (row["status"], row["decision"], row["reject_reason"]) == ("met", "rejected", "competitor")


@pytest.mark.parametrize(
    ("answers", "attempts", "is_kept"),
    [
        pytest.param(["10 11:00", "11 11:00", "17 16:59"], 3, True, id="three within five working days"),
        pytest.param(["10 11:00", "11 11:00", "18 09:00"], 2, False, id="the third came too late"),
        pytest.param([], 0, False, id="none"),
    ],
)
def test_attempts_within_working_days(answers, attempts, is_kept):
    row = handover([call(f"2026-03-{time}", str(number)) for number, time in enumerate(answers)])
    assert (row["attempts"], row["is_attempts_kept"], row["attempts_due_at"]) == (
        attempts,
        is_kept,
        at("2026-03-18 00:00"),
    )


def test_who_was_reached_is_not_rung_up_again():
    assert handover([call("2026-03-10 11:00", outcome="reached")])["is_attempts_kept"]
    assert handover([call("2026-03-10 11:00")], as_of=at("2026-03-12 12:00"))["is_attempts_kept"] is None


@pytest.mark.parametrize(
    ("lead", "answer", "expected"),
    [
        pytest.param({"assigned_at": "2026-03-10"}, "2026-03-10 11:00", (None, True, None), id="assigned on a day"),
        pytest.param({}, "2026-03-10", (None, True, None), id="answered on the day it was due"),
        pytest.param({}, "2026-03-11", ("breached", False, None), id="answered on a later day: late at any hour"),
        pytest.param({"qualified_at": "2026-03-10"}, "2026-03-10 11:00", ("met", False, 60), id="qualified on a day"),
    ],
)
def test_days_take_no_part_in_minute_clocks(lead, answer, expected):
    row = handover([call(answer)], **lead)
    assert (row["status"], row["is_date_only"], row["response_minutes"]) == expected
    assert (row["routing_minutes"] is None) == bool(lead)


def test_each_handover_is_judged_by_the_terms_of_its_own_day():
    document = {"valid_from": date(2020, 1, 1), **TERMS.model_dump(mode="json")}
    change = {"valid_from": date(2026, 3, 11), "response": {"minutes": {"contact_request": 45}}}
    agreement = Agreement(document | {"amendment": [change]})
    before = handover([call("2026-03-10 11:00")], agreement=agreement)
    after = handover([call("2026-03-11 11:00")], agreement=agreement, assigned_at="2026-03-11 10:00")
    assert (before["promised_minutes"], before["status"]) == (120, "met")
    assert (after["promised_minutes"], after["status"]) == (45, "breached")
    assert before["agreement_version"] != after["agreement_version"]


def test_a_public_holiday_is_no_working_day():
    row = handover([call("2026-05-04 09:30")], qualified_at="2026-04-30 16:00", assigned_at="2026-04-30 16:30")
    assert (row["response_minutes"], row["status"]) == (60, "met")


def test_attainment_counts_overdue_leads_that_nobody_answered():
    case = golden("sla_attainment_denominator")
    assert case["input"]["target_business_minutes"] == TERMS.response.minutes["demo_request"]
    now = at("2026-03-10 18:00")  # the extended day has ten hours, so nothing here began before it
    told = {"leads": [], "activities": [], "stage_events": []}
    for lead in case["input"]["leads"]:
        minutes, name = lead["elapsed_business_minutes"], lead["id"]
        if minutes is not None:  # two are no leads at all
            start = now - timedelta(minutes=minutes) if lead["status"] == "open" else at("2026-03-10 08:00")
            days = {"created_at": "2026-03-09", "qualified_at": "2026-03-09", "assigned_at": start}
            told["leads"].append(LEAD | days | {"lead_id": name, "lead_type": "demo_request"})
            answer = start + timedelta(minutes=minutes)
            if lead["status"] == "answered":
                told["activities"].append(call(answer, name, lead_id=name))
            elif lead["status"] == "disqualified_without_contact":
                told["stage_events"].append(step("disqualified", answer, lead_id=name, reason="bad_data"))
    rows = judged(tables(**told), as_of=now)["handovers"]
    by_status = dict(rows.sort("lead_id").group_by("status").agg("lead_id").iter_rows())
    expected = case["expected"]
    assert by_status == {status: sorted(expected[status]) for status in ("met", "breached", "pending")}
    met, breached = len(by_status["met"]), len(by_status["breached"])
    assert met / (met + breached) == expected["attainment"]
