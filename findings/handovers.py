"""Handovers as lists: what is overdue, due next, breached or given to nobody, and why leads are rejected."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import polars as pl

from agreement.excuses import Status
from findings.lost_time import HOUR_MINUTES
from findings.words import lead_type_names, reason_names
from locales import _
from locales.formats import number

C = TypeVar("C")
LONGEST_LIST = 100  # as the queries of the lists cut them
STATUS: dict[str, Status] = {
    "overdue": "breached", "due_soon": "pending", "breaches": "breached", "excused": "excused",
}  # fmt: skip
"""The status of the handovers of a list; those of other lists have no clock."""


def lists() -> dict[str, str]:
    """The lists of handovers."""
    return {
        "overdue": _("Overdue now"), "due_soon": _("Due next"), "breaches": _("Breached"),
        "excused": _("Excused"), "unassigned": _("Unassigned"),
    }  # fmt: skip


def listed(rows: pl.DataFrame) -> pl.DataFrame:
    """Handovers of a list with hours instead of minutes and words for the kind."""
    minutes = [pl.col(column) for column in ("response_minutes", "waiting_minutes") if column in rows.columns]
    if "excuse" in rows.columns:
        rows = rows.with_columns(pl.col("excuse").replace(reason_names()))
    promised = pl.col("promised_minutes") if "promised_minutes" in rows.columns else pl.lit(None, pl.Float64)
    return rows.with_columns(
        kind=pl.col("lead_type").replace(lead_type_names()),
        took_hours=(pl.coalesce(minutes) / HOUR_MINUTES).round(1),
        promised_hours=(promised / HOUR_MINUTES).round(1),
    )


def list_columns(column: Callable[..., C], which: str) -> dict[str, C]:
    """How handovers are listed: one of `lists`."""
    lead = {"lead_id": column(_("Lead")), "kind": column(_("Kind")), "source": column(_("Source"))}
    took = {"took_hours": column(_("Business hours"), "number", 1)}
    link = {"crm_url": column(_("CRM"), "link")}
    if which == "unassigned":
        return lead | {"qualified_at": column(_("Qualified"))} | took | link
    answered = {"responded_at": column(_("First attempt"))}
    more = {
        "breaches": answered | {"response_activity_id": column(_("Evidence"))},
        "excused": answered | {"excuse": column(_("Reason"))},
    }
    return (
        lead
        | {"team": column(_("Team")), "assigned_at": column(_("Assigned")), "due_at": column(_("Due"))}
        | more.get(which, {})
        | took
        | {"promised_hours": column(_("Promised"), "number", 1)}
        | link
    )


def listed_in_words(count: int, which: str) -> str:
    """What can be done with a list, and whether it goes on."""
    said = _what_to_do(count, which)
    first = _("The first {n} are listed.").format(n=number(LONGEST_LIST))
    return f"{first} {said}" if count == LONGEST_LIST else said


def _what_to_do(count: int, which: str) -> str:
    if not count:
        return _("Nothing stands here.") if which == "excused" else _("Nothing stands here. Good.")
    if which == "unassigned":
        return _("Qualified but given to nobody: outside the promise of sales, owned by whoever routes.")
    if which == "excused":
        return _("Outside the attainment. Select a line to take the excuse back.")
    return _("Select a line to have it excused by the other side, with a reason.")


def rejections(rows: pl.DataFrame) -> pl.DataFrame:
    """Reject reasons with their share."""
    names = reason_names()
    words = [names.get(reason, reason) if reason else _("no reason given") for reason in rows["reject_reason"]]
    total = rows["leads"].sum() or None
    return rows.with_columns(reason=pl.Series(words, dtype=pl.String), share=pl.col("leads") / total)


def rejection_columns(column: Callable[..., C]) -> dict[str, C]:
    """How reject reasons are shown."""
    return {"reason": column(_("Reason")), "leads": column(_("Leads")), "share": column(_("Share"), "share", 0)}
