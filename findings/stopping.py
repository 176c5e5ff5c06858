"""Which campaigns would one stop, and how sure is that? Credit against cost under every agreed model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

import polars as pl

from locales import _, ngettext
from locales.formats import number
from measures.intervals import poisson

C = TypeVar("C")
MOST = 3
YOUNG, SURE, LOSING, SPLIT, EARNING = "young", "sure", "losing", "split", "earning"


def judged(
    rows: pl.DataFrame, cost: pl.DataFrame, models: Sequence[str], today: date, median_days: float | None
) -> pl.DataFrame:
    """Campaigns with cost in the period, each with its credit per euro in all models and a verdict.

    `rows`: `attribution/credit`, `cost`: `attribution/cost`. Returns campaign_id, campaign, channel, cost, credit_low,
    credit_high, per_euro_low, per_euro_high, losing_models, verdict; the dearest losses first. *sure*: below its cost
    in every model even at the upper 95 % Poisson bound of the deals credited. *young*: it started less than the median
    days from first touch to winning ago, so its deals are still to come.
    """
    mine = rows.filter(pl.col("model").is_in(list(models)))
    credited = (
        mine.filter(pl.col("campaign_id").is_not_null())
        .group_by("campaign_id", "model")
        .agg(pl.col("credit").sum().cast(pl.Float64), pl.col("deals").sum())
    )
    one = mine.filter(pl.col("model") == models[0]) if models else mine
    deal_amount = float(one["credit"].sum() or 0) / (float(one["deals"].sum() or 0) or 1)
    spent = cost.filter(pl.col("cost") > 0)
    grid = spent.join(pl.DataFrame({"model": list(models)}, schema={"model": pl.String}), how="cross").join(
        credited, on=["campaign_id", "model"], how="left"
    ).with_columns(pl.col("credit", "deals").fill_null(0.0))  # fmt: skip
    lucky = [poisson(deals)[1] * max(deal_amount, credit / deals if deals else 0)
             for credit, deals in grid.select("credit", "deals").iter_rows()]  # fmt: skip
    grid = grid.with_columns(lucky=pl.Series(lucky, dtype=pl.Float64))
    young_since = today - timedelta(days=round(median_days or 0))
    verdict = (
        pl.when(pl.col("started_on") > young_since).then(pl.lit(YOUNG))
        .when(pl.col("lucky") < pl.col("cost")).then(pl.lit(SURE))
        .when(pl.col("losing_models") == len(models)).then(pl.lit(LOSING))
        .when(pl.col("losing_models") == 0).then(pl.lit(EARNING))
        .otherwise(pl.lit(SPLIT))
    )  # fmt: skip
    return (
        grid.group_by("campaign_id", "campaign", "channel", "started_on", "cost")
        .agg(
            credit_low=pl.col("credit").min(),
            credit_high=pl.col("credit").max(),
            losing_models=(pl.col("credit") < pl.col("cost")).sum().cast(pl.Int64),
            lucky=pl.col("lucky").max(),
        )
        .with_columns(
            per_euro_low=pl.col("credit_low") / pl.col("cost"),
            per_euro_high=pl.col("credit_high") / pl.col("cost"),
            verdict=verdict,
        )
        .sort(pl.col("credit_high") - pl.col("cost"), "campaign_id")
    )


def sentence(found: pl.DataFrame, models: int, has_won: bool, has_cost: bool) -> str:
    """The answer to: which three campaigns would you stop, and how sure are you?"""
    if not has_won:
        return _("No deal was won in the period, so no campaign can be judged by revenue.")
    if not has_cost:
        return _(
            "No cost is known for the period and this selection, so no campaign can be weighed against its revenue."
        )
    sure = found.filter(pl.col("verdict") == SURE)["campaign"].to_list()
    losing = found.filter(pl.col("verdict") == LOSING)["campaign"].to_list()
    if sure:
        said = ngettext(
            "To stop first: {names}. It earns less than it costs in all {n} models, even if luck was against it.",
            "To stop first: {names}. They earn less than they cost in all {n} models, even if luck was against them.",
            min(len(sure), MOST),
        ).format(names=_listed(sure), n=number(models))
        if len(sure) < MOST:
            said += " " + _("No other campaign is as clear.")
        return said
    if losing:
        return ngettext(
            "{names} earns less than it costs in all {n} models, but on too few deals to be sure.",
            "{names} earn less than they cost in all {n} models, but on too few deals to be sure.",
            min(len(losing), MOST),
        ).format(names=_listed(losing), n=number(models))
    said = _("No campaign earns less than it costs in every model: nothing to stop on these figures alone.")
    weakest = found.filter(pl.col("verdict") != EARNING).sort("per_euro_high", "campaign_id").head(MOST)
    if weakest.height:
        said += " " + _("Least per euro: {campaigns}.").format(campaigns=", ".join(map(_doubt, weakest.to_dicts())))
    return said


def _doubt(row: dict[str, Any]) -> str:
    """A campaign with its credit per euro from model to model, and why that decides nothing."""
    why = {YOUNG: _("too young to judge"), SPLIT: _("the models disagree")}[row["verdict"]]
    low, high = number(row["per_euro_low"], 2), number(row["per_euro_high"], 2)
    said = _("“{name}” ({low} to {high}, {why})")
    return said.format(name=row["campaign"], low=low, high=high, why=why)


def _listed(names: list[str]) -> str:
    return ", ".join(_("“{name}”").format(name=name) for name in names[:MOST])


def verdict_names(models: int) -> dict[str, str]:
    """The verdicts in words."""
    n = number(models)
    return {
        SURE: _("earns less than it costs in all {n} models, even with luck").format(n=n),
        LOSING: _("earns less than it costs in all {n} models, too few deals to be sure").format(n=n),
        SPLIT: _("the models disagree: do not decide on this alone"),
        EARNING: _("earns more than it costs in all {n} models").format(n=n),
        YOUNG: _("too young to judge: its deals are still to come"),
    }


def in_words(found: pl.DataFrame, models: int) -> pl.DataFrame:
    """The verdicts written out, with how many models see a loss."""
    names = verdict_names(models)
    count = pl.Series(
        [_("{k} of {n}").format(k=number(k), n=number(models)) for k in found["losing_models"]], dtype=pl.String
    )
    return found.with_columns(
        words=pl.col("verdict").replace(names),
        losing=count,
        campaign=pl.col("campaign").fill_null(pl.col("campaign_id")),
    )


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the verdicts are shown as a table."""
    return {
        "campaign": column(_("Campaign")), "cost": column(_("Cost"), "money"),
        "credit_low": column(_("Credit, least"), "money"), "credit_high": column(_("Credit, most"), "money"),
        "losing": column(_("Models with a loss")), "words": column(_("Verdict"), width="large"),
    }  # fmt: skip


def method(median_days: float | None) -> str:
    """How sure is measured."""
    said = _(
        "Credit per euro spent, from the least to the most of all agreed models; left of 1 a campaign earns less than "
        "it costs. “Even with luck”: with as many deals as chance could have brought (95 %)."
    )
    if median_days is None:
        return said
    young = _("Younger than {days} days, the median from first touch to winning: not judged.")
    return said + " " + young.format(days=number(median_days))
