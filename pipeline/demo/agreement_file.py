"""`agreement.toml`: what marketing and sales of the invented company agreed on.

It differs from the shipped terms wherever the planted truth allows, so that a rule somebody forgot does not go unseen.
Promises and targets are such that some are kept and some are not; they grow with the number of leads.
"""

from __future__ import annotations

from pathlib import Path
from string import Template

import numpy as np
from numpy.typing import NDArray

from . import company, promises
from .world import World

TEMPLATE = Path(__file__).with_name("agreement.template")
LEADS = 6_000  # the size the amounts below are meant for
FISCAL_YEAR_START_MONTH = 10
STAGES = 3
# promise and target by quarter in each stage: from the beginning, from the first amendment, in the running quarter
ACCEPTED_LEADS = (440, 520, 640)
ACCEPTED_VALUE = (210_000, 240_000, 320_000)
LEADS_BY_TEAM = {
    "Vertrieb Süd": (130, 155, 190), "Vertrieb West": (80, 95, 120), "Vertrieb Nord-Ost": (65, 75, 90),
    "Vertrieb Alpen": (45, 60, 70), "Inside Sales": (110, 130, 150),
}  # fmt: skip
WON_REVENUE = (3_800_000, 6_200_000, 7_500_000)
WON_DEALS = (65, 85, 105)
PIPELINE_CREATED = (14_000_000, 22_000_000, 25_000_000)
REVENUE_BY_TEAM = {
    "Vertrieb Süd": (1_000_000, 1_900_000, 2_300_000), "Vertrieb West": (700_000, 1_500_000, 1_900_000),
    "Vertrieb Nord-Ost": (750_000, 900_000, 950_000), "Vertrieb Alpen": (400_000, 700_000, 850_000),
    "Inside Sales": (850_000, 1_100_000, 1_200_000),
}  # fmt: skip
COST_PER_MONTH = 350_000


def write(world: World, path: Path) -> None:
    """Write the agreement: first terms at the beginning of the window, two amendments within it."""
    path.write_text(text(world), encoding="utf-8")


def text(world: World) -> str:
    """The document. The first amendment tightens sales' promise; the second begins with the running quarter."""
    factor = len(world.leads) / LEADS
    values = {
        "first": promises.quarter_start(world.window.first_day),
        "tightened": promises.tightened_on(world),
        "running": promises.running_quarter(world),
        "minutes": _minutes(promises.MINUTES),
        "tightened_minutes": _minutes(promises.TIGHTENED_MINUTES, promises.MINUTES),
        "extended_hours_for": _listed(
            [
                word
                for word, is_extended in zip(promises.LEAD_TYPE_WORDS, promises.HAS_EXTENDED_HOURS, strict=True)
                if is_extended
            ]
        ),
        "fiscal_year_start_month": FISCAL_YEAR_START_MONTH,
        "reject_reasons": _listed([*company.REJECT_REASONS, *company.RECYCLE_REASONS]),
        "cost_per_month": _scaled(COST_PER_MONTH, factor),
        "segments": _listed([segment for segment, *_ in company.SEGMENTS[company.SMALL_SEGMENT + 1 :]]),
        "regions": _listed([region for region, country, *_ in company.REGIONS if country == "Deutschland"]),
    }
    for stage in range(STAGES):
        values |= {f"{name}_{stage}": amount for name, amount in _promises(stage, factor).items()}
    return Template(TEMPLATE.read_text("utf-8")).substitute(values)


def _promises(stage: int, factor: float) -> dict[str, int | str]:
    """Promise and target of one stage; teams never add up to more than the whole."""
    leads = {team: _scaled(amounts[stage], factor) for team, amounts in LEADS_BY_TEAM.items()}
    revenue = {team: _scaled(amounts[stage], factor) for team, amounts in REVENUE_BY_TEAM.items()}
    return {
        "accepted_leads": max(_scaled(ACCEPTED_LEADS[stage], factor), sum(leads.values())),
        "accepted_value": _scaled(ACCEPTED_VALUE[stage], factor),
        "leads_by_team": _group(leads),
        "won_revenue": max(_scaled(WON_REVENUE[stage], factor), sum(revenue.values())),
        "won_deals": _scaled(WON_DEALS[stage], factor),
        "pipeline_created": _scaled(PIPELINE_CREATED[stage], factor),
        "revenue_by_team": _group(revenue),
    }


def _minutes(minutes: NDArray[np.int64], before: NDArray[np.int64] | None = None) -> str:
    """Minutes by lead type; with those of `before`, only what changed."""
    known = np.zeros_like(minutes) if before is None else before
    rows = zip(promises.LEAD_TYPE_WORDS, minutes, known, strict=True)
    return _group({word: int(new) for word, new, old in rows if new != old})


def _scaled(amount: float, factor: float) -> int:
    return max(1, round(amount * factor))


def _listed(words: list[str]) -> str:
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _group(amounts: dict[str, int]) -> str:
    return "{ " + ", ".join(f'"{name}" = {amount}' for name, amount in amounts.items()) + " }"
