"""Two judgements of the same records beside the published one: by the agreement as it is, and by a proposal.

Reading exports and finding who is who depend on few terms. While a proposal leaves those alone, both judgements take
the canonical tables of the published file: the marts come out as a whole build would make them. Otherwise both are
whole builds from the exports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl

from agreement import Agreement
from agreement.terms import Terms
from pipeline import decisions
from pipeline.agreed import OnRecord
from pipeline.buckets import Buckets, number_of_buckets
from pipeline.canonical import SCHEMAS
from pipeline.judgement import judge
from pipeline.resolve import ENTITIES, EVENTS, Identity
from pipeline.warehouse import Warehouse

NEEDED_BEFORE = ("company", "identity", "quality")
"""Sections that reading and identity depend on; a test keeps this list true."""
MERGES = "select kind, from_id, into_id from canonical.merges where rule != 'contradiction_ignored'"
Share = Callable[[float], None]


def reads_alike(agreements: Iterable[Agreement]) -> bool:
    """Do all of them read exports and resolve identity in one way, on every day?"""
    told = {_needed(terms) for agreement in agreements for _day, terms in agreement.dated}
    return len(told) == 1


def judge_again(
    published: Path, work: Path, agreement: Agreement, record: OnRecord, as_of: datetime, progress: Share,
    buckets: int | None = None,
) -> Path:  # fmt: skip
    """The marts of a published file judged by `agreement` with the decisions of `record`: a file that holds them alone.

    `work` is made; the file lies in it. Raises `duckdb.Error` where the published file lacks a table.
    """
    work.mkdir(parents=True)
    parts = _parts(published, work, record, buckets)
    file = work / "marts.duckdb"
    with Warehouse(file, spill=work / "spill") as warehouse:
        judge(warehouse, parts, work / "marts", agreement, as_of, progress)
    return file


def quoted(file: Path) -> str:
    """A path as SQL text, for statements that take no parameter."""
    return "'" + str(file).replace("'", "''") + "'"


def _needed(terms: Terms) -> str:
    return "".join(getattr(terms, section).model_dump_json() for section in NEEDED_BEFORE)


def _parts(published: Path, work: Path, record: OnRecord, buckets: int | None) -> Buckets:
    """The published canonical tables as the marts take them: ids are resolved already, rows in their order."""
    with duckdb.connect(str(published), read_only=True, config={"memory_limit": "1200MB"}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        tables = {table: _canonical(connection, table) for table in ENTITIES}
        merges = connection.sql(
            "select kind, from_id, into_id from canonical.merges where rule != 'contradiction_ignored'"
        ).pl()
        leads, deals = _known(tables, merges, "lead"), _known(tables, merges, "deal")
        identity = Identity(
            tables=tables, leads=leads, deals=deals, merged=merges,
            **{name: pl.DataFrame() for name in ("persons", "accounts", "emails", "owners", "campaigns", "cycles")},
        )  # fmt: skip
        touches = connection.execute("select count(*) from canonical.touches").fetchall()[0][0]
        about = decisions.resolved(decisions.read(record.entries), identity)
        parts = Buckets(work / "buckets", identity, buckets or number_of_buckets(touches), about)
        for table in EVENTS:
            file = work / f"{table}.parquet"
            connection.execute(
                f"copy canonical.{table} to '{str(file).replace(chr(39), chr(39) * 2)}' (format parquet)"
            )
            parts.write(table, _events(pl.scan_parquet(file), table, leads, deals))
            file.unlink()
    return parts


def _canonical(connection: duckdb.DuckDBPyConnection, table: str) -> pl.DataFrame:
    names = ", ".join(f'"{column}"' for column in SCHEMAS[table].column_names())
    return SCHEMAS[table].cast(connection.sql(f"select {names} from canonical.{table}").pl())


def _known(tables: dict[str, pl.DataFrame], merges: pl.DataFrame, kind: str) -> pl.DataFrame:
    """`<kind>_id -> resolved, account_id` of all ids, those merged away included."""
    key = f"{kind}_id"
    own = tables[f"{kind}s"].select(key, resolved=key, account_id="account_id")
    gone = merges.filter(kind=kind).select(pl.col("from_id").alias(key), resolved="into_id")
    return pl.concat([own, gone.join(own.select("resolved", "account_id"), on="resolved")])


def _events(rows: pl.LazyFrame, table: str, leads: pl.DataFrame, deals: pl.DataFrame) -> pl.LazyFrame:
    """Event rows with the columns the marts know and the account they belong to."""
    schema = SCHEMAS[table]
    if "account_id" not in schema.column_names():
        key, known = ("lead_id", leads) if "lead_id" in schema.column_names() else ("deal_id", deals)
        rows = rows.join(known.lazy().select(key, "account_id"), on=key, how="left", maintain_order="left")
    missing = [column for column in schema.column_names() if column not in rows.collect_schema().names()]
    told = rows.with_columns(pl.lit(None, pl.String).alias(column) for column in missing)
    extra = [] if "account_id" in schema.column_names() else ["account_id"]
    return told.select(*(pl.col(name).cast(column.dtype) for name, column in schema.columns().items()), *extra)
