"""Meetings, decisions and notes: what may follow what."""

from datetime import date

import pytest

from agreement import meetings
from agreement.entries import Actor
from agreement.ledger import Ledger

ANNA = Actor("Anna", "marketing")
BODY = {"what": "Call within an hour", "owner": "Ben", "due": "2026-12-01", "kpi": "win_rate", "week": "2026-W47"}


@pytest.fixture
def book(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    yield ledger
    ledger.close()


def test_a_decision_is_made_and_done(book):
    book.append(ANNA, "decided", "decision", "d1", BODY)
    assert [(one.what, one.due, one.state) for one in meetings.decisions(book.entries("decision"))] == [
        ("Call within an hour", date(2026, 12, 1), "decided")
    ]
    book.append(ANNA, "done", "decision", "d1", {})
    book.append(ANNA, "dropped", "decision", "d1", {}, "too late")
    assert meetings.decisions(book.entries("decision"))[0].state == "done"


def test_a_closed_meeting_can_be_opened_again(book):
    book.append(ANNA, "closed", "meeting", "2026-W47", {"kpis": []})
    assert set(meetings.closed(book.entries("meeting"))) == {"2026-W47"}
    book.append(ANNA, "reopened", "meeting", "2026-W47", {}, "a file was missing")
    assert meetings.closed(book.entries("meeting")) == {}


@pytest.mark.parametrize(
    ("kind", "action", "body", "term"),
    [
        pytest.param("decision", "decided", BODY, None, id="a full decision"),
        pytest.param("decision", "decided", BODY | {"owner": " "}, "what", id="nobody does it"),
        pytest.param("decision", "decided", BODY | {"due": "soon"}, "due", id="no day"),
        pytest.param("decision", "decided", BODY | {"kpi": "mood"}, "kpi", id="no agreed figure"),
        pytest.param("decision", "done", {}, "state", id="done, but never decided"),
        pytest.param("note", "noted", {"day": "2026-11-17", "text": "Fair", "kind": "fair"}, None, id="a note"),
        pytest.param("note", "noted", {"day": "17.11.", "text": "Fair", "kind": "fair"}, "text", id="no day of a note"),
        pytest.param("note", "noted", {"day": "2026-11-17", "text": "Fair", "kind": "x"}, "kind", id="unknown kind"),
        pytest.param("note", "removed", {}, None, id="a note is taken away"),
        pytest.param("meeting", "closed", {}, None, id="a meeting is closed"),
        pytest.param("meeting", "reopened", {}, "state", id="an open meeting is not opened"),
    ],
)
def test_refusals(kind, action, body, term):
    fault = meetings.refusal(kind, action, body, "")
    assert (fault and fault.term) == term


def test_opening_again_needs_a_reason():
    assert meetings.refusal("meeting", "reopened", {}, " ", is_closed=True).term == "reason"
    assert meetings.refusal("meeting", "closed", {}, "", is_closed=True).term == "state"
