"""The agreed figures of the meeting: value, target to date, usual range, and whether the week is signal or noise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from agreement import Terms
from findings.meeting import KpiRow, Verdict, Week, Why
from findings.weekly_figures import DIVIDED, Figure, Kind
from findings.words import kpi_names
from locales import _
from locales.formats import number, percent, short_money
from measures.calendar_weeks import week_label
from measures.intervals import wilson


@dataclass(frozen=True)
class Goal:
    """What a figure should be: `due` by now, `done` so far in the quarter (None = judged week by week), `target` as
    the figure itself is measured."""

    due: float
    done: float | None = None
    target: float | None = None


def written(value: float | None, unit: Kind, currency: str) -> str:
    """A figure as it stands on a tile."""
    if unit == "money":
        return short_money(value, currency)
    if unit == "ratio":
        return number(value, 1) + (" ×" if value is not None else "")
    return percent(value) if unit == "rate" else number(value)


def coverage_rows(weeks: pl.DataFrame, target: float | None) -> pl.DataFrame:
    """`weekly_review/coverage` as rows of `figures`: open amount due ÷ amount still missing; none without a target."""
    missing = (pl.lit(target, pl.Float64) - pl.col("won")).clip(lower_bound=0.0)
    rows = weeks.select(
        "week_start", kpi=pl.lit("coverage"), numerator=pl.col("open_due"), denominator=missing, is_mature=pl.lit(True)
    )
    order = ["kpi", "week_start", "numerator", "denominator", "is_mature"]
    return rows.select(order) if target else rows.select(order).clear()


def goals(
    terms: Terms,
    promised: pl.DataFrame,
    to_date: Mapping[str, float],
    passed: float,
    required: float | None,
) -> dict[str, Goal]:
    """What was agreed for each figure, as far as anything was.

    promised: `weekly_review/promised`; to_date: the row of `weekly_review/to_date`; passed: share of the quarter's
    working days that are over; required: coverage that is needed.
    """
    targets, found = terms.targets, dict[str, Goal]()
    units = {row["unit"]: row for row in promised.iter_rows(named=True)}
    for kpi, unit in (("accepted_leads", "count"), ("marketing_attainment", "value")):
        if row := units.get(unit):
            found[kpi] = Goal(row["target_to_date"], row["delivered_to_date"], 1.0 if unit == "value" else None)
    found["follow_up_attainment"] = Goal(terms.response.target, target=terms.response.target)
    if targets.lead_to_opportunity_rate is not None:
        rate = targets.lead_to_opportunity_rate
        found["lead_to_opportunity_rate"] = Goal(rate, target=rate)
    if targets.pipeline_created is not None:
        found["pipeline_created"] = Goal(targets.pipeline_created * passed, to_date["created_amount"])
    if targets.won_revenue is not None:
        found["won_revenue"] = Goal(targets.won_revenue * passed, to_date["won_amount"])
    if targets.win_rate is not None:
        closed = to_date["closed"]
        done = to_date["won"] / closed if closed else None
        found["win_rate"] = Goal(targets.win_rate, done, targets.win_rate)
    if required is not None:
        found["coverage"] = Goal(required, target=required)
    return found


def rows(
    found: list[Figure],
    goals: Mapping[str, Goal],
    reasons: Mapping[str, Why],
    currency: str,
    required: tuple[float, float] | None,
) -> list[KpiRow]:
    """The figures as the meeting reads them. reasons: why the signals moved; required: least and most coverage that
    earlier quarters needed."""
    return [_row(figure, goals.get(figure.kpi), reasons.get(figure.kpi), currency, required) for figure in found]


def _row(
    figure: Figure, goal: Goal | None, why: Why | None, currency: str, required: tuple[float, float] | None
) -> KpiRow:
    verdict, sentence = _judged(figure, currency, required)
    numerator, denominator = figure.parts[-1] if figure.parts else (0.0, 0.0)
    is_ratio = figure.kind in ("rate", "ratio") or figure.kpi in DIVIDED
    low, high = None, None
    if figure.kind == "rate" and figure.kpi not in DIVIDED and denominator:
        low, high = wilson(round(numerator), round(denominator))
        interval = _("n = {n}, 95 % interval {low} to {high}.").format(
            n=number(denominator), low=percent(low), high=percent(high)
        )
        sentence = f"{sentence} {interval}"
    weeks = [
        Week(week, value, limits and limits[0], limits and limits[1], at in figure.signals)
        for at, (week, value, limits) in enumerate(
            zip(figure.weeks, figure.values, figure.limits or [None] * len(figure.weeks), strict=True)
        )
    ]
    return KpiRow(
        figure.kpi, kpi_names()[figure.kpi], written(figure.value, figure.kind, currency), figure.value, figure.kind,
        goal.target if goal else None, _goal(figure, goal, currency), verdict, sentence, weeks, figure.week,
        numerator, denominator if is_ratio else None, low, high, _is_good(figure, verdict, required),
        _is_behind(figure, goal, high), why,
    )  # fmt: skip


def _judged(figure: Figure, currency: str, required: tuple[float, float] | None) -> tuple[Verdict, str]:
    """Signal or noise, and the sentence that says why."""
    if figure.value is None:
        return "unknown", _nothing(figure)
    if figure.kpi == "coverage":
        return _enough(figure.value, required)
    if figure.lower is None or figure.upper is None or figure.centre is None:
        return "unknown", _("Too few weeks to know what is usual.")
    span = {
        "low": written(figure.lower, figure.kind, currency), "high": written(figure.upper, figure.kind, currency),
        "centre": written(figure.centre, figure.kind, currency),
    }  # fmt: skip
    if 1 in figure.rules:
        said = _("Signal: outside the usual {low} to {high}.")
    elif 3 in figure.rules:
        above = figure.value > figure.centre
        said = (
            _("Signal: eight weeks in a row above the usual {centre}; the level has changed.")
            if above
            else _("Signal: eight weeks in a row below the usual {centre}; the level has changed.")
        )
    elif 2 in figure.rules:
        said = _("Signal: three of four weeks near the edge of the usual {low} to {high}.")
    else:
        said = _("Noise: within the usual {low} to {high}.")
    return ("signal" if figure.is_signal else "noise"), said.format(**span)


def _nothing(figure: Figure) -> str:
    if figure.kpi == "coverage":
        return _("Without a revenue target there is nothing to cover, or it is reached already.")
    return _("Nothing to judge yet.")


def _enough(ratio: float, required: tuple[float, float] | None) -> tuple[Verdict, str]:
    if required is None:
        return "unknown", _("No full quarter yet that says how much is required.")
    low, high = required
    words = {"low": number(low, 1), "high": number(high, 1)}
    if ratio < low:
        return "signal", _("Signal: less than any earlier quarter needed ({low} to {high}).").format(**words)
    if ratio > high:
        return "signal", _("Signal: more than any earlier quarter needed ({low} to {high}).").format(**words)
    return "noise", _("Noise: within what earlier quarters needed ({low} to {high}).").format(**words)


def _is_good(figure: Figure, verdict: Verdict, required: tuple[float, float] | None) -> bool | None:
    """Colour is for signals alone."""
    if verdict != "signal" or figure.more_is_better is None or figure.value is None:
        return None
    middle = required[0] if figure.kpi == "coverage" and required else figure.centre
    return None if middle is None else (figure.value >= middle) == figure.more_is_better


def _goal(figure: Figure, goal: Goal | None, currency: str) -> str:
    if goal is None:
        return _("no target agreed")
    if figure.kpi == "coverage":
        return _("required {target}").format(target=written(goal.due, "ratio", currency))
    unit: Kind = "money" if figure.kpi == "marketing_attainment" else figure.kind
    due = written(goal.due, unit, currency)
    if goal.done is None:
        return _("agreed {target}").format(target=due)
    done = written(goal.done, unit, currency)
    if figure.kind == "rate" and figure.kpi not in DIVIDED:
        return _("{done}, agreed {target}").format(done=done, target=due)
    return _("{done} of {target}").format(done=done, target=due)


def headline(shown: list[KpiRow], promises: str, week: date) -> list[str]:
    """Three sentences: what changed, whether it matters, and who kept which promise."""
    signals = [row for row in shown if row.verdict == "signal"]
    name = week_label(week, _("W"))
    if signals:
        told = " · ".join(f"{row.name} {row.text}" for row in signals[:3])
        first = _("{week}: signal in {told}.").format(week=name, told=told)
        whys = [row.why.sentence for row in signals if row.why]
        second = whys[0] if whys else _("All other figures moved as they usually do: noise, no reason to act.")
    elif any(row.verdict == "noise" for row in shown):
        first = _("{week}: nothing changed beyond the usual ups and downs.").format(week=name)
        missed = [row for row in shown if row.is_behind]
        names = ", ".join(row.name for row in missed)
        second = (
            _("No signal does not mean on target: behind what was agreed are {names}.").format(names=names)
            if missed
            else _("All figures are where they were agreed to be; there is no reason to act.")
        )
    else:
        first = _("{week}: too few weeks so far to tell a change from the usual ups and downs.").format(week=name)
        second = _("What was agreed is compared below; a signal needs a dozen weeks.")
    return [first, second, promises]


def _is_behind(figure: Figure, goal: Goal | None, high: float | None) -> bool:
    """Amounts and counts by the quarter to date; a rate only if its whole interval lies below what was agreed."""
    if goal is None or figure.value is None:
        return False
    if goal.done is not None and (figure.kind != "rate" or figure.kpi in DIVIDED):
        return goal.done < goal.due
    return goal.target is not None and (figure.value if high is None else high) < goal.target
