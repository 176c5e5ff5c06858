"""Where the ledger lies: one table that SQLite or PostgreSQL itself keeps append-only, and its troubles in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

WAIT_SECONDS = 60.0
TABLE = "tandem_ledger"
POSTGRES_LOCK = 0x7461_6E64_656D  # "tandem" in ASCII: the key of the advisory lock

METADATA = sa.MetaData()
ROWS = sa.Table(
    TABLE,
    METADATA,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("is_verified", sa.SmallInteger, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("object_id", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("build_id", sa.Text),
    sa.Column("once", sa.Text, unique=True),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index(f"{TABLE}_object", "kind", "object_id", "seq"),
)
_APPEND_ONLY = {
    "sqlite": [
        f"create trigger {TABLE}_no_update before update on {TABLE} "
        "begin select raise(abort, 'the ledger is append-only'); end",
        f"create trigger {TABLE}_no_delete before delete on {TABLE} "
        "begin select raise(abort, 'the ledger is append-only'); end",
        # `insert or replace` would delete without the trigger above
        f"create trigger {TABLE}_gapless before insert on {TABLE} "
        f"when new.seq is not (select coalesce(max(seq), 0) + 1 from {TABLE}) "
        "begin select raise(abort, 'the ledger is append-only'); end",
    ],
    "postgresql": [
        f"create function {TABLE}_refuse() returns trigger language plpgsql as "
        "$$ begin raise exception 'the ledger is append-only'; end $$",
        f"create trigger {TABLE}_append_only before update or delete or truncate on {TABLE} "
        f"for each statement execute function {TABLE}_refuse()",
    ],
}
for _dialect, _statements in _APPEND_ONLY.items():
    for _statement in _statements:
        sa.event.listen(ROWS, "after_create", sa.DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect))


class LedgerError(Exception):
    """The ledger cannot be read or written; the message says why and what to do.

    `why`: disk_full, read_only, no_access, busy, damaged, unreachable or unknown.
    """

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


def engine(url: sa.URL) -> Engine:
    if url.get_backend_name() not in _APPEND_ONLY:
        raise LedgerError("unreachable", f"{url} is neither a SQLite nor a PostgreSQL address")
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": WAIT_SECONDS, "check_same_thread": False})
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "checkout", _refuse_replaced_file)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, record: Any) -> None:
    connection.isolation_level = None  # transactions begin where `_begin_sqlite` says so
    connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")  # damage is found, not stumbled over
    cursor = connection.cursor()
    if cursor.execute("pragma journal_mode").fetchone() != ("wal",):
        cursor.execute("pragma journal_mode = wal")
    cursor.execute("pragma synchronous = full")
    record.info["file"] = _file_behind(cursor)
    cursor.close()


def _refuse_replaced_file(connection: Any, record: Any, _: object) -> None:
    """A backup was put in the file's place: the pool opens it anew instead of writing into what nobody sees."""
    cursor = connection.cursor()
    if record.info["file"] != _file_behind(cursor):
        raise sa.exc.DisconnectionError
    cursor.close()


def _file_behind(cursor: Any) -> tuple[int, int] | None:
    (_, _, name), *_ = cursor.execute("pragma database_list")
    try:
        state = Path(name).stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def damage(connection: Connection) -> str | None:
    """What SQLite finds wrong with its own file: pages, indexes and limits of columns."""
    if connection.dialect.name != "sqlite":
        return None
    told = [str(row[0]) for row in connection.exec_driver_sql("pragma integrity_check")]
    return None if told == ["ok"] else told[0]


_WORDS = (
    ("disk_full", ("disk is full", "disk I/O error", "No space left", "Disk quota", "File too large")),
    ("read_only", ("readonly database", "Read-only file system", "read-only transaction")),
    ("no_access", ("unable to open", "Permission denied", "permission denied", "Not a directory", "File exists")),
    ("busy", ("is locked",)),
    ("damaged", ("malformed", "not a database", "corrupt")),
    ("unreachable", ("connection failed", "could not connect", "Connection refused", "server closed", "terminating")),
)
_ADVICE = {
    "disk_full": "cannot be written: the disk is full or fails. Make room and try again; what is recorded is safe.",
    "read_only": "can only be read. Make it writable for the user that runs Tandem and try again.",
    "no_access": "cannot be opened. Make its folder writable for the user that runs Tandem and try again.",
    "busy": f"was in use by others for {WAIT_SECONDS:.0f} seconds. Nothing was recorded; try again.",
    "damaged": "is damaged. Put the last backup in its place; `python -m agreement verify` says whether it holds.",
    "unreachable": "cannot be reached. Nothing was recorded; check that the database server runs and try again.",
    "unknown": "cannot be used.",
}


def explained(error: Exception, url: str) -> LedgerError:
    told = str(getattr(error, "orig", None) or error)
    why = next((why for why, signs in _WORDS if any(sign in told for sign in signs)), "unknown")
    return LedgerError(why, f"The ledger {url} {_ADVICE[why]} ({told.splitlines()[0]})")
