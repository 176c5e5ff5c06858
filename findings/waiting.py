"""How long leads stay in a stage and who carries it on: medians with those still waiting, shares with intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TypeVar

import polars as pl

from locales import _, ngettext
from locales.formats import number
from measures.intervals import wilson
from measures.survival import median

C = TypeVar("C")
ADVANCED, LEFT, WAITING = "advanced", "left", "waiting"
BREAKDOWN = {
    "name": pl.String, "entered": pl.Int64, "advanced": pl.Int64, "left": pl.Int64, "waiting": pl.Int64,
    "share": pl.Float64, "low": pl.Float64, "high": pl.Float64, "median_days": pl.Float64, "is_ranked": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Stay:
    """A stage and how long leads stay in it; `median_days` None: fewer than half have left so far."""

    stage: str
    entered: int
    waiting: int
    median_days: float | None
    low_days: float | None
    high_days: float | None


def stays(rows: pl.DataFrame) -> list[Stay]:
    """Rows of `funnel/time_in_stage`, one stay per stage in the order of the rows' first appearance."""
    found = []
    for (stage,), members in rows.group_by("stage", maintain_order=True):
        middle = median(members["days"], members["outcome"] != WAITING, count=members["leads"])
        waiting = int(members.filter(pl.col("outcome") == WAITING)["leads"].sum())
        found.append(
            Stay(str(stage), int(members["leads"].sum()), waiting, middle.value, middle.low, middle.high)
        )  # fmt: skip
    return found


def as_frame(found: list[Stay], order: tuple[str, ...]) -> pl.DataFrame:
    """The stays as rows, in the order of the stages."""
    schema = {"stage": pl.String, "entered": pl.Int64, "waiting": pl.Int64} | dict.fromkeys(
        ["median_days", "low_days", "high_days"], pl.Float64
    )
    ordered = sorted(found, key=lambda stay: order.index(stay.stage))
    return pl.DataFrame([asdict(stay) for stay in ordered], schema=schema)


def breakdown(rows: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """Rows of `funnel/breakdown` by name: share that moved on with its interval, median days in the stage.

    Names with fewer than `minimum` leads stand last and unranked: their interval says why.
    """
    found = []
    for (name,), members in rows.group_by("name", maintain_order=True):
        count = dict(members.group_by("outcome").agg(pl.col("leads").sum()).iter_rows())
        entered, advanced = sum(count.values()), count.get(ADVANCED, 0)
        low, high = wilson(advanced, entered)
        middle = median(members["days"], members["outcome"] != WAITING, count=members["timed"])
        found.append(
            {
                "name": name,
                "entered": entered,
                "advanced": advanced,
                "left": count.get(LEFT, 0),
                "waiting": count.get(WAITING, 0),
                "share": advanced / entered,
                "low": low,
                "high": high,
                "median_days": middle.value,
                "is_ranked": entered >= minimum,
            }
        )
    return pl.DataFrame(found, schema=BREAKDOWN).sort(
        ["is_ranked", "share", "entered"], descending=True, nulls_last=True, maintain_order=True
    )


def stays_in_words() -> str:
    """How the medians are made."""
    return _("Half have left the stage by then, those still waiting included; the line is the 95 % interval.")


def left_out_in_words(entries: pl.DataFrame) -> str:
    """How many rows of `funnel/entries` no median can use, because the lead's steps are not in the order of time."""
    count = int(entries.filter(pl.col("stage") != "won")["out_of_order"].sum())
    if not count:
        return ""
    return ngettext(
        "{count} entry of a lead with a step dated before its creation takes no part in the days.",
        "{count} entries of leads with a step dated before their creation take no part in the days.",
        count,
    ).format(count=number(count))


def breakdown_in_words(minimum: int) -> str:
    """What the dots, lines and hollow dots mean."""
    sentence = _("Share that moved on so far, with its 95 % interval. Hollow: fewer than {count} leads, not ranked.")
    return sentence.format(count=number(minimum))


def named(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """The breakdown with names the reader knows; a missing one is unknown, one we have no word for stays as it is."""
    return frame.with_columns(pl.col("name").replace(names).fill_null(_("Unknown")))


def dimension_names() -> dict[str, str]:
    """What leads are compared by."""
    return {"channel": _("Channel"), "segment": _("Segment"), "team": _("Team")}


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the breakdown is shown as a table; `column(label, kind, digits)` is the table's own description."""
    return {
        "name": column(_("Name")), "entered": column(_("Entered")), "advanced": column(_("Moved on")),
        "left": column(_("Left")), "waiting": column(_("Still waiting")), "share": column(_("Share"), "share", 1),
        "low": column(_("At least"), "share", 1), "high": column(_("At most"), "share", 1),
        "median_days": column(_("Median days"), "number"),
    }  # fmt: skip
