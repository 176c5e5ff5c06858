"""The ledger: an append-only record of signatures and decisions, in SQLite or PostgreSQL.

Whoever appends takes the lock before reading the head, so numbers have no gaps and the chain no forks. A decision is
one entry; nothing else is stored, so there is nothing an entry could disagree with. What may follow what is decided
by the modules beside this one, from entries alone.

The ledger is tamper-evident, not tamper-proof: whoever owns the file can write a new chain. Therefore the head is
printed on exports and kept in every build, and `verify` compares with it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping, make_url

from agreement.entries import (
    ACTIONS,
    BEFORE_THE_FIRST,
    Actor,
    ChainFault,
    Entry,
    canonical,
    digest,
    faults,
    instant,
    plain_text,
    read,
)
from agreement.store import METADATA, POSTGRES_LOCK, ROWS, TABLE, LedgerError, damage, engine, explained

__all__ = ["Actor", "ChainFault", "Conflict", "Entry", "Ledger", "LedgerError", "setting"]

DEFAULT = "sqlite:///data/ledger.sqlite"
SETTING = "TANDEM_LEDGER"


class Conflict(Exception):
    """Somebody else was faster. `yours`: what was not recorded; `theirs`: what has been recorded of the object since
    you looked; `base`: its newest entry when you looked (None = there was none)."""

    def __init__(self, yours: dict[str, Any], theirs: list[Entry], base: Entry | None) -> None:
        super().__init__(f"{theirs[-1].actor_name} changed this in the meantime" if theirs else "this has changed")
        self.yours, self.theirs, self.base = yours, theirs, base


class Ledger:
    """The ledger at `url`, such as `sqlite:///data/ledger.sqlite` or `postgresql://user@host/tandem`.

    One object serves all threads. It is made by the first append; until then it reads as empty. `clock` gives the
    aware instant that is recorded.
    """

    def __init__(self, url: str | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.url = make_url(url or setting())
        self._clock = clock
        self._turn = threading.Lock()  # threads queue here: SQLite's own waiting is neither fair nor cheap
        self._engine = engine(self.url)

    def append(
        self,
        actor: Actor,
        action: str,
        kind: str,
        object_id: str,
        body: dict[str, Any],
        reason: str = "",
        build_id: str | None = None,
        expected: int | None = None,
        once: str | None = None,
        rule: Callable[[list[Entry], datetime], object] | None = None,
    ) -> Entry:
        """Records one decision and returns its entry, which then survives a power cut.

        `expected`: number of the newest entry of this object that the actor has seen (0 = none); if there is a newer
        one, nothing is recorded and `Conflict` is raised. `once`: a key of the form that was sent; sent again, the
        entry it made is returned. `rule`: called with all entries of this kind and the instant of the new one while
        nobody else can append; what it raises is passed on and nothing is recorded.

        Raises `ValueError` for an unknown action or a body without canonical text, and `LedgerError`.
        """
        if action not in ACTIONS.get(kind, ()):
            raise ValueError(f"{action!r} is nothing that can be done to a {kind!r}")
        row: dict[str, Any] = {
            "actor_name": actor.name, "side": actor.side, "is_verified": int(actor.is_verified), "action": action,
            "kind": kind, "object_id": plain_text(object_id, "an id"), "body": canonical(body),
            "reason": plain_text(reason, "a reason"), "build_id": build_id, "once": once and plain_text(once, "a key"),
        }  # fmt: skip
        if not row["object_id"] or not isinstance(body, dict):
            raise ValueError("an entry needs the id of its object and a body")
        with self._writing() as connection:
            if once is not None and (sent := self._sent(connection, once)):
                if any(sent[name] != row[name] for name in row if name != "build_id"):
                    raise ValueError("this form was sent before with other content; open it again")
                return _entry(sent)
            if expected is not None:
                self._refuse_stale(connection, row, expected, body)
            now = self._clock()
            if rule:
                rule(_entries(connection, ROWS.c.kind == kind), now)
            seq, previous = _head(connection)
            row |= {"seq": seq + 1, "at": instant(now), "previous_hash": previous}
            row["hash"] = digest(row)
            connection.execute(ROWS.insert(), row)
        return read(row)

    def entries(self, kind: str | None = None, object_id: str | None = None, until: int | None = None) -> list[Entry]:
        """Entries in the order they were recorded; `until`: number of the last one wanted."""
        given = ((ROWS.c.kind, kind), (ROWS.c.object_id, object_id))
        wanted = [column == value for column, value in given if value is not None]
        if until is not None:
            wanted.append(ROWS.c.seq <= until)
        with self._reading() as connection:
            return _entries(connection, *wanted) if connection else []

    def head(self) -> tuple[int, str]:
        """Number and hash of the newest entry; an empty ledger has number 0 and a hash of zeros."""
        with self._reading() as connection:
            return _head(connection) if connection else (0, BEFORE_THE_FIRST)

    def verify(self, expected_head: tuple[int, str] | None = None) -> list[ChainFault]:
        """Every fault of the chain, none if it holds. `expected_head`: see `entries.faults`."""
        try:
            with self._reading() as connection:
                if connection is None:
                    return list(faults([], expected_head))
                found = damage(connection)
                first = [ChainFault(0, "damaged", f"and others stand in a damaged file: {found}")] if found else []
                rows = connection.execute(sa.select(ROWS).order_by(ROWS.c.seq)).mappings()
                return first + list(faults((dict(row) for row in rows), expected_head))
        except LedgerError as error:
            if error.why != "damaged":
                raise
            return [ChainFault(0, "damaged", f"and those after it cannot be read: {error}")]

    def close(self) -> None:
        """Gives back all connections; the next call opens new ones."""
        self._engine.dispose()

    def _sent(self, connection: Connection, once: str) -> RowMapping | None:
        return connection.execute(sa.select(ROWS).where(ROWS.c.once == once)).mappings().first()

    def _refuse_stale(self, connection: Connection, row: dict[str, Any], expected: int, yours: dict[str, Any]) -> None:
        known = _entries(connection, ROWS.c.kind == row["kind"], ROWS.c.object_id == row["object_id"])
        if expected == (known[-1].seq if known else 0):
            return
        base = next((entry for entry in known if entry.seq == expected), None)
        raise Conflict(yours, [entry for entry in known if entry.seq > expected], base)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that holds the lock from its first statement on."""
        with self._turn, self._in_words():
            if self._file and not self._file.parent.is_dir():
                self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._engine.connect().execution_options(writes=True) as connection, connection.begin():
                if self.url.get_backend_name() == "postgresql":
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(POSTGRES_LOCK)))
                METADATA.create_all(connection)
                yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection | None]:
        """A connection that sees one moment; None as long as nothing was ever recorded."""
        with self._in_words():
            if self._file and not self._file.exists():
                yield None
                return
            with self._engine.connect() as connection, connection.begin():
                yield connection if sa.inspect(connection).has_table(TABLE) else None

    @property
    def _file(self) -> Path | None:
        """The SQLite file, if it is one that is named by a plain path."""
        name = self.url.database
        return Path(name) if self.url.get_backend_name() == "sqlite" and name and not name.startswith("file:") else None

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (sa.exc.DBAPIError, OSError) as error:
            raise explained(error, str(self.url)) from error


def setting() -> str:
    """Where the ledger lies: `TANDEM_LEDGER`, by default a SQLite file in `data/`."""
    return os.environ.get(SETTING) or DEFAULT


def _head(connection: Connection) -> tuple[int, str]:
    newest = connection.execute(sa.select(ROWS.c.seq, ROWS.c.hash).order_by(ROWS.c.seq.desc()).limit(1)).first()
    return (newest.seq, newest.hash) if newest else (0, BEFORE_THE_FIRST)


def _entries(connection: Connection, *wanted: sa.ColumnElement[bool]) -> list[Entry]:
    rows = connection.execute(sa.select(ROWS).where(*wanted).order_by(ROWS.c.seq)).mappings()
    return [_entry(row) for row in rows]


def _entry(row: RowMapping) -> Entry:
    try:
        return read(dict(row))
    except (ValueError, TypeError) as error:
        message = f"Entry {row['seq']} of the ledger is damaged ({error}). `python -m agreement verify` says more."
        raise LedgerError("damaged", message) from error
