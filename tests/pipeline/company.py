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


WON_DEALS = {"D1": "10000.01", "D2": "99.99", "D3": "0", "D4": "0.02"}
"""Amounts that do not divide evenly."""
TOUCHES = (
    ("visit", "2026-02-02", "paid_search", "visit"), ("form", "2026-03-02", "content", "form"),
    ("mail", "2026-03-20", "email", "email_click"), ("fair", "2026-04-10", "event", "event"),
    ("talk", "2026-05-04", "webinar", "webinar"),
)  # fmt: skip


def won_deals(folder: Path) -> Path:
    """Four won deals, each with the same five touches of one person: `D1-visit`, `D1-form` …"""
    export(folder, "accounts.csv", ("account_id", "name"), [(f"A-{deal}", f"Werk {deal}") for deal in WON_DEALS])
    header = ("person_id", "account_id", "name")
    export(folder, "people.csv", header, [(f"P-{deal}", f"A-{deal}", f"Person {deal}") for deal in WON_DEALS])
    header = ("deal_id", "account_id", "amount", "currency", "created_at", "won_at", "name")
    days = ("2026-04-20 09:00:00", "2026-06-01 09:00:00")
    deals = [(deal, f"A-{deal}", amount, "EUR", *days, f"Deal {deal}") for deal, amount in WON_DEALS.items()]
    export(folder, "deals.csv", header, deals)
    header = ("touch_id", "person_id", "account_id", "occurred_at", "channel", "kind", "asset")
    touches = [
        (f"{deal}-{name}", f"P-{deal}", f"A-{deal}", f"{day} 10:00:00", channel, kind, name)
        for deal in WON_DEALS
        for name, day, channel, kind in TOUCHES
    ]
    export(folder, "touches.csv", header, touches)
    return folder


HANDED = ("lead_id", "person_id", "account_id", "created_at", "qualified_at", "assigned_at", "owner_id", "lead_type")
CALLS = ("activity_id", "lead_id", "occurred_at", "kind", "direction", "outcome", "employee_id", "is_automatic")


def handed_leads(folder: Path, *told: tuple[str, str, str, str | None]) -> Path:
    """Leads handed to sales: each with its kind, handover and first call (None = none), by Berlin's clock."""
    ids = [lead for lead, *_rest in told]
    export(folder, "accounts.csv", ("account_id", "name"), [(f"A-{lead}", f"Werk {lead}") for lead in ids])
    header = ("person_id", "account_id", "name")
    export(folder, "people.csv", header, [(f"P-{lead}", f"A-{lead}", f"Person {lead}") for lead in ids])
    export(folder, "employees.csv", ("employee_id", "name", "team", "department"), [("E1", "Jo", "North", "sales")])
    leads = [(lead, f"P-{lead}", f"A-{lead}", at, at, at, "E1", kind) for lead, kind, at, _call in told]
    export(folder, "leads.csv", HANDED, leads)
    calls = [
        (f"call-{lead}", lead, call, "call", "outgoing", "reached", "E1", "false")
        for lead, _kind, _at, call in told
        if call
    ]
    export(folder, "activities.csv", CALLS, calls)
    return folder


def built(folder: Path, **options: Any) -> BuildResult:
    """Builds `folder/exports` into `folder/builds`, as of 23 November 2026."""
    return build(folder / "exports", folder / "builds", **{"as_of": AS_OF, **options})


def ask(result: BuildResult | Path, sql: str) -> list[tuple[Any, ...]]:
    file = result if isinstance(result, Path) else result.published
    assert file is not None, result
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(sql).fetchall()
