"""The agreed figures by name, and the terms that change each of them.

A term is named as in the document (`response.minutes`); a section alone (`identity`) stands for all of its terms.
"""

from __future__ import annotations

from typing import Literal, get_args

Kpi = Literal[
    "accepted_leads", "marketing_attainment", "follow_up_attainment", "lead_to_opportunity_rate", "pipeline_created",
    "win_rate", "won_revenue", "coverage", "new_leads", "mqls", "opportunities", "won_deals", "marketing_cost",
    "cost_per_lead",
]  # fmt: skip
KPIS: tuple[Kpi, ...] = get_args(Kpi)

_DAYS = ("company.zone",)
_MONEY = ("company.currency",)
_PEOPLE = ("identity", *_DAYS)
TERMS_OF: dict[Kpi, tuple[str, ...]] = {
    "accepted_leads": ("stages.sal", "delivery.accepted_leads", "delivery.by_team", *_PEOPLE),
    "marketing_attainment": (
        "stages.sal", "delivery.accepted_value", "delivery.lead_value", "acceptance.deadline_minutes", "working_time",
        "extended_hours", "response.extended_hours_for", "company.fiscal_year_start_month", *_MONEY, *_PEOPLE,
    ),
    "follow_up_attainment": (
        "response.minutes", "response.extended_hours_for", "response.target", "working_time", "extended_hours",
        "acceptance.excuse_reasons", "acceptance.pause_reasons", "acceptance.reject_reasons", *_PEOPLE,
    ),
    "lead_to_opportunity_rate": (
        "stages.opportunity", "funnel.cohort_horizon_days", "funnel.cohort_horizon_quantile",
        "targets.lead_to_opportunity_rate", *_PEOPLE,
    ),
    "pipeline_created": ("targets.pipeline_created", *_MONEY, *_PEOPLE),
    "win_rate": ("targets.win_rate", *_PEOPLE),
    "won_revenue": ("targets.won_revenue", "targets.by_team", "company.fiscal_year_start_month", *_MONEY, *_PEOPLE),
    "coverage": ("targets.won_revenue", "targets.by_team", "company.fiscal_year_start_month", *_MONEY, *_PEOPLE),
    "new_leads": _PEOPLE,
    "mqls": ("stages.mql", *_PEOPLE),
    "opportunities": ("stages.opportunity", *_PEOPLE),
    "won_deals": ("targets.won_deals", *_PEOPLE),
    "marketing_cost": (*_MONEY, *_DAYS),
    "cost_per_lead": (*_MONEY, *_PEOPLE),
}  # fmt: skip

SIDE_OF: dict[Kpi, str] = {
    "new_leads": "marketing", "mqls": "marketing", "accepted_leads": "marketing", "marketing_attainment": "marketing",
    "cost_per_lead": "marketing", "follow_up_attainment": "sales", "win_rate": "sales", "won_deals": "sales",
    "won_revenue": "sales",
}  # fmt: skip
"""Whose figure it is: the department that looks better or worse by it alone. Others belong to both."""
LESS_IS_BETTER: frozenset[Kpi] = frozenset({"cost_per_lead"})


def kpis_touched_by(term: str) -> list[Kpi]:
    """The figures that change when this term changes, in the order of the agreed list; a section stands for its terms.

    `response.minutes.demo_request` touches what `response.minutes` touches.
    """
    return [kpi for kpi in KPIS if any(_overlap(term, named) for named in TERMS_OF[kpi])]


def _overlap(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")
