"""Handovers in numbers and words: for which leads they are answered in time, and what became of all of them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from agreement.sections import Response
from findings.suppression import Suppression
from locales import _, ngettext
from locales.formats import number, percent
from measures.intervals import wilson


def kept_by(rows: pl.DataFrame, by: str, names: Mapping[str, str], minimum: int) -> pl.DataFrame:
    """Attainment by kind of lead, source or team in the form of `findings.waiting.BREAKDOWN`, the lowest first."""
    found = []
    for row in rows.filter(pl.col("due") > 0).iter_rows(named=True):
        low, high = wilson(row["met"], row["due"])
        found.append(
            {
                "name": names.get(row[by], row[by]) if row[by] else _("Unknown"), "entered": row["due"],
                "advanced": row["met"], "share": row["met"] / row["due"], "low": low, "high": high,
                "is_ranked": row["due"] >= minimum,
            }
        )  # fmt: skip
    schema = {"name": pl.String, "entered": pl.Int64, "advanced": pl.Int64, "share": pl.Float64, "low": pl.Float64,
              "high": pl.Float64, "is_ranked": pl.Boolean}  # fmt: skip
    return pl.DataFrame(found, schema=schema).sort(["is_ranked", "share"], descending=[True, False])


def kept_by_in_words(minimum: int) -> str:
    """What the dots, lines and hollow dots mean."""
    said = _("Share answered in time with its 95 % interval; n in brackets. Hollow: fewer than {n}, not ranked.")
    return said.format(n=number(minimum))


def comparisons(allowed: Suppression) -> dict[str, str]:
    """What attainment is compared by; only where enough people stand behind more than one value."""
    names = {"source": _("Source"), "lead_type": _("Kind of lead"), "team": _("Team")}
    shown = [key for key in allowed.shown if len(key) == 1]
    counts = {name: sum(dimension == name for key in shown for dimension, _value in key) for name in names}
    return {name: word for name, word in names.items() if counts[name] > 1}


def balance(row: Mapping[str, int]) -> str:
    """The books of handovers: what was handed over is met, breached, pending, excused or unassigned."""
    said = _(
        "{all} handed over in the period = {met} met + {breached} breached + {pending} pending + {excused} excused + "
        "{unassigned} unassigned."
    ).format(
        all=number(row["handed_over"]), met=number(row["met"]), breached=number(row["breached"]),
        pending=number(row["pending"]), excused=number(row["excused"]), unassigned=number(row["unassigned"]),
    )  # fmt: skip
    if row["date_only"]:
        more = ngettext(
            "{n} handover is known by its day only and has no clock.",
            "{n} handovers are known by their day only and have no clock.",
            row["date_only"],
        )
        said += " " + more.format(n=number(row["date_only"]))
    return said


def silence(rows: pl.DataFrame) -> str:
    """How many accepted leads were accepted by silence, so that neglect does not flatter marketing."""
    count = dict(rows.group_by("decision").agg(pl.col("leads").sum()).iter_rows())
    accepted, silent = count.get("accepted", 0), count.get("silent", 0)
    if not accepted + silent:
        return ""
    said = _("Of {n} accepted leads, {silent} were accepted by silence ({share}): nobody said yes or no in time.")
    return said.format(
        n=number(accepted + silent), silent=number(silent), share=percent(silent / (accepted + silent), 0)
    )


def attempts(rows: pl.DataFrame, response: Response) -> str:
    """Whether leads that do not answer are tried again as agreed."""
    judged, kept = int(rows["judged"].sum()), int(rows["kept"].sum())
    if not judged:
        return ""
    low, high = wilson(kept, judged)
    said = _(
        "{n} attempts within {days} working days, or reached or decided before: {share} of {judged} ({low}–{high})."
    )
    return said.format(
        n=number(response.attempts), days=number(response.attempts_within_working_days),
        share=percent(kept / judged, 0), judged=number(judged),
        low=percent(low, 0), high=percent(high, 0),
    )  # fmt: skip


def chosen_groups(shown: Mapping[str, object]) -> dict[str, str | None]:
    """Of the filters those that single out a group of people."""
    return {name: str(shown[name]) for name in ("team", "segment") if shown.get(name) is not None}


def too_few_in_words(smallest: int) -> str:
    """Why a figure is not shown."""
    said = _("Fewer than {n} people stand behind this selection, or it could be worked out from others: not shown.")
    return said.format(n=number(smallest))


def nothing_in_words() -> str:
    """What to do where there is no handover."""
    return _("Choose a longer period or all teams, or load an export with qualified leads and activities.")
