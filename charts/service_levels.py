"""Charts of the Service levels page: both promises are drawn by the same functions, in the same colours."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.theme import BLUE, FAINT, NEUTRAL, ORANGE, SHARE, TEAL, WHOLE, beside, days, figure
from findings.burn_up import Outlook
from locales import _
from locales.formats import day, number, percent

NO_BOX = "<extra></extra>"
BAND = "rgba(15, 118, 110, 0.16)"
ROW_PIXELS = 46
HOURS = range(6, 21)


def trend(frame: pl.DataFrame, target: float) -> go.Figure:
    """`findings.promise.WEEKS`: the share by week with its interval as a band, the promise as a line."""
    weeks = frame["week_start"].to_list()
    band = go.Scatter(
        x=[*weeks, *reversed(weeks)], y=[*frame["high"], *frame["low"].reverse()], fill="toself", fillcolor=BAND,
        line={"width": 0}, mode="lines", hoverinfo="skip",
    )  # fmt: skip
    line = go.Scatter(
        x=weeks, y=frame["share"].to_list(), mode="lines+markers", line={"color": TEAL, "width": 2},
        marker={"size": 6},
        customdata=[
            [day(row["week_start"]), percent(row["share"], 0), number(row["n"]),
             f"{percent(row['low'], 0)} – {percent(row['high'], 0)}"]
            for row in frame.iter_rows(named=True)
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]} (n = %{customdata[2]}; %{customdata[3]})" + NO_BOX,
    )  # fmt: skip
    top = max([1.0, target, *frame["share"]]) * 1.1
    return figure(
        band, line, height=220, shapes=[_level(target)],
        annotations=[beside(_("promise {target}").format(target=percent(target, 0)), 1, target, xref="paper",
                            xanchor="right", yanchor="bottom", xshift=0)],
        xaxis=days(), yaxis=SHARE | {"range": [0, top]},
    )  # fmt: skip


def _level(target: float) -> dict[str, Any]:
    return {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": target, "y1": target,
        "line": {"color": ORANGE, "dash": "dash", "width": 2},
    }  # fmt: skip


def burn_up(rows: pl.DataFrame, unit: str, outlook: Outlook | None) -> go.Figure:
    """`service_levels/burn_up`: delivered against the line over working days, with the range the quarter may end in."""
    mine = rows.filter(pl.col("unit") == unit).sort("day")
    past = mine.filter(pl.col("delivered_to_date").is_not_null())
    traces = [
        go.Scatter(
            x=mine["day"].to_list(), y=mine["target_to_date"].to_list(), mode="lines", name=_("promised"),
            line={"color": ORANGE, "dash": "dash", "width": 2}, hovertemplate="%{x|%d.%m.}: %{y:,.0f}" + NO_BOX,
        ),
        go.Scatter(
            x=past["day"].to_list(), y=past["delivered_to_date"].to_list(), mode="lines", name=_("accepted"),
            line={"color": TEAL, "width": 3}, hovertemplate="%{x|%d.%m.}: %{y:,.0f}" + NO_BOX,
        ),
        go.Scatter(
            x=past["day"].to_list(), y=past["silent_to_date"].to_list(), mode="lines", name=_("of them by silence"),
            line={"color": NEUTRAL, "width": 1.5}, fill="tozeroy", fillcolor=FAINT,
            hovertemplate="%{x|%d.%m.}: %{y:,.0f}" + NO_BOX,
        ),
    ]  # fmt: skip
    if outlook and past.height:
        last, end, now = past["day"][-1], mine["day"][-1], float(past["delivered_to_date"][-1])
        traces.append(
            go.Scatter(
                x=[last, end, end, last], y=[now, outlook.high, outlook.low, now], fill="toself", fillcolor=BAND,
                line={"width": 0}, mode="lines", name=_("at this pace"), hoverinfo="skip",
            )
        )  # fmt: skip
    return figure(*traces, height=280, legend=True, xaxis=days(), yaxis=WHOLE)


def segments(frame: pl.DataFrame, names: dict[str, str]) -> go.Figure:
    """`findings.lost_time.segments`: median as a dot, up to the 90th percentile as a line, in business hours."""
    shown = frame.filter(pl.col("median_hours").is_not_null())
    words = [
        beside(_segment_words(row), 0, names[row["name"]], xref="paper", xshift=4, yshift=14)
        for row in frame.iter_rows(named=True)
    ]
    reach = [max((row["late_hours"] or row["median_hours"]) - row["median_hours"], 0) for row in shown.to_dicts()]
    dots = go.Scatter(
        y=[names[name] for name in shown["name"]], x=shown["median_hours"].to_list(), mode="markers",
        marker={"size": 12, "color": [_owner_colour(name) for name in shown["name"]]},
        error_x={"type": "data", "symmetric": False, "array": reach, "arrayminus": [0] * len(reach), "color": NEUTRAL,
                 "thickness": 2, "width": 5},
        hovertemplate="%{y}: %{x:,.1f} h" + NO_BOX,
    )  # fmt: skip
    longest = max([1.0, *shown["median_hours"], *shown["late_hours"].drop_nulls()])
    return figure(
        dots, height=40 + ROW_PIXELS * max(frame.height, 2), annotations=words,
        xaxis={"range": [-0.02 * longest, 1.1 * longest], "ticksuffix": " h", "showgrid": False},
        yaxis={"autorange": "reversed", "showgrid": False, "type": "category",
               "categoryarray": [names[name] for name in frame["name"]]},
    )  # fmt: skip


def _owner_colour(segment: str) -> str:
    return {"qualifying": BLUE, "routing": NEUTRAL}.get(segment, TEAL)


def _segment_words(row: dict[str, Any]) -> str:
    waiting = _("{n} waiting").format(n=number(row["waiting"]))
    if row["median_hours"] is None:
        open_yet = _("not half have taken it")
        return f"<b>{open_yet}</b> · {waiting}"
    late = _("90 %: open") if row["late_hours"] is None else _("90 %: {n} h").format(n=number(row["late_hours"], 1))
    median = _("{n} h").format(n=number(row["median_hours"], 1))
    return f"<b>{median}</b> · {late} · {waiting}"


def hours(rows: pl.DataFrame, weekdays: list[str]) -> go.Figure:
    """`service_levels/by_hour`: share of late answers by weekday and hour of the handover; the count is written."""
    cells = {(row["weekday"], row["hour"]): row for row in rows.iter_rows(named=True)}
    shown = [hour for hour in range(24) if hour in HOURS or any((weekday, hour) in cells for weekday in range(1, 8))]
    numbers = [weekday for weekday in range(1, 8) if weekday < 6 or any((weekday, hour) in cells for hour in shown)]
    share = [[_late(cells.get((weekday, hour))) for hour in shown] for weekday in numbers]
    text = [[_count(cells.get((weekday, hour))) for hour in shown] for weekday in numbers]
    grid = go.Heatmap(
        z=share, x=[f"{hour}" for hour in shown], y=[weekdays[weekday - 1] for weekday in numbers], text=text,
        texttemplate="%{text}", showscale=False, xgap=2, ygap=2, zmin=0, zmax=1, hoverongaps=False,
        colorscale=[[0, "rgba(247,144,9,0.04)"], [1, "rgba(247,144,9,0.9)"]],
        hovertemplate=_("%{y}, %{x} h: %{text} late") + NO_BOX,
    )  # fmt: skip
    return figure(
        grid, height=60 + 34 * len(numbers),
        xaxis={"type": "category", "showgrid": False, "ticksuffix": " h"},
        yaxis={"autorange": "reversed", "type": "category", "showgrid": False},
    )  # fmt: skip


def _late(cell: dict[str, Any] | None) -> float | None:
    judged = cell["met"] + cell["breached"] if cell else 0
    return cell["breached"] / judged if cell and judged else None


def _count(cell: dict[str, Any] | None) -> str:
    judged = cell["met"] + cell["breached"] if cell else 0
    return f"{cell['breached']}/{judged}" if cell and judged else ""
