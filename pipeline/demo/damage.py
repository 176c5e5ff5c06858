"""Planted faults of real exports: duplicate rows, one person as two records, merged records and merge chains."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from . import log
from .people import Accounts, Dice, Leads

FIRST_CONTACT, FIRST_COMPANY, FIRST_DEAL, FIRST_ACTIVITY = 51_000_001, 2_000_001, 9_000_001, 700_000_001


@dataclass
class Faults:
    """Who was duplicated; leads and accounts by number, records by CRM id."""

    twin_of: NDArray[np.int64]  # leads that exist a second time, with another spelling of the address
    twin_id: NDArray[np.int64]
    merged_ids: dict[int, list[int]] = field(default_factory=dict)  # lead -> ids merged into it, oldest first
    stale_rows: dict[int, tuple[int, int]] = field(
        default_factory=dict
    )  # chain A->B->C: lead C -> (B still exported, A)
    account_twin_of: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    exact: dict[str, int] = field(default_factory=dict)  # file -> rows that are written twice

    def aliases(self) -> dict[int, list[int]]:
        """All other ids a lead is known by in the activity log."""
        known = {lead: list(ids) for lead, ids in self.merged_ids.items()}
        for lead, (b, a) in self.stale_rows.items():
            known[lead] = [b, a]
        for lead, twin in zip(self.twin_of.tolist(), self.twin_id.tolist(), strict=True):
            known.setdefault(lead, []).append(twin)
        return known


def plant(dice: Dice, leads: Leads, accounts: Accounts, deals: int) -> Faults:
    """Choose the victims. Nobody is a victim twice."""
    rng = dice("faults")
    count = len(leads)
    able = np.flatnonzero(leads.has_email & (leads.created < np.quantile(leads.created, 0.9)))
    twins, simple, listed, stale = (max(2, count // share) for share in (250, 200, 600, 500))
    victims = rng.permutation(able)[: twins + simple + listed + stale]
    fresh = iter(range(FIRST_CONTACT + count, FIRST_CONTACT + count + 4 * len(victims)))
    twin_of = np.sort(victims[:twins])
    faults = Faults(twin_of, np.array([next(fresh) for _ in range(len(twin_of))]))
    for lead in victims[twins : twins + simple].tolist():
        faults.merged_ids[lead] = [next(fresh)]
    for lead in victims[twins + simple : twins + simple + listed].tolist():
        faults.merged_ids[lead] = [next(fresh), next(fresh)]
    for lead in victims[twins + simple + listed :].tolist():
        faults.stale_rows[lead] = (next(fresh), next(fresh))
    real = np.flatnonzero(accounts.exists)
    faults.account_twin_of = np.sort(rng.choice(real, size=max(2, len(real) // 400), replace=False))
    faults.exact = {
        "contacts": max(3, count // 200), "companies": max(2, count // 1_000), "deals": max(2, deals // 100),
        "history": max(3, deals // 60), "log": max(5, count // 60),
    }  # fmt: skip
    return faults


def contact_ids(dice: Dice, faults: Faults, rows: log.Rows) -> NDArray[np.int64]:
    """Contact id of each log row (-1 = anonymous); touches of merged people partly carry their old ids."""
    rng = dice("aliases")
    contact = np.where(rows.lead >= 0, rows.lead.astype(np.int64) + FIRST_CONTACT, -1)
    aliases = faults.aliases()
    victims = np.array(sorted(aliases))
    touched = np.flatnonzero((rows.type < log.TOUCH_TYPES) & np.isin(rows.lead, victims))
    draw = rng.random((len(touched), 2))
    for row, (chance, which) in zip(touched.tolist(), draw.tolist(), strict=True):
        if chance < 0.4:
            known = aliases[int(rows.lead[row])]
            contact[row] = known[int(which * len(known))]
    return contact


def doubled(rng: np.random.Generator, rows: int, times: int) -> NDArray[np.int64]:
    """Row numbers in writing order, `times` of them written twice in a row."""
    twice = rng.choice(rows, size=min(times, rows), replace=False)
    return np.sort(np.concatenate([np.arange(rows), twice]))
