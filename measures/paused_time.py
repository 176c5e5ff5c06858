"""Working time of whole columns with pauses: the vectorised twin of a `Calendar` that is told to stop for a while.

A pause belongs to a row. Few rows have any, so the column is judged without pauses first and those rows are corrected.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from measures.working_time import Calendar
from measures.working_time_table import due as due_without
from measures.working_time_table import seconds_between as seconds_without

PAUSES = {"row": pl.UInt32, "begins_at": pl.Datetime("us", "UTC"), "ends_at": pl.Datetime("us", "UTC")}
"""Schema of a table of pauses: `row` counts the rows of the column from 0; `ends_at` lies at or after `begins_at`."""


def seconds_between(calendar: Calendar, starts: pl.Series, ends: pl.Series, pauses: pl.DataFrame) -> pl.Series:
    """Working seconds in `[start, end)` without those that lie in a pause of the row, as Int64.

    pauses: schema `PAUSES`, in any order; they may overlap and reach beyond start and end. Null as in
    `working_time_table.seconds_between`.
    """
    seconds = seconds_without(calendar, starts, ends)
    if pauses.is_empty():
        return seconds
    apart = _apart(pauses)
    within = apart.with_columns(
        pl.max_horizontal("begins_at", starts.dt.truncate("1s").gather(apart["row"])),
        pl.min_horizontal("ends_at", ends.dt.truncate("1s").gather(apart["row"])),
    )
    lost = within.select("row", lost=seconds_without(calendar, within["begins_at"], within["ends_at"]).fill_null(0))
    of_row = lost.group_by("row").agg(pl.col("lost").sum())
    rows = pl.DataFrame({"seconds": seconds}).with_row_index("row").join(of_row, on="row", how="left")
    return rows.sort("row").select(pl.col("seconds") - pl.col("lost").fill_null(0)).to_series().alias(seconds.name)


def due(calendar: Calendar, starts: pl.Series, seconds: pl.Series | int, pauses: pl.DataFrame) -> pl.Series:
    """The earliest instant at which `seconds` of working time outside the row's pauses have passed since each start.

    Datetime("us", "UTC"); nulls and errors as in `working_time_table.due`.
    """
    promised = pl.Series([seconds]).new_from_index(0, len(starts)) if isinstance(seconds, int) else seconds
    found = due_without(calendar, starts, promised)
    if pauses.is_empty():
        return found
    paused = pauses["row"].unique().sort()
    known = paused.filter(starts.is_not_null().gather(paused) & promised.is_not_null().gather(paused))
    late = _due_of_paused(calendar, known, starts.gather(known), promised.gather(known), pauses)
    return found.scatter(known, late) if len(known) else found


def _due_of_paused(
    calendar: Calendar, rows: pl.Series, starts: pl.Series, seconds: pl.Series, pauses: pl.DataFrame
) -> pl.Series:
    """Walks from pause to pause: what is left when one begins goes on when it ends."""
    state = pl.DataFrame(
        {"row": rows, "position": starts.cast(pl.Datetime("us", "UTC")), "left": seconds.cast(pl.Int64)},
        schema_overrides={"row": pl.UInt32},
    ).with_columns(pl.col("position").dt.truncate("1s"))
    for breaks in _one_by_one(pauses):
        state = state.join(breaks, on="row", how="left", maintain_order="left")
        worked = seconds_without(calendar, state["position"], state["begins_at"])
        # null: no such pause, or it began before the position; then nothing was worked before it
        state = state.with_columns(worked=worked.fill_null(0)).with_columns(
            goes_on=pl.col("ends_at").is_not_null() & (pl.col("left") > pl.col("worked"))
        )
        state = state.select(
            "row",
            position=pl.when("goes_on").then(pl.max_horizontal("position", "ends_at")).otherwise("position"),
            left=pl.when("goes_on").then(pl.col("left") - pl.col("worked")).otherwise("left"),
        )
    return due_without(calendar, state["position"], state["left"])


def _one_by_one(pauses: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The first pause of each row, then the second of those that have one …, as `row, begins_at, ends_at`."""
    numbered = _apart(pauses).with_columns(number=pl.int_range(pl.len()).over("row"))
    for number in numbered["number"].unique().sort():
        yield numbered.filter(pl.col("number") == number).drop("number")


def _apart(pauses: pl.DataFrame) -> pl.DataFrame:
    """Pauses in order, overlapping ones cut so that no second is in two; whole seconds."""
    ordered = pauses.with_columns(pl.col("begins_at", "ends_at").dt.truncate("1s")).sort("row", "begins_at", "ends_at")
    before = pl.col("ends_at").cum_max().shift(1).over("row")
    return ordered.with_columns(begins_at=pl.max_horizontal("begins_at", before)).filter(
        pl.col("begins_at") < pl.col("ends_at")
    )
