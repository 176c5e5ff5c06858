"""How fast is a build, compared with the floor: DuckDB reading the same exports and sorting them once?

    python -m benchmarks.build [--touches 100000 1000000 10000000]

Prints one line per size: touches per second, seconds, ratio to the floor measured in the same run, peak memory.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import run

AS_OF = "2026-11-23T05:00:00+00:00"
SIZES = (100_000, 1_000_000, 10_000_000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--touches", type=int, nargs="+", default=SIZES)
    parser.add_argument("--folder", type=Path, help="keep exports and builds here instead of a temporary folder")
    arguments = parser.parse_args()
    table = Table("touches", "leads", "exports MB", "floor s", "build s", "ratio", "touches/s", "floor MB", "build MB")
    with tempfile.TemporaryDirectory() as temporary:
        for touches in arguments.touches:
            table.add_row(*_measured(arguments.folder or Path(temporary), touches))
    Console(width=120).print(table)


def _measured(folder: Path, touches: int) -> list[str]:
    here = folder / str(touches)
    exports, leads = here / "exports", touches // 10
    if not exports.exists():
        run(["-m", "pipeline", "demo", "--out", str(exports), "--leads", str(leads), "--touches", str(touches)])
    size = sum(file.stat().st_size for file in exports.iterdir()) / 1e6
    database = here / "floor.duckdb"
    database.unlink(missing_ok=True)
    floor = run(["-m", "benchmarks.floor", str(exports), str(database)])
    database.unlink(missing_ok=True)
    build = run(
        ["-m", "pipeline", "build", "--exports", str(exports), "--builds", str(here / "builds"), "--as-of", AS_OF]
    )
    ratio = build.wall_seconds / floor.wall_seconds
    return [
        f"{touches:,}", f"{leads:,}", f"{size:,.0f}", f"{floor.wall_seconds:.1f}", f"{build.wall_seconds:.1f}",
        f"{ratio:.2f}", f"{touches / build.wall_seconds:,.0f}", f"{floor.peak_mb:,.0f}", f"{build.peak_mb:,.0f}",
    ]  # fmt: skip


if __name__ == "__main__":
    main()
