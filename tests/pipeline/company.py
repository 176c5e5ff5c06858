"""Exports of a company of a few rows, written as a user would download them, and what became of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.build import BuildResult, build

AS_OF = datetime(2026, 11, 23, 5, tzinfo=UTC)
CONTACT = ("Record ID", "First Name", "Last Name", "Email", "Lifecycle Stage", "Create Date", "Segment")
LEAD = ("lead_id", "person_id", "account_id", "created_at")
DEAL = ("deal_id", "account_id", "lead_id", "amount", "currency", "created_at", "won_at")


def export(folder: Path, name: str, header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Path:
    """A comma-separated file of that name; the folder is made if missing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return folder / name


def contacts(folder: Path, name: str, *told: tuple[str, str, str]) -> Path:
    """A contacts export; of each contact its id, the day it was created and its segment."""
    rows = [(one, "Anna", f"No{one}", f"a{one}@werk{one}.example", "Lead", day, segment) for one, day, segment in told]
    return export(folder, name, CONTACT, rows)


def leads(folder: Path, count: int) -> Path:
    rows = [(f"L{n}", f"P{n}", f"A{n}", f"2026-10-{1 + n % 28:02d} 09:00:00") for n in range(count)]
    return export(folder, "leads.csv", LEAD, rows)


def built(folder: Path, **options: Any) -> BuildResult:
    """Builds `folder/exports` into `folder/builds`, as of 23 November 2026."""
    return build(folder / "exports", folder / "builds", **{"as_of": AS_OF, **options})


def ask(result: BuildResult | Path, sql: str) -> list[tuple[Any, ...]]:
    file = result if isinstance(result, Path) else result.published
    assert file is not None, result
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(sql).fetchall()
