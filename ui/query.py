"""Ask the published file. A run of a page sees one build from its first number to its last."""

from __future__ import annotations

import json
import os
import tempfile
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import streamlit as st

import queries
from agreement import Agreement
from agreement.terms import from_json
from queries.published import published_file

Version = tuple[str, int, int]
_version: ContextVar[Version | None] = ContextVar("version", default=None)


@dataclass(frozen=True)
class Build:
    """What a published file says of itself."""

    build_id: str
    built_at: datetime
    as_of: datetime
    agreement_version: str
    currency: str
    zone: str
    is_demo: bool


class NothingPublished(RuntimeError):
    """There is no published file in the builds folder."""


def builds_folder() -> Path:
    """Where builds are published: `TANDEM_BUILDS`, or `data/builds` below the working directory."""
    return Path(os.environ.get("TANDEM_BUILDS") or "data/builds")


def open_newest() -> bool:
    """Fix the build this run shows; False where nothing is published yet."""
    file = published_file(builds_folder())
    if file is None:
        _version.set(None)
        return False
    state = file.resolve().stat()
    _version.set((str(file.resolve()), state.st_ino, state.st_mtime_ns))
    return True


def ask(name: str, **params: Any) -> pl.DataFrame:
    """Rows of `queries/<name>.sql`. Parameters the query does not declare are left out, missing ones are null.

    Remembered by build, query and the parameters that count. All readers are handed the same frame: it is never changed
    in place, and a rerun copies nothing.
    """
    query = queries.load(name)
    counted = tuple((parameter, params.get(parameter)) for parameter, _ in query.params)
    return _answer(_shown(), name, query.sql, counted)


def notes() -> list[tuple[date, str]]:
    """What people noted of a day, as the build on screen knows it."""
    return list(ask("weekly_review/notes").select("day", "text").iter_rows())


def build() -> Build:
    """The build on screen."""
    return _build(_shown())


@lru_cache(maxsize=4)  # every amount on a page asks for its currency
def _build(version: Version) -> Build:
    row = _answer(version, "frame/build", queries.load("frame/build").sql, ()).row(0, named=True)
    return Build(**row)


def agreement() -> Agreement:
    """The agreement the build on screen was judged by."""
    row = _answer(_shown(), "frame/agreement", queries.load("frame/agreement").sql, ()).row(0, named=True)
    return _agreement(row["document"])


@lru_cache(maxsize=4)
def _agreement(document: str) -> Agreement:
    return from_json(document)


def as_of() -> datetime:
    """The moment the numbers are judged at, in the zone of the company."""
    return build().as_of


def last_attempt() -> dict[str, Any]:
    """What became of the last attempt to build; empty where no word of it was left."""
    try:
        attempt = json.loads((builds_folder() / "last_attempt.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return attempt if isinstance(attempt, dict) else {}


def _shown() -> Version:
    version = _version.get()
    if version is None and open_newest():
        version = _version.get()
    if version is None:
        raise NothingPublished(f"nothing is published in {builds_folder()}")
    return version


@st.cache_resource(max_entries=2, show_spinner=False)
def _connection(version: Version) -> duckdb.DuckDBPyConnection:
    spill = Path(tempfile.gettempdir()) / f"tandem-spill-{os.getpid()}"
    return queries.connect(Path(version[0]), spill=spill)


@st.cache_resource(max_entries=500, show_spinner=False)
def _answer(version: Version, name: str, sql: str, params: tuple[tuple[str, Any], ...]) -> pl.DataFrame:
    with _connection(version).cursor() as cursor:
        return queries.run(cursor, name, **dict(params))
