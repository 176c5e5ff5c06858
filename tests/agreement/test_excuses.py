"""A promise is excused by whom it was made to, with an agreed reason, and the excuse can be taken back."""

from datetime import UTC, datetime, timedelta

import pytest

from agreement.excuses import KIND, Standing, object_id, refusal, standing
from agreement.ledger import Actor, Ledger
from agreement.terms import load

MIA, SAM, LEA = Actor("Mia", "marketing"), Actor("Sam", "sales"), Actor("Lea", "leadership")
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
ACCEPTANCE = load().terms_on(NOW.date()).acceptance
HANDOVER = object_id("L#7", 2)


@pytest.fixture
def book(tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock=lambda: NOW)
    yield ledger
    ledger.close()


def say(book, actor, action, reason="", **body):
    return book.append(actor, action, KIND, HANDOVER, body, reason)


def found(book):
    return standing(book.entries(KIND, HANDOVER))


def refused(action, actor, status, body=None, explanation="because", known=None, at=NOW):
    fault = refusal(
        action, actor.side, body or {"reason": "system_outage"}, explanation, at, status=status,
        found=known or Standing(), acceptance=ACCEPTANCE,
    )  # fmt: skip
    return fault and fault.term


@pytest.mark.parametrize(
    ("actor", "status", "body", "why"),
    [
        pytest.param(MIA, "breached", {}, None, id="marketing excuses a late answer"),
        pytest.param(MIA, "pending", {}, None, id="and one that would be late"),
        pytest.param(SAM, "breached", {}, "side", id="sales cannot excuse itself"),
        pytest.param(LEA, "breached", {}, "side", id="nor leadership sales"),
        pytest.param(MIA, "met", {}, "state", id="a kept promise needs no excuse"),
        pytest.param(MIA, "excused", {}, "state", id="one excuse is enough"),
        pytest.param(MIA, "unassigned", {}, "state", id="no clock, no excuse"),
        pytest.param(MIA, None, {}, "state", id="known by its day only"),
        pytest.param(MIA, "breached", {"reason": "bad mood"}, "reason", id="not an agreed reason"),
        pytest.param(MIA, "breached", {"reason": None}, "reason", id="no reason"),
    ],
)
def test_who_may_excuse_what(actor, status, body, why):
    assert refused("excused", actor, status, {"reason": "system_outage"} | body) == why


def test_another_reason_wants_a_sentence():
    assert refused("excused", MIA, "breached", {"reason": "other"}, explanation=" ") == "reason"
    assert refused("excused", MIA, "breached", {"reason": "other"}, explanation="The phones were dead.") is None


def test_an_excuse_stands_until_it_is_taken_back(book):
    given = say(book, MIA, "excused", reason="phones were dead")
    assert (found(book).excuse, found(book).seq) == (given, given.seq)
    assert refused("excused", MIA, "breached", known=found(book)) == "state"
    assert refused("excuse_revoked", SAM, "excused", known=found(book)) == "side"
    assert refused("excuse_revoked", MIA, "excused", explanation="", known=found(book)) == "reason"
    assert refused("excuse_revoked", LEA, "excused", known=found(book)) is None
    say(book, SAM, "excuse_revoked", reason="never mind")
    assert found(book).excuse == given, "sales cannot take back what marketing gave"
    say(book, MIA, "excuse_revoked", reason="they were not")
    assert found(book).excuse is None
    assert refused("excuse_revoked", MIA, "breached", known=found(book)) == "state"
    assert refused("excused", MIA, "breached", known=found(book)) is None, "and may be given again"


def test_an_excuse_of_the_wrong_side_counts_for_nothing_however_it_came_into_the_ledger(book):
    say(book, SAM, "excused", reason="traffic")
    assert found(book).excuse is None


PAUSE = {"reason": "customer_asked_later"}


@pytest.mark.parametrize(
    ("actor", "status", "hours", "why"),
    [
        pytest.param(SAM, "pending", (0, None), None, id="sales stops the clock from now on"),
        pytest.param(SAM, "pending", (0, 24), None, id="for a day"),
        pytest.param(SAM, "pending", (-1, 24), "from", id="but not from an hour ago"),
        pytest.param(SAM, "breached", (0, None), "from", id="nor once it is late"),
        pytest.param(MIA, "breached", (-5, -1), None, id="the other side may, also afterwards"),
        pytest.param(LEA, "pending", (0, None), "side", id="leadership is no side of it"),
        pytest.param(MIA, "met", (0, None), "state", id="a kept promise has no clock to stop"),
        pytest.param(MIA, "pending", (2, 1), "until", id="ends before it begins"),
    ],
)
def test_who_may_stop_the_clock(actor, status, hours, why):
    span = {
        name: (NOW + timedelta(hours=number)).isoformat()
        for name, number in zip(("from", "until"), hours, strict=True)
        if number is not None
    }
    assert refused("paused", actor, status, PAUSE | span) == why


def test_a_pause_names_an_agreed_reason_and_does_not_overlap_another(book):
    assert refused("paused", MIA, "pending", {"reason": "system_outage"}) == "reason"
    say(book, SAM, "paused", **PAUSE)
    assert refused("paused", MIA, "pending", PAUSE, known=found(book)) == "state"
    before = PAUSE | {"from": (NOW - timedelta(hours=2)).isoformat(), "until": (NOW - timedelta(hours=1)).isoformat()}
    assert refused("paused", MIA, "pending", before, known=found(book)) is None


def test_a_pause_runs_until_somebody_ends_it(book):
    assert refused("pause_ended", SAM, "pending") == ""
    say(book, SAM, "paused", **PAUSE)
    assert found(book).running_pause(NOW)
    assert refused("pause_ended", MIA, "pending", known=found(book)) is None
    say(book, MIA, "pause_ended")
    assert found(book).pauses == ((NOW, NOW),)
    assert not found(book).running_pause(NOW)


def test_what_cannot_be_done_to_a_handover_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="'signed'"):
        refused("signed", MIA, "breached")
