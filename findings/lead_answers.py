"""What sales answers marketing about its leads: source by source, and each rejected lead with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import polars as pl

from findings.links import web_address
from findings.words import lead_type_names, reason_names
from locales import _
from locales.formats import number, percent
from measures.intervals import wilson

C = TypeVar("C")


def sentence(sources: pl.DataFrame, rejected: pl.DataFrame) -> str:
    """What became of the leads, and the reason named most."""
    handed, refused = int(sources["handed"].sum()), int(sources["rejected"].sum())
    if not handed:
        return _("No lead was handed over in this period.")
    low, high = wilson(refused, handed)
    told = _("Sales rejected {rejected} of {handed} leads: {share} ({low} to {high}).").format(
        rejected=number(refused), handed=number(handed), share=percent(refused / handed, 0), low=percent(low, 0),
        high=percent(high, 0),
    )  # fmt: skip
    reasons = rejected["reject_reason"].drop_nulls().value_counts(sort=True)
    if not reasons.height:
        return told
    word = reasons["reject_reason"][0]
    return told + " " + _("The reason named most: {reason}.").format(reason=reason_names().get(word, word))


def sources(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `my_leads/became` with the shares that divide them."""
    handed = pl.when(pl.col("handed") > 0).then("handed")
    bounds = [wilson(row["rejected"], row["handed"]) for row in rows.iter_rows(named=True)]
    return rows.with_columns(
        rejected_share=pl.col("rejected") / handed,
        rejected_low=pl.Series([low for low, _high in bounds], dtype=pl.Float64),
        rejected_high=pl.Series([high for _low, high in bounds], dtype=pl.Float64),
    )


def source_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the answer by source is shown."""
    return {
        "source": column(_("Source")), "handed": column(_("Handed over")), "accepted": column(_("Accepted")),
        "silent": column(_("Accepted by silence")), "rejected": column(_("Rejected")),
        "rejected_share": column(_("Rejected, share"), "share", 0),
        "rejected_low": column(_("at least (95 %)"), "share", 0),
        "rejected_high": column(_("at most (95 %)"), "share", 0),
        "undecided": column(_("Undecided")), "opportunities": column(_("Opportunities")),
    }  # fmt: skip


def rejected_leads(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `my_leads/rejected` in words."""
    names, kinds = reason_names(), lead_type_names()
    return rows.with_columns(
        reason=pl.Series(
            [names.get(word, word) if word else _("no reason given") for word in rows["reject_reason"]], dtype=pl.String
        ),
        kind=pl.Series([kinds.get(word, word) for word in rows["lead_type"]], dtype=pl.String),
        crm_url=pl.Series([web_address(url) for url in rows["crm_url"]], dtype=pl.String),
    )


def rejected_columns(column: Callable[..., C]) -> dict[str, C]:
    """How rejected leads are listed."""
    return {
        "lead_id": column(_("Lead")), "reason": column(_("Reason")), "decided_at": column(_("Decided")),
        "source": column(_("Source")), "campaign": column(_("Campaign")), "kind": column(_("Kind")),
        "opportunity_at": column(_("Opportunity after all")), "crm_url": column(_("CRM"), "link"),
    }  # fmt: skip
