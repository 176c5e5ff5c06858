"""From campaign to revenue: what a campaign brought, what it cost, and the figures both departments read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import polars as pl

from locales import _
from locales.formats import number

C = TypeVar("C")
COUNTS = ["leads", "accepted", "opportunities", "won", "customers", "waiting"]


@dataclass(frozen=True)
class Totals:
    """All campaigns together; None where the agreement or the data do not say."""

    cost: float | None
    leads: int
    accepted: int
    customers: int
    credit: float
    cost_per_lead: float | None
    cost_per_accepted: float | None
    cost_per_customer: float | None
    roas: float | None
    romi: float | None


def view_names() -> dict[str, str]:
    """Which campaigns count."""
    return {"period": _("What happened in the period"), "started": _("Campaigns that started in the period")}


def clock_names() -> dict[str, str]:
    """The two clocks of return."""
    return {"close": _("By close"), "touch": _("By touch")}


def started_within(cost: pl.DataFrame, date_from: date, date_until: date) -> pl.DataFrame:
    """The campaigns that started in the half-open period."""
    return cost.filter((pl.col("started_on") >= date_from) & (pl.col("started_on") < date_until))


def everything_until(day: date) -> dict[str, date]:
    """A period that leaves nothing out."""
    return {"date_from": date(1900, 1, 1), "date_until": day}


def together(
    cost: pl.DataFrame, chain: pl.DataFrame, credit: pl.DataFrame, influenced: pl.DataFrame, model: str,
    margin: float | None,
) -> pl.DataFrame:  # fmt: skip
    """One row per campaign in which anything happened: counts, cost, credit and the ratios; the dearest first.

    `cost`: `attribution/cost`, `chain`: `campaigns/chain`, `credit`: `attribution/credit`, `influenced`:
    `campaigns/influenced`. Ratios are null where there is nothing to divide by.
    """
    earned = (
        credit.filter((pl.col("model") == model) & pl.col("campaign_id").is_not_null())
        .group_by("campaign_id")
        .agg(pl.col("credit").sum().cast(pl.Float64), pl.col("deals").sum())
    )
    rows = (
        cost.join(chain, on="campaign_id", how="left")
        .join(earned, on="campaign_id", how="left")
        .join(influenced.select("campaign_id", "influenced"), on="campaign_id", how="left")
        .with_columns(pl.col(*COUNTS).fill_null(0), pl.col("credit", "deals").fill_null(0.0))
        .filter((pl.col("cost") > 0) | (pl.col("leads") > 0) | (pl.col("credit") > 0))
    )
    spent = pl.when(pl.col("cost") > 0).then(pl.col("cost"))
    return rows.with_columns(
        campaign=pl.coalesce("campaign", "campaign_id"),
        cost_per_lead=spent / pl.when(pl.col("leads") > 0).then(pl.col("leads")),
        cost_per_accepted=spent / pl.when(pl.col("accepted") > 0).then(pl.col("accepted")),
        cost_per_customer=spent / pl.when(pl.col("customers") > 0).then(pl.col("customers")),
        roas=pl.col("credit") / spent,
        romi=(pl.col("credit") * margin - spent) / spent if margin is not None else pl.lit(None, pl.Float64),
        budget_used=pl.col("cost") / pl.when(pl.col("budget") > 0).then(pl.col("budget")),
    ).sort("cost", "credit", "campaign_id", descending=[True, True, False], nulls_last=True)


def totals(rows: pl.DataFrame, margin: float | None) -> Totals:
    """All campaigns of `together` as one."""
    known = rows["cost"].drop_nulls()
    cost = float(known.sum()) if len(known) else None
    leads, accepted, customers = (int(rows[column].sum()) for column in ("leads", "accepted", "customers"))
    credit = float(rows["credit"].sum())

    def each(count: float) -> float | None:
        return cost / count if cost and count else None

    return Totals(
        cost, leads, accepted, customers, credit, each(leads), each(accepted), each(customers),
        credit / cost if cost else None, (credit * margin - cost) / cost if cost and margin is not None else None,
    )  # fmt: skip


def formulas() -> dict[str, str]:
    """How every figure on the cards is counted."""
    return {
        "cost": _("Cost of all campaigns in the period, at the rate of its day."),
        "leads": _("First cycles created in the period that name a campaign."),
        "cost_per_lead": _("CPL = cost ÷ leads"),
        "cost_per_accepted": _("Cost ÷ accepted leads"),
        "cost_per_customer": _(
            "Ad cost per customer = cost ÷ new customers. CAC also needs the cost of both departments."
        ),
        "credit": _(
            "Credit of the agreed model for all campaigns; by close: deals won in the period; by touch: touches in the "
            "period, whenever won."
        ),
        "roas": _("ROAS = credited revenue ÷ cost"),
        "romi": _("ROMI = (credited revenue × agreed margin − cost) ÷ cost"),
    }


def sentence(rows: pl.DataFrame, money: Callable[[float | None], str]) -> str:
    """What the campaigns brought for their cost."""
    if not rows.height:
        return _("No campaign cost anything or brought a lead here.")
    known = totals(rows, None)
    best = rows.filter((pl.col("cost") > 0) & (pl.col("won") >= 3)).sort("roas", descending=True, nulls_last=True)
    said = _(
        "{n} campaigns: {leads} leads, {accepted} of them accepted; {credit} of credited revenue for {cost} spent."
    ).format(
        n=number(rows.height), leads=number(known.leads), accepted=number(known.accepted), credit=money(known.credit),
        cost=money(known.cost) if known.cost is not None else _("an unknown cost"),
    )  # fmt: skip
    if best.height:
        top = best.row(0, named=True)
        more = _("Most per euro with at least 3 won leads: {name}, {ratio} for each euro.")
        said += " " + more.format(name=top["campaign"], ratio=money(top["roas"]))
    return said


def sourced(row: dict[str, float]) -> pl.DataFrame:
    """The usual definitions of sourced and influenced side by side: frame definition, amount, share, rule."""
    booked = row["booked"] or None
    known = _("of {share} whose creator is known")
    rules = [
        (_("Sourced, by source"), row["by_source"], _("the CRM names a channel of marketing")),
        (_("Sourced, by touch"), row["by_touch"], _("a marketing touch lies before the deal was created")),
        (_("Sourced, by creator"), row["by_creator"],
         _("somebody of marketing created the deal") + "; "
         + known.format(share=number(100 * row["creator_known"] / booked if booked else 0) + " %")),
        (_("Influenced"), row["influenced"], _("a marketing touch lies before closing; never add it to the others")),
    ]  # fmt: skip
    return pl.DataFrame(
        [(name, amount, amount / booked if booked else None, rule) for name, amount, rule in rules],
        schema={"definition": pl.String, "amount": pl.Float64, "share": pl.Float64, "rule": pl.String},
        orient="row",
    )


def sourced_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the definitions are shown."""
    return {
        "definition": column(_("Definition")), "amount": column(_("Won revenue"), "money"),
        "share": column(_("Share"), "share", 1), "rule": column(_("Rule"), width="large"),
    }  # fmt: skip


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the campaigns are shown as a table."""
    return {
        "campaign": column(_("Campaign")), "cost": column(_("Cost"), "money"),
        "budget_used": column(_("Of budget"), "share"), "leads": column(_("Leads")), "accepted": column(_("Accepted")),
        "opportunities": column(_("Opportunities")), "won": column(_("Won")), "waiting": column(_("Still open")),
        "credit": column(_("Credited revenue"), "money"), "influenced": column(_("Influenced (no total)"), "money"),
        "cost_per_lead": column(_("CPL"), "money"), "cost_per_accepted": column(_("Cost per accepted lead"), "money"),
        "cost_per_customer": column(_("Ad cost per customer"), "money"), "roas": column(_("ROAS"), "number", 1),
        "romi": column(_("ROMI"), "share", 0),
    }  # fmt: skip


def lead_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the leads of a campaign are listed."""
    return {
        "lead_id": column(_("Lead")), "created_at": column(_("Created")), "lead_type": column(_("Kind")),
        "segment": column(_("Segment")), "team": column(_("Team")), "stage": column(_("Stage")),
        "reject_reason": column(_("Reason")), "crm_url": column(_("CRM"), "link"),
    }  # fmt: skip


def deal_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the deals of a campaign are listed."""
    return {
        "deal": column(_("Deal")), "won_at": column(_("Won"), "day"), "amount": column(_("Amount"), "money"),
        "credit": column(_("Credit"), "money"), "crm_url": column(_("CRM"), "link"),
    }  # fmt: skip


def chain_in_words(view: str) -> str:
    """How the steps hang together."""
    if view == "started":
        return _(
            "All that these campaigns brought until today. Each column has its own scale; open leads may still win."
        )
    return _(
        "Leads created in the period and what became of them until today; cost of the period; credit on the chosen "
        "clock. Each column has its own scale."
    )
