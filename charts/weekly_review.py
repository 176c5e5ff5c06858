"""Charts of the weekly review."""

from __future__ import annotations

import plotly.graph_objects as go

from charts.theme import (
    BARE,
    BLUE,
    FAINT,
    NEUTRAL,
    ORANGE,
    SHARE,
    TEAL,
    WHOLE,
    Notes,
    figure,
    marks,
    money,
)
from findings.meeting import Bridge, KpiRow
from findings.weekly_review import label
from locales import _
from locales.formats import short_money


def control(row: KpiRow, currency: str, notes: Notes = ()) -> go.Figure:
    """The weeks of one figure with its usual range as a band; a week outside it is marked by shape and colour."""
    known = [point for point in row.weeks if point.value is not None]
    days, values = [point.week_start for point in known], [point.value for point in known]
    text = [label(day) for day in days]
    axis = {"rate": SHARE, "money": money(currency), "count": WHOLE, "ratio": {"rangemode": "tozero"}}[row.unit]
    before, after = axis.get("tickprefix", ""), axis.get("ticksuffix", "")
    value = {"rate": "%{y:.1%}", "ratio": "%{y:.1f} ×"}.get(row.unit, f"{before}%{{y:,.0f}}{after}")
    hover = "%{customdata}<br>" + value + "<extra></extra>"
    traces = []
    banded = [point for point in known if point.lower is not None and point.upper is not None]
    if banded:
        edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        weeks = [point.week_start for point in banded]
        traces += [
            go.Scatter(x=weeks, y=[point.lower for point in banded], **edge),
            go.Scatter(x=weeks, y=[point.upper for point in banded], fill="tonexty", fillcolor=FAINT, **edge),
        ]
    traces.append(
        go.Scatter(
            x=days, y=values, mode="lines+markers", line={"color": TEAL, "width": 2}, marker={"size": 5},
            customdata=text, hovertemplate=hover,
        )
    )  # fmt: skip
    told = [point for point in known if point.is_signal or (point is known[-1] and row.verdict == "signal")]
    if told:
        traces.append(
            go.Scatter(
                x=[point.week_start for point in told], y=[point.value for point in told], mode="markers",
                marker={"size": 13, "symbol": "diamond", "color": ORANGE},
                customdata=[label(point.week_start) for point in told], hovertemplate=hover,
            )
        )  # fmt: skip
    words = [
        {
            "text": _("usual range"), "x": banded[0].week_start, "xanchor": "left", "y": banded[0].upper,
            "yanchor": "bottom", "showarrow": False, "font": {"color": NEUTRAL, "size": 12},
        }
    ] if banded else []  # fmt: skip
    lines, names = marks(notes, days[0], days[-1]) if days else ([], [])
    return figure(
        *traces, height=300, shapes=lines, annotations=words + names,
        xaxis={"tickvals": days[::-8], "ticktext": text[::-8], "showgrid": False}, yaxis=axis,
    )  # fmt: skip


def bridge(found: Bridge, currency: str) -> go.Figure:
    """From the open pipeline of one week to that of the next, bar by bar; each bar says its amount and its deals."""
    names = [_("before"), *(bar.name for bar in found.bars), _("after")]
    bases, heights, colours, words = [0.0], [found.before], [NEUTRAL], [short_money(found.before, currency)]
    level = found.before
    for bar in found.bars:
        bases.append(min(level, level + bar.amount))
        heights.append(abs(bar.amount))
        colours.append(TEAL if bar.amount >= 0 else ORANGE)
        sign = "+" if bar.amount > 0 else "−" if bar.amount < 0 else ""
        words.append(f"{sign}{short_money(abs(bar.amount), currency)} ({bar.deals})")
        level += bar.amount
    bases, heights = [*bases, 0.0], [*heights, found.after]
    colours, words = [*colours, BLUE], [*words, short_money(found.after, currency)]
    bars = go.Bar(
        y=names, x=heights, base=bases, orientation="h", marker={"color": colours}, text=words, textposition="outside",
        cliponaxis=False, hovertemplate="%{y}: %{text}<extra></extra>",
    )  # fmt: skip
    widest = max([base + height for base, height in zip(bases, heights, strict=True)], default=1.0) or 1.0
    lowest = min([base for base, height in zip(bases[1:-1], heights[1:-1], strict=True) if height], default=0.0)
    return figure(
        bars, height=360, yaxis={"autorange": "reversed", "showgrid": False},
        xaxis=BARE | {"range": [max(0.0, lowest - (widest - lowest)), widest + (widest - lowest) * 0.9 or 1.0]},
    )  # fmt: skip
