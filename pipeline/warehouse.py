"""Write the published DuckDB file: one table after another, then `meta`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import duckdb
import polars as pl

MEMORY_LIMIT = "1200MB"
# rows DuckDB packs together; files cut alike are packed as they come instead of once more at the end
ROW_GROUP = 122_880
# the oldest DuckDB that may open the file; text is packed in half the time of the default, older format
STORAGE = "v1.5.0"


class Warehouse:
    """A DuckDB file being written. Use as a context manager; leaving it checkpoints and closes the file."""

    def __init__(self, path: Path, spill: Path) -> None:
        self._connection = duckdb.connect(
            str(path),
            config={
                "memory_limit": MEMORY_LIMIT,
                "storage_compatibility_version": STORAGE,
                "temp_directory": str(spill),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        self._connection.execute("set TimeZone = 'UTC'")
        for schema in ("canonical", "mart", "meta"):
            self._connection.execute(f"create schema {schema}")
        self._written: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append a frame; the first one decides the columns. `table` is a name of ours, never user data."""
        with self._connection.cursor() as cursor:
            cursor.register("frame", frame.to_arrow())
            if table in self._written:
                cursor.execute(f"insert into {table} by name select * from frame")
            else:
                cursor.execute(f"create table {table} as select * from frame")
        self._written.add(table)

    def add_parquet(self, table: str, files: Sequence[Path], like: pl.DataFrame, order: Sequence[str] = ()) -> None:
        """Create a table with the columns of `like` from parquet files, streamed: sorted, or in the order given."""
        if not files:
            self.add(table, like)
            return
        names = ", ".join(f'"{column}"' for column in like.columns)
        by = " order by " + ", ".join(f'"{column}"' for column in order) if order else ""
        self._connection.execute(
            f"create table {table} as select {names} from read_parquet($files){by}",
            {"files": [str(file) for file in files]},
        )
        self._written.add(table)

    def close(self) -> None:
        self._connection.execute("checkpoint")
        self._connection.close()
