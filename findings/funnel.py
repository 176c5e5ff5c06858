"""How far leads get and where they are lost: the steps of the funnel and the sentence that opens the page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import polars as pl

from findings.cohorts import Horizon, Window
from findings.waiting import Stay
from locales import _, ngettext
from locales.formats import day, number, percent
from measures.intervals import wilson

C = TypeVar("C")
STAGES = ("lead", "mql", "sal", "sql", "opportunity", "won")
MOST_LEADS = 1_000
TARGETS = ("opportunity", "mql", "sal", "sql", "won")
STEPS = {
    "stage": pl.String, "entered": pl.Int64, "returning": pl.Int64, "existing": pl.Int64, "imputed": pl.Int64,
    "of": pl.Int64, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64,
}  # fmt: skip


def stage_names() -> dict[str, str]:
    """The stages in order, as the reader calls them."""
    names = (_("Lead"), _("MQL"), _("SAL"), _("SQL"), _("Opportunity"), _("Won"))
    return dict(zip(STAGES, names, strict=True))


def outcome_names() -> dict[str, str]:
    """What becomes of a lead in a stage, as the reader calls it."""
    return {"advanced": _("Moved on"), "left": _("Left"), "waiting": _("Still waiting")}


def view_names() -> dict[str, str]:
    """The two ways to count, which never share a chart."""
    return {"period": _("Entries in the period"), "cohort": _("Fate of the leads created")}


def customer_names() -> dict[str, str]:
    """Whose leads: of new or of existing customers."""
    return {"new": _("New"), "existing": _("Existing")}


def period_steps(entries: pl.DataFrame) -> pl.DataFrame:
    """Rows of `funnel/entries` as steps: each stage's entries as a share `of` the stage before, in the same period.

    The two counts are of different leads. Where more enter a stage than the one before, there is no interval.
    """
    rows = {row["stage"]: row for row in entries.iter_rows(named=True)}
    return _steps([rows[stage] for stage in STAGES if stage in rows])


def cohort_steps(cohorts: pl.DataFrame, target: str) -> pl.DataFrame:
    """Rows of `funnel/cohorts` added up: of the leads created, those that reached each stage within the horizon.

    It ends with the target, because the horizon is the target's: a later stage takes longer.
    """
    total = cohorts.select(pl.col(STAGES).sum()).row(0, named=True)
    return _steps([{"stage": stage, "entered": total[stage]} for stage in STAGES[: STAGES.index(target) + 1]])


def _steps(rows: list[dict[str, object]]) -> pl.DataFrame:
    steps, before = [], None
    for row in rows:
        entered = int(str(row["entered"]))
        step: dict[str, object] = {"returning": None, "existing": None, "imputed": None} | row | {"of": before}
        if before:
            low, high = wilson(entered, before) if entered <= before else (None, None)
            step |= {"share": entered / before, "low": low, "high": high}
        steps.append({column: step.get(column) for column in STEPS})
        before = entered
    return pl.DataFrame(steps, schema=STEPS)


def narrowest(steps: pl.DataFrame, minimum: int) -> dict[str, object] | None:
    """The step with the lowest share among those with at least `minimum` leads to judge by."""
    judged = steps.filter(pl.col("share").is_not_null(), pl.col("of") >= minimum).sort("share", maintain_order=True)
    return judged.row(0, named=True) if judged.height else None


def period_sentence(steps: pl.DataFrame, losses: pl.DataFrame, stays: list[Stay], minimum: int) -> str:
    """How far, how slow, how lost, for the stage entries of a period. `stays`: findings.waiting.stays."""
    count = dict(steps.select("stage", "entered").iter_rows())
    if not sum(count.values()):
        return _("No lead entered any stage in this period.")
    names = stage_names()
    leads = ngettext("{count} new lead", "{count} new leads", count["lead"]).format(count=number(count["lead"]))
    won = ngettext("{count} won", "{count} won", count["won"]).format(count=number(count["won"]))
    said = [_("{leads} in the period, {won}.").format(leads=leads, won=won)]
    lost, total = _largest_loss(losses)
    if lost and total >= minimum:
        said.append(
            _("Most of those who left did so as {stage}: {count} of {total}.").format(
                stage=names[lost[0]], count=number(lost[1]), total=number(total)
            )
        )
    slow = [stay for stay in stays if stay.median_days is not None and stay.entered >= minimum]
    if slow:
        slowest = max(slow, key=lambda stay: stay.median_days or 0)
        said.append(
            _("They stay longest as {stage}: half are still there after {days}.").format(
                stage=names[slowest.stage], days=days_in_words(slowest.median_days)
            )
        )
    return " ".join(said)


def _largest_loss(losses: pl.DataFrame) -> tuple[tuple[str, int] | None, int]:
    by_stage = losses.group_by("stage").agg(pl.col("leads").sum()).sort("leads", "stage", descending=[True, False])
    first = by_stage.head(1).rows()
    return (str(first[0][0]), int(first[0][1])) if first else None, int(losses["leads"].sum())


def cohort_sentence(steps: pl.DataFrame, target: str, horizon: Horizon, window: Window, minimum: int) -> str:
    """Of those who entered, who reached the target within the horizon, and which step loses most."""
    count = dict(steps.select("stage", "entered").iter_rows())
    entered, reached = count["lead"], count[target]
    if entered == 0:
        return _("No lead created in this period can be judged yet.")
    names = stage_names()
    low, high = wilson(reached, entered)
    sentence = _(
        "Of {entered} leads created {first} to {last}, {share} reached {stage} within {days} ({low} to {high})."
    )
    said = [
        sentence.format(
            entered=number(entered),
            first=day(window.date_from),
            last=day(window.date_until - timedelta(days=1)),
            share=percent(reached / entered),
            stage=names[target],
            days=days_in_words(horizon.days),
            low=percent(low),
            high=percent(high),
        )
    ]
    if step := narrowest(steps, minimum):
        before = STAGES[STAGES.index(str(step["stage"])) - 1]
        said.append(
            _("The narrowest step is from {before} to {stage}: {share} pass.").format(
                before=names[before], stage=names[str(step["stage"])], share=percent(float(str(step["share"])))
            )
        )
    return " ".join(said)


def days_in_words(days: float | None) -> str:
    """`1 day`, `14 days`; below one day in those words."""
    if days is None:
        return _("an unknown time")
    if days < 1:
        return _("less than a day")
    return ngettext("{days} day", "{days} days", round(days)).format(days=number(round(days)))


def period_note(steps: pl.DataFrame) -> str:
    """What the bars of a period mean, leave out and add."""
    said = [_("Shares compare entries of the same period, so of different leads.")]
    entered, existing = (steps[column].head(1).to_list() for column in ("entered", "existing"))
    if existing and 0 < (existing[0] or 0) < entered[0]:
        said.append(
            _("{existing} of the {entered} new leads are existing customers.").format(
                existing=number(existing[0]), entered=number(entered[0])
            )
        )
    if returning := int(steps["returning"].sum() or 0):
        said.append(
            ngettext(
                "Not in the bars: {count} entry of a lead that came back after recycling.",
                "Not in the bars: {count} entries of leads that came back after recycling.",
                returning,
            ).format(count=number(returning))
        )
    if imputed := int(steps["imputed"].sum() or 0):
        said.append(
            ngettext(
                "{count} entry was skipped in the CRM and is dated by the next stage.",
                "{count} entries were skipped in the CRM and are dated by the next stage.",
                imputed,
            ).format(count=number(imputed))
        )
    return " ".join(said)


def stage_clicked(points: list[dict[str, object]]) -> str | None:
    """The stage of a bar that was clicked."""
    data = points[0].get("customdata") if points else None
    stage = data[0] if isinstance(data, list) and data else data
    return str(stage) if stage in STAGES else None


def listed(leads: pl.DataFrame, channels: dict[str, str]) -> pl.DataFrame:
    """Rows of `funnel/leads` in the reader's words, at most `MOST_LEADS`."""
    states = stage_names() | {
        "lost": _("Lost"), "disqualified": _("Disqualified"), "recycled": _("Recycled"),
    }  # fmt: skip
    return leads.head(MOST_LEADS).with_columns(
        pl.col("stage").replace(states),
        pl.col("customer_type").replace(customer_names()),
        pl.col("channel").replace(channels),
    )


def listed_in_words(leads: pl.DataFrame) -> str:
    """That the list is cut, or that it is empty."""
    if leads.height > MOST_LEADS:
        sentence = _("Truncated: the newest {count} leads are listed. Choose a shorter period, a team or a segment.")
        return sentence.format(count=number(MOST_LEADS))
    return "" if leads.height else _("No lead fits this choice.")


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the list of leads is shown as a table; `column(label, kind)` is the table's own description."""
    return {
        "lead_id": column(_("Lead")), "account": column(_("Company")), "stage": column(_("Now")),
        "source": column(_("Lead source")), "channel": column(_("Channel")), "team": column(_("Team")),
        "customer_type": column(_("Customer")), "created_at": column(_("Created"), "day"),
        "entered_at": column(_("Entered"), "day"), "reject_reason": column(_("Reason")),
        "crm_url": column(_("CRM"), "link"),
    }  # fmt: skip
