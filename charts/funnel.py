"""Charts of the Funnel page."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from charts.theme import BLUE, FAINT, NEUTRAL, ORANGE, TEAL, figure, shares
from locales import _
from locales.formats import number, percent

ROW_PIXELS = 44
QUIET = {"color": NEUTRAL, "size": 12}


def steps(frame: pl.DataFrame, names: dict[str, str]) -> go.Figure:
    """`findings.funnel.STEPS`: one bar per stage, its count and its share of the stage before written beside it."""
    made = figure(height=24 + ROW_PIXELS * max(frame.height, 2))
    stages = [names[stage] for stage in frame["stage"]]
    made.add_bar(
        y=stages, x=frame["entered"].to_list(), orientation="h", marker={"color": TEAL},
        customdata=frame["stage"].to_list(), hovertemplate="%{y}<br>%{x:,.0f}<extra></extra>",
    )  # fmt: skip
    for row, stage in zip(frame.iter_rows(named=True), stages, strict=True):
        made.add_annotation(
            x=row["entered"], y=stage, text=_beside(row), showarrow=False, xanchor="left", xshift=8, align="left",
            font=QUIET,
        )  # fmt: skip
    made.update_xaxes(
        range=[0, 1.62 * max(frame["entered"].to_list(), default=1)], showgrid=False, showticklabels=False
    )
    made.update_yaxes(autorange="reversed", showgrid=False)
    return made


def _beside(row: dict[str, float | None]) -> str:
    count = f"<b>{number(row['entered'])}</b>"
    if row["share"] is None:
        return count
    share = _("{share} of {n}").format(share=percent(row["share"]), n=number(row["of"]))
    return f"{count} · {share}" + (f" ({between(row)})" if row["low"] is not None else "")


def between(row: dict[str, float | None], low: str = "low", high: str = "high") -> str:
    """An interval of shares, `51–57 %`."""
    return f"{percent(row[low], 0).removesuffix('%').rstrip()}–{percent(row[high], 0)}"


def months(frame: pl.DataFrame) -> go.Figure:
    """`findings.cohorts.MONTHS`: mature months solid, young ones hatched, elders beside them."""
    made = figure(height=300, legend=True)
    labels = frame["month_start"].to_list()
    for mature, name, pattern in ((True, _("old enough"), ""), (False, _("still young: so far"), "/")):
        rows = frame.filter(pl.col("is_mature") == mature)
        made.add_bar(
            x=rows["month_start"].to_list(), y=rows["share"].to_list(), name=name,
            marker={
                "color": TEAL if mature else "rgba(15, 118, 110, 0.18)",
                "line": {"color": TEAL, "width": 1},
                "pattern": {"shape": pattern, "fgcolor": TEAL, "size": 6},
            },
            error_y=_whiskers(rows, "share", "low", "high", NEUTRAL) if mature else None,
            customdata=[[*map(str, row)] for row in _hover(rows)],
            hovertemplate=_("%{x|%m/%Y}: %{customdata[0]} of %{customdata[1]}, %{customdata[2]} (%{customdata[3]})<br>"
                            "youngest lead: %{customdata[4]} days") + "<extra></extra>",
        )  # fmt: skip
    elders = frame.filter(pl.col("elders_share").is_not_null())
    if elders.height:
        made.add_scatter(
            x=elders["month_start"].to_list(), y=elders["elders_share"].to_list(), mode="markers",
            name=_("earlier cohorts at the same age"),
            marker={"symbol": "line-ew", "size": 26, "line": {"color": ORANGE, "width": 3}},
            hovertemplate=_("earlier cohorts at the same age: %{y:.1%}") + "<extra></extra>",
        )  # fmt: skip
    promised = frame.filter(pl.col("projected").is_not_null(), ~pl.col("is_mature"))
    if promised.height:
        made.add_scatter(
            x=promised["month_start"].to_list(), y=promised["projected"].to_list(), mode="markers",
            name=_("expected at the horizon"),
            marker={"symbol": "diamond-open", "size": 9, "color": BLUE, "line": {"width": 2}},
            error_y=_whiskers(promised, "projected", "projected_low", "projected_high", BLUE),
            hovertemplate=_("expected at the horizon: %{y:.1%}") + "<extra></extra>",
        )  # fmt: skip
    made.update_layout(barmode="overlay", bargap=0.4)
    made.update_xaxes(tickvals=labels, tickformat="%m/%y", showgrid=False)
    return shares(made)


def _hover(rows: pl.DataFrame) -> list[tuple[str, ...]]:
    return [
        (number(row["reached"]), number(row["entered"]), percent(row["share"]), between(row), number(row["age_days"]))
        for row in rows.iter_rows(named=True)
    ]


def _whiskers(rows: pl.DataFrame, middle: str, low: str, high: str, colour: str) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows[high] - rows[middle]).to_list(),
        "arrayminus": (rows[middle] - rows[low]).to_list(),
        "color": colour,
        "thickness": 1.5,
        "width": 4,
    }


def reached_by_age(curve: pl.DataFrame, horizon_days: int) -> go.Figure:
    """Cumulative incidence `time, incidence_converted`, already cut: the share there by that age."""
    made = figure(height=260)
    times, reached = [0.0, *curve["time"]], [0.0, *curve["incidence_converted"]]
    made.add_scatter(
        x=times, y=reached, mode="lines", line={"color": TEAL, "width": 2.5, "shape": "hv"},
        hovertemplate=_("after %{x:.0f} days: %{y:.1%}") + "<extra></extra>",
    )  # fmt: skip
    made.add_vline(x=horizon_days, line={"color": FAINT, "dash": "dot", "width": 2})
    made.add_annotation(
        x=horizon_days, y=0, yanchor="bottom", xanchor="left", xshift=6, showarrow=False, font=QUIET,
        text=_("horizon: {days} days").format(days=number(horizon_days)),
    )  # fmt: skip
    made.update_xaxes(ticksuffix=_(" d"), rangemode="tozero", showgrid=False)
    return shares(made)


def stays(frame: pl.DataFrame, names: dict[str, str]) -> go.Figure:
    """Median days in each stage with its interval; a stage that half have not left yet has a note in place of a dot."""
    made = figure(height=24 + ROW_PIXELS * max(frame.height, 2))
    known = frame.filter(pl.col("median_days").is_not_null())
    bounds = [pl.coalesce(bound, "median_days").alias(bound) for bound in ("low_days", "high_days")]
    made.add_scatter(
        y=[names[stage] for stage in known["stage"]], x=known["median_days"].to_list(), mode="markers",
        marker={"color": TEAL, "size": 11},
        error_x=_whiskers(known.with_columns(bounds), "median_days", "low_days", "high_days", NEUTRAL),
        hovertemplate="%{y}: %{x:.0f} " + _("days") + "<extra></extra>",
    )  # fmt: skip
    longest = max([1.0, *known["median_days"], *known["high_days"].drop_nulls()])
    for row in frame.iter_rows(named=True):
        waiting = _("{waiting} of {entered} still waiting").format(
            waiting=number(row["waiting"]), entered=number(row["entered"])
        )
        days = (
            _("{days} d").format(days=number(row["median_days"])) if row["median_days"] is not None else _("over half")
        )
        made.add_annotation(
            x=1, xref="paper", y=names[row["stage"]], text=f"<b>{days}</b> · {waiting}", showarrow=False,
            xanchor="right", font=QUIET,
        )  # fmt: skip
    made.update_xaxes(range=[0, longest * 2.1], ticksuffix=_(" d"), showgrid=False)
    made.update_yaxes(
        autorange="reversed", showgrid=False, type="category",
        categoryorder="array", categoryarray=[names[stage] for stage in frame["stage"]],
    )  # fmt: skip
    return made


def breakdown(frame: pl.DataFrame) -> go.Figure:
    """Share that moved on by name, with interval and n; too few to rank are hollow and stand last."""
    made = figure(height=40 + 30 * max(frame.height, 2))
    for ranked in (True, False):
        rows = frame.filter(pl.col("is_ranked") == ranked)
        if not rows.height:
            continue
        made.add_scatter(
            y=rows["name"].to_list(), x=rows["share"].to_list(), mode="markers",
            marker={"color": TEAL if ranked else NEUTRAL, "size": 10, "symbol": "circle" if ranked else "circle-open"},
            error_x=_whiskers(rows, "share", "low", "high", NEUTRAL),
            customdata=[
                [number(row["advanced"]), number(row["entered"]), between(row)] for row in rows.iter_rows(named=True)
            ],
            hovertemplate=_("%{y}: %{customdata[0]} of %{customdata[1]}, %{customdata[2]}") + "<extra></extra>",
        )  # fmt: skip
    for row in frame.iter_rows(named=True):
        made.add_annotation(
            x=1.02, y=row["name"], text=f"<b>{percent(row['share'], 0)}</b> · n = {number(row['entered'])}",
            showarrow=False, xanchor="left", font=QUIET,
        )  # fmt: skip
    made.update_yaxes(
        autorange="reversed",
        showgrid=False,
        type="category",
        categoryorder="array",
        categoryarray=frame["name"].to_list(),
    )
    made = shares(made, "x")
    made.update_xaxes(range=[0, 1.35], tickvals=[0, 0.25, 0.5, 0.75, 1])
    return made
