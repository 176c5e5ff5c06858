"""What sales did and what the CRM noted: attempts, mails, meetings, tasks, stage changes, deal work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import company, log
from .clock import DAY, HOUR, NEVER, Window, at_human_hour
from .deals import Deals
from .people import Dice
from .stages import Cycle, Setting

REASONS = company.REJECT_REASONS + company.RECYCLE_REASONS
_CALL, _MAIL, _MEETING, _TASK, _NOTE, _STAGE = (
    log.TYPE[name] for name in ("Call", "Email", "Meeting", "Task", "Note", "Lifecycle stage change")
)
_OUT, _IN = 0, 1


def stage_changes(cycle: Cycle, setting: Setting) -> list[log.Rows]:
    """The lifecycle events of a cycle."""
    owner = setting.accounts.owner[setting.leads.account[cycle.lead]]
    blocks = []

    def event(rows: NDArray, at: NDArray, stage: str, reason: NDArray | int = -1) -> None:
        lead = cycle.lead[rows]
        by = owner[rows] if stage not in ("Lead", "Marketing Qualified Lead") else -1
        blocks.append(log.rows(at, type=_STAGE, lead=lead, account=setting.leads.account[lead], owner=by,
                               stage=log.STAGE[stage], reason=reason))  # fmt: skip

    everyone = np.arange(len(cycle))
    event(everyone, cycle.entered, "Lead")
    for name, stage in (
        ("mql", "Marketing Qualified Lead"),
        ("sql", "Sales Qualified Lead"),
        ("opportunity", "Opportunity"),
    ):
        rows = np.flatnonzero(getattr(cycle, name) < NEVER)
        event(rows, getattr(cycle, name)[rows], stage)
    rows = np.flatnonzero((cycle.sal < NEVER) & (cycle.has_sal_event | (cycle.sql == NEVER)))
    event(rows, cycle.sal[rows], "Sales Accepted Lead")
    rows = np.flatnonzero(cycle.steps_back & (cycle.sql < setting.window.as_of - DAY))
    event(rows, cycle.sql[rows] + 2 * HOUR, "Marketing Qualified Lead")
    rejects, recycles = len(company.REJECT_REASONS), len(company.RECYCLE_REASONS)
    rows = np.flatnonzero(cycle.disqualified < NEVER)
    event(rows, cycle.disqualified[rows], "Disqualified", cycle.reason[rows] % rejects)
    rows = np.flatnonzero(cycle.recycled < NEVER)
    event(rows, cycle.recycled[rows], "Recycled", rejects + cycle.reason[rows] % recycles)
    return blocks


def attempts(dice: Dice, cycle: Cycle, setting: Setting) -> list[log.Rows]:
    """Automatic mails and tasks, the attempts to reach the lead, and the contact that came of them."""
    rng = dice(f"attempts {cycle.number}")
    owner_of = setting.accounts.owner[setting.leads.account]
    blocks = []

    def add(lead: NDArray, at: NDArray, **given: object) -> None:
        keep = at <= setting.window.as_of
        given = {name: value[keep] if isinstance(value, np.ndarray) else value for name, value in given.items()}
        blocks.append(log.rows(at[keep], lead=lead[keep], account=setting.leads.account[lead[keep]], **given))

    greeted = np.flatnonzero(setting.leads.has_email[cycle.lead] & (rng.random(len(cycle)) < 0.85))
    add(cycle.lead[greeted], cycle.entered[greeted] + rng.integers(20, 240, len(greeted)), type=_MAIL, direction=_OUT,
        outcome=log.OUTCOME["Sent"], is_automatic=True)  # fmt: skip
    handed = np.flatnonzero(cycle.assigned < NEVER)
    lead = cycle.lead[handed]
    add(lead, cycle.assigned[handed] + 2, type=_TASK, is_automatic=True, owner=owner_of[lead])

    worked = np.flatnonzero(cycle.answered < NEVER)
    lead, at = cycle.lead[worked], cycle.answered[worked]
    tries = np.minimum(rng.geometric(0.5, len(worked)), 6)
    reaches = (rng.random(len(worked)) < 0.9) | (cycle.sal[worked] < NEVER)
    for number in range(1, 7):
        still = tries >= number
        lead, at, tries, reaches = lead[still], at[still], tries[still], reaches[still]
        if not len(lead):
            break
        by_phone = rng.random(len(lead)) < 0.68
        succeeds = (tries == number) & reaches
        fails = np.array([log.OUTCOME[name] for name in ("No answer", "Left voicemail", "Busy")])[
            rng.integers(0, 3, len(lead))
        ]
        outcome = np.where(by_phone, np.where(succeeds, log.OUTCOME["Connected"], fails), log.OUTCOME["Sent"])
        add(lead, at, type=np.where(by_phone, _CALL, _MAIL), direction=_OUT, outcome=outcome, is_automatic=False,
            owner=owner_of[lead])  # fmt: skip
        replies = np.flatnonzero(succeeds & ~by_phone)
        add(lead[replies], at[replies] + rng.integers(HOUR, 20 * HOUR, len(replies)), type=_MAIL, direction=_IN,
            owner=owner_of[lead[replies]])  # fmt: skip
        at = setting.office.after(at, rng.uniform(3, 9, len(lead)) * HOUR)

    talks = np.flatnonzero((cycle.sql < NEVER) & (rng.random(len(cycle)) < 0.8))
    lead = cycle.lead[talks]
    add(lead, cycle.sql[talks] - HOUR, type=_MEETING, direction=_OUT, outcome=log.OUTCOME["Completed"],
        owner=owner_of[lead])  # fmt: skip
    notes = np.flatnonzero((cycle.sal < NEVER) & (rng.random(len(cycle)) < 0.4))
    lead = cycle.lead[notes]
    add(lead, cycle.sal[notes] + 300, type=_NOTE, owner=owner_of[lead])
    return blocks


def deal_work(dice: Dice, deals: Deals, setting: Setting, window: Window) -> list[log.Rows]:
    """Calls, mails and meetings while a deal is open."""
    rng = dice("deal work")
    times = rng.integers(3, 10, len(deals))
    deal = np.repeat(np.arange(len(deals)), times)
    begin, end = deals.created[deal], np.minimum(deals.closed[deal], window.as_of)
    at = at_human_hour(rng, begin + (rng.random(len(deal)) * (end - begin)).astype(np.int64))
    fits = (at >= begin) & (at <= end) & (deals.lead[deal] >= 0)
    deal, at = deal[fits], at[fits]
    kind = np.array([_CALL, _MAIL, _MEETING])[rng.choice(3, size=len(deal), p=[0.4, 0.4, 0.2])]
    held = np.where(rng.random(len(deal)) < 0.9, log.OUTCOME["Completed"], log.OUTCOME["No show"])
    outcome = np.select([kind == _CALL, kind == _MAIL], [log.OUTCOME["Connected"], log.OUTCOME["Sent"]], held)
    lead = deals.lead[deal]
    return [log.rows(at, type=kind, lead=lead, account=deals.account[deal], direction=_OUT, outcome=outcome,
                     owner=setting.accounts.owner[deals.account[deal]])]  # fmt: skip
