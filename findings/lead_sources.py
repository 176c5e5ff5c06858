"""Which sources are worth an hour: estimates, ties instead of ranks, and whether it is the lead or the handling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

import polars as pl

from agreement.sections import Comparison
from findings import rejected_leads
from findings.words import channel_names, reason_names
from locales import _, formats, ngettext
from measures.intervals import wilson
from measures.lead_value import Amounts, expected_values
from measures.ranking import Shrunken, discoveries, funnel_limits, leads_to_decide, probability_better, shrink

C = TypeVar("C")
Verdict = Literal["good", "lead", "handling", "unclear"]
JUDGED_DAYS = 365
FEWEST_LEADS = 10
MOST_NAMED = 4
LIMITS = (0.95, 0.998)
RANKED = {"opportunities": "leads", "won": "leads", "accepted": "leads", "contacted": "leads"}


@dataclass(frozen=True)
class Handling:
    """One source as it is and among leads answered within the promise."""

    name: str
    share: float
    share_met: float | None
    kept: float | None
    verdict: Verdict


def measures() -> dict[str, str]:
    """What sources may be compared by."""
    return {
        "opportunities": _("Became an opportunity"), "won": _("Won"), "accepted": _("Accepted by sales"),
        "contacted": _("Spoken to"),
    }  # fmt: skip


def dimensions() -> dict[str, str]:
    """What stands for a source."""
    return {
        "source": _("Lead source"), "campaign": _("Campaign"), "segment": _("Segment"), "region": _("Region"),
        "size": _("Company size"),
    }  # fmt: skip


def judged(today: date, horizon_days: int) -> dict[str, date]:
    """Leads of a year that are all as old as the agreed horizon: younger ones have not had their time yet."""
    until = today - timedelta(days=horizon_days)
    return {"handed_from": until - timedelta(days=JUDGED_DAYS), "handed_until": until}


def judged_in_words(asked: dict[str, Any], horizon_days: int) -> str:
    """Whose outcome is compared."""
    return _(
        "Leads handed over from {day} to {until}: all of them have had the agreed {n} days to become something."
    ).format(day=formats.day(asked["handed_from"]), until=formats.day(asked["handed_until"] - timedelta(days=1)),
             n=horizon_days)  # fmt: skip


def ranked(rows: pl.DataFrame, by: str, terms: Comparison) -> pl.DataFrame:
    """The rows ordered by the shrunken estimate of `by`, with `estimate, low, high, share, tier`.

    A tier holds what cannot be told from its first member: better with less than the agreed probability is a tie.
    """
    if rows.is_empty():
        return rows.with_columns(
            *(pl.lit(None, pl.Float64).alias(name) for name in ("estimate", "low", "high", "share")),
            tier=pl.lit(None, pl.Int64),
        )
    found = shrunk(rows, by, terms)
    lows, highs = zip(*found.intervals(terms.claim_probability), strict=True)
    told = rows.with_columns(
        estimate=pl.Series(found.estimates),
        low=pl.Series(lows),
        high=pl.Series(highs),
        share=pl.col(by) / pl.col("leads"),
    ).sort("estimate", "leads", "name", descending=[True, True, False])
    tiers, first = [0], told.row(0, named=True)
    for row in told.slice(1).iter_rows(named=True):
        sure = probability_better(first[by], first["leads"], row[by], row["leads"], found.prior)
        if sure >= terms.claim_probability:
            first = row
            tiers.append(tiers[-1] + 1)
        else:
            tiers.append(tiers[-1])
    return told.with_columns(tier=pl.Series(tiers, dtype=pl.Int64))


def shrunk(rows: pl.DataFrame, by: str, terms: Comparison) -> Shrunken:
    """The rates of `by`, pulled towards what all have in common."""
    return shrink(rows[by].to_list(), rows["leads"].to_list(), terms.minimum_sources, terms.prior_strength)


def valued(rows: pl.DataFrame, costs: pl.DataFrame, terms: Comparison) -> pl.DataFrame:
    """Add `value` per lead with `value_low, value_high`, `cost_per_lead` and `worth`, value minus cost.

    A channel without recorded cost has no cost per lead; its worth is the value alone.
    """
    amounts = [Amounts(row["priced"], row["log_amounts"], row["log_squares"]) for row in rows.iter_rows(named=True)]
    found = expected_values(shrunk(rows, "won", terms), amounts, terms.claim_probability) if rows.height else None
    values = [(one.value, *one.interval) for one in found] if found else [(None, None, None)] * rows.height
    per_lead = dict(
        costs.filter(pl.col("leads") > 0)
        .select("channel", (pl.col("cost").cast(pl.Float64) / pl.col("leads")).alias("cost"))
        .iter_rows()
    )
    return rows.with_columns(
        *(
            pl.Series(name, [value[place] for value in values], dtype=pl.Float64)
            for place, name in enumerate(("value", "value_low", "value_high"))
        ),
        cost_per_lead=pl.Series([per_lead.get(name) for name in rows["channel"]], dtype=pl.Float64),
    ).with_columns(worth=pl.col("value") - pl.col("cost_per_lead").fill_null(0))


def handling(rows: pl.DataFrame, terms: Comparison) -> list[Handling]:
    """Each source with enough leads: as it is, and among leads answered within the promise.

    `lead`: even answered in time it comes less far than the others do. `handling`: answered in time it comes as far as
    the others or further, but it is answered in time less often. `good`: it comes further, and is answered like others.
    """
    enough = rows.filter(pl.col("leads") >= FEWEST_LEADS)
    told = enough.to_dicts()
    sums = {name: int(enough[name].sum()) for name in ("due", "met", "opportunities_met")}
    better, kept_more = [], []
    for row in told:
        rest = {name: total - row[name] for name, total in sums.items()}
        better.append(probability_better(row["opportunities_met"], row["met"], rest["opportunities_met"], rest["met"]))
        kept_more.append(probability_better(row["met"], row["due"], rest["met"], rest["due"]))
    # a list of claims pays for its length: what stands is what Benjamini and Hochberg let stand
    is_worse, is_better, is_late = (
        discoveries(chances, terms.discovery_rate) for chances in (better, [1 - chance for chance in better], kept_more)
    )
    return [
        Handling(
            row["name"], row["opportunities"] / row["leads"],
            row["opportunities_met"] / row["met"] if row["met"] else None,
            row["met"] / row["due"] if row["due"] else None,
            "lead" if worse else "handling" if late else "good" if good else "unclear",
        )
        for row, worse, good, late in zip(told, is_worse, is_better, is_late, strict=True)
    ]  # fmt: skip


def verdict_names() -> dict[Verdict, str]:
    """The verdicts of lead or handling."""
    return {
        "good": _("good leads, well handled"), "lead": _("the leads"), "handling": _("the handling"),
        "unclear": _("no dependable difference"),
    }  # fmt: skip


def in_one_sentence(found: Handling) -> str:
    """Lead or handling, with the numbers the verdict stands on."""
    kept, met = formats.percent(found.kept, 0), formats.percent(found.share_met, 0)
    sentence = {
        "lead": _("{name}: even answered in time, {met} become an opportunity. It is the leads."),
        "handling": _("{name}: {share} become an opportunity, {met} where answered in time – which happens in only "
                      "{kept}. It is the handling."),
        "good": _("{name}: {met} become an opportunity where answered in time ({kept}). Worth the hour."),
        "unclear": _("{name}: {share} become an opportunity, {met} where answered in time. No dependable difference."),
    }[found.verdict]  # fmt: skip
    return sentence.format(name=f"\u2068{found.name}\u2069", share=formats.percent(found.share, 0), met=met, kept=kept)


def headline(rows: pl.DataFrame, handled: Sequence[Handling]) -> str:
    """The page in one sentence: who stands first, and whose fault the rest is."""
    if rows.is_empty():
        return _("No lead is old enough yet to judge its source.")
    first = rows.filter(pl.col("tier") == 0)["name"].to_list()
    if rows["tier"].max() == 0 and len(first) > 1:
        said = _("No source can be told from another yet: the differences may be chance.")
    else:
        names = [f"\u2068{name}\u2069" for name in first[:MOST_NAMED]]
        if len(first) > MOST_NAMED:
            names.append(_("{n} others").format(n=formats.number(len(first) - MOST_NAMED)))
        said = ngettext(
            "{names} brings the most opportunities per lead.",
            "{names} bring the most opportunities per lead, and cannot be told apart.",
            len(first),
        ).format(names=formats.listed(names))
    for verdict, words in (
        ("handling", _("Good leads answered too late: {names}.")),
        ("lead", _("Weak even when answered in time: {names}.")),
    ):
        names = [f"\u2068{found.name}\u2069" for found in handled if found.verdict == verdict]
        if names:
            said += " " + words.format(names=formats.listed(names[:3]))
    return said


def limits(rows: pl.DataFrame, by: str) -> pl.DataFrame:
    """`leads, confidence, low, high`: between which shares chance alone would keep a source with so many leads."""
    total = int(rows["leads"].sum())
    rate = int(rows[by].sum()) / total if total else 0.0
    most = max([1, *rows["leads"]])
    sizes = sorted({max(1, round(most * step / 60)) for step in range(1, 64)} | set(rows["leads"]))
    return pl.DataFrame(
        [(size, confidence, *funnel_limits(rate, size, confidence)) for confidence in LIMITS for size in sizes],
        {"leads": pl.Int64, "confidence": pl.Float64, "low": pl.Float64, "high": pl.Float64}, orient="row",
    )  # fmt: skip


def duel(rows: pl.DataFrame, one: str, other: str, by: str, terms: Comparison) -> str:
    """How sure it is that one source is better than another, and what would decide it."""
    a, b = (rows.filter(pl.col("name") == name).row(0, named=True) for name in (one, other))
    prior = shrunk(rows, by, terms).prior
    sure = probability_better(a[by], a["leads"], b[by], b["leads"], prior)
    better, worse = (one, other) if sure >= 0.5 else (other, one)
    sure = max(sure, 1 - sure)
    said = _("{better} is better than {worse} with a probability of {sure}.").format(
        better=f"\u2068{better}\u2069", worse=f"\u2068{worse}\u2069", sure=formats.percent(sure, 0)
    )
    more = leads_to_decide(a[by], a["leads"], b[by], b["leads"], terms.claim_probability, prior)
    if more == 0:
        return said + " " + _("That is enough to say so.")
    claim = formats.percent(terms.claim_probability, 0)
    if more is None:
        return said + " " + _("{claim} are agreed for a claim; if both go on like this, no number of leads will decide "
                              "it soon.").format(claim=claim)  # fmt: skip
    return said + " " + ngettext(
        "{claim} are agreed for a claim: about {n} more lead would decide it.",
        "{claim} are agreed for a claim: about {n} more leads of both together would decide it.", more,
    ).format(claim=claim, n=formats.number(more))  # fmt: skip


def listed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as the table shows them: shares with their intervals in words."""
    names = channel_names()

    def share(column: str, of: str) -> pl.Series:
        told = []
        for k, n in rows.select(column, of).iter_rows():
            low, high = wilson(k, n)
            told.append(
                f"{formats.percent(k / n, 0)} ({formats.percent(low, 0)}–{formats.percent(high, 0)})" if n else "–"
            )
        return pl.Series(column, told, dtype=pl.String)

    return rows.with_columns(
        *(share(column, "leads") for column in RANKED), kept=share("met", "due").alias("kept"),
        fit=share("fitting", "fit_known").alias("fit"),
        channel=pl.col("channel").replace(names), place=pl.col("tier") + 1,
    )  # fmt: skip


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How sources are listed."""
    return {
        "place": column(_("Tier"), "number"), "name": column(_("Source")), "leads": column(_("Leads")),
        "opportunities": column(_("Opportunity")), "won": column(_("Won")),
        "kept": column(_("Answered in time")), "worth": column(_("Value minus cost"), "money"),
        "value": column(_("Expected value per lead"), "money"), "value_low": column(_("at least"), "money"),
        "value_high": column(_("at most"), "money"), "cost_per_lead": column(_("Cost per lead"), "money"),
        "fit": column(_("Target customer")), "accepted": column(_("Accepted")), "contacted": column(_("Spoken to")),
        "days_to_opportunity": column(_("Days to opportunity"), "number"),
    }  # fmt: skip


def rejections(rows: pl.DataFrame) -> pl.DataFrame:
    """Why leads are rejected, by source, as `findings.rejected_leads` tells it of campaigns."""
    return rejected_leads.by_campaign(rows.with_columns(campaign_id="name", campaign="name"), reason_names())


def rejection_columns(column: Callable[..., C]) -> dict[str, C]:
    """How rejections are listed."""
    return rejected_leads.columns(column) | {"campaign": column(_("Source"))}


def interval_in_words(terms: Comparison) -> str:
    """What the chart of the sources shows."""
    return _("Estimates pulled towards the average of all, the more the fewer leads they stand on, with their {claim} "
             "range. One colour = a tie.").format(claim=formats.percent(terms.claim_probability, 0))  # fmt: skip
