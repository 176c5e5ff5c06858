"""`docs/data-contract.md`, written from the code: every table and column of the published file.

Analysts open the file with tools of their own. What stands here is what they can rely on, so one test compares the page
with the code and another the code with a published file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import dataframely as dy
import polars as pl

from pipeline import audit, meta
from pipeline.agreed import AGREEMENT
from pipeline.canonical import SCHEMAS
from pipeline.marts import MARTS

PATH = Path(__file__).resolve().parent.parent / "docs" / "data-contract.md"
INTRODUCTION = """# Data contract

Written by `make docs` from the code; not edited by hand.

A build publishes one DuckDB file, `tandem-<build id>.duckdb`, in `data/builds/` (the demo company in
`data/builds/demo/`); the text file `CURRENT` beside it names the one in use. Open it read only. A published file never
changes and its name is never used again. Tables and columns change only with a line in the
[changelog](../CHANGELOG.md).

* Instants are UTC. `<name>_is_date_only` is true where the source gave a day: such rows take no part in minute clocks.
* Days, weeks (named by their Monday) and months are those of the company's time zone, `meta.build.zone`.
* Money has two decimals. `canonical` holds the original amount with its currency, and beside it the value in the
  reporting currency where a rate is known; `mart` holds the reporting currency, `meta.build.currency`. No rate: null.
* Names, addresses and e-mails stand in `canonical.people`, `canonical.accounts`, `canonical.employees` and
  `canonical.rejected_rows`; a deal's or campaign's own name and a note may hold more. Marts carry ids.
  `meta.agreement` names who signed.
* **Bold** columns identify a row.
"""
SCHEMA_TEXT = {
    "canonical": "What every export is translated into, ids resolved, before any judgement. "
    "Optional columns are null where no export has them.",
    "mart": "Judged once, by the terms of the agreement in force. `agreement_version` says which terms.",
    "meta": "What the file says of itself.",
}


@dataclass(frozen=True)
class Column:
    """A column as an analyst sees it; `type` in DuckDB's words."""

    name: str
    type: str
    doc: str
    is_key: bool = False


@dataclass(frozen=True)
class Table:
    """A table of the published file, by its full name."""

    name: str
    text: str
    columns: list[Column]


# What the build adds to a canonical table: the column it stands behind, and the column.
ADDED = {
    "deals": (
        "currency",
        Column("amount_reporting", "DECIMAL(18,2)", "the same in the reporting currency"),
    ),
    "spend": ("currency", Column("cost_reporting", "DECIMAL(18,2)", "the same in the reporting currency")),
    "merges": ("into_id", Column("rule", "VARCHAR", "what made them one: crm_merge, or the rule of the agreement")),
}
NEVER_PUBLISHED = {("touches", "email")}  # it only serves to find the person
REJECTED_ROWS = Table(
    "canonical.rejected_rows",
    "A row of an export that broke a rule. It comes back with the next build once it is corrected in the source.",
    [
        Column("source_file", "VARCHAR", "file below the exports folder", is_key=True),
        Column("row_number", "BIGINT", "as a spreadsheet counts, the header line included", is_key=True),
        Column("rule", "VARCHAR", "stable name of the rule"),
        Column("reason", "VARCHAR", "what is wrong and what to do, in English"),
        Column("row_json", "VARCHAR", "the row as it was read"),
    ],
)
NOTES = Table(
    "mart.notes",
    "Notes that people pinned to a day in the dashboard; from the ledger.",
    [
        Column("note_id", "VARCHAR", "the note", is_key=True),
        Column("day", "DATE", "the day it is about"),
        Column("text", "VARCHAR", "what happened, as it was written"),
        Column("kind", "VARCHAR", "what kind of happening"),
    ],
)
META: dict[str, tuple[str, Mapping[str, pl.DataType | type[pl.DataType]], dict[str, str]]] = {
    "build": (
        "One row: this build.",
        meta.BUILD,
        {
            "build_id": "`YYYYMMDD-HHMMSS`, part of the file's name",
            "built_at": "start of the build",
            "as_of": "the moment the numbers are judged at",
            "agreement_version": "short hash of the agreement",
            "currency": "reporting currency",
            "zone": "time zone of days, weeks and months",
            "app_version": "version of Tandem",
            "exports_key": "tells one exports folder from another",
            "is_demo": "the invented company",
            "ledger_seq": "number of the newest entry of the ledger that was read; null = built without a ledger",
            "ledger_hash": "hash of that entry: `python -m agreement verify --expected-head <seq>:<hash>`",
        },
    ),
    "agreement": (
        "One row: the agreement this build judged by, with all its amendments, and who signed it.",
        AGREEMENT,
        {
            "version": "short hash of the document",
            "document": "the document as canonical JSON: keys sorted, no blanks",
            "state": "in_force: signed by both; proposed; draft: nobody proposed it",
            "number": "of the version in the ledger; null for a draft that is not there",
            "in_force_since": "the second signature",
            "signed_for_marketing": "name of the person",
            "signed_for_sales": "name of the person",
        },
    ),
    "sources": (
        "One row per file and mapping. rows_read = rows_kept + rows_rejected + rows_duplicate, always.",
        meta.SOURCES,
        {
            "file": "file below the exports folder",
            "mapping": "the mapping that recognised it; null = nobody did",
            "status": "read, refused or unrecognised",
            "rows_read": "data rows in the file",
            "rows_kept": "rows that fed the canonical tables",
            "rows_rejected": "rows in canonical.rejected_rows",
            "rows_duplicate": "rows equal to an earlier one in every cell",
            "total_rows": "sums at the end of a report, not counted as data",
            "preamble_lines": "lines before the header",
            "sha256": "of the file",
            "bytes": "size of the file",
            "newest_record": "latest instant in the file that is not after as_of",
            "message": "why it was refused, or what to know",
            "decisions": "JSON: how each column was read, such as day first or decimal comma",
            "tables": "canonical tables it feeds, comma-separated",
        },
    ),
    "checks": (
        "One row per check that ran before publishing.",
        audit.CHECKS,
        {
            "check_name": "name of the query in `queries/audits/`",
            "severity": "fail: would have stopped the publication; warn: shown on Data health",
            "status": "passed or failed",
            "rows": "rows the check found",
            "detail": "the first of them",
        },
    ),
    "history": (
        "One row per earlier build, newest first.",
        meta.HISTORY,
        {
            "build_id": "the build",
            "built_at": "start of the build",
            "as_of": "the moment its numbers were judged at",
            "agreement_version": "short hash of its agreement",
            "rows_read": "over all files",
            "rows_kept": "over all files",
            "rows_rejected": "over all files",
        },
    ),
}


def tables() -> list[Table]:
    """Every table of the published file, in the order of the page."""
    canonical = [Table(f"canonical.{name}", _text(rows), _canonical(name, rows)) for name, rows in SCHEMAS.items()]
    marts = [Table(f"mart.{mart.name}", _text(mart.module.Columns), _columns(mart.module.Columns)) for mart in MARTS]
    described = [
        Table(f"meta.{name}", text, [Column(column, duckdb_type(dtype), docs[column]) for column, dtype in of.items()])
        for name, (text, of, docs) in META.items()
    ]
    return [*canonical, REJECTED_ROWS, *marts, NOTES, *described]


def text() -> str:
    """The whole page."""
    page = [INTRODUCTION]
    described = tables()
    for schema, what in SCHEMA_TEXT.items():
        page.append(f"\n## {schema}\n\n{what}\n")
        for table in described:
            if table.name.startswith(f"{schema}."):
                page.append(f"\n### {table.name}\n\n{table.text}\n\n| column | type | meaning |\n|---|---|---|\n")
                page += [_row(column) for column in table.columns]
    return "".join(page)


def duckdb_type(dtype: pl.DataType | type[pl.DataType]) -> str:
    """The type a polars column has in the published file. Raises `KeyError` for one that has no business there."""
    if isinstance(dtype, pl.Decimal):
        return f"DECIMAL({dtype.precision},{dtype.scale})"
    if isinstance(dtype, pl.Enum):
        return "ENUM(" + ", ".join(f"'{word}'" for word in dtype.categories) + ")"
    names: dict[type[pl.DataType], str] = {
        pl.String: "VARCHAR", pl.Datetime: "TIMESTAMP WITH TIME ZONE", pl.Date: "DATE", pl.Boolean: "BOOLEAN",
        pl.Int32: "INTEGER", pl.Int64: "BIGINT", pl.Float64: "DOUBLE",
    }  # fmt: skip
    return names[dtype.base_type()]


def _canonical(name: str, schema: type[dy.Schema]) -> list[Column]:
    columns = [column for column in _columns(schema) if (name, column.name) not in NEVER_PUBLISHED]
    if name in ADDED:
        behind, added = ADDED[name]
        columns.insert([column.name for column in columns].index(behind) + 1, added)
    return columns


def _columns(schema: type[dy.Schema]) -> list[Column]:
    found = []
    for name, column in schema.columns().items():
        told = column.metadata or {}
        found.append(Column(name, duckdb_type(column.dtype), told["doc"], is_key=told["key"]))
    return found


def _text(schema: type[dy.Schema]) -> str:
    return " ".join((schema.__doc__ or "").split())


def _row(column: Column) -> str:
    name = f"**{column.name}**" if column.is_key else column.name
    meaning = column.doc.replace("|", "\\|")
    return f"| {name} | `{column.type}` | {meaning} |\n"
