"""Charts of the Campaigns page."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.theme import BARE, BLUE, NEUTRAL, TEAL, figure, plain
from locales import _
from locales.formats import number, short_money

NO_BOX = "<extra></extra>"
ROW_PIXELS = 34
MOST_ROWS = 12
GAP = 0.03


def chain(frame: pl.DataFrame, currency: str) -> go.Figure:
    """`findings.campaigns.together`: one row per campaign, one column per step from cost to credited revenue; each
    column has its own scale, so lengths compare campaigns, never steps."""
    shown = frame.head(MOST_ROWS)
    names = [plain(name) for name in shown["campaign"]]
    steps = [
        ("cost", _("Cost"), NEUTRAL), ("leads", _("Leads"), TEAL), ("accepted", _("Accepted"), TEAL),
        ("won", _("Won"), TEAL), ("credit", _("Credited revenue"), BLUE),
    ]  # fmt: skip
    width = (1 - GAP * (len(steps) - 1)) / len(steps)
    traces, words = [], []
    axes: dict[str, Any] = {}
    for position, (column, title, colour) in enumerate(steps):
        axis = "" if position == 0 else str(position + 1)
        start = position * (width + GAP)
        values = shown[column].fill_null(0).to_list()
        is_money = column in ("cost", "credit")
        text = [short_money(value, currency) if is_money else number(value) for value in shown[column]]
        traces.append(
            go.Bar(
                y=names, x=values, orientation="h", xaxis="x" + axis, marker={"color": colour}, text=text,
                textposition="outside", cliponaxis=False, hovertemplate="%{y}<br>" + title + ": %{text}" + NO_BOX,
            )
        )  # fmt: skip
        axes["xaxis" + axis] = BARE | {
            "domain": [start, start + width], "range": [0, 1.9 * max([*values, 1])], "fixedrange": True,
            "zeroline": False,
        }  # fmt: skip
        words.append(
            {
                "text": f"<b>{title}</b>", "xref": "paper", "x": start, "xanchor": "left", "yref": "paper", "y": 1,
                "yanchor": "bottom", "showarrow": False, "font": {"color": NEUTRAL, "size": 12},
            }
        )  # fmt: skip
    rows = {"autorange": "reversed", "showgrid": False, "type": "category"}
    return figure(
        *traces, height=48 + ROW_PIXELS * max(shown.height, 2), annotations=words, yaxis=rows,
        margin={"l": 4, "r": 12, "t": 24, "b": 4}, **axes,
    )  # fmt: skip
