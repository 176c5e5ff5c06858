"""Charts of the Attribution page."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.theme import BARE, BLUE, FAINT, NEUTRAL, ORANGE, TEAL, beside, figure, plain
from findings import stopping
from locales import _
from locales.formats import number, percent, short_money

NO_BOX = "<extra></extra>"
ROW_PIXELS = 34
LEFT_EDGE = 0.02  # nothing earned has no place on a scale of ratios; it stands at its left edge
# ticks of that scale and their digits
PER_EURO = {0.02: 2, 0.1: 1, 0.5: 1, 1: 0, 2: 0, 5: 0, 10: 0, 50: 0, 200: 0, 1000: 0}
MOST_ROWS = 12
ROWS = {"autorange": "reversed", "showgrid": False, "type": "category", "categoryorder": "array"}
LOOKS = {
    stopping.SURE: (ORANGE, "diamond"), stopping.LOSING: (ORANGE, "diamond-open"),
    stopping.SPLIT: (NEUTRAL, "circle-open"), stopping.EARNING: (TEAL, "circle"),
    stopping.YOUNG: (BLUE, "triangle-up-open"),
}  # fmt: skip


def ranges(frame: pl.DataFrame, currency: str) -> go.Figure:
    """`findings.attribution.ranges`: a bar for the agreed model, a line from the least to the most of all models."""
    shown = frame.head(MOST_ROWS)
    names = [plain(name) for name in shown["name"]]
    spans = [
        [short_money(row["credit"], currency), short_money(row["low"], currency), short_money(row["high"], currency)]
        for row in shown.iter_rows(named=True)
    ]
    bars = go.Bar(
        y=names, x=shown["credit"].to_list(), orientation="h", marker={"color": TEAL}, customdata=spans,
        error_x=_reach(shown, "credit", NEUTRAL),
        hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]} – %{customdata[2]})" + NO_BOX,
    )  # fmt: skip
    words = [
        beside(f"<b>{short_money(row['credit'], currency)}</b>", max(row["high"], row["credit"]), name)
        for row, name in zip(shown.iter_rows(named=True), names, strict=True)
    ]
    return figure(
        bars, height=24 + ROW_PIXELS * max(shown.height, 2), annotations=words,
        xaxis=BARE | {"range": [0, 1.35 * max([*shown["high"], 1.0])]}, yaxis=ROWS | {"categoryarray": names},
    )  # fmt: skip


def per_euro(frame: pl.DataFrame) -> go.Figure:
    """`findings.stopping.in_words`: credit per euro from the least to the most model, on a scale where half and double
    are equally far from 1; the verdict is in shape and colour.
    """
    shown = frame.head(MOST_ROWS).with_columns(
        name=pl.Series([plain(name) for name in frame.head(MOST_ROWS)["campaign"]], dtype=pl.String),
        low=pl.max_horizontal("per_euro_low", LEFT_EDGE),
        high=pl.max_horizontal("per_euro_high", LEFT_EDGE),
    )
    shown = shown.with_columns(middle=(pl.col("low") * pl.col("high")).sqrt())
    traces = [
        go.Scatter(
            y=mine["name"].to_list(), x=mine["middle"].to_list(), mode="markers",
            marker={"color": LOOKS[verdict][0], "symbol": LOOKS[verdict][1], "size": 11, "line": {"width": 2}},
            error_x=_reach(mine, "middle", LOOKS[verdict][0]),
            customdata=[
                [number(row["per_euro_low"], 2), number(row["per_euro_high"], 2), row["words"]]
                for row in mine.iter_rows(named=True)
            ],
            hovertemplate="%{y}: %{customdata[0]} – %{customdata[1]}<br>%{customdata[2]}" + NO_BOX,
        )
        for verdict in LOOKS
        if (mine := shown.filter(pl.col("verdict") == verdict)).height
    ]  # fmt: skip
    line = {
        "type": "line", "x0": 1, "x1": 1, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": FAINT, "dash": "dot", "width": 2},
    }  # fmt: skip
    return figure(
        *traces, height=48 + ROW_PIXELS * max(shown.height, 2), shapes=[line],
        xaxis={
            "type": "log", "tickvals": list(PER_EURO), "ticktext": [number(t, d) for t, d in PER_EURO.items()],
            "showgrid": False,
        },
        yaxis=ROWS | {"categoryarray": shown["name"].to_list()},
    )  # fmt: skip


def _reach(rows: pl.DataFrame, middle: str, colour: str) -> dict[str, Any]:
    """Error bars from the middle to `low` and `high`."""
    return {
        "type": "data", "symmetric": False, "array": (rows["high"] - rows[middle]).clip(0).to_list(),
        "arrayminus": (rows[middle] - rows["low"]).clip(0).to_list(), "color": colour, "thickness": 2, "width": 5,
    }  # fmt: skip


def side_by_side(frame: pl.DataFrame, models: list[str], names: dict[str, str], agreed: str) -> go.Figure:
    """`findings.attribution.side_by_side` as a table of shades: one row per channel, one column per model."""
    channels = [plain(name) for name in frame.sort("place")["name"].unique(maintain_order=True)]
    share = {(row["name"], row["model"]): row["share"] for row in frame.iter_rows(named=True)}
    order = [agreed, *(model for model in models if model != agreed)]
    values = [[share.get((channel, model), 0.0) for model in order] for channel in channels]
    grid = go.Heatmap(
        z=values, x=[names[model] for model in order], y=channels, showscale=False, xgap=2, ygap=2,
        colorscale=[[0, "rgba(15,118,110,0.03)"], [1, "rgba(15,118,110,0.75)"]],
        text=[[percent(value, 0) for value in row] for row in values],
        hovertemplate="%{y}<br>%{x}: %{text}" + NO_BOX,
    )  # fmt: skip
    # the grid's own text would take its colour from the shade alone, which lies on white or on black
    words = go.Scatter(
        x=[names[model] for _channel in channels for model in order],
        y=[channel for channel in channels for _model in order],
        text=[percent(value, 0) for row in values for value in row], mode="text", hoverinfo="skip",
    )  # fmt: skip
    return figure(
        grid, words, height=120 + 30 * max(len(channels), 2),
        xaxis={"side": "top", "tickangle": -40, "showgrid": False}, yaxis=ROWS | {"categoryarray": channels},
    )  # fmt: skip


def solved(frame: pl.DataFrame, names: dict[str, str], models: dict[str, str], currency: str) -> go.Figure:
    """`attribution/solved`: credit of Markov and Shapley by channel with bootstrap intervals, and a stroke for what
    Markov would give a channel for its reach alone."""
    frame = frame.with_columns(name=pl.col("channel").replace(names))
    traces = []
    looks = ((TEAL, "circle"), (BLUE, "square"))
    for (colour, symbol), (model, rows) in zip(looks, sorted(frame.group_by("model")), strict=False):
        spans = [
            [short_money(row[column], currency) for column in ("credit", "low", "high")]
            for row in rows.iter_rows(named=True)
        ]
        traces.append(
            go.Scatter(
                y=rows["name"].to_list(), x=rows["credit"].to_list(), mode="markers", name=models[str(model[0])],
                marker={"color": colour, "symbol": symbol, "size": 9}, error_x=_reach(rows, "credit", colour),
                customdata=spans, hovertemplate="%{y}: %{customdata[0]} (%{customdata[1]} – %{customdata[2]})" + NO_BOX,
            )
        )  # fmt: skip
    if (alone := frame.drop_nulls("reach_credit")).height:
        traces.append(
            go.Scatter(
                y=alone["name"].to_list(), x=alone["reach_credit"].to_list(), mode="markers", name=_("For reach alone"),
                marker={"color": NEUTRAL, "symbol": "line-ns", "size": 16, "line": {"width": 2, "color": NEUTRAL}},
                customdata=[short_money(amount, currency) for amount in alone["reach_credit"]],
                hovertemplate="%{y}: %{customdata}" + NO_BOX,
            )
        )  # fmt: skip
    order = frame.group_by("name").agg(pl.col("credit").max()).sort("credit", descending=True)["name"].to_list()
    return figure(
        *traces, height=60 + ROW_PIXELS * max(len(order), 2), legend=True,
        xaxis={"tickformat": ",.0f", "rangemode": "tozero", "ticksuffix": " " + currency, "nticks": 5},
        yaxis=ROWS | {"categoryarray": order},
    )  # fmt: skip
