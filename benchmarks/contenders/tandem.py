"""Tandem's thirteen models, by the same functions the build shares deals out with.

Journeys are ordered once. Markov counts the steps of all of them; the other models look at won journeys alone. Told as
the peers count: direct visits are touches like any other, and every touch may be a middle one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

from measures import markov
from measures.attribution_table import BIT, MODELS, TouchTable, shares
from measures.stretches import Integers, Stretches

OWN_MODELS = [model for model in MODELS if model != "custom"]
CREATES_LEADS = ("form", "download", "webinar")
DAY = 86_400e6
Credits = dict[str, dict[str, float]]


def main(folder: Path) -> Credits:
    log = pl.read_parquet(folder / "touches.parquet", columns=["touch", "journey", "occurred_at", "channel", "kind"])
    order = np.lexsort([log[name].to_physical().to_numpy() for name in ("touch", "occurred_at", "journey")])
    names = log["channel"].unique().sort().to_list()
    channel = log["channel"].cast(pl.Enum(names)).to_physical().to_numpy()[order].astype(np.int64)
    journeys = Stretches(log["journey"].to_numpy()[order])
    told = pl.DataFrame({"journey": journeys.key[journeys.starts]}).join(
        pl.read_parquet(folder / "journeys.parquet"), on="journey", how="left", maintain_order="left"
    )
    is_won = told["is_won"].to_numpy()
    effect = _removal_effects(channel, journeys, is_won, len(names))
    won = np.flatnonzero(journeys.spread(is_won))
    touches = _touch_table(log[order[won]], channel[won], told.filter("is_won"), journeys.number[won])
    cents = touches.spread(told.filter("is_won")["cents"].to_numpy())
    earned = shares(touches, OWN_MODELS, direct_earns_only_alone=False, removal_effect=effect)
    credits = {model: np.bincount(touches.channel, share * cents, len(names)) for model, share in earned.items()}
    credits["markov"] = markov.shared(effect, float(told["cents"].sum()))
    return {model: dict(zip(names, credit.tolist(), strict=True)) for model, credit in credits.items()}


def _removal_effects(channel: Integers, journeys: Stretches, is_won: np.ndarray, channels: int) -> np.ndarray:
    _journey, row, column = markov.steps(channel, journeys, is_won, channels)
    counts = np.bincount(row * (channels + 2) + column, minlength=(channels + 1) * (channels + 2))
    return markov.solve(counts.reshape(channels + 1, channels + 2))[1]


def _touch_table(log: pl.DataFrame, channel: Integers, journeys: pl.DataFrame, number: Integers) -> TouchTable:
    """The touches of won journeys with their milestones; `journeys` has one row for each of them, in order."""
    of = Stretches(number)
    at = log["occurred_at"].to_physical().to_numpy()
    closed = of.spread(journeys["closed_at"].to_physical().to_numpy())
    opportunity = of.spread(journeys["opportunity_at"].to_physical().to_numpy())
    creates = log["kind"].is_in(CREATES_LEADS).to_numpy()
    held = (
        of.is_first * BIT["FT"] + of.is_last * BIT["CW"]
        + _first_of(of, creates) * BIT["LC"] + _first_of(of, at <= opportunity, last=True) * BIT["OC"]
    )  # fmt: skip
    everywhere = np.ones(len(of), dtype=bool)
    return TouchTable(number, held, ~everywhere, everywhere, (closed - at) / DAY, channel)


def _first_of(stretches: Stretches, marked: np.ndarray, *, last: bool = False) -> np.ndarray:
    """The first (or last) marked row of each stretch, as a flag."""
    rows = np.flatnonzero(marked)
    part = Stretches(stretches.number[rows])
    found = np.zeros(len(stretches), dtype=bool)
    found[rows[part.is_last if last else part.is_first]] = True
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
