"""The mapping TOML: how one kind of export is recognised, read and translated into canonical columns.

Everything a mapping may say stands here as a typed model, so that a wrong key is answered with the file, the place
and the nearest right word. `docs/mappings.md` explains the same format with examples.
"""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from pipeline.canonical import KEYS, SCHEMAS

NULLS = ("", "-", "--", "n/a", "null", "(no value)")
BASES = ("column", "value", "first", "join", "hash", "date_time", "lookup", "header_of", "row_number")
SHARED_VALUES = "values.toml"
AGGREGATES = ("sum", "take", "count", "min", "max")


class MappingError(ValueError):
    """The mapping cannot be used; the message names the file, the key and what would be right."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _names(given: Any) -> Any:
    """A raw column is named by its header, "~regex", or a list of possible headers."""
    return (given,) if isinstance(given, str) else given


Names = Annotated[tuple[str, ...], BeforeValidator(_names)]


class Condition(_Part):
    """One test on a raw cell; text is compared without regard to case, after the value map if one is named."""

    column: Names
    values: str | dict[str, str] | None = None
    is_in: tuple[str, ...] | None = Field(None, alias="in")
    not_in: tuple[str, ...] | None = None
    empty: bool | None = None
    matches: str | None = None

    @model_validator(mode="after")
    def _one_test(self) -> Condition:
        if sum(test is not None for test in (self.is_in, self.not_in, self.empty, self.matches)) != 1:
            raise ValueError("a condition needs exactly one of: in, not_in, empty, matches")
        return self


class Expression(_Part):
    """Where a canonical value comes from: one base (`column`, `first` …) and what is done to its text."""

    column: Names | None = None
    value: str | None = None
    first: tuple[Expression, ...] | None = None
    join: tuple[Expression, ...] | None = None
    hash: tuple[Expression, ...] | Literal["*"] | None = None
    date_time: tuple[Expression, Expression] | None = None
    header_of: Names | None = None
    row_number: Literal[True] | None = None
    lookup: str | None = None
    on: Expression | None = None
    match: Names | None = None
    sum: Names | None = None
    take: Names | None = None
    count: Names | None = None
    min: Names | None = None
    max: Names | None = None
    where: tuple[Condition, ...] = ()
    when: tuple[Condition, ...] = ()
    values: str | dict[str, str] | None = None
    split: str | None = None
    pick: Literal["first", "last"] | None = None
    separator: str = " "
    prefix: str = ""
    suffix: str = ""
    default: str | None = None
    extract: str | None = None
    times: str | None = None
    optional: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, given: Any) -> Any:
        """`"Name"` is a column, a list its possible names; `value` may be any plain TOML value."""
        if isinstance(given, str):
            return {"column": (given,)}
        if isinstance(given, list | tuple):
            return {"column": tuple(given)}
        if isinstance(given, dict):
            given = dict(given)
            if isinstance(given.get("value"), bool):
                given["value"] = "true" if given["value"] else "false"
            for key in ("value", "default", "times"):
                if given.get(key) is not None:
                    given[key] = str(given[key])
        return given

    @model_validator(mode="after")
    def _one_base(self) -> Expression:
        given = [base for base in BASES if getattr(self, base) is not None]
        if len(given) != 1:
            raise ValueError(f"needs exactly one of {', '.join(BASES)}; it has {', '.join(given) or 'none'}")
        if self.lookup:
            aggregates = [name for name in AGGREGATES if getattr(self, name) is not None]
            if self.on is None or self.match is None or len(aggregates) != 1:
                raise ValueError(f"a lookup needs `on`, `match` and exactly one of {', '.join(AGGREGATES)}")
        return self

    @property
    def aggregate(self) -> tuple[str, tuple[str, ...]]:
        """How a lookup sums up its rows, and which column: `("sum", ("price",))`."""
        return next((name, getattr(self, name)) for name in AGGREGATES if getattr(self, name) is not None)

    def inside(self) -> list[Expression]:
        """The expressions this one is made of."""
        parts: list[Expression] = []
        for group in (self.first, self.join, self.date_time, self.hash):
            if group is not None and group != "*":
                parts += [part for part in group if isinstance(part, Expression)]
        return parts + ([self.on] if self.on else [])


class Recognise(_Part):
    headers: tuple[Names, ...] = ()
    file: str | None = None

    @model_validator(mode="after")
    def _something(self) -> Recognise:
        if not self.headers and not self.file:
            raise ValueError('say by what the file is known: headers = [...] or file = "*name*"')
        return self


class TotalRows(_Part):
    """Which lines are sums or footers: by a header, or by position (1 = first field)."""

    column: Names | int
    starts_with: tuple[str, ...] | None = None
    empty: bool | None = None


class Read(_Part):
    encoding: str | None = None
    separator: str | None = Field(None, min_length=1, max_length=1)
    sheet: Names | None = None
    preamble: Literal["find"] | int = "find"
    zone: str | None = None
    fold: Literal["first", "second"] = "first"
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    duplicates: Literal["drop", "keep"] | None = None
    nulls: tuple[str, ...] = NULLS
    total_rows: tuple[TotalRows, ...] = ()
    missing: Literal["refuse", "empty"] = "refuse"
    range_from_preamble: bool = False
    date: str | tuple[str, ...] | None = None
    decimal: Literal["comma", "point"] | None = None

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError(f"{zone!r} is no time zone such as 'Europe/Berlin' or 'UTC'")
        return zone


class ColumnStyle(_Part):
    day_only: bool = False
    date: str | tuple[str, ...] | None = None
    decimal: Literal["comma", "point"] | None = None


class Spread(_Part):
    start: Names = Field(alias="from")
    end: Names = Field(alias="until")


class Table(_Part):
    to: str
    once: bool = False
    where: tuple[Condition, ...] = ()
    columns: dict[str, Expression]
    spread: Spread | None = None

    @field_validator("to")
    @classmethod
    def _known_table(cls, to: str) -> str:
        if to not in SCHEMAS:
            raise ValueError(f"no canonical table {to!r}{nearest(to, SCHEMAS)}; the tables are {', '.join(SCHEMAS)}")
        return to

    @model_validator(mode="after")
    def _known_columns(self) -> Table:
        known = SCHEMAS[self.to].columns()
        faults = [
            f"{name!r} is no column of {self.to}{nearest(name, known)}; its columns are {', '.join(known)}"
            for name in self.columns
            if name not in known
        ]
        given = set(self.columns) | ({"day", "is_spread"} if self.spread else set()) | {"currency"}
        missing = [name for name, column in known.items() if not column.nullable and name not in given]
        if missing:
            faults.append(f"{self.to} needs {', '.join(missing)}: say in [table.columns] where each comes from")
        if self.spread and self.to != "spend":
            faults.append("spread makes days of a campaign's cost; it belongs to the table spend alone")
        if self.spread and "day" in self.columns:
            faults.append("spread makes the day itself; leave `day` out")
        if sum(expression.split is not None and expression.pick is None for expression in self.columns.values()) > 1:
            faults.append("only one column of a table can be split")
        if faults:
            raise ValueError("; ".join(faults))
        return self


class Mapping(_Part):
    """One mapping file, checked. `origin` is its file name, `tier` the precedence of its folder."""

    name: str
    title: str = ""
    recognise: Recognise
    read: Read = Field(default_factory=lambda: Read.model_validate({}))
    columns: dict[str, ColumnStyle] = {}
    values: dict[str, dict[str, str]] = {}
    table: tuple[Table, ...] = ()
    lookup_only: bool = False
    origin: str = ""
    tier: int = 0

    @model_validator(mode="after")
    def _whole(self) -> Mapping:
        if self.lookup_only == bool(self.table):
            raise ValueError("give at least one [[table]], or lookup_only = true if other mappings only look values up")
        for place, expression in self.expressions():
            if isinstance(expression.values, str) and expression.values not in self.values:
                raise ValueError(
                    f"{place}: there is no [values.{expression.values}]{nearest(expression.values, self.values)}"
                )
        if self.read.duplicates == "keep" and any(KEYS[table.to] for table in self.table[:1]):
            raise ValueError(f'duplicates = "keep" cannot hold: rows of {self.table[0].to} have a key')
        return self

    def expressions(self) -> list[tuple[str, Expression]]:
        """Every expression with its place, outer before inner."""
        found: list[tuple[str, Expression]] = []
        for table in self.table:
            waiting = [(f"{table.to}.{name}", expression) for name, expression in table.columns.items()]
            while waiting:
                place, expression = waiting.pop()
                found.append((place, expression))
                waiting += [(place, part) for part in expression.inside()]
        return found


def header_currency(table: Table) -> Expression | None:
    """The money column whose header holds the currency, as in "Amount spent (EUR)"."""
    for name in ("amount", "cost", "budget"):
        expression = table.columns.get(name)
        if expression and expression.column and expression.column[0].startswith("~") and "(" in expression.column[0]:
            return expression
    return None


def nearest(word: str, known: Any) -> str:
    """ " (nearest: a, b)" or nothing."""
    by_fold = {str(one).casefold(): str(one) for one in known}
    close = get_close_matches(word.casefold(), list(by_fold), n=3, cutoff=0.6)
    return f" (nearest: {', '.join(by_fold[one] for one in close)})" if close else ""


ValueMaps = dict[str, dict[str, str]]


def merged(shared: ValueMaps, own: ValueMaps) -> ValueMaps:
    """Value maps by name; words of `own` win over shared ones of the same spelling."""
    return {name: shared.get(name, {}) | own.get(name, {}) for name in {**shared, **own}}


def parse(text: str, origin: str, tier: int = 0, shared: ValueMaps | None = None) -> Mapping:
    """A mapping from TOML text. Raises `MappingError` naming `origin` and every key that is wrong.

    `shared` are value maps known to every mapping (`values.toml`); the mapping's own words win.
    """
    document = _document(text, origin)
    if isinstance(document.get("values", {}), dict):
        document["values"] = merged(shared or {}, document.get("values", {}))
    try:
        return Mapping.model_validate({**document, "origin": origin, "tier": tier})
    except ValidationError as error:
        raise MappingError(f"{origin}: " + "; ".join(_sentence(document, fault) for fault in error.errors())) from None


def _sentence(document: dict[str, Any], fault: Any) -> str:
    """`table 2 (touches), columns.channel.valus: no such key (nearest: values)`."""
    words: list[str] = []
    place: Any = document
    model_keys: Any = ()
    for step in fault["loc"]:
        if isinstance(step, int) and words and words[-1] == "table":
            to = document["table"][step].get("to", "?") if isinstance(document.get("table"), list) else "?"
            words[-1] = f"[[table]] {step + 1} ({to})"
        elif step not in ("function-before", "literal['*']"):
            words.append(str(step))
        model_keys = place.keys() if isinstance(place, dict) else ()
        place = place.get(step) if isinstance(place, dict) else None
    message = fault["msg"].removeprefix("Value error, ")
    if fault["type"] == "extra_forbidden":
        known = {**Mapping.model_fields, **Expression.model_fields, **Read.model_fields, **Condition.model_fields}
        known = {("in" if name == "is_in" else name): field for name, field in known.items()}
        message = f"no such key{nearest(str(fault['loc'][-1]), set(known) - set(model_keys))}"
    elif fault["type"] == "missing":
        message = "is missing"
    return f"{'.'.join(words)}: {message}" if words else message


def _document(text: str, origin: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{origin} is not valid TOML: {error}") from None


def load_values(folder: Path) -> ValueMaps:
    """The value maps a folder shares among its mappings: `values.toml`, if there is one."""
    file = folder / SHARED_VALUES
    return _document(file.read_text("utf-8"), file.name) if file.is_file() else {}


def load_folder(folder: Path, tier: int, shared: ValueMaps) -> tuple[dict[str, Mapping], dict[str, str]]:
    """All mappings of a folder by name, and for each file that cannot be used the sentence why."""
    mappings: dict[str, Mapping] = {}
    faults: dict[str, str] = {}
    for file in sorted(folder.glob("*.toml")):
        if file.name == SHARED_VALUES:
            continue
        try:
            mapping = parse(file.read_text("utf-8"), file.name, tier, shared)
        except (MappingError, UnicodeDecodeError) as error:
            faults[file.name] = str(error)
            continue
        if mapping.name in mappings:
            faults[file.name] = f"{file.name} and {mappings[mapping.name].origin} are both named {mapping.name!r}"
        else:
            mappings[mapping.name] = mapping
    return mappings, faults
