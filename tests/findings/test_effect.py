"""What a proposal would do, in words: figures, records and credit of the weeks compared."""

from datetime import date

import polars as pl
import pytest

import locales
from findings import effect

KPIS = {
    "kpi": pl.String, "value_now": pl.Float64, "value_proposed": pl.Float64, "side": pl.String, "is_better": pl.Boolean,
}  # fmt: skip
CHANGES = {
    "mart": pl.String, "change": pl.String, "column": pl.String, "old": pl.String, "new": pl.String,
    "direction": pl.String, "difference": pl.Float64, "rows": pl.Int64,
}  # fmt: skip


def kpis(*rows) -> pl.DataFrame:
    return pl.DataFrame(rows, KPIS, orient="row")


def changes(*rows) -> pl.DataFrame:
    return pl.DataFrame(rows, CHANGES, orient="row")


STRICTER = kpis(
    ("won_revenue", 200_000.0, 200_000.0, "sales", None),
    ("follow_up_attainment", 0.91, 0.78, "sales", False),
    ("win_rate", 0.3, 0.3, "sales", None),
)
TURNED = changes(
    ("handovers", "changed", "status", "met", "breached", None, None, 14),
    ("handovers", "changed", "due_at", None, None, "falls", None, 40),
)


def test_the_headline_names_the_figures_that_move_and_for_whom():
    said = effect.headline(STRICTER, TURNED, 12)
    assert said == ("In the last 12 weeks the proposal would have moved: Sales' promise kept. Sales would look worse.")


@pytest.mark.parametrize(
    ("moved", "changed", "words"),
    [
        pytest.param(kpis(), changes(), "nothing would have been different", id="nothing"),
        pytest.param(kpis(("win_rate", 0.3, 0.3, "sales", None)), TURNED, "but single records would", id="records"),
    ],
)
def test_a_proposal_without_effect_says_so(moved, changed, words):
    assert words in effect.headline(moved, changed, 12)


def test_touched_figures_are_shown_even_where_they_stay_and_others_only_where_they_move():
    shown = effect.figures(STRICTER, ["response.minutes.demo_request"], "EUR")
    assert shown["kpi"].to_list() == ["follow_up_attainment"]
    row = shown.row(0, named=True)
    assert (row["now"], row["proposed"]) == ("91.0%", "78.0%")
    assert row["gains"] == "Sales looks worse"
    untouched = effect.figures(STRICTER, ["targets.win_rate"], "EUR")
    assert untouched["kpi"].to_list() == ["follow_up_attainment", "win_rate"], "what moves first, then what is touched"
    assert untouched["change"].to_list()[1] == ""


def test_records_turn_in_sentences():
    assert effect.turned(TURNED) == ["14 handovers turn from met to breached."]
    locales.use("de")
    assert effect.turned(TURNED) == ["14 Übergaben wechseln von „gehalten“ zu „versäumt“."]


def test_credit_moves_under_the_agreed_model_alone():
    credit = pl.DataFrame(
        [("linear", "email", 100.0, 40.0), ("linear", None, 0.0, 60.0), ("first", "event", 1.0, 900.0)],
        {"model": pl.String, "channel": pl.String, "credit_now": pl.Float64, "credit_proposed": pl.Float64},
        orient="row",
    )
    moved = effect.credit_moves(credit, "linear", "EUR")
    assert len(moved) == 2
    assert all("60" in sentence for sentence in moved)
    assert any("attributed to nobody" in sentence for sentence in moved)


def test_a_figure_that_appears_or_vanishes_is_a_change_without_a_difference():
    shown = effect.figures(kpis(("cost_per_lead", None, 12.0, "marketing", None)), [], "EUR")
    assert shown.row(0, named=True)["now"] == "–"
    assert shown["changes"].to_list() == [True]


def test_the_basis_says_that_what_was_reported_stays():
    assert "stays as it is" in effect.basis(date(2026, 8, 31), 12)
    assert "as it is written" in effect.basis(None, 12)
