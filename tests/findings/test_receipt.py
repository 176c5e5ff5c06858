"""The receipt of a deal: who earned what, what was left out and why, and that it adds up."""

from datetime import UTC, datetime
from decimal import Decimal

import polars as pl
import pytest

import locales
from agreement import contests
from agreement.entries import Actor
from agreement.ledger import Ledger
from findings import receipt
from locales.formats import money as written

TOUCHES = {
    "touch_id": pl.String, "touch_no": pl.Int64, "occurred_at": pl.Datetime("us", "UTC"), "person_id": pl.String,
    "person": pl.String, "title": pl.String, "channel": pl.String, "kind": pl.String, "campaign": pl.String,
    "milestones": pl.String, "exclusion": pl.String,
}  # fmt: skip
CREDITS = {
    "model": pl.String, "touch_id": pl.String, "share": pl.Float64, "credit": pl.Decimal(18, 2),
    "unattributed_reason": pl.String, "ruling_id": pl.String,
}  # fmt: skip
DEAL = {"amount": Decimal("100.00"), "agreement_version": "abc"}


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def money(amount, digits=0):
    return written(amount, "EUR", digits)


def at(day):
    return datetime(2026, 3, day, 9, tzinfo=UTC)


def rows(*credits, known=None):
    touches = [
        ("t1", 1, at(1), "p1", "Ada", "CEO", "webinar", "webinar", "Spring talk", "FT,LC", None),
        ("t2", 2, at(5), "p2", None, "Buyer", "email", "email_click", None, "OC", None),
        ("t3", None, at(6), "p2", None, "Buyer", "email", "email_click", None, "", "bot"),
    ]
    told = pl.DataFrame(touches, schema=TOUCHES, orient="row")
    return receipt.lines(told, frame(*credits), "D1", "linear", known or {})


def frame(*credits):
    return pl.DataFrame([(*credit, None) for credit in credits], schema=CREDITS, orient="row")


CLOSED = (
    ("linear", "t1", 0.6, 60, None), ("linear", "t2", 0.4, 40, None),
    ("first", "t1", 1.0, 100, None), ("first", "t2", 0.0, 0, None),
)  # fmt: skip


def test_every_touch_says_what_who_where_and_why_not():
    found = rows(*CLOSED)
    assert found.select("what", "who", "where", "left_out").rows() == [
        ("Webinar · Spring talk", "Ada", "First touch, Lead created", ""),
        ("E-mail clicked · E-mail", "Buyer", "Opportunity created", ""),
        ("E-mail clicked · E-mail", "Buyer", "", "made by a machine"),
    ]
    assert found.select("credit", "low", "high").rows() == [(60.0, 60.0, 100.0), (40.0, 0.0, 40.0), (None, None, None)]


def test_the_answer_says_where_most_of_it_went():
    said = receipt.sentence(DEAL, rows(*CLOSED), frame(*CLOSED), "linear", money)
    assert said == "€100 went to 2 of 3 touches; most of it, 60%, to “Webinar · Spring talk” on 1 Mar 2026."


def test_a_deal_nobody_earned_says_why_and_what_would_mend_it():
    nobody = (("linear", None, 1.0, 100, "no_person"),)
    said = receipt.sentence(DEAL, rows(*nobody), frame(*nobody), "linear", money)
    assert said.startswith("€100, attributed to nobody: No person on the deal.")
    assert "buying group" in said


def test_models_that_add_up_say_so_and_one_that_does_not_is_named():
    assert receipt.closing(frame(*CLOSED), DEAL["amount"], money) == "All 2 models add up to €100.00."
    broken = (*CLOSED[:3], ("first", "t2", 0.0, Decimal("0.01"), None))
    assert receipt.closing(frame(*broken), DEAL["amount"], money).startswith("Attention: first adds up to €100.01")


def test_a_contested_credit_is_marked(tmp_path):
    book = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    wish = {"deal_id": "D1", "touch_id": "t1", "wish": "exclude", "to_touch_id": None}
    book.append(Actor("Sam", "sales"), "contested", "credit", contests.object_id("D1", "t1"), wish, "never met")
    found = rows(*CLOSED, known=contests.standing(book.entries("credit")))
    assert found["contest"].to_list() == ["contested, waits for an answer", "", ""]
    book.close()


@pytest.mark.parametrize(
    ("ruling_id", "is_revoked", "said"),
    [
        pytest.param(None, False, "ruled: keep the credit (from the next build)", id="not in the figures yet"),
        pytest.param("2", False, "ruled: keep the credit", id="in the figures"),
        pytest.param("2", True, "ruling revoked (from the next build)", id="still in the figures"),
        pytest.param(None, True, "ruling revoked", id="gone from the figures"),
    ],
)
def test_a_ruling_says_whether_the_figures_follow_it(tmp_path, ruling_id, is_revoked, said):
    book, about = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}"), ("credit", contests.object_id("D1", "t1"))
    sam, told = Actor("Sam", "sales"), {"deal_id": "D1", "touch_id": "t1", "to_touch_id": None}
    book.append(sam, "contested", *about, told | {"wish": "exclude"}, "never met")
    book.append(sam, "ruled", *about, told | {"ruling": "keep"})
    if is_revoked:
        book.append(sam, "ruling_revoked", *about, {}, "met after all")
    touch = pl.DataFrame([("t1", 1, at(1), "p1", "Ada", "CEO", "email", "form", None, "FT", None)], schema=TOUCHES,
                         orient="row")  # fmt: skip
    credit = pl.DataFrame([("linear", "t1", 1.0, Decimal("100.00"), None, ruling_id)], schema=CREDITS, orient="row")
    found = receipt.lines(touch, credit, "D1", "linear", contests.standing(book.entries("credit")))
    assert found["contest"].to_list() == [said]
    book.close()
