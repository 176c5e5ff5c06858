"""Marketing's promise: how many accepted leads were promised by each day, and which ones were delivered.

The promise of a fiscal quarter is a line over its *working* days: every working day carries the same share, judged by
the terms in force on it, so a promise amended in mid-quarter bends the line and re-judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import polars as pl

from agreement import Agreement, Terms
from agreement.clocks import calendar_of
from measures.calendar_weeks import fiscal_quarter_start
from measures.working_time import Calendar
from pipeline.marts.columns import MONEY, Tables
from pipeline.marts.dated_terms import by_terms
from pipeline.marts.local_time import local_day

UNITS = ("count", "value")
TARGETS = {
    "unit": pl.String, "team": pl.String, "period_start": pl.Date, "period_end": pl.Date, "day": pl.Date,
    "is_working_day": pl.Boolean, "target_to_date": pl.Float64, "target": pl.Float64, "agreement_version": pl.String,
}  # fmt: skip


def targets(agreement: Agreement, first: date, last: date) -> pl.DataFrame:
    """The promise by unit, team (null = the company) and day, for every day of the fiscal quarters from `first` to
    `last`; schema `TARGETS`. `target_to_date` includes the day, `target` is that of the whole quarter.
    """
    month = agreement.terms_on(first).company.fiscal_year_start_month
    rows: list[tuple[object, ...]] = []
    period_start = fiscal_quarter_start(first, month)
    while period_start <= last:
        period_end = fiscal_quarter_start(period_start + timedelta(days=100), month)
        rows += _quarter(agreement, period_start, period_end)
        period_start = period_end
    return pl.DataFrame(rows, schema=TARGETS, orient="row")


def _quarter(agreement: Agreement, period_start: date, period_end: date) -> Iterator[tuple[object, ...]]:
    days = [period_start + timedelta(days=number) for number in range((period_end - period_start).days)]
    in_force = [agreement.terms_on(day) for day in days]
    calendars = {terms.version: calendar_of(terms, terms.working_time) for terms in in_force}
    working = {version: len(calendar.working_days(period_start, period_end)) for version, calendar in calendars.items()}
    teams = sorted({team for terms in in_force for team in terms.delivery.by_team})
    for unit, team in [("count", None), ("value", None), *(("count", team) for team in teams)]:
        line = list(_line(days, in_force, calendars, working, unit, team))
        for day, terms, (is_working_day, reached) in zip(days, in_force, line, strict=True):
            yield unit, team, period_start, period_end, day, is_working_day, reached, line[-1][1], terms.version


def _line(
    days: list[date],
    in_force: list[Terms],
    calendars: dict[str, Calendar],
    working: dict[str, int],
    unit: str,
    team: str | None,
) -> Iterator[tuple[bool, float]]:
    """For each day whether it is a working day, and the promise up to its end. Days are counted and then multiplied, so
    that the line ends exactly at the promise."""
    passed = dict.fromkeys(calendars, 0)
    promised = {terms.version: _promised(terms, unit, team) for terms in in_force}
    for day, terms in zip(days, in_force, strict=True):
        is_working_day = calendars[terms.version].is_working_day(day)
        passed[terms.version] += is_working_day
        reached = sum(promised[version] * count / (working[version] or 1) for version, count in passed.items())
        yield is_working_day, reached


def _promised(terms: Terms, unit: str, team: str | None) -> float:
    if team is not None:
        return terms.delivery.by_team.get(team, 0)
    return terms.delivery.accepted_leads if unit == "count" else terms.delivery.accepted_value


def deliveries(done: Tables, agreement: Agreement, zone: str) -> pl.DataFrame:
    """The accepted leads of one bucket: `team, day, is_silent, lead_value`. Reads the leads and handovers marts.

    A lead counts once, in its first cycle: on the day sales accepted it, or on which its deadline passed in silence.
    The value is that of the day of the handover, or of acceptance where sales took the lead without one.
    """
    first = done["handovers"].filter(cycle=1)
    values = first.select("lead_id", "lead_value")
    explicit = (
        done["leads"]
        .filter(pl.col("sal_at").is_not_null(), cycle=1)
        .select("lead_id", "team", "lead_type", day=local_day("sal_at", zone), is_silent=pl.lit(False))
        .join(values, on="lead_id", how="left")
    )
    unvalued = explicit.filter(pl.col("lead_value").is_null())
    valued = [
        part.with_columns(lead_value=lead_value(terms).cast(MONEY))
        for terms, part in by_terms(unvalued, agreement, "day")
    ]
    silent = first.filter(decision="silent").select(
        "lead_id",
        "team",
        "lead_type",
        day=local_day("decided_at", zone),
        is_silent=pl.lit(True),
        lead_value="lead_value",
    )
    rows = pl.concat([explicit.filter(pl.col("lead_value").is_not_null()), *valued, silent], how="vertical_relaxed")
    return rows.select("team", "day", "is_silent", "lead_value")


def lead_value(terms: Terms) -> pl.Expr:
    """Agreed value of an accepted lead by `lead_type`, reporting currency; a kind without one is worth 0."""
    kinds = dict(terms.delivery.lead_value)
    return pl.col("lead_type").fill_null("other").replace_strict(kinds, default=0, return_dtype=pl.Float64)
