"""Deals: how an opportunity grows, is pushed, reopened, won or lost, with every change on record."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from . import company
from .clock import DAY, HOUR, NEVER, Seconds, Window, WorkingHours, to_local
from .people import Accounts, Dice, Leads
from .stages import Cycle

OPEN, WON, LOST = 0, 1, 2


@dataclass
class Deals:
    """One row per deal, ordered by creation; days since 1970 for dates, amounts in cents."""

    lead: NDArray[np.int64]  # -1: business with an existing customer, no lead
    cycle: NDArray[np.int64]
    account: NDArray[np.int64]
    created: Seconds
    state: NDArray[np.int64]
    closed: Seconds
    stage: NDArray[np.int64]  # last open stage reached
    cents: NDArray[np.int64]
    is_swiss: NDArray[np.bool_]
    expected_day: NDArray[np.int64]
    lost_reason: NDArray[np.int64]
    machine: NDArray[np.int64]
    is_existing: NDArray[np.bool_]
    by_marketing: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.lead)


@dataclass
class Changes:
    """The stage history; values as text."""

    deal: NDArray[np.int64]
    at: Seconds
    property: NDArray[np.str_]
    old: NDArray[np.str_]
    new: NDArray[np.str_]


@dataclass
class _Openings:
    """Opportunities before anybody knows how they end."""

    lead: NDArray[np.int64]
    cycle: NDArray[np.int64]
    account: NDArray[np.int64]
    created: Seconds
    chance: NDArray[np.float64]


def _openings(
    rng: np.random.Generator,
    cycles: list[Cycle],
    leads: Leads,
    accounts: Accounts,
    window: Window,
    office: WorkingHours,
) -> _Openings:
    """Opportunities of leads, repeat business with customers, and what was in the pipeline when the window opens."""
    reached = [(cycle, np.flatnonzero(cycle.opportunity < NEVER)) for cycle in cycles]
    legacy = round(len(leads) * company.LEGACY_SHARE)
    repeat = round(len(leads) * company.REPEAT_SHARE) + legacy
    customers = np.flatnonzero(accounts.customer_since >= 0)
    again = rng.choice(customers, size=repeat, replace=repeat > len(customers))
    begun = window.start + (rng.random(repeat) * (window.as_of - window.start - 3 * DAY)).astype(np.int64)
    begun[:legacy] = window.start - rng.integers(1 * DAY, 100 * DAY, legacy)
    begun = np.minimum(office.after(begun, rng.uniform(60, 6 * HOUR, repeat)), window.as_of - HOUR)
    lead = np.concatenate([*(cycle.lead[at] for cycle, at in reached), np.full(repeat, -1)])
    opened = _Openings(
        lead=lead,
        cycle=np.concatenate([*(np.full(len(at), cycle.number) for cycle, at in reached), np.zeros(repeat, dtype=int)]),
        account=np.concatenate([leads.account[lead[lead >= 0]], again]),
        created=np.concatenate([*(cycle.opportunity[at] for cycle, at in reached), begun]),
        chance=np.concatenate(
            [*(cycle.win_chance[at] for cycle, at in reached), np.full(repeat, company.REPEAT_WIN_CHANCE)]
        ),
    )
    order = np.lexsort((opened.account, opened.created))
    return _Openings(**{f.name: getattr(opened, f.name)[order] for f in fields(_Openings)})


def grow(
    dice: Dice, cycles: list[Cycle], leads: Leads, accounts: Accounts, window: Window, office: WorkingHours
) -> tuple[Deals, Changes]:
    """All deals of the window and their history."""
    rng = dice("deals")
    opened = _openings(rng, cycles, leads, accounts, window, office)
    count, created = len(opened.lead), opened.created
    segment, repeat = accounts.segment[opened.account], opened.lead < 0
    wins = rng.random(count) < opened.chance
    slowness = np.array([0.8, 1.0, 1.45])[segment] * np.where(wins, 1.0, 1.15)
    cycle_days = np.where(repeat, 38.0, 66.0) * slowness * np.exp(0.55 * rng.standard_normal(count))
    cycle_days = np.clip(cycle_days, 5, 330) + np.maximum(window.start - created, 0) / DAY
    closed = office.after(created + (cycle_days * DAY).astype(np.int64), rng.uniform(60, 7 * HOUR, count))
    is_closed = closed <= window.as_of
    factor = np.array([row[2] for row in company.SEGMENTS])[segment] * np.where(repeat, 0.7, 1.0)
    amount = np.clip(62_000 * factor * np.exp(0.62 * rng.standard_normal(count)), 15_000, 400_000)
    swiss = np.array([row[1] == "Schweiz" for row in company.REGIONS])[accounts.region[opened.account]]
    cents = np.round(amount / 100).astype(np.int64) * 100_00
    odd = ~swiss & (rng.random(count) < 0.25)  # some amounts are not round
    cents += np.where(odd, rng.integers(1, 9_999, count), 0)
    deals = Deals(
        lead=opened.lead, cycle=opened.cycle, account=opened.account, created=created,
        state=np.where(is_closed, np.where(wins, WON, LOST), OPEN), closed=np.where(is_closed, closed, NEVER),
        stage=np.zeros(count, dtype=np.int64), cents=cents, is_swiss=swiss,
        expected_day=np.zeros(count, dtype=np.int64),
        lost_reason=rng.choice(len(company.LOST_REASONS), size=count, p=[0.28, 0.24, 0.18, 0.09, 0.08, 0.13]),
        machine=rng.integers(0, len(company.MACHINES), count), is_existing=accounts.customer_since[opened.account] >= 0,
        by_marketing=rng.random(count) < 0.1,
    )  # fmt: skip
    return deals, _history(rng, deals, closed, wins, window)


def _history(rng: np.random.Generator, deals: Deals, ends: Seconds, wins: NDArray, window: Window) -> Changes:
    """Every change up to `as_of`; sets the last stage, amount and expected day of the deals on the way."""
    count = len(deals)
    number = np.arange(count)
    life = ends - deals.created
    blocks: list[tuple[NDArray, NDArray, str, NDArray, NDArray]] = []
    names = np.array([*company.DEAL_STAGES, company.WON, company.LOST])

    def note(rows: NDArray, at: Seconds, what: str, old: NDArray, new: NDArray) -> None:
        blocks.append((number[rows], at, what, np.asarray(old, dtype=str), np.asarray(new, dtype=str)))

    # stages: won deals pass all, lost ones stop somewhere
    steps = np.sort(rng.uniform(0.05, 0.97, (count, 4)), axis=1)
    reach = np.where(wins, 4, rng.choice(5, size=count, p=[0.16, 0.26, 0.26, 0.18, 0.14]))
    note(number, deals.created, "stage", np.full(count, ""), np.full(count, names[0]))
    for step in range(4):
        at = deals.created + (steps[:, step] * life).astype(np.int64)
        rows = (reach > step) & (at <= window.as_of)
        note(rows, at[rows], "stage", np.full(rows.sum(), names[step]), np.full(rows.sum(), names[step + 1]))
        deals.stage[rows] = step + 1
    # reopened: called lost, taken up again, in the end won
    reopened = number[(deals.state == WON) & (life > 40 * DAY)][:: max(1, count // 40)]
    lost_at = deals.created[reopened] + (0.975 * life[reopened]).astype(np.int64)
    back_at = deals.created[reopened] + (0.99 * life[reopened]).astype(np.int64)
    note(reopened, lost_at, "stage", names[deals.stage[reopened]], np.full(len(reopened), company.LOST))
    note(reopened, back_at, "stage", np.full(len(reopened), company.LOST), names[deals.stage[reopened]])
    closed = deals.state != OPEN
    final = np.where(deals.state == WON, company.WON, company.LOST)
    note(closed, deals.closed[closed], "stage", names[deals.stage[closed]], final[closed])
    # amounts: half of the deals are corrected once
    first = np.where(
        rng.random(count) < 0.45, np.round(deals.cents * rng.uniform(0.7, 1.35, count) / 100_00) * 100_00, deals.cents
    )
    first = first.astype(np.int64)
    at = deals.created + (rng.uniform(0.1, 0.95, count) * life).astype(np.int64)
    changed = (first != deals.cents) & (at <= window.as_of)
    deals.cents = np.where((first != deals.cents) & ~changed, first, deals.cents)
    note(number, deals.created, "amount", np.full(count, ""), money(first))
    note(changed, at[changed], "amount", money(first[changed]), money(deals.cents[changed]))
    # expected close: a guess at first, pushed out when it draws near
    day_of = to_local(deals.created) // DAY
    last_day = to_local(np.minimum(ends, window.as_of)) // DAY
    expected = day_of + np.array([30, 60, 90])[rng.choice(3, size=count, p=[0.3, 0.5, 0.2])]
    note(number, deals.created, "close date", np.full(count, ""), days(expected))
    patience = np.where(rng.random(count) < 0.08, 0, 12)  # some sellers forget to push: overdue
    for _ in range(12):
        rows = (expected < last_day) & (patience > 0)
        if not rows.any():
            break
        at = np.minimum((expected[rows] - 1) * DAY + rng.integers(8 * HOUR, 15 * HOUR, rows.sum()), window.as_of)
        later = expected[rows] + np.array([14, 30, 45])[rng.integers(0, 3, rows.sum())]
        note(rows, np.maximum(at, deals.created[rows] + HOUR), "close date", days(expected[rows]), days(later))
        expected[rows] = later
        patience[rows] -= 1
    close_day = to_local(np.where(closed, deals.closed, 0)) // DAY
    moved = closed & (expected != close_day)
    note(moved, deals.closed[moved], "close date", days(expected[moved]), days(close_day[moved]))
    deals.expected_day = np.where(closed, close_day, expected)
    deal = np.concatenate([block[0] for block in blocks])
    at = np.concatenate([block[1] for block in blocks])
    what = np.concatenate([np.full(len(block[0]), block[2]) for block in blocks])
    old, new = (np.concatenate([block[n] for block in blocks]) for n in (3, 4))
    order = np.lexsort((what, deal, at))
    return Changes(deal[order], at[order], what[order], old[order], new[order])


def money(cents: NDArray) -> NDArray[np.str_]:
    """Amounts as the CRM writes them: a point and two digits."""
    return np.array(
        [f"{value // 100}.{value % 100:02d}" for value in np.asarray(cents, dtype=np.int64).tolist()], dtype=str
    )


def days(day: NDArray) -> NDArray[np.str_]:
    """Days since 1970 as YYYY-MM-DD."""
    return np.asarray(day).astype("datetime64[D]").astype(str)
