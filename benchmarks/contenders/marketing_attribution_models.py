"""marketing-attribution-models: five rule models and Markov (its Shapley is another game and takes far longer)."""

import json
import sys
from pathlib import Path

import polars as pl
from mam import MAM

HALF_LIFE_HOURS = 30 * 24


def main(folder: Path) -> dict[str, dict[str, float]]:
    journeys = pl.read_parquet(folder / "journeys.parquet", columns=["journey", "is_won", "cents"])
    touches = pl.read_parquet(folder / "touches.parquet", columns=["touch", "journey", "occurred_at", "channel"])
    # it adds up the values of a journey's rows, so the amount stands on one of them
    rows = touches.join(journeys, on="journey").with_columns(
        value=pl.when(pl.col("touch").is_first_distinct() & pl.col("journey").is_first_distinct()).then("cents")
    )
    model = MAM(
        df=rows, format_type="session", channels_colname="channel", journey_with_conv_colname="is_won",
        datetime_colname="occurred_at", user_id_colname="journey", conversion_value_colname="value",
    )  # fmt: skip
    runs = {
        "first": model.run_first_click(), "last": model.run_last_click(), "linear": model.run_linear(),
        "u_last": model.run_position_based(), "time_decay": model.run_time_decay(half_life_hours=HALF_LIFE_HOURS),
    }  # fmt: skip
    found = {name: dict(run.to_polars().select(pl.nth(0).cast(pl.String), pl.nth(1)).iter_rows())
             for name, run in runs.items()}  # fmt: skip
    effect = model.run_markov().metadata["removal_effect"]["removal_effect"]
    return found | {"markov": {str(name): float(value) for name, value in effect.items()}}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
