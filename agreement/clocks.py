"""The clock of a promise: agreed opening hours as a calendar in the company's zone."""

from __future__ import annotations

from agreement.sections import WorkingTime
from agreement.terms import Terms
from measures.working_time import Calendar


def calendar_of(terms: Terms, hours: WorkingTime) -> Calendar:
    """The clock of these opening hours."""
    return Calendar(terms.company.zone, hours.windows, hours.subdivision, hours.closures)
