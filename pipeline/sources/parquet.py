"""Parquet files as text rows, so that one engine judges every format. Typed numbers stay marked as such."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as arrow_parquet

from pipeline.sources.faults import NUMERIC_CELL, Refused
from pipeline.sources.safety import Limits
from pipeline.sources.text import ROW, ReadyBlock, without_control

_ROWS_PER_BLOCK = 200_000


def header(path: Path, limits: Limits) -> list[str]:
    """Column names. Raises `Refused` for a damaged file and for too many columns."""
    names = _opened(path).schema_arrow.names
    if len(names) > limits.columns:
        raise Refused(f"The file has {len(names):,} columns, more than {limits.columns:,}.")
    return list(names)


def _opened(path: Path) -> arrow_parquet.ParquetFile:
    try:
        return arrow_parquet.ParquetFile(path, page_checksum_verification=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise Refused(f"The Parquet file is damaged or cut off ({str(error)[:120]}). Export it again.") from None


def blocks(path: Path) -> Iterator[ReadyBlock]:
    """Rows numbered from 1. Nested columns are refused."""
    file = _opened(path)
    first = 1
    try:
        for batch in file.iter_batches(_ROWS_PER_BLOCK):
            frame = pl.DataFrame(pl.from_arrow(pa.Table.from_batches([batch])))
            text = frame.select(
                _as_text(name, dtype).alias(f"c{index}") for index, (name, dtype) in enumerate(frame.schema.items())
            )
            rows = pl.Series(ROW, range(first, first + text.height), dtype=pl.Int64)
            first += text.height
            yield ReadyBlock(*without_control(text.select(rows, pl.all())))
    except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
        raise Refused(f"The Parquet file is damaged ({str(error)[:120]}). Export it again.") from None


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        raise Refused(f"Column {name!r} holds {dtype}, which is no plain value. Write text, numbers or dates.")
    if dtype.is_numeric():
        return pl.lit(NUMERIC_CELL) + column.cast(pl.String)
    if isinstance(dtype, pl.Datetime):
        if dtype.time_zone:
            return column.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
        return column.dt.strftime("%Y-%m-%d %H:%M:%S%.6f")
    return column.cast(pl.String)
