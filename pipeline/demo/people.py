"""Who there is: employees, companies, and the people of their buying groups with the moment each became a lead."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from . import company, names
from .clock import DAY, HOUR, HOURS, Seconds, Window, WorkingHours, epoch, to_utc

SHIFT_WEEK = 71  # planted: far more new leads than usual
SHIFT_FACTOR = 1.9
GAP_WEEK = 37  # planted: the consent banner was broken, no web touch was recorded
GAP_DAYS = 6


class Dice:
    """One random stream per subject, so that a change in one leaves the others as they were."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __call__(self, subject: str) -> np.random.Generator:
        return np.random.default_rng([self._seed, zlib.crc32(subject.encode())])


@dataclass(frozen=True)
class Employees:
    """All employees; `team` numbers `company.TEAMS`."""

    name: list[str]
    email: list[str]
    team: NDArray[np.int64]

    def of_team(self, team: int) -> NDArray[np.int64]:
        """Their numbers."""
        return np.flatnonzero(self.team == team)


@dataclass(frozen=True)
class Accounts:
    """Companies; `exists` is false for the placeholder of a person without company."""

    exists: NDArray[np.bool_]
    region: NDArray[np.int64]
    segment: NDArray[np.int64]
    industry: NDArray[np.int64]
    heads: NDArray[np.int64]
    owner: NDArray[np.int64]
    customer_since: NDArray[np.int64]  # days since 1970 before the window, -1 = none


@dataclass(frozen=True)
class Leads:
    """One row per person, who is one lead; ordered by `created`."""

    account: NDArray[np.int64]
    created: Seconds
    channel: NDArray[np.int64]
    source: NDArray[np.int64]  # number within the channel's sources
    lead_type: NDArray[np.int64]
    has_email: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.account)


def employees() -> Employees:
    """The same people in every demo."""
    heads = [count for *_, count, _ in company.TEAMS]
    team = np.repeat(np.arange(len(heads)), heads)
    frame = names.people(np.arange(len(team)) + 4_001)
    return Employees(
        (frame["first"] + " " + frame["last"]).to_list(), (frame["slug"] + "@maschinen-demo.example").to_list(), team
    )


def _cells(window: Window) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Expected share of new leads by channel and day, and the days (since 1970)."""
    count = (window.last_day - window.first_day).days + 1
    dates = [window.first_day + timedelta(days=n) for n in range(count)]
    growth = np.linspace(0.78, 1.22, count)
    season = np.array([_season(day.month, day.day) for day in dates])
    weekday = np.array([1.0, 1.1, 1.08, 1.04, 0.8, 0.16, 0.13])[[day.weekday() for day in dates]]
    base = growth * season * weekday
    base[SHIFT_WEEK * 7 : SHIFT_WEEK * 7 + 7] *= SHIFT_FACTOR
    share = np.outer(company.LEAD_SHARE, base / base.sum())
    fairs = np.zeros(count)
    for _, week, _ in company.FAIRS:
        first = week * 7 + 1  # Tuesday to Friday
        fairs[first : first + 4] += 0.09
        fairs[first + 6 : first + 34] += 0.64 / 28 * weekday[first + 6 : first + 34] / weekday.mean()
    event = company.CHANNEL["Event"]
    share[event] = company.LEAD_SHARE[event] * fairs / fairs.sum()
    share[company.CHANNEL["Paid Social"], SHIFT_WEEK * 7 : SHIFT_WEEK * 7 + 7] *= 1.8
    return share / share.sum(), np.arange(count) + epoch(window.first_day) // DAY


def _season(month: int, day: int) -> float:
    if month == 8:
        return 0.68
    if (month, day) >= (12, 21) or (month, day) <= (1, 6):
        return 0.3
    return {7: 0.9, 12: 0.85}.get(month, 1.04)


def leads_and_accounts(dice: Dice, count: int, window: Window, staff: Employees) -> tuple[Leads, Accounts]:
    """`count` leads in the window and the companies they belong to."""
    rng = dice("leads")
    share, days = _cells(window)
    cell = rng.choice(share.size, size=count, p=share.ravel())
    channel, at_day = np.divmod(cell, share.shape[1])
    hour = np.minimum(np.searchsorted(np.cumsum(HOURS / HOURS.sum()), rng.random(count), side="right"), 23)
    local = days[at_day] * DAY + hour * HOUR + rng.integers(0, HOUR, count)
    created = to_utc(local)
    late = created > window.as_of - 60
    created = np.where(late, created - 7 * DAY, created)  # the running day is not over yet
    order = np.lexsort((rng.random(count), created))
    channel, created = channel[order], created[order]
    account = _buying_groups(rng, count)
    sources = np.array([len(company.SOURCES[name]) for name in company.CHANNEL_NAMES])
    lead_type = _draw(rng, company.LEAD_TYPE_MIX[channel])
    leads = Leads(account, created, channel, (rng.random(count) * sources[channel]).astype(np.int64), lead_type,
                  np.ones(count, dtype=bool))  # fmt: skip
    accounts = _accounts(dice("accounts"), int(account.max()) + 1, window, staff)
    # chats of people who never said who they are: neither address nor company
    alone = np.bincount(account, minlength=len(accounts.exists))[account] == 1
    nameless = alone & np.isin(channel, [company.CHANNEL["Organic Search"], company.CHANNEL["Direct Traffic"]])
    nameless &= rng.random(count) < 0.22
    leads.has_email[nameless] = False
    accounts.exists[account[nameless]] = False
    accounts.customer_since[account[nameless]] = -1
    return leads, accounts


def _draw(rng: np.random.Generator, shares: NDArray[np.float64]) -> NDArray[np.int64]:
    """One column number per row, drawn by the row's shares."""
    edges = np.cumsum(shares, axis=1)
    return np.minimum((rng.random(len(shares))[:, None] > edges).sum(axis=1), shares.shape[1] - 1)


def _buying_groups(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Account of each lead in order of time: 1 to 7 colleagues who turn up within some weeks of each other."""
    sizes = np.minimum(rng.geometric(0.42, size=count), 7)
    account = np.repeat(np.arange(count), sizes)[:count]
    begins = rng.random(int(account.max()) + 1)
    key = begins[account] + rng.exponential(0.05, count)  # 5 % of 18 months = four weeks
    by_time = np.argsort(key, kind="stable")
    account = account[by_time]
    _, number = np.unique(account, return_inverse=True)
    first_seen = np.full(int(number.max()) + 1, count)
    np.minimum.at(first_seen, number, np.arange(count))
    rank = np.empty(len(first_seen), dtype=np.int64)
    rank[np.argsort(first_seen)] = np.arange(len(first_seen))
    return rank[number]


def _accounts(rng: np.random.Generator, count: int, window: Window, staff: Employees) -> Accounts:
    region = rng.choice(len(company.REGIONS), size=count, p=np.array([row[2] for row in company.REGIONS]))
    segment = rng.choice(len(company.SEGMENTS), size=count, p=np.array([row[1] for row in company.SEGMENTS]))
    low = np.array([row[3] for row in company.SEGMENTS])[segment]
    high = np.array([row[4] for row in company.SEGMENTS])[segment]
    heads = np.exp(rng.uniform(np.log(low), np.log(high + 1))).astype(np.int64)
    team = np.array([row[3] for row in company.REGIONS])[region]
    abroad = team == company.SALES_TEAMS.index("Vertrieb Alpen")
    small = (segment == company.SMALL_SEGMENT) & ~abroad & (rng.random(count) < 0.7)
    team = np.where(small, company.SALES_TEAMS.index(company.SATURDAY_TEAM), team)
    owner = np.zeros(count, dtype=np.int64)
    for number in range(len(company.SALES_TEAMS)):
        of_team = np.flatnonzero(team == number)
        owner[of_team] = rng.choice(staff.of_team(number), size=len(of_team))
    since = epoch(window.first_day) // DAY - rng.integers(30, 3000, count)
    customer_since = np.where(rng.random(count) < 0.11, since, -1)
    industry = rng.integers(0, len(company.INDUSTRIES), count)
    return Accounts(np.ones(count, dtype=bool), region, segment, industry, heads, owner, customer_since)


def working_hours(window: Window) -> tuple[WorkingHours, WorkingHours]:
    """Working hours of the weekday teams and of the Saturday team, from months before the window to a year after."""
    first, last = window.first_day - timedelta(days=120), window.last_day + timedelta(days=500)
    return WorkingHours(first, last, saturday=False), WorkingHours(first, last, saturday=True)
