"""Compute the marts bucket by bucket and write them, merged by union or by addition, into the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl

from agreement import Agreement
from pipeline.buckets import Buckets
from pipeline.marts import MARTS
from pipeline.warehouse import ROW_GROUP, Warehouse


def judge(
    warehouse: Warehouse,
    parts: Buckets,
    work: Path,
    agreement: Agreement,
    as_of: datetime,
    progress: Callable[[float], None],
) -> None:
    """Write every mart. Rows of a union wait in `work` as parquet until all buckets are done: the database then takes
    each table in one go, sorted where the mart asks for it, and needs no memory for the others meanwhile."""
    partials: dict[str, list[pl.DataFrame]] = {}
    waiting: dict[str, list[Path]] = {}
    work.mkdir(parents=True)
    for number, tables in enumerate(parts):
        progress(number / parts.count)
        done: dict[str, pl.DataFrame] = {}
        for mart in MARTS:
            if mart.merge == "addition":
                partials.setdefault(mart.name, []).append(mart.module.partial(tables, agreement, as_of, done))
                continue
            done[mart.name] = mart.module.build(tables, agreement, as_of, done)
            file = work / f"{mart.name}-{number}.parquet"
            done[mart.name].write_parquet(file, compression="lz4", statistics=False, row_group_size=ROW_GROUP)
            waiting.setdefault(mart.name, []).append(file)
    for mart in MARTS:
        if mart.merge == "addition":
            whole = mart.module.whole(parts.identity.tables, agreement, as_of)
            warehouse.add(f"mart.{mart.name}", mart.module.merge([whole, *partials[mart.name]], agreement, as_of))
        else:
            empty = mart.module.Columns.create_empty()
            warehouse.add_parquet(f"mart.{mart.name}", waiting[mart.name], empty, order=mart.order)
