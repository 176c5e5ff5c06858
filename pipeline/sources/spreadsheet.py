"""Workbooks cell by cell: typed numbers stay marked as such, errors and formulas without a result are seen as such."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
from openpyxl.utils import column_index_from_string

from pipeline.sources.faults import NUMERIC_CELL, Refused
from pipeline.sources.safety import Limits
from pipeline.sources.text import ROW, ReadyBlock, without_control

_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN = re.compile(rb'<row [^>]*hidden="(?:1|true)"')
_ROWS_PER_BLOCK = 50_000
_EXACT_INTEGER = 10**15


def scan(path: Path, limits: Limits) -> list[str]:
    """Look at the sheets' XML before any of it is unpacked into cells. Notes for people; `Refused` for far cells."""
    hidden = merged = 0
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith("xl/worksheets/") or not entry.filename.endswith(".xml"):
                continue
            cells, widest, lowest = 0, 0, 0
            columns: set[bytes] = set()
            with archive.open(entry) as sheet:
                rest = b""
                while chunk := sheet.read(2**20):
                    data = rest + chunk
                    for found in _CELL.finditer(data):
                        cells += 1
                        columns.add(found[1])
                        lowest = max(lowest, int(found[2]))
                    hidden += len(_HIDDEN.findall(data))
                    merged += data.count(b"<mergeCell ")
                    # Whole tags only: what follows the last ">" is looked at with the next chunk.
                    cut = data.rfind(b">") + 1
                    rest = data[cut:]
            widest = max((column_index_from_string(letters.decode()) for letters in columns), default=0)
            if widest > limits.columns or lowest > 10_000 + 100 * cells:
                raise Refused(
                    f"A sheet has a cell far outside of its table (column {widest:,}, row {lowest:,}). Delete the empty"
                    " columns and rows around the table and save it again."
                )
    notes = [f"{hidden:,} hidden rows were read too"] if hidden else []
    return notes + ([f"{merged:,} merged cells: only their first cell holds the value"] if merged else [])


def _opened(path: Path, *, results: bool) -> Any:
    try:
        return openpyxl.load_workbook(path, read_only=True, data_only=results, keep_links=False)
    except Exception as error:  # openpyxl raises whatever its XML and ZIP readers raise
        raise Refused(
            f"The workbook cannot be read ({type(error).__name__}: {error}). Save it again as .xlsx."
        ) from None


def head(path: Path, rows: int) -> dict[str, list[list[str]]]:
    """The first rows of every visible sheet."""
    book = _opened(path, results=True)
    found = {}
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()
            first = [line for _, line in zip(range(rows), sheet.iter_rows(), strict=False)]
            found[sheet.title] = [[_text(cell).removeprefix(NUMERIC_CELL) for cell in line] for line in first]
    book.close()
    return found


def blocks(path: Path, sheet: str, header_row: int, width: int) -> Iterator[ReadyBlock]:
    """Rows below the header, numbered as the spreadsheet numbers them."""
    values = _opened(path, results=True)
    formulas = _opened(path, results=False) if _has_formulas(path) else None
    table = values[sheet]
    table.reset_dimensions()
    lines = table.iter_rows(min_row=header_row + 1)
    written: Any = iter(())
    if formulas is not None:
        formulas[sheet].reset_dimensions()
        written = formulas[sheet].iter_rows(min_row=header_row + 1)
    kept: list[list[str | int]] = []
    schema = {ROW: pl.Int64, **{f"c{index}": pl.String for index in range(width)}}
    for number, (line, source) in enumerate(zip_longest(lines, written), start=header_row + 1):
        cells = [_text(cell) for cell in line or ()]
        for index, cell in enumerate(source or ()):
            if getattr(cell, "data_type", "") == "f" and index < len(cells) and not cells[index]:
                cells[index] = "#UNCACHED"
        beyond = [cell for cell in cells[width:] if cell]
        if beyond:
            raise Refused(
                f"Row {number:,} holds {beyond[0]!r} right of the header's last column. Name that column or clear it."
            )
        kept.append([number, *cells[:width], *[""] * (width - len(cells))])
        if len(kept) >= _ROWS_PER_BLOCK:
            yield ReadyBlock(*without_control(pl.DataFrame(kept, schema=schema, orient="row")))
            kept = []
    yield ReadyBlock(*without_control(pl.DataFrame(kept, schema=schema, orient="row")))


def _has_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                with archive.open(name) as sheet:
                    rest = b""
                    while chunk := sheet.read(2**20):
                        if b"<f>" in (data := rest + chunk) or b"<f " in data:
                            return True
                        rest = chunk[-4:]
    return False


def _text(cell: Any) -> str:
    """A cell as text: dates ISO, typed numbers with their mark, everything else as shown."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{NUMERIC_CELL}{value}"
    if isinstance(value, float):
        exact = int(value) if value.is_integer() and abs(value) < 10 * _EXACT_INTEGER else Decimal(repr(value))
        return f"{NUMERIC_CELL}{exact:f}" if isinstance(exact, Decimal) else f"{NUMERIC_CELL}{exact}"
    if isinstance(value, datetime):
        shows_time = re.search(r"[hs]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", cell.number_format or ""), re.IGNORECASE)
        return value.isoformat(sep=" ") if shows_time or value.time() != time() else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return str(value)
