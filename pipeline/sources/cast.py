"""Slots: the text of a cell read as what it is to be, a whole column at a time, with a sentence for each that fails."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl

from pipeline.sources import dates, numbers
from pipeline.sources.faults import NUMERIC_CELL, Fault, shown
from pipeline.sources.plan import Slot
from pipeline.sources.text import Hints

MONEY = pl.Decimal(18, 2)
_TRUE = ("true", "yes", "ja", "wahr", "1", "x", "y", "j", "t")
_FALSE = ("false", "no", "nein", "falsch", "0", "n", "f")
NOTHING_KNOWN = Hints()
_NOT_COMPOSED = r"[^\x00-\x{2ff}]"  # letters below U+0300 are composed in any order
_DAMAGED = r"^[0-9]+([.,][0-9]+)?[eE]\+[0-9]+$|^[0-9]+[.,]0$"
DTYPES: dict[str, pl.DataType] = {
    "id": pl.String(), "instant": pl.Datetime("us", "UTC"), "day": pl.Date(), "money": MONEY, "share": pl.Float64(),
    "count": pl.Int64(), "flag": pl.Boolean(), "hash": pl.String(), "text": pl.String(),
}  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """Where wall clocks hang, and after which instant an event cannot have happened yet."""

    zone: str
    fold: str
    latest: datetime


@dataclass
class Styles:
    """The decided style of each slot by name, and the evidence it was decided from."""

    evidence: dict[str, Any] = field(default_factory=dict)
    decided: dict[str, Any] = field(default_factory=dict)

    def observe(self, slots: list[Slot], frame: pl.DataFrame) -> None:
        """Add what the texts of a chunk say about undeclared slots."""
        for slot in slots:
            if slot.style is not None or slot.kind not in ("instant", "day", "money", "share"):
                continue
            text = frame[f"{slot.name}_text"]
            fresh = (
                dates.observe(text)
                if slot.kind in ("instant", "day")
                else numbers.observe(text, is_share=slot.kind == "share")
            )
            if slot.name in self.evidence:
                self.evidence[slot.name].add(fresh)
            else:
                self.evidence[slot.name] = fresh

    def merge(self, other: Styles) -> None:
        for name, fresh in other.evidence.items():
            if name in self.evidence:
                self.evidence[name].add(fresh)
            else:
                self.evidence[name] = fresh

    @property
    def undecided(self) -> list[str]:
        return [name for name, evidence in self.evidence.items() if evidence.is_undecided]

    def decide(self, slots: list[Slot]) -> None:
        """Settle every slot. Raises `Refused` for the first that its column cannot settle."""
        for slot in slots:
            if slot.style is not None:
                self.decided[slot.name] = slot.style
            elif slot.name in self.evidence:
                choice = self.evidence[slot.name].decide(slot.label)
                self.decided[slot.name] = dates.DateStyle(order=choice) if slot.kind in ("instant", "day") else choice


def cast(slot: Slot, text: pl.Series, style: Any, clock: Clock, hints: Hints = NOTHING_KNOWN) -> list[pl.Series]:
    """The slot's value (and `<slot>_day` for instants); null where the text cannot be read."""
    if slot.kind == "id":
        return [_identifier(text, hints).alias(slot.name)]
    if slot.kind in ("instant", "day"):
        return _dates(slot, text, style or dates.DateStyle(), clock)
    if slot.kind in ("money", "share"):
        return [_number(slot, text, style).alias(slot.name)]
    if slot.kind == "count":
        return [numbers.whole(text).alias(slot.name)]
    if slot.kind == "flag":
        folded = text.str.strip_prefix(NUMERIC_CELL).str.to_lowercase()
        words = [*_TRUE, *_FALSE]
        truth = [True] * len(_TRUE) + [False] * len(_FALSE)
        return [folded.replace_strict(words, truth, default=None, return_dtype=pl.Boolean).alias(slot.name)]
    if slot.kind == "hash":
        return [hashed(text).alias(slot.name)]
    raise AssertionError(slot.kind)


def _number(slot: Slot, text: pl.Series, style: Any) -> pl.Series:
    exact = numbers.cast(text, style)
    if slot.times:
        factor = Decimal(slot.times)
        seen = exact.drop_nulls().unique()
        if seen.len():
            scaled = pl.Series([number * factor for number in seen], dtype=numbers.EXACT)
            exact = exact.replace_strict(seen, scaled, default=None, return_dtype=numbers.EXACT)
    if slot.kind == "share":
        return exact.cast(pl.Float64)
    return exact.round(2, mode="half_away_from_zero").cast(MONEY, strict=False)


def _dates(slot: Slot, text: pl.Series, style: Any, clock: Clock) -> list[pl.Series]:
    read = dates.cast(text, style, clock.zone, clock.fold)
    at = pl.col("at")
    fits = ~dates.is_sentinel(at, clock.zone)
    if not slot.may_be_future:
        fits = fits & (at <= clock.latest)
    placed = read.select(at=pl.when(fits).then(at), is_day=pl.when(fits).then(pl.col("is_day") | slot.day_only))
    if slot.day_only:
        day = at.dt.convert_time_zone(clock.zone).dt.date().cast(pl.Datetime("us"))
        midnight = day.dt.replace_time_zone(clock.zone, non_existent="null", ambiguous="earliest")
        placed = placed.with_columns(pl.coalesce(midnight.dt.convert_time_zone("UTC"), at).alias("at"))
    if slot.may_be_future:
        # "No end" is written as the year 9999: no day at all, and no fault.
        no_day = read.select(dates.is_sentinel(at, clock.zone).fill_null(False)).to_series()
        text = text.set(no_day, None)
        return [
            placed["at"].dt.convert_time_zone(clock.zone).dt.date().alias(slot.name),
            text.alias(f"{slot.name}_text"),
        ]
    if slot.kind == "day":
        return [placed["at"].dt.convert_time_zone(clock.zone).dt.date().alias(slot.name)]
    return [placed["at"].alias(slot.name), placed["is_day"].alias(f"{slot.name}_day")]


def _identifier(text: pl.Series, hints: Hints) -> pl.Series:
    """Composed Unicode form; null where a spreadsheet has destroyed the id."""
    if text.cast(pl.Int64, strict=False).null_count() == text.null_count():
        return text  # digits alone, as most ids are, need no closer look
    lost = text.str.contains(_DAMAGED)
    if not hints.is_composed:
        typed = text.str.starts_with(NUMERIC_CELL)
        if typed.any():
            text = text.str.strip_prefix(NUMERIC_CELL)
            lost |= typed & ((text.str.len_bytes() > 15) | text.str.contains(".", literal=True))
        if text.str.contains(_NOT_COMPOSED).any():
            text = text.str.normalize("NFC")
    return pl.select(pl.when(~lost).then(text)).to_series() if lost.any() else text


def hashed(text: pl.Series) -> pl.Series:
    """MD5 of each text: the same row has the same id in every build and on every machine."""
    ids = [None if one is None else hashlib.md5(one.encode(), usedforsecurity=False).hexdigest() for one in text]
    return pl.Series(ids, dtype=pl.String)


def explain(slot: Slot, value: str, style: Any, clock: Clock) -> Fault:
    """Why this cell could not be read as what the slot wants."""
    if slot.kind == "id":
        return Fault("damaged_id", f"the id {shown(value)} was destroyed by a spreadsheet; export the ids as text")
    if slot.kind == "flag":
        return Fault("not_a_flag", f"{shown(value)} is neither yes nor no")
    if slot.kind == "count":
        return Fault("not_a_number", f"{shown(value)} is not a whole number")
    if slot.kind in ("money", "share"):
        number = numbers.parse(value, style)
        if isinstance(number, Fault):
            return number
        return Fault("number_too_large", f"{shown(value)} has more digits than an amount can hold")
    style = style or dates.DateStyle()
    found = dates.parse(value, style)
    if isinstance(found, Fault):
        return found
    if dates.is_in_gap(value, style, clock.zone):
        return Fault(
            "time_does_not_exist", f"{shown(value)} does not exist in {clock.zone}: the clocks were put forward"
        )
    if found[0].year <= 1901 or found[0].year >= 9999 or (found[0].year, found[0].month, found[0].day) == (1970, 1, 1):
        return Fault("sentinel_date", f"{shown(value)} is a placeholder, not a day on which something happened")
    return Fault("future_date", f"{shown(value)} lies after the export")
