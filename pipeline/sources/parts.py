"""The records of a file, chunk by chunk, on disk as they are made."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline.sources.text import ROW


class Parts:
    """Frames by name and chunk number. Rows taken out stay in the files; whoever reads them leaves out `gone`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: set[tuple[str, int]] = set()
        self.gone = pl.Series([], dtype=pl.Int64)

    def put(self, name: str, number: int, frame: pl.DataFrame) -> None:
        """Keep the frame of a chunk; called by several threads, each with its own number."""
        if frame.height:
            frame.write_parquet(self._file(name, number), compression="lz4", statistics=False)
            self.known.add((name, number))

    def of(self, name: str, rows: pl.Series | None = None) -> pl.DataFrame:
        """All records of a name, or those of the given source rows."""
        wanted = pl.lit(True) if rows is None else pl.col(ROW).is_in(rows.implode())
        return without(pl.scan_parquet(self.written(name)), self.gone).filter(wanted).collect()

    def take_out(self, rows: pl.Series) -> None:
        """Leave the records of these source rows out of everything."""
        self.gone = pl.concat([self.gone, rows.cast(pl.Int64)])

    def replace(self, name: str, frame: pl.DataFrame) -> None:
        """One frame in place of all chunks of a name."""
        self.known = {part for part in self.known if part[0] != name}
        self.put(name, 0, frame)

    def gone_file(self) -> list[Path]:
        """The file of the rows that are gone, if any are."""
        if not self.gone.len():
            return []
        file = self.folder / "gone.parquet"
        self.gone.to_frame(ROW).write_parquet(file)
        return [file]

    def names(self) -> list[str]:
        return sorted({name for name, _ in self.known})

    def written(self, name: str) -> list[Path]:
        """The files of a name, in the order of the chunks."""
        return [self._file(known, number) for known, number in sorted(self.known) if known == name]

    def _file(self, name: str, number: int) -> Path:
        return self.folder / f"{name}-{number:05d}.parquet"


def without(rows: pl.LazyFrame, gone: pl.Series) -> pl.LazyFrame:
    """Records without those of the source rows that are `gone`."""
    return rows.filter(~pl.col(ROW).is_in(gone.implode())) if gone.len() else rows
