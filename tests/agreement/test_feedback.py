"""Sales accepts a lead, rejects it with an agreed reason or sends it back until a day; marketing reads the answer."""

from datetime import UTC, datetime, timedelta

import pytest

from agreement.feedback import KIND, Standing, object_id, refusal, standing, standings
from agreement.ledger import Actor, Ledger
from agreement.terms import load

MIA, SAM, LEA = Actor("Mia", "marketing"), Actor("Sam", "sales"), Actor("Lea", "leadership")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = NOW.date()
ACCEPTANCE = load().terms_on(TODAY).acceptance
LEAD = object_id("L#7", 2)


@pytest.fixture
def book(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock=lambda: NOW)
    yield ledger
    ledger.close()


def say(book, actor, action, **body):
    return book.append(actor, action, KIND, LEAD, body)


def refused(action, actor=SAM, decision="open", known=None, said="because", **body):
    fault = refusal(
        action, actor.side, {"reason": "no_need"} | body if action != "accepted" else body, said, TODAY,
        decision=decision, found=known or Standing(), acceptance=ACCEPTANCE,
    )  # fmt: skip
    return fault and fault.term


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        pytest.param({"action": "accepted"}, None, id="sales accepts"),
        pytest.param({"action": "rejected"}, None, id="and rejects with a reason"),
        pytest.param({"action": "rejected", "reason": "bad mood"}, "reason", id="an agreed one"),
        pytest.param({"action": "rejected", "reason": "other", "said": " "}, "reason", id="another wants a sentence"),
        pytest.param({"action": "rejected", "actor": MIA}, "side", id="marketing does not reject its own leads"),
        pytest.param({"action": "accepted", "actor": LEA}, "side", id="nor does leadership accept"),
        pytest.param({"action": "rejected", "decision": "silent"}, "state", id="silence was acceptance"),
        pytest.param({"action": "rejected", "decision": "accepted"}, "state", id="accepted in the CRM"),
        pytest.param(
            {"action": "recycled", "decision": "accepted", "recycle_on": "2027-01-04"}, None, id="until a day"
        ),
        pytest.param({"action": "recycled", "recycle_on": "2026-11-23"}, "recycle_on", id="today is too early"),
        pytest.param({"action": "recycled", "recycle_on": "2030-01-01"}, "recycle_on", id="in four years is never"),
        pytest.param({"action": "recycled"}, "recycle_on", id="no day"),
        pytest.param({"action": "reset"}, "state", id="nothing to take back"),
    ],
)
def test_who_may_say_what(asked, why):
    assert refused(**asked) == why


def test_the_last_word_of_sales_stands(book):
    say(book, SAM, "rejected", reason="no_need")
    recycled = say(book, SAM, "recycled", reason="no_budget", recycle_on="2027-01-04")
    say(book, MIA, "accepted")
    found = standing(book.entries(KIND, LEAD))
    assert found.last == recycled
    assert found.seq == 3, "the word of marketing counts for nothing but was read"
    assert found.recycle_on == TODAY + timedelta(days=42)
    assert refused("recycled", known=found, reason="no_budget", recycle_on="2027-01-04") == "state"


def test_a_decision_is_taken_back(book):
    say(book, SAM, "accepted")
    say(book, SAM, "reset")
    assert standings(book.entries()) == {LEAD: Standing(2, None)}


def test_a_rejection_without_reason_counts_for_nothing(book):
    say(book, SAM, "rejected")
    assert standing(book.entries(KIND, LEAD)).last is None
