"""Which terms judge what: those in force on the day of the thing itself, never those of today."""

from __future__ import annotations

from datetime import datetime

from agreement import Agreement, Terms


def terms_at(agreement: Agreement, at: datetime) -> Terms:
    """The terms in force on the local day of an aware instant; the zone is the same for all days."""
    zone = agreement.terms_on(at.date()).company.tz
    return agreement.terms_on(at.astimezone(zone).date())
