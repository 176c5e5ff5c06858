"""The ledger keeps what was decided: in order, once, and so that nobody overwrites what somebody else has said."""

import json
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from agreement.entries import Actor, canonical, digest
from agreement.ledger import Conflict, Ledger, LedgerError
from tests.agreement.conftest import ANNA, BEN
from tests.conftest import ROOT

APPENDERS = """
import sys
from agreement.ledger import Actor, Ledger
ledger = Ledger(sys.argv[1])
for number in range(int(sys.argv[3])):
    ledger.append(Actor("Ben", "sales"), "noted", "note", f"{sys.argv[2]}-{number}", {"number": number})
"""


def test_an_entry_says_who_did_what_when_and_why(any_address, opened):
    at = datetime(2026, 11, 23, 9, 30, 0, 123456, tzinfo=UTC)
    ledger = opened(any_address, clock=lambda: at)
    body = {"reason": "system_outage"}
    made = ledger.append(BEN, "excused", "handover", "L-7#1", body, "Telefon tot", "20261123-0600")
    (found,) = ledger.entries()
    assert found == made
    assert (found.seq, found.at, found.actor_name, found.side) == (1, at, "Ben Brandt", "sales")
    assert (found.action, found.kind, found.object_id, found.body) == ("excused", "handover", "L-7#1", body)
    assert (found.reason, found.build_id, found.previous_hash) == ("Telefon tot", "20261123-0600", "0" * 64)
    assert not found.is_verified
    assert ledger.head() == (1, found.hash)
    assert ledger.verify() == []


def test_nothing_is_made_by_looking(ledger, tmp_path):
    assert (ledger.entries(), ledger.head(), ledger.verify()) == ([], (0, "0" * 64), [])
    assert list(tmp_path.iterdir()) == []


def test_entries_are_found_by_kind_object_and_number(any_ledger, note):
    note(any_ledger, 3)
    any_ledger.append(BEN, "decided", "decision", "d1", {"text": "weiter so"})
    assert [entry.object_id for entry in any_ledger.entries(kind="note")] == ["n0", "n1", "n2"]
    assert [entry.seq for entry in any_ledger.entries("note", "n1")] == [2]
    assert [entry.seq for entry in any_ledger.entries(until=2)] == [1, 2]


@pytest.mark.parametrize(
    ("action", "kind", "object_id", "body", "reason"),
    [
        pytest.param("signed", "note", "n", {}, "", id="no such action"),
        pytest.param("noted", "wish", "n", {}, "", id="no such kind"),
        pytest.param("noted", "note", "", {}, "", id="no object"),
        pytest.param("noted", "note", "n", [1], "", id="body is no object"),
        pytest.param("noted", "note", "n", {"share": float("nan")}, "", id="no number"),
        pytest.param("noted", "note", "n", {"share": float("inf")}, "", id="infinite"),
        pytest.param("noted", "note", "n", {"at": datetime(2026, 1, 1)}, "", id="instant without zone"),
        pytest.param("noted", "note", "n", {1: "x"}, "", id="key is no text"),
        pytest.param("noted", "note", "n", {"\u00fc": 1, "u\u0308": 2}, "", id="two keys that look alike"),
        pytest.param("noted", "note", "n", {"text": "a\x00b"}, "", id="NUL in the body"),
        pytest.param("noted", "note", "n", {}, "a\ud800b", id="half a letter in the reason"),
    ],
)
def test_what_has_no_canonical_form_is_refused(ledger, action, kind, object_id, body, reason):
    with pytest.raises(ValueError, match=r"."):
        ledger.append(ANNA, action, kind, object_id, body, reason)
    assert ledger.head()[0] == 0


@pytest.mark.parametrize("name", ["", "   ", "\x07"])
def test_only_a_named_person_acts(name):
    with pytest.raises(ValueError, match=r"."):
        Actor(name, "sales")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Eva Müller", "eva müller", id="case"),
        pytest.param("Eva Müller", "Eva Mu\u0308ller", id="composition"),
        pytest.param("Eva Müller", " Eva  Müller ", id="blanks"),
        pytest.param("Eva Groß", "EVA GROSS", id="sharp s"),
        pytest.param("Eva Müller", "Ｅｖａ Müller", id="width"),
    ],
)
def test_spellings_of_one_name_are_one_person(one, other):
    assert Actor(one, "sales").person == Actor(other, "marketing").person


def test_canonical_text_is_one_for_equal_content():
    told = {"b": 1.0, "a": [Decimal("0.90"), 0.1], "u\u0308": date(2026, 11, 23), "t": datetime(2026, 1, 1, tzinfo=UTC)}
    text = '{"a":["0.9",0.1],"b":1,"t":"2026-01-01T00:00:00.000000Z","ü":"2026-11-23"}'
    assert canonical(told) == text
    assert canonical(dict(reversed(told.items()))) == text


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(blacklist_categories=["Cs", "Cc"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcäöüß_"), inner),
    max_leaves=12,
)  # fmt: skip


@given(values)
def test_canonical_text_survives_reading(value):
    text = canonical(value)
    assert canonical(json.loads(text)) == text


def test_the_hash_can_be_computed_by_anybody(ledger, address, note):
    """Twelve lines of plain Python, as an auditor would write them, agree with the ledger."""
    import hashlib
    import sqlite3

    note(ledger, 2)
    columns = (
        "seq, at, actor_name, side, is_verified, action, kind, object_id, body, reason, build_id, once, previous_hash"
    )
    with sqlite3.connect(address.removeprefix("sqlite:///")) as connection:
        stored = connection.execute(f"select {columns}, hash from tandem_ledger order by seq").fetchall()
    connection.close()
    previous = "0" * 64
    for *fields, written in stored:
        assert fields[-1] == previous
        previous = hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).hexdigest()
        assert written == previous


def test_a_form_sent_twice_is_recorded_once(any_ledger):
    first = any_ledger.append(ANNA, "noted", "note", "n1", {"text": "Messe"}, once="form-1")
    again = any_ledger.append(
        ANNA, "noted", "note", "n1", {"text": "Messe"}, once="form-1", build_id="later", expected=0
    )
    assert again == first
    assert any_ledger.head()[0] == 1
    with pytest.raises(ValueError, match="other content"):
        any_ledger.append(ANNA, "noted", "note", "n1", {"text": "Messe in Ulm"}, once="form-1")


def test_who_comes_second_sees_both_contents_and_loses_none(any_ledger):
    seen = any_ledger.append(ANNA, "noted", "note", "n1", {"text": "Messe"}, expected=0)
    theirs = any_ledger.append(BEN, "noted", "note", "n1", {"text": "Messe in Köln"}, expected=seen.seq)
    with pytest.raises(Conflict) as conflict:
        any_ledger.append(ANNA, "noted", "note", "n1", {"text": "Messe in Ulm"}, expected=seen.seq)
    assert conflict.value.yours == {"text": "Messe in Ulm"}
    assert conflict.value.theirs == [theirs]
    assert conflict.value.base == seen
    assert any_ledger.head()[0] == 2


def test_other_objects_are_no_conflict(ledger):
    ledger.append(ANNA, "noted", "note", "n1", {"text": "a"}, expected=0)
    ledger.append(ANNA, "noted", "note", "n2", {"text": "b"}, expected=0)
    assert ledger.append(ANNA, "removed", "note", "n1", {}, expected=1).seq == 3


def append_from_threads(ledger: Ledger, threads: int, entries: int) -> None:
    failed = []

    def work(number: int) -> None:
        try:
            for turn in range(entries // threads):
                ledger.append(ANNA, "noted", "note", f"{number}-{turn}", {"turn": turn}, expected=0)
        except Exception as error:
            failed.append(error)

    crowd = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert failed == []
    assert ledger.verify() == []
    told = ledger.entries()
    assert [entry.seq for entry in told] == list(range(1, entries + 1))
    assert len({entry.object_id for entry in told}) == entries


def test_fifty_threads_leave_one_chain(any_ledger):
    append_from_threads(any_ledger, threads=50, entries=500)


@pytest.mark.soak
def test_fifty_threads_append_ten_thousand_entries(any_ledger):
    append_from_threads(any_ledger, threads=50, entries=10_000)


def test_processes_that_start_at_once_share_one_ledger(any_address, opened):
    """They race for making the table, for SQLite's journal mode and then for every entry."""
    command = [sys.executable, "-c", APPENDERS, any_address]
    crowd = [subprocess.Popen([*command, str(number), "25"], cwd=ROOT, stderr=subprocess.PIPE) for number in range(4)]
    for process in crowd:
        _, told = process.communicate(timeout=120)
        assert process.returncode == 0, told.decode()
    ledger = opened(any_address)
    assert ledger.verify() == []
    assert ledger.head()[0] == 100


@pytest.mark.parametrize(
    "statement",
    [
        "update tandem_ledger set reason = 'x' where seq = 1",
        "delete from tandem_ledger where seq = 2",
        pytest.param("insert or replace into tandem_ledger select * from tandem_ledger where seq = 1", id="replace"),
        pytest.param("truncate tandem_ledger", id="truncate"),
    ],
)
def test_the_database_itself_refuses_to_change_what_is_written(any_address, opened, note, statement):
    ledger = opened(any_address)
    note(ledger, 2)
    engine = sa.create_engine(any_address)
    before = ledger.entries()
    with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert ledger.entries() == before


def test_a_backup_put_in_place_is_read_and_continued(ledger, address, opened, note, tmp_path):
    note(ledger, 1)
    other = opened(f"sqlite:///{tmp_path}/backup.sqlite")
    note(other, 3)
    other.close()
    for file in tmp_path.glob("ledger.sqlite*"):
        file.unlink()
    (tmp_path / "backup.sqlite").replace(tmp_path / "ledger.sqlite")
    assert ledger.head()[0] == 3
    note(ledger, 1)
    assert opened(address).head()[0] == 4


def test_no_password_in_a_message():
    with pytest.raises(LedgerError) as error:
        Ledger("postgresql://tandem:geheim@127.0.0.1:1/tandem?connect_timeout=2").head()
    assert error.value.why == "unreachable"
    assert "geheim" not in str(error.value)


def test_an_address_of_another_kind_is_refused():
    with pytest.raises(LedgerError, match="neither a SQLite nor a PostgreSQL"):
        Ledger("mysql://tandem@localhost/tandem")


def test_hash_covers_every_field_but_itself(ledger, note):
    note(ledger, 1)
    row = vars(ledger.entries()[0]) | {"at": "2026", "body": "{}"}
    whole = digest(row)
    changed = [name for name in row if name != "hash" and digest(row | {name: "else"}) == whole]
    assert changed == []
