"""`python -m reports week 2026-W47 --format pptx`: the meeting as a document, for a scheduler."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import get_args

import locales
from agreement.ledger import LedgerError, setting
from findings.meeting import week_of
from locales import _
from queries import QueryTooSlow
from queries.published import published_file
from reports.files import Format, written
from reports.week import Ledger, read


def write(
    week: str, kind: str, out: Path | None, builds: Path | None, ledger: str | None, language: str | None
) -> Path:
    """Write the document whole or not at all; returns its path. Raises `ValueError` or `OSError` in clear words."""
    locales.use(locales.matching(language or os.environ.get("LC_ALL") or os.environ.get("LANG")))
    formats: tuple[Format, ...] = get_args(Format)
    chosen = next((one for one in formats if one == kind), None)
    if chosen is None:
        raise ValueError(
            _("{kind} is no format; write one of {formats}.").format(kind=kind, formats=", ".join(formats))
        )
    monday = _monday(week)
    file = published_file(builds or Path(os.environ.get("TANDEM_BUILDS") or "data/builds"))
    if file is None:
        raise ValueError(_("Nothing is published yet; run make build first."))
    try:
        known = Ledger.at(ledger or setting())
        found = read(file, monday, known)
    except (LedgerError, QueryTooSlow) as error:
        raise ValueError(str(error)) from error
    if not any(row.weeks for row in found.meeting.kpis):
        raise ValueError(_("The published file holds no figures yet."))
    target = out or Path(f"tandem-{week}.{kind}")
    draft = target.with_name(f".{target.name}.part")
    draft.write_bytes(written(found, chosen))
    draft.replace(target)
    return target


def _monday(week: str) -> date:
    try:
        return week_of(week)
    except ValueError:
        raise ValueError(_("{week} is no week; write it like 2026-W47.").format(week=week)) from None
