"""How fast is a million of handovers judged, and do others come to the same result?

    python -m benchmarks.working_time [--handovers 1000000] [--sample 2000]

Working seconds between assignment and answer, and when the answer is due, for handovers spread over two years, on the
calendar of a German company: Monday to Friday 09:00-17:00, holidays of North Rhine-Westphalia. Compared are the table
of the build (`measures.working_time_table`), the loop most people write (one call of the exact calendar per row), and,
where they are installed, the packages `businesstimedelta` and `business-duration`. The slow ones judge a sample. CPU
seconds of one process; `equal`: rows of the sample on which the table comes to the same second.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import time as clock
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from measures import working_time_table
from measures.working_time import Calendar, public_holidays

ZONE, LAND, OPENS, CLOSES = "Europe/Berlin", "NW", 9, 17
YEARS = (2025, 2026, 2027)
PROMISE_SECONDS = 4 * 3_600
OURS = Calendar(ZONE, {day: [(f"{OPENS:02}:00", f"{CLOSES:02}:00")] for day in range(5)}, LAND)
Seconds = list[int]
Times = list[datetime]


def handovers(count: int) -> pl.DataFrame:
    """`assigned_at` around the clock over two years, `responded_at` up to three weeks later; the same every time."""
    random = np.random.default_rng(5)
    first = int(datetime(YEARS[0], 1, 1, tzinfo=UTC).timestamp())
    assigned = first + random.integers(0, 2 * 365 * 86_400, count)
    responded = assigned + random.integers(0, 21 * 86_400, count)
    columns = {"assigned_at": assigned, "responded_at": responded}
    return pl.DataFrame(columns).with_columns((pl.all() * 1_000_000).cast(pl.Datetime("us", "UTC")))


def by_row(starts: Times, ends: Times) -> Seconds:
    """One call per row."""
    return [OURS.seconds_between(start, end) for start, end in zip(starts, ends, strict=True)]


def by_businesstimedelta(starts: Times, ends: Times) -> Seconds:
    """The package of that name: rules for the day and for the holidays."""
    package, zone = import_module("businesstimedelta"), import_module("pytz").timezone(ZONE)  # it knows no other zones
    holidays = {day: name for year in YEARS for day, name in public_holidays(LAND, year).items()}
    work = package.WorkDayRule(clock(OPENS), clock(CLOSES), list(range(5)), tz=zone)
    rules = package.Rules([work, package.HolidayRule(holidays, tz=zone)])
    found = []
    for start, end in zip(starts, ends, strict=True):
        lasted = rules.difference(start, end)
        found.append(round(lasted.hours * 3_600 + lasted.seconds))
    return found


def by_business_duration(starts: Times, ends: Times) -> Seconds:
    """The package of that name; it knows no zones and is given local wall clocks."""
    package, zone = import_module("business_duration"), ZoneInfo(ZONE)
    holidays = {day: name for year in YEARS for day, name in public_holidays(LAND, year).items()}
    local = [[at.astimezone(zone).replace(tzinfo=None) for at in times] for times in (starts, ends)]
    lasted = [
        package.businessDuration(start, end, clock(OPENS), clock(CLOSES), holidaylist=holidays, unit="sec")
        for start, end in zip(*local, strict=True)
    ]
    return [round(seconds) for seconds in lasted]


OTHERS: dict[str, tuple[str, Callable[[Times, Times], Seconds]]] = {
    "businesstimedelta": ("businesstimedelta", by_businesstimedelta),
    "business-duration": ("business_duration", by_business_duration),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--handovers", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=2_000)
    arguments = parser.parse_args()
    rows = handovers(arguments.handovers)
    shown = Table("", "judged", "CPU s", "s per million", "ratio", "equal", title=f"{rows.height:,} handovers")
    first = _cpu(lambda: working_time_table.seconds_between(OURS, *rows))[1]
    seconds, lasted = _cpu(lambda: working_time_table.seconds_between(OURS, *rows))
    _due, due = _cpu(lambda: working_time_table.due(OURS, rows["assigned_at"], PROMISE_SECONDS))
    ours = lasted / rows.height
    shown.add_row("table, first time (builds the calendar)", f"{rows.height:,}", *_speed(first, rows.height, ours), "")
    shown.add_row("table: seconds between", f"{rows.height:,}", *_speed(lasted, rows.height, ours), "")
    shown.add_row("table: due", f"{rows.height:,}", *_speed(due, rows.height, ours), "")
    sample = rows.head(arguments.sample)
    starts, ends = sample["assigned_at"].to_list(), sample["responded_at"].to_list()
    known = seconds.head(sample.height).to_list()
    judges: dict[str, Callable[[Times, Times], Seconds]] = {"row by row": by_row}
    for name, (module, judge) in OTHERS.items():
        if find_spec(module):
            judges[name] = judge
        else:
            shown.add_row(name, "not installed", "", "", "", "")
    by_row(starts[:100], ends[:100])
    for name, judge in judges.items():
        found, used = _cpu(partial(judge, starts, ends))
        equal = f"{sum(a == b for a, b in zip(known, found, strict=True)):,} of {len(known):,}" if found else ""
        shown.add_row(name, f"{sample.height:,}", *_speed(used, sample.height, ours), equal)
    Console(width=110).print(shown)


def _cpu(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    return work(), time.process_time() - began


def _speed(used: float, rows: int, ours: float) -> tuple[str, str, str]:
    return f"{used:.3f}", f"{1e6 * used / rows:,.2f}", f"{used / rows / ours:,.1f}"


if __name__ == "__main__":
    main()
