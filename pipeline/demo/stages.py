"""What becomes of a lead: qualification, handover, first answer, acceptance, opportunity — one cycle at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from . import company
from .clock import DAY, HOUR, MINUTE, NEVER, Seconds, Window, WorkingHours, to_local
from .people import Accounts, Dice, Employees, Leads


@dataclass
class Cycle:
    """One cycle of some leads; every instant `NEVER` where it has not happened by `as_of`."""

    number: int
    lead: NDArray[np.int64]
    entered: Seconds
    mql: Seconds
    assigned: Seconds
    answered: Seconds
    sal: Seconds
    sql: Seconds
    opportunity: Seconds
    disqualified: Seconds
    recycled: Seconds
    answer_minutes: NDArray[np.float64]  # business minutes assigned -> first human attempt
    is_fast: NDArray[np.bool_]
    has_sal_event: NDArray[np.bool_]  # false: sales skipped the step, it must be imputed
    steps_back: NDArray[np.bool_]  # moved back to MQL by mistake after the SQL
    reason: NDArray[np.int64]  # number within the reject or recycle reasons
    win_chance: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.lead)


@dataclass(frozen=True)
class Setting:
    """What a cycle is judged by, by lead."""

    leads: Leads
    accounts: Accounts
    staff: Employees
    window: Window
    office: WorkingHours
    saturday_office: WorkingHours
    win_odds: NDArray[np.float64]  # planted effect of the channels the account met, by lead


def with_odds(chance: NDArray | float, factor: NDArray | float) -> NDArray[np.float64]:
    """The chance after its odds were multiplied by a factor."""
    odds = np.asarray(chance) / (1 - np.asarray(chance)) * factor
    return odds / (1 + odds)


def _after(rng: np.random.Generator, start: Seconds, median: NDArray | float, sigma: float) -> Seconds:
    """A log-normal time after `start` (`NEVER` stays `NEVER`); `median` in seconds."""
    gap = np.minimum(median * np.exp(sigma * rng.standard_normal(len(start))), 200 * DAY)
    return np.where(start < NEVER, start + gap.astype(np.int64) + 1, NEVER)


def _in_office(office: WorkingHours, rng: np.random.Generator, instant: Seconds, within_hours: float) -> Seconds:
    """The instant moved into working time, some working hours later."""
    known = instant < NEVER
    moved = office.after(np.where(known, instant, 0), rng.uniform(60, within_hours * HOUR, len(instant)))
    return np.where(known, moved, NEVER)


def run(dice: Dice, number: int, lead: NDArray[np.int64], entered: Seconds, setting: Setting) -> Cycle:
    """Play cycle `number` of the leads that entered it."""
    rng = dice(f"cycle {number}")
    count = len(lead)
    leads, window, office = setting.leads, setting.window, setting.office
    channel, lead_type = leads.channel[lead], leads.lead_type[lead]
    again = 1.25 if number > 1 else 1.0

    qualifies = rng.random(count) < np.minimum(company.MQL_CHANCE[channel] * again, 0.95)
    jumps = ~qualifies & (rng.random(count) < 0.02)  # sales picked the lead itself: no MQL event
    mql = np.where(qualifies, _after(rng, entered, company.QUALIFY_HOURS[lead_type] * HOUR, 1.1), NEVER)
    routed = qualifies & (rng.random(count) >= 0.02)  # the others are never assigned
    assigned = np.where(routed, _after(rng, mql, 18.0 * MINUTE, 1.3), NEVER)

    minutes = _answer_minutes(rng, lead, assigned, setting)
    answers = routed & (rng.random(count) >= 0.03)
    answered = np.full(count, NEVER)
    on_saturdays = np.array([row[0] == company.SATURDAY_TEAM for row in company.TEAMS])[
        setting.staff.team[setting.accounts.owner[leads.account[lead]]]
    ]
    for hours, rows in ((office, answers & ~on_saturdays), (setting.saturday_office, answers & on_saturdays)):
        answered[rows] = hours.after(assigned[rows], minutes[rows] * MINUTE)
    is_fast = answers & (minutes <= company.FAST_MINUTES)

    accept = with_odds(
        company.ACCEPT_CHANCE, company.ACCEPT_ODDS[channel] * np.where(is_fast, company.FAST_ACCEPT_ODDS, 1.0)
    )
    accepted = (answers & (rng.random(count) < accept)) | jumps
    worked = np.where(jumps, _after(rng, entered, 2.0 * DAY, 0.8), answered)
    decided = _in_office(office, rng, worked, 7.0)
    sal = np.where(accepted, decided, NEVER)
    rejected = answers & ~accepted & (rng.random(count) < 0.8)  # the rest: silence

    good = accepted & (rng.random(count) < with_odds(company.SQL_CHANCE, np.where(is_fast, company.FAST_SQL_ODDS, 1.0)))
    sql = _in_office(office, rng, np.where(good, _after(rng, sal, 6.0 * DAY, 0.8), NEVER), 6.0)
    better = good & (rng.random(count) < with_odds(company.OPPORTUNITY_CHANCE, setting.win_odds[lead]))
    opportunity = _in_office(office, rng, np.where(better, _after(rng, sql, 9.0 * DAY, 0.8), NEVER), 6.0)

    ends = rejected | (accepted & ~better & (rng.random(count) < 0.7))
    last = np.where(good, sql, np.where(accepted, sal, answered))
    ended = np.where(
        rejected, decided, _in_office(office, rng, np.where(ends, _after(rng, last, 14.0 * DAY, 0.7), NEVER), 6.0)
    )
    comes_back = rng.random(count) < 0.34
    cycle = Cycle(
        number=number, lead=lead, entered=entered, mql=mql, assigned=assigned, answered=answered, sal=sal, sql=sql,
        opportunity=opportunity, disqualified=np.where(ends & ~comes_back, ended, NEVER),
        recycled=np.where(ends & comes_back, ended, NEVER), answer_minutes=minutes, is_fast=is_fast,
        has_sal_event=~(good & (rng.random(count) < 0.05)), steps_back=good & (rng.random(count) < 0.015),
        reason=rng.integers(0, 60, count), win_chance=with_odds(company.WIN_CHANCE, setting.win_odds[lead]),
    )  # fmt: skip
    for name in ("mql", "assigned", "answered", "sal", "sql", "opportunity", "disqualified", "recycled"):
        instant = getattr(cycle, name)
        instant[instant > window.as_of] = NEVER
    return cycle


def _answer_minutes(
    rng: np.random.Generator, lead: NDArray[np.int64], assigned: Seconds, setting: Setting
) -> NDArray[np.float64]:
    """Business minutes until sales' first attempt: by lead type, team, source, and worse on Friday afternoons."""
    channel, lead_type = setting.leads.channel[lead], setting.leads.lead_type[lead]
    team = setting.staff.team[setting.accounts.owner[setting.leads.account[lead]]]
    pace = np.array([row[3] for row in company.TEAMS])[team]
    slow = np.where(channel == company.CHANNEL[company.SLOW_CHANNEL], company.SLOW_FACTOR, 1.0)
    local = to_local(np.where(assigned < NEVER, assigned, 0))
    friday = ((local // DAY + 3) % 7 == 4) & (local % DAY >= 13 * HOUR)
    median = company.ANSWER_MINUTES[lead_type] * pace * slow * np.where(friday, company.FRIDAY_FACTOR, 1.0)
    return np.minimum(median * np.exp(0.9 * rng.standard_normal(len(lead))), 6_000.0)


def all_cycles(dice: Dice, setting: Setting) -> list[Cycle]:
    """Cycle 1 of every lead and up to two more of the recycled ones that came back."""
    lead, entered = np.arange(len(setting.leads)), setting.leads.created
    cycles = []
    for number in (1, 2, 3):
        cycle = run(dice, number, lead, entered, setting)
        cycles.append(cycle)
        rng = dice(f"return {number}")
        returned = _after(rng, cycle.recycled, 55.0 * DAY, 0.6)
        back = np.flatnonzero((returned <= setting.window.as_of) & (rng.random(len(cycle)) < 0.75))
        lead, entered = cycle.lead[back], returned[back]
    _back_date(dice, cycles[0])
    return cycles


def _back_date(dice: Dice, first: Cycle) -> None:
    """Planted: a few leads whose MQL event lies days before their creation, as after an import by hand."""
    rng = dice("back-dated")
    qualified = np.flatnonzero((first.mql < NEVER) & (first.assigned == NEVER))
    rows = rng.choice(qualified, size=min(len(qualified), max(3, len(first) // 800)), replace=False)
    first.mql[rows] = first.entered[rows] - rng.integers(1 * DAY, 4 * DAY, len(rows))
