"""mart.leads: one row per lead cycle."""

from __future__ import annotations

from datetime import datetime

import dataframely as dy
import polars as pl

from agreement import Agreement
from pipeline.marts import columns as c
from pipeline.marts.columns import Tables, canonical
from pipeline.marts.cycles import PROGRESS, cycled, first_contacts, folded, stage_log
from pipeline.marts.dated_terms import terms_at
from pipeline.marts.local_time import moment, month_start, week_start
from pipeline.marts.opportunities import customer_type, opportunities, with_team
from pipeline.marts.target_customer import fits, size_band

DAY_IN_MICROSECONDS = 86_400_000_000


class Columns(dy.Schema):
    """One row per lead cycle, in exactly one state: `closed_as`, or open where that is null."""

    lead_id = c.text("the lead", key=True)
    cycle = c.count("1 for the first inquiry; recycling closes a cycle, coming back opens the next", key=True)
    person_id = c.text("the person")
    account_id = c.text("the company; a person or lead without one is its own account")
    source = c.text("lead source as the CRM says")
    channel = c.text("channel the mapping makes of the source")
    campaign_id = c.text("campaign that brought the lead")
    lead_type = c.text("kind of request")
    segment = c.text("customer segment")
    region = c.text("the lead's region, else the account's")
    employees_band = c.text("number of employees of the account, banded: 0–9, 10–49, …; a band the CRM gives stays")
    fits_target_customer = c.flag("whether segment, region, size and industry are those agreed; null = cannot be said")
    owner_id = c.text("employee in charge")
    team = c.text("the owner's team; null = unknown")
    created_at = c.instant("the cycle began: lead created, or came back after recycling")
    mql_at = c.instant("first reached MQL or beyond")
    sal_at = c.instant("first reached SAL or beyond: accepted by sales")
    sql_at = c.instant("first reached SQL or beyond")
    opportunity_at = c.instant("first reached opportunity or beyond")
    won_at = c.instant("closed as won")
    lost_at = c.instant("closed as lost")
    disqualified_at = c.instant("closed as disqualified")
    recycled_at = c.instant("closed as recycled")
    reject_reason = c.text("why it was disqualified or recycled")
    stage = c.text("furthest stage of an open cycle, closing state of a closed one")
    imputed_stages = c.text("stages that were skipped and carry the next stage's time, comma-separated; '' = none")
    contacted_at = c.instant("first two-way contact in the cycle")
    deal_id = c.text("the deal: the first won, else the newest open, else the newest lost one")
    amount = c.money("won amount in the reporting currency, all won deals of the cycle")
    week_start = c.day("Monday of the week of created_at")
    month_start = c.day("first of the month of created_at")
    customer_type = c.text("existing if the account was a customer before created_at, else new")
    is_in_time_order = c.flag("false: a step lies before created_at, so the row takes no part in durations")
    closed_at = c.instant("when the cycle closed; null = open")
    closed_as = c.text("won, lost, disqualified or recycled; null = open")
    created_at_is_date_only = c.flag("created_at is a day, not a time")
    age_days = c.small_count("whole days of 24 hours from created_at to the moment the build is judged at")
    mql_days = c.small_count("days of 24 hours begun from created_at to mql_at: at most k = reached within k days")
    sal_days = c.small_count("the same to sal_at")
    sql_days = c.small_count("the same to sql_at")
    opportunity_days = c.small_count("the same to opportunity_at")
    won_days = c.small_count("the same to won_at")
    crm_url = c.text("the lead in the CRM")
    agreement_version = c.text("the terms the row was judged by")


def build(tables: Tables, agreement: Agreement, as_of: datetime, done: Tables) -> pl.DataFrame:
    """Fold stage events, qualification dates and linked deals of one bucket into cycles, sorted by lead and cycle."""
    terms = terms_at(agreement, as_of)
    zone = terms.company.zone
    leads = canonical(tables, "leads").sort("lead_id").with_row_index("lead_no")
    deals = opportunities(tables, terms, as_of)
    steps = cycled(stage_log(leads, canonical(tables, "stage_events"), deals), zone)
    cycles = folded(steps, zone)
    contacts = first_contacts(canonical(tables, "activities"), leads, cycles, zone)
    accounts = canonical(tables, "accounts").select(
        "account_id", "industry", employees_band=size_band(pl.col("employees_band")), _region="region"
    )
    age = moment(as_of) - pl.col("created_at")
    rows = (
        leads.drop("created_at", "created_at_is_date_only")
        .join(cycles, on="lead_no")
        .join(contacts, on="cycle_no", how="left")
        .join(accounts, on="account_id", how="left")
        .sort("lead_no", "cycle")
        .with_columns(region=pl.coalesce("region", "_region"))
        .with_columns(
            fits_target_customer=fits(terms.target_customer),
            week_start=week_start("created_at", zone),
            month_start=month_start("created_at", zone),
            age_days=age.dt.total_days(),
            **{f"{stage}_days": _days_begun(f"{stage}_at") for stage in (*PROGRESS, "won")},
            agreement_version=pl.lit(terms.version),
        )
    )
    return Columns.cast(customer_type(with_team(rows, tables), tables, zone))


def _days_begun(reached: str) -> pl.Expr:
    """Days of 24 hours from `created_at`, the last one counted as soon as it has begun; negative for a step before."""
    return -((pl.col("created_at") - pl.col(reached)).dt.total_microseconds() // DAY_IN_MICROSECONDS)
