"""What is told of each file: rows read, kept, rejected or repeated, and how its columns were understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl


@dataclass
class SourceReport:
    """One file (or one sheet) of the exports. `rows_read = rows_kept + rows_rejected + rows_duplicate`, always.

    `total_rows` and `preamble_lines` are no data and stand outside of `rows_read`; `rows_left_out` are kept rows the
    mapping's conditions make nothing of. `message` is what a person should know or do.
    """

    file: str
    mapping: str = ""
    status: str = "read"  # read | refused | unrecognised
    rows_read: int = 0
    rows_kept: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    rows_left_out: int = 0
    total_rows: int = 0
    preamble_lines: int = 0
    sha256: str = ""
    bytes: int = 0
    newest_record: datetime | None = None
    message: str = ""
    decisions: dict[str, str] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)


@dataclass
class Staged:
    """All exports as Parquet: `tables[name]` are rows with the canonical columns, `source_file` and `row_number`.

    `rejected` are files with `source_file, row_number, rule, column_name, reason, row_json`.
    """

    tables: dict[str, pl.LazyFrame] = field(default_factory=dict)
    sources: list[SourceReport] = field(default_factory=list)
    rejected: list[Path] = field(default_factory=list)
