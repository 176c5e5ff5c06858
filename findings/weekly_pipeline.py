"""The open pipeline: what changed it, whether it is enough, how fast it turns into revenue, where the quarter ends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import sqrt
from statistics import fmean, stdev

import polars as pl

from findings.meeting import Bar, Bridge, Outlook, PastForecast
from locales import _, ngettext
from locales.formats import money, number, percent, short_money
from measures.sales_pipeline import coverage, stage_weighted_forecast, velocity

BARS = ("created", "reopened", "pulled_in", "grown", "shrunk", "pushed_out", "won", "lost", "unchanged")
BAND_80 = 1.2816
FEWEST_QUARTERS = 1


def bar_names() -> dict[str, str]:
    """What can happen to a deal."""
    return {
        "created": _("created"), "reopened": _("reopened"), "pulled_in": _("pulled in"), "grown": _("grown"),
        "shrunk": _("shrunk"), "pushed_out": _("pushed out"), "won": _("won"), "lost": _("lost"),
        "unchanged": _("unchanged"),
    }  # fmt: skip


def changes(rows: pl.DataFrame, quarter_until: date) -> pl.DataFrame:
    """Rows of `weekly_review/pipeline_change` with `bar, before, after`: amounts that are open and due by then.

    Each deal stands in one bar, the first that fits: won or lost; new; alive again; its due day moved into the quarter
    or out of it; its amount moved. before, after: what it is worth to the quarter's open pipeline at both ends.
    """
    due_before = pl.col("is_open_before") & (pl.col("expected_before") < quarter_until).fill_null(False)
    due_after = pl.col("is_open") & (pl.col("expected") < quarter_until).fill_null(False)
    before = pl.when(due_before).then("amount_before").otherwise(0.0)
    after = pl.when(due_after).then("amount").otherwise(0.0)
    existed = pl.col("stage_before").is_not_null() | pl.col("deal_id").is_null()
    bar = (
        pl.when(~pl.col("is_open") & (pl.col("stage") == "won")).then(pl.lit("won"))
        .when(~pl.col("is_open")).then(pl.lit("lost"))
        .when(~existed).then(pl.lit("created"))
        .when(~pl.col("is_open_before")).then(pl.lit("reopened"))
        .when(~due_before & due_after).then(pl.lit("pulled_in"))
        .when(due_before & ~due_after).then(pl.lit("pushed_out"))
        .when(after > before).then(pl.lit("grown"))
        .when(after < before).then(pl.lit("shrunk"))
        .otherwise(pl.lit("unchanged"))
    )  # fmt: skip
    return rows.with_columns(bar=bar, before=before, after=after)


def bridge(changed: pl.DataFrame, currency: str) -> Bridge:
    """The deals of `changes` added up by bar; `before` + bars = `after`."""
    sums = {
        row["bar"]: row
        for row in changed.group_by("bar")
        .agg(pl.col("deals").sum(), amount=(pl.col("after") - pl.col("before")).sum())
        .iter_rows(named=True)
    }
    names = bar_names()
    bars = [
        Bar(kind, names[kind], int(sums[kind]["deals"]), float(sums[kind]["amount"])) if kind in sums
        else Bar(kind, names[kind], 0, 0.0)
        for kind in BARS
        if kind != "unchanged"
    ]  # fmt: skip
    before, after = float(changed["before"].sum()), float(changed["after"].sum())
    biggest = max(bars, key=lambda bar: abs(bar.amount))
    if not any(bar.deals for bar in bars):
        return Bridge(before, after, bars, _("Nothing moved in the open pipeline."))
    said = ngettext(
        "Open and due this quarter: {before} became {after}. Most was moved by {count} deal {kind}: {amount}.",
        "Open and due this quarter: {before} became {after}. Most was moved by {count} deals {kind}: {amount}.",
        biggest.deals,
    )
    sentence = said.format(
        before=short_money(before, currency), after=short_money(after, currency), count=number(biggest.deals),
        kind=biggest.name, amount=money(biggest.amount, currency, signed=True),
    )  # fmt: skip
    return Bridge(before, after, bars, sentence)


def swings(changed: pl.DataFrame) -> int:
    """Deals that were created and closed again between the two ends: they moved nothing and are still counted."""
    return changed.filter(
        pl.col("stage_before").is_null() & pl.col("deal_id").is_not_null() & ~pl.col("is_open")
    ).height


def required(stages: pl.DataFrame, quarters: pl.DataFrame) -> tuple[float, float, float] | None:
    """Coverage that is required: of all known quarters together, and the least and most any of them needed.

    Conversion is the amount won until the quarter's end of the amount open and due at the same point of the quarter;
    what deals created later brought is taken off, as a share of all that was won after that point.
    """
    each, due_all, won_all, later_all, after_all = [], 0.0, 0.0, 0.0, 0.0
    for quarter in _full(quarters):
        mine = stages.filter(pl.col("quarter_from") == quarter["quarter_from"])
        due, won = float(mine["due_amount"].sum()), float(mine["due_won_amount"].sum())
        after = quarter["won"] - quarter["won_before"]
        if not due or not won or after <= 0:
            continue
        later = max(0.0, after - won)
        each.append((1 - later / after) / (won / due))
        due_all, won_all, later_all, after_all = due_all + due, won_all + won, later_all + later, after_all + after
    if not each:
        return None
    needed = coverage(1, 1, 0, min(1.0, won_all / due_all), later_all / after_all).required
    return (needed, min(each), max(each)) if needed else None


def forecast(stages: pl.DataFrame, quarters: pl.DataFrame, target: float | None, currency: str) -> Outlook | None:
    """Revenue by the end of the quarter, with a band of 80 % and what the same method said in earlier quarters.

    Won so far, the open deals by the share their stage won in the known quarters from the same point on, and what
    deals created or woken after that point brought on average. The band adds the luck of the open deals and the spread
    of the latter. Each earlier quarter is forecast from the quarters before it alone.
    """
    known = [row for row in quarters.sort("quarter_from").iter_rows(named=True) if _is_known(row)]
    if not known:
        return None
    current, past = known[-1], known[:-1]
    record = []
    for at in range(FEWEST_QUARTERS, len(past)):
        guess = _expected(stages, past[:at], past[at])
        if guess is not None:
            record.append(PastForecast(past[at]["quarter_from"], guess[0], _naive(past[at]), past[at]["won"]))
    found = _expected(stages, past, current)
    if found is None:
        return None
    expected, spread = found
    low, high = max(current["won_before"], expected - BAND_80 * spread), expected + BAND_80 * spread
    return Outlook(
        expected, low, high, current["won_before"], target, record,
        _outlook_in_words(expected, low, high, target, record, currency),
    )  # fmt: skip


def _expected(
    stages: pl.DataFrame, past: list[dict[str, float]], quarter: dict[str, float]
) -> tuple[float, float] | None:
    """Expected revenue and its standard deviation; None without an earlier quarter."""
    if not past:
        return None
    of_past = stages.filter(pl.col("quarter_from").is_in([row["quarter_from"] for row in past]))
    overall = float(of_past["won"].sum()) / max(1, int(of_past["deals"].sum()))
    rates = {
        row["stage"]: row["won"] / row["deals"]
        for row in of_past.group_by("stage").agg(pl.col("won", "deals").sum()).iter_rows(named=True)
    }
    later = [
        max(0.0, row["won"] - row["won_before"]
            - float(stages.filter(pl.col("quarter_from") == row["quarter_from"])["won_amount"].sum()))
        for row in past
    ]  # fmt: skip
    mine = stages.filter(pl.col("quarter_from") == quarter["quarter_from"])
    open_deals = list(mine.select("stage", "amount").iter_rows())
    shares = {stage: rates.get(stage, overall) for stage, _amount in open_deals}
    found = stage_weighted_forecast(quarter["won_before"], open_deals, shares, fmean(later))
    # the variance of each deal alone, not of all amounts of a stage as if they were one deal
    luck = sum(
        shares[stage] * (1 - shares[stage]) * squares for stage, squares in mine.select("stage", "squares").rows()
    )
    spread = stdev(later) if len(later) > 1 else fmean(later)
    return found.expected, sqrt(luck + spread**2)


def _naive(quarter: dict[str, date | float]) -> float:
    """The pace so far, drawn out to the end of the quarter."""
    begins, until, ends = quarter["quarter_from"], quarter["until"], quarter["quarter_until"]
    passed = (until - begins).days / (ends - begins).days  # type: ignore[operator, union-attr]
    return float(quarter["won_before"]) / passed if passed > 0 else 0.0  # type: ignore[arg-type]


def _full(quarters: pl.DataFrame) -> list[dict[str, float]]:
    """Earlier quarters that the record covers from their first day on."""
    return [row for row in quarters.sort("quarter_from").iter_rows(named=True) if _is_known(row)][:-1]


def _is_known(row: Mapping[str, date]) -> bool:
    return row["first_day"] is not None and row["first_day"] <= row["quarter_from"]


def _outlook_in_words(
    expected: float, low: float, high: float, target: float | None, record: list[PastForecast], currency: str
) -> str:
    said = _("Expected by the end of the quarter: {expected}, with 80 % probability {low} to {high}.")
    text = said.format(
        expected=short_money(expected, currency), low=short_money(low, currency), high=short_money(high, currency)
    )
    if target:
        reached = _("That is {share} of the target of {target}.")
        text += " " + reached.format(share=percent(expected / target, 0), target=short_money(target, currency))
    if record:
        ours = fmean(abs(past.expected / past.actual - 1) for past in record if past.actual)
        naive = fmean(abs(past.naive / past.actual - 1) for past in record if past.actual)
        judged = ngettext(
            "In {count} earlier quarter the method missed by {ours} on average, the mere pace so far by {naive}.",
            "In {count} earlier quarters the method missed by {ours} on average, the mere pace so far by {naive}.",
            len(record),
        )
        text += " " + judged.format(count=number(len(record)), ours=percent(ours, 0), naive=percent(naive, 0))
    return text


def covered(ratio: float | None, needed: tuple[float, float, float] | None) -> str:
    """Coverage required and actual, in a sentence."""
    if ratio is None:
        return _("Without a revenue target there is nothing to cover, or it is reached already.")
    if needed is None:
        said = _("Coverage {ratio} × of the amount still missing. No full quarter says yet how much is required.")
        return said.format(ratio=number(ratio, 1))
    verdict = _("That is enough.") if ratio >= needed[0] else _("That is not enough.")
    said = _("Coverage {ratio} ×; required by our own conversion from this point of a quarter on: {required} ×.")
    return said.format(ratio=number(ratio, 1), required=number(needed[0], 1)) + " " + verdict


def speed(row: Mapping[str, float | None], currency: str) -> str:
    """Velocity with its four levers, and the lever that would move it most if it were a tenth better."""
    closed, average, days = row["closed"], row["average_won"], row["cycle_days"]
    if not closed or not row["won"] or average is None or not days or not row["opportunities"]:
        return _("Too few deals were won to say how fast the pipeline turns into revenue.")
    rate = row["won"] / closed
    per_day = velocity(row["opportunities"], rate, average, days)
    said = _(
        "Velocity {amount} a day: {deals} open deals × {rate} win rate × {average} a deal ÷ {days} days to win "
        "(median)."
    )
    return said.format(
        amount=money(per_day, currency), deals=number(row["opportunities"]), rate=percent(rate),
        average=money(average, currency), days=number(days),
    )  # fmt: skip
