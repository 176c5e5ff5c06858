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
from pipeline.marts.local_time import last_instant, local_day

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
    """The log in order, each step with its `cycle` (1, 2 …) and `row`; steps of a resting lead are left out."""
    is_ending = pl.col("rank") >= WON
    ordered = (
        log.with_columns(order=pl.when(is_ending).then(last_instant("at", "is_date_only", zone)).otherwise("at"))
        # the creation opens cycle 1 even where a step is dated before it
        .sort("lead_no", pl.col("is_creation").not_(), "order", "rank", "deal_id", "reason")
        .with_columns(_is_recycled=pl.col("rank") == RECYCLED)
        .with_columns(_stretch=(pl.col("_is_recycled").cum_sum() - pl.col("_is_recycled")).over("lead_no"))
    )
    is_entry = (pl.col("rank") <= WON).any().over("lead_no", "_stretch")
    return (
        ordered.filter(is_entry | (pl.col("_stretch") == 0))
        .with_columns(cycle=pl.col("_stretch").rank("dense").over("lead_no").cast(pl.Int64))
        .drop("_is_recycled", "_stretch")
        .with_row_index("row")
    )


def folded(steps: pl.DataFrame, zone: str) -> pl.DataFrame:
    """One row per cycle: `lead_no, cycle, created_at, created_at_is_date_only`, `<stage>_at` for each stage,
    `imputed_stages, stage, closed_as, closed_at, reject_reason, deal_id, amount, is_in_time_order`."""
    grain = ["lead_no", "cycle"]
    rank, at = pl.col("rank"), pl.col("at")
    reached = [
        pl.when(rank.is_between(STAGES.index(stage), LOST)).then(at).min().alias(f"{stage}_at") for stage in PROGRESS
    ]
    seen = [pl.when(rank == STAGES.index(stage)).then(at).min().alias(f"_{stage}_seen") for stage in PROGRESS]
    cycles = (
        steps.with_columns(_entry=pl.when((rank == 0) | (pl.col("cycle") > 1) & (rank <= WON)).then(at))
        .group_by(grain)
        .agg(
            *(expression for expression in reached + seen),
            created_at=pl.col("_entry").min(),
            created_at_is_date_only=pl.col("is_date_only").get(pl.col("_entry").arg_min()),
            _won_at=pl.when(rank == WON).then(at).min(),
            _last_progress=pl.when(rank <= OPPORTUNITY).then("row").max(),
            _has_open_deal=pl.col("is_open").any(),
            amount=pl.when(pl.col("amount").count() > 0).then(pl.col("amount").sum()),
        )
    )
    cycles = cycles.join(_closing(steps, cycles), on=grain, how="left").join(_main_deal(steps), on=grain, how="left")
    cycles = cycles.join(_out_of_order(steps, cycles, zone), on=grain, how="left")
    furthest = pl.coalesce(
        *(pl.when(pl.col(f"{stage}_at").is_not_null()).then(pl.lit(stage)) for stage in reversed(PROGRESS)),
        pl.lit("lead"),
    )
    imputed = [
        pl.when(pl.col(f"{stage}_at").is_not_null(), pl.col(f"{stage}_at").ne_missing(pl.col(f"_{stage}_seen"))).then(
            pl.lit(stage)
        )
        for stage in PROGRESS
    ]
    return cycles.with_columns(
        *(pl.when(pl.col("closed_as") == ending).then("closed_at").alias(f"{ending}_at") for ending in ENDINGS),
        stage=pl.coalesce("closed_as", furthest),
        imputed_stages=pl.concat_str(imputed, separator=",", ignore_nulls=True),
        is_in_time_order=pl.col("_is_early").is_null(),
    )


def _closing(steps: pl.DataFrame, cycles: pl.DataFrame) -> pl.DataFrame:
    """`closed_as, closed_at, reject_reason` of closed cycles: won, else the first ending after the last progress."""
    won = cycles.filter(pl.col("_won_at").is_not_null()).select(
        "lead_no", "cycle", closed_as=pl.lit("won"), closed_at="_won_at", reject_reason=pl.lit(None, pl.String)
    )
    not_won = cycles.filter(pl.col("_won_at").is_null()).select("lead_no", "cycle", "_last_progress", "_has_open_deal")
    other = (
        steps.filter(pl.col("rank") >= LOST)
        .join(not_won, on=["lead_no", "cycle"])
        .filter(
            (pl.col("row") > pl.col("_last_progress")).fill_null(True),
            ~((pl.col("rank") == LOST) & pl.col("_has_open_deal")),
        )
        .sort("row")
        .unique(["lead_no", "cycle"], keep="first", maintain_order=True)
        .select(
            "lead_no",
            "cycle",
            closed_as=pl.col("rank").replace_strict(range(len(STAGES)), STAGES, return_dtype=pl.String),
            closed_at="at",
            reject_reason=pl.when(pl.col("rank") > LOST).then("reason"),
        )
    )
    return pl.concat([won, other])


def _main_deal(steps: pl.DataFrame) -> pl.DataFrame:
    """The deal a cycle is known by: the first one won, else the newest open one, else the newest lost one."""
    deals = steps.filter(pl.col("deal_id").is_not_null()).with_columns(
        _choice=pl.when(pl.col("rank") == WON).then(0).when(pl.col("is_open")).then(1).otherwise(2),
        _age=pl.when(pl.col("rank") == WON).then(pl.col("row").cast(pl.Int64)).otherwise(-pl.col("row").cast(pl.Int64)),
    )
    return (
        deals.sort("lead_no", "cycle", "_choice", "_age")
        .unique(["lead_no", "cycle"], keep="first", maintain_order=True)
        .select("lead_no", "cycle", "deal_id")
    )


def _out_of_order(steps: pl.DataFrame, cycles: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Cycles in which a conversion lies before the creation: compared by day where either is known by its day only."""
    created = cycles.select("lead_no", "cycle", "created_at", "created_at_is_date_only")
    early = (
        steps.filter(pl.col("rank") > 0)
        .join(created, on=["lead_no", "cycle"])
        .filter(pl.col("at") < pl.col("created_at"))
        .filter(
            ~(pl.col("is_date_only") | pl.col("created_at_is_date_only"))
            | (local_day("at", zone) < local_day("created_at", zone))
        )
    )
    return early.select("lead_no", "cycle", _is_early=pl.lit(True)).unique()


def first_contacts(activities: pl.DataFrame, leads: pl.DataFrame, cycles: pl.DataFrame, zone: str) -> pl.DataFrame:
    """`lead_no, cycle, contacted_at`: first two-way contact (reached, held, or the person's own message) of a cycle.

    A contact belongs to the leads it names, else to all leads of its person at that account, in the cycle running then.
    """
    is_contact = pl.col("outcome").is_in(["reached", "held"]) | (pl.col("direction") == "incoming").fill_null(False)
    contacts = activities.filter(
        is_contact.fill_null(False),
        pl.col("kind").is_in(["call", "mail", "meeting", "message"]),
        ~pl.col("is_automatic").fill_null(False),
    ).with_columns(_latest=last_instant("occurred_at", pl.col("occurred_at_is_date_only").fill_null(False), zone))
    times = ["lead_no", "occurred_at", "_latest"]
    by_lead = contacts.join(leads.select("lead_id", "lead_no"), on="lead_id").select(times)
    by_person = (
        contacts.filter(pl.col("lead_id").is_null())
        .join(leads.select("person_id", "account_id", "lead_no"), on=["person_id", "account_id"])
        .select(times)
    )
    running = (
        cycles.sort("lead_no", "cycle")
        .select("lead_no", "cycle", _begins="created_at")
        .with_columns(_next=pl.col("_begins").shift(-1).over("lead_no"))
    )
    return (
        pl.concat([by_lead, by_person])
        .join(running, on="lead_no")
        .filter(
            pl.col("_latest") >= pl.col("_begins"),
            (pl.col("occurred_at") < pl.col("_next")).fill_null(True),
        )
        .group_by("lead_no", "cycle")
        .agg(contacted_at=pl.col("occurred_at").min())
    )
