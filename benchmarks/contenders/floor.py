"""The floor: read the touch log and count by channel; with `sort` as second argument, put it in order as well."""

import json
import sys
from pathlib import Path

import polars as pl

COLUMNS = ["touch", "journey", "occurred_at", "channel"]


def main(folder: Path, what: str) -> dict[str, dict[str, int]]:
    log = pl.scan_parquet(folder / "touches.parquet").select(COLUMNS)
    if what == "sort":
        log = log.sort("journey", "occurred_at", "touch").collect().lazy()
    return {"touches": dict(log.group_by("channel").len().collect().iter_rows())}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
