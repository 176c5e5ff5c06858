"""Stage events folded into lead cycles: when each stage was first reached, and how the cycle ended.

The rules of the funnel:
* `T(s)` is the first time a cycle reached rank >= s in lead < mql < sal < sql < opportunity < won = lost. A skipped
  stage is imputed at the next reached one and named in `imputed_stages`. A step backward never erases `T(s)`.
* won, lost, disqualified and recycled close a cycle. Won outlasts every other closing. After a closing without
  recycling, a step forward reopens the *same* cycle: it was closed too early.
* A loss does not close a cycle while another deal of it is open.
* Recycling closes cycle n. Cycle n + 1 begins with the next entry (a stage up to won), if there is one; until then the
  lead rests, and further closings of a resting lead change nothing.
* An ending known only by its day is taken as the end of that day, an entry as its beginning.
"""

from __future__ import annotations

import polars as pl

from pipeline.canonical import STAGES
from pipeline.marts.columns import INSTANT
from pipeline.marts.local_time import last_instant, local_day
from pipeline.marts.ordered import begins, counted
from pipeline.marts.sales_work import IS_CONTACT, work_of

PROGRESS = ("mql", "sal", "sql", "opportunity")
ENDINGS = ("won", "lost", "disqualified", "recycled")
RANK = pl.Enum(STAGES)
OPPORTUNITY, WON, LOST, RECYCLED = (STAGES.index(stage) for stage in ("opportunity", "won", "lost", "recycled"))


def stage_log(leads: pl.DataFrame, stage_events: pl.DataFrame, deals: pl.DataFrame) -> pl.DataFrame:
    """Every known step of every lead, unsorted:
    `lead_no, at, is_date_only, rank, reason, deal_id, amount, is_open, is_creation`.

    leads: canonical leads with `lead_no`. deals: `opportunities()`. A lead's `qualified_at` counts only where no MQL
    event says it better; a deal is an opportunity from its creation (if unknown, from its closing) to its end.
    """
    numbers = leads.select("lead_id", "lead_no")
    events = stage_events.join(numbers, on="lead_id").select(
        "lead_no", "stage", "reason", at="entered_at", is_date_only="entered_at_is_date_only"
    )
    unlogged = leads.join(events.filter(pl.col("stage") == "mql").select("lead_no"), on="lead_no", how="anti")
    created = leads.select(
        "lead_no",
        stage=pl.lit("lead"),
        at="created_at",
        is_date_only="created_at_is_date_only",
        is_creation=pl.lit(True),
    )
    qualified = unlogged.select(
        "lead_no", stage=pl.lit("mql"), at="qualified_at", is_date_only="qualified_at_is_date_only"
    )
    linked = deals.join(numbers, on="lead_id")
    opened = linked.select(
        "lead_no",
        "deal_id",
        stage=pl.lit("opportunity"),
        at=pl.coalesce("created_at", "closed_at"),
        is_date_only=pl.when(pl.col("created_at").is_null())
        .then("closed_at_is_date_only")
        .otherwise("created_at_is_date_only"),
        is_open=pl.col("outcome") == "open",
    )
    closed = linked.filter(pl.col("outcome") != "open").select(
        "lead_no",
        "deal_id",
        stage="outcome",
        at="closed_at",
        is_date_only="closed_at_is_date_only",
        amount=pl.when(pl.col("outcome") == "won").then("amount"),
    )
    log = pl.concat([created, qualified, events, opened, closed], how="diagonal").filter(pl.col("at").is_not_null())
    return log.with_columns(
        pl.col("is_date_only", "is_open", "is_creation").fill_null(False),
        rank=pl.col("stage").cast(RANK).to_physical().cast(pl.Int8),
    ).drop("stage")


def cycled(log: pl.DataFrame, zone: str) -> pl.DataFrame:
    """The log in order, each step with its `cycle` (1, 2 …) and `cycle_no` (counting all cycles from 0).

    Steps of a resting lead are left out.
    """
    is_late = (pl.col("rank") >= WON) & pl.col("is_date_only")
    ordered = pl.concat(
        [
            log.filter(~is_late).with_columns(order="at"),
            log.filter(is_late).with_columns(order=last_instant("at", True, zone)),
        ]
        # the creation opens cycle 1 even where a step is dated before it
    ).sort("lead_no", pl.col("is_creation").not_(), "order", "rank", "deal_id")
    recycled = ordered.with_columns(
        _recycled=pl.col("rank").shift(1, fill_value=0) == RECYCLED, _entry=pl.col("rank") <= WON
    )
    stretched = counted(recycled, "_recycled", ["lead_no"], "_stretch", "_stretches")
    entered = counted(stretched, "_entry", ["lead_no", "_stretch"], "_entry_no", "_entries")
    begun = entered.filter((pl.col("_entries") > 0) | (pl.col("_stretch") == 0)).with_columns(
        _begins=begins("lead_no", "_stretch")
    )
    return (
        counted(begun, "_begins", ["lead_no"], "cycle", "_cycles")
        .with_columns(cycle_no=pl.col("_begins").cast(pl.UInt32).cum_sum() - 1)
        .select(*log.columns, "cycle", "cycle_no")
        .with_row_index("row")
    )


def folded(steps: pl.DataFrame, zone: str) -> pl.DataFrame:
    """One row per cycle, sorted: `lead_no, cycle, created_at, created_at_is_date_only`, `<stage>_at` for each stage,
    `imputed_stages, stage, closed_as, closed_at, reject_reason, deal_id, amount, is_in_time_order`."""
    rank, at = pl.col("rank"), pl.col("at")
    reached = [
        pl.when(rank.is_between(STAGES.index(stage), LOST)).then(at).min().alias(f"{stage}_at") for stage in PROGRESS
    ]
    seen = [pl.when(rank == STAGES.index(stage)).then(at).min().alias(f"_{stage}_seen") for stage in PROGRESS]
    is_entry = (rank == 0) | (pl.col("cycle") > 1) & (rank <= WON)
    # instant and flag in one number, so that the flag of the earliest entry comes with its instant
    entry = at.to_physical() * 2 + pl.col("is_date_only").cast(pl.Int64)
    cycles = (
        steps.group_by("cycle_no")
        .agg(
            *reached,
            *seen,
            pl.col("lead_no", "cycle").first(),
            _entry=pl.when(is_entry).then(entry).min(),
            _won_at=pl.when(rank == WON).then(at).min(),
            _last_progress=pl.when(rank <= OPPORTUNITY).then("row").max(),
            _has_open_deal=pl.col("is_open").any(),
            amount=pl.when(pl.col("amount").count() > 0).then(pl.col("amount").sum()),
        )
        .sort("cycle_no")
        .with_columns(
            created_at=(pl.col("_entry") // 2).cast(INSTANT), created_at_is_date_only=pl.col("_entry") % 2 == 1
        )
    )
    for facts in (_closing(steps, cycles), _main_deal(steps), _out_of_order(steps, cycles, zone)):
        cycles = cycles.join(facts, on="cycle_no", how="left", maintain_order="left")
    furthest = pl.coalesce(
        *(pl.when(pl.col(f"{stage}_at").is_not_null()).then(pl.lit(stage)) for stage in reversed(PROGRESS)),
        pl.lit("lead"),
    )
    imputed = [
        pl.when(pl.col(f"{stage}_at").is_not_null(), pl.col(f"{stage}_at").ne_missing(pl.col(f"_{stage}_seen")))
        .then(pl.lit(stage))
        for stage in PROGRESS
    ]  # fmt: skip
    return cycles.with_columns(
        *(pl.when(pl.col("closed_as") == ending).then("closed_at").alias(f"{ending}_at") for ending in ENDINGS),
        stage=pl.coalesce("closed_as", furthest),
        imputed_stages=pl.concat_str(imputed, separator=",", ignore_nulls=True),
        is_in_time_order=pl.col("_is_early").is_null(),
    )


def _closing(steps: pl.DataFrame, cycles: pl.DataFrame) -> pl.DataFrame:
    """`closed_as, closed_at, reject_reason` of closed cycles: won, else the first ending after the last progress."""
    won = cycles.filter(pl.col("_won_at").is_not_null()).select(
        "cycle_no", closed_as=pl.lit("won"), closed_at="_won_at", reject_reason=pl.lit(None, pl.String)
    )
    not_won = cycles.filter(pl.col("_won_at").is_null()).select("cycle_no", "_last_progress", "_has_open_deal")
    other = (
        steps.filter(pl.col("rank") >= LOST)
        .join(not_won, on="cycle_no")
        .filter(
            (pl.col("row") > pl.col("_last_progress")).fill_null(True),
            ~((pl.col("rank") == LOST) & pl.col("_has_open_deal")),
        )
        .sort("row")
        .unique("cycle_no", keep="first", maintain_order=True)
        .select(
            "cycle_no",
            closed_as=pl.col("rank").replace_strict(range(len(STAGES)), STAGES, return_dtype=pl.String),
            closed_at="at",
            reject_reason=pl.when(pl.col("rank") > LOST).then("reason"),
        )
    )
    return pl.concat([won, other])


def _main_deal(steps: pl.DataFrame) -> pl.DataFrame:
    """The deal a cycle is known by: the first one won, else the newest open one, else the newest lost one."""
    row, is_won = pl.col("row").cast(pl.Int64), pl.col("rank") == WON
    deals = steps.filter(pl.col("deal_id").is_not_null()).with_columns(
        _choice=pl.when(is_won).then(0).when(pl.col("is_open")).then(1).otherwise(2),
        _age=pl.when(is_won).then(row).otherwise(-row),
    )
    return (
        deals.sort("cycle_no", "_choice", "_age")
        .unique("cycle_no", keep="first", maintain_order=True)
        .select("cycle_no", "deal_id")
    )


def _out_of_order(steps: pl.DataFrame, cycles: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Cycles in which a conversion lies before the creation: compared by day where either is known by its day only."""
    created = cycles.select(pl.col("created_at", "created_at_is_date_only").gather(steps["cycle_no"]))
    early = (
        pl.concat([steps.select("cycle_no", "rank", "at", "is_date_only"), created], how="horizontal")
        .filter(pl.col("rank") > 0, pl.col("at") < pl.col("created_at"))
        .filter(
            ~(pl.col("is_date_only") | pl.col("created_at_is_date_only"))
            | (local_day("at", zone) < local_day("created_at", zone))
        )
    )
    return early.select("cycle_no", _is_early=pl.lit(True)).unique()


def first_contacts(activities: pl.DataFrame, leads: pl.DataFrame, cycles: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`cycle_no, contacted_at`: first two-way contact (reached, held, or the person's own message) of a cycle."""
    contacts = work_of(activities.filter(IS_CONTACT), leads, cycles, zone)
    return contacts.group_by("cycle_no").agg(contacted_at=pl.col("occurred_at").min())
