"""One SQL file per number or table on screen: `queries/<page>/<name>.sql`, found by that path.

A file opens with a header that says what is asked and what comes back; tests hold each line of it against the engine.
`connect` opens a published file so that a query can read that file and nothing else.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

FOLDER = Path(__file__).parent
LONGEST_SECONDS = 10.0
_FIELD = re.compile(r"^-- (question|grain|reads|params|returns|definition|terms|kpis|severity):\s*(.*)$")
_COLUMN = re.compile(
    r"^(?P<name>\w+) (?P<type>[a-z]+(?: with time zone)?(?:\(\d+, ?\d+\))?(?:\[\])?)\s*(?:\((?P<note>.+)\))?$"
)
_TYPES = {"text": "varchar", "timestamptz": "timestamp with time zone", "int": "integer"}
_OUTSIDE_BRACKETS = re.compile(r",\s*(?![^(]*\))")


class DamagedFile(OSError):
    """A published file that cannot be opened: cut off, overwritten, or none at all."""


class QueryTooSlow(RuntimeError):
    """The query was stopped after `LONGEST_SECONDS`."""


class HeaderError(ValueError):
    """The header of a query file cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class Query:
    """A query file. `params` and `returns` hold `(name, DuckDB type)` in the order of the header."""

    name: str
    question: str
    grain: str
    reads: tuple[str, ...]
    params: tuple[tuple[str, str], ...]
    returns: tuple[tuple[str, str], ...]
    definition: str
    terms: tuple[str, ...]
    kpis: tuple[str, ...]
    severity: str
    sql: str


def all_names() -> list[str]:
    """Names of all queries, such as `funnel/steps`."""
    return sorted(file.relative_to(FOLDER).with_suffix("").as_posix() for file in FOLDER.rglob("*.sql"))


def load(name: str) -> Query:
    """The query of that name. Raises `FileNotFoundError` or `HeaderError`; an edited file is read anew."""
    file = FOLDER / f"{name}.sql"
    return _parsed(name, file, file.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _parsed(name: str, file: Path, modified_ns: int) -> Query:
    return parse(name, file.read_text("utf-8"))


def parse(name: str, text: str) -> Query:
    """Read a query's header. A line that starts with `--` and spaces continues the one above."""
    fields: dict[str, str] = {}
    field = ""
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if found := _FIELD.match(line):
            field = found[1]
            fields[field] = found[2].strip()
        elif field:
            fields[field] += " " + line.removeprefix("--").strip()
    if "question" not in fields or "reads" not in fields:
        raise HeaderError(f"{name}: the header needs `-- question:` and `-- reads:`")
    return Query(
        name=name,
        question=fields["question"],
        grain=fields.get("grain", ""),
        reads=tuple(_split(fields["reads"])),
        params=_columns(name, fields.get("params", "")),
        returns=_columns(name, fields.get("returns", "")),
        definition=fields.get("definition", ""),
        terms=tuple(_split(fields.get("terms", ""))),
        kpis=tuple(_split(fields.get("kpis", ""))),
        severity=fields.get("severity", ""),
        sql=text,
    )


def run(cursor: duckdb.DuckDBPyConnection, name: str, **params: Any) -> pl.DataFrame:
    """Ask a query. Only declared parameters are bound: a missing one is null, one too many is left out.

    `cursor` is one of `connection.cursor()`, used by this call alone. Raises `QueryTooSlow` after ten seconds.
    """
    query = load(name)
    values = {parameter: params.get(parameter) for parameter, _ in query.params}
    watch = threading.Timer(LONGEST_SECONDS, cursor.interrupt)
    watch.start()
    try:
        return cursor.execute(query.sql, values or None).pl()  # `sql` would copy the answer value by value
    except duckdb.InterruptException:
        raise QueryTooSlow(f"{name} took longer than {LONGEST_SECONDS:.0f} seconds") from None
    finally:
        watch.cancel()


def connect(file: Path, *, threads: int = 2, memory_limit: str = "1GB", spill: Path | None = None) -> Any:
    """Open a published file for reading: no other file, no network, no extension, no Python variable is in reach.

    Timestamps come back in the zone of the build. Use `.cursor()` for every query: a connection shared by two
    threads hands one reader's rows to the other. Raises `DamagedFile` where the file is no whole build.
    """
    try:
        return _open(file, threads, memory_limit, spill)
    except duckdb.Error as error:
        raise DamagedFile(f"{file.name} cannot be read; run the build again. ({str(error).splitlines()[0]})") from error


def _open(file: Path, threads: int, memory_limit: str, spill: Path | None) -> Any:
    connection = duckdb.connect(
        str(file),
        read_only=True,
        config={
            "threads": threads,
            "memory_limit": memory_limit,
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "allow_persistent_secrets": "false",
            "python_enable_replacements": "false",
            "temp_directory": str(spill) if spill else "",
            "max_temp_directory_size": "2GB",
        },
    )
    zone = connection.execute("select any_value(zone) from meta.build").fetchall()[0][0]
    connection.execute(f"set global TimeZone = {_quoted(zone)}")
    # groups of a few small numbers (stage, days, outcome) are counted in a plain array instead of a hash table
    connection.execute("set global perfect_ht_threshold = 16")
    # lists of some hundred rows fetch the columns they show by row, after the sort, instead of carrying them through it
    connection.execute("set global late_materialization_max_rows = 1000")
    connection.execute("set lock_configuration = true")
    return connection


def _quoted(text: str) -> str:
    """A literal, where DuckDB takes no parameter."""
    return "'" + text.replace("'", "''") + "'"


def _split(text: str) -> list[str]:
    return [part.strip() for part in _OUTSIDE_BRACKETS.split(text) if part.strip()]


def _columns(name: str, text: str) -> tuple[tuple[str, str], ...]:
    columns = []
    for part in _split(text):
        found = _COLUMN.match(part)
        if not found:
            raise HeaderError(f"{name}: `{part}` is not `name type` or `name type (note)`")
        columns.append((found["name"], _TYPES.get(found["type"], found["type"])))
    return tuple(columns)
