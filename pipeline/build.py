"""The story of a build: read, resolve, judge, write, audit, publish."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from agreement import Terms, TermsError
from agreement.ledger import LedgerError
from pipeline import audit, decisions, publish, upsert
from pipeline.agreed import Agreed, OnRecord, agreed, beside, look
from pipeline.buckets import Buckets, number_of_buckets
from pipeline.judgement import judge
from pipeline.meta import build_row, history, ledger_head, rows_by_mapping, sources_frame
from pipeline.reporting_currency import deals_with_reporting, spend_with_reporting
from pipeline.resolve import EVENTS, resolve
from pipeline.sources import Staged, read_exports
from pipeline.sources.whole import REJECTED_SCHEMA
from pipeline.warehouse import Warehouse
from queries.published import published_file

Progress = Callable[[str, float], None]
STILL_CURRENT = timedelta(days=14)
JUDGING = "Judging every row by the agreement"
SHIPPED_MAPPINGS = Path(__file__).parent / "sources" / "mappings"


class BuildFailed(Exception):
    """The build was not published. `problems`: one sentence each, saying what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class BuildResult:
    """What became of a build. `published` is None where yesterday's file stays on screen."""

    published: Path | None
    problems: list[str] = field(default_factory=list)
    build_id: str | None = None
    notes: list[str] = field(default_factory=list)


def build(
    exports: Path,
    builds: Path,
    mappings: Path | None = None,
    agreement: Path | None = None,
    as_of: datetime | None = None,
    buckets: int | None = None,
    skip_refused: bool = False,
    accept_volume: bool = False,
    progress: Progress | None = None,
    ledger: str | None = None,
) -> BuildResult:
    """Read all exports, compute the marts and publish one new file in `builds`.

    `as_of` is the moment the numbers are judged at (aware); by default now, or the newest record of exports that
    ended more than two weeks ago. `ledger`: address of the ledger whose decisions count; the agreement both signed
    there judges, unless a file is named as `agreement`; until one is signed, `agreement.toml` beside the exports, and
    where there is none the shipped terms. Nothing is published while a file is refused (unless `skip_refused`), an
    audit fails or the ledger's chain is broken; the file before stays the published one.
    """
    started_at = datetime.now(UTC)
    try:
        builds.mkdir(parents=True, exist_ok=True)
        with _only_builder(builds):
            publish.clear_drafts(builds)
            build_id = publish.next_build_id(builds, started_at)
            work = builds / f".draft-{build_id}"
            work.mkdir()
            try:
                record = look(ledger)
                _stop_for_broken_chain(record)
                judged_by = agreed(record.entries, agreement, beside(exports))
                file, notes = _build(
                    exports, builds, work, build_id, mappings, judged_by, record, as_of, started_at, buckets,
                    skip_refused, accept_volume, progress or (lambda step, share: None),
                )  # fmt: skip
            finally:
                shutil.rmtree(work, ignore_errors=True)
            publish.point_to(file)
            publish.record_call(builds, publish.Call(exports, mappings, agreement, as_of, skip_refused))
            publish.forget_old_builds(builds, started_at)
            result = BuildResult(file, [], build_id, notes)
    except (BuildFailed, LedgerError, ValueError, OSError, duckdb.Error) as error:
        problems = error.problems if isinstance(error, BuildFailed) else [_in_words(error)]
        result = BuildResult(None, problems)
    with suppress(OSError):  # on a full disk the caller still hears the reason
        publish.record_attempt(
            builds,
            started_at=started_at.isoformat(), finished_at=datetime.now(UTC).isoformat(),
            status="published" if result.published else "failed",
            build_id=result.build_id, message=result.problems[0] if result.problems else "", problems=result.problems,
        )  # fmt: skip
    return result


def _build(
    exports: Path, builds: Path, work: Path, build_id: str, mappings: Path | None, judged_by: Agreed,
    record: OnRecord, as_of: datetime | None, now: datetime, buckets: int | None, skip_refused: bool,
    accept_volume: bool, progress: Progress,
) -> tuple[Path, list[str]]:  # fmt: skip
    agreement = judged_by.agreement
    terms = agreement.terms_on((as_of or now).astimezone(UTC).date())
    folders = [SHIPPED_MAPPINGS, *([mappings] if mappings else [])]

    def reading(file: str, rows: int, share: float) -> None:
        progress(f"Reading {file}: {rows:,} rows", 0.45 * share)

    staged = read_exports(exports, folders, work / "staged", terms, as_of or now, reading)
    as_of = as_of or _judged_at(staged, now)
    _stop_for_refused(staged, skip_refused)

    draft = work / "draft.duckdb"
    previous = published_file(builds)
    with Warehouse(draft, spill=work / "spill") as warehouse:
        decided = decisions.read(record.entries)
        parts = _who_is_who(warehouse, work, staged, terms, as_of, buckets, decided, progress)
        judge(warehouse, parts, work / "marts", agreement, as_of, lambda share: progress(JUDGING, 0.6 + 0.25 * share))
        progress("Writing what was judged", 0.85)
        sources = sources_frame(staged.sources)
        warehouse.add("mart.notes", decided["notes"])
        meta = build_row(
            build_id, as_of, agreement, terms, exports_key=_key(exports), is_demo=_is_demo(exports), head=record.head
        )
        warehouse.add("meta.sources", sources)
        warehouse.add("meta.build", meta)
        warehouse.add("meta.agreement", judged_by.row())
        warehouse.add("meta.history", history(previous))

    progress("Checking that the books balance", 0.92)
    before = ledger_head(previous) if record.head else None
    checks = pl.concat([audit.audit(draft), audit.ledger_goes_on([entry.hash for entry in record.entries], before)])
    if not accept_volume:
        kept = rows_by_mapping(previous, _key(exports))
        checks = pl.concat([checks, audit.volume(_now(sources), kept, terms.quality.volume_drop_share)])
    failed = checks.filter((pl.col("severity") == "fail") & (pl.col("status") == "failed"))
    if failed.height:
        raise BuildFailed([_failed_check(row) for row in failed.iter_rows(named=True)])
    with duckdb.connect(str(draft)) as connection:
        connection.register("checks", checks.to_arrow())
        connection.execute("create table meta.checks as select * from checks")
        connection.execute("checkpoint")
    progress("Publishing", 1.0)
    return publish.seal(draft, builds / f"tandem-{build_id}.duckdb"), _left_out(staged)


@contextmanager
def _only_builder(builds: Path) -> Any:
    lock = FileLock(builds / ".build.lock")
    holder = builds / ".builder"
    try:
        with lock.acquire(timeout=0):
            holder.write_text(f"process {os.getpid()}, since {datetime.now(UTC):%H:%M} UTC", "utf-8")
            yield
            holder.unlink(missing_ok=True)
    except Timeout:
        who = holder.read_text("utf-8") if holder.exists() else "unknown process"
        raise BuildFailed([f"Another build is running ({who}). Wait for it to end, then build again."]) from None


def _judged_at(staged: Staged, now: datetime) -> datetime:
    """Now; but exports that ended long ago are judged at their newest record, not years after it."""
    newest = max((report.newest_record for report in staged.sources if report.newest_record), default=now)
    return now if now - newest <= STILL_CURRENT else newest


def _stop_for_broken_chain(record: OnRecord) -> None:
    if record.faults:
        first = str(record.faults[0]).capitalize()
        more = f" and {len(record.faults) - 1} more faults" if len(record.faults) > 1 else ""
        raise BuildFailed([f"The ledger was tampered with or is damaged. {first}{more}. Put its last backup in place."])


def _stop_for_refused(staged: Staged, skip_refused: bool) -> None:
    refused = [report for report in staged.sources if report.status == "refused"]
    if refused and not skip_refused:
        raise BuildFailed([f"{report.file}: {report.message}" for report in refused])
    if not any(report.status == "read" for report in staged.sources):
        raise BuildFailed(["No file in the exports folder was recognised. docs/mappings.md says how to describe one."])


def _left_out(staged: Staged) -> list[str]:
    """One sentence per file that is not in the numbers."""
    return [f"{report.file} was left out. {report.message}" for report in staged.sources if report.status != "read"]


def _has_emails(rows: pl.LazyFrame) -> bool:
    return rows.select(pl.col("email").is_not_null().any()).collect().item()


def _who_is_who(
    warehouse: Warehouse, work: Path, staged: Staged, terms: Terms, as_of: datetime, buckets: int | None,
    decided: dict[str, pl.DataFrame], progress: Progress,
) -> Buckets:  # fmt: skip
    """Apply identity to all canonical tables: entities go to the warehouse, events into buckets of accounts."""
    progress("Finding who is who", 0.45)
    tables = upsert.newest(staged)
    identity = resolve({table: rows.collect() for table, rows in tables.items() if table not in EVENTS}, terms)
    told = identity.tables
    valued = {"deals": deals_with_reporting(told, terms, as_of), "spend": spend_with_reporting(told, terms)}
    for table, frame in (told | valued).items():
        warehouse.add(f"canonical.{table}", frame)
    ignored = identity.cycles.with_columns(rule=pl.lit("contradiction_ignored"))
    warehouse.add("canonical.merges", pl.concat([identity.merged, ignored]))
    rejected = pl.DataFrame(schema=REJECTED_SCHEMA).drop("column_name")
    warehouse.add_parquet("canonical.rejected_rows", staged.rejected, rejected)

    touches = tables["touches"].select(pl.len()).collect().item()
    about = decisions.resolved(decided, identity)
    parts = Buckets(work / "buckets", identity, buckets or number_of_buckets(touches), about)
    for number, table in enumerate(EVENTS):
        progress("Finding who is who", 0.5 + 0.025 * number)
        with_emails = table == "touches" and _has_emails(tables[table])
        parts.write(table, identity.event(table, tables[table], with_emails=with_emails))
    return parts


def _now(sources: pl.DataFrame) -> dict[str, int]:
    return dict(
        sources.filter(pl.col("mapping").is_not_null()).group_by("mapping").agg(pl.col("rows_kept").sum()).iter_rows()
    )


def _key(exports: Path) -> str:
    """Tells one exports folder from another without publishing where it lies."""
    return hashlib.sha256(str(exports.resolve()).encode()).hexdigest()[:12]


def _is_demo(exports: Path) -> bool:
    return (exports / "truth.json").exists()


def _failed_check(row: dict[str, Any]) -> str:
    return f"Check {row['check_name']} failed for {row['rows']:,} rows ({row['detail']}). The build was not published."


def _in_words(error: Exception) -> str:
    if isinstance(error, TermsError):
        return f"The agreement cannot be used. {error}"
    if isinstance(error, LedgerError):
        return str(error)
    if any(sign in str(error) for sign in ("No space left", "File too large", "Disk quota")):
        return f"The disk is full: {error}. Make room and build again; the build before stays published."
    return f"{type(error).__name__}: {error}"
