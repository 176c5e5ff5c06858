"""Young cohorts, judged honestly: when one is old enough, how it stands among its elders, and what it promises.

A cohort is the leads created in a month. It is mature when its youngest member is as old as the horizon: the age by
which the agreed share of those who convert have converted, measured on elder cohorts and fixed for a quarter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from agreement import Terms
from locales import _
from locales.formats import day, number
from measures.calendar_weeks import fiscal_quarter_start
from measures.intervals import wilson
from measures.survival import cumulative_incidence
from measures.young_cohorts import conversion_horizon, project

CONVERTED, LEFT = "converted", "left"
ENOUGH_CONVERSIONS = 50  # below it the 90th percentile hangs on five leads
MEASURED_DAYS = 365
MONTHS_SHOWN = 12
MONTHS = {
    "month_start": pl.Date, "entered": pl.Int64, "reached": pl.Int64, "share": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "age_days": pl.Int64, "is_mature": pl.Boolean, "elders_share": pl.Float64,
    "projected": pl.Float64, "projected_low": pl.Float64, "projected_high": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Window:
    """Half-open days of creation; `is_shifted`: not the period asked for, because that one is too young."""

    date_from: date
    date_until: date
    is_shifted: bool = False

    @property
    def days(self) -> dict[str, date]:
        """As parameters of a query."""
        return {"date_from": self.date_from, "date_until": self.date_until}


@dataclass(frozen=True)
class Horizon:
    """Days within which a stage must be reached; `is_measured` false: too few conversions, the agreed days are used."""

    days: int
    is_measured: bool
    conversions: int


def elders(today: date, terms: Terms) -> dict[str, date]:
    """Whose conversions set the horizon: a year of leads, all of the agreed age when the quarter began.

    Parameters for `funnel/conversion_days`; nothing after the quarter's first day is looked at: it holds all quarter.
    """
    quarter = fiscal_quarter_start(today, terms.company.fiscal_year_start_month)
    until = quarter - timedelta(days=terms.funnel.cohort_horizon_days)
    return {"date_from": until - timedelta(days=MEASURED_DAYS), "date_until": until, "seen_until": quarter}


def incidence(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `funnel/conversion_days` as cumulative incidence: a lead that left competes with one that converted."""
    return cumulative_incidence(rows["days"], rows["outcome"], count=rows["leads"], causes=[CONVERTED, LEFT])


def horizon(rows: pl.DataFrame, terms: Terms) -> Horizon:
    """The horizon, from rows of `funnel/conversion_days` for the elders of the whole company."""
    conversions = int(rows.filter(pl.col("outcome") == CONVERTED)["leads"].sum())
    measured = conversion_horizon(incidence(rows), CONVERTED, terms.funnel.cohort_horizon_quantile)
    if measured is None or conversions < ENOUGH_CONVERSIONS:
        return Horizon(terms.funnel.cohort_horizon_days, False, conversions)
    return Horizon(max(1, round(measured)), True, conversions)


def horizon_in_words(found: Horizon, terms: Terms) -> str:
    """Where the horizon comes from."""
    if not found.is_measured:
        return _("Horizon {days} days, as agreed: too few conversions to measure it.").format(days=number(found.days))
    return _("Horizon {days} days: by then {share} of those who convert have done so; fixed for this quarter.").format(
        days=number(found.days), share=f"{terms.funnel.cohort_horizon_quantile:.0%}".replace("%", "\u00a0%")
    )


def judged(date_from: date, date_until: date, today: date, days: int) -> Window:
    """The period asked for, or the latest one of the same length whose youngest member is `days` old."""
    until = min(date_until, today - timedelta(days=days))
    return (
        Window(until - (date_until - date_from), until, True) if until < date_until else Window(date_from, date_until)
    )


def window_in_words(window: Window) -> str:
    """Which leads are shown, and that it is not the period asked for."""
    span = f"{day(window.date_from)} – {day(window.date_until - timedelta(days=1))}"
    if window.is_shifted:
        sentence = _("The period is too young to judge. Shown: leads created {span}, the latest of the same length.")
        return sentence.format(span=span)
    return _("Leads created {span}.").format(span=span)


def shown_months(date_until: date) -> Window:
    """The months charted: twelve, the last one being that of the day before `date_until`."""
    last = date_until - timedelta(days=1)
    month = last.year * 12 + last.month - MONTHS_SHOWN
    return Window(date(month // 12, month % 12 + 1, 1), date_until)


def months(cohorts: pl.DataFrame, curve: pl.DataFrame, found: Horizon, terms: Terms) -> pl.DataFrame:
    """Rows of `funnel/cohorts` by month: converted within the horizon, age, the elders at that age, and a projection.

    `curve`: incidence of the elders under the same filters, for comparison and projection; not projected where fewer
    than the agreed share of conversions can have shown, or fewer elders than the agreed minimum carry the curve.
    """
    carried = curve.filter(pl.col("at_risk") >= terms.funnel.minimum_at_risk).height > 0
    rows = []
    for (month,), members in cohorts.group_by("month_start", maintain_order=True):
        entered, reached = int(members["lead"].sum()), int(members["reached"].sum())
        age = min(members["age_days"].to_list())
        low, high = wilson(reached, entered)
        row = {
            "month_start": month, "entered": entered, "reached": reached, "share": reached / entered,
            "low": low, "high": high, "age_days": age, "is_mature": age >= found.days,
        }  # fmt: skip
        if carried and age < found.days:
            row["elders_share"] = _elders_at_same_ages(members, curve, found)
            waiting = int(members["waiting"].sum())
            promise = project(
                curve, CONVERTED, horizon=found.days, converted=reached, closed=entered - reached - waiting,
                open_ages=members["age_days"], open_members=members["waiting"],
                minimum_completeness=terms.funnel.minimum_age_completeness,
            )  # fmt: skip
            if promise:
                row |= {"projected": promise.share, "projected_low": promise.low, "projected_high": promise.high}
        rows.append({column: row.get(column) for column in MONTHS})
    return pl.DataFrame(rows, schema=MONTHS)


def _elders_at_same_ages(members: pl.DataFrame, curve: pl.DataFrame, found: Horizon) -> float:
    """What share of the elders had converted at the ages these members have now, within the horizon."""
    ages = members.select("lead", time=pl.min_horizontal("age_days", pl.lit(found.days)).cast(pl.Float64)).sort("time")
    known = ages.join_asof(curve.select("time", share=f"incidence_{CONVERTED}"), on="time", strategy="backward")
    return float(known.select((pl.col("share").fill_null(0.0) * pl.col("lead")).sum() / pl.col("lead").sum()).item())


def curve_in_words(terms: Terms) -> str:
    """Whose curve it is, and how far it can be trusted."""
    sentence = _("Earlier cohorts; leads that left count as not converted. Cut where fewer than {count} leads remain.")
    return sentence.format(count=number(terms.funnel.minimum_at_risk))


def cut(curve: pl.DataFrame, minimum_at_risk: int) -> pl.DataFrame:
    """The curve as far as at least so many are still at risk; beyond it a single lead would move it visibly."""
    return curve.filter(pl.col("at_risk") >= minimum_at_risk)
