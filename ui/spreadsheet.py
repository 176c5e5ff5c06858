"""Rows to take away: CSV and XLSX in which no name can become a formula or a link."""

from __future__ import annotations

import io
from datetime import datetime
from functools import partial

import polars as pl
import streamlit as st
import xlsxwriter

from locales import _, language
from reports.safe import DANGEROUS

MOST_ROWS = 1_048_575


def download(frame: pl.DataFrame, name: str) -> None:
    """Two quiet buttons under a table; the file is made when one is clicked. `name` is also the widgets' key."""
    with st.container(horizontal=True, gap="xsmall"):
        for kind, label, write, mime in (
            ("csv", _("Download CSV"), partial(csv, is_german=language() == "de"), "text/csv"),
            ("xlsx", _("Download Excel"), xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ):
            st.download_button(
                label,
                data=partial(write, frame),
                file_name=f"{name.replace('/', '-')}.{kind}",
                mime=mime,
                key=f"download_{kind}_{name}",
                type="tertiary",
                icon=":material/download:",
                on_click="ignore",
            )


def csv(frame: pl.DataFrame, *, is_german: bool = True) -> bytes:
    """As the reader's spreadsheet expects it: semicolons and decimal commas, or commas and points.

    Text that could start a formula is disarmed with an apostrophe; numbers stay numbers.
    """
    safe = frame.select(_flat(frame)).with_columns(_disarmed(pl.col(pl.String)).name.keep())
    header = pl.DataFrame({"name": safe.columns}).select(_disarmed(pl.col("name"))).to_series()
    safe.columns = header.to_list()
    return safe.write_csv(
        separator=";" if is_german else ",",
        decimal_comma=is_german,
        include_bom=True,
        datetime_format="%Y-%m-%d %H:%M:%S",
    ).encode()


def xlsx(frame: pl.DataFrame) -> bytes:
    """One sheet; text stays text, numbers stay numbers, timestamps keep the zone they are shown in."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        sheet = workbook.add_worksheet()
        header = workbook.add_format({"bold": True, "bottom": 1})
        dates = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moments = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for column, (title, values) in enumerate(frame.select(_flat(frame)).head(MOST_ROWS).to_dict().items()):
            sheet.write_string(0, column, title, header)
            sheet.set_column(column, column, max(10, min(40, len(title) + 4)))
            for row, value in enumerate(values, start=1):
                if value is None:
                    continue
                if isinstance(value, str):
                    sheet.write_string(row, column, value[:32_767])
                elif isinstance(value, datetime):
                    sheet.write_datetime(row, column, value.replace(tzinfo=None), moments)
                elif values.dtype == pl.Date:
                    sheet.write_datetime(row, column, value, dates)
                else:
                    sheet.write(row, column, value)
        sheet.freeze_panes(1, 0)
    return buffer.getvalue()


def _flat(frame: pl.DataFrame) -> list[pl.Expr]:
    """Lists as text, so that every cell holds one value."""
    return [
        pl.col(name).cast(pl.List(pl.String)).list.join(", ") if isinstance(kind, pl.List) else pl.col(name)
        for name, kind in frame.schema.items()
    ]


def _disarmed(text: pl.Expr) -> pl.Expr:
    return pl.when(text.str.contains(DANGEROUS)).then(pl.lit("'") + text).otherwise(text)
