"""Why a figure left its usual range: volume, mix or rate, by segment and exact; against the average week before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from findings.meeting import Effect, Why
from findings.weekly_figures import Figure
from findings.words import kpi_names
from locales import _
from locales.formats import money, number
from measures.decomposition import factors, mix_rate, volume_mix_rate

SIZES = {"won_revenue": "won_deals", "pipeline_created": "opportunities"}
"""What is counted behind an amount: so many deals, so much each."""
RATES = frozenset({"win_rate", "lead_to_opportunity_rate", "follow_up_attainment"})
SIDE = {"segment": pl.String, "n": pl.Float64, "k": pl.Float64}


def reasons(
    found: list[Figure],
    segments: Mapping[str, pl.DataFrame],
    decided: pl.DataFrame,
    weeks_before: int,
    currency: str,
    every: bool = False,
) -> dict[str, Why]:
    """Why each signal moved (`every`: why each figure moved), by name of the figure.

    segments: rows of `weekly_review/segments` by figure, asked for the week the figure is judged in; decided: rows of
    `weekly_review/decided`; weeks_before: how many weeks lie before the judged one in both.
    """
    told: dict[str, Why] = {}
    for figure in found:
        if figure.value is None or not (figure.is_signal or every):
            continue
        rows = segments.get(figure.kpi, pl.DataFrame())
        if figure.kpi in RATES and rows.height:
            told[figure.kpi] = _of_rate(figure, rows.filter(pl.col("kpi") == figure.kpi))
        elif figure.kpi in SIZES and rows.height:
            sides = _sides(rows, figure.kpi, weeks_before)
            told[figure.kpi] = _of_count(figure, *sides, currency)
        elif figure.kpi == "accepted_leads" and decided.height:
            before, after = (
                decided.filter(pl.col("is_after") == side).select(
                    pl.col("segment").fill_null(_("unknown")), n=pl.col("decided") / weeks, k=pl.col("accepted") / weeks
                )
                for side, weeks in ((False, weeks_before), (True, 1))
            )
            told[figure.kpi] = _of_count(figure, before, after, currency)
    return told


def of_attainment(figure: Figure, rows: pl.DataFrame) -> Why | None:
    """Marketing's promise by value: leads × value of a lead ÷ promise. rows: `service_levels/delivered_by_week`."""
    weeks = [week for week in figure.weeks if week]
    if figure.week is None or len(weeks) < 2:
        return None
    known = {(row["unit"], row["week_start"]): row for row in rows.iter_rows(named=True)}

    def side(of: list[Any]) -> dict[str, float] | None:
        leads = sum(known[("count", week)]["delivered"] or 0 for week in of if ("count", week) in known)
        value = sum(known[("value", week)]["delivered"] or 0 for week in of if ("value", week) in known)
        promised = sum(known[("value", week)]["promised"] or 0 for week in of if ("value", week) in known)
        if not leads or not promised:
            return None
        return {"leads": leads / len(of), "value": value / leads, "promise": len(of) / promised}

    before, after = side(weeks[:-1]), side(weeks[-1:])
    if before is None or after is None:
        return None
    names = {"leads": _("number of leads"), "value": _("value of a lead"), "promise": _("what was promised")}
    effects = [Effect(kind, names[kind], amount, _points(amount)) for kind, amount in factors(before, after).items()]
    change = sum(effect.amount for effect in effects)
    return Why(_sentence(figure, change, _points(change), effects), change, effects, [])


def _sides(rows: pl.DataFrame, kpi: str, weeks_before: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Number and amount by segment, of the average week before and of the judged one."""
    frames = []
    for is_after, weeks in ((False, weeks_before), (True, 1)):
        mine = rows.filter(pl.col("is_after") == is_after).with_columns(pl.col("segment").fill_null(_("unknown")))
        n = mine.filter(pl.col("kpi") == SIZES[kpi]).select("segment", n=pl.col("numerator") / weeks)
        k = mine.filter(pl.col("kpi") == kpi).select("segment", k=pl.col("numerator") / weeks)
        frames.append(n.join(k, on="segment", how="left").with_columns(pl.col("k").fill_null(0.0)))
    return frames[0], frames[1]


def _of_count(figure: Figure, before: pl.DataFrame, after: pl.DataFrame, currency: str) -> Why:
    split = volume_mix_rate(before, after)
    is_money = figure.kind == "money"

    def text(amount: float) -> str:
        return money(amount, currency, signed=True) if is_money else number(amount, 1, signed=True)

    names = {
        "volume": _("number of deals") if is_money else _("number of leads decided on"),
        "mix": _("mix of segments"),
        "rate": _("amount of a deal") if is_money else _("share accepted"),
    }
    amounts = {"volume": split.volume, "mix": split.mix, "rate": split.rate}
    effects = [Effect(kind, names[kind], amount, text(amount)) for kind, amount in amounts.items()]
    change = split.after - split.before
    segments = [
        (str(row["segment"]), row["volume"], row["mix"], row["rate"]) for row in split.segments.iter_rows(named=True)
    ]
    return Why(_sentence(figure, change, text(change), effects), change, effects, segments)


def _of_rate(figure: Figure, rows: pl.DataFrame) -> Why:
    before, after = (
        rows.filter((pl.col("is_after") == side) & (pl.col("denominator") > 0)).select(
            pl.col("segment").fill_null(_("unknown")), n="denominator", k="numerator"
        )
        for side in (False, True)
    )
    split = mix_rate(before, after)
    effects = [
        Effect("mix", _("mix of segments"), split.mix, _points(split.mix)),
        Effect("rate", _("rate within the segments"), split.rate, _points(split.rate)),
    ]
    change = split.mix + split.rate
    sentence = _sentence(figure, change, _points(change), effects)
    if split.is_reversal:
        simpson = _(
            "Every single segment moved the other way (Simpson's paradox): look at the segments, not the whole."
        )
        sentence = f"{sentence} {simpson}"
    segments = [(str(row["segment"]), 0.0, row["mix"], row["rate"]) for row in split.segments.iter_rows(named=True)]
    return Why(sentence, change, effects, segments, split.is_reversal)


def _sentence(figure: Figure, change: float, told: str, effects: list[Effect]) -> str:
    most = max(effects, key=lambda effect: effect.amount * (1 if change >= 0 else -1))
    parts = ", ".join(f"{effect.name} {effect.text}" for effect in effects)
    said = _("{kpi}: {change} against the average week before, mostly by {cause} ({parts}).")
    return said.format(kpi=kpi_names()[figure.kpi], change=told, cause=most.name, parts=parts)


def _points(amount: float) -> str:
    return _("{points} pts").format(points=number(amount * 100, 1, signed=True))
