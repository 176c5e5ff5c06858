"""Both departments' interactions with one customer on two lanes."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.theme import BLUE, FAINT, GRID, NEUTRAL, TEAL, beside, days, figure, plain
from findings.accounts import Gap
from findings.words import side_names
from locales import _
from locales.formats import day

NO_BOX = "<extra></extra>"
LANE_OF = {"marketing": 1.0, "sales": -1.0}
COLOUR_OF = {"marketing": TEAL, "sales": BLUE}
STEP, HIGHEST = 0.16, 8


def timeline(rows: pl.DataFrame, silences: list[Gap], deals: pl.DataFrame) -> go.Figure:
    """`findings.accounts.timeline`: marks above for marketing, below for sales; those of one week are stacked. Hollow:
    a stage of the CRM or sent by software. Shaded: nobody spoke. Dotted: a deal began, was won or was lost."""
    traces, names = [], side_names()
    for lane, sign in LANE_OF.items():
        for is_contact in (True, False):
            hollow = (pl.col("what") == "stage") | pl.col("is_automatic")
            part = rows.filter((pl.col("lane") == lane) & (hollow != is_contact)).sort("at")
            if part.height:
                traces.append(_marks(part, sign, COLOUR_OF[lane], names[lane], is_contact=is_contact))
    shapes: list[dict[str, Any]] = [
        {"type": "rect", "x0": gap.begins, "x1": gap.ends, "y0": 0, "y1": 1, "yref": "paper", "fillcolor": GRID,
         "line": {"width": 0}, "layer": "below"}
        for gap in silences
    ]  # fmt: skip
    shapes.append({"type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": 0, "y1": 0, "line": {"color": FAINT}})
    notes = []
    for moment, word in _steps(deals):
        shapes.append({"type": "line", "x0": moment, "x1": moment, "y0": 0, "y1": 1, "yref": "paper",
                       "line": {"color": NEUTRAL, "dash": "dot", "width": 1}})  # fmt: skip
        notes.append(beside(word, moment, 1, yref="paper", yanchor="bottom", xanchor="center", xshift=0))
    ticks = {"tickvals": list(LANE_OF.values()), "ticktext": [names[lane] for lane in LANE_OF]}
    reach = 1 + STEP * HIGHEST + 0.1
    return figure(
        *traces, height=300, shapes=shapes, annotations=notes,
        xaxis=days() | {"nticks": 8, "hoverformat": "%d.%m.%Y"},
        yaxis=ticks | {"range": [-reach, reach], "showgrid": False}, margin={"l": 4, "r": 24, "t": 24, "b": 4},
    )  # fmt: skip


def _marks(part: pl.DataFrame, sign: float, colour: str, lane: str, *, is_contact: bool) -> go.Scatter:
    stacked: Counter[datetime] = Counter()
    heights = []
    for week in part["at"].dt.truncate("1w"):
        heights.append(sign * (0.4 + STEP * min(stacked[week], 2 * HIGHEST - 6)))
        stacked[week] += 1
    words = [
        [day(row["at"]), plain(row["words"]), plain(row["person"] or "")] for row in part.iter_rows(named=True)
    ]  # fmt: skip
    return go.Scatter(
        x=part["at"].to_list(), y=heights, mode="markers", name=lane, customdata=words,
        marker={"size": 9, "color": colour, "opacity": 0.85, "symbol": "circle" if is_contact else "circle-open"},
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}" + NO_BOX,
    )  # fmt: skip


def _steps(deals: pl.DataFrame) -> list[tuple[datetime, str]]:
    """When the newest deals began and ended; more than a few would hide the marks."""
    found = []
    for row in deals.head(2).iter_rows(named=True):
        for moment, word in ((row["created_at"], _("deal")), (row["won_at"], _("won")), (row["lost_at"], _("lost"))):
            if moment is not None:
                found.append((moment, word))
    return found
