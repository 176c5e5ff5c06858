"""Charts of the Funnel page."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from charts.theme import BARE, BLUE, FAINT, NEUTRAL, ORANGE, SHARE, TEAL, beside, figure
from locales import _
from locales.formats import number, percent

ROW_PIXELS = 44
PALE = "rgba(15, 118, 110, 0.18)"
NO_BOX = "<extra></extra>"
ROWS = {"autorange": "reversed", "showgrid": False, "type": "category", "categoryorder": "array"}


def steps(frame: pl.DataFrame, names: dict[str, str]) -> go.Figure:
    """`findings.funnel.STEPS`: one bar per stage, its count and its share of the stage before written beside it."""
    stages, entered = [names[stage] for stage in frame["stage"]], frame["entered"].to_list()
    bars = go.Bar(
        y=stages, x=entered, orientation="h", marker={"color": TEAL}, customdata=frame["stage"].to_list(),
        hovertemplate="%{y}: %{x:,.0f}" + NO_BOX,
    )  # fmt: skip
    words = [
        beside(_count_and_share(row), row["entered"], stage)
        for row, stage in zip(frame.iter_rows(named=True), stages, strict=True)
    ]
    return figure(
        bars, height=24 + ROW_PIXELS * max(frame.height, 2), annotations=words,
        xaxis=BARE | {"range": [0, 1.9 * max([*entered, 1])]}, yaxis=ROWS | {"categoryarray": stages},
    )  # fmt: skip


def _count_and_share(row: dict[str, Any]) -> str:
    count = f"<b>{number(row['entered'])}</b>"
    if row["share"] is None:
        return count
    share = _("{share} of {n}").format(share=percent(row["share"]), n=number(row["of"]))
    return f"{count} · {share}" + (f" ({between(row)})" if row["low"] is not None else "")


def between(row: dict[str, Any]) -> str:
    """The interval of a share, `51–57 %`."""
    return f"{percent(row['low'], 0).removesuffix('%').rstrip()}–{percent(row['high'], 0)}"


def months(frame: pl.DataFrame) -> go.Figure:
    """`findings.cohorts.MONTHS`: mature months solid, young ones hatched, elders and a projection beside them."""
    mature, young = frame.filter("is_mature"), frame.filter(~pl.col("is_mature"))
    traces = [
        _bars(mature, _("old enough"), {"color": TEAL}, error_y=_whiskers(mature, "share", "low", "high")),
        _bars(
            young, _("still young: so far"),
            {"color": PALE, "line": {"color": TEAL, "width": 1}, "pattern": {"shape": "/", "fgcolor": TEAL, "size": 6}},
        ),
    ]  # fmt: skip
    elders = young.filter(pl.col("elders_share").is_not_null())
    if elders.height:
        name = _("earlier cohorts at the same age")
        traces.append(
            _marks(
                elders, "elders_share", name, {"symbol": "line-ew", "size": 26, "line": {"color": ORANGE, "width": 3}}
            )
        )
    promised = young.filter(pl.col("projected").is_not_null())
    if promised.height:
        look = {"symbol": "diamond-open", "size": 9, "color": BLUE, "line": {"width": 2}}
        reach = _whiskers(promised, "projected", "projected_low", "projected_high", BLUE)
        traces.append(_marks(promised, "projected", _("expected at the horizon"), look, error_y=reach))
    ticks = {"type": "date", "tickvals": frame["month_start"].to_list(), "tickformat": "%m/%y", "showgrid": False}
    return figure(*traces, height=300, legend=True, barmode="overlay", bargap=0.4, xaxis=ticks, yaxis=SHARE)


def _bars(rows: pl.DataFrame, name: str, marker: dict[str, Any], **more: Any) -> go.Bar:
    described = [
        [number(row["reached"]), number(row["entered"]), percent(row["share"]), between(row), number(row["age_days"])]
        for row in rows.iter_rows(named=True)
    ]
    words = _(
        "%{x|%m/%Y}: %{customdata[0]} of %{customdata[1]}, %{customdata[2]} (%{customdata[3]})"
        "<br>youngest lead: %{customdata[4]} days"
    )
    return go.Bar(
        x=rows["month_start"].to_list(), y=rows["share"].to_list(), name=name, marker=marker, customdata=described,
        hovertemplate=words + NO_BOX, **more,
    )  # fmt: skip


def _marks(rows: pl.DataFrame, column: str, name: str, marker: dict[str, Any], **more: Any) -> go.Scatter:
    return go.Scatter(
        x=rows["month_start"].to_list(), y=rows[column].to_list(), mode="markers", name=name, marker=marker,
        hovertemplate=name + ": %{y:.1%}" + NO_BOX, **more,
    )  # fmt: skip


def _whiskers(rows: pl.DataFrame, middle: str, low: str, high: str, colour: str = NEUTRAL) -> dict[str, Any]:
    """Error bars from the middle to the bounds; an open bound has none."""
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows[high] - rows[middle]).fill_null(0).to_list(),
        "arrayminus": (rows[middle] - rows[low]).fill_null(0).to_list(),
        "color": colour,
        "thickness": 1.5,
        "width": 4,
    }


def reached_by_age(curve: pl.DataFrame, horizon_days: int) -> go.Figure:
    """Cumulative incidence `time, incidence_converted`, already cut: the share there by that age."""
    line = go.Scatter(
        x=[0.0, *curve["time"]], y=[0.0, *curve["incidence_converted"]], mode="lines",
        line={"color": TEAL, "width": 2.5, "shape": "hv"},
        hovertemplate=_("after %{x:.0f} days: %{y:.1%}") + NO_BOX,
    )  # fmt: skip
    mark = {
        "type": "line", "x0": horizon_days, "x1": horizon_days, "y0": 0, "y1": 1, "yref": "paper",
        "line": {"color": FAINT, "dash": "dot", "width": 2},
    }  # fmt: skip
    words = beside(_("horizon: {days} days").format(days=number(horizon_days)), horizon_days, 0, yanchor="bottom")
    ages = {"ticksuffix": _(" d"), "rangemode": "tozero", "showgrid": False}
    return figure(line, height=260, shapes=[mark], annotations=[words], xaxis=ages, yaxis=SHARE)


def stays(frame: pl.DataFrame, names: dict[str, str]) -> go.Figure:
    """Median days in each stage with its interval; a stage that half have not left yet has words in place of a dot."""
    known = frame.filter(pl.col("median_days").is_not_null())
    dots = go.Scatter(
        y=[names[stage] for stage in known["stage"]], x=known["median_days"].to_list(), mode="markers",
        marker={"color": TEAL, "size": 11}, error_x=_whiskers(known, "median_days", "low_days", "high_days"),
        hovertemplate="%{y}: " + _("%{x:.0f} days") + NO_BOX,
    )  # fmt: skip
    words = [
        beside(_days_and_waiting(row), 0, names[row["stage"]], xref="paper", xshift=4, yshift=14)
        for row in frame.iter_rows(named=True)
    ]
    longest = max([1.0, *known["median_days"], *known["high_days"].drop_nulls()])
    return figure(
        dots, height=32 + 48 * max(frame.height, 2), annotations=words,
        xaxis={"range": [-0.02 * longest, longest * 1.1], "ticksuffix": _(" d"), "showgrid": False},
        yaxis=ROWS | {"categoryarray": [names[stage] for stage in frame["stage"]]},
    )  # fmt: skip


def _days_and_waiting(row: dict[str, Any]) -> str:
    waiting = _("{waiting} of {entered} still waiting").format(
        waiting=number(row["waiting"]), entered=number(row["entered"])
    )
    middle = row["median_days"]
    days = _("not half have left yet") if middle is None else _("{days} d").format(days=number(middle))
    return f"<b>{days}</b> · {waiting}"


def breakdown(frame: pl.DataFrame) -> go.Figure:
    """Share that moved on by name and n, with its interval; too few to rank are hollow and stand last."""
    shown = frame.with_columns(
        label=pl.format("{} ({})", "name", pl.Series([number(n) for n in frame["entered"]], dtype=pl.String))
    )
    traces = [
        go.Scatter(
            y=rows["label"].to_list(), x=rows["share"].to_list(), mode="markers",
            marker={"color": colour, "size": 10, "symbol": symbol},
            error_x=_whiskers(rows, "share", "low", "high"),
            customdata=[
                [row["name"], number(row["advanced"]), number(row["entered"]), between(row)]
                for row in rows.iter_rows(named=True)
            ],
            hovertemplate=_("%{customdata[0]}: %{customdata[1]} of %{customdata[2]}, %{customdata[3]}") + NO_BOX,
        )
        for is_ranked, colour, symbol in ((True, TEAL, "circle"), (False, NEUTRAL, "circle-open"))
        if (rows := shown.filter(pl.col("is_ranked") == is_ranked)).height
    ]  # fmt: skip
    words = [
        beside(f"<b>{percent(row['share'], 0)}</b>", row["high"], row["label"]) for row in shown.iter_rows(named=True)
    ]
    return figure(
        *traces, height=40 + 30 * max(shown.height, 2), annotations=words,
        xaxis=SHARE | {"range": [-0.02, 1.15], "tickvals": [0, 0.25, 0.5, 0.75, 1]},
        yaxis=ROWS | {"categoryarray": shown["label"].to_list()},
    )  # fmt: skip
