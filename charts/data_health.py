"""Charts of the Data health page."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.theme import BARE, FAINT, NEUTRAL, ORANGE, TEAL, WHOLE, beside, days, figure, plain
from locales import _
from locales.formats import number, percent

ROW_PIXELS = 46  # a line of words and the bar below it, so that a phone has room for both
MOST_FILES = 14


def rows_by_file(files: pl.DataFrame) -> go.Figure:
    """`file, rows_read, rows_kept, rows_rejected, rows_duplicate`: one bar per file, its equation beside it."""
    shown = files.filter(pl.col("rows_read") > 0).head(MOST_FILES).reverse()
    names = [plain(file) for file in shown["file"]]
    parts = (
        ("rows_kept", _("kept"), TEAL),
        ("rows_rejected", _("rejected"), ORANGE),
        ("rows_duplicate", _("exact duplicates"), NEUTRAL),
    )
    bars = [
        go.Bar(
            y=names,
            x=shown[column].to_list(),
            name=name,
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"%{{y}}<br>{name}: %{{x:,.0f}}<extra></extra>",
        )
        for column, name, colour in parts
    ]
    longest = max(shown["rows_read"].to_list(), default=1)
    return figure(
        *bars,
        height=40 + ROW_PIXELS * max(shown.height, 2),
        legend=True,
        barmode="stack",
        bargap=0.7,
        legend_traceorder="normal",
        annotations=[
            _above(name, _equation(row)) for name, row in zip(names, shown.iter_rows(named=True), strict=True)
        ],
        xaxis=BARE | {"range": [0, longest]},
        yaxis=BARE,
    )


def coverage(kinds: pl.DataFrame) -> go.Figure:
    """`label, covered, everything, share`: how much of the business the figures can see."""
    shown = kinds.filter(pl.col("share").is_not_null()).reverse()
    labels, rows = shown["label"].to_list(), list(shown.iter_rows(named=True))
    whole = go.Bar(y=labels, x=[1.0] * len(labels), orientation="h", marker={"color": FAINT}, hoverinfo="skip")
    part = go.Bar(
        y=labels,
        x=shown["share"].to_list(),
        orientation="h",
        marker={"color": TEAL},
        customdata=[[row["covered"], row["everything"]] for row in rows],
        hovertemplate="%{y}<br>%{customdata[0]:,.0f} / %{customdata[1]:,.0f}<extra></extra>",
    )
    told = _("{share} of {n}")
    return figure(
        whole,
        part,
        height=16 + ROW_PIXELS * max(shown.height, 2),
        barmode="overlay",
        bargap=0.7,
        annotations=[
            _above(row["label"], told.format(share=percent(row["share"]), n=number(row["everything"]))) for row in rows
        ],
        xaxis=BARE | {"range": [0, 1]},
        yaxis=BARE,
    )


def rows_by_build(builds: pl.DataFrame) -> go.Figure:
    """`built_at, rows_read`: how many rows each build read, oldest first."""
    shown = builds.reverse()
    line = go.Scatter(
        x=shown["built_at"].to_list(),
        y=shown["rows_read"].to_list(),
        mode="lines+markers",
        line={"color": TEAL, "width": 2},
        marker={"size": 6},
        hovertemplate="%{x|%d.%m.%Y %H:%M}<br>%{y:,.0f}<extra></extra>",
    )
    alone = {"tickvals": shown["built_at"].to_list()} if shown.height == 1 else {}
    return figure(line, height=200, xaxis=days() | alone, yaxis=WHOLE)


def _above(name: str, words: str) -> dict[str, Any]:
    return beside(f"{name}  <b>{words}</b>", 0, name, xshift=-4, yshift=16)


def _equation(row: dict[str, int]) -> str:
    parts = [row["rows_kept"], row["rows_rejected"], row["rows_duplicate"]]
    return f"{number(row['rows_read'])} = " + " + ".join(number(part) for part in parts)
