"""Numbers as people and programs write them, read exactly: decimal style decided over the whole column.

"$342.09K", "1.234,56 €", "-1.234,56", "1.234,56-", "(1.234,56)", "1 234,56" and "1'234.56" are all understood. What
could be either ("1.234") is never guessed: the column's other values decide, or the mapping does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import polars as pl

from pipeline.sources.faults import NUMERIC_CELL, Fault, Refused, shown

Style = Literal["comma", "point"]
EXACT = pl.Decimal(38, 10)
_PLAIN = r"^[-+]?[0-9]+(\.[0-9]+)?$"
_GROUPED = {
    "point": r"^-?[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]+)?$",
    "comma": r"^-?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?$",
}
_CURRENCY = r"(?:[A-Z]{2,3}\$|[A-Z]{3}|[€$£¥₹])"
_WRITTEN = re.compile(
    rf"^(?P<open>\()?(?P<before>[-+−])?{_CURRENCY}?(?P<inner>[-+−])?(?P<digits>[0-9][0-9.,']*|[.,][0-9]+)"
    rf"(?P<unit>[KkMB]|Mio\.?|Mrd\.?|Tsd\.?|mn|bn)?(?P<percent>%)?{_CURRENCY}?(?P<after>-)?(?P<close>\))?$"
)
_TIMES = {"k": 10**3, "tsd": 10**3, "m": 10**6, "mio": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "mrd": 10**9}
_BLANKS = re.compile(r"[\s\u00a0\u2007\u2009\u202f]")
_DIGITS = {
    "point": re.compile(r"^(?:[0-9]{1,3}(?:[,'][0-9]{2,3})*[,'][0-9]{3}|[0-9]*)(?:\.[0-9]+)?$"),
    "comma": re.compile(r"^(?:[0-9]{1,3}(?:[.'][0-9]{3})+|[0-9]*)(?:,[0-9]+)?$"),
}
_SAYS = {
    "comma": re.compile(r"\.\d{3},|\.\d{3}\.\d{3}|^\d+,(?!\d{3}$)\d+$|^\d{4,},\d+$|^0\d*,\d+$|'\d{3},|^,\d+$"),
    "point": re.compile(r",\d{3}\.|,\d{2,3},\d{3}|^\d+\.(?!\d{3}$)\d+$|^\d{4,}\.\d+$|^0\d*\.\d+$|'\d{3}\.|^\.\d+$"),
}
_EITHER = re.compile(r"^[1-9]\d{0,2}[.,]\d{3}$")


@dataclass
class NumberEvidence:
    """How the cells of one column are written: how many say comma, point, either, percent; an example of each."""

    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("comma", "point", "either", "percent", "bare"), 0)
    )
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, kind: str, example: str, rows: int = 1) -> None:
        self.counts[kind] += rows
        self.examples.setdefault(kind, example)

    def add(self, other: NumberEvidence) -> None:
        for kind, rows in other.counts.items():
            if rows:
                self.note(kind, other.examples[kind], rows)

    @property
    def is_undecided(self) -> bool:
        return bool(self.counts["either"]) and not (self.counts["comma"] or self.counts["point"])

    def decide(self, column: str) -> Style | None:
        """The column's decimal style; `None` where no value has any mark. Raises `Refused` if it cannot be known."""
        line = f'[columns."{column}"] decimal = '
        if self.counts["percent"] and self.counts["bare"]:
            raise Refused(
                f"Column {column!r} mixes scales: {shown(self.examples['percent'])} is a percentage,"
                f" {shown(self.examples['bare'])} is not. Export it in one scale."
            )
        if self.counts["comma"] and self.counts["point"]:
            raise Refused(
                f"Column {column!r} uses both decimal styles: {shown(self.examples['comma'])} and"
                f" {shown(self.examples['point'])}. Say which one holds (the other is then rejected row by row):"
                f' {line}"comma" or {line}"point"'
            )
        if self.is_undecided:
            raise Refused(
                f"Column {column!r}: {shown(self.examples['either'])} can be thousands or a fraction, and no other"
                f' value of the column tells. Add to the mapping: {line}"comma" or {line}"point"'
            )
        return "comma" if self.counts["comma"] else "point" if self.counts["point"] else None


def observe(text: pl.Series, *, is_share: bool) -> NumberEvidence:
    """Evidence from the cells of a chunk; `is_share` looks for percentages beside bare numbers."""
    evidence = NumberEvidence()
    text = text.drop_nulls()
    simple = text.str.contains(r"^-?[0-9]+(\.[0-9]{1,2})?$")
    fractions = text.filter(simple & text.str.contains(".", literal=True))
    if fractions.len():
        evidence.note("point", fractions[0], fractions.len())
    rest = text.filter(~simple & ~text.str.starts_with(NUMERIC_CELL))
    for value, rows in rest.to_frame("value").group_by("value", maintain_order=True).len().iter_rows():
        written = _WRITTEN.match(_BLANKS.sub("", value))
        if not written:
            continue
        digits = written["digits"]
        for style, pattern in _SAYS.items():
            if pattern.search(digits):
                evidence.note(style, value, rows)
                break
        else:
            if _EITHER.match(digits):
                evidence.note("either", value, rows)
        if written["percent"]:
            evidence.note("percent", value, rows)
    if is_share and evidence.counts["percent"]:
        bare = text.filter(~text.str.contains("%", literal=True) & text.str.contains(r"[1-9]"))
        if bare.len():
            evidence.note("bare", bare[0], bare.len())
    return evidence


def cast(text: pl.Series, style: Style | None) -> pl.Series:
    """Exact decimals (scale 10); null where the cell is no number in this style."""
    style = style or "point"
    plain = text.str.strip_prefix(NUMERIC_CELL)
    quick = (
        plain
        if style == "point"
        else plain.set(~text.str.starts_with(NUMERIC_CELL) & text.str.contains(".", literal=True), None)
    )
    ready = pl.select(pl.when(quick.str.contains(_PLAIN)).then(quick)).to_series()
    grouped = _grouped(text, style)
    ready = pl.select(pl.coalesce(ready, grouped)).to_series()
    done = ready.cast(EXACT, strict=False)
    left = text.filter(done.is_null() & text.is_not_null())
    if not left.len():
        return done
    seen = left.unique()
    read = {value: parse(value, style) for value in seen}
    values = {value: number for value, number in read.items() if isinstance(number, Decimal)}
    if not values:
        return done
    slow = text.replace_strict(
        list(values), pl.Series(list(values.values()), dtype=EXACT), default=None, return_dtype=EXACT
    )
    return pl.select(pl.coalesce(done, slow)).to_series()


def _grouped(text: pl.Series, style: Style) -> pl.Series:
    matching = pl.select(pl.when(text.str.contains(_GROUPED[style])).then(text)).to_series()
    if style == "point":
        return matching.str.replace_all(",", "", literal=True)
    return matching.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)


def parse(value: str, style: Style | None) -> Decimal | Fault:
    """One number exactly, or why it is none."""
    if value.startswith(NUMERIC_CELL):
        typed = Decimal(value[1:].replace("inf", "Infinity"))
        return typed if typed.is_finite() else Fault("not_a_number", f"{shown(value)} is not a number")
    written = _WRITTEN.match(_BLANKS.sub("", value))
    signs = [written[part] for part in ("open", "before", "inner", "after") if written[part]] if written else []
    if not written or bool(written["open"]) != bool(written["close"]) or len(signs) > 1:
        return Fault("not_a_number", f"{shown(value)} is not a number")
    style = style or "point"
    if not _DIGITS[style].match(written["digits"]):
        return Fault("not_a_number", f"{shown(value)} is not a number with a decimal {style}")
    digits = written["digits"].replace("'", "")
    digits = digits.replace(",", "") if style == "point" else digits.replace(".", "").replace(",", ".")
    number = Decimal(digits) * _TIMES.get((written["unit"] or "").rstrip(".").lower(), 1)
    if written["percent"]:
        number /= 100
    return number if not signs or signs == ["+"] else -number


def whole(text: pl.Series) -> pl.Series:
    """Counts: every mark followed by three digits groups thousands, so no style is needed. Null where not whole."""
    plain = text.str.strip_prefix(NUMERIC_CELL).str.replace_all(r"[\s\u{a0}\u{202f}']", "")
    fits = plain.str.contains(r"^-?([0-9]+|[0-9]{1,3}([.,][0-9]{3})+)([.,]0{1,2})?$")
    bare = pl.select(pl.when(fits).then(plain)).to_series().str.replace(r"[.,]0{1,2}$", "").str.replace_all(r"[.,]", "")
    return bare.cast(pl.Int64, strict=False)
