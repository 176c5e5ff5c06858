"""How the agreement stands, in sentences."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from agreement import load
from agreement.changes import merged
from agreement.document import differences
from agreement.entries import Actor
from agreement.ledger import Ledger
from agreement.signing import decline, draft, propose, sign, withdraw
from agreement.terms import read_terms
from agreement.versions import KIND, history
from findings import agreement as findings
from locales import use

ZONE = ZoneInfo("Europe/Berlin")
ANNA, JONAS = Actor("Anna Kern", "marketing"), Actor("Jonas Beck", "sales", is_verified=True)
BEGINS = date(2027, 1, 4)


@pytest.fixture
def book(tmp_path) -> Ledger:
    use("en")
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # the next day in Berlin
    return Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock=lambda: late)


def wished(attempts: int):
    values = load().terms_on(BEGINS).values
    return load().amended(BEGINS, read_terms(merged(values, {"response": {"attempts": attempts}})))


def written(book, agreement, base=None, who=ANNA, *signers):
    entry = draft(book, who, agreement.document, base)
    propose(book, who, entry.object_id, entry.body["content"])
    for signer in signers:
        sign(book, signer, entry.object_id, entry.body["content"])
    return entry


def now(book):
    versions = history(book.entries(KIND))
    current = next((version for version in versions if version.state == "in_force"), None)
    return current, [version for version in versions if version.state not in ("in_force", "superseded")]


def test_nothing_signed_one_signature_both(book):
    assert "both departments still have to sign" in findings.headline(*now(book), ZONE)
    entry = written(book, load(), None, ANNA, ANNA)
    assert "the signature of Sales is missing" in findings.headline(*now(book), ZONE)
    assert findings.standing(*now(book), load().version, ZONE) == "Proposed, not yet agreed"
    sign(book, JONAS, entry.object_id, entry.body["content"])
    assert findings.headline(*now(book), ZONE) == "Agreed by both departments since 24 Nov 2026; no change is open."
    assert findings.standing(*now(book), load().version, ZONE) == "Agreed by both since 24 Nov 2026"


def test_figures_counted_by_other_terms_say_so(book):
    written(book, load(), None, ANNA, ANNA, JONAS)
    assert "other terms than those agreed" in findings.standing(*now(book), "0" * 12, ZONE)
    assert findings.standing(None, [], "0" * 12, ZONE).startswith("Draft")


def test_signatures_say_who_when_and_whether_somebody_vouches(book):
    written(book, load(), None, ANNA, ANNA, JONAS)
    marketing, sales = findings.signatures(now(book)[0], ZONE)
    assert (marketing.name, marketing.standing) == ("Anna Kern", "not verified: there was no sign-in")
    assert (sales.name, sales.standing, sales.when) == ("Jonas Beck", "verified by sign-in", "24 Nov 2026, 00:30")
    assert [signed.name for signed in findings.signatures(None, ZONE)] == [None, None]


def test_a_change_is_told_by_term_with_who_wants_it(book):
    written(book, load(), None, ANNA, ANNA, JONAS)
    written(book, wished(4), "1", JONAS)
    _current, (version,) = now(book)
    changes = differences(load(), version.agreement)
    (sentence,) = findings.proposal_in_words(version, changes, "response.attempts", "EUR", ZONE)
    assert "4 attempts instead of 3 attempts, from 4 Jan 2027" in sentence
    assert "Sales" in sentence
    assert findings.proposal_in_words(version, changes, "response.target", "EUR", ZONE) == []
    assert findings.proposal_in_words(version, changes, "response", "EUR", ZONE) == [sentence]


@pytest.mark.parametrize(
    ("end", "state"),
    [
        pytest.param(lambda book, entry: None, "Proposed; waits for both signatures", id="proposed"),
        pytest.param(
            lambda book, entry: decline(book, JONAS, entry.object_id, entry.body["content"], "No."),
            "Declined by \u2068Jonas Beck\u2069 (Sales), 24 Nov 2026, 00:30",
            id="declined",
        ),
        pytest.param(
            lambda book, entry: withdraw(book, ANNA, entry.object_id, entry.body["content"]),
            "Withdrawn by \u2068Anna Kern\u2069 (Marketing), 24 Nov 2026, 00:30",
            id="withdrawn",
        ),
    ],
)
def test_what_became_of_a_version(book, end, state):
    entry = written(book, load())
    end(book, entry)
    (version,) = history(book.entries(KIND))
    assert findings.state_of(version, ZONE) == state


def test_what_was_agreed_before_keeps_its_days(book):
    written(book, load(), None, ANNA, ANNA, JONAS)
    written(book, wished(4), "1", ANNA, ANNA, JONAS)
    first, second = history(book.entries(KIND))
    assert findings.state_of(first, ZONE) == "In force from 24 Nov 2026 until 24 Nov 2026"
    assert findings.state_of(second, ZONE) == "In force since 24 Nov 2026"
    assert [findings.what_happened(entry, ZONE).split(": ")[1] for entry in book.entries(KIND, "1")] == [
        "\u2068Anna Kern\u2069 (Marketing) wrote this version",
        "\u2068Anna Kern\u2069 (Marketing) proposed it",
        "\u2068Anna Kern\u2069 signed for Marketing · not verified",
        "\u2068Jonas Beck\u2069 signed for Sales · verified by sign-in",
    ]
