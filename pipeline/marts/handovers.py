"""mart.handovers: every lead marketing gave to sales, and whether both promises about it were kept."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement, Terms
from agreement.clocks import calendar_of
from measures import working_time_table
from measures.working_time import Calendar
from pipeline.marts import columns as c
from pipeline.marts import handover_clock as clock
from pipeline.marts.columns import INSTANT, Tables
from pipeline.marts.dated_terms import by_terms, terms_at
from pipeline.marts.handover_rows import decided, handed_over, rejections, work_after
from pipeline.marts.local_time import moment, week_start
from pipeline.marts.promised_leads import lead_value


class Columns(dy.Schema):
    """One row per handover: a lead cycle that marketing qualified, in exactly one status.

    Handed over = met + breached + pending + excused + unassigned, and apart from them those known by their day only.
    Minutes are business minutes by the terms of the day; `response_minutes` by the calendar of the promise.
    """

    lead_id = c.text("the lead", key=True)
    cycle = c.count("the lead's cycle", key=True)
    captured_at = c.instant("the cycle began")
    qualified_at = c.instant("marketing qualified it; null = skipped or not told")
    assigned_at = c.instant("handed to sales: the later of assignment and qualification; null = unassigned")
    due_at = c.instant("the answer is due")
    responded_at = c.instant("first human attempt, or reject with a reason by a person, since the handover")
    response_activity_id = c.text("the record that stopped the clock; null for a reject")
    response_kind = c.text("call, mail, meeting, message, or rejected")
    contacted_at = c.instant("first two-way contact since the handover")
    qualifying_minutes = c.ratio("captured -> qualified, marketing's")
    routing_minutes = c.ratio("qualified -> assigned, the routing owner's")
    response_minutes = c.ratio("assigned -> responded, sales', pauses taken out")
    contact_minutes = c.ratio("responded -> contacted, sales'")
    speed_to_lead_minutes = c.ratio("captured -> responded, both departments together; not the promise")
    waiting_for = c.text("assignment, response or contact: the step not yet taken; null = none is missing")
    waiting_minutes = c.ratio("how long that step has been missing, to the end of the cycle or the build's as_of")
    is_waiting = c.flag("the step may still come: the cycle is open")
    promised_minutes = c.count("business minutes promised for this kind of lead")
    status = c.text("met, breached, pending, excused or unassigned; null = known by its day only")
    is_date_only = c.flag("a source gave days: no part in minute clocks, counted apart")
    excuse = c.text("reason of the other side, where status is excused")
    promised_attempts = c.count("attempts promised for a lead that is not reached")
    attempts = c.count("human attempts up to attempts_due_at")
    attempts_due_at = c.instant("end of the agreed number of working days after the day of assignment")
    is_attempts_kept = c.flag("enough attempts, or reached or decided before; null = there is still time")
    decision_due_at = c.instant("deadline to accept or reject")
    decided_at = c.instant("accepted, rejected, or the deadline passed in silence")
    decision = c.text("accepted, rejected, silent (accepted by silence) or open")
    reject_reason = c.text("why sales rejected it")
    opportunity_at = c.instant("the cycle became an opportunity")
    lead_value = c.money("agreed value of an accepted lead of this kind")
    agreement_version = c.text("the terms the row was judged by: those of the day of the handover")
    owner_id = c.text("employee in charge")
    team = c.text("the owner's team; null = unknown")
    source = c.text("lead source as the CRM says")
    channel = c.text("channel the mapping makes of the source")
    campaign_id = c.text("campaign that brought the lead")
    lead_type = c.text("kind of request")
    segment = c.text("customer segment")
    due_week_start = c.day("Monday of the week of due_at")
    assigned_week_start = c.day("Monday of the week of assigned_at")
    handed_at = c.instant("assigned_at; where it is unassigned, qualified_at")
    handed_week_start = c.day("Monday of the week of handed_at")
    assigned_weekday = c.count("1 = Monday … 7, local")
    assigned_hour = c.count("0 … 23, local; null = known by its day only")


def build(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """Judge the handovers of one bucket, sorted by lead and cycle. Reads the leads mart."""
    zone = terms_at(agreement, as_of).company.zone
    leads = done["leads"]
    rows = handed_over(tables, leads, as_of, zone)
    if rows.is_empty():
        return Columns.create_empty()
    work = work_after(tables, rows, leads, as_of, zone)
    rejects = rejections(tables, rows, as_of).with_columns(activity_id=pl.lit(None, pl.String), kind=pl.lit("rejected"))
    attempts = work.filter("is_attempt").select(rejects.columns)
    stops = pl.concat([attempts, rejects])
    ends_at = pl.min_horizontal(pl.col("until").fill_null(moment(as_of)), moment(as_of))
    pauses = (
        decided(tables, "pauses", rows)
        .select("h", begins_at="from", ends_at=ends_at)
        .filter(pl.col("begins_at") < pl.col("ends_at"))
    )
    excuses, feedback = decided(tables, "excuses", rows), decided(tables, "feedback", rows)
    judged = []
    for terms, part in by_terms(rows, agreement, "handed_on"):
        ordinary = calendar_of(terms, terms.working_time)
        extended = pl.col("lead_type").is_in(terms.response.extended_hours_for).fill_null(False)
        for is_extended in (False, True):
            chosen = part.filter(extended == is_extended)
            if chosen.is_empty():
                continue
            calendar = clock.work_calendar(terms, is_extended=is_extended)
            own = clock.answered(chosen, stops, pauses, terms, calendar, as_of)
            own = clock.accepted(clock.excused(own, excuses), feedback, pauses, terms, ordinary, as_of)
            own = clock.attempted(own, work, terms, calendar, as_of)
            judged.append(_segments(own, terms, ordinary, calendar, as_of))
    return Columns.cast(_dated(pl.concat(judged).sort("lead_id", "cycle"), zone))


def _segments(
    rows: pl.DataFrame, terms: Terms, ordinary: Calendar, promised: Calendar, as_of: datetime
) -> pl.DataFrame:
    """Add the minutes of each segment, and of the one that is missing; an answer is missed by the promise's clock."""
    started_by_day, answered_by_day = pl.col("assigned_at_is_date_only"), pl.col("_is_by_day")
    captured = pl.when(~pl.col("created_at_is_date_only")).then("created_at")
    qualified = pl.when(~pl.col("qualified_at_is_date_only")).then("qualified_at")
    assigned = pl.when(~started_by_day).then("assigned_at")
    responded = pl.when(~answered_by_day).then("responded_at")
    contacted = pl.when(~pl.col("contacted_at_is_date_only").fill_null(False)).then("contacted_at")
    told = rows.with_columns(
        captured_at="created_at", contacted_at=pl.when(pl.col("assigned_at").is_not_null()).then("contacted_at")
    )
    ends_at = pl.min_horizontal("closed_at", "next_at", moment(as_of))
    waits = (
        pl.when(pl.col("assigned_at").is_null())
        .then(pl.struct(step=pl.lit("assignment"), since=qualified))
        .when(pl.col("responded_at").is_null())
        .then(pl.struct(step=pl.lit("response"), since=assigned))
        .when(pl.col("contacted_at").is_null())
        .then(pl.struct(step=pl.lit("contact"), since=responded))
    )
    since = pl.col("_waits").struct.field("since")
    told = told.with_columns(_waits=waits, is_waiting=pl.col("closed_at").is_null() & pl.col("next_at").is_null())
    told = told.with_columns(
        waiting_for=pl.col("_waits").struct.field("step"),
        is_waiting=pl.col("is_waiting") & pl.col("_waits").struct.field("step").is_not_null(),
        lead_value=lead_value(terms),
        agreement_version=pl.lit(terms.version),
    )  # fmt: skip
    spans = {
        "qualifying_minutes": (captured, qualified),
        "routing_minutes": (qualified, assigned),
        "contact_minutes": (responded, contacted),
        "speed_to_lead_minutes": (captured, responded),
        "waiting_minutes": (since, ends_at),
    }
    told = told.with_columns(_minutes(told, ordinary, *span).alias(name) for name, span in spans.items())
    on_promise = _minutes(told, promised, since, ends_at)
    return told.with_columns(
        waiting_minutes=pl.when(pl.col("waiting_for") == "response").then(on_promise).otherwise("waiting_minutes")
    )


def _minutes(rows: pl.DataFrame, calendar: Calendar, since: pl.Expr, until: pl.Expr) -> pl.Series:
    edges = [rows.select(edge.cast(INSTANT).alias("minutes")).to_series() for edge in (since, until)]
    return working_time_table.seconds_between(calendar, *edges) / clock.MINUTE


def _dated(rows: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Add weeks, weekday and hour as people of the zone count them."""
    local = pl.col("assigned_at").dt.convert_time_zone(zone)
    return rows.with_columns(
        due_week_start=week_start("due_at", zone),
        assigned_week_start=week_start("assigned_at", zone),
        handed_at=pl.coalesce("assigned_at", "qualified_at"),
        handed_week_start=pl.col("handed_on").dt.truncate("1w"),
        assigned_weekday=local.dt.weekday(),
        assigned_hour=pl.when(~pl.col("assigned_at_is_date_only")).then(local.dt.hour()),
    )
