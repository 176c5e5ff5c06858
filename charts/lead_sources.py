"""Charts of the Lead sources page."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from charts.theme import BLUE, FAINT, NEUTRAL, ORANGE, SHARE, TEAL, WHOLE, beside, figure, plain
from findings.lead_sources import Handling, verdict_names
from locales import _
from locales.formats import number, percent

ROW_PIXELS = 34
TIERS = (TEAL, BLUE, NEUTRAL, FAINT)
VERDICTS = {"good": TEAL, "handling": ORANGE, "lead": BLUE, "unclear": NEUTRAL}


def tiers(rows: pl.DataFrame) -> go.Figure:
    """`findings.lead_sources.ranked`: the estimate of each source with its range; sources of one colour are a tie."""
    names = [f"{plain(row['name'])} ({number(row['leads'])})" for row in rows.iter_rows(named=True)]
    colours = [TIERS[min(tier, len(TIERS) - 1)] for tier in rows["tier"]]
    dots = go.Scatter(
        x=rows["estimate"].to_list(), y=names, mode="markers", marker={"size": 11, "color": colours},
        error_x={"type": "data", "symmetric": False, "array": (rows["high"] - rows["estimate"]).to_list(),
                 "arrayminus": (rows["estimate"] - rows["low"]).to_list(), "color": NEUTRAL, "thickness": 1.5,
                 "width": 4},
        customdata=[
            [percent(row["estimate"]), percent(row["low"], 0), percent(row["high"], 0), percent(row["share"])]
            for row in rows.iter_rows(named=True)
        ],
        hovertemplate="%{y}<br>%{customdata[0]} (%{customdata[1]} – %{customdata[2]})<br>"
        + _("counted: {share}").format(share="%{customdata[3]}") + "<extra></extra>",
    )  # fmt: skip
    words = [
        beside(percent(row["estimate"], 0), row["high"], name)
        for row, name in zip(rows.iter_rows(named=True), names, strict=True)
    ]
    return figure(
        dots, height=60 + ROW_PIXELS * max(rows.height, 2), xaxis=SHARE, annotations=words,
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category"},
    )  # fmt: skip


def lead_or_handling(found: Sequence[Handling]) -> go.Figure:
    """Each source as it is (hollow) and among leads answered in time (full); the promise kept is written beside it."""
    shown = sorted((one for one in found if one.share_met is not None), key=lambda one: -(one.share_met or 0))
    names = [plain(one.name) for one in shown]
    words = verdict_names()
    lines = [
        go.Scatter(
            x=[one.share, one.share_met], y=[name, name], mode="lines", line={"color": FAINT, "width": 3},
            hoverinfo="skip", showlegend=False,
        )
        for one, name in zip(shown, names, strict=True)
    ]  # fmt: skip
    as_is = go.Scatter(
        x=[one.share for one in shown], y=names, mode="markers", name=_("all leads"),
        marker={"size": 11, "color": NEUTRAL, "symbol": "circle-open", "line": {"width": 2}},
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    )  # fmt: skip
    in_time = go.Scatter(
        x=[one.share_met for one in shown], y=names, mode="markers+text", name=_("answered in time"),
        marker={"size": 12, "color": [VERDICTS[one.verdict] for one in shown]},
        text=[
            "  " + (_("{kept} in time · {verdict}") if one.verdict != "unclear" else _("{kept} in time")).format(
                kept=percent(one.kept, 0), verdict=words[one.verdict]
            )
            for one in shown
        ],
        textposition="middle right", hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    )  # fmt: skip
    most = max([0.1, *(max(one.share, one.share_met or 0) for one in shown)])
    return figure(
        *lines, as_is, in_time, height=70 + ROW_PIXELS * max(len(shown), 2), legend=True,
        xaxis=SHARE | {"range": [0, 1.7 * most]},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category", "categoryarray": names},
    )  # fmt: skip


def funnel_plot(rows: pl.DataFrame, by: str, limits: pl.DataFrame) -> go.Figure:
    """Share against the number of leads, with the limits chance alone would keep to; who lies outside is named."""
    looks = zip(sorted(limits["confidence"].unique()), ((NEUTRAL, "dot"), (ORANGE, "dash")), strict=True)
    lines = [
        go.Scatter(
            x=limit["leads"].to_list(), y=limit[side].to_list(), mode="lines", hoverinfo="skip",
            showlegend=side == "low", name=_("chance, {share}").format(share=percent(confidence)),
            line={"color": colour, "width": 1.5, "dash": dash},
        )
        for confidence, (colour, dash) in looks
        for limit in [limits.filter(confidence=confidence)]
        for side in ("low", "high")
    ]  # fmt: skip
    widest = limits.filter(confidence=limits["confidence"].max()).select("leads", "low", "high")
    told = rows.join(widest, on="leads", maintain_order="left").with_columns(share=pl.col(by) / pl.col("leads"))
    outside = told.select(~pl.col("share").is_between("low", "high")).to_series().to_list()
    names = [plain(name) for name in told["name"]]
    dots = go.Scatter(
        x=told["leads"].to_list(), y=told["share"].to_list(), mode="markers+text", showlegend=False,
        marker={"size": 10, "color": [ORANGE if far else TEAL for far in outside],
                "symbol": ["diamond" if far else "circle" for far in outside]},
        text=[f" {name}" if far else "" for name, far in zip(names, outside, strict=True)],
        textposition="middle right", customdata=names,
        hovertemplate="%{customdata}: %{y:.0%} (n = %{x:,.0f})<extra></extra>",
    )  # fmt: skip
    return figure(
        *lines, dots, height=340, legend=True,
        xaxis=WHOLE | {"title": {"text": _("Leads")}, "range": [0, 1.2 * max([1, *rows["leads"]])]}, yaxis=SHARE,
    )  # fmt: skip
