"""Dates and times as exports write them, turned into UTC. The order of day and month is decided over the whole column.

ISO dates are never ambiguous, dotted dates are day first, month names speak for themselves; only numbers between
slashes or dashes need the column's other values, or a line in the mapping. Two-digit years are read only when declared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

import polars as pl

from pipeline.sources.faults import NUMERIC_CELL, Fault, Refused, shown

Order = Literal["dmy", "mdy"]
_CLOCKS = (
    "",
    " %H:%M:%S",
    " %H:%M",
    "T%H:%M:%S",
    "T%H:%M:%SZ",
    "T%H:%M:%S%.fZ",
    " %H:%M:%S%.f",
    ", %H:%M",
    ", %H:%M:%S",
    " %I:%M %p",
)
_ISO = tuple(f"%Y-%m-%d{clock}" for clock in _CLOCKS)
_DOTTED = tuple(f"%d.%m.%Y{clock}" for clock in _CLOCKS if not clock.startswith("T"))
_NAMED = ("%d %b, %Y %H:%M:%S", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y")
_NUMERIC = {
    order: tuple(
        f"%{order[0]}{mark}%{order[1]}{mark}%Y{clock}" for mark in "/-" for clock in _CLOCKS if clock[:1] != "T"
    )
    for order in ("dmy", "mdy")
}
_TIME = (
    r"(?:(?:T|,\s*|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?(?:\s*Uhr)?\s*(?P<offset>Z|UTC|GMT|CES?T|[+-]\d{2}(?::?\d{2})?)?)?$"
)
_SHAPES = {
    "ymd": re.compile(r"^(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})" + _TIME),
    "compact": re.compile(r"^(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})" + _TIME),
    "numeric": re.compile(r"^(?P<a>\d{1,2})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<y>\d{2}|\d{4})" + _TIME),
    "day_name": re.compile(
        r"^(?:[^\W\d]{2,10}\.?,\s*)?(?P<d>\d{1,2})[.\s-]+(?P<name>[^\W\d]{3,9})[.,\s-]+(?P<y>\d{4})" + _TIME
    ),
    "name_day": re.compile(
        r"^(?:[^\W\d]{2,10}\.?,\s*)?(?P<name>[^\W\d]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})" + _TIME
    ),
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january januar jänner", "feb februar february", "mar mär mrz march märz maerz", "apr april", "may mai",
         "jun juni june", "jul juli july", "aug august", "sep sept september", "oct okt october oktober",
         "nov november", "dec dez december dezember"), start=1,
    )
    for name in names.split()
}  # fmt: skip
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clock, the zone is applied to the whole column at once
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001


@dataclass(frozen=True)
class DateStyle:
    """How a column is read: an order for ambiguous numbers, or the declared formats alone."""

    order: Order | None = None
    formats: tuple[str, ...] = ()
    number: Literal["excel", "epoch_s", "epoch_ms"] | None = None


@dataclass
class DateEvidence:
    """How many cells can only be day first, only month first, or either."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("dmy", "mdy", "either"), 0))
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, example: str, rows: int = 1) -> None:
        self.counts[kind] += rows
        self.examples.setdefault(kind, example)

    def add(self, other: DateEvidence) -> None:
        for kind, rows in other.counts.items():
            if rows:
                self.note(kind, other.examples[kind], rows)

    @property
    def is_undecided(self) -> bool:
        return bool(self.counts["either"]) and not (self.counts["dmy"] or self.counts["mdy"])

    def decide(self, column: str) -> Order | None:
        """The order of day and month; `None` where no cell needs one. Raises `Refused` if it cannot be known."""
        line = f'[columns."{column}"] date = '
        if self.counts["dmy"] and self.counts["mdy"]:
            raise Refused(
                f"Column {column!r} mixes day/month and month/day: {shown(self.examples['dmy'])} and"
                f" {shown(self.examples['mdy'])}. Say which one holds (the other is then rejected row by row):"
                f' {line}"dmy" or {line}"mdy"'
            )
        if self.is_undecided:
            raise Refused(
                f"Column {column!r}: {shown(self.examples['either'])} can be day/month or month/day, and no other value"
                f" of the column tells ({self.counts['either']:,} such values). Add to the mapping:"
                f' {line}"dmy" or {line}"mdy"'
            )
        return "dmy" if self.counts["dmy"] else "mdy" if self.counts["mdy"] else None


def declared(style: str | tuple[str, ...] | None) -> DateStyle | None:
    """The style a mapping declares; `None` if the column is to be decided from its values."""
    if style is None:
        return None
    if style in ("dmy", "mdy"):
        return DateStyle(order=style)  # type: ignore[arg-type]
    if style == "ymd":
        return DateStyle()
    if style in ("excel", "epoch_s", "epoch_ms"):
        return DateStyle(number=style)  # type: ignore[arg-type]
    return DateStyle(formats=(style,) if isinstance(style, str) else tuple(style))


def observe(text: pl.Series) -> DateEvidence:
    """Evidence of a chunk about the order of day and month."""
    evidence = DateEvidence()
    text = text.drop_nulls()
    numeric = text.filter(text.str.contains(r"^[0-9]{1,2}[/-][0-9]{1,2}[/-][0-9]{2}"))
    if not numeric.len():
        return evidence
    first = numeric.str.extract(r"^([0-9]+)").cast(pl.Int32)
    second = numeric.str.extract(r"^[0-9]+[/-]([0-9]+)").cast(pl.Int32)
    for kind, holds in (
        ("dmy", (first > 12) & (second <= 12)),
        ("mdy", (second > 12) & (first <= 12)),
        ("either", (first <= 12) & (second <= 12) & (first != second)),
    ):
        found = numeric.filter(holds)
        if found.len():
            evidence.note(kind, found[0], found.len())
    return evidence


def cast(text: pl.Series, style: DateStyle, zone: str, fold: str) -> pl.DataFrame:
    """Columns `at` (Datetime us UTC; null where unreadable or in a clock-change gap) and `is_day` (no time given)."""
    walls, aware, days = _walls(text, style)
    frame = pl.DataFrame({"wall": walls, "aware": aware, "is_day": days})
    local = pl.when(~pl.col("aware")).then(pl.col("wall")) if aware.any() else pl.col("wall")
    when_twice: Literal["earliest", "latest"] = "earliest" if fold == "first" else "latest"

    def placed(wall: pl.Expr) -> pl.Expr:
        there = wall.dt.replace_time_zone(zone, ambiguous=when_twice, non_existent="null")
        return there.dt.convert_time_zone("UTC")

    frame = frame.with_columns(at=placed(local))
    if aware.any():
        frame = frame.with_columns(at=pl.when("aware").then(pl.col("wall").dt.replace_time_zone("UTC")).otherwise("at"))
    if frame.select((pl.col("is_day") & pl.col("at").is_null()).any()).item():
        # Some zones change their clocks at midnight: a day that has no 0:00 begins at 1:00.
        later = pl.when("is_day").then(placed(local + pl.duration(hours=1)))
        frame = frame.with_columns(at=pl.coalesce("at", later))
    return frame.select("at", is_day=pl.when(pl.col("at").is_not_null()).then("is_day"))


def _walls(text: pl.Series, style: DateStyle) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Wall-clock times by the quick formats, the rest by the careful parser: (time, is it UTC already, is it a day)."""
    count = text.len()
    ranked = _ranked(text, style)
    if ranked and (quick := _strptime(text, ranked[0])).null_count() == text.null_count():
        is_utc, is_day = ranked[0].endswith("Z"), "%H" not in ranked[0] and "%I" not in ranked[0]
        return quick, pl.Series([is_utc]).new_from_index(0, count), pl.Series([is_day]).new_from_index(0, count)
    wall = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, count)
    pending = text.is_not_null()
    which = pl.Series([None], dtype=pl.String).new_from_index(0, count)
    for written in ranked:
        if not pending.any():
            break
        parsed = _strptime(text, written)
        found = pending & parsed.is_not_null()
        if found.any():
            wall = wall.zip_with(~found, parsed)
            which = which.zip_with(~found, pl.Series([written]).new_from_index(0, count))
            pending &= ~found
    aware = which.str.ends_with("Z").fill_null(False)
    days = (~which.str.contains("%H|%I")).fill_null(False)
    left = text.filter(pending).unique()
    if left.len():
        read = {value: parse(value, style) for value in left}
        good = {value: found for value, found in read.items() if not isinstance(found, Fault)}
        if good:
            keys = list(good)
            pick = {
                "wall": pl.Series([found[0] for found in good.values()], dtype=pl.Datetime("us")),
                "aware": pl.Series([found[1] for found in good.values()]),
                "days": pl.Series([found[2] for found in good.values()]),
            }
            wall = wall.zip_with(~pending, text.replace_strict(keys, pick["wall"], default=None))
            aware = aware.zip_with(~pending, text.replace_strict(keys, pick["aware"], default=False))
            days = days.zip_with(~pending, text.replace_strict(keys, pick["days"], default=False))
    return wall, aware, days


def _ranked(text: pl.Series, style: DateStyle) -> list[str]:
    """Formats worth trying on the whole column: those that read its first values, most frequent first."""
    if style.number or style.formats:
        return []
    sample = text.drop_nulls().head(64)
    hits: dict[str, int] = {}
    for written in (*_ISO, *_DOTTED, *_NAMED, *(_NUMERIC[style.order] if style.order else ())):
        hits[written] = int(_strptime(sample, written).is_not_null().sum())
        if hits[written] == sample.len():
            break
    return [written for written, rows in sorted(hits.items(), key=lambda hit: -hit[1]) if rows]


def _strptime(text: pl.Series, written: str) -> pl.Series:
    parsed = text.str.to_datetime(written, strict=False, exact=True, time_unit="us")
    # "%Y" accepts two digits as a year of antiquity.
    return pl.select(pl.when(parsed.dt.year() >= 1000).then(parsed)).to_series()


def parse(value: str, style: DateStyle) -> tuple[datetime, bool, bool] | Fault:
    """One cell: (time, True if that is UTC and False if a wall clock, True if only a day was given), or why not."""
    if style.number or value.startswith(NUMERIC_CELL):
        return _from_number(value, style.number or "excel")
    if style.formats:
        return _by_format(value, style.formats)
    for shape, pattern in _SHAPES.items():
        found = pattern.match(value.strip())
        if not found:
            continue
        parts = found.groupdict()
        if len(parts["y"]) == 2:
            return Fault("two_digit_year", f'{shown(value)} has a two-digit year; declare it, e.g. date = "%d.%m.%y"')
        if shape == "numeric":
            order = "dmy" if parts["mark"] == "." else style.order
            if order is None:
                return Fault("not_a_date", f"{shown(value)} can be day/month or month/day")
            day, month = (parts["a"], parts["b"]) if order == "dmy" else (parts["b"], parts["a"])
        elif "name" in parts:
            day, month = parts["d"], str(_MONTHS.get(parts["name"].casefold().rstrip("."), 0))
        else:
            day, month = parts["d"], parts["m"]
        return _assembled(value, int(parts["y"]), int(month), int(day), parts)
    return Fault("not_a_date", f"{shown(value)} is not a date that is known here")


def _assembled(
    value: str, year: int, month: int, day: int, parts: dict[str, str | None]
) -> tuple[datetime, bool, bool] | Fault:
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").replace(".", "").lower()
    if half:
        if not 1 <= hour <= 12:
            return Fault("not_a_date", f"{shown(value)} has no such hour")
        hour = hour % 12 + (12 if half == "pm" else 0)
    micros = int((parts["fraction"] or "0").ljust(6, "0")[:6])
    try:
        wall = datetime(year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0), micros)  # noqa: DTZ001
    except ValueError:
        return Fault("not_a_date", f"{shown(value)} is a date that does not exist")
    offset = parts["offset"]
    if not offset:
        return wall, False, parts["hour"] is None
    fixed = {"Z": 0, "UTC": 0, "GMT": 0, "CET": 60, "CEST": 120}.get(offset)
    if fixed is None:
        digits = offset[1:].replace(":", "").ljust(4, "0")
        fixed = (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if offset[0] == "-" else 1)
    return (wall - timedelta(minutes=fixed)), True, False


def _from_number(value: str, kind: str) -> tuple[datetime, bool, bool] | Fault:
    try:
        number = float(value.removeprefix(NUMERIC_CELL))
        if kind == "excel":
            if not 1 <= number < 2_958_466:
                return Fault("not_a_date", f"{shown(value)} is no day number of a spreadsheet")
            seconds = round((number % 1) * 86_400)
            return _SERIAL_ZERO + timedelta(days=int(number), seconds=seconds), False, number == int(number)
        return _EPOCH + timedelta(seconds=number / (1000 if kind == "epoch_ms" else 1)), True, False
    except (ValueError, OverflowError):
        return Fault("not_a_date", f"{shown(value)} is no number of days or seconds")


def _by_format(value: str, formats: tuple[str, ...]) -> tuple[datetime, bool, bool] | Fault:
    for written in formats:
        try:
            found = datetime.strptime(value.strip(), written)  # noqa: DTZ007 - the zone is the mapping's
        except ValueError:
            continue
        is_day = not re.search(r"%[HIcXp]", written)
        if found.tzinfo:
            return found.astimezone(UTC).replace(tzinfo=None), True, is_day
        return found, False, is_day
    return Fault("not_a_date", f"{shown(value)} is not written as {' or '.join(formats)}")


def is_in_gap(value: str, style: DateStyle, zone: str) -> bool:
    """Whether the cell names a wall-clock time that the change to summer time skipped."""
    found = parse(value, style)
    if isinstance(found, Fault) or found[1]:
        return False
    there = found[0].replace(tzinfo=ZoneInfo(zone))
    return there.astimezone(timezone.utc).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != found[0]  # noqa: UP017


def is_sentinel(at: pl.Expr, zone: str) -> pl.Expr:
    """Days that stand for "nothing": before 1902 (1899-12-30, 1900-01-01), 1970-01-01 and the year 9999."""

    def midnight(year: int, day: int) -> datetime:
        return datetime(year, 1, day, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    return (
        (at < midnight(1902, 1))
        | (at >= midnight(9998, 31))
        | at.is_between(midnight(1970, 1), midnight(1970, 2), "left")
    )
