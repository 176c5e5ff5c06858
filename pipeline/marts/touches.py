"""mart.touches: one row per journey and touch, in time order, with what each touch may earn credit for."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Terms
from pipeline.marts import columns as c
from pipeline.marts.bots import bot_rows
from pipeline.marts.columns import Tables, canonical
from pipeline.marts.local_time import local_day
from pipeline.marts.opportunities import opportunities
from pipeline.marts.windows import windows

LEAD_CREATING = ("form", "download", "webinar", "event", "chat", "referral", "partner")
SALES = "sales"  # channel of sales activities, where the terms count them as touches
MILESTONES = ("FT", "LC", "OC", "CW")


class Columns(dy.Schema):
    """One row per journey and touch up to its closing. A touch of an account with several deals is in each journey.

    Excluded touches stay visible with the reason; they have no number and earn nothing.
    """

    journey_id = c.text("the journey", key=True)
    deal_id = c.text("the journey's deal; null = the account has none")
    touch_id = c.text("the touch", key=True)
    touch_no = c.count("1 … touch_count over eligible touches in time order, ties by touch_id; null = excluded")
    touch_count = c.count("eligible touches of the journey")
    occurred_at = c.instant("when")
    person_id = c.text("who")
    channel = c.text("channel; 'sales' where the terms count sales activities as touches")
    previous_channel = c.text("channel of the eligible touch before; null = the first")
    campaign_id = c.text("the campaign")
    kind = c.text("kind of touch")
    milestones = c.text(
        "FT first touch, LC created the first lead, OC last at or before the opportunity, CW last before won; "
        "comma-separated, '' = none"
    )
    is_eligible = c.flag("may earn credit")
    exclusion = c.text("why not: bot, outside_lookback, repeat (same person, asset and day as an earlier touch)")


def build(tables: Tables, terms: Terms, as_of: datetime, done: Tables) -> pl.DataFrame:
    """Place the touches of one bucket in their journeys. Sorted by journey, time and touch id."""
    rules = terms.attribution
    touches = touches_of(tables, terms)
    touches = touches.with_columns(_is_bot=bot_rows(touches, rules.bot_burst_clicks, rules.bot_burst_seconds))
    journeys = windows(opportunities(tables, terms, as_of), touches, terms, as_of)
    placed = _placed(touches, journeys, tables, rules.journey_scope)
    excluded = placed.with_columns(_exclusion(placed, terms.company.zone)).with_columns(
        is_eligible=pl.col("exclusion").is_null()
    )
    numbered = _with_milestones(_numbered(excluded))
    names = journeys.select(pl.col("journey_id", "deal_id").gather(numbered["journey_no"]))
    return Columns.cast(pl.concat([numbered, names], how="horizontal"))


def touches_of(tables: Tables, terms: Terms) -> pl.DataFrame:
    """Canonical touches that belong to an account, and human sales activities where the terms count them."""
    touches = canonical(tables, "touches").filter(pl.col("account_id").is_not_null())
    if not terms.attribution.sales_activities_are_touches:
        return touches
    sales = canonical(tables, "activities").filter(
        pl.col("account_id").is_not_null(),
        pl.col("kind").is_in(["call", "mail", "meeting", "message"]),
        ~pl.col("is_automatic").fill_null(False),
    )
    return pl.concat(
        [
            touches,
            sales.select(
                "person_id",
                "account_id",
                "occurred_at",
                "occurred_at_is_date_only",
                touch_id=pl.format("activity:{}", "activity_id"),
                channel=pl.lit(SALES),
                kind=pl.lit("other"),
            ),
        ],
        how="diagonal",
    )


def _placed(touches: pl.DataFrame, journeys: pl.DataFrame, tables: Tables, scope: str) -> pl.DataFrame:
    """Touches joined to their journeys and sorted, up to each journey's end."""
    window = journeys.select(
        "journey_no", "account_id", "deal_id", "begins_at", "ends_at", "opportunity_until",
        is_won=pl.col("outcome") == "won",
    )  # fmt: skip
    touches = touches.drop("email", "is_bot", "occurred_at_is_date_only")
    if scope == "deal_contacts":
        contacts = canonical(tables, "deal_people").select("deal_id", "person_id")
        of_deals = touches.join(window.join(contacts, on="deal_id"), on=["account_id", "person_id"])
        of_accounts = touches.join(window.filter(pl.col("deal_id").is_null()), on="account_id")
        joined = pl.concat([of_deals, of_accounts.select(of_deals.columns)])
    else:
        joined = touches.join(window, on="account_id")
    return (
        joined.filter(pl.col("occurred_at") <= pl.col("ends_at"))
        .drop("account_id", "deal_id", "ends_at")
        .sort("journey_no", "occurred_at", "touch_id")
    )


def _exclusion(placed: pl.DataFrame, zone: str) -> pl.Series:
    """Why a touch earns nothing, or null.

    A form is no repeat of the visit to its page: touches that can create a lead collapse among themselves. Where the
    person or the asset is unknown nothing can be called a repeat.
    """
    is_outside = (pl.col("occurred_at") < pl.col("begins_at")).fill_null(False)
    key = ["journey_no", "person_id", "asset", "_day", "_creates"]
    candidates = (
        placed.lazy()
        .with_columns(row=pl.int_range(pl.len()))
        .filter(~pl.col("_is_bot"), ~is_outside, pl.col("person_id").is_not_null(), pl.col("asset").is_not_null())
        .with_columns(_day=local_day("occurred_at", zone), _creates=pl.col("kind").is_in(LEAD_CREATING))
        .collect(engine="in-memory")
    )
    repeats = candidates.filter(~pl.struct(key).is_first_distinct())["row"]
    is_repeat = pl.int_range(pl.len()).is_in(repeats.implode())
    return placed.select(
        exclusion=pl.when("_is_bot")
        .then(pl.lit("bot"))
        .when(is_outside)
        .then(pl.lit("outside_lookback"))
        .when(is_repeat)
        .then(pl.lit("repeat"))
    )["exclusion"]


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `touch_no`, `touch_count` and `previous_channel`: running sums over rows already in order."""
    counted = _within_journey(rows, "is_eligible", "touch_no", "touch_count")
    last_channel = pl.when("is_eligible").then("channel").forward_fill().shift(1)
    return counted.with_columns(
        touch_no=pl.when("is_eligible").then("touch_no"),
        previous_channel=pl.when(pl.col("is_eligible"), pl.col("touch_no") > 1).then(last_channel),
    )


def _within_journey(rows: pl.DataFrame, flag: str, number: str, total: str) -> pl.DataFrame:
    """Add the running number and the total of rows with `flag` in each journey. `rows` is sorted by journey."""
    is_first = pl.col("journey_no").ne_missing(pl.col("journey_no").shift(1))
    is_last = pl.col("journey_no").ne_missing(pl.col("journey_no").shift(-1))
    running = pl.col(flag).cast(pl.Int64).cum_sum()
    before = pl.when(is_first).then(running - pl.col(flag).cast(pl.Int64)).forward_fill()
    at_end = pl.when(is_last).then(running).backward_fill()
    return rows.with_columns((running - before).alias(number), (at_end - before).alias(total))


def _with_milestones(rows: pl.DataFrame) -> pl.DataFrame:
    rows = rows.with_columns(
        _lc=pl.col("is_eligible") & pl.col("kind").is_in(LEAD_CREATING),
        _oc=pl.col("is_eligible") & (pl.col("occurred_at") <= pl.col("opportunity_until")).fill_null(False),
    )
    rows = _within_journey(_within_journey(rows, "_lc", "_lc_no", "_lc_count"), "_oc", "_oc_no", "_oc_count")
    is_one = [
        pl.col("touch_no") == 1,
        pl.col("_lc") & (pl.col("_lc_no") == 1),
        pl.col("_oc") & (pl.col("_oc_no") == pl.col("_oc_count")),
        pl.col("is_won") & (pl.col("touch_no") == pl.col("touch_count")),
    ]
    labels = [
        ",".join(name for bit, name in enumerate(MILESTONES) if mask >> bit & 1) for mask in range(2 ** len(MILESTONES))
    ]
    mask = pl.sum_horizontal(
        pl.when(expression.fill_null(False)).then(2**bit).otherwise(0) for bit, expression in enumerate(is_one)
    )
    return rows.with_columns(milestones=pl.lit(pl.Series(labels)).gather(mask))
