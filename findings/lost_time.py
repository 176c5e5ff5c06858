"""Where the time of a lead goes: between which steps, and at which hours of the week."""

from __future__ import annotations

import polars as pl

from locales import _
from locales.formats import number, percent
from measures.intervals import wilson
from measures.survival import kaplan_meier, quantile

SEGMENTS = ("qualifying", "routing", "response", "contact")
HOUR_MINUTES = 60


def segments(rows: pl.DataFrame) -> pl.DataFrame:
    """`service_levels/segments`: median and 90th percentile in business hours, those still waiting in the count.

    Null: not even that share has taken the step yet.
    """
    found = []
    for name in SEGMENTS:
        mine = rows.filter(pl.col("step") == name)
        if not mine.height:
            continue
        curve = kaplan_meier(
            pl.concat([mine["minutes"], mine["minutes"]]),
            pl.concat([pl.repeat(True, mine.height, eager=True), pl.repeat(False, mine.height, eager=True)]),
            count=pl.concat([mine["finished"], mine["waiting"]]),
        )
        median, late = (quantile(curve, share).value for share in (0.5, 0.9))
        found.append(
            {
                "name": name, "finished": int(mine["finished"].sum()), "waiting": int(mine["waiting"].sum()),
                "median_hours": None if median is None else median / HOUR_MINUTES,
                "late_hours": None if late is None else late / HOUR_MINUTES,
            }
        )  # fmt: skip
    schema = {"name": pl.String, "finished": pl.Int64, "waiting": pl.Int64, "median_hours": pl.Float64,
              "late_hours": pl.Float64}  # fmt: skip
    return pl.DataFrame(found, schema=schema)


def segment_names(routing_owner: str) -> dict[str, str]:
    """The steps of a lead, each with the department that owns it."""
    owners = {"marketing": _("Marketing"), "sales": _("Sales")}
    return {
        "qualifying": _("Captured to qualified ({owner})").format(owner=owners["marketing"]),
        "routing": _("Qualified to assigned ({owner})").format(owner=owners[routing_owner]),
        "response": _("Assigned to first attempt ({owner})").format(owner=owners["sales"]),
        "contact": _("Attempt to two-way contact ({owner})").format(owner=owners["sales"]),
    }


def segments_in_words() -> str:
    """What dots and lines of lost time mean."""
    return _("Median of business hours, line up to the 90th percentile; those still waiting are in the count.")


def worst_hours(rows: pl.DataFrame) -> str:
    """Where in the week breaches gather, if they do: half-days with clearly more breaches than usual."""
    if not rows["breached"].sum():
        return ""
    halves = (
        rows.with_columns(half=pl.when(pl.col("hour") < 12).then(0).otherwise(1))
        .group_by("weekday", "half")
        .agg(pl.col("breached").sum(), pl.col("handovers").sum())
    )
    total, all_breached = int(halves["handovers"].sum()), int(halves["breached"].sum())
    usual = all_breached / total
    found = [
        (row["breached"], row)
        for row in halves.iter_rows(named=True)
        if row["breached"] >= 3 and wilson(row["breached"], row["handovers"])[0] > usual
    ]
    if not found:
        return _("No half-day of the week stands out.")
    worst = max(found, key=lambda pair: pair[0])[1]
    said = _("{k} of {n} breaches were handed over on {half}, which had {share} of the handovers.")
    return said.format(
        k=number(worst["breached"]), n=number(all_breached), half=half_days()[worst["weekday"], worst["half"]],
        share=percent(worst["handovers"] / total, 0),
    )  # fmt: skip


def half_days() -> dict[tuple[int, int], str]:
    """Half-days of the week as one says them."""
    return {
        (1, 0): _("Monday morning"), (1, 1): _("Monday afternoon"), (2, 0): _("Tuesday morning"),
        (2, 1): _("Tuesday afternoon"), (3, 0): _("Wednesday morning"), (3, 1): _("Wednesday afternoon"),
        (4, 0): _("Thursday morning"), (4, 1): _("Thursday afternoon"), (5, 0): _("Friday morning"),
        (5, 1): _("Friday afternoon"), (6, 0): _("Saturday morning"), (6, 1): _("Saturday afternoon"),
        (7, 0): _("Sunday morning"), (7, 1): _("Sunday afternoon"),
    }  # fmt: skip


def hours_in_words() -> str:
    """What the cells of the week mean."""
    return _("Late of all answers due, by hour of the handover")
