"""Whatever people do, in whatever order: in force is only what two people of two departments signed alike."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import event, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from agreement.entries import Actor
from agreement.ledger import Conflict, Ledger
from agreement.signing import Refused, decline, draft, edit, propose, sign, withdraw
from agreement.terms import load
from agreement.versions import history, in_force, open_for, version

PEOPLE = [
    Actor("Anna Albrecht", "marketing"), Actor("anna  ALBRECHT", "sales"), Actor("Ben Brandt", "sales"),
    Actor("Dora Diehl", "marketing"), Actor("Chris Conrad", "leadership"),
]  # fmt: skip
DOCUMENTS = [
    {**load().document, "amendment": [{"valid_from": day, "response": {"target": target}}]}
    for day in ("2026-06-01", "2029-01-01")
    for target in (0.81, 0.82, 0.83)
]
someone = st.integers(0, 4).map(PEOPLE.__getitem__)
START = datetime(2026, 1, 1, tzinfo=UTC)


class Versions(RuleBasedStateMachine):
    """People act on what they saw at some time; the model remembers who signed what, the ledger must agree."""

    @initialize()
    def open_a_ledger(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="versions"))
        self.now = START
        self.ledger = Ledger(f"sqlite:///{self.folder}/ledger.sqlite", clock=lambda: self.now)
        self.seen: dict[str, list[tuple[int, str]]] = {}  # what anybody ever saw of a version: number, content
        self.signed: dict[str, dict[str, tuple[str, str]]] = {}  # version, side -> person, content
        self.force: list[str] = []
        self.unexpected: set[str] = set()

    def teardown(self) -> None:
        if hasattr(self, "ledger"):
            assert self.ledger.verify() == []
            self.ledger.close()
            shutil.rmtree(self.folder)

    def look(self, number: str) -> None:
        found = version(self.ledger.entries(), number)
        self.seen.setdefault(number, []).append((found.seq, found.content))

    def remembered(self, data: st.DataObject) -> tuple[str, int, str]:
        """Mostly the newest version as it stands, at times another or as it was."""
        number = data.draw(st.sampled_from(sorted(self.seen)[::-1]))
        return number, *data.draw(st.sampled_from(self.seen[number][:-4:-1]))

    @rule(days=st.integers(0, 90))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: len(self.seen) < 4)
    @rule(who=someone, document=st.integers(0, 5), past=st.booleans())
    def draft(self, who: Actor, document: int, past: bool) -> None:
        current = in_force(self.ledger.entries())
        number = draft(self.ledger, who, DOCUMENTS[document], current.id if current else None, past).object_id
        self.signed[number] = {}
        self.look(number)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), who=someone, document=st.integers(0, 5))
    def edit(self, data: st.DataObject, who: Actor, document: int) -> None:
        number, seq, _content = self.remembered(data)
        before = version(self.ledger.entries(), number)
        current = in_force(self.ledger.entries())
        arguments = (self.ledger, who, number, DOCUMENTS[document], current.id if current else None, seq)
        if seq < before.seq:
            with pytest.raises(Conflict) as conflict:
                edit(*arguments)
            assert conflict.value.yours["document"]["amendment"] == DOCUMENTS[document]["amendment"]
            assert conflict.value.theirs[-1].seq == before.seq
        elif before.state in ("in_force", "superseded"):
            with pytest.raises(Refused):
                edit(*arguments)
        else:
            edit(*arguments)
            self.signed[number] = {}
        self.look(number)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), who=someone)
    def propose(self, data: st.DataObject, who: Actor) -> None:
        number, _seq, content = self.remembered(data)
        self._propose(number, content, who)

    def _propose(self, number: str, content: str, who: Actor) -> None:
        before = version(self.ledger.entries(), number)
        try:
            propose(self.ledger, who, number, content)
        except Refused as refused:
            is_mine = before.state == "draft" and who.side != "leadership" and content == before.content
            self.unexpected |= {refused.fault.term} - {"content", "base", "valid_from"} if is_mine else set()
        else:
            assert who.side != "leadership"
            assert content == before.content
        self.look(number)

    @precondition(lambda self: self.seen)
    @rule(who=someone, past=st.booleans())
    def two_sign_what_stands(self, who: Actor, past: bool) -> None:
        number = max(self.seen)
        content = self.seen[number][-1][1]
        self._propose(number, content, who)
        for actor in (who, PEOPLE[2], PEOPLE[3]):
            self._sign(number, content, actor, past)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), who=someone, past=st.booleans())
    def sign(self, data: st.DataObject, who: Actor, past: bool) -> None:
        number, _seq, content = self.remembered(data)
        self._sign(number, content, who, past)

    def _sign(self, number: str, content: str, who: Actor, past: bool) -> None:
        before = version(self.ledger.entries(), number)
        length = self.ledger.head()[0]
        try:
            sign(self.ledger, who, number, content, past)
        except Refused:
            assert self.ledger.head()[0] == length
            self.look(number)
            return
        assert content == before.content
        if self.ledger.head()[0] > length:
            mine = self.signed[number]
            assert who.side in ("marketing", "sales")
            assert who.side not in mine
            mine[who.side] = (who.person, content)
            if len(mine) == 2:
                self.force.append(number)
                event(f"{len(self.force)} versions came into force")
        else:
            assert self.signed[number][who.side] == (who.person, content)
        self.look(number)

    @precondition(lambda self: self.seen)
    @rule(data=st.data(), who=someone, why=st.sampled_from(["", "zu früh"]), ends=st.booleans())
    def end(self, data: st.DataObject, who: Actor, why: str, ends: bool) -> None:
        number, _seq, content = self.remembered(data)
        before = version(self.ledger.entries(), number)
        try:
            (decline if ends else withdraw)(self.ledger, who, number, content, why)
        except Refused:
            assert version(self.ledger.entries(), number) == before
        else:
            after = version(self.ledger.entries(), number)
            assert after.state == ("declined" if ends else "withdrawn")
            assert number not in self.force
        self.look(number)

    @invariant()
    def in_force_is_what_two_people_of_two_departments_signed_alike(self) -> None:
        if not hasattr(self, "ledger"):
            return
        assert self.unexpected == set()
        entries = self.ledger.entries()
        current = in_force(entries)
        assert (current.id if current else None) == (self.force[-1] if self.force else None)
        for found in history(entries):
            signed = {side: (entry.person, entry.body["content"]) for side, entry in found.signatures.items()}
            assert signed == self.signed[found.id]
            assert {content for _person, content in signed.values()} <= {found.content}
            assert len({person for person, _content in signed.values()}) == len(signed)
            assert (len(signed) == 2) == (found.state in ("in_force", "superseded")) == (found.id in self.force)
            for side in ("marketing", "sales"):
                is_open = found.state in ("proposed", "signed_by_marketing", "signed_by_sales") and side not in signed
                assert (found in open_for(entries, side)) == is_open


class TestVersions(Versions.TestCase):
    settings = settings(max_examples=20, stateful_step_count=25)


@pytest.mark.soak
class TestVersionsForLong(Versions.TestCase):
    settings = settings(max_examples=500, stateful_step_count=60)
