"""The most urgent lead stands first, by working time at the moment of looking."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from agreement.entries import Actor
from agreement.feedback import KIND, object_id, standings
from agreement.ledger import Ledger
from agreement.terms import load
from findings import my_leads as findings

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, 10:00 in Berlin
AGREEMENT = load()
SALES = Actor("Sam", "sales")
ROW = {
    "lead_id": "L1", "cycle": 1, "assigned_at": NOW - timedelta(hours=1), "due_at": NOW + timedelta(minutes=20),
    "waiting_for": "response", "is_waiting": True, "status": "pending", "decision": "open",
    "decision_due_at": NOW + timedelta(days=2), "attempts": 0, "promised_attempts": 3,
    "attempts_due_at": NOW + timedelta(days=5), "is_attempts_kept": None, "lead_type": "content", "source": "Fair",
    "segment": None, "campaign": None, "person": "Ada", "title": None, "company": "Acme", "account_id": "A1",
    "region": None, "consent": None, "score": None, "self_reported_source": None, "crm_url": None,
}  # fmt: skip


def told(*rows, recorded=None, counted=0, now=NOW):
    frame = pl.DataFrame([ROW | row for row in rows], infer_schema_length=None)
    return findings.todo(frame, AGREEMENT, now, recorded or {}, counted)


def due(minutes=0, **more):
    return {"due_at": NOW + timedelta(minutes=minutes), **more}


def test_what_can_still_be_kept_comes_before_what_is_lost():
    found = told(
        due(300, lead_id="later"), due(-40_000, lead_id="long ago", status="breached"),
        due(-90, lead_id="just missed", status="breached"), due(20, lead_id="in a moment"),
        due(-30, lead_id="missed last", status="breached"),
    )  # fmt: skip
    assert [item.lead["lead_id"] for item in found] == [
        "in a moment",
        "missed last",
        "just missed",
        "later",
        "long ago",
    ]


def test_minutes_are_working_minutes():
    """Friday 16:30 to Monday 10:00 is half an hour and what Monday gave so far, not a weekend."""
    friday = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    (item,) = told({"due_at": NOW, "assigned_at": friday}, now=friday)
    assert 0 < item.minutes_left < 4 * 60


@pytest.mark.parametrize(
    ("row", "step"),
    [
        pytest.param({}, "answer", id="unanswered"),
        pytest.param({"waiting_for": "contact", "status": "met"}, "decide", id="answered, undecided"),
        pytest.param(
            {"waiting_for": "contact", "status": "met", "decision": "accepted"}, "try_again", id="not reached"
        ),
        pytest.param({"waiting_for": None, "is_waiting": False, "decision": "rejected"}, "decided", id="over"),
    ],
)
def test_the_next_step(row, step):
    assert told(row)[0].step == step


def test_a_fresh_decision_is_shown_and_not_due_any_more(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    ledger.append(SALES, "rejected", KIND, object_id("L1", 1), {"reason": "no_need"})
    said = standings(ledger.entries())
    ledger.close()
    (item,) = told({}, recorded=said)
    assert item.step == "decided"
    assert findings.for_crm([item]).row(0)[:4] == ("L1", 1, "rejected", "no_need")
    (counted,) = told({}, recorded=said, counted=1)
    assert counted.recorded.last is None, "the build knows it; nothing waits any more"


def test_a_lead_comes_back_on_its_day(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    body = {"reason": "no_budget", "recycle_on": "2026-11-23"}
    ledger.append(SALES, "recycled", KIND, object_id("L1", 1), body)
    said = standings(ledger.entries())
    ledger.close()
    assert told({}, recorded=said)[0].step == "back"
    assert told({}, recorded=said, now=NOW - timedelta(days=1))[0].step == "decided"


def test_nothing_due_is_said():
    assert findings.sentence([]) == "Nothing waits for you."


def test_few_leads_are_no_verdict():
    rows = pl.DataFrame({"source": ["Fair"], "decided": [4], "accepted": [4], "opportunities": [2]})
    assert "too few" in findings.quality_in_words("Fair", rows, 20)
    assert "%" not in findings.quality_in_words("Fair", rows, 20)
