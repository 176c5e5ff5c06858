"""The demo company: exports in real formats of an invented machine-tool supplier, with planted truth beside them.

The truth is the generator's own bookkeeping. Nothing here imports the pipeline, the agreement or the measures.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from . import ad_files, agreement_file, company, contacts_file, crm_files, event_file, log_file, truth
from .clock import window
from .world import World, simulate

Truth = dict[str, Any]
Progress = Callable[[str, float], None]
DEFAULT_AS_OF = datetime(2026, 11, 23, 6, 0)  # noqa: DTZ001 - naive is Berlin time; a Monday
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
    """Write all export files, `agreement.toml` and `truth.json` into `out` (made if missing) and return the truth.

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

    def add(writer: Callable[[World, Path], int], name: str) -> None:
        files[name] = writer(world, out / name)

    tell("customers", 0.2)
    add(contacts_file.write, "hubspot-crm-exports-contacts.csv")
    add(crm_files.companies, "hubspot-crm-exports-companies.csv")
    add(crm_files.deals, "hubspot-crm-exports-deals.csv")
    add(crm_files.history, "hubspot-deal-stage-history.csv")
    add(crm_files.users, "hubspot-users.csv")
    add(crm_files.campaigns, "hubspot-campaigns.csv")
    tell("advertising", 0.5)
    add(ad_files.google, "Kampagnenbericht.csv")
    add(ad_files.linkedin, "linkedin-campaign-performance.csv")
    add(ad_files.exchange_rates, "exchange_rates.csv")
    visits = event_file.visits(world)
    sheets = event_file.write(world, visits, out / "messen-und-events.xlsx")
    files |= {f"messen-und-events.xlsx/{sheet}": count for sheet, count in sheets.items()}
    tell("activity log", 0.6)
    rows = log_file.rows(world)
    name = "hubspot-activity-log.csv"
    files[name] = log_file.write(world, rows, out / name, lambda share: tell("activity log", 0.7 + 0.3 * share))
    agreement_file.write(world, out / "agreement.toml")
    known = truth.of(world, rows, visits, files)
    (out / "truth.json").write_text(
        json.dumps(known, indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )
    tell("done", 1.0)
    return known
