"""The demo company: exports in real formats of an invented machine-tool supplier, with planted truth beside them.

The truth is the generator's own bookkeeping. Nothing here imports the pipeline, the agreement or the measures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from . import ad_files, company, crm_files, event_file, log_file, truth
from .clock import window
from .world import simulate

Truth = dict[str, Any]
Progress = Callable[[str, float], None]
DEFAULT_AS_OF = datetime(2026, 11, 23, 6, 0)  # Berlin time, a Monday
DEFAULT_SEED = 20_261_123
TOUCHES_PER_LEAD = 10


def write(
    out: Path,
    leads: int = 6_000,
    touches: int | None = None,
    seed: int = DEFAULT_SEED,
    as_of: datetime = DEFAULT_AS_OF,
    progress: Progress | None = None,
) -> Truth:
    """Write all export files and `truth.json` into `out` (made if missing) and return the truth.

    `touches` counts the distinct touch rows of the activity log (default ten per lead); a naive `as_of` is Berlin
    time. `progress` is called with a step's name and the share done (0 to 1). Same arguments, same bytes.
    """
    if leads < 200:
        raise ValueError("a demo company needs at least 200 leads")
    tell = progress or (lambda step, share: None)
    out.mkdir(parents=True, exist_ok=True)
    tell("company", 0.0)
    world = simulate(
        seed, leads, TOUCHES_PER_LEAD * leads if touches is None else touches, window(as_of, company.WEEKS)
    )
    files: dict[str, int] = {}
    tell("customer files", 0.3)
    files["hubspot-crm-exports-contacts.csv"] = crm_files.contacts(world, out / "hubspot-crm-exports-contacts.csv")
    files["hubspot-crm-exports-companies.csv"] = crm_files.companies(world, out / "hubspot-crm-exports-companies.csv")
    files["hubspot-crm-exports-deals.csv"] = crm_files.deals_file(world, out / "hubspot-crm-exports-deals.csv")
    files["hubspot-deal-stage-history.csv"] = crm_files.history(
        world, world.changes, out / "hubspot-deal-stage-history.csv"
    )
    files["hubspot-users.csv"] = crm_files.users(world, out / "hubspot-users.csv")
    files["hubspot-campaigns.csv"] = crm_files.campaigns_file(world, out / "hubspot-campaigns.csv")
    tell("advertising", 0.4)
    files["Kampagnenbericht.csv"] = ad_files.google(world, out / "Kampagnenbericht.csv")
    files["linkedin-campaign-performance.csv"] = ad_files.linkedin(world, out / "linkedin-campaign-performance.csv")
    files["exchange_rates.csv"] = ad_files.exchange_rates(world, out / "exchange_rates.csv")
    come = event_file.visits(world)
    guests, fairs = event_file.write(world, come, out / "messen-und-events.xlsx")
    files["messen-und-events.xlsx/Teilnehmer"], files["messen-und-events.xlsx/Kosten"] = guests, fairs
    tell("activity log", 0.5)
    rows = log_file.rows(world)
    files["hubspot-activity-log.csv"] = log_file.write(
        world, rows, out / "hubspot-activity-log.csv", lambda step, share: tell(step, 0.6 + 0.4 * share)
    )
    known = truth.of(world, rows, come, files)
    (out / "truth.json").write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    tell("done", 1.0)
    return known
