"""The demo's world in one place: simulated once, then written by the file modules and counted by `truth`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import company, people, spend, stages, touches
from . import deals as selling
from .clock import NEVER, Seconds, Window, to_local
from .damage import FIRST_CONTACT, Faults, plant
from .people import Accounts, Dice, Employees, Leads


@dataclass
class Latest:
    """What the CRM shows of a lead now; handover dates are those of the first cycle."""

    rank: NDArray[np.int64]
    status: NDArray[np.int64]
    owner: NDArray[np.int64]
    mql: Seconds
    assigned: Seconds


@dataclass
class World:
    """Everything that happened; see `simulate`."""

    seed: int
    dice: Dice
    window: Window
    staff: Employees
    campaigns: list[company.Campaign]
    leads: Leads
    accounts: Accounts
    setting: stages.Setting
    cycles: list[stages.Cycle]
    deals: selling.Deals
    changes: selling.Changes
    journeys: list[touches.Journeys]
    channel_set: NDArray[np.int64]  # channels an account met early, a bit per channel
    faults: Faults
    spend: spend.DailySpend
    fairs: list[tuple[int, int, int, int]]
    rates: dict[int, int]
    latest: Latest
    lead_campaign: NDArray[np.int64]
    account_seen: Seconds
    customer_since: NDArray[np.int64]
    company_of_lead: NDArray[np.int64]  # account number, or the number of its second record

    def deal_people(self) -> pl.Series:
        """Contact ids of each deal's buying group: the lead and up to three colleagues known by then."""
        counts = np.bincount(self.leads.account, minlength=len(self.accounts.exists))
        starts = np.concatenate([[0], np.cumsum(counts)])
        by_account = np.argsort(self.leads.account, kind="stable")
        groups: list[str | None] = []
        for lead, account, created in zip(
            self.deals.lead.tolist(), self.deals.account.tolist(), self.deals.created.tolist(), strict=True
        ):
            if lead < 0:
                groups.append(None)
                continue
            colleagues = [n for n in by_account[starts[account] : starts[account + 1]].tolist()
                          if n != lead and self.leads.created[n] <= created]  # fmt: skip
            groups.append(";".join(str(FIRST_CONTACT + n) for n in [lead, *colleagues[:3]]))
        return pl.Series(groups, dtype=pl.String)


def simulate(seed: int, count: int, touch_rows: int, window: Window) -> World:
    """Play 18 months. `touch_rows` is the number of distinct touches in the activity log."""
    dice = Dice(seed)
    staff = people.employees()
    campaigns = company.campaigns()
    leads, accounts = people.leads_and_accounts(dice, count, window, staff)
    office, saturday = people.working_hours(window)
    first = touches.creating(leads, dice, window)
    planted = touches.planted(dice, leads, window)
    free = touch_rows - len(first.lead) - len(planted.lead)
    if free < 0:
        raise ValueError(f"{count} leads need at least {touch_rows - free} touches, {touch_rows} were asked for")
    before = touches.early(leads, dice, round(free * 0.7), window)
    win_odds = touches.win_odds(before.channel_set, company.WIN_ODDS)[leads.account]
    setting = stages.Setting(leads, accounts, staff, window, office, saturday, win_odds)
    cycles = stages.all_cycles(dice, setting)
    after = touches.later(leads, dice, free - len(before.lead), cycles, window)
    deals, changes = selling.grow(dice, cycles, leads, accounts, window, office)
    faults = plant(dice, leads, accounts, len(deals))
    seen = np.full(len(accounts.exists), NEVER)
    np.minimum.at(seen, leads.account, leads.created)
    old = accounts.customer_since >= 0
    seen[old] = (accounts.customer_since[old] - 40) * 86_400
    first_won = np.full(len(seen), NEVER)
    won = deals.state == selling.WON
    np.minimum.at(first_won, deals.account[won], deals.closed[won])
    won_day = np.where(first_won < NEVER, to_local(np.where(first_won < NEVER, first_won, 0)) // 86_400, -1)
    picker = touches.CampaignPicker(campaigns, window)
    return World(
        seed=seed, dice=dice, window=window, staff=staff, campaigns=campaigns, leads=leads, accounts=accounts,
        setting=setting, cycles=cycles, deals=deals, changes=changes, journeys=[first, before, after, planted],
        channel_set=before.channel_set, faults=faults, spend=spend.daily(dice, campaigns, window, count),
        fairs=spend.fairs(campaigns, window, count), rates=spend.exchange_rates(dice, window),
        latest=_latest(cycles, deals, leads, accounts),
        lead_campaign=picker.pick(dice("lead campaign"), leads.channel, leads.created).astype(np.int64),
        account_seen=seen, customer_since=np.where(old, accounts.customer_since, won_day),
        company_of_lead=_company_of_lead(dice, leads, accounts, faults),
    )  # fmt: skip


def _latest(cycles: list[stages.Cycle], deals: selling.Deals, leads: Leads, accounts: Accounts) -> Latest:
    first = cycles[0]
    rank = np.zeros(len(leads), dtype=np.int64)
    for cycle in cycles:
        now = np.zeros(len(cycle), dtype=np.int64)
        for number, name in enumerate(("mql", "sal", "sql", "opportunity"), 1):
            now = np.where(getattr(cycle, name) < NEVER, number, now)
        now = np.where((cycle.disqualified < NEVER) | (cycle.recycled < NEVER), 6, now)
        rank[cycle.lead] = now
    won = deals.lead[(deals.state == selling.WON) & (deals.lead >= 0)]
    rank[won] = 5
    handed = first.assigned < NEVER
    status = np.select([rank == 6, rank >= 3, rank == 2, handed & (first.answered < NEVER), handed], [4, 3, 2, 2, 1], 0)
    # a qualified lead nobody was given to has no owner; all others belong to the territory's seller
    unassigned = (first.mql < NEVER) & ~handed
    owner = np.where(unassigned, -1, accounts.owner[leads.account])
    return Latest(rank, status, owner, first.mql, first.assigned)


def _company_of_lead(dice: Dice, leads: Leads, accounts: Accounts, faults: Faults) -> NDArray[np.int64]:
    """Half of the people of a doubled company hang on its second record."""
    rng = dice("company of lead")
    second = np.full(len(accounts.exists), -1)
    second[faults.account_twin_of] = len(accounts.exists) + np.arange(len(faults.account_twin_of))
    moves = (second[leads.account] >= 0) & (rng.random(len(leads)) < 0.5)
    return np.where(moves, second[leads.account], leads.account)
