"""Which handovers there were: the lead cycles marketing gave to sales, and what the records say happened to each."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from pipeline.marts.columns import INSTANT, Tables, canonical
from pipeline.marts.local_time import local_day, moment
from pipeline.marts.sales_work import work_of

DECISIONS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "excuses": {"lead_id": pl.String, "cycle": pl.Int64, "reason": pl.String, "side": pl.String, "at": INSTANT},
    "pauses": {"lead_id": pl.String, "cycle": pl.Int64, "from": INSTANT, "until": INSTANT, "reason": pl.String},
    "feedback": {"lead_id": pl.String, "cycle": pl.Int64, "action": pl.String, "reason": pl.String, "at": INSTANT},
}
"""What people decided in the app, as `pipeline.decisions` reads it from the ledger; absent = nothing was decided."""


def decided(tables: Tables, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """One of `DECISIONS`, with the number `h` of the handover it belongs to."""
    schema = DECISIONS[name]
    told = tables.get(name, pl.DataFrame(schema=schema)).select(
        pl.col(column).cast(kind) for column, kind in schema.items()
    )
    return told.join(rows.select("lead_id", "cycle", "h"), on=["lead_id", "cycle"])


def handed_over(tables: Tables, leads: pl.DataFrame, as_of: datetime, zone: str) -> pl.DataFrame:
    """One row per handover, numbered `h`: the columns of mart.leads and

    `next_at` (the next cycle begins), `qualified_at`, `assigned_at` (the handover, null = not yet), for both
    `_is_date_only`, and `handed_on`, the local day of the handover, else of the qualification.

    A handover is a cycle that marketing qualified. A qualification that was skipped and only imputed is one if the lead
    was assigned; where no source tells who was qualified (`facts`), so is every assigned lead.
    A lead that had its owner before it qualified is handed over as it qualifies, and a returning one goes back to its
    owner likewise; a later reassignment is none of the clock's business.
    """
    told = canonical(tables, "leads").select(
        "lead_id", "assigned_at", told_qualified_at="qualified_at",
        told_is_date_only=pl.col("qualified_at_is_date_only").fill_null(False),
        assigned_is_date_only=pl.col("assigned_at_is_date_only").fill_null(False),
    )  # fmt: skip
    events = canonical(tables, "stage_events").filter(stage="mql", entered_at_is_date_only=True)
    dated = events.select("lead_id", mql_at="entered_at", event_is_date_only=pl.lit(True)).unique()
    is_same_lead = pl.col("lead_id") == pl.col("lead_id").shift(-1)
    rows = (
        leads.join(told, on="lead_id", how="left", maintain_order="left")
        .join(dated, on=["lead_id", "mql_at"], how="left", maintain_order="left")
        .with_columns(
            next_at=pl.when(is_same_lead).then(pl.col("created_at").shift(-1)),
            qualified_at=pl.when(~pl.col("imputed_stages").str.split(",").list.contains("mql")).then("mql_at"),
            assigned_at=pl.when(pl.col("assigned_at") <= moment(as_of)).then("assigned_at"),
        )
        .with_columns(
            assigned_at=pl.when((pl.col("assigned_at") < pl.col("next_at")).fill_null(True)).then("assigned_at"),
            qualified_at_is_date_only=pl.col("event_is_date_only").fill_null(False)
            | (pl.col("told_is_date_only") & (pl.col("told_qualified_at") == pl.col("mql_at"))).fill_null(False),
        )
    )
    is_own = pl.col("assigned_at").is_not_null() & (
        (pl.col("cycle") == 1) | (pl.col("assigned_at") >= pl.col("created_at"))
    )
    known = tables["facts"]["qualification_is_known"].item() if "facts" in tables else True
    is_handed = pl.col("qualified_at").is_not_null() | (is_own & (pl.col("mql_at").is_not_null() | pl.lit(not known)))
    return _begun(rows.filter(is_handed), zone).with_row_index("h")


def _begun(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`assigned_at` as the moment of the handover: the later of assignment and qualification, compared by day where
    either is known by its day only."""
    days = {name: local_day(f"{name}_at", zone) for name in ("qualified", "assigned")}
    is_exact = ~pl.col("assigned_is_date_only") & ~pl.col("qualified_at_is_date_only")
    qualifies_later = (
        (days["qualified"] > days["assigned"])
        | ((days["qualified"] == days["assigned"]) & is_exact & (pl.col("qualified_at") > pl.col("assigned_at")))
    ).fill_null(False)
    return rows.with_columns(
        assigned_at=pl.when(qualifies_later).then("qualified_at").otherwise("assigned_at"),
        assigned_at_is_date_only=pl.when(qualifies_later)
        .then("qualified_at_is_date_only")
        .otherwise("assigned_is_date_only"),
    ).with_columns(handed_on=local_day(pl.coalesce("assigned_at", "qualified_at"), zone))


def work_after(tables: Tables, rows: pl.DataFrame, leads: pl.DataFrame, as_of: datetime, zone: str) -> pl.DataFrame:
    """Human work since the handover, in order: `h` and the columns of `work_of`. A day counts from the handover's."""
    numbered = leads.select("lead_id", "cycle", "person_id", "account_id", "created_at").with_columns(
        lead_no=pl.col("lead_id").rle_id(), cycle_no=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    work = work_of(
        canonical(tables, "activities"), numbered.filter(pl.col("lead_no").is_first_distinct()), numbered, zone
    )
    handed = rows.join(numbered.select("lead_id", "cycle", "cycle_no"), on=["lead_id", "cycle"]).select(
        "h", "cycle_no", "assigned_at", "assigned_at_is_date_only"
    )
    by_day = pl.col("is_date_only") | pl.col("assigned_at_is_date_only")
    is_after = (
        pl.when(by_day)
        .then(local_day("occurred_at", zone) >= local_day("assigned_at", zone))
        .otherwise(pl.col("occurred_at") >= pl.col("assigned_at"))
    )
    return (
        work.filter(pl.col("occurred_at") <= moment(as_of))
        .join(handed, on="cycle_no")
        .filter(is_after)
        .drop("cycle_no", "assigned_at", "assigned_at_is_date_only")
        .sort("h", "occurred_at", "activity_id")
    )


def rejections(tables: Tables, rows: pl.DataFrame, as_of: datetime) -> pl.DataFrame:
    """Rejects with a reason by a person since the handover, in order: `h, occurred_at, is_date_only`.

    From the CRM's steps (disqualified, or recycled: given back) and from the ledger.
    """
    events = (
        canonical(tables, "stage_events")
        .filter(
            pl.col("stage").is_in(["disqualified", "recycled"]),
            pl.col("reason").is_not_null(),
            pl.col("employee_id").is_not_null(),
        )
        .join(rows.select("lead_id", "h", "next_at"), on="lead_id")
        .filter((pl.col("entered_at") < pl.col("next_at")).fill_null(True))
        .select("h", occurred_at="entered_at", is_date_only=pl.col("entered_at_is_date_only").fill_null(False))
    )
    in_app = decided(tables, "feedback", rows).filter(
        pl.col("action").is_in(["rejected", "recycled"]), pl.col("reason").is_not_null()
    )
    told = pl.concat([events, in_app.select("h", occurred_at="at", is_date_only=pl.lit(False))])
    return (
        told.join(rows.select("h", "assigned_at"), on="h")
        .filter(pl.col("occurred_at") >= pl.col("assigned_at"), pl.col("occurred_at") <= moment(as_of))
        .drop("assigned_at")
        .sort("h", "occurred_at")
    )
