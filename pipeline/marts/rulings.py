"""What both sides ruled on contested credit: the last word on each touch of a deal."""

from __future__ import annotations

import polars as pl

from pipeline.marts.columns import INSTANT, Tables

RULINGS: dict[str, pl.DataType | type[pl.DataType]] = {
    "deal_id": pl.String,
    "touch_id": pl.String,
    "ruling": pl.String,  # keep, move, exclude
    "to_touch_id": pl.String,
    "ruling_id": pl.String,
    "at": INSTANT,
}


def rulings(tables: Tables) -> pl.DataFrame:
    """`deal_id, touch_id, ruling, to_touch_id, ruling_id`: the latest of each deal and touch; none made = no row."""
    told = tables.get("rulings", pl.DataFrame(schema=RULINGS)).select(
        pl.col(name).cast(dtype) for name, dtype in RULINGS.items()
    )
    return told.sort("at", "ruling_id").unique(["deal_id", "touch_id"], keep="last", maintain_order=True).drop("at")
