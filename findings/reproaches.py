"""The old reproaches, both directions, each tested against a threshold both departments agreed beforehand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

import polars as pl

from agreement import Agreement, Terms
from findings.evidence import (
    Measured,
    Row,
    Test,
    amount_pace,
    amount_share,
    below,
    lower_limit,
    pace,
    reached,
    share,
)  # fmt: skip
from locales import _
from measures.calendar_weeks import fiscal_quarter_start

Verdict = Literal["supported", "refuted", "open"]
Side = Literal["marketing", "sales"]
QUARTERS = 8
JUDGED_QUARTERS = 4
USUAL_MONTHS = 12
JUDGED_MONTHS = 3
FEWEST_CHANNELS = 4


@dataclass(frozen=True)
class Reproach:
    """One reproach. `about`: the department it is made to. `needs_all`: it holds if all tests do, else if any does."""

    key: str
    about: Side
    query: str
    tests: tuple[Test, ...]
    needs_all: bool = False

    @property
    def verdict(self) -> Verdict:
        """Supported, refuted, or open where the tests that were told leave it so."""
        told = [test.holds for test in self.tests]
        if self.needs_all:
            told = [None if holds is None else not holds for holds in told]
        if any(told):
            return "refuted" if self.needs_all else "supported"
        if None in told:
            return "open"
        return "supported" if self.needs_all else "refuted"


def asked(query: str, agreement: Agreement, as_of: datetime) -> dict[str, Any]:
    """Parameters of `prejudices/<query>`: eight complete fiscal quarters; of cost and credit the last four, of meetings
    the months that are old enough to judge."""
    terms = agreement.terms_on(as_of.date())
    month = terms.company.fiscal_year_start_month
    until = fiscal_quarter_start(as_of.date(), month)
    begins = quarters_before(until, JUDGED_QUARTERS if query == "channels" else QUARTERS, month)
    days = int(terms.prejudices.coffee_days)
    if query == "coffee":
        until = max(month_before(as_of.date(), days), begins)
    return {
        "date_from": begins, "date_until": until, "fiscal_months": (month - 1) % 3, "days": days, "as_of": as_of,
    }  # fmt: skip


def prepare(ask: Callable[..., pl.DataFrame], agreement: Agreement, as_of: datetime) -> list[Reproach]:
    """All seven, those made to marketing first. `ask`: rows of a query by name and parameters."""
    terms = agreement.terms_on(as_of.date())

    def rows(name: str) -> list[Row]:
        return ask(f"prejudices/{name}", **asked(name, agreement, as_of)).to_dicts()

    at = terms.prejudices
    pictures, audience, promised, strategy = (rows(name) for name in ("pictures", "audience", "leads", "strategy"))
    revenue = [
        row | {"target": agreement.terms_on(row["quarter_start"]).targets.won_revenue or 0.0} for row in rows("revenue")
    ]
    nothing = _("No complete quarter holds such cases yet.")
    no_promise = _("No number of accepted leads is promised in the agreement.")
    return [
        Reproach("pictures", "marketing", "pictures", (
            below("pictures", pictures, amount_share("touched", "revenue", "squares", "deals"),
                  at.colourful_pictures_share, missing=nothing),)),
        Reproach("audience", "marketing", "audience", (
            below("fit", audience, share("fitting", "fit_known"), at.wrong_audience_fit,
                  missing=_("No target customer is agreed, or no lead names what would decide.")),
            below("accepted", audience, share("accepted", "decided"), at.wrong_audience_accepted, missing=nothing))),
        Reproach("channels", "marketing", "channels", (channels(rows("channels"), terms),)),
        Reproach("leads", "marketing", "leads", (
            below("leads", promised, pace("delivered", "promised"), at.too_few_leads_attainment, missing=no_promise),)),
        Reproach("strategy", "sales", "strategy", (
            below("answered", strategy, share("met", "due"), at.strategy_attainment, missing=nothing),
            below("attempts", strategy, share("kept", "judged"), at.strategy_attempts_share, missing=nothing))),
        Reproach("coffee", "sales", "coffee", (coffee(rows("coffee"), terms.privacy.minimum_group_size),)),
        Reproach("revenue", "sales", "revenue", (
            below("revenue", revenue, amount_pace("won", "target", "squares", "deals"), at.revenue_attainment,
                  missing=_("No revenue is agreed as a target.")),
            reached(below("promised_leads", promised, pace("delivered", "promised"), at.revenue_leads_attainment,
                          missing=no_promise))), needs_all=True),
    ]  # fmt: skip


def quarters_before(until: date, count: int, start_month: int) -> date:
    """First day of the `count` fiscal quarters that end with the day before `until`."""
    for _quarter in range(count):
        until = fiscal_quarter_start(until - timedelta(days=1), start_month)
    return until


def month_before(today: date, days: int) -> date:
    """First day of the month some of whose meetings are younger than `days`: the months before it can be judged."""
    return (today - timedelta(days=days)).replace(day=1)


def channels(rows: Sequence[Row], terms: Terms) -> Test:
    """Cost on channels in the lower half by credit per euro: in every agreed model (value), in at least one (high).

    The models' disagreement is the interval: whoever trusts one model alone would see a share between the two. The
    middle one of an odd number of channels is in no half.
    """
    threshold = terms.prejudices.wrong_channels_cost_share
    agreed = set(terms.attribution.models)
    by_model: dict[str, dict[str, float]] = defaultdict(dict)
    cost = {row["channel"]: row["cost"] for row in rows}
    for row in rows:
        if row["model"] in agreed:
            by_model[row["model"]][row["channel"]] = row["credit"] / row["cost"]
    models = {model: returns for model, returns in by_model.items() if any(returns.values())}
    if len(cost) < FEWEST_CHANNELS or not models:
        why = _("Fewer than {n} channels have both cost and a year of won deals.").format(n=FEWEST_CHANNELS)
        return Test("channels", None, threshold, None, missing=why, is_above=True)
    weak = []
    for returns in models.values():
        order = sorted(returns, key=lambda channel: (returns[channel], channel))
        weak.append(set(order[: len(order) // 2]))
    in_all, in_any = set.intersection(*weak), set.union(*weak)
    whole = sum(cost.values())
    low, high = (sum(cost[channel] for channel in group) / whole for group in (in_all, in_any))
    holds = True if low > threshold else False if high <= threshold else None
    return Test("channels", Measured(low, low, high, len(models)), threshold, holds, is_above=True,
                named=tuple(sorted(in_all, key=lambda channel: -cost[channel])))  # fmt: skip


def coffee(rows: Sequence[Row], fewest_people: int) -> Test:
    """The last three months against the limits of the twelve before them: the company's, and each team's own.

    It holds if a team lies below its own lower limit; a team of fewer people than agreed is judged within the company
    alone. Where chance alone could empty the three months of opportunities, nothing can be told.
    """
    missing = _("Meetings of {n} months, old enough to judge, are needed.").format(n=USUAL_MONTHS + JUDGED_MONTHS)
    months = sorted({row["month_start"] for row in rows})
    if len(months) < USUAL_MONTHS + JUDGED_MONTHS:
        return Test("coffee", None, 0.0, None, missing=missing)
    measure = share("led", "meetings")
    usual, now = months[-USUAL_MONTHS - JUDGED_MONTHS : -JUDGED_MONTHS], months[-JUDGED_MONTHS:]

    def judged(some: Sequence[Row]) -> tuple[Measured, float] | None:
        before = measure([row for row in some if row["month_start"] in usual])
        last = measure([row for row in some if row["month_start"] in now])
        return (last, lower_limit(before, last)) if before and last else None

    whole = judged(rows)
    if whole is None:
        return Test("coffee", None, 0.0, None, missing=missing)
    found, limit = whole
    behind = []
    for team in sorted({row["team"] for row in rows if row["team"]}):
        own = [row for row in rows if row["team"] == team]
        told = judged(own) if max(row["people"] for row in own) >= fewest_people else None
        if told and told[0].value < told[1]:
            behind.append(team)
    by_month = [
        {"meetings": sum(row["meetings"] for row in rows if row["month_start"] == month),
         "led": sum(row["led"] for row in rows if row["month_start"] == month)}
        for month in months
    ]  # fmt: skip
    holds = True if behind or found.value < limit else False if limit > 0 else None
    test = below("coffee", by_month, measure, limit, judged=JUDGED_MONTHS)
    return replace(test, holds=holds, named=tuple(behind))
