"""Marketing's quarter: accepted leads against the line, and an honest guess of where it ends."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from locales import _
from locales.formats import number
from measures.projection import remaining_count


@dataclass(frozen=True)
class Outlook:
    """Where the quarter ends at the pace so far: expected and 95 % range, against the target of the whole quarter."""

    expected: float
    low: float
    high: float
    target: float
    working_days_left: int


def outlook(rows: pl.DataFrame, unit: str) -> Outlook | None:
    """From `service_levels/burn_up`: None before the first working day is over and after the last.

    Leads still to come follow the pace per working day so far (negative binomial: the pace itself is uncertain); their
    value is that of the mean lead delivered.
    """
    mine = rows.filter(pl.col("unit") == unit).sort("day")
    count = rows.filter(pl.col("unit") == "count").sort("day")
    past = mine.filter(pl.col("delivered_to_date").is_not_null())
    left = int(mine.filter(pl.col("delivered_to_date").is_null())["is_working_day"].sum())
    gone = int(past["is_working_day"].sum())
    if not past.height or not gone or not left:
        return None
    leads = float(count.filter(pl.col("delivered_to_date").is_not_null())["delivered_to_date"][-1])
    done = float(past["delivered_to_date"][-1])
    each = done / leads if leads else 0.0
    more = remaining_count(leads, gone, left)
    return Outlook(
        done + more.expected * each, done + more.low * each, done + more.high * each, float(mine["target"][-1]), left
    )


def in_words(found: Outlook | None) -> str:
    """The guess and what it rests on."""
    if found is None:
        return ""
    said = _(
        "At the pace so far the quarter ends at {expected} ({low} to {high}, 95 %) of {target}; {days} working days "
        "left."
    )
    return said.format(
        expected=number(found.expected), low=number(found.low), high=number(found.high), target=number(found.target),
        days=number(found.working_days_left),
    )  # fmt: skip
