"""A mapping met with a header: expressions of the mapping become expressions over a chunk of rows."""

from __future__ import annotations

import re
from typing import Any

import polars as pl

from pipeline.canonical import KEYS, SCHEMAS
from pipeline.sources import dates
from pipeline.sources.faults import NUMERIC_CELL
from pipeline.sources.mapping import Condition, Expression, Mapping, Names, Table, header_currency, nearest
from pipeline.sources.plan import (
    CLOSED,
    FUTURE_ALLOWED,
    MISSING,
    Block,
    Plan,
    Slot,
    Value,
    kind_of,
    label_of,
    lookup_name,
)
from pipeline.sources.recognise import check_header, position
from pipeline.sources.text import ROW
from pipeline.sources.values import Choice, Translation

ROW_DIGITS = 10


class Planner:
    """Compiles one mapping against one header. Raises `Refused` for a repeated header."""

    def __init__(self, mapping: Mapping, header: list[str], zone: str, currency: str, ranges: dict[str, str]) -> None:
        self.mapping, self.header, self.zone, self.currency, self.ranges = mapping, header, zone, currency, ranges
        self.used: set[int] = set()
        self.slots: list[Slot] = []
        self.known: dict[tuple[Any, ...], Slot] = {}
        self.missing: set[str] = set()
        self.refusals: list[str] = []
        self.value_maps: list[tuple[str, pl.Expr, Translation]] = []
        self.default_currency: str | None = None

    def plan(self) -> Plan:
        nameless = check_header(self.header)
        blocks = [self._block(table) for table in self.mapping.table]
        totals = []
        for rule in self.mapping.read.total_rows:
            index = rule.column - 1 if isinstance(rule.column, int) else self._find(rule.column, optional=True)
            if index != MISSING:
                self.used.add(index)
                totals.append((index, rule.starts_with))
        return Plan(
            self.header, sorted(self.used | set(nameless)), self.slots, blocks, totals, nameless, sorted(self.missing),
            " ".join(dict.fromkeys(self.refusals)),
        )  # fmt: skip

    def _find(self, names: Names, *, optional: bool = False, needed_by: str = "") -> int:
        """Index of a raw column; `MISSING` where it may be absent."""
        found = position(names, self.header)
        if found:
            self.used.add(found[0])
            return found[0]
        shown = " or ".join(repr(name) for name in names)
        if not optional and (needed_by or self.mapping.read.missing == "refuse"):
            why = f" and {needed_by} cannot be without it" if needed_by else ""
            advice = "" if needed_by else ' Correct the name, or say { column = "…", optional = true }.'
            near = nearest(names[0], self.header)
            self.refusals.append(f"The file has no column {shown}{near}{why}.{advice}")
        elif not optional:
            self.missing.add(names[0])
        return MISSING

    def raw(self, names: Names, *, optional: bool = False, needed_by: str = "") -> pl.Expr:
        if names[0].startswith("range:"):
            if names[0] not in self.ranges:
                self.refusals.append(
                    "The report has no day column and its title lines name no period. Add a day column to the report"
                    " (segment by day), or keep the title lines when you export."
                )
            return pl.lit(self.ranges.get(names[0]), dtype=pl.String)
        index = self._find(names, optional=optional, needed_by=needed_by)
        return pl.lit(None, dtype=pl.String) if index == MISSING else pl.col(f"c{index}")

    def text(self, expression: Expression, needed_by: str = "", closed: tuple[str, ...] = ()) -> pl.Expr:
        """The expression's text, before it is read as anything."""
        base = self._base(expression, needed_by)
        return self._worked(base, expression, closed)

    def _base(self, expression: Expression, needed_by: str) -> pl.Expr:
        if expression.column is not None:
            optional = expression.optional or expression.default is not None
            return self.raw(expression.column, optional=optional, needed_by="" if optional else needed_by)
        if expression.value is not None:
            return pl.lit(expression.value)
        if expression.first is not None:
            return pl.coalesce(*(self.text(part) for part in expression.first))
        if expression.join is not None:
            parts = [self.text(part) for part in expression.join]
            joined = pl.concat_str(parts, separator=expression.separator, ignore_nulls=True)
            return pl.when(joined != "").then(joined)
        if expression.date_time is not None:
            day, time = (self.text(part) for part in expression.date_time)
            return pl.when(day.is_not_null()).then(pl.concat_str([day, time], separator=" ", ignore_nulls=True))
        if expression.header_of is not None:
            found = position(expression.header_of, self.header)
            group = found[1].group(1) if found and found[1] and found[1].re.groups else None
            return pl.lit(group, dtype=pl.String)
        if expression.row_number:
            return pl.col(ROW).cast(pl.String).str.zfill(ROW_DIGITS)
        slot = self._slot("hash" if expression.hash is not None else "lookup", expression)
        return pl.col(slot.name).cast(pl.String)

    def _worked(self, text: pl.Expr, expression: Expression, closed: tuple[str, ...] = ()) -> pl.Expr:
        """Extract, translate, complete: what an expression does to its text."""
        if expression.extract is not None:
            text = text.str.extract(expression.extract, 1 if re.compile(expression.extract).groups else 0)
        if expression.values is not None:
            text = self._translated(text, expression.values, closed, label_of(expression, self.header))
        if expression.prefix or expression.suffix:
            text = pl.lit(expression.prefix) + text + pl.lit(expression.suffix)
        if expression.when:
            text = pl.when(self.conditions(expression.when)).then(text)
        if expression.default is not None:
            text = text.fill_null(pl.lit(expression.default))
        if expression.pick and expression.split:
            parts = text.str.split(expression.split).list
            text = (parts.first() if expression.pick == "first" else parts.last()).str.strip_chars()
        return text

    def _translated(
        self, text: pl.Expr, values: str | dict[str, str], closed: tuple[str, ...] = (), noted_as: str | None = None
    ) -> pl.Expr:
        given = self.mapping.values[values] if isinstance(values, str) else values
        translation = Translation({word: word for word in closed} | given)
        if translation.rest is not None and noted_as is not None:
            self.value_maps.append((noted_as, text, translation))
        return text.map_batches(translation, return_dtype=pl.String, is_elementwise=True)

    def conditions(self, conditions: tuple[Condition, ...]) -> pl.Expr:
        holds = pl.lit(True)
        for condition in conditions:
            text = self.raw(condition.column).str.strip_prefix(NUMERIC_CELL)
            if condition.values is not None:
                text = self._translated(text, condition.values)
            if condition.empty is not None:
                test = text.is_null() if condition.empty else text.is_not_null()
            elif condition.matches is not None:
                test = text.str.contains(condition.matches).fill_null(False)
            else:
                choice = Choice(condition.is_in or condition.not_in or ())
                test = text.map_batches(choice, return_dtype=pl.Boolean, is_elementwise=True)
                test = ~test if condition.not_in is not None else test
            holds = holds & test
        return holds

    def _slot(self, kind: str, expression: Expression, text: pl.Expr | None = None, **more: Any) -> Slot:
        if kind == "hash":
            parts = (
                [self.raw((name,)) for name in self.header if name.strip()] if expression.hash == "*"
                else [self.text(part) for part in expression.hash or () if isinstance(part, Expression)]
            )  # fmt: skip
            text = pl.concat_str([part.fill_null("") for part in parts], separator="\x1f")
        if kind == "lookup":
            assert expression.on is not None
            text = self.text(expression.on)
            more["source"] = lookup_name(expression, more.pop("to", "text"))
        assert text is not None
        key = (kind, str(text), tuple(sorted((name, str(value)) for name, value in more.items())))
        if key not in self.known:
            slot = Slot(f"s{len(self.slots)}", kind, text, label_of(expression, self.header), **more)
            self.known[key] = slot
            self.slots.append(slot)
        return self.known[key]

    def value(self, expression: Expression, kind: str, table: str, column: str, needed: bool = False) -> Value:
        """The expression as a canonical column of this kind."""
        needed_by = f"{table}.{column}" if needed else ""
        plain = not (expression.extract or expression.values or expression.prefix or expression.suffix)
        if expression.split and not expression.pick:
            base = self._base(expression, needed_by)
            return Value(base, split=expression.split, after=expression)
        if expression.lookup and plain and kind != "text":
            slot = self._slot("lookup", expression, to="text" if kind == "id" else kind)
            return Value(
                pl.col(slot.name), is_day=pl.col(f"{slot.name}_day") if kind == "instant" else None, slots=(slot.name,)
            )
        if expression.first and plain and kind not in ("text", "id"):
            parts = [self.value(part, kind, table, column) for part in expression.first]
            days = [part.is_day for part in parts if part.is_day is not None]
            chosen = pl.coalesce(*(part.value for part in parts))
            is_day: pl.Expr | None = None
            if days:
                is_day = pl.lit(None, dtype=pl.Boolean)
                for part in reversed(parts):
                    is_day = pl.when(part.value.is_not_null()).then(part.is_day).otherwise(is_day)
            failures = [part.failed for part in parts if part.failed is not None]
            failed = pl.any_horizontal(failures) if failures else None
            return self._guarded(Value(chosen, failed, is_day, sum((part.slots for part in parts), ())), expression)
        closed = CLOSED.get((table, column), ())
        if kind == "text":
            text = self.text(expression, needed_by, closed).str.strip_prefix(NUMERIC_CELL)
            return Value(text.str.to_lowercase() if closed and expression.values is None else text)
        unguarded = expression.model_copy(update={"when": ()})
        text = self.text(unguarded, needed_by, closed)
        slot = self._slot(kind, expression, text, **self._style(expression, kind, table, column))
        failed = pl.col(f"{slot.name}_text").is_not_null() & pl.col(slot.name).is_null()
        day = pl.col(f"{slot.name}_day") if kind == "instant" else None
        return self._guarded(Value(pl.col(slot.name), failed, day, (slot.name,)), expression)

    def _guarded(self, value: Value, expression: Expression) -> Value:
        if not expression.when:
            return value
        holds = self.conditions(expression.when)
        return Value(
            pl.when(holds).then(value.value), holds & value.failed if value.failed is not None else None,
            value.is_day if value.is_day is None else pl.when(holds).then(value.is_day), value.slots,
        )  # fmt: skip

    def _style(self, expression: Expression, kind: str, table: str, column: str) -> dict[str, Any]:
        label = label_of(expression, self.header)
        given = next((style for name, style in self.mapping.columns.items() if position((name,), [label])), None)
        more: dict[str, Any] = {}
        if kind in ("instant", "day"):
            written = given.date if given and given.date else self.mapping.read.date
            more["style"] = dates.declared(written)
            more["day_only"] = bool(given and given.day_only)
            more["may_be_future"] = column in FUTURE_ALLOWED or table == "exchange_rates"
        elif kind in ("money", "share"):
            more["style"] = given.decimal if given and given.decimal else self.mapping.read.decimal
        if expression.times:
            more["times"] = expression.times
        return more

    def _block(self, table: Table) -> Block:
        schema = SCHEMAS[table.to].columns()
        columns: dict[str, Value] = {}
        labels: dict[str, str] = {}
        self.value_maps = []
        for name, expression in table.columns.items():
            kind = kind_of(name, schema[name])
            # Under missing = "empty" a later block that lacks a needed column makes no records; the first must have it.
            needed = (
                not schema[name].nullable
                and name != "currency"
                and (  # a currency has its default
                    self.mapping.read.missing == "refuse" or table is self.mapping.table[0]
                )
            )
            columns[name] = self.value(expression, kind, table.to, name, needed=needed)
            labels[name] = label_of(expression, self.header)
        if "currency" in schema and {"amount", "cost", "budget"} & set(columns):
            columns["currency"] = self._currency(table, columns.get("currency"))
        spread = None
        if table.spread:
            ends = (Expression(column=table.spread.start), Expression(column=table.spread.end))
            spread = tuple(self.value(end, "day", "campaigns", "ended_on", needed=True) for end in ends)
            labels["day"] = table.spread.start[0]
        maps = list(self.value_maps)
        where = self.conditions(table.where)
        return Block(table.to, table.once, where, columns, KEYS[table.to], spread, labels, maps)  # type: ignore[arg-type]

    def _currency(self, table: Table, mapped: Value | None) -> Value:
        default = self.mapping.read.currency or self.currency
        money = header_currency(table)
        found = position(money.column, self.header) if money and money.column else None
        if found and found[1] and found[1].re.groups:
            default = found[1].group(1).upper()
        elif mapped is None:
            self.default_currency = default
        return Value(mapped.value.fill_null(default) if mapped else pl.lit(default))
