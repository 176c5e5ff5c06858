"""The small line on a card: the course of a figure without axes."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts.theme import NEUTRAL, TEAL

PIXELS = 44
TINT = "rgba(152, 162, 179, 0.14)"


def sparkline(values: Sequence[float]) -> go.Figure:
    """The values in order as a line over a tint, the last one marked. No hover: the card says the figure."""
    low, high = min(values), max(values)
    room = (high - low or abs(high) or 1) * 0.15
    bottom = max(0.0, low - room) if low >= 0 else low - room
    course = go.Scatter(
        y=list(values), mode="lines", line={"color": NEUTRAL, "width": 1.8}, fill="tozeroy", fillcolor=TINT
    )
    newest = go.Scatter(x=[len(values) - 1], y=[values[-1]], mode="markers", marker={"color": TEAL, "size": 7})
    bare = {"visible": False, "fixedrange": True}
    layout = {
        "height": PIXELS, "margin": {"l": 0, "r": 0, "t": 4, "b": 0}, "showlegend": False, "hovermode": False,
        "dragmode": False, "xaxis": bare | {"range": [0, len(values) - 0.7]},
        "yaxis": bare | {"range": [bottom, high + room]},
    }  # fmt: skip
    return go.Figure([course, newest], layout)
