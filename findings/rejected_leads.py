"""What sales says about the leads of each campaign: how many it rejects, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import polars as pl

from locales import _, ngettext
from locales.formats import number, percent
from measures.intervals import wilson

C = TypeVar("C")
NAMED_REASONS = 3


def by_campaign(rows: pl.DataFrame, names: Mapping[str, str]) -> pl.DataFrame:
    """One row per campaign with decided leads: campaign, decided, rejected, share, interval, reasons; the most rejected
    first. `rows`: `campaigns/rejected_leads`; `names`: reasons in words, others stay as sales wrote them."""
    rejected = pl.col("decision") == "rejected"
    told = rows.with_columns(campaign=pl.coalesce("campaign", "campaign_id"))
    counted = told.group_by("campaign_id", "campaign").agg(
        decided=pl.col("leads").sum(), rejected=pl.col("leads").filter(rejected).sum()
    )
    why: dict[str, list[tuple[int, str]]] = {}
    for row in told.filter(rejected).iter_rows(named=True):
        reason = row["reject_reason"]
        words = names.get(reason, reason) if reason else _("no reason given")
        why.setdefault(row["campaign_id"], []).append((row["leads"], words))
    counted = counted.sort("rejected", "decided", "campaign_id", descending=[True, True, False])
    spans = [wilson(row["rejected"], row["decided"]) for row in counted.iter_rows(named=True)]
    return counted.with_columns(
        share=pl.col("rejected") / pl.col("decided"),
        interval=pl.Series([f"{percent(low, 0)} – {percent(high, 0)}" for low, high in spans], dtype=pl.String),
        reasons=pl.Series([_most(why.get(campaign, [])) for campaign in counted["campaign_id"]], dtype=pl.String),
    )


def sentence(found: pl.DataFrame) -> str:
    """How many leads of all campaigns sales rejects, and whether any campaign stands out beyond chance."""
    if not found.height:
        return _("Sales decided on no lead of a campaign here.")
    decided, rejected = int(found["decided"].sum()), int(found["rejected"].sum())
    said = [
        ngettext(
            "Sales rejected {share} of the one lead it decided on.",
            "Sales rejected {share} of {n} leads it decided on.",
            decided,
        ).format(share=percent(rejected / decided, 0), n=number(decided))
    ]
    above = [
        row["campaign"]
        for row in found.iter_rows(named=True)
        if row["decided"] < decided and _beyond_the_rest(row["rejected"], row["decided"], rejected, decided)
    ]
    if above:
        said.append(_("More than of all others together: {names}.").format(names=", ".join(above)))
    else:
        said.append(_("No campaign differs dependably from the others."))
    return " ".join(said)


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the rejections are shown."""
    return {
        "campaign": column(_("Campaign")), "decided": column(_("Decided leads")), "rejected": column(_("Rejected")),
        "share": column(_("Share rejected"), "share"), "interval": column(_("95 % interval")),
        "reasons": column(_("Most frequent reasons"), width="large"),
    }  # fmt: skip


def _beyond_the_rest(k: int, n: int, all_k: int, all_n: int) -> bool:
    """Whether the campaign's interval lies above that of all other campaigns together: stricter than a test at 5 %,
    as many campaigns are looked at once."""
    return wilson(k, n)[0] > wilson(all_k - k, all_n - n)[1]


def _most(counts: list[tuple[int, str]]) -> str:
    """The most frequent reasons with their counts."""
    ordered = sorted(counts, key=lambda told: (-told[0], told[1]))
    named = [f"{words} {number(count)}" for count, words in ordered[:NAMED_REASONS]]
    if rest := sum(count for count, _words in ordered[NAMED_REASONS:]):
        named.append(_("others {n}").format(n=number(rest)))
    return ", ".join(named)
