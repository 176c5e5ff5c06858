"""The records of a file, chunk by chunk: in memory while the file is small, else on disk at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

_HELD_FILE_BYTES = 2**28


class Parts:
    """Frames by name and chunk number. Repeated rows can be taken out before anything of a small file is written."""

    def __init__(self, folder: Path, file_bytes: int, threads: int) -> None:
        self.folder, self.is_held, self.threads = folder, file_bytes <= _HELD_FILE_BYTES, threads
        self.frames: dict[tuple[str, int], pl.DataFrame | None] = {}  # None: on disk

    def put(self, name: str, number: int, frame: pl.DataFrame) -> None:
        """Keep the frame of a chunk; called by several threads, each with its own number."""
        if not frame.height:
            self.frames.pop((name, number), None)
            self._file(name, number).unlink(missing_ok=True)
        elif self.is_held:
            self.frames[name, number] = frame
        else:
            frame.write_parquet(self._file(name, number), compression="lz4", statistics=False)
            self.frames[name, number] = None

    def numbers(self, name: str) -> list[int]:
        """The chunks that have records of this name, in the file's order."""
        return sorted(number for known, number in self.frames if known == name)

    def names(self) -> list[str]:
        return sorted({name for name, _ in self.frames})

    def get(self, name: str, number: int) -> pl.DataFrame:
        held = self.frames[name, number]
        return pl.read_parquet(self._file(name, number)) if held is None else held

    def of(self, name: str, rows: pl.Series | None = None) -> pl.DataFrame:
        """All records of a name, or those of the given source rows."""
        frames = (self.get(name, number) for number in self.numbers(name))
        return pl.concat([frame if rows is None else _with(frame, rows, keep=True) for frame in frames])

    def without(self, rows: pl.Series) -> None:
        """Take the records of these source rows out of everything."""

        def reduce(part: tuple[str, int]) -> None:
            held = self.frames[part]
            numbers = pl.read_parquet(self._file(*part), columns=["row_number"]) if held is None else held
            if numbers["row_number"].is_in(rows.implode()).any():
                self.put(*part, _with(self.get(*part), rows, keep=False))

        with ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(reduce, list(self.frames)))

    def replace(self, name: str, frame: pl.DataFrame) -> None:
        """One frame in place of all chunks of a name."""
        for number in self.numbers(name)[1:]:
            self.put(name, number, frame.clear())
        self.put(name, self.numbers(name)[0], frame)

    def written(self, name: str) -> list[Path]:
        """The files of a name, written now if they were held."""
        for number in self.numbers(name):
            held = self.frames[name, number]
            if held is not None:
                held.write_parquet(self._file(name, number), compression="lz4", statistics=False)
                self.frames[name, number] = None
        return [self._file(name, number) for number in self.numbers(name)]

    def _file(self, name: str, number: int) -> Path:
        return self.folder / f"{name}-{number:05d}.parquet"


def _with(frame: pl.DataFrame, rows: pl.Series, *, keep: bool) -> pl.DataFrame:
    here = pl.col("row_number").is_in(rows.implode())
    return frame.filter(here if keep else ~here)
