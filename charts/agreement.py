"""Charts of the Agreement page."""

from __future__ import annotations

import plotly.graph_objects as go
import polars as pl

from charts.theme import NEUTRAL, SHARE, TEAL, WHOLE, days, figure, money
from findings.effect import MONEY, RATES, value
from locales import _
from locales.formats import day


def now_and_proposed(weeks: pl.DataFrame, kpi: str, currency: str) -> go.Figure:
    """`kpi_weeks` of an effect: one figure week by week, as agreed and as proposed."""
    rows = weeks.filter(pl.col("kpi") == kpi).sort("week_start")
    axis = money(currency) if kpi in MONEY else SHARE if kpi in RATES else WHOLE
    looks = {
        "now": (_("as agreed"), {"color": NEUTRAL, "width": 2, "dash": "dot"}),
        "proposed": (_("as proposed"), {"color": TEAL, "width": 2.5}),
    }
    lines = [
        go.Scatter(
            x=rows["week_start"].to_list(), y=rows[f"value_{side}"].to_list(), mode="lines+markers", name=name,
            line=line, marker={"size": 6},
            customdata=[
                f"{day(row['week_start'])}: {value(kpi, row[f'value_{side}'], currency)} {name}"
                for row in rows.iter_rows(named=True)
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for side, (name, line) in looks.items()
    ]  # fmt: skip
    return figure(*lines, height=240, legend=True, xaxis=days(), yaxis=axis | {"rangemode": "tozero"})
