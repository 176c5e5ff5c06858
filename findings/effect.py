"""What a proposal would do to the figures and records of the last weeks, in words, before anybody signs it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, TypeVar

import polars as pl

from agreement.kpis import KPIS, kpis_touched_by
from findings.words import channel_names, decision_names, kpi_names, side_names, status_names
from locales import _, formats, ngettext

C = TypeVar("C")
MONEY = {"pipeline_created", "won_revenue", "marketing_cost", "cost_per_lead"}
RATES = {"marketing_attainment", "follow_up_attainment", "lead_to_opportunity_rate", "win_rate"}
NOISE = 1e-9
MOST_SENTENCES = 5
VERDICTS = ("status", "decision")
FIGURES = {
    "kpi": pl.String, "figure": pl.String, "now": pl.String, "proposed": pl.String, "change": pl.String,
    "gains": pl.String, "changes": pl.Boolean,
}  # fmt: skip


def figures(kpis: pl.DataFrame, terms: Iterable[str], currency: str) -> pl.DataFrame:
    """`FIGURES`: every agreed figure that one of the changed terms touches, or that changes; changed ones first."""
    touched = {kpi for term in terms for kpi in kpis_touched_by(term)}
    rows = []
    for row in sorted(kpis.iter_rows(named=True), key=lambda row: KPIS.index(row["kpi"])):
        now, then = row["value_now"], row["value_proposed"]
        is_other = not _is_same(now, then)
        if is_other or row["kpi"] in touched:
            rows.append(
                (
                    row["kpi"], kpi_names()[row["kpi"]], value(row["kpi"], now, currency),
                    value(row["kpi"], then, currency), _change(row["kpi"], now, then, currency) if is_other else "",
                    _gains(row["side"], row["is_better"]) if is_other else "", is_other,
                )
            )  # fmt: skip
    return pl.DataFrame(rows, FIGURES, orient="row").sort(~pl.col("changes"), maintain_order=True)


def figure_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the figures are shown."""
    return {
        "figure": column(_("Figure")), "now": column(_("As agreed")), "proposed": column(_("As proposed")),
        "change": column(_("Change")), "gains": column(_("For whom")),
    }  # fmt: skip


def value(kpi: str, amount: float | None, currency: str) -> str:
    """A figure as it is written on cards."""
    if amount is None:
        return "–"
    if kpi in MONEY:
        return formats.money(amount, currency)
    return formats.percent(amount) if kpi in RATES else formats.number(amount)


def headline(kpis: pl.DataFrame, changes: pl.DataFrame, weeks: int) -> str:
    """The proposal in one sentence: which figures move, and for whom."""
    moved = [row for row in kpis.iter_rows(named=True) if not _is_same(row["value_now"], row["value_proposed"])]
    if not moved and changes.is_empty():
        return _("In the last {n} weeks nothing would have been different.").format(n=weeks)
    if not moved:
        return _("In the last {n} weeks no agreed figure would have been different, but single records would.").format(
            n=weeks
        )
    names = formats.listed(kpi_names()[row["kpi"]] for row in moved[:3])
    more = len(moved) - 3
    if more > 0:
        names = ngettext("{names} and {n} more figure", "{names} and {n} more figures", more).format(
            names=formats.listed(kpi_names()[row["kpi"]] for row in moved[:3]), n=more
        )
    sentence = _("In the last {n} weeks the proposal would have moved: {names}.").format(n=weeks, names=names)
    looks = {(row["side"], row["is_better"]) for row in moved if row["is_better"] is not None}
    if len(looks) == 1:
        side, is_better = looks.pop()
        said = _("{side} would look better.") if is_better else _("{side} would look worse.")
        sentence += " " + said.format(side=side_names()[side])
    return sentence


def basis(since: date | None, weeks: int) -> str:
    """What was compared."""
    if since is None:
        return _(
            "The last {n} whole weeks, judged by the agreement as it is and by the proposal as it is written."
        ).format(n=weeks)
    return _(
        "The last {n} whole weeks, judged by the agreement as it is and as if the proposal had held since {day}. What "
        "was reported for that time stays as it is."
    ).format(n=weeks, day=formats.day(since))


def turned(changes: pl.DataFrame) -> list[str]:
    """Sentences on the records that change, the most telling first: “14 handovers turn from met to breached”."""
    said = [sentence for told in (_handovers, _decisions, _touches, _leads) for sentence in told(changes)]
    return said[:MOST_SENTENCES]


def credit_moves(credits: pl.DataFrame, model: str, currency: str) -> list[str]:
    """What channels win and lose under the agreed model, the largest move first."""
    moved = (
        credits.filter(pl.col("model") == model)
        .with_columns(pl.col("credit_now", "credit_proposed").cast(pl.Float64).fill_null(0))
        .with_columns(move=pl.col("credit_proposed") - pl.col("credit_now"))
        .filter(pl.col("move").abs() >= 1)
        .sort(-pl.col("move").abs(), "channel")
    )
    names = channel_names() | {None: _("attributed to nobody")}
    return [
        _("{channel}: {move} of credited revenue").format(
            channel=names.get(row["channel"], row["channel"]),
            move=formats.money(row["move"], currency, signed=True),
        )
        for row in moved.head(MOST_SENTENCES).iter_rows(named=True)
    ]


def records_in_words(records: pl.DataFrame) -> pl.DataFrame:
    """The records with readable before and after, the verdicts first."""
    words = status_names() | decision_names()
    return records.sort(~pl.col("column").is_in(VERDICTS).fill_null(False), maintain_order=True).with_columns(
        pl.col("old", "new").replace(words), column=pl.coalesce("column", pl.col("change").replace(_whole_rows()))
    )


def record_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the records are listed."""
    return {
        "mart": column(_("Table")), "key": column(_("Record")), "column": column(_("What")),
        "old": column(_("As agreed")), "new": column(_("As proposed")),
    }  # fmt: skip


def counted(changes: pl.DataFrame) -> str:
    """How many records change in all; a record that changes in several columns counts in each."""
    total = int(changes["rows"].sum())
    return ngettext("{n} change in single records", "{n} changes in single records", total).format(
        n=formats.number(total)
    )


def _whole_rows() -> dict[str, str]:
    return {"added": _("new record"), "removed": _("record gone"), "changed": _("changed")}


def _handovers(changes: pl.DataFrame) -> list[str]:
    names = status_names()
    return [
        ngettext(
            "{n} handover turns from {old} to {new}.", "{n} handovers turn from {old} to {new}.", row["rows"]
        ).format(n=formats.number(row["rows"]), old=names.get(row["old"], "–"), new=names.get(row["new"], "–"))
        for row in _of(changes, "handovers", "status")
    ]


def _decisions(changes: pl.DataFrame) -> list[str]:
    names = decision_names()
    return [
        ngettext(
            "{n} lead counts as {new} instead of {old}.", "{n} leads count as {new} instead of {old}.", row["rows"]
        ).format(n=formats.number(row["rows"]), old=names.get(row["old"], "–"), new=names.get(row["new"], "–"))
        for row in _of(changes, "handovers", "decision")
    ]


def _touches(changes: pl.DataFrame) -> list[str]:
    gone, found = _("{n} touches no longer earn credit."), _("{n} touches earn credit that did not before.")
    return [
        (found if row["new"] == "true" else gone).format(n=formats.number(row["rows"]))
        for row in _of(changes, "touches", "is_eligible")
    ]


def _leads(changes: pl.DataFrame) -> list[str]:
    rows = changes.filter(pl.col("mart") == "leads", pl.col("column").is_not_null())["rows"]
    most = rows.max()
    if not isinstance(most, int):
        return []
    return [
        ngettext("{n} lead is judged otherwise.", "{n} leads are judged otherwise.", most).format(
            n=formats.number(most)
        )
    ]


def _of(changes: pl.DataFrame, mart: str, column: str) -> list[dict[str, Any]]:
    rows = changes.filter(pl.col("mart") == mart, pl.col("column") == column, pl.col("new").is_not_null())
    return rows.sort("rows", descending=True).to_dicts()


def _is_same(now: float | None, then: float | None) -> bool:
    if now is None or then is None:
        return now is then
    return abs(then - now) <= NOISE * max(1.0, abs(now))


def _change(kpi: str, now: float | None, then: float | None, currency: str) -> str:
    if now is None or then is None:
        return "–"
    if kpi in MONEY:
        return formats.money(then - now, currency, signed=True)
    if kpi in RATES:
        return _("{points} pts").format(points=formats.points(then - now))
    return formats.number(then - now, signed=True)


def _gains(side: str | None, is_better: bool | None) -> str:
    """The department whose figure it is; what one loses the other does not win, so only its own is named."""
    if side is None or is_better is None:
        return _("concerns both")
    said = _("{side} looks better") if is_better else _("{side} looks worse")
    return said.format(side=side_names()[side])
