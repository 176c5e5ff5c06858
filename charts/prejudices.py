"""Chart of the Prejudices page: both directions on one scale."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from charts.theme import BLUE, FAINT, NEUTRAL, ORANGE, SHARE, TEAL, figure, plain
from findings.prejudices import claims, figures
from findings.reproaches import Reproach
from locales import _
from locales.formats import percent

ROW_PIXELS = 34
COLOURS = {True: ORANGE, False: TEAL, None: NEUTRAL}


def scale(found: Sequence[Reproach]) -> go.Figure:
    """Each figure with its 95 % interval against the agreed threshold; the colour says what it speaks for."""
    names, words = claims(), figures()
    told = [(one, test) for one in found for test in one.tests if test.found is not None]
    places = list(range(len(told)))
    labels = [
        plain(names[one.key] if len(one.tests) == 1 else f"{names[one.key]} ({at + 1})")
        for one in found for at, test in enumerate(one.tests) if test.found is not None
    ]  # fmt: skip
    traces = []
    for (_one, test), place in zip(told, places, strict=True):
        known = test.found
        assert known is not None, "asked for above"
        span = f"{percent(known.value, 0)} ({percent(known.low, 0)} – {percent(known.high, 0)})"
        hover = f"{plain(words[test.key])}<br>{span}"
        traces.append(
            go.Scatter(
                x=[known.low, known.high], y=[place, place], mode="lines", line={"color": FAINT, "width": 6},
                hoverinfo="skip", showlegend=False,
            )
        )  # fmt: skip
        traces.append(
            go.Scatter(
                x=[known.value], y=[place], mode="markers", marker={"size": 12, "color": COLOURS[test.holds]},
                hovertemplate=hover + "<extra></extra>", showlegend=False,
            )
        )  # fmt: skip
    traces.append(
        go.Scatter(
            x=[test.threshold for _one, test in told], y=places, mode="markers", name=_("agreed threshold"),
            marker={"symbol": "line-ns", "size": 18, "line": {"color": BLUE, "width": 2}}, hoverinfo="skip",
        )
    )  # fmt: skip
    return figure(
        *traces, height=70 + ROW_PIXELS * max(len(told), 2), legend=True, xaxis=SHARE,
        yaxis={"tickvals": places, "ticktext": labels, "autorange": "reversed", "showgrid": False},
    )  # fmt: skip
