"""One chunk of raw rows becomes canonical records; each source row is kept whole or rejected whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl

from pipeline.canonical import SCHEMAS
from pipeline.sources import spread
from pipeline.sources.cast import NOTHING_KNOWN, Clock, Styles, cast, explain
from pipeline.sources.faults import ERROR_CELLS, NUMERIC_CELL, Fault, shown
from pipeline.sources.plan import Block, Plan, Value
from pipeline.sources.text import ROW, Hints, emptied

KEY_SCHEMA = {ROW: pl.Int64, "block": pl.Int8, "key": pl.UInt64, "raw": pl.UInt64, "is_principal": pl.Boolean}
RuleFault = tuple[int, str, str, str]  # row number, rule, raw column, sentence


@dataclass
class Records:
    """What a chunk gave. `keys` has row_number, block, key, raw: hashes by which duplicates are found later."""

    data: pl.DataFrame = field(default_factory=pl.DataFrame)
    tables: dict[int, pl.DataFrame] = field(default_factory=dict)
    keys: pl.DataFrame | None = None
    rows_read: int = 0
    bytes_read: int = 0
    rows_left_out: int = 0
    total_rows: int = 0
    faults: list[RuleFault] = field(default_factory=list)
    sums: dict[str, Decimal] = field(default_factory=dict)
    totals: list[tuple[str, str, Decimal]] = field(default_factory=list)  # column, day or nothing, claimed sum
    unmapped: dict[str, dict[str, int]] = field(default_factory=dict)
    newest: datetime | None = None
    nameless_filled: int | None = None

    def forget_frames(self) -> None:
        """Let go of what was kept elsewhere, so that a long file does not fill the memory."""
        self.data, self.tables = pl.DataFrame(), {}


def null_words(nulls: Iterable[str]) -> list[str]:
    """All ways in which the words for "nothing" are written."""
    forms = (str.strip, str.lower, str.upper, str.title)
    return sorted({form(word.strip()) for word in nulls for form in forms})


def clean(frame: pl.DataFrame, nulls: Sequence[str], hints: Hints = NOTHING_KNOWN) -> pl.DataFrame:
    """Trim every cell and empty those that say nothing by then."""
    names = [name for name in frame.columns if name != ROW]
    if hints.is_trimmed or not names:
        return frame
    if hints.is_plain:
        edges = frame.select((pl.col(names).str.starts_with(" ") | pl.col(names).str.ends_with(" ")).any())
        names = [name for name, has_edges in zip(names, edges.row(0), strict=True) if has_edges]
    return frame.with_columns(emptied(frame.select(pl.col(names).str.strip_chars()), nulls))


def split_totals(frame: pl.DataFrame, plan: Plan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(data rows, total rows) of a cleaned chunk."""
    is_total = pl.lit(False)
    for index, starts in plan.total_rows:
        cell = pl.col(f"c{index}")
        begins = (
            pl.any_horizontal(*(cell.str.starts_with(start.strip()) for start in starts)) if starts else cell.is_null()
        )
        is_total = is_total | begins.fill_null(False)
    if not plan.total_rows:
        return frame, frame.clear()
    return frame.filter(~is_total), frame.filter(is_total)


def texts(frame: pl.DataFrame, plan: Plan, lookups: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The text of every slot. Slots may build on earlier ones (a lookup or hash inside an expression)."""
    for slot in plan.slots:
        frame = frame.with_columns(slot.text.cast(pl.String).alias(f"{slot.name}_text"))
        if slot.kind == "hash":
            frame = frame.with_columns(
                *cast(slot, frame[f"{slot.name}_text"], None, Clock("UTC", "first", datetime.max.replace(tzinfo=UTC)))
            )
        elif slot.kind == "lookup":
            answers = lookups[slot.source].rename({"value": slot.name, "is_day": f"{slot.name}_day"})
            frame = frame.with_columns(pl.col(f"{slot.name}_text").str.strip_prefix(NUMERIC_CELL).str.normalize("NFC"))
            frame = frame.join(answers, left_on=f"{slot.name}_text", right_on="key", how="left", maintain_order="left")
    return frame


def read(
    frame: pl.DataFrame, plan: Plan, styles: Styles, seen: Styles, clock: Clock, lookups: dict[str, pl.DataFrame],
    hints: Hints,
) -> Records:  # fmt: skip
    """Cast, translate and judge a cleaned chunk; `seen` gathers further evidence of styles."""
    records = Records()
    data, totals = split_totals(frame, plan)
    records.rows_read, records.total_rows = data.height, totals.height
    for index in plan.nameless:
        if data[f"c{index}"].count():
            records.nameless_filled = index
    records.faults += _error_cells(data, plan) if hints.may_hold_errors else []
    data = texts(data, plan, lookups)
    seen.observe(plan.slots, data)
    data = cast_slots(data, plan, styles, clock, hints)
    if plan.total_rows:
        _sum_up(records, data, cast_slots(texts(totals, plan, lookups), plan, styles, clock), plan)
    claimed = _all_false(data.height)
    keyed: dict[int, pl.Series] = {}
    for number, block in enumerate(plan.blocks):
        applies = data.select(pl.lit(False) | block.where.fill_null(False)).to_series()
        applies = applies.new_from_index(0, data.height) if applies.len() != data.height else applies
        keyed[number] = _all_false(data.height) if block.once else applies & ~claimed
        claimed = claimed | keyed[number]
        part = data.select(ROW, *block.reads(data.columns), keyed[number].alias("is_principal")).filter(applies)
        _count_unmapped(records, part, block)
        records.tables[number], faults = _records(part, block, plan, styles, clock)
        records.faults += faults
    records.rows_left_out = int((~claimed).sum()) if plan.blocks else 0
    if rejected := list({fault[0] for fault in records.faults}):
        records.tables = {number: made.filter(~pl.col(ROW).is_in(rejected)) for number, made in records.tables.items()}
    records.keys = _keys(records.tables, keyed, data, plan)
    records.newest = _newest(records.tables, plan, clock)
    records.data = data
    return records


def _all_false(height: int) -> pl.Series:
    return pl.Series([False], dtype=pl.Boolean).new_from_index(0, height)


def cast_slots(
    data: pl.DataFrame, plan: Plan, styles: Styles, clock: Clock, hints: Hints = NOTHING_KNOWN
) -> pl.DataFrame:
    """Every slot's value beside its text."""
    made: list[pl.Series] = []
    for slot in plan.slots:
        if slot.kind not in ("hash", "lookup"):
            made += cast(slot, data[f"{slot.name}_text"], styles.decided.get(slot.name), clock, hints)
    return data.with_columns(made)


def _error_cells(data: pl.DataFrame, plan: Plan) -> list[RuleFault]:
    columns = [f"c{index}" for index in plan.wanted]
    broken = data.filter(pl.any_horizontal(pl.col(columns).is_in(ERROR_CELLS))) if columns else data.clear()
    found: list[RuleFault] = []
    for row in broken.iter_rows(named=True):
        name = next(name for name in columns if row[name] in ERROR_CELLS)
        text = (
            "the cell is a formula without a stored result; open and save the file" if row[name] == "#UNCACHED"
            else f"the cell shows the spreadsheet error {shown(row[name])}"
        )  # fmt: skip
        found.append((row[ROW], "error_cell", plan.header[int(name[1:])].strip(), text))
    return found


def _records(
    part: pl.DataFrame, block: Block, plan: Plan, styles: Styles, clock: Clock
) -> tuple[pl.DataFrame, list[RuleFault]]:
    """Records of one block: unreadable cells, then the row rules of the canonical table."""
    faults = unreadable(part, [*block.columns.values(), *(block.spread or ())], plan, styles, clock)
    made = part.select(ROW, "is_principal", *_columns(block))
    split = next(((name, value) for name, value in block.columns.items() if value.split), None)
    if split:
        made = _exploded(made, *split)
    if block.spread:
        made, wrong = spread.over_days(made)
        faults += [(row, rule, block.labels["day"], text) for row, rule, text in wrong]
    for key in block.keys:  # a later record whose id is empty is simply not there
        made = made.filter(pl.col("is_principal") | pl.col(key).is_not_null()) if not split or key != split[0] else made
    schema = _judge(block.table)
    made = made.with_columns(
        pl.lit(None, dtype=column.dtype).alias(name)
        for name, column in SCHEMAS[block.table].columns().items()
        if name not in made.columns
    )
    good: pl.DataFrame
    good, failure = schema.filter(made.select(*SCHEMAS[block.table].columns(), ROW))
    if len(failure):
        unread = {fault[0] for fault in faults}
        faults += [fault for fault in _broken_rules(failure, block) if fault[0] not in unread]
    if split and block.keys:
        good = good.unique([ROW, *block.keys], maintain_order=True, keep="first")
    return good.select(*SCHEMAS[block.table].columns(), ROW), faults


def _columns(block: Block) -> list[pl.Expr]:
    schema = SCHEMAS[block.table].columns()
    made: list[pl.Expr] = []
    for name, value in block.columns.items():
        made.append((value.value if value.split else value.value.cast(schema[name].dtype)).alias(name))
        day = f"{name}_is_date_only"
        if day in schema and day not in block.columns and value.is_day is not None:
            made.append(value.is_day.cast(pl.Boolean).alias(day))
    if block.spread:
        made += [
            block.spread[0].value.alias("from"),
            block.spread[1].value.alias("until"),
            pl.lit(True).alias("is_spread"),
        ]
    return made


def _exploded(made: pl.DataFrame, name: str, value: Value) -> pl.DataFrame:
    assert value.split is not None
    made = made.with_columns(pl.col(name).str.strip_prefix(NUMERIC_CELL).str.split(value.split)).explode(name)
    part = pl.col(name).str.strip_chars().str.normalize("NFC")
    made = made.with_columns(pl.when(part != "").then(part).alias(name)).filter(pl.col(name).is_not_null())
    worked = value.after
    if worked and (worked.prefix or worked.suffix):
        made = made.with_columns((pl.lit(worked.prefix) + pl.col(name) + pl.lit(worked.suffix)).alias(name))
    return made


def unreadable(part: pl.DataFrame, values: list[Value], plan: Plan, styles: Styles, clock: Clock) -> list[RuleFault]:
    """A fault for every cell these values needed and could not read."""
    slots = {slot.name: slot for slot in plan.slots}
    tests = [value for value in values if value.failed is not None]
    if not tests or not part.height:
        return []
    found: list[RuleFault] = []
    for value in tests:
        assert value.failed is not None
        for row in part.filter(value.failed.fill_null(False)).iter_rows(named=True):
            name = next(name for name in value.slots if row[f"{name}_text"] is not None and row[name] is None)
            fault = explain(slots[name], row[f"{name}_text"], styles.decided.get(name), clock)
            found.append((row[ROW], fault.rule, slots[name].label, fault.text))
    return found


@cache
def _judge(table: str) -> type[dy.Schema]:
    """The table's rules with the row number carried along."""
    return type(f"Judged{table}", (SCHEMAS[table],), {"__annotations__": {}, ROW: dy.Int64(nullable=True)})


def _broken_rules(failure: Any, block: Block) -> list[RuleFault]:
    details = failure.details()
    own = set(SCHEMAS[block.table].columns()) | {ROW}
    rules = [name for name in details.columns if name not in own]
    found: list[RuleFault] = []
    for row in details.iter_rows(named=True):
        rule = next(name for name in rules if row[name] == "invalid")
        column, _, check = rule.partition("|")
        label = block.labels.get(column, column)
        fault = _in_words(column, check, row.get(column), block.table)
        found.append((row[ROW], fault.rule, label, fault.text))
    return found


def _in_words(column: str, check: str, value: Any, table: str) -> Fault:
    if check == "nullability":
        return Fault("missing_value", f"the cell is empty, and {table}.{column} needs a value")
    if check == "check__known_value":
        return Fault(
            "unknown_value",
            f"{shown(str(value))} is no known word of {table}.{column}; add it to a [values] table of the mapping",
        )
    if check == "regex":
        return Fault("malformed", f"{shown(str(value))} has not the form {table}.{column} needs")
    sentences = {
        "won_or_lost_not_both": "the deal is both won and lost",
        "amount_has_currency": "the amount has no currency",
    }
    return Fault(
        check or column, sentences.get(column, f"{shown(str(value))} breaks the rule {check or column} of {table}")
    )


def _keys(
    tables: dict[int, pl.DataFrame], principal: dict[int, pl.Series], data: pl.DataFrame, plan: Plan
) -> pl.DataFrame:
    """Hashes of keys and raw rows, by which repeated rows are found over all chunks."""
    if not tables:
        return pl.DataFrame(schema=KEY_SCHEMA)
    raw = data.select(f"c{index}" for index in plan.wanted).hash_rows()
    found = []
    for number, made in tables.items():
        keys, once = plan.blocks[number].keys, plan.blocks[number].once
        if not made.height or (once and not keys):
            continue
        if not keys:
            made = made.unique(ROW, maintain_order=True)
        place = data[ROW].search_sorted(made[ROW])
        found.append(
            made.select(
                ROW,
                block=pl.lit(number, dtype=pl.Int8),
                key=made.select(keys).hash_rows() if keys else pl.lit(None, dtype=pl.UInt64),
                raw=raw.gather(place),
                is_principal=principal[number].gather(place),
            )
        )
    return pl.concat(found) if found else pl.DataFrame(schema=KEY_SCHEMA)


def _sum_up(records: Records, data: pl.DataFrame, totals: pl.DataFrame, plan: Plan) -> None:
    """Sums of the number columns, over all rows and by day, beside what the export's own total rows claim."""
    numbers = [slot for slot in plan.slots if slot.kind in ("money", "count")]
    days = [slot.name for slot in plan.slots if slot.kind in ("day", "instant")]
    if not numbers:
        return
    sums = [pl.col(slot.name).cast(pl.Decimal(38, 2)).sum() for slot in numbers]
    by_day = data.group_by(pl.struct(days)).agg(sums) if days else data.select(pl.lit(None).alias("day"), *sums)
    for row in by_day.iter_rows():
        day = str(row[0]) if days else ""
        for slot, amount in zip(numbers, row[1:], strict=True):
            for place in (slot.label, f"{slot.label}\0{day}"):
                records.sums[place] = records.sums.get(place, Decimal(0)) + (amount or 0)
    for claim in totals.iter_rows(named=True):
        dated = {name: claim[name] for name in days}
        day = f"\0{dated}" if any(value is not None for value in dated.values()) else ""
        for slot in numbers:
            if claim[slot.name] is not None:
                records.totals.append((slot.label, day, Decimal(str(claim[slot.name]))))


def _count_unmapped(records: Records, part: pl.DataFrame, block: Block) -> None:
    for label, expression, translation in block.value_maps:
        strange = translation.strange(part.select(text=expression).to_series())
        if strange:
            here = records.unmapped.setdefault(f"{label} → {translation.rest}", {})
            for word, rows in strange.items():
                here[word] = here.get(word, 0) + rows


def _newest(tables: dict[int, pl.DataFrame], plan: Plan, clock: Clock) -> datetime | None:
    """The newest event the records tell; an expected close or the end of a campaign is a plan, not an event."""
    found = []
    for number, made in tables.items():
        found += [made[name].max() for name, kind in made.schema.items() if isinstance(kind, pl.Datetime)]
        day = made["day"].max() if plan.blocks[number].table == "spend" and "day" in made.columns else None
        if isinstance(day, date):
            found.append(datetime.combine(day, time(), ZoneInfo(clock.zone)).astimezone(UTC))
    return max((at for at in found if isinstance(at, datetime)), default=None)
