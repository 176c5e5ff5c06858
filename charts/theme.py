"""The look all charts share: colours, margins, the reader's separators. Theme colours come from `.streamlit`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import plotly.graph_objects as go

from locales import language
from locales.formats import sign_of_money

TEAL, BLUE, ORANGE = "#0F766E", "#2E90FA", "#F79009"
NEUTRAL = "#98A2B3"  # readable on white and on dark
FAINT = "rgba(102, 112, 133, 0.35)"
GRID = "rgba(102, 112, 133, 0.18)"
LONGEST_NOTE = 40


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
    """An axis of days, written as day and month; by its type a page knows that notes belong on it."""
    return {"type": "date", "tickformat": "%d. %b" if language() == "de" else "%d %b", "showgrid": False}


Notes = Sequence[tuple[date, str]]
"""What happened on which day, in people's own words."""


def marks(notes: Notes, first: date, last: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A thin line and its words for each note from `first` to `last`, as `shapes` and `annotations` of a time chart.

    Words stand at the top, one below the other where notes are close, cut after 40 characters.
    """
    shown = [(day, text) for day, text in sorted(notes) if first <= day <= last]
    lines = [
        {
            "type": "line", "x0": day, "x1": day, "yref": "paper", "y0": 0, "y1": 1,
            "line": {"color": NEUTRAL, "width": 1, "dash": "dot"},
        }
        for day, _text in shown
    ]  # fmt: skip
    middle = first + (last - first) / 2
    words = [
        {
            "text": plain(text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1] + "…"),
            "hovertext": plain(text), "x": day, "xanchor": "left" if day <= middle else "right", "yref": "paper",
            "y": 1 - 0.09 * (at % 3), "yanchor": "top", "showarrow": False, "font": {"color": NEUTRAL, "size": 11},
        }
        for at, (day, text) in enumerate(shown)
    ]  # fmt: skip
    return lines, words


def noted(shown: go.Figure, notes: Notes) -> go.Figure:
    """The chart with `marks` for the notes within the days it shows; the same chart where none is."""
    days = [_day_of(x) for trace in shown.data for x in (() if trace.x is None else trace.x)]
    lines, words = marks(notes, min(days), max(days)) if days else ([], [])
    for line in lines:
        shown.add_shape(line)
    for word in words:
        shown.add_annotation(word)
    return shown


def _day_of(x: Any) -> date:
    """The day of whatever a trace holds: a date, a moment, ISO text, or what numpy makes of them."""
    if isinstance(x, datetime):
        return x.date()
    return x if isinstance(x, date) else date.fromisoformat(str(x)[:10])
