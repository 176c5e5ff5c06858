"""Contested credit: one department doubts, the other answers, nobody rules on a wish of their own."""

from datetime import UTC, datetime, timedelta

import pytest

from agreement import contests
from agreement.entries import Actor
from agreement.ledger import Ledger

MIA, SAM, LEA = Actor("Mia", "marketing"), Actor("Sam", "sales"), Actor("Lea", "leadership")
OBJECT = contests.object_id("D1", "T1")
WISH = {"deal_id": "D1", "touch_id": "T1", "wish": "exclude", "to_touch_id": None}
EXCLUDE = {"deal_id": "D1", "touch_id": "T1", "ruling": "exclude", "to_touch_id": None}
KEEP = EXCLUDE | {"ruling": "keep"}
MOVE = EXCLUDE | {"ruling": "move", "to_touch_id": "T2"}


@pytest.fixture
def ledger(tmp_path):
    ticks = (datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(minutes=n) for n in range(1000))
    book = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock=lambda: next(ticks))
    yield book
    book.close()


def contest(book, *steps):
    """Puts the steps (actor, action, body) on record and returns the contest as it then stands."""
    for actor, action, body in steps:
        book.append(actor, action, contests.KIND, OBJECT, body, reason="because")
    return contests.standing(book.entries(contests.KIND)).get(OBJECT)


CONTESTED = (SAM, "contested", WISH)
AGREED, REFUSED = (MIA, "answered", {"agrees": True}), (MIA, "answered", {"agrees": False})


def test_a_wish_that_is_agreed_to_is_ruled_by_the_other_side(ledger):
    found = contest(ledger, CONTESTED, AGREED, (MIA, "ruled", EXCLUDE))
    assert (found.state, found.ruled.body["ruling"]) == ("ruled", "exclude")


@pytest.mark.parametrize(
    ("answer", "ruler", "ruling", "state"),
    [
        pytest.param(None, SAM, EXCLUDE, "contested", id="nobody rules unheard"),
        pytest.param(None, SAM, KEEP, "ruled", id="a contest can be taken back"),
        pytest.param(AGREED, SAM, EXCLUDE, "agreed", id="nobody rules on their own wish"),
        pytest.param(AGREED, MIA, MOVE, "agreed", id="what was agreed to is what is ruled"),
        pytest.param(REFUSED, SAM, EXCLUDE, "disagreed", id="no side wins by its own word"),
        pytest.param(REFUSED, SAM, KEEP, "ruled", id="who contested may give in"),
        pytest.param(REFUSED, MIA, EXCLUDE, "ruled", id="who answered may give in"),
        pytest.param(REFUSED, MIA, KEEP, "disagreed", id="who answered cannot close it alone"),
        pytest.param(REFUSED, LEA, MOVE, "ruled", id="leadership rules where both disagree"),
        pytest.param(REFUSED, LEA, MOVE | {"to_touch_id": None}, "disagreed", id="moved to nowhere"),
        pytest.param(REFUSED, LEA, KEEP | {"ruling": "burn"}, "disagreed", id="unknown ruling"),
    ],
)
def test_who_may_rule(ledger, answer, ruler, ruling, state):
    steps = [CONTESTED, *([answer] if answer else []), (ruler, "ruled", ruling)]
    assert contest(ledger, *steps).state == state


def test_one_person_on_both_sides_does_not_answer_the_own_contest(ledger):
    assert contest(ledger, CONTESTED, (Actor("SAM", "marketing"), "answered", {"agrees": True})).state == "contested"


def test_a_ruling_can_be_revoked_and_the_credit_contested_again(ledger):
    ruled = (CONTESTED, AGREED, (MIA, "ruled", EXCLUDE))
    assert contest(ledger, *ruled, (MIA, "ruling_revoked", {})).state == "ruled", "not by who granted it"
    assert contest(ledger, (LEA, "ruling_revoked", {})).state == "revoked"
    assert contest(ledger, CONTESTED).state == "contested"


def test_an_entry_that_breaks_a_rule_moves_the_number_and_nothing_else(ledger):
    before = contest(ledger, CONTESTED)
    after = contest(ledger, (LEA, "contested", WISH))
    assert (after.state, after.contested.seq) == ("contested", before.contested.seq)
    assert after.seq == before.seq + 1


@pytest.mark.parametrize(
    ("actor", "body", "reason", "why"),
    [
        pytest.param(LEA, WISH, "so", "departments_only", id="leadership does not contest"),
        pytest.param(SAM, WISH, "  ", "no_reason", id="a reason is needed"),
        pytest.param(SAM, WISH | {"wish": "double"}, "so", "unknown_wish", id="unknown wish"),
        pytest.param(SAM, WISH | {"wish": "move"}, "so", "no_other_touch", id="move where"),
        pytest.param(SAM, WISH | {"wish": "move", "to_touch_id": "T1"}, "so", "no_other_touch", id="move to itself"),
        pytest.param(SAM, WISH | {"wish": "move", "to_touch_id": "T2"}, "so", None, id="move"),
    ],
)
def test_what_can_be_contested(actor, body, reason, why):
    assert contests.check(actor, "contested", body, reason, None) == why
