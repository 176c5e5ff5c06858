"""The books must balance before a build is published.

Every file in `queries/audits/` is a query that must return no rows. Its header says `-- severity: fail` (the build
is not published) or `-- severity: warn` (it is shown on Data health).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import polars as pl

AUDITS = Path(__file__).parent.parent / "queries" / "audits"
CHECKS = {
    "check_name": pl.String, "severity": pl.String, "status": pl.String, "rows": pl.Int64, "detail": pl.String,
}  # fmt: skip
SAMPLE = 3


def severity_of(sql: str) -> str:
    """`fail` or `warn` from the header. Raises `ValueError` where the header does not say."""
    for line in sql.splitlines():
        if line.startswith("-- severity:"):
            value = line.removeprefix("-- severity:").strip()
            if value in ("fail", "warn"):
                return value
    raise ValueError("an audit says `-- severity: fail` or `-- severity: warn` in its header")


def audit(draft: Path) -> pl.DataFrame:
    """Run all audits on a closed draft: `check_name, severity, status (passed | failed), rows, detail`."""
    results = []
    with duckdb.connect(str(draft), read_only=True, config={"memory_limit": "1200MB"}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for file in sorted(AUDITS.glob("*.sql")):
            sql = file.read_text("utf-8")
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description or []]
            rows = cursor.fetchmany(10_000)
            sample = "; ".join(", ".join(f"{n}={v}" for n, v in zip(names, row, strict=True)) for row in rows[:SAMPLE])
            results.append((file.stem, severity_of(sql), "failed" if rows else "passed", len(rows), sample))
    return pl.DataFrame(results, schema=CHECKS, orient="row")


def volume(current: dict[str, int], before: dict[str, int], tolerated_drop: float) -> pl.DataFrame:
    """A mapping whose rows shrank by more than the agreed share: half an export looks like half the business.

    `current`, `before`: rows kept by mapping. A mapping that is gone altogether counts as a drop to nothing.
    """
    shrunk = [
        ("volume_" + mapping, "fail", "failed", before[mapping] - current.get(mapping, 0),
         f"{mapping}: {before[mapping]:,} rows in the build before, {current.get(mapping, 0):,} now")
        for mapping in sorted(before)
        if before[mapping] and current.get(mapping, 0) < before[mapping] * (1 - tolerated_drop)
    ]  # fmt: skip
    return pl.DataFrame(shrunk, schema=CHECKS, orient="row")


def ledger_goes_on(hashes: Sequence[str], before: tuple[int, str] | None) -> pl.DataFrame:
    """Does the ledger still hold the entry that was its newest in the build before? A restored backup may not.

    `hashes`: of all entries in order; `before`: number and hash of that entry, None = there was no ledger.
    """
    if before is None:
        return pl.DataFrame(schema=CHECKS)
    number, newest = before
    holds = len(hashes) >= number and hashes[number - 1] == newest
    told = "" if holds else f"entry {number} of the ledger was {newest[:12]} in the build before and is not any more"
    row = ("ledger_goes_on", "warn", "passed" if holds else "failed", 0 if holds else 1, told)
    return pl.DataFrame([row], schema=CHECKS, orient="row")
