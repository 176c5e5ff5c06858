"""A version counts when both departments have signed the very same content, and nobody signs for both."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest

from agreement.conflicts import BothChanges, documents, side_by_side, together
from agreement.document import differences
from agreement.entries import Actor
from agreement.ledger import Conflict, Ledger
from agreement.signing import Refused, decline, draft, edit, propose, sign, withdraw
from agreement.terms import Agreement, TermsError, load
from agreement.versions import history, in_force, open_for, version
from tests.agreement.conftest import ANNA, BEN, CHRIS

DORA = Actor("Dora Diehl", "marketing")
TODAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def terms_with(day: str = "2027-01-01", **response: object) -> dict:
    """The default terms with another promise from a day on."""
    document = load().document
    return {**document, "amendment": [{"valid_from": day, "response": response or {"target": 0.8}}]}


@pytest.fixture
def book(address, opened) -> Ledger:
    """A ledger whose clock stands at one moment."""
    return opened(address, clock=lambda: TODAY)


def content_of(book: Ledger, number: str) -> str:
    return version(book.entries(), number).content


def agreed(book: Ledger, document: dict, base: str | None = None) -> str:
    """Drafts, proposes and signs a version; returns its id."""
    number = draft(book, ANNA, document, base).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    sign(book, ANNA, number, content)
    sign(book, BEN, number, content)
    return number


def state(book: Ledger, number: str) -> str:
    return version(book.entries(), number).state


def test_a_version_on_its_way_from_draft_to_force(book):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    assert (state(book, number), in_force(book.entries())) == ("draft", None)
    propose(book, ANNA, number, content)
    assert state(book, number) == "proposed"
    assert [found.id for found in open_for(book.entries(), "sales")] == [number]
    assert [found.id for found in open_for(book.entries(), "marketing")] == [number], "to propose is not to sign"
    sign(book, ANNA, number, content)
    assert state(book, number) == "signed_by_marketing"
    assert open_for(book.entries(), "marketing") == []
    sign(book, BEN, number, content)
    now = in_force(book.entries())
    assert (now.id, now.state, now.since) == (number, "in_force", TODAY)
    assert now.agreement.version == load().version
    assert {side: entry.actor_name for side, entry in now.signatures.items()} == {
        "marketing": "Anna Albrecht", "sales": "Ben Brandt",
    }  # fmt: skip


def test_the_next_version_supersedes_the_one_in_force(book):
    first = agreed(book, load().document)
    second = agreed(book, terms_with(), base=first)
    assert [(found.id, found.state) for found in history(book.entries())] == [
        (first, "superseded"), (second, "in_force"),
    ]  # fmt: skip
    assert version(book.entries(), first).until == TODAY


def test_an_edit_clears_both_signatures(book):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    sign(book, ANNA, number, content)
    edit(book, BEN, number, terms_with(), None, seen=version(book.entries(), number).seq)
    found = version(book.entries(), number)
    assert (found.state, dict(found.signatures), found.proposed) == ("draft", {}, None)
    with pytest.raises(Refused, match="edited in the meantime"):
        sign(book, ANNA, number, content)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        pytest.param(ANNA, replace(ANNA, side="sales"), "One person cannot sign for both", id="the same name"),
        pytest.param(ANNA, Actor("ANNA  albrecht", "sales"), "One person cannot sign for both", id="in other letters"),
        pytest.param(ANNA, DORA, "Anna Albrecht has signed for this department", id="a colleague"),
        pytest.param(ANNA, CHRIS, "Only marketing and sales agree", id="leadership"),
    ],
)
def test_who_may_not_sign(book, first, second, sentence):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    sign(book, first, number, content)
    with pytest.raises(Refused, match=sentence):
        sign(book, second, number, content)
    assert state(book, number) == "signed_by_marketing"


def test_signing_twice_is_signing_once(book):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    assert propose(book, ANNA, number, content) == propose(book, ANNA, number, content)
    assert sign(book, ANNA, number, content) == sign(book, ANNA, number, content)
    last = sign(book, BEN, number, content)
    assert sign(book, BEN, number, content) == last == book.entries()[-1]
    assert len(book.entries()) == 4


def test_signing_from_twenty_browsers_at_once_is_one_signature(book):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    signed = []
    crowd = [threading.Thread(target=lambda: signed.append(sign(book, ANNA, number, content))) for _ in range(20)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert len(signed) == 20
    assert len({entry.seq for entry in signed}) == 1


def test_one_person_at_two_browsers_at_once_signs_for_one_department(book):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    refused = []

    def try_for(side: str) -> None:
        try:
            sign(book, Actor("Anna Albrecht", side), number, content)
        except Refused as error:
            refused.append(error.fault.term)

    crowd = [threading.Thread(target=try_for, args=(side,)) for side in ("marketing", "sales")]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert refused == ["person"]
    assert in_force(book.entries()) is None


def test_declined_with_a_reason_and_proposed_better(book):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    with pytest.raises(Refused, match="say why"):
        decline(book, BEN, number, content, "  ")
    with pytest.raises(Refused, match="withdraws it"):
        decline(book, DORA, number, content, "doch nicht")
    declined = decline(book, BEN, number, content, "Samstag fehlt")
    assert decline(book, BEN, number, content, "Samstag fehlt") == declined
    assert (state(book, number), version(book.entries(), number).ended.reason) == ("declined", "Samstag fehlt")
    with pytest.raises(Refused, match="not open for signatures"):
        sign(book, BEN, number, content)
    edit(book, ANNA, number, terms_with(), None, seen=declined.seq)
    assert state(book, number) == "draft"


def test_withdrawn_by_who_proposed(book):
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    sign(book, BEN, number, content)
    with pytest.raises(Refused, match="withdraws it"):
        withdraw(book, BEN, number, content)
    withdraw(book, DORA, number, content)
    assert state(book, number) == "withdrawn"


def test_what_both_signed_is_not_edited(book):
    number = agreed(book, load().document)
    with pytest.raises(Refused, match="stays as it is"):
        edit(book, ANNA, number, terms_with(), None, seen=version(book.entries(), number).seq)
    with pytest.raises(Refused, match="not open"):
        withdraw(book, ANNA, number, content_of(book, number))


@pytest.mark.parametrize(
    ("begins", "is_refused"),
    [
        pytest.param("2026-11-22", True, id="yesterday"),
        pytest.param("2026-11-23", False, id="today"),
        pytest.param("2027-01-01", False, id="next year"),
    ],
)
def test_new_terms_do_not_judge_the_past_anew(book, begins, is_refused):
    first = agreed(book, load().document)
    number = draft(book, ANNA, terms_with(begins), first).object_id
    if not is_refused:
        propose(book, ANNA, number, content_of(book, number))
        return
    with pytest.raises(Refused, match="Records from 2026-11-22 on would be judged anew") as refused:
        propose(book, ANNA, number, content_of(book, number))
    assert refused.value.fault.term == "valid_from"


def test_a_change_that_waited_too_long_for_the_second_signature_is_refused(address, opened):
    days = iter(datetime(2026, 11, day, 9, tzinfo=UTC) for day in (1, 1, 1, 1, 2, 3, 4, 20))
    book = opened(address, clock=lambda: next(days))
    first = agreed(book, load().document)
    number = draft(book, ANNA, terms_with("2026-11-10"), first).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    sign(book, ANNA, number, content)
    with pytest.raises(Refused, match="from 2026-11-10 on would be judged anew") as refused:
        sign(book, BEN, number, content)
    assert refused.value.fault.values == {"day": "2026-11-10", "today": "2026-11-20"}


def test_the_day_begins_at_midnight_of_the_company(address, opened):
    """23:30 UTC is the next day in Berlin: terms of the day before would judge the past."""
    book = opened(address, clock=lambda: datetime(2026, 11, 23, 23, 30, tzinfo=UTC))
    first = agreed(book, load().document)
    number = draft(book, ANNA, terms_with("2026-11-23"), first).object_id
    with pytest.raises(Refused, match="Begin on 2026-11-24 or later"):
        propose(book, ANNA, number, content_of(book, number))


def test_the_past_is_judged_anew_where_both_say_so(book):
    first = agreed(book, load().document)
    number = draft(book, ANNA, terms_with("2026-06-01"), first, rejudges_past=True).object_id
    content = content_of(book, number)
    propose(book, ANNA, number, content)
    sign(book, ANNA, number, content, rejudges_past=True)
    with pytest.raises(Refused, match="Both must say that they want it"):
        sign(book, BEN, number, content)
    sign(book, BEN, number, content, rejudges_past=True)
    assert in_force(book.entries()).id == number


def test_a_proposal_that_was_overtaken_does_not_take_back_what_came_into_force(book):
    first = agreed(book, load().document)
    late = draft(book, ANNA, terms_with(target=0.8), first).object_id
    propose(book, ANNA, late, content_of(book, late))
    sign(book, ANNA, late, content_of(book, late))
    second = agreed(book, terms_with(target=0.95), base=first)
    with pytest.raises(Refused, match="Another version came into force"):
        sign(book, BEN, late, content_of(book, late))
    assert in_force(book.entries()).id == second


def test_the_same_again_is_no_proposal(book):
    first = agreed(book, load().document)
    number = draft(book, ANNA, load().document, first).object_id
    with pytest.raises(Refused, match="is agreed already"):
        propose(book, ANNA, number, content_of(book, number))


def test_a_document_that_cannot_be_used_is_no_draft(book):
    with pytest.raises(TermsError, match="target"):
        draft(book, ANNA, terms_with(target=7), None)
    assert book.entries() == []


def test_entries_that_break_a_rule_count_for_nothing(book):
    """Whoever appends past the rules leaves a trace, not a signature."""
    number = draft(book, ANNA, load().document, None).object_id
    content = content_of(book, number)
    book.append(CHRIS, "proposed", "agreement", number, {"content": content})
    assert state(book, number) == "draft"
    propose(book, ANNA, number, content)
    told, same_person = {"content": content}, Actor("anna albrecht", "sales")
    for actor, body in [(CHRIS, told), (BEN, {"content": "another"}), (BEN, {}), (ANNA, told), (same_person, told)]:
        book.append(actor, "signed", "agreement", number, body)
    book.append(BEN, "drafted", "agreement", number, {"document": {"valid_from": "2020-01-01"}, "content": "x"})
    assert state(book, number) == "signed_by_marketing"
    assert in_force(book.entries()) is None
    edit(book, BEN, number, terms_with(), None, seen=version(book.entries(), number).seq)
    assert state(book, number) == "draft"


def test_two_drafts_at_once_become_two_versions(book):
    crowd = [threading.Thread(target=draft, args=(book, ANNA, terms_with(attempts=4 + n), None)) for n in range(8)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert sorted(found.id for found in history(book.entries())) == [str(number) for number in range(1, 9)]


def test_a_draft_sent_twice_is_one_version(book):
    first = draft(book, ANNA, load().document, None, once="form")
    assert draft(book, ANNA, load().document, None, once="form") == first
    assert len(history(book.entries())) == 1


def test_two_people_editing_at_once_lose_nothing(book):
    """Ben raises the number of attempts, Anna the target; both change the warning, each to another value."""
    number = draft(book, ANNA, load().document, None).object_id
    seen = propose(book, ANNA, number, content_of(book, number)).seq
    ben = terms_with(attempts=4, warn_minutes_before_due=10)
    anna = terms_with(target=0.8, warn_minutes_before_due=20)
    edit(book, BEN, number, ben, None, seen=seen)
    with pytest.raises(Conflict) as raised:
        edit(book, ANNA, number, anna, None, seen=seen)
    conflict, entries = raised.value, book.entries()
    default, day = load().terms_on(date(2026, 1, 1)).response, date(2027, 1, 1)
    assert side_by_side(conflict, entries) == [
        BothChanges("response.target", day, default.target, 0.8, default.target),
        BothChanges("response.warn_minutes_before_due", day, default.warn_minutes_before_due, 20, 10),
        BothChanges("response.attempts", day, default.attempts, default.attempts, 4),
    ]
    assert [both.is_contradiction for both in side_by_side(conflict, entries)] == [False, True, False]
    merged = together(conflict, entries).terms_on(day).response
    assert (merged.attempts, merged.target, merged.warn_minutes_before_due) == (4, 0.8, 20)
    edit(book, ANNA, number, together(conflict, entries).document, None, seen=conflict.theirs[-1].seq)
    assert version(book.entries(), number).agreement.terms_on(day).response.attempts == 4


def test_putting_together_what_begins_on_different_days(book):
    number = draft(book, ANNA, load().document, None).object_id
    edit(book, BEN, number, terms_with("2027-02-01", attempts=4), None, seen=1)
    with pytest.raises(Conflict) as raised:
        edit(book, ANNA, number, terms_with("2027-01-01", target=0.8), None, seen=1)
    both = together(raised.value, book.entries())
    expected = load().document | {
        "amendment": [
            {"valid_from": "2027-01-01", "response": {"target": 0.8}},
            {"valid_from": "2027-02-01", "response": {"attempts": 4}},
        ]
    }
    assert differences(both, Agreement(expected)) == []
    base, yours, theirs = documents(raised.value, book.entries())
    assert (base.version, yours.version) == (load().version, Agreement(terms_with("2027-01-01", target=0.8)).version)
    assert theirs.version == Agreement(terms_with("2027-02-01", attempts=4)).version


def test_other_kinds_of_entries_are_no_versions(book):
    numbers = count()
    book.append(BEN, "noted", "note", str(next(numbers)), {"text": "signed"})
    assert history(book.entries()) == []
