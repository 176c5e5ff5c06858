"""Compute the marts bucket by bucket and hand them, merged by union or by addition, to the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl

from agreement import Agreement
from pipeline.buckets import Buckets
from pipeline.marts import MARTS
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.opportunities import opportunities
from pipeline.warehouse import ROW_GROUP, Warehouse

# tables that may wait for the warehouse while the next bucket is judged: about one bucket
WAITING = 4


def judge(
    warehouse: Warehouse,
    parts: Buckets,
    work: Path,
    agreement: Agreement,
    as_of: datetime,
    progress: Callable[[float], None],
) -> None:
    """Write every mart. Rows of a union go to the warehouse as they are made; where the mart asks for an order, they
    wait in `work` as parquet until all buckets are done, and the database sorts them in one go."""
    partials: dict[str, list[pl.DataFrame]] = {}
    unsorted: dict[str, list[Path]] = {}
    work.mkdir(parents=True)
    for number, tables in enumerate(parts):
        progress(number / parts.count)
        tables["opportunities"] = opportunities(tables, terms_at(agreement, as_of), as_of)
        done: dict[str, pl.DataFrame] = {}
        for mart in MARTS:
            if mart.merge == "addition":
                partials.setdefault(mart.name, []).append(mart.module.partial(tables, agreement, as_of, done))
                continue
            done[mart.name] = mart.module.build(tables, agreement, as_of, done)
            if mart.order:
                file = work / f"{mart.name}-{number}.parquet"
                done[mart.name].write_parquet(file, compression="lz4", statistics=False, row_group_size=ROW_GROUP)
                unsorted.setdefault(mart.name, []).append(file)
            else:
                warehouse.add(f"mart.{mart.name}", done[mart.name])
        warehouse.catch_up(WAITING)
    for mart in MARTS:
        if mart.merge == "addition":
            whole = mart.module.whole(parts.identity.tables, agreement, as_of)
            warehouse.add(f"mart.{mart.name}", mart.module.merge([whole, *partials[mart.name]], agreement, as_of))
        elif mart.order:
            empty = mart.module.Columns.create_empty()
            warehouse.add_parquet(f"mart.{mart.name}", unsorted[mart.name], empty, order=mart.order)
