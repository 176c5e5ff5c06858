"""Tables whose numbers and dates are written in the reader's language and still sort as numbers and dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd  # type: ignore[import-untyped]  # it brings no types of its own
import polars as pl
import streamlit as st

import locales
from locales import _, formats
from ui import spreadsheet
from ui.currency import money
from ui.labels import label
from ui.query import build
from ui.text import esc

MOST_ROWS = 10_000
MOST_WRITTEN = 500  # longer tables leave the writing of numbers to the browser, in its own language
Kind = Literal["text", "number", "money", "share", "day", "moment", "link"]
WRITTEN = ("number", "money", "share")


@dataclass(frozen=True)
class Column:
    """How a column is shown. `kind` None: decided by the column's type; `digits` after the decimal mark."""

    label: str
    kind: Kind | None = None
    digits: int = 0
    help: str | None = None
    width: Literal["small", "medium", "large"] | int | None = None


def table(
    frame: pl.DataFrame,
    columns: Mapping[str, str | Column] | Sequence[str] | None = None,
    *,
    key: str,
    download: bool = True,
    on_select: Any = None,
    height: Any = "auto",
    folded: str | None = None,
) -> list[int]:
    """The columns named, in that order; a mere list of names takes the labels all pages share.

    Returns the positions of the selected rows if `on_select="rerun"`. Long tables are cut at 10,000 rows and say so;
    the download has all of them. `folded`: the heading under which the table is folded away until it is opened.
    """
    if folded:
        with st.expander(esc(folded), key=f"folded_{key}", on_change="rerun") as part:
            return (
                table(frame, columns, key=key, download=download, on_select=on_select, height=height)
                if part.open
                else []
            )
    named = columns if isinstance(columns, Mapping) else {name: label(name) for name in columns or frame.columns}
    wanted = {name: shown if isinstance(shown, Column) else Column(shown) for name, shown in named.items()}
    rows = frame.select(list(wanted))
    kinds = {name: column.kind or _kind(rows.schema[name]) for name, column in wanted.items()}
    is_written = rows.height <= MOST_WRITTEN and any(kind in WRITTEN for kind in kinds.values())
    event: Any = st.dataframe(
        _readable(rows, wanted, kinds) if is_written else rows.head(MOST_ROWS),
        key=key,
        hide_index=True,
        column_config={name: _config(column, kinds[name], is_written) for name, column in wanted.items()},
        on_select=on_select or "ignore",
        selection_mode="single-row",
        height=height,
        placeholder="–",
    )
    if rows.height > MOST_ROWS:
        notice = _("The first {shown} of {all} rows are shown; the download has all.")
        st.caption(notice.format(shown=formats.number(MOST_ROWS), all=formats.number(rows.height)))
    if download:
        spreadsheet.download(rows.rename({name: column.label for name, column in wanted.items()}), key)
    return list(event["selection"]["rows"]) if on_select else []


def _kind(dtype: pl.DataType) -> Kind:
    if dtype.is_integer() or dtype.is_float():
        return "number"
    if dtype.is_decimal():
        return "money"
    if dtype == pl.Date:
        return "day"
    return "moment" if isinstance(dtype, pl.Datetime) else "text"


def _config(column: Column, kind: Kind, is_written: bool) -> Any:
    """`is_written`: the cells carry their text, which a format of the column would overrule."""
    kwargs: dict[str, Any] = {"help": column.help, "width": column.width}
    is_german = locales.language() == "de"
    match kind:
        case "number" | "money":
            return st.column_config.NumberColumn(column.label, format=None if is_written else "localized", **kwargs)
        case "share":
            return st.column_config.NumberColumn(column.label, format=None if is_written else "percent", **kwargs)
        case "day":
            return st.column_config.DateColumn(
                column.label, format="DD.MM.YYYY" if is_german else "D MMM YYYY", **kwargs
            )
        case "moment":
            day = "DD.MM.YYYY, HH:mm" if is_german else "D MMM YYYY, HH:mm"
            return st.column_config.DatetimeColumn(column.label, format=day, timezone=build().zone, **kwargs)
        case "link":
            return st.column_config.LinkColumn(column.label, display_text=":material/open_in_new:", **kwargs)
        case "text":
            return st.column_config.TextColumn(column.label, **kwargs)


def _readable(rows: pl.DataFrame, wanted: dict[str, Column], kinds: dict[str, Kind]) -> Any:
    """Numbers with their text beside the value to sort by: alone the browser would follow its own language."""
    written = {name: _writer(kinds[name], column.digits) for name, column in wanted.items() if kinds[name] in WRITTEN}
    as_floats = rows.with_columns(pl.col(pl.Decimal).cast(pl.Float64))
    return as_floats.to_pandas(use_pyarrow_extension_array=True).style.format(written)


def _writer(kind: Kind, digits: int) -> Callable[[Any], str]:
    write: Callable[..., str] = {"number": formats.number, "share": formats.percent}.get(kind, money)
    return lambda value: write(_plain(value), digits=digits)


def _plain(value: Any) -> Any:
    """None for every kind of missing value pandas knows."""
    return None if pd.isna(value) else value
