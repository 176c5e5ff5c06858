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

MEMORY_LIMIT = "800MB"
# rows DuckDB packs together; files and frames cut alike are packed as they come, by as many threads as there are
ROW_GROUP = 122_880
# the oldest DuckDB that may open the file; text is packed in half the time of the default, older format
STORAGE = "v1.5.0"
# frames that wait take memory: beyond this the caller waits, too, and the database has all threads to itself
WAITING_BYTES = 250_000_000


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
        self._waiting: deque[tuple[Future[None], int]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        try:
            if error is None:
                while self._waiting:
                    self._wait_for_first()
                self._connection.execute("checkpoint")
        finally:
            self._writer.shutdown(cancel_futures=True)
            self._connection.close()

    def add(self, table: str, frame: pl.DataFrame) -> None:
        """Append a frame; the first one decides the columns. `table` is a name of ours, never user data."""
        self._later(int(frame.estimated_size()), self._add, table, frame)

    def add_parquet(self, table: str, files: Sequence[Path], like: pl.DataFrame, order: Sequence[str] = ()) -> None:
        """Append the columns of `like` from parquet files, streamed: sorted, or in the order given."""
        if files:
            self._later(0, self._add_parquet, table, files, like, order)
        else:
            self.add(table, like)

    def add_view(self, view: str, query: str) -> None:
        """Create a view. `view` and `query` are ours, never user data."""
        self._later(0, self._add_view, view, query)

    def _later(self, size: int, work: Callable[..., None], *details: Any) -> None:
        while self._waiting and (self._waiting[0][0].done() or self._bytes() + size > WAITING_BYTES):
            self._wait_for_first()
        self._waiting.append((self._writer.submit(work, *details), size))

    def _bytes(self) -> int:
        return sum(size for _, size in self._waiting)

    def _wait_for_first(self) -> None:
        written, _ = self._waiting.popleft()
        written.result()

    def _add(self, table: str, frame: pl.DataFrame) -> None:
        rows = frame.to_arrow(compat_level=pl.CompatLevel.newest())  # as it lies in memory, nothing is copied
        with self._connection.cursor() as cursor:
            cursor.register("frame", pa.Table.from_batches(rows.to_batches(ROW_GROUP), rows.schema))
            words = "" if table in self._written else _words(frame)
            cursor.execute(f"{self._into(table)} select * {words} from frame")

    def _add_parquet(self, table: str, files: Sequence[Path], like: pl.DataFrame, order: Sequence[str]) -> None:
        names = ", ".join(f'"{column}"' for column in like.columns)
        by = " order by " + ", ".join(f'"{column}"' for column in order) if order else ""
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"{self._into(table)} select {names} from read_parquet($files){by}",
                {"files": [str(file) for file in files]},
            )

    def _add_view(self, view: str, query: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute(f"create view {view} as {query}")

    def _into(self, table: str) -> str:
        is_there = table in self._written
        self._written.add(table)
        return f"insert into {table} by name" if is_there else f"create table {table} as"


def _words(frame: pl.DataFrame) -> str:
    """Columns of a closed list of words keep it: on its way into the database it would become plain text."""
    lists = {name: dtype.categories for name, dtype in frame.schema.items() if isinstance(dtype, pl.Enum)}
    kept = [
        f'"{name}"::enum({", ".join(f"{chr(39)}{word}{chr(39)}" for word in words)}) as "{name}"'
        for name, words in lists.items()
    ]
    return f"replace ({', '.join(kept)})" if kept else ""
