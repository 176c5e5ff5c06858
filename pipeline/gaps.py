"""What is told more than once, and one row per record where several rows tell of it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def repeated(values: pl.Series) -> pl.Series:
    """True for each value that stands there more than once.

    Numbers made of the values are compared first, the values themselves only where those agree: a million different
    texts take a quarter of the time.
    """
    alike = values.hash().is_duplicated()
    rows = alike.arg_true()
    return alike.scatter(rows, values.gather(rows).is_duplicated())


def gaps_filled(rows: pl.DataFrame, key: Sequence[str], first: Sequence[str | pl.Expr]) -> pl.DataFrame:
    """One row per `key`: of several, the first by `first` says it, the next ones fill its gaps. `key` holds no nulls.

    Records told once keep their order and stand before the others.
    """
    if not key:
        return rows
    several = repeated(rows.select(pl.struct(key)).to_series() if len(key) > 1 else rows[key[0]])
    if not several.any():
        return rows
    merged = (
        rows.filter(several)
        .sort(*key, *first, nulls_last=True)
        .group_by(key, maintain_order=True)
        .agg(pl.exclude(key).drop_nulls().first())
    )
    return pl.concat([rows.filter(~several), merged.select(rows.columns)])
