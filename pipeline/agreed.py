"""By which agreement a build judges, and what the ledger says of it.

The one both departments signed counts; until there is one, `agreement.toml` beside the exports, else the terms
shipped. A file named on the command line goes before all of them, for trials.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl

from agreement import Agreement, load
from agreement.entries import ChainFault, Entry
from agreement.ledger import Ledger
from agreement.versions import OPEN, Version, history
from pipeline.sources.exports import AGREEMENT as AGREEMENT_FILE

State = Literal["draft", "proposed", "in_force"]
Head = tuple[int, str]
AGREEMENT: dict[str, pl.DataType | type[pl.DataType]] = {
    "version": pl.String, "document": pl.String, "state": pl.String, "number": pl.String,
    "in_force_since": pl.Datetime("us", "UTC"), "signed_for_marketing": pl.String, "signed_for_sales": pl.String,
}  # fmt: skip
NOT_SIGNED: State = "draft"


@dataclass(frozen=True)
class OnRecord:
    """What a build reads of the ledger, all of one moment. `head` is None where the build was given no ledger."""

    entries: Sequence[Entry] = ()
    head: Head | None = None
    faults: Sequence[ChainFault] = ()


@dataclass(frozen=True)
class Agreed:
    """The agreement and its state: signed by both and in force, proposed, or a draft nobody proposed."""

    agreement: Agreement
    state: State = NOT_SIGNED
    version: Version | None = None

    def row(self) -> pl.DataFrame:
        """The one row of `meta.agreement`."""
        signatures = self.version.signatures if self.version else {}
        names = [signatures[side].actor_name if side in signatures else None for side in ("marketing", "sales")]
        since: datetime | None = self.version.since if self.version else None
        number = self.version.id if self.version else None
        row = (self.agreement.version, self.agreement.canonical_json, self.state, number, since, *names)
        return pl.DataFrame([row], schema=AGREEMENT, orient="row")


def look(url: str | None) -> OnRecord:
    """The ledger as it is now. Raises `LedgerError`."""
    if url is None:
        return OnRecord()
    ledger = Ledger(url)
    try:
        head = ledger.head()
        return OnRecord(ledger.entries(until=head[0]), head, ledger.verify(head))
    finally:
        ledger.close()


def beside(exports: Path) -> Path | None:
    """The company's own terms beside its exports, if there are any."""
    own = exports / AGREEMENT_FILE
    return own if own.is_file() else None


def agreed(entries: Sequence[Entry], chosen: Path | None = None, own: Path | None = None) -> Agreed:
    """What to judge by. `chosen`: a file that goes before the ledger; `own`: the one that counts until one is signed.

    Raises `TermsError` for a file that cannot be used.
    """
    versions = history(entries)
    current = next((version for version in versions if version.state == "in_force"), None)
    if current and chosen is None:
        return Agreed(current.agreement, "in_force", current)
    agreement = load(chosen or own)
    if current and current.agreement.version == agreement.version:
        return Agreed(agreement, "in_force", current)
    known = [
        version for version in versions if version.state in OPEN and version.agreement.version == agreement.version
    ]
    return Agreed(agreement, "proposed", known[-1]) if known else Agreed(agreement)
