"""What the agreement says beyond its terms: who has signed, what is open, which days are closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agreement.sections import WorkingTime
from locales import _, language
from measures.working_time import public_holidays

LOOK_AHEAD_DAYS = 365


@dataclass(frozen=True)
class ClosedDay:
    """A day that would be open by its weekday, and why it is not."""

    day: date
    name: str


def next_closed_days(calendar: WorkingTime, today: date, most: int = 12) -> list[ClosedDay]:
    """The next days from `today` on, within a year, that public holidays and closures take from working time."""
    days = (today + timedelta(days=n) for n in range(LOOK_AHEAD_DAYS))
    open_by_weekday = {weekday for weekday, windows in calendar.windows.items() if windows}
    found: list[ClosedDay] = []
    for day in days:
        name = " · ".join(_reasons(calendar, day))
        if name and day.weekday() in open_by_weekday:
            found.append(ClosedDay(day, name))
        if len(found) == most:
            break
    return found


def _reasons(calendar: WorkingTime, day: date) -> Iterator[str]:
    if calendar.subdivision and (name := public_holidays(calendar.subdivision, day.year, language()).get(day)):
        yield name
    if f"{day:%m-%d}" in calendar.closures or day.isoformat() in calendar.closures:
        yield _("Company closed")
