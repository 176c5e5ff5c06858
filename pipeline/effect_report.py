"""The effect of a proposal on the terminal."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from agreement import Agreement, load
from agreement.faults import Fault, TermsError
from agreement.ledger import Ledger
from agreement.versions import KIND, version
from queries.trials import Effect

LONGEST = 20


def proposed(file: Path | None, number: str | None, address: str) -> Agreement:
    """The agreement of a file, or of a version in the ledger. Raises `TermsError`, `LedgerError` and `OSError`."""
    if file is not None:
        return load(file)
    ledger = Ledger(address)
    try:
        found = version(ledger.entries(KIND), number or "")
    finally:
        ledger.close()
    if found is None:
        raise TermsError(f"version {number}", [Fault("", "There is no such version in the ledger.")])
    return found.agreement


def tables(found: Effect) -> list[Table]:
    """The agreed figures, now and as proposed, and what changes in the records."""
    tried = f"as if it had held since {found.since}" if found.since else "as it is written"
    figures = Table("figure", "now", "as proposed", title=f"Last {found.weeks} weeks, the proposal {tried}")
    for row in found.kpis.iter_rows(named=True):
        is_same = row["value_now"] == row["value_proposed"]
        figures.add_row(row["kpi"], _number(row["value_now"]), "same" if is_same else _number(row["value_proposed"]))
    changes = Table("table", "rows", "change", title="Records that change")
    for row in found.changes.sort("rows", descending=True).head(LONGEST).iter_rows(named=True):
        what = row["change"] if row["column"] is None else f"{row['column']} {_change(row)}"
        changes.add_row(row["mart"], f"{row['rows']:,}", Text(what))
    return [figures, changes]


def _change(row: dict[str, object]) -> str:
    return str(row["direction"]) if row["direction"] else f"{row['old'] or 'none'} -> {row['new'] or 'none'}"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,.3f}".rstrip("0").rstrip(".")
