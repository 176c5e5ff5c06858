"""A touch log for benchmarks of attribution: journeys with realistic skew, written as two Parquet files.

`touches.parquet` in the order of time, as logs are written: `touch, journey, occurred_at, channel, campaign, kind`.
`journeys.parquet`, one row each: `journey, opportunity_at` (null: none came of it)`, closed_at, is_won, cents` (of won
ones). Twelve channels, a few of which bring most touches; journeys of five touches on average, many of one and some of
dozens; eight of a hundred are won, and channels differ in how well they convert.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

CHANNELS = (
    "paid_search", "organic_search", "display", "paid_social", "email", "direct", "content", "webinar", "referral",
    "organic_social", "event", "partner",
)  # fmt: skip
PULL = np.array([0.2, 0.4, -0.6, -0.3, 0.3, 0.0, 0.1, 1.0, 0.8, -0.2, 0.9, 1.1])
"""What a touch adds to the log-odds of winning."""
KINDS = ("visit", "ad_click", "email_click", "form", "download", "webinar")
WON, MEAN_TOUCHES, CAMPAIGNS, DAYS = 0.08, 5, 60, 540
DAY = 86_400_000_000
"""Microseconds, as timestamps are stored."""
BEGIN = 1_748_217_600_000_000
"""26.05.2025, UTC."""


def write(folder: Path, touches: int, seed: int = 20_261_123) -> None:
    """Write both files of about `touches` touches into `folder`. Same arguments, same rows."""
    random = np.random.default_rng(seed)
    count = touches // MEAN_TOUCHES
    sizes = np.minimum(1 + random.geometric(0.35, count) + (random.pareto(1.4, count) * 0.9).astype(int), 60) - 1
    sizes = np.maximum(np.round(sizes * touches / sizes.sum()).astype(int), 1)
    journey = np.repeat(np.arange(count), sizes)
    popularity = 1 / np.arange(1, len(CHANNELS) + 1) ** 0.9
    channel = random.choice(len(CHANNELS), len(journey), p=popularity / popularity.sum())
    # customers come back the way they came: three of ten touches repeat the channel before
    repeats = (random.random(len(journey)) < 0.3) & (np.diff(journey, prepend=-1) == 0)
    channel = np.where(repeats, np.roll(channel, 1), channel)
    opened = BEGIN + (random.random(count) * DAYS * DAY).astype(np.int64)
    gaps = (random.exponential(9 * DAY, len(journey))).astype(np.int64) + 1
    since = np.cumsum(gaps)
    starts = np.cumsum(sizes) - sizes
    occurred = np.repeat(opened - since[starts], sizes) + since
    last = occurred[starts + sizes - 1]
    pull = np.add.reduceat(PULL[channel], starts) / np.sqrt(sizes)
    is_won = pull + random.gumbel(size=count) >= np.quantile(pull + random.gumbel(size=count), 1 - WON)
    has_opportunity = is_won | (random.random(count) < 0.15)
    opportunity = opened + ((last - opened) * random.random(count)).astype(np.int64)
    cents = np.round(np.exp(random.normal(14.8, 0.9, count))).astype(np.int64)
    moment = pl.Datetime("us", "UTC")
    folder.mkdir(parents=True, exist_ok=True)
    # ids are scattered, as those of CRMs are: nobody may take them for row numbers
    names = random.permutation(10 * count)[:count] + 1_000_000
    table = pl.DataFrame({
        "journey": names[journey], "occurred_at": pl.Series(occurred).cast(moment),
        "channel": pl.Series(CHANNELS).gather(channel),
        "campaign": pl.Series([f"campaign {n:02}" for n in range(CAMPAIGNS)]).gather(
            channel * 5 + random.integers(0, 5, len(journey))
        ),
        "kind": pl.Series(KINDS).gather(random.choice(len(KINDS), len(journey), p=[0.5, 0.2, 0.15, 0.06, 0.06, 0.03])),
    }).sort("occurred_at", maintain_order=True)  # fmt: skip
    table.insert_column(0, pl.Series("touch", np.arange(len(table)))).write_parquet(folder / "touches.parquet")
    pl.DataFrame({
        "journey": names, "opportunity_at": pl.Series(opportunity).cast(moment),
        "closed_at": pl.Series(last).cast(moment), "is_won": is_won, "cents": cents,
    }).with_columns(
        pl.when(pl.Series(has_opportunity)).then("opportunity_at").alias("opportunity_at"),
        pl.when("is_won").then("cents").alias("cents"),
    ).write_parquet(folder / "journeys.parquet")  # fmt: skip
