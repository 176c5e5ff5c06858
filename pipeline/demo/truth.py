"""The planted truth: what a correct dashboard must find, counted from the simulation itself."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import ad_files, company, log, planted, promises, spend
from .clock import DAY, NEVER, epoch, to_local
from .damage import FIRST_CONTACT
from .deals import LOST, OPEN, WON
from .event_file import Visits
from .stages import Cycle
from .world import World


def of(world: World, rows: log.Rows, come: Visits, files: dict[str, int]) -> dict[str, Any]:
    """Everything a reader of the exports must arrive at; amounts are text with two decimals."""
    return {
        "arguments": {
            "seed": world.seed, "leads": len(world.leads), "touches": int((rows.type < log.TOUCH_TYPES).sum()),
            "as_of": _utc(world.window.as_of), "first_day": str(world.window.first_day),
        },
        "files": _files(world, files),
        "entities": _entities(world),
        "duplicates": _duplicates(world),
        "lead_stages": _stages(world),
        "new_leads_by_week": planted.weekly(world),
        "deals": _deals(world),
        "spend": _spend(world),
        "log": _log(world, rows),
        "events": {
            "attended": int(come.attended.sum()), "registered_only": int((~come.attended).sum()),
        },
        "promises": promises.of(world),
        "planted": planted.of(world, rows),
    }  # fmt: skip


def _utc(instant: int) -> str:
    return datetime.fromtimestamp(int(instant), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _files(world: World, written: dict[str, int]) -> dict[str, Any]:
    """Data rows as written, exact duplicates among them, total rows beside them (never to be counted)."""
    faults = world.faults.exact
    doubled = {
        "hubspot-crm-exports-contacts.csv": faults["contacts"],
        "hubspot-crm-exports-companies.csv": faults["companies"],
        "hubspot-crm-exports-deals.csv": faults["deals"],
        "hubspot-deal-stage-history.csv": faults["history"],
        "hubspot-activity-log.csv": faults["log"],
    }
    totals = {"Kampagnenbericht.csv": ad_files.GOOGLE_TOTALS}
    return {
        name: {
            "data_rows": count, "exact_duplicates": doubled.get(name, 0),
            "distinct_rows": count - doubled.get(name, 0), "total_rows": totals.get(name, 0),
        }
        for name, count in written.items()
    }  # fmt: skip


def _entities(world: World) -> dict[str, int]:
    leads, faults = world.leads, world.faults
    without_company = ~world.accounts.exists[leads.account]
    return {
        "persons": len(leads),
        "leads": len(leads),
        "contact_records": len(leads) + len(faults.twin_of) + len(faults.stale_rows),
        "persons_without_email": int((~leads.has_email).sum()),
        "persons_without_company": int(without_company.sum()),
        "accounts": int(world.accounts.exists.sum()),
        "account_records": int(world.accounts.exists.sum()) + len(faults.account_twin_of),
        "customers": int((world.customer_since[world.accounts.exists] >= 0).sum()),
        "employees": len(world.staff.name),
        "campaigns": len(world.campaigns),
        "deals": len(world.deals),
    }


def _duplicates(world: World) -> dict[str, Any]:
    faults = world.faults
    listed = [ids for ids in faults.merged_ids.values() if len(ids) > 1]
    gone = sum(map(len, faults.merged_ids.values()))
    chains = [[str(a), str(b), str(FIRST_CONTACT + c)] for c, (b, a) in sorted(faults.stale_rows.items())]
    twins = zip(faults.twin_of.tolist(), faults.twin_id.tolist(), strict=True)
    return {
        "same_person_other_spelling": len(faults.twin_of),
        "merged_one_id": len(faults.merged_ids) - len(listed),
        "merged_two_ids_in_one_row": len(listed),
        "merge_chains_over_two_rows": len(faults.stale_rows),
        "person_ids_merged_away": len(faults.twin_of) + gone + 2 * len(faults.stale_rows),
        "same_company_other_id": len(faults.account_twin_of),
        "examples": {
            "chain_a_b_c": chains[:3],
            "other_spelling": [[str(twin), str(FIRST_CONTACT + lead)] for lead, twin in twins][:3],
        },
    }


def _reached(world: World, cycle: Cycle) -> dict[str, int]:
    """Stages reached (a skipped one counts), outcomes, and what had to be imputed."""
    of_cycle = world.deals.cycle == cycle.number
    at = {name: getattr(cycle, name) < NEVER for name in ("mql", "sal", "sql", "opportunity")}
    sal_event = at["sal"] & (cycle.has_sal_event | ~at["sql"])
    mql = at["mql"] | at["sal"] | at["sql"] | at["opportunity"]
    return {
        "lead": len(cycle),
        "mql": int(mql.sum()),
        "sal": int((at["sal"] | at["sql"] | at["opportunity"]).sum()),
        "sql": int((at["sql"] | at["opportunity"]).sum()),
        "opportunity": int(at["opportunity"].sum()),
        "won": int((of_cycle & (world.deals.state == WON)).sum()),
        "lost": int((of_cycle & (world.deals.state == LOST)).sum()),
        "disqualified": int((cycle.disqualified < NEVER).sum()),
        "recycled": int((cycle.recycled < NEVER).sum()),
        "imputed_mql": int((mql & ~at["mql"]).sum()),
        "imputed_sal": int((at["sql"] & ~sal_event).sum()),
        "stepped_back": int((cycle.steps_back & (cycle.sql < world.window.as_of - DAY)).sum()),
        "assigned": int((cycle.assigned < NEVER).sum()),
        "qualified_never_assigned": int((at["mql"] & (cycle.assigned == NEVER)).sum()),
        "answered": int((cycle.answered < NEVER).sum()),
    }


def _stages(world: World) -> dict[str, Any]:
    by_cycle = {f"cycle_{cycle.number}": _reached(world, cycle) for cycle in world.cycles if len(cycle)}
    everything = {name: sum(row[name] for row in by_cycle.values()) for name in by_cycle["cycle_1"]}
    return {
        **by_cycle,
        "all_cycles": everything,
        "cycles_with_events": everything["lead"],
        "cycles_with_waiting_ones": len(world.leads) + everything["recycled"],
        "leads_recycled_once_or_more": by_cycle["cycle_1"]["recycled"],
    }


def _euro(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _eur_cents(world: World, cents: NDArray, is_swiss: NDArray, day: NDArray) -> NDArray[np.int64]:
    """Amounts in euro cents, rounded half up, at the newest rate on or before the day."""
    rate = spend.rate_on(world.rates, day)
    return np.where(is_swiss, (cents * rate + 5_000) // 10_000, cents)


def _deals(world: World) -> dict[str, Any]:
    deals = world.deals
    today = np.full(len(deals), epoch(world.window.last_day) // DAY)
    day = np.where(deals.state == OPEN, today, to_local(np.where(deals.state == OPEN, 0, deals.closed)) // DAY)
    euro = _eur_cents(world, deals.cents, deals.is_swiss, day)
    result: dict[str, Any] = {}
    for name, state in (("won", WON), ("lost", LOST), ("open", OPEN)):
        of_state = deals.state == state
        result[name] = {
            "deals": int(of_state.sum()),
            "without_lead": int((of_state & (deals.lead < 0)).sum()),
            "existing_customers": int((of_state & deals.is_existing).sum()),
            "amount_by_currency": {
                "EUR": _euro(int(deals.cents[of_state & ~deals.is_swiss].sum())),
                "CHF": _euro(int(deals.cents[of_state & deals.is_swiss].sum())),
            },
            "amount_eur": _euro(int(euro[of_state].sum())),
        }
    changed = world.changes
    result["history_rows"] = len(changed.deal)
    result["reopened"] = int(((changed.property == "stage") & (changed.old == company.LOST)).sum())
    result["win_rate"] = round(result["won"]["deals"] / (result["won"]["deals"] + result["lost"]["deals"]), 4)
    won = deals.state == WON
    weeks: dict[str, list[int]] = {}
    for week, cents in zip(((day[won] + 3) // 7).tolist(), euro[won].tolist(), strict=True):
        monday = str(np.datetime64(week * 7 - 3, "D"))
        pair = weeks.setdefault(monday, [0, 0])
        pair[0], pair[1] = pair[0] + 1, pair[1] + cents
    result["won_by_week"] = {
        monday: {"deals": count, "amount_eur": _euro(cents)} for monday, (count, cents) in sorted(weeks.items())
    }
    return result


def _spend(world: World) -> dict[str, Any]:
    """Cost by channel: exact per currency; the euro column converts each day's cost, rounded half up."""
    table: dict[str, dict[str, int]] = {}
    for number, campaign in enumerate(world.campaigns):
        of = world.spend.campaign == number
        if not of.any():
            continue
        cents = world.spend.cents[of]
        euro = _eur_cents(world, cents, np.full(len(cents), campaign.currency == "CHF"), world.spend.day[of])
        row = table.setdefault(company.CHANNEL_WORDS[company.CHANNEL[campaign.channel]], {})
        row[campaign.currency] = row.get(campaign.currency, 0) + int(cents.sum())
        row["in_eur"] = row.get("in_eur", 0) + int(euro.sum())
    fairs = sum(cents for *_, cents in world.fairs)
    table["event"] = {"EUR": fairs, "in_eur": fairs}
    return {channel: {key: _euro(cents) for key, cents in row.items()} for channel, row in sorted(table.items())}


def _log(world: World, rows: log.Rows) -> dict[str, Any]:
    """Distinct rows of the activity log by type; touches by channel; coverage."""
    is_touch = rows.type < log.TOUCH_TYPES
    by_type = np.bincount(rows.type, minlength=len(log.TYPES))
    by_channel = np.bincount(rows.channel[is_touch], minlength=len(company.CHANNELS))
    return {
        "distinct_rows": len(rows),
        "touches": int(is_touch.sum()),
        "anonymous_touches": int((is_touch & (rows.lead < 0)).sum()),
        "by_type": {name: int(by_type[number]) for number, name in enumerate(log.TYPES)},
        "touches_by_channel": {name: int(by_channel[number]) for number, name in enumerate(company.CHANNEL_WORDS)},
    }
