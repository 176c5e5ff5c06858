"""How many leads are of companies both departments want to win."""

from __future__ import annotations

import polars as pl

from locales import _, formats
from measures.intervals import wilson

FEWEST_LEADS = 10
MOST_NAMED = 4


def in_words(rows: pl.DataFrame) -> str:
    """How many leads are of such companies, and which groups hold fewer of them than all together for sure."""
    known, fitting = int(rows["fit_known"].sum()), int(rows["fitting"].sum())
    if not known:
        return _(
            "Whether leads fit the target customer cannot be said: none is agreed, or no lead names what would decide."
        )
    low, high = wilson(fitting, known)
    said = _("{share} of {n} leads ({low} to {high}) fit the agreed target customer.").format(
        share=formats.percent(fitting / known, 0), n=formats.number(known), low=formats.percent(low, 0),
        high=formats.percent(high, 0),
    )  # fmt: skip
    fewer = [
        f"\u2068{row['name']}\u2069"
        for row in rows.filter(pl.col("fit_known") >= FEWEST_LEADS)
        .sort(pl.col("fitting") / pl.col("fit_known"))
        .to_dicts()
        if wilson(row["fitting"], row["fit_known"])[1] < low
    ]
    if fewer:
        said += " " + _("Fewer than elsewhere: {names}.").format(names=formats.listed(fewer[:MOST_NAMED]))
    return said
