"""mart.touches: one row per journey and touch, in time order, with what each touch may earn credit for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement, Terms
from pipeline.marts import columns as c
from pipeline.marts.bots import bot_rows
from pipeline.marts.columns import Tables, canonical
from pipeline.marts.dated_terms import by_terms, terms_at
from pipeline.marts.local_time import local_day, moment
from pipeline.marts.opportunities import opportunities
from pipeline.marts.ordered import counted
from pipeline.marts.rulings import rulings
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
    exclusion = c.text(
        "why not: bot, outside_lookback, repeat (same person, asset and day as an earlier touch), ruled_out (it was "
        "ruled that it has no part in the deal)"
    )
    ruling_id = c.text("the ruling on this touch of the deal; null = none")


def build(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """Place the touches of one bucket in their journeys. Sorted by journey, time and touch id.

    A closed deal's journey is judged by the terms of its closing day, every other by those of `as_of`.
    """
    today = terms_at(agreement, as_of)
    deals = opportunities(tables, today, as_of)
    day = local_day(pl.col("closed_at").fill_null(moment(as_of)), today.company.zone)
    parts = []
    for terms, of_terms in _by_rules(deals.with_columns(_day=day), agreement, today):
        touches = touches_of(tables, terms)
        accounts = _accounts(touches, deals, as_of) if terms is today else pl.Series(dtype=pl.String)
        journeys = windows(of_terms, accounts, terms, as_of)
        parts.append(_in_journeys(touches, journeys, tables, terms))
    rows = parts[0] if len(parts) == 1 else pl.concat(parts).sort("journey_id", "occurred_at", "touch_id")
    return Columns.cast(rows)


def _by_rules(deals: pl.DataFrame, agreement: Agreement, today: Terms) -> Iterator[tuple[Terms, pl.DataFrame]]:
    """The deals by the terms that place their touches. Terms that place them alike are one; today's always come."""
    alike = {_rules(terms): terms for terms in (*(terms for _, terms in agreement.dated), today)}
    parts: dict[str, list[pl.DataFrame]] = {_rules(today): [deals.clear()]}
    for terms, rows in by_terms(deals, agreement, "_day"):
        parts.setdefault(_rules(terms), []).append(rows)
    for rules, frames in parts.items():
        yield alike[rules], pl.concat(frames).drop("_day").sort("deal_id")


def _rules(terms: Terms) -> str:
    """What decides which touches belong to a journey, in one text."""
    rules = terms.attribution
    return repr(
        (rules.journey_scope, rules.lookback_days, rules.sales_activities_are_touches, rules.bot_burst_clicks,
         rules.bot_burst_seconds)
    )  # fmt: skip


def _in_journeys(touches: pl.DataFrame, journeys: pl.DataFrame, tables: Tables, terms: Terms) -> pl.DataFrame:
    rules = terms.attribution
    placed = _placed(touches, journeys, tables, rules.journey_scope)
    bots = bot_rows(touches, rules.bot_burst_clicks, rules.bot_burst_seconds)
    told = touches.drop("account_id", "email", "is_bot", "occurred_at_is_date_only")
    rows = pl.concat(
        [
            placed.select("journey_no"),
            told[placed["row"]],
            journeys.select(
                pl.col("journey_id", "deal_id", "outcome", "begins_at", "opportunity_until").gather(
                    placed["journey_no"]
                )
            ),
            pl.DataFrame({"_is_bot": bots.gather(placed["row"])}),
        ],
        how="horizontal",
    )
    ruled = _ruled(_judged(rows, terms.company.zone), rulings(tables))
    return _with_milestones(_numbered(ruled)).select(Columns.column_names())


def _accounts(touches: pl.DataFrame, deals: pl.DataFrame, as_of: datetime) -> pl.Series:
    """Accounts touched by `as_of` that have no deal."""
    touched = touches.filter(pl.col("occurred_at") <= moment(as_of)).select(pl.col("account_id").unique())
    return touched.join(deals, on="account_id", how="anti").to_series()


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
    """`journey_no, row` (in `touches`), sorted by journey, time and touch id, up to each journey's end.

    Only keys are joined and sorted; the wide columns are then picked once, in the final order.
    """
    keys = touches.select(
        "account_id", "person_id", "occurred_at", "touch_id", row=pl.int_range(pl.len(), dtype=pl.UInt32)
    )
    window = journeys.select("journey_no", "account_id", "deal_id", "ends_at")
    if scope == "deal_contacts":
        contacts = canonical(tables, "deal_people").select("deal_id", "person_id")
        of_deals = keys.join(window.join(contacts, on="deal_id"), on=["account_id", "person_id"])
        of_accounts = keys.join(window.filter(pl.col("deal_id").is_null()), on="account_id")
        joined = pl.concat([of_deals, of_accounts.select(of_deals.columns)])
    else:
        joined = keys.drop("person_id").join(window.drop("deal_id"), on="account_id")
    within = joined.filter(pl.col("occurred_at") <= pl.col("ends_at")).select(
        "journey_no", "row", "occurred_at", "touch_id"
    )
    order = within.select(pl.arg_sort_by("journey_no", "occurred_at", "touch_id")).to_series()
    return within.select(pl.col("journey_no", "row").gather(order))


def _judged(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Add `exclusion`, why a touch earns nothing, and `is_eligible`.

    A form is no repeat of the visit to its page: touches that can create a lead collapse among themselves. Where the
    person or the asset is unknown nothing can be called a repeat.
    """
    is_outside = (pl.col("occurred_at") < pl.col("begins_at")).fill_null(False)
    same = ["journey_no", "person_id", "asset", "_creates"]
    candidates = rows.select(
        *same[:3], "kind", "occurred_at", row=pl.int_range(pl.len()), _out=pl.col("_is_bot") | is_outside
    ).filter(~pl.col("_out"), pl.col("person_id").is_not_null(), pl.col("asset").is_not_null())
    candidates = candidates.with_columns(_creates=pl.col("kind").is_in(LEAD_CREATING))
    # a hash leaves few rows whose day must be looked at; those are then compared by their true values
    similar = candidates.filter(pl.struct(same).hash().is_duplicated()).with_columns(
        _day=local_day("occurred_at", zone)
    )
    repeats = similar.filter(~pl.struct(*same, "_day").is_first_distinct())["row"]
    is_repeat = pl.int_range(pl.len()).is_in(repeats.implode())
    exclusion = (
        pl.when("_is_bot")
        .then(pl.lit("bot"))
        .when(is_outside)
        .then(pl.lit("outside_lookback"))
        .when(is_repeat)
        .then(pl.lit("repeat"))
    )
    return rows.with_columns(exclusion=exclusion).with_columns(is_eligible=pl.col("exclusion").is_null())


def _ruled(rows: pl.DataFrame, ruled: pl.DataFrame) -> pl.DataFrame:
    """Add `ruling_id`, and leave out what was ruled out; what a touch is excluded for anyhow stays the reason."""
    if ruled.is_empty():
        return rows.with_columns(ruling_id=pl.lit(None, pl.String))
    joined = rows.join(ruled.drop("to_touch_id"), on=["deal_id", "touch_id"], how="left", maintain_order="left")
    is_out = pl.col("is_eligible") & (pl.col("ruling") == "exclude").fill_null(False)
    return joined.with_columns(
        exclusion=pl.when(is_out).then(pl.lit("ruled_out")).otherwise("exclusion"),
        is_eligible=pl.col("is_eligible") & ~is_out,
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `touch_no`, `touch_count` and `previous_channel`."""
    last_channel = pl.when("is_eligible").then("channel").forward_fill().shift(1)
    return counted(rows, "is_eligible", ["journey_no"], "touch_no", "touch_count").with_columns(
        touch_no=pl.when("is_eligible").then("touch_no"),
        previous_channel=pl.when(pl.col("is_eligible"), pl.col("touch_no") > 1).then(last_channel),
    )


def _with_milestones(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `milestones`; each is held by at most one eligible touch of a journey."""
    rows = rows.with_columns(
        _creates=pl.col("is_eligible") & pl.col("kind").is_in(LEAD_CREATING),
        _before=pl.col("is_eligible") & (pl.col("occurred_at") <= pl.col("opportunity_until")).fill_null(False),
    )
    rows = counted(rows, "_creates", ["journey_no"], "_creates_no", "_creates_count")
    rows = counted(rows, "_before", ["journey_no"], "_before_no", "_before_count")
    holds = [
        pl.col("touch_no") == 1,
        pl.col("_creates") & (pl.col("_creates_no") == 1),
        pl.col("_before") & (pl.col("_before_no") == pl.col("_before_count")),
        (pl.col("outcome") == "won") & (pl.col("touch_no") == pl.col("touch_count")),
    ]
    labels = [
        ",".join(name for bit, name in enumerate(MILESTONES) if mask >> bit & 1) for mask in range(2 ** len(MILESTONES))
    ]
    mask = pl.sum_horizontal(
        pl.when(holder.fill_null(False)).then(2**bit).otherwise(0) for bit, holder in enumerate(holds)
    )
    return rows.with_columns(milestones=pl.lit(pl.Series(labels)).gather(mask))
