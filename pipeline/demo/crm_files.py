"""The CRM's other exports (HubSpot's format): companies, deals, stage history, users, campaigns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import company, names
from .clock import DAY, epoch
from .columns import append, ids, instants, links, words
from .damage import FIRST_COMPANY, FIRST_CONTACT, FIRST_DEAL, doubled
from .deals import LOST, WON, Deals, days, money
from .world import World


def _written(frame: pl.DataFrame, path: Path) -> int:
    with path.open("wb") as file:
        append(frame, file, header=True)
    return len(frame)


def _twice(world: World, frame: pl.DataFrame, subject: str) -> pl.DataFrame:
    return frame[doubled(world.dice(f"{subject} twice"), len(frame), world.faults.exact[subject])]


def companies(world: World, path: Path) -> int:
    """Write the companies; the last ones repeat a domain under a second id. Returns the number of data rows."""
    accounts, twin = world.accounts, world.faults.account_twin_of
    real = np.flatnonzero(accounts.exists)
    number = np.concatenate([real, twin])
    is_twin = np.arange(len(number)) >= len(real)
    record = ids(FIRST_COMPANY, np.where(is_twin, len(accounts.exists) + np.arange(len(number)) - len(real), number))
    named = names.companies(number)
    shouted = "WWW." + pl.col("domain").str.to_uppercase()
    since = pl.Series(np.where(is_twin, -1, world.customer_since[number])).replace(-1, None)
    rows = pl.DataFrame(
        {
            "Record ID": record,
            "Company name": named["name"],
            "Company Domain Name": named.select(
                pl.when(pl.Series(is_twin)).then(shouted).otherwise("domain")
            ).to_series(),
            "Industry": words(company.INDUSTRIES, accounts.industry[number]),
            "Number of Employees": accounts.heads[number],
            "State/Region": words([row[0] for row in company.REGIONS], accounts.region[number]),
            "Country/Region": words([row[1] for row in company.REGIONS], accounts.region[number]),
            "Became a Customer Date": since.cast(pl.Int32).cast(pl.Date),
            "Company owner": words(world.staff.name, accounts.owner[number]),
            "Create Date": instants(world.account_seen[number]),
            "Company URL": links("companies", record),
        }
    )
    return _written(_twice(world, rows, "companies"), path)


def _deal_names(deals: Deals, at: NDArray) -> pl.Series:
    name = names.companies(deals.account[at])["name"]
    return pl.select(pl.format("{} – {}", name, words(company.MACHINES, deals.machine[at]))).to_series()


def deals(world: World, path: Path) -> int:
    """Write the deals with their buying groups; returns the number of data rows."""
    sold, leads = world.deals, world.leads
    number = np.arange(len(sold))
    has_lead = sold.lead >= 0
    lead = np.where(has_lead, sold.lead, 0)
    stage = np.select([sold.state == WON, sold.state == LOST], [5, 6], sold.stage)
    marketing = np.flatnonzero(world.staff.team >= len(company.SALES_TEAMS))
    owner = world.accounts.owner[sold.account]
    creator = np.where(sold.by_marketing & has_lead, marketing[number % len(marketing)], owner)
    campaign = np.where(has_lead, world.lead_campaign[lead], -1)
    firm = np.where(world.accounts.exists[sold.account], sold.account, -1)
    expected = pl.Series((sold.expected_day * 86_400_000).astype("datetime64[ms]"))
    record = ids(FIRST_DEAL, number)
    rows = pl.DataFrame(
        {
            "Record ID": record,
            "Deal Name": _deal_names(sold, number),
            "Deal Stage": words([*company.DEAL_STAGES, company.WON, company.LOST], stage),
            "Deal Type": words(["New Business", "Existing Business"], sold.is_existing.astype(int)),
            "Amount": money(sold.cents).tolist(),
            "Currency": words(["EUR", "CHF"], sold.is_swiss.astype(int)),
            "Deal owner": words(world.staff.name, owner),
            "Original Source": words(company.CHANNEL_NAMES, np.where(has_lead, leads.channel[lead], -1)),
            "Campaign ID": words([c.campaign_id for c in world.campaigns], campaign),
            "Associated Company IDs": ids(FIRST_COMPANY, firm),
            "Associated Contact IDs": world.deal_people(),
            "Primary Contact ID": ids(FIRST_CONTACT, sold.lead),
            "Create Date": instants(sold.created),
            "Created by": words(world.staff.name, creator),
            "Close Date": instants(sold.closed).fill_null(expected),
            "Closed Lost Reason": words(company.LOST_REASONS, np.where(sold.state == LOST, sold.lost_reason, -1)),
            "Deal URL": links("deals", record),
        }
    )
    return _written(_twice(world, rows, "deals"), path)


def history(world: World, path: Path) -> int:
    """Write the deal stage history; returns the number of data rows."""
    changes = world.changes
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
    return _written(_twice(world, rows, "history"), path)


def users(world: World, path: Path) -> int:
    """Write the employees; returns the number of data rows."""
    staff = world.staff
    rows = pl.DataFrame(
        {
            "User ID": 301 + np.arange(len(staff.name)),
            "Name": staff.name,
            "Email": staff.email,
            "Team": words([row[0] for row in company.TEAMS], staff.team),
            "Department": words([row[1] for row in company.TEAMS], staff.team),
        }
    )
    return _written(rows, path)


def campaigns(world: World, path: Path) -> int:
    """Write the campaign list with budgets; returns the number of data rows."""
    scale = max(1.0, len(world.leads) / 6_000)
    first = epoch(world.window.first_day) // DAY
    planned = world.campaigns
    budgets = [round(c.weekly_cost * scale * (c.last_week - c.first_week + 1) * c.budget_factor, -2) for c in planned]
    rows = pl.DataFrame(
        {
            "Campaign ID": [c.campaign_id for c in planned],
            "Campaign name": [c.name for c in planned],
            "Channel": [c.channel for c in planned],
            "Start date": days(np.array([first + c.first_week * 7 for c in planned])).tolist(),
            "End date": days(np.array([first + c.last_week * 7 + 6 for c in planned])).tolist(),
            "Budget": [f"{budget:.2f}" for budget in budgets],
            "Currency": [c.currency for c in planned],
        }
    )
    return _written(rows, path)
