"""Terms that contradict one another, though each is fine by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from agreement.faults import Fault, _
from agreement.sections import CHANNELS, LEAD_TYPES, WorkingTime

if TYPE_CHECKING:
    from agreement.terms import Terms

ROUNDING = 1e-9  # 0.35 + 0.30 + 0.35 is not exactly 1 in binary


def contradictions(terms: Terms) -> list[Fault]:
    """A sentence for each contradiction; empty for terms that fit together."""
    return [fault for check in _CHECKS for fault in check(terms)]


def _calendars_open(terms: Terms) -> Iterator[Fault]:
    usual, extended = terms.working_time, terms.extended_hours
    if not _weekly(usual):
        yield Fault("working_time", _("No weekday has an opening hour, so no promise would ever fall due."))
    if extended and _weekly(extended) < _weekly(usual):
        yield Fault(
            "extended_hours",
            _("Open for {extended} minutes a week, less than the {usual} minutes of {hours} that they extend."),
            {"extended": _weekly(extended), "usual": _weekly(usual), "hours": "working_time"},
        )
    if terms.response.extended_hours_for and not (extended and _weekly(extended)):
        yield Fault(
            "response.extended_hours_for",
            _("Names {lead_types}, but there are no {hours} with windows."),
            {"lead_types": ", ".join(terms.response.extended_hours_for), "hours": "extended_hours"},
        )


def _every_lead_type(terms: Terms) -> Iterator[Fault]:
    by_type: dict[str, Iterable[str]] = {
        "response.minutes": terms.response.minutes,
        "delivery.lead_value": terms.delivery.lead_value,
    }
    for term, values in by_type.items():
        missing = [lead_type for lead_type in LEAD_TYPES if lead_type not in values]
        if missing:
            yield Fault(
                term,
                _("Every kind of lead needs a value; {missing} has none."),
                {"missing": ", ".join(missing)},
            )


def _nothing_twice(terms: Terms) -> Iterator[Fault]:
    lists: dict[str, Iterable[str]] = {
        "response.extended_hours_for": terms.response.extended_hours_for,
        "acceptance.reject_reasons": terms.acceptance.reject_reasons,
        "acceptance.excuse_reasons": terms.acceptance.excuse_reasons,
        "acceptance.pause_reasons": terms.acceptance.pause_reasons,
        "attribution.models": terms.attribution.models,
        "attribution.excluded_channels": terms.attribution.excluded_channels,
        "meeting.kpis": terms.meeting.kpis,
    }
    for term, entries in lists.items():
        listed = list(entries)
        if twice := sorted({entry for entry in listed if listed.count(entry) > 1}):
            yield Fault(term, _("{entries} is listed twice."), {"entries": ", ".join(twice)})


def _response_fits(terms: Terms) -> Iterator[Fault]:
    response = terms.response
    soonest = min(response.minutes.values(), default=0)
    if response.warn_minutes_before_due >= soonest > 0:
        yield Fault(
            "response.warn_minutes_before_due",
            _("A warning {warn} minutes before would come before the shortest promise of {soonest} minutes begins."),
            {"warn": response.warn_minutes_before_due, "soonest": soonest},
        )
    for lead_type, minutes in response.minutes.items():
        longest_day = max(terms.calendar(lead_type).open_minutes.values())
        if longest_day and minutes > response.attempts_within_working_days * longest_day:
            yield Fault(
                "response.attempts_within_working_days",
                _("All attempts within {days} working days cannot be promised while the first one for {lead_type} may "
                  "take {minutes} business minutes, more than these days hold."),
                {"days": response.attempts_within_working_days, "lead_type": lead_type, "minutes": minutes},
            )  # fmt: skip


def _delivery_adds_up(terms: Terms) -> Iterator[Fault]:
    delivery = terms.delivery
    values = delivery.lead_value.values()
    least, most = (delivery.accepted_leads * pick(values, default=0) for pick in (min, max))
    if not least <= delivery.accepted_value <= most:
        yield Fault(
            "delivery.accepted_value",
            _("{leads} accepted leads are worth between {least} and {most} by {values}, never "
              "{promised}."),
            {"leads": delivery.accepted_leads, "least": least, "most": most, "promised": delivery.accepted_value,
             "values": "delivery.lead_value"},
        )  # fmt: skip
    yield from _teams_within("delivery.by_team", delivery.by_team, "delivery.accepted_leads", delivery.accepted_leads)


def _targets_add_up(terms: Terms) -> Iterator[Fault]:
    targets = terms.targets
    if targets.won_revenue is not None:
        yield from _teams_within("targets.by_team", targets.by_team, "targets.won_revenue", targets.won_revenue)
    elif targets.by_team:
        yield Fault(
            "targets.by_team",
            _("Teams have targets, but there is no {whole} they add up to."),
            {"whole": "targets.won_revenue"},
        )


def _teams_within(term: str, by_team: Mapping[str, float], whole: str, most: float) -> Iterator[Fault]:
    together = sum(by_team.values())
    if together > most * (1 + ROUNDING):
        yield Fault(
            term,
            _("The teams add up to {together}, more than the {most} of {whole}."),
            {"together": together, "most": most, "whole": whole},
        )


def _attribution_fits(terms: Terms) -> Iterator[Fault]:
    attribution = terms.attribution
    if attribution.agreed_model not in attribution.models:
        yield Fault(
            "attribution.agreed_model",
            _("{model} is not one of {models}."),
            {"model": attribution.agreed_model, "models": "attribution.models"},
        )
    weights = sum(attribution.custom_weights.values())
    if abs(weights - 1) > ROUNDING:
        yield Fault(
            "attribution.custom_weights", _("The weights add up to {sum}, not to 1."), {"sum": round(weights, 6)}
        )
    if {*attribution.excluded_channels} == {*CHANNELS}:
        yield Fault("attribution.excluded_channels", _("Every channel is excluded; no credit could be given."))


def _reproaches_fit(terms: Terms) -> Iterator[Fault]:
    if terms.prejudices.strategy_attainment > terms.response.target:
        yield Fault(
            "prejudices.strategy_attainment",
            _("A reproach below {threshold} would hit sales while it keeps its promise of {target}."),
            {"threshold": terms.prejudices.strategy_attainment, "target": terms.response.target},
        )


def _weekly(calendar: WorkingTime) -> int:
    return sum(calendar.open_minutes.values())


_CHECKS: tuple[Callable[[Terms], Iterator[Fault]], ...] = (
    _calendars_open, _every_lead_type, _nothing_twice, _response_fits, _delivery_adds_up, _targets_add_up,
    _attribution_fits, _reproaches_fit,
)  # fmt: skip
