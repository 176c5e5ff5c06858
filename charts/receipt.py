"""The timeline of a deal's receipt."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from charts.theme import FAINT, NEUTRAL, TEAL, beside, days, figure, plain
from locales import _
from locales.formats import day, short_money

NO_BOX = "<extra></extra>"
SMALLEST, LARGEST = 8, 34
ROW_PIXELS = 40
MOST_PEOPLE = 10


def timeline(frame: pl.DataFrame, created_at: object, closed_at: object, currency: str) -> go.Figure:
    """`findings.receipt.lines`: one row per person, one mark per touch, as large as its credit; left out = hollow."""
    people = frame.group_by("who", maintain_order=True).len()["who"].head(MOST_PEOPLE).to_list()
    shown = frame.filter(pl.col("who").is_in(people))
    largest = max([*shown["credit"].drop_nulls(), 1.0])
    traces = []
    for is_earning in (False, True):
        rows = shown.filter((pl.col("credit").fill_null(0) > 0) == is_earning)
        if rows.height:
            area = [LARGEST * ((credit or 0) / largest) ** 0.5 for credit in rows["credit"]]
            words = [
                [plain(row["what"]), day(row["occurred_at"]), short_money(row["credit"] or 0, currency),
                 plain(row["left_out"] or row["where"])]
                for row in rows.iter_rows(named=True)
            ]  # fmt: skip
            traces.append(
                go.Scatter(
                    x=rows["occurred_at"].to_list(), y=[plain(who) for who in rows["who"]], mode="markers",
                    marker={
                        "size": [max(size, SMALLEST) for size in area], "opacity": 0.85,
                        "color": TEAL if is_earning else NEUTRAL, "symbol": "circle" if is_earning else "circle-open",
                    },
                    name=_("earns credit") if is_earning else _("earns nothing or left out"), customdata=words,
                    hovertemplate="%{customdata[1]} · %{customdata[0]}<br>%{customdata[2]} %{customdata[3]}" + NO_BOX,
                )
            )  # fmt: skip
    shapes, notes = [], []
    for moment, word in ((created_at, _("opportunity")), (closed_at, _("won"))):
        if moment is not None:
            shapes.append(
                {"type": "line", "x0": moment, "x1": moment, "y0": 0, "y1": 1, "yref": "paper",
                 "line": {"color": FAINT, "dash": "dot", "width": 2}}
            )  # fmt: skip
            notes.append(beside(word, moment, 1, yref="paper", yanchor="bottom", xanchor="center", xshift=0))
    rows_axis = {"autorange": "reversed", "type": "category", "categoryarray": [plain(who) for who in people]}
    return figure(
        *traces, height=90 + ROW_PIXELS * max(len(people), 2), shapes=shapes, annotations=notes, xaxis=days(),
        yaxis=rows_axis, margin={"l": 4, "r": 24, "t": 24, "b": 4},
    )  # fmt: skip
