"""Compute the marts bucket by bucket and hand them, merged by union or by addition, to the warehouse.

The events of a bucket go to the warehouse with it: the database writes them while the marts are worked out.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl

from agreement import Agreement
from pipeline.buckets import Buckets
from pipeline.canonical import SCHEMAS
from pipeline.marts import MARTS
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.opportunities import opportunities
from pipeline.resolve import EVENTS
from pipeline.warehouse import ROW_GROUP, Warehouse

# addresses stand in `canonical.people` alone
PUBLISHED = {table: [name for name in SCHEMAS[table].column_names() if name != "email"] for table in EVENTS}


def judge(
    warehouse: Warehouse,
    parts: Buckets,
    work: Path,
    agreement: Agreement,
    as_of: datetime,
    progress: Callable[[float], None],
) -> None:
    """Write every event and every mart. Rows of a union go to the warehouse as they are made; where the mart asks for
    an order, they wait in `work` as parquet until all buckets are done, and the database sorts them in one go. Rows
    that need sums over all buckets wait there too, to be finished bucket by bucket."""
    partials: dict[str, list[pl.DataFrame]] = {}
    waiting: dict[str, list[Path]] = {}
    work.mkdir(parents=True)
    for number, tables in enumerate(parts):
        progress(number / parts.count)
        for table in EVENTS:
            warehouse.add(f"canonical.{table}", tables[table].select(PUBLISHED[table]))
        tables["opportunities"] = opportunities(tables, terms_at(agreement, as_of), as_of)
        done: dict[str, pl.DataFrame] = {}
        for mart in MARTS:
            if mart.merge == "addition":
                partials.setdefault(mart.name, []).append(mart.module.partial(tables, agreement, as_of, done))
            elif mart.merge == "union":
                done[mart.name] = mart.module.build(tables, agreement, as_of, done)
                if mart.order or mart.waits:
                    file = work / f"{mart.name}-{number}.parquet"
                    done[mart.name].write_parquet(file, compression="lz4", statistics=False, row_group_size=ROW_GROUP)
                    waiting.setdefault(mart.name, []).append(file)
                else:
                    warehouse.add(f"mart.{mart.name}", done[mart.name])
    for table in EVENTS:
        empty = SCHEMAS[table].create_empty().select(PUBLISHED[table])
        warehouse.add_parquet(f"canonical.{table}", parts.files(table, parts.nobody), empty)
    merged: dict[str, pl.DataFrame] = {}
    for mart in MARTS:
        if mart.merge == "addition":
            whole = mart.module.whole(parts.identity.tables, agreement, as_of)
            merged[mart.name] = mart.module.merge([whole, *partials.pop(mart.name)], agreement, as_of)
            warehouse.add(f"mart.{mart.name}", merged[mart.name])
    for mart in MARTS:
        if mart.waits:
            for file in waiting[mart.name]:
                finished = mart.module.finish(pl.read_parquet(file), agreement, merged)
                warehouse.add(f"mart.{mart.name}", finished)
                for sums in MARTS:
                    if sums.of == mart.name:
                        partials.setdefault(sums.name, []).append(sums.module.partial(finished, agreement))
        elif mart.order:
            empty = mart.module.Columns.create_empty()
            warehouse.add_parquet(f"mart.{mart.name}", waiting[mart.name], empty, order=mart.order)
        elif mart.merge == "sums":
            warehouse.add(f"mart.{mart.name}", mart.module.merge(partials.pop(mart.name), agreement, as_of))
        elif mart.merge == "view":
            warehouse.add_view(f"mart.{mart.name}", mart.module.view())
