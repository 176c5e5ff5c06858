"""The CRM's contacts: every lead once, some of them under further records."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import company, names
from .columns import append, ids, instants, links, only, steady, words
from .damage import FIRST_COMPANY, FIRST_CONTACT
from .world import World

_CHUNK = 250_000
_RANKS = [
    "Lead", "Marketing Qualified Lead", "Sales Accepted Lead", "Sales Qualified Lead", "Opportunity", "Customer",
    "Other",
]  # fmt: skip
_STATUS = ["New", "Open", "In progress", "Connected", "Unqualified"]


def emails(world: World, lead: NDArray) -> pl.Series:
    """Address of each lead, empty for those who gave none."""
    domain = names.companies(world.leads.account[lead])["domain"]
    return only(world.leads.has_email[lead], names.people(lead)["slug"] + "@" + domain)


def _rows(world: World, lead: NDArray[np.int64]) -> pl.DataFrame:
    """The contact records of these leads, in HubSpot's columns."""
    leads, accounts, latest = world.leads, world.accounts, world.latest
    account, channel, known = leads.account[lead], leads.channel[lead], leads.has_email[lead]
    has_company = accounts.exists[account]
    person, record = names.people(lead), ids(FIRST_CONTACT, lead)
    region = np.where(has_company, accounts.region[account], -1)
    segment = np.where(has_company, accounts.segment[account], -1)
    consent = np.searchsorted(np.cumsum([share for _, share in company.CONSENTS]), steady(lead, 1), side="right")
    heard = np.where(steady(lead, 2) < 0.4, (steady(lead, 3) * len(company.HEARD)).astype(np.int64), -1)
    score = 18 + 30 * company.MQL_CHANCE[channel] + 9 * np.minimum(latest.rank[lead], 5) + 20 * steady(lead, 4)
    source_words = [word for name in company.CHANNEL_NAMES for word in company.SOURCES[name]]
    first_word = np.cumsum([0] + [len(company.SOURCES[name]) for name in company.CHANNEL_NAMES])
    return pl.DataFrame(
        {
            "Record ID": record,
            "First Name": words(["Unbekannt"], np.where(known, -1, 0)).fill_null(person["first"]),
            "Last Name": words(["Chatgast"], np.where(known, -1, 0)).fill_null(person["last"]),
            "Email": emails(world, lead),
            "Phone Number": pl.select(pl.format("+49 000 {}", pl.Series(1_000_000 + lead))).to_series(),
            "Job Title": words(company.TITLES, np.where(known, lead % len(company.TITLES), -1)),
            "Country/Region": words([row[1] for row in company.REGIONS], region),
            "State/Region": words([row[0] for row in company.REGIONS], region),
            "Company Name": only(has_company, names.companies(account)["name"]),
            "Associated Company IDs": ids(FIRST_COMPANY, np.where(has_company, world.company_of_lead[lead], -1)),
            "Contact owner": words(world.staff.name, latest.owner[lead]),
            "Lifecycle Stage": words(_RANKS, latest.rank[lead]),
            "Lead Status": words(_STATUS, latest.status[lead]),
            "Lead Type": words(company.LEAD_TYPES, leads.lead_type[lead]),
            "Original Source": words(company.CHANNEL_NAMES, channel),
            "Original Source Drill-Down 1": words(source_words, first_word[channel] + leads.source[lead]),
            "Latest Campaign ID": words([c.campaign_id for c in world.campaigns], world.lead_campaign[lead]),
            "Segment": words([row[0] for row in company.SEGMENTS], segment),
            "HubSpot Score": np.round(score).astype(np.int64),
            "How did you hear about us?": words(company.HEARD, heard),
            "Legal basis for processing contact's data": words([text for text, _ in company.CONSENTS], consent),
            "Create Date": instants(leads.created[lead]),
            "Owner assigned date": instants(latest.assigned[lead]),
            "Became a Marketing Qualified Lead Date": instants(latest.mql[lead]),
            "Merged Contact IDs": pl.Series([_merged(world, n) for n in lead.tolist()], dtype=pl.String),
            "Contact URL": links("contacts", record),
        }
    )


def _merged(world: World, lead: int) -> str | None:
    """Ids that were merged into the lead's record; of a chain only its last link."""
    if lead in world.faults.stale_rows:
        return str(world.faults.stale_rows[lead][0])
    return ";".join(map(str, world.faults.merged_ids.get(lead, []))) or None


def _second_records(world: World) -> pl.DataFrame:
    """Further records of a person: another spelling of the address, or the middle of a merge chain."""
    faults = world.faults
    stale = sorted(faults.stale_rows)
    lead = np.concatenate([faults.twin_of, np.array(stale, dtype=np.int64)])
    record = pl.Series([*faults.twin_id.tolist(), *(faults.stale_rows[n][0] for n in stale)])
    merged = [None] * len(faults.twin_of) + [str(faults.stale_rows[n][1]) for n in stale]
    later = world.leads.created[lead] + 3 * 3_600 + np.arange(len(lead)) % 50 * 86_400
    is_twin = pl.Series(np.arange(len(lead)) < len(faults.twin_of))
    email = pl.when(is_twin).then(pl.col("Email").str.to_uppercase()).otherwise(" " + pl.col("Email"))
    never = pl.lit(None, dtype=pl.Datetime("ms"))
    return _rows(world, lead).with_columns(
        pl.Series("Record ID", record),
        email.alias("Email"),
        pl.Series("Create Date", instants(np.minimum(later, world.window.as_of - 600))),
        pl.lit(None, dtype=pl.String).alias("Contact owner"),
        pl.lit("Lead").alias("Lifecycle Stage"),
        pl.lit("New").alias("Lead Status"),
        never.alias("Owner assigned date"),
        never.alias("Became a Marketing Qualified Lead Date"),
        pl.Series("Merged Contact IDs", merged, dtype=pl.String),
        links("contacts", record).alias("Contact URL"),
    )


def write(world: World, path: Path) -> int:
    """Write the contacts; returns the number of data rows."""
    count = len(world.leads)
    twice = np.sort(world.dice("contacts twice").choice(count, size=world.faults.exact["contacts"], replace=False))
    with path.open("wb") as file:
        for begin in range(0, count, _CHUNK):
            end = min(begin + _CHUNK, count)
            again = twice[(twice >= begin) & (twice < end)]
            order = np.sort(np.concatenate([np.arange(begin, end), again])) - begin
            append(_rows(world, np.arange(begin, end))[order], file, header=begin == 0)
        second = _second_records(world)
        append(second, file, header=False)
    return count + len(twice) + len(second)
