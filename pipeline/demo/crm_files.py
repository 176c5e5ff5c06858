"""The CRM's exports (HubSpot's format): contacts, companies, deals, stage history, users, campaigns."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import company, names
from .clock import NEVER, Seconds, epoch, local_datetime
from .damage import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, doubled
from .deals import LOST, WON, Changes, Deals, days, money
from .world import World

TIME = "%Y-%m-%d %H:%M:%S"
_CHUNK = 250_000
_RANKS = [
    "Lead",
    "Marketing Qualified Lead",
    "Sales Accepted Lead",
    "Sales Qualified Lead",
    "Opportunity",
    "Customer",
    "Other",
]


def words(options: list[str], at: NDArray) -> pl.Series:
    """Option per number; a negative number is empty."""
    index = np.where(np.asarray(at) < 0, len(options), at).astype(np.uint32)
    return pl.Series([*options, None], dtype=pl.String).gather(pl.Series(index))


def instants(at: Seconds) -> pl.Series:
    """Wall clock in Berlin, empty for `NEVER`."""
    return pl.Series(local_datetime(at).astype("datetime64[ms]"))


def append(frame: pl.DataFrame, file: IO[bytes], *, header: bool) -> None:
    """Write rows in the CRM's dialect."""
    frame.write_csv(file, include_header=header, datetime_format=TIME, date_format="%Y-%m-%d")


def ids(first: int, number: NDArray) -> pl.Series:
    """CRM ids, empty for negative numbers."""
    number = np.asarray(number, dtype=np.int64)
    return pl.Series(np.where(number < 0, -1, number + first)).replace(-1, None)


def _domains(number: NDArray) -> tuple[pl.Series, pl.Series]:
    frame = names.companies(np.asarray(number))
    return frame["name"], frame["domain"]


def emails(world: World, lead: NDArray) -> pl.Series:
    """Address of each lead, empty for those who gave none."""
    slug = names.people(lead)["slug"]
    domain = _domains(world.leads.account[lead])[1]
    return pl.select(
        pl.when(pl.Series(world.leads.has_email[lead])).then(slug + "@" + domain)
    ).to_series()  # fmt: skip


def _contact_rows(world: World, lead: NDArray) -> pl.DataFrame:
    """The contact records of these leads, in HubSpot's columns."""
    leads, accounts, latest = world.leads, world.accounts, world.latest
    rng = np.random.default_rng([world.seed, int(lead[0]), len(lead)])
    account = leads.account[lead]
    person = names.people(lead)
    has_company = accounts.exists[account]
    channel = leads.channel[lead]
    consent = rng.choice(len(company.CONSENTS), size=len(lead), p=np.array([share for _, share in company.CONSENTS]))
    source_words = [word for name in company.CHANNEL_NAMES for word in company.SOURCES[name]]
    first_word = np.cumsum([0] + [len(company.SOURCES[name]) for name in company.CHANNEL_NAMES])
    known = leads.has_email[lead]
    merged = [";".join(map(str, world.faults.merged_ids.get(n, []))) for n in lead.tolist()]
    for position, n in enumerate(lead.tolist()):
        if n in world.faults.stale_rows:
            merged[position] = str(world.faults.stale_rows[n][0])
    regions = [row[0] for row in company.REGIONS]
    countries = [row[1] for row in company.REGIONS]
    number = ids(FIRST_CONTACT, lead)
    score = np.clip(
        np.round(28 + 30 * company.MQL_CHANCE[channel] + 9 * latest.rank[lead] + rng.normal(0, 9, len(lead))), 0, 100
    )
    heard = np.where(rng.random(len(lead)) < 0.4, rng.integers(0, len(company.HEARD), len(lead)), -1)
    return pl.DataFrame(
        {
            "Record ID": number,
            "First Name": words(["Unbekannt"], np.where(known, -1, 0)).fill_null(person["first"]),
            "Last Name": words(["Chatgast"], np.where(known, -1, 0)).fill_null(person["last"]),
            "Email": emails(world, lead),
            "Phone Number": (pl.select(pl.format("+49 000 {}", pl.Series(1_000_000 + lead))).to_series()),
            "Job Title": words(company.TITLES, np.where(known, lead % len(company.TITLES), -1)),
            "Country/Region": words(countries, np.where(has_company, accounts.region[account], -1)),
            "State/Region": words(regions, np.where(has_company, accounts.region[account], -1)),
            "Company Name": pl.select(pl.when(pl.Series(has_company)).then(_domains(account)[0])).to_series(),
            "Associated Company IDs": ids(FIRST_COMPANY, np.where(has_company, world.company_of_lead[lead], -1)),
            "Contact owner": words(world.staff.name, latest.owner[lead]),
            "Lifecycle Stage": words(_RANKS, latest.rank[lead]),
            "Lead Status": words(["New", "Open", "In progress", "Connected", "Unqualified"], latest.status[lead]),
            "Lead Type": words(company.LEAD_TYPES, leads.lead_type[lead]),
            "Original Source": words(company.CHANNEL_NAMES, channel),
            "Original Source Drill-Down 1": words(source_words, first_word[channel] + leads.source[lead]),
            "Latest Campaign ID": words([c.campaign_id for c in world.campaigns], world.lead_campaign[lead]),
            "Segment": words(
                [row[0] for row in company.SEGMENTS], np.where(has_company, accounts.segment[account], -1)
            ),
            "HubSpot Score": score.astype(np.int64),
            "How did you hear about us?": words(company.HEARD, heard),
            "Legal basis for processing contact's data": words([text for text, _ in company.CONSENTS], consent),
            "Create Date": instants(leads.created[lead]),
            "Owner assigned date": instants(latest.assigned[lead]),
            "Became a Marketing Qualified Lead Date": instants(latest.mql[lead]),
            "Merged Contact IDs": pl.Series([text or None for text in merged], dtype=pl.String),
            "Contact URL": pl.select(pl.format("https://crm.maschinen-demo.example/contacts/{}", number)).to_series(),
        }
    )


def _extra_contacts(world: World) -> pl.DataFrame:
    """Second records of the same person: other spelling of the address, or the middle of a merge chain."""
    faults = world.faults
    stale = sorted(faults.stale_rows)
    lead = np.concatenate([faults.twin_of, np.array(stale, dtype=np.int64)])
    number = np.concatenate([faults.twin_id, np.array([faults.stale_rows[n][0] for n in stale], dtype=np.int64)])
    merged = [None] * len(faults.twin_of) + [str(faults.stale_rows[n][1]) for n in stale]
    later = world.leads.created[lead] + 3 * 3_600 + np.arange(len(lead)) % 50 * 86_400
    later = np.minimum(later, world.window.as_of - 600)
    rows = pl.concat([_contact_rows(world, np.array([n])) for n in lead.tolist()])
    upper = pl.col("Email").str.to_uppercase()
    is_twin = pl.Series(np.arange(len(lead)) < len(faults.twin_of))
    return rows.with_columns(
        pl.Series("Record ID", number),
        pl.when(is_twin).then(upper).otherwise(" " + pl.col("Email")).alias("Email"),
        pl.Series("Create Date", instants(later)),
        pl.lit(None, dtype=pl.String).alias("Contact owner"),
        pl.lit("Lead").alias("Lifecycle Stage"),
        pl.lit("New").alias("Lead Status"),
        pl.lit(None, dtype=pl.Datetime("ms")).alias("Owner assigned date"),
        pl.lit(None, dtype=pl.Datetime("ms")).alias("Became a Marketing Qualified Lead Date"),
        pl.Series("Merged Contact IDs", merged, dtype=pl.String),
        pl.format("https://crm.maschinen-demo.example/contacts/{}", pl.Series(number)).alias("Contact URL"),
    )


def contacts(world: World, path: Path) -> int:
    """Write the contacts; returns the number of data rows."""
    count = len(world.leads)
    twice = set(world.dice("contacts twice").choice(count, size=world.faults.exact["contacts"], replace=False).tolist())
    written = 0
    with path.open("wb") as file:
        for begin in range(0, count, _CHUNK):
            lead = np.arange(begin, min(begin + _CHUNK, count))
            rows = _contact_rows(world, lead)
            order = sorted([*range(len(lead)), *(n - begin for n in twice if begin <= n < begin + len(lead))])
            append(rows[order], file, header=begin == 0)
            written += len(order)
        extra = _extra_contacts(world)
        append(extra, file, header=False)
    return written + len(extra)


def companies(world: World, path: Path) -> int:
    """Write the companies; the last ones repeat a domain under a second id."""
    accounts = world.accounts
    real = np.flatnonzero(accounts.exists)
    twin = world.faults.account_twin_of
    number = np.concatenate([real, twin])
    is_twin = np.arange(len(number)) >= len(real)
    name, domain = _domains(number)
    record = np.where(is_twin, len(accounts.exists) + np.arange(len(number)) - len(real), number)
    since = np.where(is_twin, -1, world.customer_since[number])
    created = np.minimum(world.account_seen[number], world.window.as_of)
    rows = pl.DataFrame(
        {
            "Record ID": ids(FIRST_COMPANY, record),
            "Company name": name,
            "Company Domain Name": pl.select(
                pl.when(pl.Series(is_twin)).then("WWW." + domain.str.to_uppercase()).otherwise(domain)
            ).to_series(),
            "Industry": words(company.INDUSTRIES, accounts.industry[number]),
            "Number of Employees": accounts.heads[number],
            "State/Region": words([row[0] for row in company.REGIONS], accounts.region[number]),
            "Country/Region": words([row[1] for row in company.REGIONS], accounts.region[number]),
            "Became a Customer Date": pl.Series(since).replace(-1, None).cast(pl.Int32).cast(pl.Date),
            "Company owner": words(world.staff.name, accounts.owner[number]),
            "Create Date": instants(created),
            "Company URL": pl.select(
                pl.format("https://crm.maschinen-demo.example/companies/{}", ids(FIRST_COMPANY, record))
            ).to_series(),
        }
    )
    order = doubled(world.dice("companies twice"), len(rows), world.faults.exact["companies"])
    with path.open("wb") as file:
        append(rows[order], file, header=True)
    return len(order)


def _deal_names(deals: Deals, at: NDArray) -> pl.Series:
    name = _domains(deals.account[at])[0]
    return pl.select(pl.format("{} – {}", name, words(company.MACHINES, deals.machine[at]))).to_series()


def deals_file(world: World, path: Path) -> int:
    """Write the deals with their buying groups."""
    deals, leads = world.deals, world.leads
    number = np.arange(len(deals))
    has_lead = deals.lead >= 0
    lead = np.where(has_lead, deals.lead, 0)
    stage = np.select([deals.state == WON, deals.state == LOST], [5, 6], deals.stage)
    marketing = np.flatnonzero(world.staff.team >= len(company.SALES_TEAMS))
    owner = world.accounts.owner[deals.account]
    creator = np.where(deals.by_marketing & has_lead, marketing[number % len(marketing)], owner)
    close = pl.Series((deals.expected_day * 86_400_000).astype("datetime64[ms]"))
    rows = pl.DataFrame(
        {
            "Record ID": ids(FIRST_DEAL, number),
            "Deal Name": _deal_names(deals, number),
            "Deal Stage": words([*company.DEAL_STAGES, company.WON, company.LOST], stage),
            "Deal Type": words(["New Business", "Existing Business"], deals.is_existing.astype(int)),
            "Amount": money(deals.cents).tolist(),
            "Currency": words(["EUR", "CHF"], deals.is_swiss.astype(int)),
            "Deal owner": words(world.staff.name, owner),
            "Original Source": words(company.CHANNEL_NAMES, np.where(has_lead, leads.channel[lead], -1)),
            "Campaign ID": words(
                [c.campaign_id for c in world.campaigns], np.where(has_lead, world.lead_campaign[lead], -1)
            ),
            "Associated Company IDs": ids(
                FIRST_COMPANY, np.where(world.accounts.exists[deals.account], deals.account, -1)
            ),
            "Associated Contact IDs": world.deal_people(),
            "Primary Contact ID": ids(FIRST_CONTACT, deals.lead),
            "Create Date": instants(deals.created),
            "Created by": words(world.staff.name, creator),
            "Close Date": instants(deals.closed).fill_null(close),
            "Closed Lost Reason": words(company.LOST_REASONS, np.where(deals.state == LOST, deals.lost_reason, -1)),
            "Deal URL": pl.select(
                pl.format("https://crm.maschinen-demo.example/deals/{}", ids(FIRST_DEAL, number))
            ).to_series(),
        }
    )
    order = doubled(world.dice("deals twice"), len(rows), world.faults.exact["deals"])
    with path.open("wb") as file:
        append(rows[order], file, header=True)
    return len(order)


def history(world: World, changes: Changes, path: Path) -> int:
    """Write the deal stage history."""
    rows = pl.DataFrame(
        {
            "Record ID": ids(FIRST_DEAL, changes.deal),
            "Deal Name": _deal_names(world.deals, changes.deal),
            "Property": changes.property.tolist(),
            "Old value": [value or None for value in changes.old.tolist()],
            "New value": changes.new.tolist(),
            "Date changed": instants(changes.at),
            "Deal owner": words(world.staff.name, world.accounts.owner[world.deals.account[changes.deal]]),
        }
    )
    order = doubled(world.dice("history twice"), len(rows), world.faults.exact["history"])
    with path.open("wb") as file:
        append(rows[order], file, header=True)
    return len(order)


def users(world: World, path: Path) -> int:
    """Write the employees."""
    staff = world.staff
    person = names.people(np.arange(len(staff.name)) + 4_001)
    rows = pl.DataFrame(
        {
            "User ID": 301 + np.arange(len(staff.name)),
            "Name": staff.name,
            "Email": person["slug"] + "@maschinen-demo.example",
            "Team": words([row[0] for row in company.TEAMS], staff.team),
            "Department": words([row[1] for row in company.TEAMS], staff.team),
        }
    )
    with path.open("wb") as file:
        append(rows, file, header=True)
    return len(rows)


def campaigns_file(world: World, path: Path) -> int:
    """Write the campaign list with budgets."""
    scale = max(1.0, len(world.leads) / 6_000)
    first = epoch(world.window.first_day) // 86_400
    rows = pl.DataFrame(
        {
            "Campaign ID": [c.campaign_id for c in world.campaigns],
            "Campaign name": [c.name for c in world.campaigns],
            "Channel": [c.channel for c in world.campaigns],
            "Start date": days(np.array([first + c.first_week * 7 for c in world.campaigns])).tolist(),
            "End date": days(np.array([first + c.last_week * 7 + 6 for c in world.campaigns])).tolist(),
            "Budget": [
                f"{round(c.weekly_cost * scale * (c.last_week - c.first_week + 1) * c.budget_factor, -2):.2f}"
                for c in world.campaigns
            ],
            "Currency": [c.currency for c in world.campaigns],
        }
    )
    with path.open("wb") as file:
        append(rows, file, header=True)
    return len(rows)


__all__ = ["NEVER", "campaigns_file", "companies", "contacts", "deals_file", "emails", "history", "users"]
