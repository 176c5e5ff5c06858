"""mart.channel_credits: what channels are worth when all journeys are weighed against one another: Markov and Shapley.

Every bucket counts, the counts are added up, and the models are solved once. Counts are kept apart for a few hundred
groups of accounts, so that the interval can be had by drawing groups anew (a bootstrap by cluster): journeys of one
company stay together, as they do not happen independently, and it costs the same however many journeys there are.
"""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import numpy as np
import polars as pl
from numpy.typing import NDArray

from agreement import Agreement
from measures import markov
from measures.stretches import Integers, Stretches
from measures.whole_cents import whole_cents
from pipeline.marts import columns as c
from pipeline.marts.columns import MONEY, Tables
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.sharing import DIRECT, NAMES, channel_numbers

GROUPS = 512
DRAWS = 1000
SEED = 20_261_123
CONFIDENCE = 0.95
Floats = NDArray[np.float64]
COUNTS = {"what": pl.String, "group": pl.Int64, "row": pl.Int64, "column": pl.Int64, "n": pl.Int64}
STEPS, WORTH = "steps", "worth"


class Columns(dy.Schema):
    """One row per model and channel, over all journeys of the build: won ones convert, all others do not (yet).

    Empty while fewer deals with a touch were won than `attribution.minimum_conversions`. A channel that by the terms
    earns nothing has credit 0. Direct visits count in journeys without any other touch, or in all, by the terms.
    """

    model = c.text("markov or shapley", key=True)
    channel = c.text("the channel", key=True)
    removal_effect = c.ratio("markov: share of conversions lost without the channel; null for shapley")
    credit = c.money("won revenue of the channel; over a model the revenue of all won deals with a touch")
    low = c.money("lower end of the 95 % interval, by drawing groups of companies anew")
    high = c.money("upper end of it")
    reach_effect = c.ratio("markov: removal effect, had every journey the same chance to be won; null for shapley")
    reach_credit = c.money("markov: credit the channel would have by that, for its reach alone; null for shapley")


def partial(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """Counts of one bucket, by group of accounts: `what, group, row, column, n`. Reads the touches and journeys marts.

    steps: how often journeys went from state `row` (start 0, then the channels) to `column` (channels, conversion,
    null). worth: cents won by journeys with exactly the channels of the bits `row`; in `column` 1 how many there were.
    """
    alone = terms_at(agreement, as_of).attribution.direct_earns_only_alone
    touches = done["touches"].lazy().filter("is_eligible").select("journey_id", "channel").collect()
    is_direct = (touches["channel"] == DIRECT).to_numpy()
    every = Stretches(touches["journey_id"].rle_id().to_numpy())
    stays = ~is_direct | every.spread(every.total(~is_direct) == 0) if alone else np.ones(len(every), dtype=bool)
    journeys = Stretches(every.key[stays])
    told = _of_journeys(touches["journey_id"].gather(every.starts), done["journeys"])
    if told.is_empty():
        return pl.DataFrame(schema=COUNTS)
    channel = channel_numbers(touches["channel"])[stays]
    group, is_won = told["group"].to_numpy(), told["is_won"].to_numpy()
    return pl.concat([_steps(channel, journeys, group, is_won), _worth(channel, journeys, told)])


def whole(tables: Tables, agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Nothing belongs to no account."""
    return pl.DataFrame(schema=COUNTS)


def merge(frames: list[pl.DataFrame], agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Add up the counts and solve them once. Sorted by model and channel."""
    rules = terms_at(agreement, as_of).attribution
    counts = pl.concat(frames).group_by("what", "group", "row", "column").agg(pl.col("n").sum())
    steps, worth = counts.filter(what=STEPS), counts.filter(what=WORTH)
    conversions = worth.filter(column=1)["n"].sum()
    if conversions < rules.minimum_conversions:
        return Columns.create_empty()
    table = np.zeros((GROUPS, len(NAMES) + 1, len(NAMES) + 2))
    table[tuple(steps[name].to_numpy() for name in ("group", "row", "column"))] = steps["n"].to_numpy()
    cents = _cents_by_channel(worth.filter(column=0))
    # groups without any journey are not drawn: how many companies there are is not what is uncertain
    groups = np.flatnonzero(table.any(axis=(1, 2)))
    draws = np.random.default_rng(SEED).multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=DRAWS)
    earns = np.array([name not in rules.excluded_channels for name in NAMES])
    seen = table.sum(axis=(0, 1))[: len(NAMES)] > 0
    won = int(worth.filter(column=0)["n"].sum())
    _, effect = markov.solve(table.sum(axis=0))
    _, drawn_effect = markov.solve(np.tensordot(draws, table[groups], axes=1))
    _, reach = markov.solve(markov.by_reach(table.sum(axis=0)))
    of_markov = {"removal_effect": effect, "reach_effect": reach, "reach_credit": markov.shared(reach, 1.0) * won}
    found = [
        _rows("markov", effect, drawn_effect, won, earns, seen, of_markov),
        _rows("shapley", cents.sum(axis=0), draws @ cents[groups], won, earns, seen, dict.fromkeys(of_markov)),
    ]
    return Columns.cast(pl.concat(found).sort("model", "channel"))


def _of_journeys(ids: pl.Series, journeys: pl.DataFrame) -> pl.DataFrame:
    """`group, is_won, cents` of each journey with a touch, in order."""
    account = pl.col("account_id").fill_null(pl.col("journey_id"))
    told = journeys.select(
        "journey_id",
        group=(account.hash(SEED) % GROUPS).cast(pl.Int64),
        is_won=pl.col("outcome") == "won",
        cents=(pl.col("amount").fill_null(0) * 100).cast(pl.Int64),
    )
    return ids.to_frame("journey_id").join(told, on="journey_id", how="left", maintain_order="left")


def _steps(channel: Integers, journeys: Stretches, group: Integers, is_won: NDArray[np.bool_]) -> pl.DataFrame:
    """Steps from state to state, by group."""
    journey, rows, columns = markov.steps(channel, journeys, is_won, len(NAMES))
    shape = (GROUPS, len(NAMES) + 1, len(NAMES) + 2)
    n = np.bincount(np.ravel_multi_index((group[journey], rows, columns), shape), minlength=int(np.prod(shape)))
    places = np.flatnonzero(n)
    found = dict(zip(("group", "row", "column"), np.unravel_index(places, shape), strict=True))
    return pl.DataFrame({"what": pl.repeat(STEPS, len(places), eager=True), **found, "n": n[places]}, schema=COUNTS)


def _worth(channel: Integers, journeys: Stretches, told: pl.DataFrame) -> pl.DataFrame:
    """Cents and number of the won journeys by their set of channels."""
    bits = journeys.reduced(np.bitwise_or, np.left_shift(1, channel))
    sets = told.with_columns(row=pl.Series(bits)).filter("is_won").group_by("group", "row")
    added = sets.agg(pl.col("cents").sum(), number=pl.len().cast(pl.Int64))
    parts = [
        added.select(pl.lit(WORTH).alias("what"), "group", "row", pl.lit(place, pl.Int64).alias("column"), n=name)
        for place, name in enumerate(("cents", "number"))
    ]
    return pl.concat(parts)


def _cents_by_channel(worth: pl.DataFrame) -> Floats:
    """Shapley value in cents, by group and channel: the worth of a set goes to its channels in equal parts."""
    members = worth["row"].to_numpy()[:, None] >> np.arange(len(NAMES)) & 1
    each = members * (worth["n"].to_numpy() / members.sum(axis=1))[:, None]
    by_group = np.zeros((GROUPS, len(NAMES)))
    np.add.at(by_group, worth["group"].to_numpy(), each)
    return by_group


def _rows(
    model: str,
    weight: Floats,
    drawn: Floats,
    won: int,
    earns: NDArray,
    seen: NDArray,
    of_markov: dict[str, Floats] | dict[str, None],
) -> pl.DataFrame:
    """The revenue `won`, in cents, shared out in proportion to the channels' weights; the interval is the draws'."""
    share = markov.shared(weight, 1.0)
    credit = whole_cents(share, Stretches(np.zeros(len(NAMES))), np.array([won])) if share.any() else share
    tails = [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]
    low, high = np.quantile(markov.shared(drawn, np.ones(len(drawn))), tails, axis=0) * won
    cents = {"credit": credit, "low": low, "high": high, "reach_credit": of_markov["reach_credit"]}
    earned = {name: None if of is None else of * earns for name, of in cents.items()}
    effects = {name: of_markov[name] for name in ("removal_effect", "reach_effect")}
    rows = pl.DataFrame({"channel": NAMES} | effects | earned)
    amounts = ((pl.col(name).cast(pl.Float64).round() / 100).cast(MONEY).alias(name) for name in cents)
    return rows.select(
        pl.lit(model).alias("model"), "channel", pl.col(*effects).cast(pl.Float64), *amounts
    ).filter(pl.Series(seen))  # fmt: skip
