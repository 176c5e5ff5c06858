"""The demo company's agreement, signed by its two invented heads, so that its pages read "agreed".

Each set of terms was signed some days before it began, as its own version. The demo has a ledger of its own: nobody's
signature under an invented agreement counts for a real one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from agreement import Agreement, load
from agreement.entries import Actor
from agreement.ledger import Ledger
from agreement.signing import draft, propose, sign
from agreement.terms import AMENDMENTS
from pipeline.sources.exports import AGREEMENT

MARKETING = Actor("Soraya Lindqvist-Brandl", "marketing")
SALES = Actor("Tjark Overhagen", "sales")
DRAFTED, SIGNED, BOTH = timedelta(days=14), timedelta(days=9), timedelta(days=7)
AT, FRIDAY = time(10, 30), 4
SUFFIXES = ("", "-wal", "-shm")


def sign_demo(exports: Path, file: Path) -> None:
    """Writes the demo's ledger to `file`, whole or not at all; one that is there stays as it is."""
    if file.exists() or not (exports / AGREEMENT).is_file():
        return
    unfinished = file.with_name(f".{file.name}.draft")
    forget(unfinished)
    _sign(load(exports / AGREEMENT), unfinished)
    unfinished.rename(file)


def forget(file: Path) -> None:
    """Removes a ledger with what SQLite keeps beside it: only for invented ones."""
    for suffix in SUFFIXES:
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _sign(agreement: Agreement, file: Path) -> None:
    tz = agreement.dated[0][1].company.tz
    moment = _before(agreement.valid_from, DRAFTED, tz)
    ledger = Ledger(f"sqlite:///{file}", clock=lambda: moment)
    document, base = agreement.document, None
    try:
        for number, (begins, _terms) in enumerate(agreement.dated):
            until = {**document, AMENDMENTS: document.get(AMENDMENTS, [])[:number]}
            moment = _before(begins, DRAFTED, tz)
            base = draft(ledger, MARKETING, until, base).object_id
            content = ledger.entries("agreement", base)[-1].body["content"]
            propose(ledger, MARKETING, base, content)
            moment = _before(begins, SIGNED, tz)
            sign(ledger, MARKETING, base, content)
            moment = _before(begins, BOTH, tz)
            sign(ledger, SALES, base, content)
    finally:
        ledger.close()


def _before(begins: date, ahead: timedelta, tz: ZoneInfo) -> datetime:
    """Half past ten so many days before, on a weekday."""
    day = begins - ahead
    return datetime.combine(day - timedelta(days=max(0, day.weekday() - FRIDAY)), AT, tz)
