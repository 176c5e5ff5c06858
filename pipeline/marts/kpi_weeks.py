"""mart.kpi_weeks: the agreed figures week by week, as numerators and denominators that may be added up."""

from __future__ import annotations

from datetime import datetime, timedelta

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.marts import columns as c
from pipeline.marts.campaign_days import spend_in_reporting_currency
from pipeline.marts.columns import MONEY, Tables
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import local_day, moment, week_start
from pipeline.marts.promise_days import first_day
from pipeline.marts.promised_leads import deliveries, targets

KPIS = {
    "new_leads": "leads created (first cycles)",
    "mqls": "leads that became MQL (first cycles)",
    "accepted_leads": "leads accepted by sales (first cycles)",
    "opportunities": "deals created",
    "marketing_attainment": "agreed value of the accepted leads, those by silence included, of the value promised",
    "follow_up_attainment": "answered in time, of the handovers due (met and breached)",
    "lead_to_opportunity_rate": "of the leads created, those that were an opportunity within the agreed horizon",
    "pipeline_created": "amount of the deals created",
    "won_deals": "deals won",
    "won_revenue": "amount of the deals won",
    "win_rate": "won of the deals closed",
    "marketing_cost": "cost of campaigns",
    "cost_per_lead": "cost of campaigns per lead created; for all teams and segments together",
}


class Columns(dy.Schema):
    """One row per KPI, week, team and segment in which something happened; a week without a row counts zero.

    Add numerators and denominators over teams, segments and weeks, then divide. Cost and marketing's promise belong to
    no team or segment.
    """

    kpi = c.text("; ".join(f"{name}: {doc}" for name, doc in KPIS.items()), key=True)
    week_start = c.day("Monday of the week", key=True)
    team = c.text("team; null = unknown, or does not apply", key=True)
    segment = c.text("segment; null = unknown, or does not apply", key=True)
    numerator = c.money("count, or amount in the reporting currency")
    denominator = c.money("count; null = the KPI is no ratio")
    value = c.ratio("numerator / denominator, or the numerator; null = nothing to divide by")
    is_mature = c.flag("waiting does not change it: the week is over, for a cohort rate also the agreed horizon")


RATIOS = ["marketing_attainment", "follow_up_attainment", "lead_to_opportunity_rate", "cost_per_lead", "win_rate"]
GRAIN = ["kpi", "week_start", "team", "segment"]


def partial(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """Numerators and denominators of one bucket. Reads the leads, handovers and deals marts."""
    terms = terms_at(agreement, as_of)
    zone = terms.company.zone
    leads, deals = done["leads"].filter(pl.col("cycle") == 1), done["deals"]
    closed_at = pl.coalesce("won_at", "lost_at")
    horizon = pl.duration(days=terms.funnel.cohort_horizon_days)
    in_time = (pl.col("opportunity_at") <= pl.col("created_at") + horizon).fill_null(False)
    amount, is_won = pl.col("amount").fill_null(0), pl.col("won_at").is_not_null()
    nobody = pl.lit(None, pl.String)
    judged = done["handovers"].filter(pl.col("status").is_in(["met", "breached"]))
    delivered = deliveries(done, agreement, zone).with_columns(team=nobody, segment=nobody)
    return _added(
        [
            _weekly("new_leads", leads, "created_at", zone, pl.len()),
            _weekly("mqls", leads, "mql_at", zone, pl.len()),
            _weekly("accepted_leads", leads, "sal_at", zone, pl.len()),
            _by_week("marketing_attainment", delivered, pl.col("day").dt.truncate("1w"), pl.col("lead_value").sum()),
            _by_week("follow_up_attainment", judged, "due_week_start", (pl.col("status") == "met").sum(), pl.len()),
            _weekly("lead_to_opportunity_rate", leads, "created_at", zone, in_time.sum(), pl.len()),
            _weekly(
                "cost_per_lead", leads.with_columns(team=nobody, segment=nobody), "created_at", zone, None, pl.len()
            ),
            _weekly("opportunities", deals, "created_at", zone, pl.len()),
            _weekly("pipeline_created", deals, "created_at", zone, amount.sum()),
            _weekly("won_deals", deals, "won_at", zone, pl.len()),
            _weekly("won_revenue", deals, "won_at", zone, amount.sum()),
            _weekly("win_rate", deals, closed_at, zone, is_won.sum(), pl.len()),
        ]
    )


def whole(tables: Tables, agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """What belongs to no account: the cost of campaigns, and what marketing promised."""
    terms = terms_at(agreement, as_of)
    cost = (
        spend_in_reporting_currency(tables, terms)
        .drop_nulls("cost")
        .group_by(week_start=pl.col("day").dt.truncate("1w"))
        .agg(numerator=pl.col("cost").sum().cast(MONEY))
    )
    kpis = [
        cost.select(pl.lit(kpi).alias("kpi"), "week_start", "numerator") for kpi in ("marketing_cost", "cost_per_lead")
    ]
    return _added([*kpis, _promised(tables, agreement, as_of)])


def _promised(tables: Tables, agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Value promised week by week, from the week of the first lead to that of `as_of`."""
    first = first_day(tables, agreement, as_of)
    if first is None:
        return Columns.create_empty().drop("value", "is_mature")
    today = pl.select(local_day(moment(as_of), terms_at(agreement, as_of).company.zone)).item()
    days = targets(agreement, first, today).filter(unit="value").sort("day")
    reached = pl.col("target_to_date")
    return (
        days.with_columns(promised=reached - reached.shift(1, fill_value=0.0).over("period_start"))
        .with_columns(week_start=pl.col("day").dt.truncate("1w"))
        .filter(pl.col("week_start").is_between(first - timedelta(days=first.weekday()), today))
        .group_by("week_start")
        .agg(denominator=pl.col("promised").sum().round(2).cast(MONEY))
        .with_columns(kpi=pl.lit("marketing_attainment"))
    )


def merge(frames: list[pl.DataFrame], agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Add up the parts, divide, and say what is mature. Sorted by grain."""
    terms = terms_at(agreement, as_of)
    today = pl.select(local_day(moment(as_of), terms.company.zone)).item()
    wait = pl.when(pl.col("kpi") == "lead_to_opportunity_rate").then(terms.funnel.cohort_horizon_days).otherwise(0)
    numerator, denominator = pl.col("numerator").cast(pl.Float64), pl.col("denominator").cast(pl.Float64)
    is_ratio = pl.col("kpi").is_in(RATIOS)
    return Columns.cast(
        _added(frames).with_columns(
            value=pl.when(denominator > 0).then(numerator / denominator).when(~is_ratio).then(numerator),
            is_mature=pl.col("week_start") + pl.duration(days=7 + wait) <= today,
        )
    )


def _weekly(
    kpi: str,
    rows: pl.DataFrame,
    at: str | pl.Expr,
    zone: str,
    numerator: pl.Expr | None,
    denominator: pl.Expr | None = None,
) -> pl.DataFrame:
    return _by_week(kpi, rows, week_start(at, zone), numerator, denominator)


def _by_week(
    kpi: str, rows: pl.DataFrame, week: str | pl.Expr, numerator: pl.Expr | None, denominator: pl.Expr | None = None
) -> pl.DataFrame:
    monday = pl.col(week) if isinstance(week, str) else week
    dated = rows.with_columns(week_start=monday).filter(pl.col("week_start").is_not_null())
    parts = {"numerator": numerator, "denominator": denominator}
    given = [expression.cast(MONEY).alias(name) for name, expression in parts.items() if expression is not None]
    return dated.group_by("week_start", "team", "segment").agg(given).with_columns(kpi=pl.lit(kpi))


def _added(frames: list[pl.DataFrame]) -> pl.DataFrame:
    parts = pl.concat([Columns.create_empty().drop("value", "is_mature"), *frames], how="diagonal")
    sums = [
        pl.when(pl.col(part).count() > 0).then(pl.col(part).sum()).cast(MONEY).alias(part)
        for part in ("numerator", "denominator")
    ]
    return parts.group_by(GRAIN).agg(sums).sort(GRAIN, nulls_last=True)
