"""What sales did, placed in the lead cycle it was done for: attempts to reach the person, and two-way contact.

Call, mail, message and meeting by a person count; automatic ones, notes and tasks do not. Going out they are attempts;
a direction the source does not tell is taken as going out, because people log what they did. Reached, held, or the
person's own message is contact.
"""

from __future__ import annotations

import polars as pl

from pipeline.marts.local_time import last_instant

HUMAN_KINDS = ["call", "mail", "meeting", "message"]
IS_ATTEMPT = pl.col("direction").fill_null("outgoing") == "outgoing"
IS_CONTACT = pl.col("outcome").is_in(["reached", "held"]).fill_null(False) | (
    (pl.col("direction") == "incoming").fill_null(False)
)


def work_of(activities: pl.DataFrame, leads: pl.DataFrame, cycles: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Human work by cycle: `cycle_no, activity_id, occurred_at, is_date_only, kind, is_attempt, is_contact`, unsorted.

    activities: canonical. leads: `lead_no, lead_id, person_id, account_id`. cycles: `lead_no, cycle_no, created_at`,
    sorted. Work belongs to the lead it names, else to all leads of its person at that account, in the cycle running
    then; a day counts where the cycle began on it.
    """
    human = activities.filter(pl.col("kind").is_in(HUMAN_KINDS), ~pl.col("is_automatic").fill_null(False)).select(
        "lead_id", "person_id", "account_id", "activity_id", "occurred_at", "kind",
        is_date_only=pl.col("occurred_at_is_date_only").fill_null(False), is_attempt=IS_ATTEMPT, is_contact=IS_CONTACT,
    )  # fmt: skip
    by_lead = human.join(leads.select("lead_id", "lead_no"), on="lead_id")
    by_person = (
        human.filter(pl.col("lead_id").is_null())
        .join(leads.select("person_id", "lead_no", _account="account_id"), on="person_id")
        .filter(pl.col("account_id") == pl.col("_account"))
    )
    told = ["lead_no", "activity_id", "occurred_at", "is_date_only", "kind", "is_attempt", "is_contact"]
    running = cycles.select("lead_no", "cycle_no", _begins="created_at").with_columns(
        _next=pl.when(pl.col("lead_no") == pl.col("lead_no").shift(-1)).then(pl.col("_begins").shift(-1))
    )
    placed = (
        pl.concat([by_lead.select(told), by_person.select(told)])
        .join(running, on="lead_no")
        .filter((pl.col("occurred_at") < pl.col("_next")).fill_null(True))
    )
    exact = placed.filter(~pl.col("is_date_only"), pl.col("occurred_at") >= pl.col("_begins"))
    daily = placed.filter("is_date_only").filter(last_instant("occurred_at", True, zone) >= pl.col("_begins"))
    return pl.concat([exact, daily]).select("cycle_no", *told[1:])
