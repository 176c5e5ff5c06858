"""Charts of the Data health page."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from charts.theme import FAINT, NEUTRAL, ORANGE, TEAL, figure, shares, whole_numbers
from locales import _
from locales.formats import number, percent

ROW_PIXELS = 30
MOST_FILES = 14


def rows_by_file(files: pl.DataFrame) -> go.Figure:
    """`file, rows_read, rows_kept, rows_rejected, rows_duplicate`: one bar per file, its equation beside it."""
    shown = files.filter(pl.col("rows_read") > 0).head(MOST_FILES).reverse()
    made = figure(height=64 + ROW_PIXELS * max(shown.height, 2), legend=True)
    parts = (
        ("rows_kept", _("kept"), TEAL),
        ("rows_rejected", _("rejected"), ORANGE),
        ("rows_duplicate", _("exact duplicates"), NEUTRAL),
    )
    for column, name, colour in parts:
        made.add_bar(
            y=shown["file"].to_list(),
            x=shown[column].to_list(),
            name=name,
            orientation="h",
            marker={"color": colour},
            hovertemplate=f"%{{y}}<br>{name}: %{{x:,.0f}}<extra></extra>",
        )
    made.update_layout(barmode="stack", legend_traceorder="normal")
    longest = max(shown["rows_read"].to_list(), default=1)
    for row in shown.iter_rows(named=True):
        made.add_annotation(
            x=row["rows_read"],
            y=row["file"],
            text=_equation(row),
            showarrow=False,
            xanchor="left",
            xshift=6,
            font={"color": NEUTRAL, "size": 12},
        )
    made.update_xaxes(range=[0, longest * 1.45], showgrid=False, showticklabels=False)
    made.update_yaxes(showgrid=False)
    return whole_numbers(made, "x")


def coverage(kinds: pl.DataFrame) -> go.Figure:
    """`label, covered, everything, share`: how much of the business the figures can see."""
    shown = kinds.filter(pl.col("share").is_not_null()).reverse()
    made = figure(height=16 + 34 * max(shown.height, 2))
    values = shown["share"].to_list()
    made.add_bar(
        y=shown["label"].to_list(), x=[1.0] * len(values), orientation="h", marker={"color": FAINT}, hoverinfo="skip"
    )
    made.add_bar(
        y=shown["label"].to_list(),
        x=values,
        orientation="h",
        marker={"color": TEAL},
        customdata=list(zip(shown["covered"].to_list(), shown["everything"].to_list(), strict=True)),
        hovertemplate="%{y}<br>%{customdata[0]:,.0f} / %{customdata[1]:,.0f}<extra></extra>",
    )
    for row in shown.iter_rows(named=True):
        text = _("{share} of {n}").format(share=percent(row["share"]), n=number(row["everything"]))
        made.add_annotation(
            x=1,
            y=row["label"],
            text=text,
            showarrow=False,
            xanchor="left",
            xshift=8,
            font={"color": NEUTRAL, "size": 12},
        )
    made.update_layout(barmode="overlay")
    made.update_xaxes(range=[0, 1.42], showgrid=False, showticklabels=False)
    made.update_yaxes(showgrid=False)
    return shares(made, "x")


def rows_by_build(builds: pl.DataFrame) -> go.Figure:
    """`built_at, rows_read`: how many rows each build read, oldest first."""
    shown = builds.reverse()
    made = figure(height=200)
    made.add_scatter(
        x=shown["built_at"].to_list(),
        y=shown["rows_read"].to_list(),
        mode="lines+markers",
        line={"color": TEAL, "width": 2},
        marker={"size": 6},
        hovertemplate="%{x|%d.%m.%Y %H:%M}<br>%{y:,.0f}<extra></extra>",
    )
    made.update_xaxes(showgrid=False)
    return whole_numbers(made)


def _equation(row: dict[str, int]) -> str:
    parts = [row["rows_kept"], row["rows_rejected"], row["rows_duplicate"]]
    return f"{number(row['rows_read'])} = " + " + ".join(number(part) for part in parts)
