"""Numbers into the text columns of an export."""

from __future__ import annotations

from typing import IO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from .clock import Seconds, local_datetime

_TIME = "%Y-%m-%d %H:%M:%S"


def words(options: list[str], at: NDArray) -> pl.Series:
    """Option per number; a negative number is empty."""
    index = np.where(np.asarray(at) < 0, len(options), at).astype(np.uint32)
    return pl.Series([*options, None], dtype=pl.String).gather(pl.Series(index))


def instants(at: Seconds) -> pl.Series:
    """Wall clock in Berlin, empty for `NEVER`."""
    return pl.Series(local_datetime(at).astype("datetime64[ms]"))


def ids(first: int, number: NDArray) -> pl.Series:
    """Ids counted from `first`, empty for negative numbers."""
    number = np.asarray(number, dtype=np.int64)
    return pl.Series(np.where(number < 0, -1, number + first)).replace(-1, None)


def only(where: NDArray, column: pl.Series) -> pl.Series:
    """The column, emptied where `where` is false."""
    return pl.select(pl.when(pl.Series(where)).then(column)).to_series()


def links(kind: str, number: pl.Series) -> pl.Series:
    """Addresses of the record in the CRM."""
    return pl.select(pl.format("https://crm.maschinen-demo.example/{}/{}", pl.lit(kind), number)).to_series()


def steady(lead: NDArray, subject: int) -> NDArray[np.float64]:
    """A number in [0, 1) that belongs to a lead for good, however often and in which order it is asked for."""
    mixed = lead.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(subject * 0x632BE5AB)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


def append(frame: pl.DataFrame, file: IO[bytes], *, header: bool) -> None:
    """Write rows in the CRM's dialect."""
    frame.write_csv(file, include_header=header, datetime_format=_TIME, date_format="%Y-%m-%d")
