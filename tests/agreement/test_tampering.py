"""Nobody can change, remove, reorder or cut what is on record without being found."""

import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agreement.entries import FIELDS
from agreement.ledger import Ledger
from tests.agreement.conftest import ANNA, BEN


@pytest.fixture
def written(ledger) -> Ledger:
    """Five entries of several kinds, all optional fields filled somewhere."""
    ledger.append(ANNA, "drafted", "agreement", "v1", {"document": {"response": {"minutes": 60, "target": 0.9}}})
    ledger.append(
        BEN, "excused", "handover", "L-1#1", {"reason": "system_outage"}, "Störung", "20261123-060000", once="a"
    )
    ledger.append(ANNA, "ruled", "credit", "D-1#T-9", {"ruling": "keep"}, "bleibt", "20261123-060000", once="d")
    ledger.append(BEN, "accepted", "lead", "L-2#1", {}, once="h")
    ledger.append(ANNA, "noted", "note", "n1", {"text": "Messe „Übergabe“ 🎪"}, build_id="20261124-060000")
    assert ledger.verify() == []
    ledger.close()
    return ledger


@contextmanager
def past_the_ledger(ledger: Ledger) -> Iterator[sqlite3.Connection]:
    """A connection of somebody who removed the guards of the database first."""
    connection = sqlite3.connect(ledger.url.database)
    for (trigger,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
        connection.execute(f"drop trigger {trigger}")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def stored_bytes(connection: sqlite3.Connection, field: str, seq: int) -> bytes | None:
    ((value,),) = connection.execute(f"select cast({field} as blob) from tandem_ledger where seq = {seq}").fetchall()
    return value


@pytest.mark.parametrize("field", [field for field in FIELDS if field not in {"seq", "is_verified"}])
def test_every_changed_byte_of_a_text_is_found(written, field):
    """One bit of one byte after the other, put back afterwards."""
    with past_the_ledger(written) as connection:
        changes = 0
        for seq in range(1, 6):
            original = stored_bytes(connection, field, seq)
            for position in range(len(original or b"")):
                changed = bytearray(original)
                changed[position] ^= 1
                put = f"update tandem_ledger set {field} = cast(? as text) where seq = ?"
                connection.execute(put, (bytes(changed), seq))
                connection.commit()
                assert seq in {fault.seq for fault in written.verify()}, (seq, position)
                connection.execute(put, (original, seq))
                changes += 1
        connection.commit()
    assert changes > 0
    assert written.verify() == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("update tandem_ledger set is_verified = 1 where seq = 3", id="sign-in pretended"),
        pytest.param("update tandem_ledger set is_verified = 2 where seq = 3", id="a truth that is none"),
        pytest.param("update tandem_ledger set build_id = null where seq = 3", id="build removed"),
        pytest.param("update tandem_ledger set once = '' where seq = 3", id="key emptied"),
        pytest.param("update tandem_ledger set once = null where seq = 3", id="key removed"),
        pytest.param("update tandem_ledger set build_id = '' where seq = 1", id="empty instead of none"),
        pytest.param("update tandem_ledger set reason = cast(reason as blob) where seq = 3", id="bytes for text"),
        pytest.param("update tandem_ledger set at = cast(x'ff' as text) where seq = 3", id="no UTF-8"),
        pytest.param("update tandem_ledger set seq = 9 where seq = 5", id="last renumbered"),
        pytest.param("update tandem_ledger set seq = -1 where seq = 1", id="first renumbered"),
        pytest.param("delete from tandem_ledger where seq = 1", id="first removed"),
        pytest.param("delete from tandem_ledger where seq = 3", id="one removed"),
        pytest.param("delete from tandem_ledger where seq in (2, 3)", id="two removed"),
        pytest.param(
            "update tandem_ledger set seq = -seq where seq in (3, 4); update tandem_ledger set seq = 7 + seq "
            "where seq < 0", id="two reordered",
        ),
        pytest.param(
            "delete from tandem_ledger where seq = 3; update tandem_ledger set seq = seq - 1 where seq > 3",
            id="one removed and the rest moved up",
        ),
    ],
)  # fmt: skip
def test_tampering_is_found(written, change):
    with past_the_ledger(written) as connection:
        connection.executescript(change)
    assert written.verify() != []


def test_a_ledger_cut_at_its_end_is_found_by_the_printed_head(written):
    head = written.head()
    with past_the_ledger(written) as connection:
        connection.execute("delete from tandem_ledger where seq > 3")
    assert written.verify() == [], "a shorter chain is whole in itself"
    assert [fault.what for fault in written.verify(head)] == ["truncated"]


def test_a_chain_written_anew_is_found_by_the_printed_head(written, opened, tmp_path):
    head = written.head()
    other = opened(f"sqlite:///{tmp_path}/other.sqlite")
    for entry in written.entries():
        other.append(BEN, entry.action, entry.kind, entry.object_id, entry.body, entry.reason, entry.build_id)
    assert other.verify() == []
    assert [fault.what for fault in other.verify(head)] == ["rewritten"]


def test_a_ledger_that_grew_still_holds_the_printed_head(written):
    head = written.head()
    written.append(BEN, "done", "decision", "d1", {})
    assert written.verify(head) == []
    assert written.verify((0, "0" * 64)) == []


def flip_bytes_of_the_file(written: Ledger, tmp_path: Path, tries: int | None) -> None:
    """Whatever byte of the file is changed: it is found, or every entry still reads as it was written."""
    original = Path(written.url.database)
    before, content = written.entries(), original.read_bytes()
    written.close()
    positions = range(len(content)) if tries is None else random.Random(3).sample(range(len(content)), tries)
    found = 0
    for position in positions:
        damaged = tmp_path / "damaged.sqlite"
        shutil.copyfile(original, damaged)
        with damaged.open("r+b") as file:
            file.seek(position)
            file.write(bytes([content[position] ^ 0x11]))
        ledger = Ledger(f"sqlite:///{damaged}")
        if faults := told(ledger):
            found += 1
            assert all(str(fault) for fault in faults)
        else:
            assert ledger.entries() == before, position
        ledger.close()
        for leftover in tmp_path.glob("damaged.sqlite*"):
            leftover.unlink()
    assert found > 0


def told(ledger: Ledger) -> list[object]:
    from agreement.ledger import LedgerError

    try:
        return list(ledger.verify())
    except LedgerError as error:
        return [error]


def test_a_changed_byte_of_the_file_is_found_or_holds_nothing(written, tmp_path):
    flip_bytes_of_the_file(written, tmp_path, tries=300)


@pytest.mark.soak
def test_every_changed_byte_of_the_file_is_found_or_holds_nothing(written, tmp_path):
    flip_bytes_of_the_file(written, tmp_path, tries=None)
