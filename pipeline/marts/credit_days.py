"""mart.credit_days: credit by day, every model side by side; `mart.touch_credits` added up for the pages.

Ten million touches make four million rows of credit, and fewer than two hundred thousand of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from measures.attribution_table import MODELS
from pipeline.marts import columns as c
from pipeline.marts.columns import MONEY
from pipeline.marts.local_time import local_day

CLOSE, TOUCH = CLOCKS = ("close", "touch")
NOISE_DIGITS = 9  # shares added in another order differ beyond


class Row(dy.Schema):
    """What a row is about."""

    clock = c.word("close: on the day the deal was won; touch: on the day of the touch", CLOCKS, key=True)
    basis = c.text("won, or open: pipeline, on the clock close alone", key=True)
    day = c.day("local day; null = the deal is open", key=True)
    team = c.text("team of the deal's owner", key=True)
    segment = c.text("the deal's segment", key=True)
    channel = c.text("the touch's channel; null = attributed to nobody", key=True)
    campaign_id = c.text("the touch's campaign", key=True)
    unattributed_reason = c.text("why it is nobody's, as in `mart.touch_credits`", key=True)


GRAIN = list(Row.columns())
SHARES, CREDITS = ({f"{model}_{what}": model for model in MODELS} for what in ("deals", "credit"))
Columns: type[dy.Schema] = type(
    "Columns",
    (Row,),
    {name: c.ratio(f"deals in full under {model}: shares added up") for name, model in SHARES.items()}
    | {name: c.money(f"credit under {model}, reporting currency") for name, model in CREDITS.items()}
    | {
        "__doc__": """One row per clock, day, team, segment, channel, campaign and reason.

        On the clock close every model adds up to the amounts of the won and open deals. On the clock touch stands what
        touches earned of won deals, whenever they were won; what is nobody's has no day there and is left out. Null:
        the model was not agreed, or too few deals were won for it."""
    },
)


def partial(rows: pl.DataFrame, agreement: Agreement) -> pl.DataFrame:
    """Rows of `mart.touch_credits` added up on both clocks."""
    zone = agreement.dated[0][1].company.zone
    named = rows.lazy().rename({f"{model}_share": f"{model}_deals" for model in MODELS})
    touched = pl.col("touched_at").is_not_null() & (pl.col("basis") == "won")
    clocks = (
        named.with_columns(clock=pl.lit(CLOSE), day=local_day("closed_at", zone)),
        named.filter(touched).with_columns(clock=pl.lit(TOUCH), day=local_day("touched_at", zone)),
    )
    # a model without any figure stays null, and costs nothing
    silent = [name for name, share in SHARES.items() if rows[f"{share}_share"].null_count() == rows.height]
    silent += [name for name, model in CREDITS.items() if f"{model}_deals" in silent]
    told = [name for name in (*SHARES, *CREDITS) if name not in silent]
    return pl.concat(
        frame.group_by(GRAIN).agg(pl.col(told).sum()).with_columns(pl.lit(None).alias(name) for name in silent)
        .select(*GRAIN, *_typed())
        for frame in clocks
    ).collect()  # fmt: skip


def merge(frames: Sequence[pl.DataFrame], agreement: Agreement, as_of: datetime) -> pl.DataFrame:
    """Add up the parts, sorted by grain."""
    every = pl.concat([partial_of_nothing(), *frames])
    told = pl.col(*SHARES, *CREDITS)
    added = every.group_by(GRAIN).agg(pl.when(told.count() > 0).then(told.sum()))
    return Columns.cast(added.with_columns(pl.col(*SHARES).round(NOISE_DIGITS))).sort(GRAIN)


def partial_of_nothing() -> pl.DataFrame:
    """No rows, of the types of `partial`."""
    empty = Columns.create_empty()
    return empty.select(pl.col(GRAIN[0]).cast(pl.String), *GRAIN[1:], *_typed())


def _typed() -> list[pl.Expr]:
    return [pl.col(name).cast(pl.Float64) for name in SHARES] + [pl.col(name).cast(MONEY) for name in CREDITS]
