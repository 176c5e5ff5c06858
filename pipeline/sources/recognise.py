"""Which mapping reads which file: by the headers it must hold, by its name, by its sheet."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from pipeline.canonical import KEYS, SCHEMAS
from pipeline.sources.faults import Refused
from pipeline.sources.mapping import Mapping, Names, nearest, parse

SEPARATORS = (",", ";", "\t", "|")
HEAD_RECORDS = 60
_SHOWN = {",": "','", ";": "';'", "\t": "a tab", "|": "'|'"}


@dataclass
class Head:
    """The first lines of a file: text, or rows per sheet (a Parquet file is one sheet with its column names)."""

    kind: str
    text: str = ""
    sheets: dict[str, list[list[str]]] = field(default_factory=dict)


@dataclass
class Layout:
    """Where the table stands in the file. Lines count from 1; `lines_to_header` is the header's last line."""

    kind: str
    header: list[str]
    lines_to_header: int
    preamble_lines: int
    separator: str = ","
    sheet: str = ""
    preamble: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@lru_cache(maxsize=2**14)  # the same few cells are held against every mapping
def clean(header: str) -> str:
    """A header as compared: trimmed, NBSP as blank, one form of umlauts, no case."""
    plain = header.replace("\ufeff", "").replace("\u00a0", " ")
    return unicodedata.normalize("NFC", " ".join(plain.split())).casefold()


def position(names: Names, header: Iterable[str]) -> tuple[int, re.Match[str] | None] | None:
    """Index of the first of `names` in the header, and the match if it was named by "~regex"."""
    cells = list(header)
    for name in names:
        if name.startswith("~"):
            pattern = re.compile(name[1:], re.IGNORECASE)
            for index, cell in enumerate(cells):
                found = pattern.fullmatch(" ".join(cell.replace("\u00a0", " ").split()))
                if found:
                    return index, found
        else:
            wanted = clean(name)
            for index, cell in enumerate(cells):
                if clean(cell) == wanted:
                    return index, None
    return None


def records(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """(line the record ends on, its cells) of the first lines."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            found.append((reader.line_num, cells))
            if len(found) >= HEAD_RECORDS:
                break
    except csv.Error:
        pass
    return found


def choose(head: Head, name: str, mappings: list[Mapping]) -> list[tuple[Mapping, Layout]]:
    """The mappings that read this file (several only for several sheets), empty if none does.

    The user's folders come before the shipped one, then the most matching headers win. Raises `Refused` where two fit
    equally well or only the separator or the sheet stands in the way.
    """
    fits = [(mapping, layout) for mapping in mappings for layout in _layouts(head, name, mapping)]
    chosen: list[tuple[Mapping, Layout]] = []
    for sheet in dict.fromkeys(layout.sheet for _, layout in fits):
        here = [(mapping, layout) for mapping, layout in fits if layout.sheet == sheet]
        best = max(_rank(mapping) for mapping, _ in here)
        winners = [pair for pair in here if _rank(pair[0]) == best]
        if len(winners) > 1:
            names = " and ".join(repr(mapping.name) for mapping, _ in winners)
            raise Refused(
                f"The mappings {names} fit this file equally well. Add a header only one of them has, or"
                ' [recognise] file = "*name*"'
            )
        chosen += winners
    unnamed = [(mapping, layout) for mapping, layout in chosen if head.kind == "xlsx" and mapping.read.sheet is None]
    filled = [sheet for sheet, rows in head.sheets.items() if any(any(row) for row in rows)]
    if unnamed and len(filled) > 1:
        mapping, layout = unnamed[0]
        raise Refused(
            f"The workbook has {len(filled)} sheets ({', '.join(filled)}); {mapping.origin or mapping.name} does not"
            f' say which. Add: [read] sheet = "{layout.sheet}"'
        )
    if not chosen:
        _nearly(head, name, mappings)
    return chosen


def _rank(mapping: Mapping) -> tuple[int, int, bool]:
    return mapping.tier, len(mapping.recognise.headers), mapping.recognise.file is not None


def _layouts(head: Head, name: str, mapping: Mapping) -> list[Layout]:
    if mapping.recognise.file and not fnmatchcase(name.casefold(), mapping.recognise.file.casefold()):
        return []
    if head.kind == "text":
        separators = (mapping.read.separator,) if mapping.read.separator else SEPARATORS
        found = [layout for mark in separators if (layout := _in_text(head.text, mark, mapping))]
        return sorted(found, key=lambda layout: -len(layout.header))[:1]
    found = []
    for sheet, rows in head.sheets.items():
        if mapping.read.sheet and clean(sheet) not in [clean(one) for one in mapping.read.sheet]:
            continue
        numbered = [(number, cells) for number, cells in enumerate(rows, start=1)]
        hit = _header(numbered, mapping)
        if hit:
            line, cells, before = hit
            found.append(Layout(head.kind, cells, line, line - 1, sheet=sheet, preamble=before))
    return found


def _in_text(text: str, separator: str, mapping: Mapping) -> Layout | None:
    found = records(text, separator)
    hit = _header(found, mapping)
    if not hit:
        return None
    line, cells, before = hit
    first = next(number for number, record in found if record is cells)
    lines_before = max((number for number, _ in found if number < first), default=0)
    return Layout("text", cells, line, lines_before, separator, preamble=before)


def _header(found: list[tuple[int, list[str]]], mapping: Mapping) -> tuple[int, list[str], str] | None:
    """(line, cells, text above) of the first record that holds every header asked for."""
    for place, (line, cells) in enumerate(found):
        if not any(cell.strip() for cell in cells) or (len(cells) == 1 and clean(cells[0]).startswith("sep=")):
            continue
        if isinstance(mapping.read.preamble, int) and line <= mapping.read.preamble:
            continue
        if all(position(names, cells) is not None for names in mapping.recognise.headers):
            if mapping.tier < 0 and not _is_canonical(cells, mapping):
                return None
            return line, cells, "\n".join(" ".join(record) for _, record in found[:place])
        if mapping.tier < 0:
            return None
    return None


def _nearly(head: Head, name: str, mappings: list[Mapping]) -> None:
    """Say it when only the declared separator is in the way."""
    for mapping in mappings:
        declared = mapping.read.separator
        if head.kind != "text" or not declared or not mapping.recognise.headers:
            continue
        for other in SEPARATORS:
            if other != declared and _in_text(head.text, other, mapping):
                raise Refused(
                    f"Read with {_SHOWN.get(declared, declared)} the header is only 1 column; the file is separated by"
                    f" {_SHOWN[other]}. Change {mapping.origin or mapping.name}: [read] separator = {other!r}".replace(
                        "'", '"'
                    )
                )


def unrecognised(head: Head, mappings: list[Mapping]) -> str:
    """What to tell about a file no mapping fits: its columns, and the mapping that came nearest."""
    header = _widest(head)
    if not header:
        return "No mapping recognises this file and no header line was found in it."
    best, share, lacking = None, 0.0, ""
    for mapping in mappings:
        wanted = mapping.recognise.headers
        missing = [names[0] for names in wanted if position(names, header) is None]
        if wanted and mapping.tier >= 0 and (here := 1 - len(missing) / len(wanted)) > share:
            best, share = mapping, here
            lacking = ", ".join(f"{one!r}{nearest(one, header)}" for one in missing)
    columns = ", ".join(repr(cell) for cell in header[:12]) + (" …" if len(header) > 12 else "")
    near = f" The nearest is {best.name!r}, which also wants {lacking}." if best and lacking else ""
    one = " It has only 1 column; perhaps its separator is unusual." if len(header) == 1 else ""
    advice = "Write data/mappings/<name>.toml (docs/mappings.md)."
    return f"No mapping recognises these columns: {columns}.{near}{one} {advice}"


def _widest(head: Head) -> list[str]:
    if head.kind == "text":
        first = [next((cells for _, cells in records(head.text, mark) if cells), []) for mark in SEPARATORS]
        return max(first, key=len, default=[])
    return next((row for rows in head.sheets.values() for row in rows if any(row)), [])


def check_header(header: list[str]) -> list[int]:
    """Indices of nameless columns. Raises `Refused` naming both places of a repeated header."""
    seen: dict[str, int] = {}
    nameless = []
    for index, cell in enumerate(header):
        name = clean(cell)
        if not name:
            nameless.append(index)
        elif name in seen:
            raise Refused(
                f"The header names {cell.strip()!r} twice: column {seen[name] + 1} and column {index + 1}."
                " Rename one of them in the export."
            )
        else:
            seen[name] = index
    return nameless


def _is_canonical(cells: list[str], mapping: Mapping) -> bool:
    known = SCHEMAS[mapping.name.removeprefix("tandem_")].columns()
    return all(cell.strip().lstrip("\ufeff") in known for cell in cells)


def built_in() -> list[Mapping]:
    """The generic Tandem files: a header made of one canonical table's column names needs no mapping file."""
    found = []
    for table, schema in SCHEMAS.items():
        columns = schema.columns()
        needed = [name for name, column in columns.items() if not column.nullable or name in KEYS[table]]
        lines = "\n".join(f'{name} = "{name}"' for name in columns)
        text = (
            f'name = "tandem_{table}"\ntitle = "Tandem: {table}"\n[recognise]\nheaders = {needed!r}\n'
            f'[read]\nmissing = "empty"\ndecimal = "point"\ndate = "ymd"\n'
            f'[[table]]\nto = "{table}"\n[table.columns]\n{lines}\n'
        )
        found.append(parse(text, f"tandem_{table}", tier=-1))
    return found
