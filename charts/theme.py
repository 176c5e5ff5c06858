"""The look all charts share: colours, margins, the reader's separators. Theme colours come from `.streamlit`."""

from __future__ import annotations

import plotly.graph_objects as go

from locales import language

TEAL, BLUE, ORANGE, VIOLET, PINK, GREY = "#0F766E", "#2E90FA", "#F79009", "#7A5AF8", "#EE46BC", "#667085"
SERIES = (TEAL, BLUE, ORANGE, VIOLET, PINK, GREY)
NEUTRAL = "#98A2B3"  # readable on white and on dark
FAINT = "rgba(102, 112, 133, 0.35)"
GRID = "rgba(102, 112, 133, 0.18)"


def figure(*, height: int = 280, legend: bool = False, left: int | None = None) -> go.Figure:
    """An empty figure, `height` pixels high. `left`: fixed room for labels, by default as much as they need."""
    made = go.Figure()
    made.update_layout(
        height=height,
        margin={"l": left if left is not None else 4, "r": 12, "t": 28 if legend else 8, "b": 4},
        separators=",." if language() == "de" else ".,",
        showlegend=legend,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.0, "xanchor": "left", "x": 0, "title": None},
        hovermode="closest",
        bargap=0.35,
        hoverlabel={"align": "left"},
        dragmode=False,
    )
    made.update_xaxes(automargin=True, fixedrange=True, zeroline=False, title=None)
    made.update_yaxes(automargin=True, fixedrange=True, zeroline=False, gridcolor=GRID, title=None)
    return made


def whole_numbers(made: go.Figure, axis: str = "y") -> go.Figure:
    """Counts on an axis: thousands separated, no decimals."""
    made.update_layout({f"{axis}axis": {"tickformat": ",.0f", "rangemode": "tozero"}})
    return made


def shares(made: go.Figure, axis: str = "y") -> go.Figure:
    """Shares of 1 on an axis, as per cent."""
    made.update_layout({f"{axis}axis": {"tickformat": ",.0%", "rangemode": "tozero"}})
    return made


def weeks(made: go.Figure) -> go.Figure:
    """Days along the bottom, written as day and month."""
    made.update_xaxes(tickformat="%d. %b" if language() == "de" else "%d %b", showgrid=False)
    return made
