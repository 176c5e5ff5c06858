"""The two clocks of a handover, judged by the terms of its day: answering, and deciding whether to take the lead on."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import cast

import numpy as np
import polars as pl

from agreement import Terms
from agreement.clocks import calendar_of
from agreement.excuses import OTHER_SIDE
from measures import paused_time, working_time_table
from measures.working_time import Calendar
from pipeline.marts.columns import INSTANT
from pipeline.marts.local_time import day_begins, local_day, moment

MINUTE = 60


def answered(
    rows: pl.DataFrame, stops: pl.DataFrame, pauses: pl.DataFrame, terms: Terms, calendar: Calendar, as_of: datetime
) -> pl.DataFrame:
    """Add `promised_minutes, due_at, responded_at, response_activity_id, response_kind, response_minutes,
    is_date_only` and `status` (without excuses) to rows judged by one set of terms and one calendar.

    stops: what stops the clock, in order: `h, occurred_at, is_date_only, activity_id, kind`.
    pauses: `h, begins_at, ends_at`. The answer counts to the second; exactly on time is met.
    """
    zone = terms.company.zone
    minutes = dict(terms.response.minutes)
    promised = pl.col("lead_type").fill_null("other").replace_strict(minutes, default=None, return_dtype=pl.Int64)
    exact = _first(stops.filter(~pl.col("is_date_only")), "exact")
    by_day = _first(stops.filter("is_date_only"), "by_day")
    told = (
        rows.with_columns(promised_minutes=promised.fill_null(minutes.get("other", max(minutes.values()))))
        .join(exact, on="h", how="left", maintain_order="left")
        .join(by_day, on="h", how="left", maintain_order="left")
    )
    of_row = _of_rows(pauses, told)
    started = told.select(pl.when(~pl.col("assigned_at_is_date_only")).then("assigned_at").alias("s")).to_series()
    promise = told["promised_minutes"] * MINUTE
    told = told.with_columns(
        due_at=paused_time.due(calendar, started, promise, of_row),
        _elapsed=paused_time.seconds_between(calendar, started, told["exact_at"], of_row),
        _until_now=paused_time.seconds_between(
            calendar, started, pl.Series([as_of], dtype=INSTANT).new_from_index(0, told.height), of_row
        ),
    )
    in_time = (pl.col("_elapsed") <= pl.col("promised_minutes") * MINUTE).fill_null(False)
    perhaps = (local_day("by_day_at", zone) <= local_day("due_at", zone)).fill_null(False) & ~in_time
    is_date_only = (pl.col("assigned_at").is_not_null() & pl.col("assigned_at_is_date_only")) | perhaps
    by_day_first = is_date_only | pl.col("exact_at").is_null()
    return told.with_columns(
        is_date_only=is_date_only,
        responded_at=pl.when(by_day_first).then(pl.min_horizontal("by_day_at", "exact_at")).otherwise("exact_at"),
        _is_by_day=by_day_first
        & pl.col("by_day_at").is_not_null()
        & (pl.col("by_day_at") <= pl.col("exact_at")).fill_null(True),
        response_minutes=pl.when(~is_date_only).then(pl.col("_elapsed") / MINUTE),
        status=pl.when(pl.col("assigned_at").is_null())
        .then(pl.lit("unassigned"))
        .when(is_date_only)
        .then(None)
        .when(in_time)
        .then(pl.lit("met"))
        .when(pl.col("exact_at").is_not_null() | (pl.col("_until_now") > pl.col("promised_minutes") * MINUTE))
        .then(pl.lit("breached"))
        .otherwise(pl.lit("pending")),
    ).with_columns(
        response_activity_id=pl.when("_is_by_day").then("by_day_activity_id").otherwise("exact_activity_id"),
        response_kind=pl.when("_is_by_day").then("by_day_kind").otherwise("exact_kind"),
    )


def excused(rows: pl.DataFrame, excuses: pl.DataFrame) -> pl.DataFrame:
    """Add `excuse`, the reason of the other side, and turn `status` to excused; an answer in time needs none."""
    by_others = excuses.filter(side=OTHER_SIDE).sort("h", "at").unique("h", keep="last", maintain_order=True)
    may = pl.col("status").is_in(["breached", "pending"]) & pl.col("_excuse").is_not_null()
    return rows.join(by_others.select("h", _excuse="reason"), on="h", how="left", maintain_order="left").with_columns(
        excuse=pl.when(may).then("_excuse"), status=pl.when(may).then(pl.lit("excused")).otherwise("status")
    )


def accepted(
    rows: pl.DataFrame, feedback: pl.DataFrame, pauses: pl.DataFrame, terms: Terms, calendar: Calendar, as_of: datetime
) -> pl.DataFrame:
    """Add `decision_due_at, decided_at, decision` and `reject_reason`.

    An acceptance counts whenever it comes. A reject counts within the deadline; silence at the deadline is acceptance
    by silence, and a later reject does not undo it. Where only the day of assignment is known the deadline runs from
    the end of that day.
    """
    zone = terms.company.zone
    last = feedback.sort("h", "at").unique("h", keep="last", maintain_order=True)
    told = rows.join(
        last.select("h", _action="action", _reason="reason", _at="at"), on="h", how="left", maintain_order="left"
    )
    end_of_day = day_begins(local_day("assigned_at", zone).dt.offset_by("1d"), zone)
    started = told.select(
        pl.when("assigned_at_is_date_only").then(end_of_day).otherwise("assigned_at").alias("started")
    ).to_series()
    gave_back = pl.col("closed_as").is_in(["disqualified", "recycled"])
    in_app = pl.col("_action").is_in(["rejected", "recycled"]).fill_null(False)
    told = told.with_columns(
        _accepted_at=pl.coalesce("sal_at", pl.when(pl.col("_action") == "accepted").then("_at")),
        _rejected_at=pl.min_horizontal(pl.when(gave_back).then("closed_at"), pl.when(in_app).then("_at")),
    )
    of_row = _of_rows(pauses, told)
    seconds = terms.acceptance.deadline_minutes * MINUTE
    now = pl.Series([as_of], dtype=INSTANT).new_from_index(0, told.height)
    told = told.with_columns(
        decision_due_at=paused_time.due(calendar, started, seconds, of_row),
        # null where the reject lies before the (day's) start: then it is in time
        _until_reject=paused_time.seconds_between(calendar, started, told["_rejected_at"], of_row),
        _until_now=paused_time.seconds_between(calendar, started, now, of_row),
    )
    in_time = (pl.col("_until_reject") <= seconds).fill_null(True)
    decision = (
        pl.when(pl.col("_accepted_at").is_not_null())
        .then(pl.lit("accepted"))
        .when(pl.col("_rejected_at").is_not_null() & in_time)
        .then(pl.lit("rejected"))
        .when((pl.col("_until_now") > seconds).fill_null(False))
        .then(pl.lit("silent"))
        .otherwise(pl.lit("open"))
    )
    reason = pl.coalesce(pl.when(in_app).then("_reason"), "reject_reason")
    return told.with_columns(decision=decision).with_columns(
        decided_at=pl.when(pl.col("decision") == "accepted")
        .then("_accepted_at")
        .when(pl.col("decision") == "rejected")
        .then("_rejected_at")
        .when(pl.col("decision") == "silent")
        .then("decision_due_at"),
        reject_reason=pl.when(pl.col("decision") == "rejected").then(reason),
    )


def attempted(
    rows: pl.DataFrame, work: pl.DataFrame, terms: Terms, calendar: Calendar, as_of: datetime
) -> pl.DataFrame:
    """Add `promised_attempts, attempts, attempts_due_at, is_attempts_kept` and `contacted_at`.

    The attempts count up to the end of the agreed number of working days after the day of assignment. Nobody is rung up
    again who was reached or about whom sales has decided.
    """
    zone, needed = terms.company.zone, terms.response.attempts
    days = rows.select(local_day("assigned_at", zone).alias("day")).to_series()
    last_day = _working_day_after(calendar, days, terms.response.attempts_within_working_days)
    dated = rows.with_columns(
        attempts_due_at=day_begins(pl.lit(last_day).dt.offset_by("1d"), zone),
        promised_attempts=pl.lit(needed, pl.Int64),
    )
    of_row = work.join(dated.select("h", "attempts_due_at"), on="h")
    counted = of_row.group_by("h").agg(
        attempts=(pl.col("is_attempt") & (pl.col("occurred_at") < pl.col("attempts_due_at"))).sum().cast(pl.Int64),
        contacted_at=pl.when("is_contact").then("occurred_at").min(),
        contacted_at_is_date_only=pl.when("is_contact").then(pl.col("is_date_only")).first(),
    )
    told = dated.drop("contacted_at").join(counted, on="h", how="left", maintain_order="left")
    is_assigned = pl.col("assigned_at").is_not_null()
    told = told.with_columns(attempts=pl.when(is_assigned).then(pl.col("attempts").fill_null(0)))
    settled = pl.min_horizontal(
        "contacted_at", pl.when(pl.col("decision").is_in(["accepted", "rejected"])).then("decided_at")
    )
    is_kept = (pl.col("attempts") >= needed) | (settled < pl.col("attempts_due_at")).fill_null(False)
    return told.with_columns(
        is_attempts_kept=pl.when(is_kept).then(True).when(pl.col("attempts_due_at") <= moment(as_of)).then(False)
    )


def _first(stops: pl.DataFrame, prefix: str) -> pl.DataFrame:
    """The first stop of each handover; columns get the prefix."""
    first = stops.sort("h", "occurred_at", "activity_id", nulls_last=True).unique(
        "h", keep="first", maintain_order=True
    )
    return first.select(
        "h",
        pl.col("occurred_at").alias(f"{prefix}_at"),
        pl.col("activity_id").alias(f"{prefix}_activity_id"),
        pl.col("kind").alias(f"{prefix}_kind"),
    )


def _of_rows(pauses: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Pauses by the number of the row they belong to, as `measures.paused_time` takes them."""
    numbers = rows.select("h", row=pl.int_range(pl.len(), dtype=pl.UInt32))
    return pauses.join(numbers, on="h").select("row", "begins_at", "ends_at")


def _working_day_after(calendar: Calendar, days: pl.Series, number: int) -> pl.Series:
    """The `number`-th working day after each day."""
    known = days.drop_nulls()
    if known.is_empty():
        return days
    first, last = cast("date", known.min()), cast("date", known.max())
    ahead = 31 + 3 * number
    working = calendar.working_days(first, last + timedelta(days=ahead))
    while sum(day > last for day in working) < number:
        if ahead > working_time_table.LONGEST_CLOSURE_DAYS:
            raise ValueError(f"no {number} working days within {ahead} days after {last}")
        ahead *= 2
        working = calendar.working_days(first, last + timedelta(days=ahead))
    numbers = np.array(working, dtype="datetime64[D]")
    at = np.searchsorted(numbers, known.to_numpy().astype("datetime64[D]"), side="right") + number - 1
    found = pl.Series(numbers[at]).cast(pl.Date)
    return days.scatter(days.is_not_null().arg_true(), found)


def work_calendar(terms: Terms, *, is_extended: bool) -> Calendar:
    """The ordinary calendar, or the extended one of the kinds of lead that have it."""
    if is_extended and terms.extended_hours is not None:
        return calendar_of(terms, terms.extended_hours)
    return calendar_of(terms, terms.working_time)
