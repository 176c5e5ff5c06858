"""Size bands, and whether a company is one both departments want to win."""

from __future__ import annotations

from functools import reduce
from operator import and_

import polars as pl

from agreement.sections import TargetCustomer

# Bands of the EU's definition of small and medium-sized enterprises (2003/361/EC), large ones told apart once more.
# They hold an en dash because a spreadsheet reads 10-49 as October 1949.
BANDS = ((10, "0–9"), (50, "10–49"), (250, "50–249"), (1000, "250–999"))
LARGEST = "1000+"
_GROUPED = r"^\d{1,3}([.,' ]\d{3})+$"


def size_band(given: pl.Expr) -> pl.Expr:
    """The band of a number of employees given as text, with or without grouping; a band stays the one it is."""
    text = given.str.strip_chars()
    plain = pl.when(text.str.contains(_GROUPED)).then(text.str.replace_all(r"[.,' ]", "")).otherwise(text)
    number = plain.cast(pl.Int64, strict=False)
    banded = pl.lit(LARGEST)
    for below, name in reversed(BANDS):
        banded = pl.when(number < below).then(pl.lit(name)).otherwise(banded)
    return pl.when(number >= 0).then(banded).otherwise(with_dash(text))


def with_dash(band: pl.Expr) -> pl.Expr:
    """A band as it is shown, however its dash was typed."""
    return band.str.replace(r"^(\d[\d.,]*)\s*[-‐–—]\s*(\d[\d.,]*)$", "${1}–${2}")


def fits(terms: TargetCustomer) -> pl.Expr:
    """Whether `segment, region, employees_band, industry` are among those agreed.

    Null where nothing is agreed, or where what would decide is unknown; one thing that does not fit decides alone.
    """
    agreed = {
        "segment": terms.segments, "region": terms.regions, "employees_band": terms.employees_bands,
        "industry": terms.industries,
    }  # fmt: skip
    told = [_is_among(pl.col(column), names) for column, names in agreed.items() if names]
    return reduce(and_, told) if told else pl.lit(None, pl.Boolean)


def _is_among(known: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    """Names agree without regard to case, blanks around them, and how a dash was typed."""
    wanted = pl.Series(names, dtype=pl.String).to_frame("name").select(_folded(pl.col("name"))).to_series()
    return _folded(known).is_in(wanted.implode())


def _folded(name: pl.Expr) -> pl.Expr:
    return with_dash(name.str.strip_chars()).str.to_lowercase()
