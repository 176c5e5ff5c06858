"""The floor of a build: DuckDB reads the same CSV exports, typed, and sorts them once into a file of its own."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

UTF_16 = b"\xff\xfe"


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(2)


def main(exports: Path, database: Path) -> None:
    """One sorted table per CSV export; UTF-16 and reports with title lines are left out (they are small)."""
    with duckdb.connect(str(database)) as connection:
        for file in sorted(exports.glob("*.csv")):
            if _beginning(file) == UTF_16:
                continue
            try:
                names = [row[0] for row in connection.execute(
                    "describe select * from read_csv($file, ignore_errors = true)", {"file": str(file)}
                ).fetchall()]  # fmt: skip
            except duckdb.Error:
                continue
            order = [name for name in ("Contact ID", "Activity date") if name in names] or names[:1]
            by = ", ".join(f'"{name}"' for name in order)
            connection.execute(
                f'create table "{file.stem}" as select * from read_csv($file, ignore_errors = true) order by {by}',
                {"file": str(file)},
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
