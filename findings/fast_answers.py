"""Does a fast answer pay? Leads by the time until their first answer, compared within their kind."""

from __future__ import annotations

import polars as pl

from findings.waiting import BREAKDOWN
from locales import _
from locales.formats import number
from measures.intervals import wilson
from measures.stratified import Difference, share_difference

FAST_MINUTES = 240  # half a working day: what can be done before the next noon or evening


def by_speed(rows: pl.DataFrame, minimum: int) -> pl.DataFrame:
    """Share accepted with its Wilson interval, the fastest first, in the form of `findings.waiting.BREAKDOWN`.

    rows: `service_levels/speed_and_success`; all kinds of lead together.
    """
    names = _stretch_names()
    found = []
    together = rows.group_by("slowest_minutes").agg(pl.col("handovers", "accepted").sum())
    for row in together.sort("slowest_minutes", nulls_last=True).iter_rows(named=True):
        k, n = row["accepted"], row["handovers"]
        low, high = wilson(k, n)
        found.append(
            {
                "name": names[row["slowest_minutes"]], "entered": n, "advanced": k, "left": n - k, "waiting": 0,
                "share": k / n, "low": low, "high": high, "median_days": None, "is_ranked": n >= minimum,
            }
        )  # fmt: skip
    return pl.DataFrame(found, schema=BREAKDOWN)


def effect(rows: pl.DataFrame) -> Difference | None:
    """How much more often leads of the same kind are accepted when answered fast; None without a comparison."""
    if rows["accepted"].sum() in (0, rows["handovers"].sum()):  # all alike: no speed can make a difference
        return None
    is_fast = (pl.col("slowest_minutes") <= FAST_MINUTES).fill_null(False)
    strata = rows.group_by("lead_type").agg(
        (pl.col(column).filter(of)).sum().alias(f"{name}_{column}")
        for name, of in (("fast", is_fast), ("slow", ~is_fast))
        for column in ("accepted", "handovers")
    )
    return share_difference(strata.drop("lead_type").iter_rows())


def in_words(found: Difference | None) -> str:
    """The difference with its interval, and what it does not prove."""
    hours = number(FAST_MINUTES / 60)
    if found is None:
        return _("Nothing to compare: all were answered alike, or all ended alike.")
    counts = {"fast": number(found.n), "slow": number(found.n_other), "hours": hours}
    if found.low <= 0 <= found.high:
        said = _(
            "No dependable difference between leads of the same kind answered within {hours} business hours "
            "(n = {fast}) and later (n = {slow}): {low} to {high} percentage points, 95 %."
        )
        return said.format(low=_points(found.low), high=_points(found.high), **counts)
    if found.value > 0:
        low, high = found.low, found.high
        said = _(
            "Answered within {hours} business hours (n = {fast}) instead of later (n = {slow}), leads of the same kind "
            "are accepted {points} percentage points more often (95 %: {low} to {high}). They go together; that the "
            "speed is the reason is not proven: sales may ring up the better ones first."
        )
    else:
        low, high = -found.high, -found.low
        said = _(
            "Answered within {hours} business hours (n = {fast}) instead of later (n = {slow}), leads of the same kind "
            "are accepted {points} percentage points less often (95 %: {low} to {high}). They go together; that the "
            "speed is the reason is not proven."
        )
    return said.format(points=_points(abs(found.value)), low=_points(low), high=_points(high), **counts)


def _points(share: float) -> str:
    return number(100 * share)


def _stretch_names() -> dict[int | None, str]:
    return {
        60: _("within 1 h"), 240: _("1 to 4 h"), 480: _("4 to 8 h"), 960: _("8 to 16 h"), None: _("after 16 h"),
    }  # fmt: skip
