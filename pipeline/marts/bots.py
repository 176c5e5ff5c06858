"""Touches a machine made: the source says so, or one person clicks faster than people do."""

from __future__ import annotations

import polars as pl

CLICKS = ("ad_click", "email_click")


def bot_rows(touches: pl.DataFrame, burst_clicks: int, burst_seconds: int) -> pl.Series:
    """True for each row of `touches` a machine made.

    A burst is `burst_clicks` or more clicks (on ads or in e-mails) of one person of one account within
    `burst_seconds`, first to last; all of them are the machine's. Clicks known only by their day cannot be a burst.
    """
    if touches.is_empty():
        return pl.Series([], dtype=pl.Boolean)
    # one 64-bit number per person of an account brings their clicks together without sorting texts
    clicks = (
        touches.select(
            "kind",
            "person_id",
            "occurred_at",
            "occurred_at_is_date_only",
            row=pl.int_range(pl.len()),
            who=pl.struct("account_id", "person_id").hash(),
        )
        .filter(
            pl.col("kind").is_in(CLICKS),
            pl.col("person_id").is_not_null(),
            ~pl.col("occurred_at_is_date_only").fill_null(False),
        )
        .select("who", "occurred_at", "row")
        .sort("who", "occurred_at")
    )
    last = -(burst_clicks - 1)
    starts = (pl.col("who") == pl.col("who").shift(last)) & (
        pl.col("occurred_at").shift(last) - pl.col("occurred_at") <= pl.duration(seconds=burst_seconds)
    )
    started = clicks.with_columns(_starts=starts.fill_null(False))
    in_burst = pl.any_horizontal(pl.col("_starts").shift(back, fill_value=False) for back in range(burst_clicks))
    bursts = started.filter(in_burst)["row"]
    return touches["is_bot"].fill_null(False) | pl.int_range(touches.height, eager=True).is_in(bursts.implode())
