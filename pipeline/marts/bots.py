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
    who = ["account_id", "person_id"]
    # sorting by a hash brings a person's clicks together cheaply; equality is then judged on the ids themselves
    clicks = (
        touches.select(*who, "kind", "occurred_at", "occurred_at_is_date_only", row=pl.int_range(pl.len()))
        .filter(
            pl.col("kind").is_in(CLICKS),
            pl.col("person_id").is_not_null(),
            ~pl.col("occurred_at_is_date_only").fill_null(False),
        )
        .with_columns(_hash=pl.struct(who).hash())
        .sort("_hash", "occurred_at")
    )
    last = -(burst_clicks - 1)
    is_start = pl.all_horizontal(
        *(pl.col(column) == pl.col(column).shift(last) for column in who),
        pl.col("occurred_at").shift(last) - pl.col("occurred_at") <= pl.duration(seconds=burst_seconds),
    ).fill_null(False)
    started = clicks.with_columns(_starts=is_start)
    in_burst = pl.any_horizontal(pl.col("_starts").shift(back, fill_value=False) for back in range(burst_clicks))
    bursts = started.filter(in_burst)["row"]
    told = touches["is_bot"].fill_null(False)
    if bursts.is_empty():
        return told
    return told | pl.int_range(touches.height, eager=True).is_in(bursts.implode())
