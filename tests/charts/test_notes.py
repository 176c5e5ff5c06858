"""Notes on days stand on every chart over days, and never as markup."""

from datetime import date, datetime

import plotly.graph_objects as go
import pytest

import locales
from charts.theme import days, figure, noted

FAIR = (date(2026, 9, 15), "AMB <b>Stuttgart</b>")


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param([date(2026, 9, 1), date(2026, 10, 1)], id="days"),
        pytest.param([datetime(2026, 9, 1, 8), datetime(2026, 10, 1, 9)], id="moments"),
        pytest.param(["2026-09-01", "2026-10-01T08:00:00"], id="as text"),
    ],
)
def test_a_note_within_the_days_is_drawn_as_text(shown):
    found = noted(figure(go.Scatter(x=shown, y=[1, 2]), xaxis=days()), [FAIR, (date(2026, 1, 1), "long ago")])
    assert [mark.text for mark in found.layout.annotations] == ["AMB &lt;b&gt;Stuttgart&lt;/b&gt;"]
    assert [line.x0 for line in found.layout.shapes] == [FAIR[0]]


def test_marks_of_the_chart_itself_stay():
    own = {"text": "promise", "x": 1, "y": 1}
    chart = figure(go.Scatter(x=[date(2026, 9, 1), date(2026, 10, 1)], y=[1, 2]), xaxis=days(), annotations=[own])
    assert next(mark.text for mark in noted(chart, [FAIR]).layout.annotations) == "promise"
    assert len(noted(chart, []).layout.annotations) == 2


def test_a_chart_without_a_day_carries_none():
    assert noted(figure(go.Scatter(x=[], y=[]), xaxis=days()), [FAIR]).layout.annotations == ()
