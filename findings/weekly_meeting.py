"""The run sheet of one week, put together from what the published file says. The page and the reports call this."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import polars as pl

from agreement import Agreement, Terms
from agreement.clocks import calendar_of
from findings import promise, weekly_figures, weekly_kpis, weekly_pipeline, weekly_why
from findings.meeting import Bridge, KpiRow, Meeting, Why, meeting_id
from findings.promise import Promise
from findings.weekly_figures import WEEK, Figure
from locales import _
from locales.formats import percent
from measures.calendar_weeks import fiscal_quarter_start
from measures.working_time import Calendar

Ask = Callable[..., pl.DataFrame]
VELOCITY_DAYS = 91


def weeks_on_offer(today: date, most: int = 26) -> list[date]:
    """Mondays of the weeks that are over and can be judged, the newest first."""
    newest = weekly_figures.last_week(today)
    return [newest - WEEK * back for back in range(most)]


def prepare(ask: Ask, week: date, agreement: Agreement, as_of: date, currency: str) -> Meeting:
    """The meeting about the week that begins on `week`.

    ask: rows of a query by name and parameters; as_of: the day the build knows everything up to.
    """
    terms = agreement.terms_on(min(week + timedelta(days=6), as_of))
    calendar = calendar_of(terms, terms.working_time)
    until = week + WEEK
    quarter_from, quarter_until = quarter_of(week, terms)
    point = {"date_until": until, "quarter_until": quarter_until}
    stages, quarters = ask("weekly_review/stages", **point), ask("weekly_review/quarters", **point)
    needed = weekly_pipeline.required(stages, quarters)
    found = figures(ask, week, terms, calendar)
    promised = ask("weekly_review/promised", day=until - timedelta(days=1))
    to_date = ask("weekly_review/to_date", quarter_from=quarter_from, date_until=until).row(0, named=True)
    passed = share_passed(calendar, quarter_from, until, quarter_until)
    goals = weekly_kpis.goals(terms, promised, to_date, passed, needed and needed[0])
    reasons = whys(ask, found, terms, currency)
    shown = weekly_kpis.rows(found, goals, reasons, currency, needed and needed[1:])
    marketing, sales = promises(ask, week, quarter_from, terms)
    ratio = next((figure.value for figure in found if figure.kpi == "coverage"), None)
    levers = ask("weekly_review/levers", date_from=until - timedelta(days=VELOCITY_DAYS), date_until=until)
    return Meeting(
        week=meeting_id(week), week_start=week,
        headline=weekly_kpis.headline(shown, promises_in_words(marketing, sales), week), kpis=shown,
        marketing_promise=marketing, sales_promise=sales,
        bridge=pipeline_bridge(ask, week - WEEK, week, quarter_until, currency)[0],
        coverage=weekly_pipeline.covered(ratio, needed),
        velocity=weekly_pipeline.speed(levers.row(0, named=True), currency),
        forecast=weekly_pipeline.forecast(stages, quarters, terms.targets.won_revenue, currency),
        notes=[(row["day"], row["text"]) for row in ask("weekly_review/notes").iter_rows(named=True)],
    )  # fmt: skip


def quarter_of(week: date, terms: Terms) -> tuple[date, date]:
    """First day of the fiscal quarter the week's Sunday lies in, and the first day after it."""
    month = terms.company.fiscal_year_start_month
    begins = fiscal_quarter_start(week + timedelta(days=6), month)
    return begins, fiscal_quarter_start(begins + timedelta(days=100), month)


def share_passed(calendar: Calendar, begins: date, until: date, ends: date) -> float:
    """Share of the quarter's working days that are over."""
    every = len(calendar.working_days(begins, ends))
    return len(calendar.working_days(begins, min(until, ends))) / every if every else 0.0


def figures(ask: Ask, week: date, terms: Terms, calendar: Calendar) -> list[Figure]:
    """The agreed figures with their usual ranges."""
    baseline = terms.meeting.baseline_weeks
    span = weekly_figures.asked(week, terms.funnel.cohort_horizon_days, baseline)
    rows = ask("weekly_review/weeks", **span)
    if "coverage" in terms.meeting.kpis and rows.height:
        months = (terms.company.fiscal_year_start_month - 1) % 3
        first = max(span["date_from"], week - WEEK * max(weekly_figures.BASELINE_WEEKS, baseline))
        weeks = ask("weekly_review/coverage", date_from=first, date_until=week + WEEK, quarter_shift_months=months)
        covered = weekly_kpis.coverage_rows(weeks, terms.targets.won_revenue)
        rows = pl.concat([rows, covered.select(rows.columns)])
    return weekly_figures.figures(rows, week + WEEK, terms.meeting.kpis, baseline, calendar)


def whys(ask: Ask, found: list[Figure], terms: Terms, currency: str, every: bool = False) -> dict[str, Why]:
    """Why each signal moved (`every`: why each figure moved)."""
    told: dict[str, Why] = {}
    for figure in found:
        if figure.week is None or figure.value is None or not (figure.is_signal or every):
            continue
        back = min(terms.meeting.baseline_weeks, len(figure.weeks) - 1)
        if back < 1:
            continue
        span = {"date_from": figure.week - WEEK * back, "week": figure.week, "date_until": figure.week + WEEK}
        if figure.kpi == "marketing_attainment":
            rows = ask("service_levels/delivered_by_week", date_from=span["date_from"], date_until=span["date_until"])
            if why := weekly_why.of_attainment(figure, rows):
                told[figure.kpi] = why
            continue
        segments = {figure.kpi: ask("weekly_review/segments", **span)}
        decided = ask("weekly_review/decided", **span) if figure.kpi == "accepted_leads" else pl.DataFrame()
        told |= weekly_why.reasons([figure], segments, decided, back, currency, every)
    return told


def promises(ask: Ask, week: date, quarter_from: date, terms: Terms) -> tuple[Promise, Promise]:
    """Both promises in the quarter up to the end of the week: marketing's and sales'."""
    until = week + WEEK
    quarter = ask("service_levels/burn_up", day=until - timedelta(days=1)).filter(pl.col("day") < until)
    kept = ask("service_levels/kept", date_from=quarter_from, date_until=until).row(0, named=True)
    return promise.delivered(quarter), promise.answered(kept, terms.response.target)


def promises_in_words(marketing: Promise, sales: Promise) -> str:
    """Who kept which promise, in one sentence."""
    names = {
        "kept": _("kept"), "missed": _("not kept"), "open": _("too close to call"), "nothing": _("nothing due yet"),
    }  # fmt: skip
    said = _(
        "Promises this quarter: marketing delivered {delivered} of what was due ({one}), sales answered {answered} "
        "in time ({other})."
    )
    return said.format(
        delivered=percent(marketing.share, 0), one=names[marketing.verdict],
        answered=percent(sales.share, 0), other=names[sales.verdict],
    )  # fmt: skip


def pipeline_bridge(
    ask: Ask, week_before: date, week: date, quarter_until: date, currency: str
) -> tuple[Bridge, pl.DataFrame]:
    """What moved the quarter's open pipeline between the ends of two weeks, and the deals behind it."""
    rows = ask("weekly_review/pipeline_change", week_before=week_before, week=week)
    changed = weekly_pipeline.changes(rows, quarter_until)
    return weekly_pipeline.bridge(changed, currency), changed


def row_of(meeting: Meeting, kpi: str) -> KpiRow | None:
    """The row of one figure."""
    return next((row for row in meeting.kpis if row.kpi == kpi), None)


def query_of(kpi: str) -> str:
    """The query that says how a figure is counted."""
    return "weekly_review/coverage" if kpi == "coverage" else "weekly_review/weeks"


def span_of(kpi: str, week: date, terms: Terms) -> dict[str, object]:
    """What that query is asked for."""
    span = weekly_figures.asked(week, terms.funnel.cohort_horizon_days, terms.meeting.baseline_weeks)
    return {**span, "kpi": kpi, "quarter_shift_months": (terms.company.fiscal_year_start_month - 1) % 3}
