"""All chunks of a file together: the counts that must balance, and the rows set apart with their reasons."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.sources import rows
from pipeline.sources.faults import NUMERIC_CELL, Fault
from pipeline.sources.text import ROW

REJECTED_SCHEMA = {
    "source_file": pl.String, ROW: pl.Int64, "rule": pl.String, "column_name": pl.String, "reason": pl.String,
    "row_json": pl.String,
}  # fmt: skip


@dataclass
class Whole:
    """The sum of all chunks."""

    rows_read: int = 0
    left_out: int = 0
    total_rows: int = 0
    bad_width: int = 0
    rejected: list[tuple[int, str, str, str, list[str]]] = field(default_factory=list)
    keys: list[pl.DataFrame] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=dict)
    totals: list[tuple[str, str, Decimal]] = field(default_factory=list)
    unmapped: dict[str, dict[str, int]] = field(default_factory=dict)
    newest: datetime | None = None
    nameless: int | None = None

    def add(self, made: rows.Records, bad: list[tuple[int, Fault, list[str]]], raw: dict[int, list[str]]) -> None:
        self.rows_read += made.rows_read
        self.left_out += made.rows_left_out
        self.total_rows += made.total_rows
        self.bad_width += sum(fault.rule == "wrong_field_count" for _, fault, _ in bad)
        self.rejected += [(row, fault.rule, "", fault.text, cells) for row, fault, cells in bad]
        self.rejected += [
            (row, rule, column, sentence, raw.get(row, [])) for row, rule, column, sentence in made.faults
        ]
        if made.keys is not None and made.keys.height:
            self.keys.append(made.keys)
        for label, amount in made.sums.items():
            self.sums[label] = self.sums.get(label, Decimal(0)) + amount
        self.totals += made.totals
        for label, words in made.unmapped.items():
            here = self.unmapped.setdefault(label, {})
            for word, count in words.items():
                here[word] = here.get(word, 0) + count
        if made.newest and (self.newest is None or made.newest > self.newest):
            self.newest = made.newest
        self.nameless = self.nameless if made.nameless_filled is None else made.nameless_filled


def write_rejected(whole: Whole, header: list[str], label: str, target: Path) -> None:
    if not whole.rejected:
        return
    header = [cell.strip() for cell in header]
    told: dict[int, tuple[Any, ...]] = {}
    for row, rule, column, sentence, cells in sorted(whole.rejected, key=lambda fault: fault[0]):
        place = f"{label}, row {row:,}" + (f", column “{column}”" if column else "")
        plain = [(cell or "").replace(NUMERIC_CELL, "") for cell in cells]
        known = (
            dict(zip(header, plain, strict=False)) if len(plain) > 1 or len(header) == 1 else {"line": "".join(plain)}
        )
        known |= {f"+{index}": cell for index, cell in enumerate(plain[len(header) :], start=1)}
        told.setdefault(row, (label, row, rule, column, f"{place}: {sentence}.", json.dumps(known, ensure_ascii=False)))
    pl.DataFrame(list(told.values()), schema=REJECTED_SCHEMA, orient="row").write_parquet(target)
