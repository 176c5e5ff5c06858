"""Deals shared out among their touches: every agreed model, rulings and channels that earn nothing, in whole cents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from agreement import Terms
from agreement.sections import CHANNELS
from measures.attribution_table import BIT, MODELS, TouchTable, shares
from measures.stretches import Flags, Integers, Stretches
from measures.whole_cents import whole_cents
from pipeline.marts.columns import MONEY
from pipeline.marts.touches import SALES
from pipeline.marts.unattributed import EXCLUDED_CHANNEL

NAMES = sorted({*CHANNELS, SALES})
"""Channels by number."""
DIRECT = "direct"
SOLVED = ("markov", "shapley")
"""Models that weigh all journeys against one another; shown from the agreed number of conversions on."""
NEVER_MIDDLE = ("visit", "ad_view")
DAY_MICROSECONDS = 86_400e6
Passing = tuple[Integers, Integers]
"""Rows that pass on what they earned, and the rows that receive it."""


def shared_out(rows: pl.DataFrame, terms: Terms, solved: pl.DataFrame) -> pl.DataFrame:
    """Add `<model>_share` and `<model>_credit` of every model, null for those not agreed, and `agreement_version`.

    rows: `deal_id, touch_id, channel, milestones, kind, touched_at, closed_at, amount, unattributed_reason, ruling_id,
    _to_touch_id, _ends_at`; those of a deal stand together, its touches in order of time. solved: the channel credits;
    without rows there were too few conversions. A deal touched by an excluded channel gets one row more.
    """
    rules = terms.attribution
    rows = _with_remainders(rows, rules.excluded_channels)
    deals = Stretches(rows["deal_id"].rle_id().to_numpy())
    is_remainder = (rows["unattributed_reason"] == EXCLUDED_CHANNEL).fill_null(False).to_numpy()
    earners = np.flatnonzero(rows["touch_id"].is_not_null().to_numpy())
    models = [model for model in MODELS if model in rules.models and (model not in SOLVED or solved.height)]
    earned = shares(
        _touch_table(rows[earners], deals.key[earners]),
        models,
        half_life_days=rules.half_life_days,
        custom={str(name): weight for name, weight in rules.custom_weights.items()},
        direct_earns_only_alone=rules.direct_earns_only_alone,
        removal_effect=_removal_effects(solved),
    )
    passings = [_by_ruling(rows, deals), _to_remainders(rows, deals, is_remainder, rules.excluded_channels)]
    amount = (rows["amount"].gather(deals.starts).fill_null(0) * 100).cast(pl.Int64).to_numpy()
    columns: list[pl.Series] = []
    for model in models:
        share = np.where(is_remainder, 0.0, 1.0)  # who has no touch is attributed to nobody as a whole
        share[earners] = earned.pop(model)
        for givers, takers in passings:
            passed = share[givers]
            share[givers] = 0.0
            np.add.at(share, takers, passed)
        cents = pl.Series(f"{model}_credit", whole_cents(share, deals, amount))
        columns += [pl.Series(f"{model}_share", share), (cents / 100).cast(MONEY)]
    absent = [f"{model}_{what}" for model in MODELS if model not in models for what in ("share", "credit")]
    is_known = pl.col("amount").is_not_null()
    return rows.with_columns(
        *columns, *(pl.lit(None).alias(name) for name in absent), agreement_version=pl.lit(terms.version)
    ).with_columns(pl.when(is_known).then(f"{model}_credit").alias(f"{model}_credit") for model in models)


def _touch_table(touches: pl.DataFrame, journey: Integers) -> TouchTable:
    """The touches as numbers. Days count to the closing; those of an open deal to the moment of the build."""
    days = (touches["_ends_at"] - touches["touched_at"]).dt.total_microseconds() / DAY_MICROSECONDS
    return TouchTable(
        journey, held(touches["milestones"]), (touches["channel"] == DIRECT).to_numpy(),
        (~touches["kind"].is_in(NEVER_MIDDLE)).to_numpy(), days.to_numpy(), channel_numbers(touches["channel"]),
    )  # fmt: skip


def channel_numbers(channels: pl.Series) -> Integers:
    """Number of each channel in `NAMES`."""
    return channels.cast(pl.Enum(NAMES)).to_physical().cast(pl.Int64).to_numpy()


def held(milestones: pl.Series) -> Integers:
    """Milestones as bits; few different texts stand in many rows."""
    texts = milestones.unique()
    bits = [sum(BIT[name] for name in text.split(",") if name) for text in texts]
    return milestones.replace_strict(texts, bits, return_dtype=pl.Int64).to_numpy()


def _removal_effects(solved: pl.DataFrame) -> np.ndarray:
    """Removal effect of each channel by number; 0 for those no journey came by."""
    told = dict(solved.filter(model="markov").select("channel", "removal_effect").iter_rows())
    return np.array([told.get(name, 0.0) for name in NAMES])


def _with_remainders(rows: pl.DataFrame, excluded: Sequence[str]) -> pl.DataFrame:
    """One row more, behind its touches, for each deal in which a channel took part that earns nothing."""
    numbered = rows.with_columns(_deal=pl.col("deal_id").rle_id())
    affected = numbered.filter(pl.col("channel").is_in(list(excluded))).unique("_deal", maintain_order=True)
    if affected.is_empty():
        return rows
    of_touch = ["touch_id", "channel", "campaign_id", "milestones", "touched_at", "kind", "ruling_id", "_to_touch_id"]
    remainders = affected.with_columns(
        *(pl.lit(None, rows.schema[name]).alias(name) for name in of_touch),
        unattributed_reason=pl.lit(EXCLUDED_CHANNEL),
    )
    return pl.concat([numbered, remainders]).sort("_deal", maintain_order=True).drop("_deal")


def _to_remainders(rows: pl.DataFrame, deals: Stretches, is_remainder: Flags, excluded: Sequence[str]) -> Passing:
    givers = np.flatnonzero(rows["channel"].is_in(list(excluded)).fill_null(False).to_numpy())
    remainder_of = np.zeros(len(deals.starts), dtype=np.int64)
    remainder_of[deals.number[is_remainder]] = np.flatnonzero(is_remainder)
    return givers, remainder_of[deals.number[givers]]


def _by_ruling(rows: pl.DataFrame, deals: Stretches) -> Passing:
    """What is ruled to belong to another touch; one that earns nothing in this deal receives nothing."""
    told = rows.select("deal_id", "touch_id", "_to_touch_id", row=pl.int_range(pl.len()))
    moved = told.drop_nulls("_to_touch_id").join(
        told.select("deal_id", _to_touch_id="touch_id", to_row="row"), on=["deal_id", "_to_touch_id"]
    )
    return moved["row"].to_numpy(), moved["to_row"].to_numpy()
