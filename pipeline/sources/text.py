"""Delimited text in blocks: cut at record ends, parsed in parallel, short and long lines set apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv

from pipeline.sources.faults import Fault, NeedsCare, Refused
from pipeline.sources.safety import Limits

ROW = "row_number"
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
_TAB, _NEWLINE, _RETURN, _BLANK, _QUOTE, _DELETE = 9, 10, 13, 32, 34, 127
_COMBINING = 0xCC  # the first byte of U+0300: letters below it are composed, whatever follows them


@dataclass(frozen=True)
class Hints:
    """What a chunk's cells cannot hold, so that it need not be looked for in every cell."""

    is_composed: bool = False  # no combining letters, and none beyond them: all text is in Unicode's composed form
    is_plain: bool = False  # the only white space a cell can begin or end with is a blank
    is_trimmed: bool = False  # not even that
    may_hold_errors: bool = True


@dataclass
class Rows:
    """Parsed rows of a block: `frame` has `row_number` and the wanted columns c0, c1 … as text, `bad` the rest."""

    frame: pl.DataFrame
    bad: list[tuple[int, Fault, list[str]]] = field(default_factory=list)


@dataclass
class TextBlock:
    """Whole records as bytes. `first_row` numbers the first one as a spreadsheet would."""

    data: bytes
    first_row: int
    records: int
    width: int
    separator: str
    is_cut: bool  # the file ends here without a line end

    @property
    def size(self) -> int:
        """Bytes of the file it takes up."""
        return len(self.data)

    @cached_property
    def letters(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def newlines(self) -> int:
        return _newlines(self.data)

    def hints(self) -> Hints:
        """What the bytes rule out, looked up once instead of in every cell."""
        data, letters = self.data, self.letters
        # One byte is looked for faster than two: the lead bytes of a hard blank and of typographic blanks.
        strange = not data.isascii() and (
            (b"\xc2" in data and b"\xc2\xa0" in data)
            or (b"\xe2" in data and b"\xe2\x80" in data)
            or (b"\xe3" in data and b"\xe3\x80" in data)
        )
        tabs = self.separator != "\t" and b"\t" in data
        line_ends = self.newlines + (not data.endswith(b"\n"))
        is_plain = line_ends == self.records and not strange and not tabs
        return Hints(
            is_composed=bool(letters.max() < _COMBINING),
            is_plain=is_plain,
            is_trimmed=is_plain and not self._has_blank_edges(),
            may_hold_errors=b"#" in data,
        )

    def _has_blank_edges(self) -> bool:
        edges = np.zeros(256, bool)
        edges[[ord(self.separator), _NEWLINE, _RETURN, _QUOTE]] = True
        blanks = np.flatnonzero(self.letters == _BLANK)
        around = (self.letters.take(blanks + step, mode="wrap") for step in (-1, 1))
        return any(edges[letter].any() for letter in around)

    def _has_control(self) -> bool:
        letters = self.letters
        others = int(np.count_nonzero(letters < _BLANK)) - self.newlines
        if others:
            others -= sum(int(np.count_nonzero(letters == allowed)) for allowed in (_TAB, _RETURN))
        return bool(others or (letters == _DELETE).any())

    def rows(self, wanted: list[int], nulls: Sequence[str] = ()) -> Rows:
        """Parse; cells that hold one of `nulls` alone are empty.

        Raises `NeedsCare` if quotes do not balance as counted, `Refused` if the file was cut off.
        """
        has_control = self._has_control()
        columns = list(range(self.width)) if has_control or not wanted else wanted
        faulty: dict[int, tuple[int, str]] = {}

        def keep_apart(row: arrow_csv.InvalidRow) -> str:
            faulty[row.number] = (row.actual_columns, row.text)
            return "skip"

        names = [f"c{index}" for index in range(self.width)]
        table = arrow_csv.read_csv(
            pa.py_buffer(self.data),
            arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(self.data) + 64),
            arrow_csv.ParseOptions(
                delimiter=self.separator,
                invalid_row_handler=keep_apart,
                newlines_in_values=True,
                ignore_empty_lines=False,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(names, pa.large_string()),
                include_columns=[names[index] for index in columns],
                strings_can_be_null=bool(nulls) and not has_control,  # a row set apart is shown as it stands
                null_values=list(nulls),
            ),
        )
        if table.num_rows + len(faulty) != self.records:
            raise NeedsCare
        numbers = np.arange(self.first_row, self.first_row + self.records)
        if faulty:
            numbers = np.delete(numbers, [number - 1 for number in faulty])
        frame = pl.DataFrame(pl.from_arrow(table)).with_columns(pl.Series(ROW, numbers, dtype=pl.Int64))
        bad = []
        for number, (fields, text) in faulty.items():
            if self.is_cut and number == self.records and fields < self.width:
                raise Refused(cut_off(self.first_row + number - 1, fields, self.width))
            bad.append(wrong_width(self.first_row + number - 1, fields, self.width, _split(text, self.separator)))
        if has_control:
            frame, harmed = without_control(frame)
            frame, bad = emptied(frame, nulls), bad + harmed
        return Rows(frame.select(ROW, *(f"c{index}" for index in (wanted or range(self.width)))), bad)


def emptied(frame: pl.DataFrame, nulls: Sequence[str]) -> pl.DataFrame:
    """The frame without cells that hold one of `nulls` alone."""
    cells = pl.exclude(ROW)
    return frame if not nulls else frame.with_columns(pl.when(~cells.is_in(nulls)).then(cells))


def without_control(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[tuple[int, Fault, list[str]]]]:
    """Set rows with control characters apart."""
    harmed = frame.select(pl.any_horizontal(pl.exclude(ROW).str.contains(CONTROL))).to_series().fill_null(False)
    fault = Fault("control_character", "the row holds a control character (damaged transfer or wrong export)")
    rows = [(row[0], fault, list(row[1:])) for row in frame.filter(harmed).select(ROW, pl.exclude(ROW)).iter_rows()]
    return frame.filter(~harmed), rows


def cut_off(row: int, fields: int, width: int) -> str:
    return (
        f"Row {row:,}, the last one, ends after {fields} of {width} fields and without a line end: the file was cut off"
        " in transfer. Export it again."
    )


def wrong_width(row: int, fields: int, width: int, cells: list[str]) -> tuple[int, Fault, list[str]]:
    return row, Fault("wrong_field_count", f"the row has {fields} fields, the header {width}"), cells


def _split(line: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(line), delimiter=separator), [])


def blocks(path: Path, start: int, first_row: int, width: int, separator: str, limits: Limits) -> Iterator[TextBlock]:
    """Cut the file into blocks of whole records. Raises `NeedsCare` at quotes that do not pair up cleanly."""
    mark = ord(separator)
    rest = b""
    row = first_row
    with path.open("rb") as file:
        file.seek(start)
        while True:
            fresh = file.read(limits.block_bytes)
            data = rest + fresh
            if not data:
                return
            is_last = not fresh
            end, records = _cut(data, mark, is_last=is_last)
            if end == 0 and not is_last:
                if len(data) > limits.line_bytes:
                    if b'"' in data:
                        raise NeedsCare
                    raise Refused(f"Row {row:,} is longer than {limits.line_bytes / 2**20:,.0f} MiB; this is no table.")
                rest = data
                continue
            yield TextBlock(data[:end], row, records, width, separator, is_last and not data.endswith(b"\n"))
            row += records
            rest = data[end:]
            if is_last:
                return


def _newlines(data: bytes | memoryview) -> int:
    """Counted by numpy: faster than bytes count, and other threads go on meanwhile."""
    return int(np.count_nonzero(np.frombuffer(data, np.uint8) == _NEWLINE))


def _cut(data: bytes, mark: int, *, is_last: bool) -> tuple[int, int]:
    """(length of the whole records at the front, how many they are)."""
    if b'"' not in data:
        end = len(data) if is_last else data.rfind(b"\n") + 1
        return end, _newlines(memoryview(data)[:end]) + (1 if is_last and not data.endswith(b"\n") else 0)
    letters = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(letters == _QUOTE)
    lines = np.flatnonzero(letters == _NEWLINE)
    ends = lines[np.searchsorted(quotes, lines) % 2 == 0]
    end = len(data) if is_last else int(ends[-1]) + 1 if len(ends) else 0
    inside = quotes[: np.searchsorted(quotes, end)]
    if len(inside) % 2:
        raise NeedsCare
    opening, closing = inside[0::2], inside[1::2]
    before = letters[opening[opening > 0] - 1]
    after = letters[closing[closing + 1 < end] + 1]
    clean = (mark, _NEWLINE, _QUOTE, _RETURN)
    if not (np.isin(before, clean).all() and np.isin(after, clean).all()):
        raise NeedsCare
    return end, int((ends < end).sum()) + (1 if is_last and not data.endswith(b"\n") else 0)


@dataclass
class ReadyBlock:
    """Rows that are parsed already: the careful reader's, a spreadsheet's, a Parquet file's."""

    frame: pl.DataFrame
    bad: list[tuple[int, Fault, list[str]]]
    size: int = 0  # not known

    def hints(self) -> Hints:
        """Nothing is ruled out."""
        return Hints()

    def rows(self, wanted: list[int], nulls: Sequence[str] = ()) -> Rows:
        """The wanted columns; cells that hold one of `nulls` alone are empty."""
        frame = self.frame.select(ROW, *(f"c{index}" for index in wanted)) if wanted else self.frame
        return Rows(emptied(frame, nulls), self.bad)


def careful_blocks(
    path: Path, start: int, first_row: int, first_line: int, width: int, separator: str, limits: Limits
) -> Iterator[ReadyBlock]:
    """The slow way for files whose quotes are broken: record by record, each fault with its line."""
    old_limit = csv.field_size_limit(limits.field_characters)
    try:
        with path.open("rb") as raw:
            raw.seek(start)
            lines = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            yield from _careful(lines, first_row, first_line, width, separator, limits)
    finally:
        csv.field_size_limit(old_limit)


def _careful(
    lines: io.TextIOWrapper, first_row: int, first_line: int, width: int, separator: str, limits: Limits
) -> Iterator[ReadyBlock]:
    latest = [""]

    def remembered() -> Iterator[str]:
        for line in lines:
            latest[0] = line
            yield line

    reader = csv.reader(remembered(), delimiter=separator, strict=True)
    row, kept, bad = first_row, [], []  # type: int, list[list[str | int]], list[tuple[int, Fault, list[str]]]
    while True:
        line_before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            line = first_line + line_before
            if "field larger" in str(error) or reader.line_num - line_before > 1 or "unexpected end" in str(error):
                raise Refused(
                    f"Line {line:,}: a quote is opened and not closed (or closed in the wrong place); everything after"
                    f" it would be swallowed into one cell. Correct the quote in line {line:,} or export again."
                ) from None
            bad.append((row, Fault("broken_quotes", "the quotes of this row are broken"), [latest[0].rstrip("\r\n")]))
            row += 1
            continue
        if cells and len(cells) != width:
            if len(cells) < width and not latest[0].endswith(("\n", "\r")):
                raise Refused(cut_off(row, len(cells), width))
            bad.append(wrong_width(row, len(cells), width, cells))
        elif cells:
            kept.append([row, *cells])
        row += 1
        if len(kept) >= 50_000:
            yield _ready(kept, bad, width)
            kept, bad = [], []
    yield _ready(kept, bad, width)


def _ready(kept: list[list[str | int]], bad: list[tuple[int, Fault, list[str]]], width: int) -> ReadyBlock:
    schema = {ROW: pl.Int64, **{f"c{index}": pl.String for index in range(width)}}
    frame = pl.DataFrame(kept, schema=schema, orient="row")
    good, harmed = without_control(frame)
    return ReadyBlock(good, bad + harmed)
