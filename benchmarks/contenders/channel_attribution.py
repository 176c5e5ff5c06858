"""ChannelAttribution: three rule models and Markov by its own defaults.

Second argument: who builds the paths, pandas (as its users do) or polars, which also puts equal paths together.
"""

import json
import sys
from pathlib import Path

import pandas as pd
from ChannelAttribution import heuristic_models, markov_model

COLUMNS = ["touch", "journey", "occurred_at", "channel"]


def main(folder: Path, builder: str) -> dict[str, dict[str, float]]:
    paths = _paths_by_polars(folder) if builder == "polars" else _paths_by_pandas(folder)
    journeys = pd.read_parquet(folder / "journeys.parquet", columns=["journey", "is_won", "cents"])
    data = paths.merge(journeys, on="journey")
    data["conversions"] = data["is_won"].astype(int)
    data["nulls"] = 1 - data["conversions"]
    data["cents"] = data["cents"].fillna(0.0)
    if builder == "polars":
        data = data.groupby("path", sort=False)[["conversions", "nulls", "cents"]].sum().reset_index()
    columns = {"var_path": "path", "var_conv": "conversions", "var_value": "cents", "sep": ">", "flg_pro": False}
    rules = heuristic_models(data, **columns).set_index("channel_name")
    solved = markov_model(data, var_null="nulls", verbose=False, **columns).set_index("channel_name")
    return {
        "first": rules["first_touch_value"].to_dict(),
        "last": rules["last_touch_value"].to_dict(),
        "linear": rules["linear_touch_value"].to_dict(),
        "markov": solved["total_conversions"].to_dict(),
    }


def _paths_by_pandas(folder: Path) -> pd.DataFrame:
    touches = pd.read_parquet(folder / "touches.parquet", columns=COLUMNS)
    ordered = touches.sort_values(["journey", "occurred_at", "touch"])
    return ordered.groupby("journey", sort=False)["channel"].agg(" > ".join).rename("path").reset_index()


def _paths_by_polars(folder: Path) -> pd.DataFrame:
    import polars as pl

    ordered = pl.scan_parquet(folder / "touches.parquet").select(COLUMNS).sort("journey", "occurred_at", "touch")
    joined = ordered.group_by("journey", maintain_order=True).agg(path=pl.col("channel").str.join(" > "))
    return joined.collect().to_pandas()


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2])))
