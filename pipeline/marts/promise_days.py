"""mart.promise_days: marketing's promise day by day, promised and delivered."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.marts import columns as c
from pipeline.marts.columns import MONEY, Tables, canonical
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import local_day, moment
from pipeline.marts.promised_leads import UNITS, deliveries, targets


class Columns(dy.Schema):
    """One row per promise, unit, team and day of every fiscal quarter since the first lead. Each quarter starts at 0.

    Delivered are leads accepted by sales, those accepted by silence included; `silent_to_date` says how many they are.
    """

    promise = c.text("accepted_leads", key=True)
    unit = c.text("count, or value: reporting currency at the agreed value per kind of lead", key=True)
    team = c.text("a sales team that was promised leads of its own; null = the company", key=True)
    period_start = c.day("first day of the fiscal quarter")
    period_end = c.day("first day after it")
    day = c.day("local day", key=True)
    is_working_day = c.flag("by the ordinary working time; the promise grows on these days alone")
    target_to_date = c.ratio("promised up to the end of the day")
    target = c.ratio("promised for the whole quarter")
    delivered_to_date = c.money("accepted up to the end of the day; null = the day is still to come")
    silent_to_date = c.money("of them accepted by silence")
    agreement_version = c.text("the terms in force on the day")


DELIVERED: dict[str, pl.DataType | type[pl.DataType]] = {
    "unit": pl.String,
    "team": pl.String,
    "day": pl.Date,
    "delivered": MONEY,
    "silent": MONEY,
}


def partial(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """What one bucket delivered, by unit, team and day. Reads the leads and handovers marts."""
    rows = deliveries(done, agreement, terms_at(agreement, as_of).company.zone)
    worth = {"count": pl.lit(1).cast(MONEY), "value": pl.col("lead_value")}
    return _added(
        [
            rows.select(
                "team",
                "day",
                unit=pl.lit(unit),
                delivered=worth[unit],
                silent=pl.when("is_silent").then(worth[unit]).otherwise(0).cast(MONEY),
            )
            for unit in UNITS
        ]
    )


def whole(tables: Tables, agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """A row without a delivery for the day of the first lead: from its quarter on there is a promise."""
    first = first_day(tables, agreement, as_of)
    days = [] if first is None else [{"unit": UNITS[0], "day": first, "delivered": 0, "silent": 0}]
    return pl.DataFrame(days, schema=DELIVERED)


def merge(frames: list[pl.DataFrame], agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Add up what the buckets delivered and lay it beside the promise, which is made once. Sorted by grain."""
    added = _added(frames)
    if added.is_empty():
        return Columns.create_empty()
    today = cast("date", pl.select(local_day(moment(as_of), terms_at(agreement, as_of).company.zone)).item())
    line = targets(agreement, cast("date", added["day"].min()), today)
    company = added.with_columns(team=pl.lit(None, pl.String))
    by_team = added.filter(pl.col("team").is_not_null())
    both = pl.concat([company, by_team]).group_by("unit", "team", "day").agg(pl.col("delivered", "silent").sum())
    on = ["unit", "team", "day"]
    rows = line.join(both, on=on, how="left", nulls_equal=True).sort(
        "unit", "team", "period_start", "day", nulls_last=True
    )
    is_past = pl.col("day") <= today
    to_date = [
        pl.when(is_past)
        .then(pl.col(name).fill_null(0).cum_sum().over("unit", "team", "period_start"))
        .alias(f"{name}_to_date")
        for name in ("delivered", "silent")
    ]
    return Columns.cast(rows.with_columns(*to_date, promise=pl.lit("accepted_leads")))


def first_day(tables: Tables, agreement: Agreement, as_of: datetime) -> date | None:
    """Local day on which the first lead was created; None without leads."""
    zone = terms_at(agreement, as_of).company.zone
    leads = canonical(tables, "leads")
    return cast("date | None", leads.select(local_day(pl.col("created_at").min(), zone)).item())


def _added(frames: list[pl.DataFrame]) -> pl.DataFrame:
    parts = pl.concat([pl.DataFrame(schema=DELIVERED), *(frame.select(*DELIVERED) for frame in frames)])
    return parts.group_by("unit", "team", "day").agg(pl.col("delivered", "silent").sum().cast(MONEY))
