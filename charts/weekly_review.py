"""Charts of the weekly review."""

from __future__ import annotations

import plotly.graph_objects as go

from charts.theme import FAINT, NEUTRAL, ORANGE, SHARE, TEAL, WHOLE, figure, money
from findings.weekly_figures import Figure
from findings.weekly_review import label
from locales import _


def control(shown: Figure, name: str, currency: str) -> go.Figure:
    """The weeks of one figure with its usual range as a band; a week outside it is marked by shape and colour."""
    known = [(week, value) for week, value in zip(shown.weeks, shown.values, strict=True) if value is not None]
    days, values = [week for week, _value in known], [value for _week, value in known]
    text = [label(day) for day in days]
    axis = {"rate": SHARE, "money": money(currency), "count": WHOLE}[shown.kind]
    before, after = axis.get("tickprefix", ""), axis.get("ticksuffix", "")
    value = "%{y:.1%}" if shown.kind == "rate" else f"{before}%{{y:,.0f}}{after}"
    hover = "%{customdata}<br>" + value + "<extra></extra>"
    line = go.Scatter(
        x=days, y=values, mode="lines+markers", line={"color": TEAL, "width": 2}, marker={"size": 5}, name=name,
        customdata=text, hovertemplate=hover,
    )  # fmt: skip
    look = {"size": 13, "symbol": "diamond", "color": ORANGE} if shown.is_signal else {"size": 13, "color": TEAL}
    newest = go.Scatter(
        x=days[-1:], y=values[-1:], mode="markers", marker=look, customdata=text[-1:], hovertemplate=hover
    )
    shapes, words = [], []
    if shown.lower is not None and shown.upper is not None:
        shapes.append(
            {
                "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": shown.lower, "y1": shown.upper,
                "fillcolor": FAINT, "opacity": 0.35, "line": {"width": 0}, "layer": "below",
            }
        )  # fmt: skip
        words.append(
            {
                "text": _("usual range"), "xref": "paper", "x": 0, "xanchor": "left", "y": shown.upper,
                "yanchor": "bottom", "showarrow": False, "font": {"color": NEUTRAL, "size": 12},
            }
        )  # fmt: skip
    return figure(
        line, newest, height=280, shapes=shapes, annotations=words,
        xaxis={"tickvals": days[::-8], "ticktext": text[::-8], "showgrid": False},
        yaxis=axis,
    )  # fmt: skip
