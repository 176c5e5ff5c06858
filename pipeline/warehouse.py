"""Write the published DuckDB file: one table after another, then `meta`.

The tables are written by a thread of their own, in the order they are given, while the caller works out the next ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import duckdb
import polars as pl
import pyarrow as pa

MEMORY_LIMIT = "1200MB"
# rows DuckDB packs together; files and frames cut alike are packed as they come, by as many threads as there are
ROW_GROUP = 122_880
# the oldest DuckDB that may open the file; text is packed in half the time of the default, older format
STORAGE = "v1.5.0"


class Warehouse:
    """A DuckDB file being written. Use as a context manager; leaving it writes what waits, checkpoints and closes.

    What goes wrong while writing is raised by the next call, at the latest on leaving.
    """

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
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="warehouse")
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        try:
            if error is None:
                self.catch_up()
        finally:
            self._writer.shutdown(cancel_futures=True)
            if error is None:
                self._connection.execute("checkpoint")
            self._connection.close()

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append a frame; the first one decides the columns. `table` is a name of ours, never user data."""
        self._later(self._add, table, frame)

    def add_parquet(self, table: str, files: Sequence[Path], like: pl.DataFrame, order: Sequence[str] = ()) -> None:
        """Create a table with the columns of `like` from parquet files, streamed: sorted, or in the order given."""
        if files:
            self._later(self._add_parquet, table, files, like, order)
        else:
            self.add(table, like)

    def add_view(self, view: str, query: str) -> None:
        """Create a view. `view` and `query` are ours, never user data."""
        self._later(self._add_view, view, query)

    def catch_up(self, waiting: int = 0) -> None:
        """Wait until at most so many calls of `add` are still to be written: frames that wait take memory."""
        while len(self._waiting) > waiting:
            self._waiting.popleft().result()

    def _later(self, work: Callable[..., None], *details: Any) -> None:
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft().result()
        self._waiting.append(self._writer.submit(work, *details))

    def _add(self, table: str, frame: pl.DataFrame) -> None:
        rows = frame.to_arrow(compat_level=pl.CompatLevel.newest())  # as it lies in memory, nothing is copied
        with self._connection.cursor() as cursor:
            cursor.register("frame", pa.Table.from_batches(rows.to_batches(ROW_GROUP), rows.schema))
            if table in self._written:
                cursor.execute(f"insert into {table} by name select * from frame")
            else:
                cursor.execute(f"create table {table} as select * {_words(frame)} from frame")
        self._written.add(table)

    def _add_parquet(self, table: str, files: Sequence[Path], like: pl.DataFrame, order: Sequence[str]) -> None:
        names = ", ".join(f'"{column}"' for column in like.columns)
        by = " order by " + ", ".join(f'"{column}"' for column in order) if order else ""
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"create table {table} as select {names} from read_parquet($files){by}",
                {"files": [str(file) for file in files]},
            )
        self._written.add(table)

    def _add_view(self, view: str, query: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"create view {view} as {query}")


def _words(frame: pl.DataFrame) -> str:
    """Columns of a closed list of words keep it: on its way into the database it would become plain text."""
    lists = {name: dtype.categories for name, dtype in frame.schema.items() if isinstance(dtype, pl.Enum)}
    kept = [
        f'"{name}"::enum({", ".join(f"{chr(39)}{word}{chr(39)}" for word in words)}) as "{name}"'
        for name, words in lists.items()
    ]
    return f"replace ({', '.join(kept)})" if kept else ""
