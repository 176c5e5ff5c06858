"""Which terms judge what: those in force on the day of the thing itself, never those of today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from agreement import Agreement, Terms


def terms_at(agreement: Agreement, at: datetime) -> Terms:
    """The terms in force on the local day of an aware instant; the zone is the same for all days."""
    zone = agreement.terms_on(at.date()).company.tz
    return agreement.terms_on(at.astimezone(zone).date())


def by_terms(rows: pl.DataFrame, agreement: Agreement, day: str) -> Iterator[tuple[Terms, pl.DataFrame]]:
    """The rows in parts, each with the terms in force on its days; rows without a `day` come in no part.

    day: name of a column of local dates. Within a part the order is kept.
    """
    terms = {found: agreement.terms_on(found) for found in rows[day].unique().drop_nulls().sort()}
    for version, of_version in {terms.version: terms for terms in terms.values()}.items():
        days = [found for found, in_force in terms.items() if in_force.version == version]
        yield of_version, rows.filter(pl.col(day).is_in(days))
