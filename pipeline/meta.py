"""What a published file says of itself: when it was built, from what, under which agreement, and what came before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from agreement import Agreement, Terms

APP_VERSION = "0.1.0"
BUILD: dict[str, pl.DataType | type[pl.DataType]] = {
    "build_id": pl.String, "built_at": pl.Datetime("us", "UTC"), "as_of": pl.Datetime("us", "UTC"),
    "agreement_version": pl.String, "currency": pl.String, "zone": pl.String, "app_version": pl.String,
    "exports_key": pl.String, "is_demo": pl.Boolean, "ledger_seq": pl.Int64, "ledger_hash": pl.String,
}  # fmt: skip
SOURCES: dict[str, pl.DataType | type[pl.DataType]] = {
    "file": pl.String, "mapping": pl.String, "status": pl.String, "rows_read": pl.Int64, "rows_kept": pl.Int64,
    "rows_rejected": pl.Int64, "rows_duplicate": pl.Int64, "total_rows": pl.Int64, "preamble_lines": pl.Int64,
    "sha256": pl.String, "bytes": pl.Int64, "newest_record": pl.Datetime("us", "UTC"), "message": pl.String,
    "decisions": pl.String, "tables": pl.String,
}  # fmt: skip
HISTORY: dict[str, pl.DataType | type[pl.DataType]] = {
    "build_id": pl.String, "built_at": pl.Datetime("us", "UTC"), "as_of": pl.Datetime("us", "UTC"),
    "agreement_version": pl.String, "rows_read": pl.Int64, "rows_kept": pl.Int64, "rows_rejected": pl.Int64,
}  # fmt: skip
REMEMBERED_BUILDS = 100


def build_row(
    build_id: str, as_of: datetime, agreement: Agreement, terms: Terms, *, exports_key: str, is_demo: bool,
    head: tuple[int, str] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """The one row of `meta.build`. `head`: number and hash of the ledger's newest entry, None = without a ledger."""
    row = (
        build_id, datetime.now(UTC), as_of.astimezone(UTC), agreement.version, terms.company.currency,
        terms.company.zone, APP_VERSION, exports_key, is_demo, *(head or (None, None)),
    )  # fmt: skip
    return pl.DataFrame([row], schema=BUILD, orient="row")


def sources_frame(reports: Sequence[Any]) -> pl.DataFrame:
    """`meta.sources`: one row per file and mapping, decisions as JSON, tables as a comma list."""
    rows = [asdict(report) for report in reports]
    for row in rows:
        row["decisions"] = json.dumps(row["decisions"], ensure_ascii=False, sort_keys=True)
        row["tables"] = ",".join(row["tables"])
        row["mapping"] = row["mapping"] or None
    return pl.DataFrame([{column: row[column] for column in SOURCES} for row in rows], schema=SOURCES).sort(
        "file", "mapping"
    )


def history(previous: Path | None) -> pl.DataFrame:
    """`meta.history`: the builds before this one, newest first. An unreadable predecessor has no history to give."""
    rows = _asked(
        previous,
        """
        select b.build_id, b.built_at, b.as_of, b.agreement_version, s.rows_read, s.rows_kept, s.rows_rejected
        from meta.build b, (select sum(rows_read)::bigint as rows_read, sum(rows_kept)::bigint as rows_kept,
                                   sum(rows_rejected)::bigint as rows_rejected from meta.sources) s
        union all select * from meta.history order by build_id desc
        """,
    )
    return pl.DataFrame(rows, schema=HISTORY, orient="row").head(REMEMBERED_BUILDS)


def rows_by_mapping(previous: Path | None, exports_key: str) -> dict[str, int]:
    """Rows kept by mapping in the build before, if it was built from the same folder."""
    return dict(
        _asked(
            previous,
            """
            select mapping, sum(rows_kept)::bigint from meta.sources
            where mapping is not null and (select any_value(exports_key) from meta.build) = $exports_key
            group by mapping
            """,
            exports_key=exports_key,
        )
    )


def ledger_head(previous: Path | None) -> tuple[int, str] | None:
    """The ledger's newest entry as the build before saw it."""
    rows = _asked(previous, "select ledger_seq, ledger_hash from meta.build where ledger_seq > 0")
    return rows[0] if rows else None


def _asked(file: Path | None, sql: str, **params: str) -> list[tuple[Any, ...]]:
    if file is None:
        return []
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql, params or None).fetchall()
    except duckdb.Error:
        return []
