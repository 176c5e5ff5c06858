"""mart.touch_credits: what each touch of a won or open deal earns, every model side by side; it closes to the cent.

What a touch earns under a rule is known from its own journey, but Markov weighs channels over all journeys. So `build`
lays the rows of a bucket out, and `finish` shares the deals out once the removal effects of all buckets are solved.
"""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from measures.attribution_table import MODELS
from pipeline.marts import columns as c
from pipeline.marts.columns import Tables, canonical
from pipeline.marts.dated_terms import by_terms
from pipeline.marts.local_time import local_day, moment
from pipeline.marts.rulings import rulings
from pipeline.marts.sharing import shared_out
from pipeline.marts.unattributed import REASONS, reasons


class Row(dy.Schema):
    """What a row of credit is about; the columns of `mart.credits` without the model's."""

    basis = c.text("won: booked revenue; open: pipeline, without the weight of a closing")
    deal_id = c.text("the deal", key=True)
    touch_id = c.text("the touch; null = attributed to nobody", key=True)
    channel = c.text("the touch's channel")
    campaign_id = c.text("the touch's campaign")
    segment = c.text("the deal's segment")
    team = c.text("team of the deal's owner")
    milestones = c.text("milestones the touch holds, comma-separated; '' = none")
    touched_at = c.instant("when")
    closed_at = c.instant("when the deal was won; null = open")
    unattributed_reason = c.text(
        "; ".join(f"{name}: {doc}" for name, doc in REASONS.items()) + "; null = the touch earned it", key=True
    )
    ruling_id = c.text("the ruling that kept, moved or brought credit here; null = none")
    agreement_version = c.text("the terms of the day the deal was won; for an open one those of the build")


def _side_by_side() -> dict[str, object]:
    columns: dict[str, object] = {}
    for model in MODELS:
        columns[f"{model}_share"] = c.ratio(f"share of the deal under {model}")
        columns[f"{model}_credit"] = c.money(f"credit under {model}, reporting currency")
    return columns


Columns: type[dy.Schema] = type(
    "Columns",
    (Row,),
    _side_by_side()
    | {
        "__doc__": """One row per won or open deal and eligible touch, plus one per remainder that no touch earns.

        Over the rows of a deal `<model>_share` adds up to 1 and `<model>_credit` to the deal's amount, to the cent.
        Null: the model was not agreed on the deal's day, too few deals were won for it, or the amount is not known.
        `mart.credits` is the same with one row per model."""
    },
)


def build(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """The rows of one bucket as `finish` takes them. Reads the touches and deals marts."""
    touches = done["touches"].filter(pl.col("deal_id").is_not_null())
    deals = _won_and_open(done["deals"], agreement.dated[0][1].company.zone, as_of)
    earning = (
        touches.lazy()
        .filter("is_eligible")
        .select("deal_id", "touch_id", "channel", "campaign_id", "milestones", "kind", "ruling_id",
                touched_at="occurred_at")
        .join(deals.drop("account_id").lazy(), on="deal_id", maintain_order="left")
        .collect()
    )  # fmt: skip
    silent = deals.join(earning, on="deal_id", how="anti", maintain_order="left")
    reasoned = _reasoned(silent, touches, tables, agreement)
    return pl.concat([_ruled(earning, rulings(tables)), reasoned], how="diagonal")


def _won_and_open(deals: pl.DataFrame, zone: str, as_of: datetime) -> pl.DataFrame:
    is_won = pl.col("won_at").is_not_null()
    ends_at = pl.col("won_at").fill_null(moment(as_of))
    return deals.filter(is_won | pl.col("lost_at").is_null()).select(
        "deal_id", "account_id", "segment", "team", "amount",
        basis=pl.when(is_won).then(pl.lit("won")).otherwise(pl.lit("open")),
        closed_at="won_at", _ends_at=ends_at, _day=local_day(ends_at, zone),
    )  # fmt: skip


def finish(rows: pl.DataFrame, agreement: Agreement, merged: Tables) -> pl.DataFrame:
    """Share the deals out. merged: what was added up over all buckets, here `channel_credits`.

    The rows of a deal stand together, its touches in order of time.
    """
    solved = merged["channel_credits"]
    parts = [shared_out(of_terms, terms, solved) for terms, of_terms in by_terms(rows, agreement, "_day")]
    return pl.concat([Columns.create_empty(), *(Columns.cast(part) for part in parts)])


def _ruled(rows: pl.DataFrame, ruled: pl.DataFrame) -> pl.DataFrame:
    """Add `_to_touch_id`, to whom credit was ruled to belong, and the ruling's id where it came to."""
    moves = ruled.filter(ruling="move")
    if moves.is_empty():
        return rows.with_columns(_to_touch_id=pl.lit(None, pl.String))
    received = moves.select("deal_id", touch_id="to_touch_id", _received="ruling_id").unique(
        ["deal_id", "touch_id"], keep="first", maintain_order=True
    )
    moved = moves.select("deal_id", "touch_id", _to_touch_id="to_touch_id")
    joined = rows.join(moved, on=["deal_id", "touch_id"], how="left", maintain_order="left").join(
        received, on=["deal_id", "touch_id"], how="left", maintain_order="left"
    )
    return joined.with_columns(ruling_id=pl.coalesce("ruling_id", "_received")).drop("_received")


def _reasoned(deals: pl.DataFrame, touches: pl.DataFrame, tables: Tables, agreement: Agreement) -> pl.DataFrame:
    """Deals without an eligible touch, each with the reason."""
    days = canonical(tables, "deals").select("deal_id", closed_at_is_date_only="won_at_is_date_only")
    told = deals.join(days, on="deal_id", how="left", maintain_order="left")
    found = [reasons(of_terms, touches, tables, terms) for terms, of_terms in by_terms(told, agreement, "_day")]
    nothing = pl.DataFrame(schema={"deal_id": pl.String, "unattributed_reason": pl.String})
    return deals.drop("account_id").join(pl.concat([nothing, *found]), on="deal_id", how="left", maintain_order="left")
