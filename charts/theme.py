"""The look all charts share: colours, margins, the reader's separators. Theme colours come from `.streamlit`."""

from __future__ import annotations

from html import escape
from typing import Any

import plotly.graph_objects as go

from locales import language
from locales.formats import sign_of_money

TEAL, BLUE, ORANGE = "#0F766E", "#2E90FA", "#F79009"
NEUTRAL = "#98A2B3"  # readable on white and on dark
FAINT = "rgba(102, 112, 133, 0.35)"
GRID = "rgba(102, 112, 133, 0.18)"


Axis = dict[str, Any]
WHOLE: Axis = {"tickformat": ",.0f", "rangemode": "tozero"}
"""An axis of counts: thousands separated, no decimals."""
SHARE: Axis = {"tickformat": ",.0%", "rangemode": "tozero"}
"""An axis of shares of 1, written as per cent."""
BARE: Axis = {"showgrid": False, "showticklabels": False}
"""An axis that needs no words because the marks carry their own."""


def figure(
    *traces: go.Bar | go.Scatter | go.Heatmap,
    height: int = 280,
    legend: bool = False,
    xaxis: Axis | None = None,
    yaxis: Axis | None = None,
    **layout: Any,
) -> go.Figure:
    """The traces, `height` pixels high, in the look of the house; `layout` takes `annotations`, `shapes`, `barmode` …

    All of it goes into one constructor: adding and updating piece by piece costs ten times as much.
    """
    axis = {"automargin": True, "fixedrange": True, "zeroline": False}
    house = {
        "height": height,
        "margin": {"l": 4, "r": 12, "t": 28 if legend else 8, "b": 4},
        "separators": ",." if language() == "de" else ".,",
        "showlegend": legend,
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "left", "x": 0},
        "hovermode": "closest",
        "bargap": 0.35,
        "hoverlabel": {"align": "left"},
        "dragmode": False,
        "xaxis": axis | (xaxis or {}),
        "yaxis": axis | {"gridcolor": GRID} | (yaxis or {}),
    }
    return go.Figure(list(traces), house | layout)


def beside(text: str, x: Any, y: Any, **more: Any) -> dict[str, Any]:
    """A quiet word to the right of a point, for `annotations`."""
    look = {"showarrow": False, "xanchor": "left", "xshift": 6, "font": {"color": NEUTRAL, "size": 12}}
    return {"text": text, "x": x, "y": y} | look | more


def money(currency: str) -> Axis:
    """An axis of amounts in whole units of the currency, its sign where the reader expects it."""
    before, after = sign_of_money(currency)
    return WHOLE | {"tickprefix": before, "ticksuffix": after}


def plain(text: object) -> str:
    """Text from data as mere characters: plotly reads tags such as <b> and <a> wherever it writes words."""
    return escape(str(text), quote=False)


def days() -> Axis:
    """An axis of days, written as day and month."""
    return {"tickformat": "%d. %b" if language() == "de" else "%d %b", "showgrid": False}
