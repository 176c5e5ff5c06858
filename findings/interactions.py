"""Interactions of both departments as lines a person reads: when, who, what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from findings.funnel import stage_names
from findings.receipt import kind_names
from findings.words import reason_names, side_names
from locales import _

LONGEST_TEXT = 120


def activity_names() -> dict[str, str]:
    """Kinds of work that sales does."""
    return {
        "call": _("Call"), "mail": _("E-mail"), "meeting": _("Meeting"), "message": _("Message"), "note": _("Note"),
        "task": _("Task"),
    }  # fmt: skip


def outcome_names() -> dict[str, str]:
    """What came of it."""
    return {
        "reached": _("reached"), "no_answer": _("no answer"), "left_message": _("left a message"), "sent": _("sent"),
        "booked": _("booked"), "held": _("held"), "bounced": _("bounced"),
    }  # fmt: skip


def what(row: Mapping[str, Any]) -> str:
    """One interaction in a few words; text from data is shortened, never interpreted."""
    if row["what"] == "touch":
        detail = row["detail"] or row["campaign"]
        words = kind_names().get(row["kind"], row["kind"])
        return f"{words}: {short(detail)}" if detail else words
    if row["what"] == "stage":
        words = _("Stage {stage}").format(stage=stage_names().get(row["kind"], row["kind"]))
        reason = row["detail"]
        return f"{words}: {short(reason_names().get(reason, reason))}" if reason else words
    parts = [activity_names().get(row["kind"], row["kind"])]
    if row["direction"] == "incoming":
        parts.append(_("from the customer"))
    if row["outcome"] in outcome_names():
        parts.append(outcome_names()[row["outcome"]])
    if row.get("is_automatic"):
        parts.append(_("sent by software"))
    return ", ".join(parts)


def lines(rows: pl.DataFrame) -> pl.DataFrame:
    """Interactions with `side` (the department in words) and `words` (what happened)."""
    sides = side_names()
    return rows.with_columns(
        side=pl.Series([sides[lane] for lane in rows["lane"]], dtype=pl.String),
        words=pl.Series([what(row) for row in rows.iter_rows(named=True)], dtype=pl.String),
    )


def short(text: object, longest: int = LONGEST_TEXT) -> str:
    """At most `longest` characters on one line."""
    one_line = " ".join(str(text).split())
    return one_line if len(one_line) <= longest else one_line[: longest - 1] + "…"
