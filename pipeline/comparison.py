"""What differs between two judgements of the same records: the agreed figures, and which records change how.

| frame | grain | columns |
|---|---|---|
| kpis | KPI | `kpi`, and for `now` and `proposed`: `numerator_…, denominator_…, value_…`, over all weeks compared; |
| | | `side` whose figure it is (null = both)`, is_better` for that side (null = the same, or both) |
| kpi_weeks | KPI and week | the same, with `week_start` |
| credits | model and channel | `model, channel, credit_now, credit_proposed`: of deals won in the weeks compared |
| changes | mart, column and change | `mart, change` (changed, added, removed)`, column, old, new` (texts and flags)`, |
| | | direction` (rises, falls, appears, vanishes, differs)`, difference` (numbers, summed)`, rows` |
| records | record and column | `mart, key` (JSON)`, change, column, old, new`, all as text, the first of each change |
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from agreement.kpis import LESS_IS_BETTER, SIDE_OF
from pipeline.marts import MARTS, Mart
from pipeline.marts.kpi_weeks import RATIOS
from pipeline.trial import quoted

RECORDS_PER_CHANGE = 1_000
NOT_COMPARED = {"agreement_version"}  # differs wherever terms differ and changes no number
WORDS_PER_COLUMN = 40  # more pairs of words than that are told as "differs"
CHANGES = {
    "mart": pl.String, "change": pl.String, "column": pl.String, "old": pl.String, "new": pl.String,
    "direction": pl.String, "difference": pl.Float64, "rows": pl.Int64,
}  # fmt: skip
RECORDS = {
    "mart": pl.String, "key": pl.String, "change": pl.String, "column": pl.String, "old": pl.String, "new": pl.String,
}  # fmt: skip
NOISE = 1e-9
ROWS = ("union", "addition")  # views and sums tell of the same rows again
NUMBERS = ("BIGINT", "DOUBLE", "DECIMAL", "INTEGER")


def compared(now: Path, proposed: Path, weeks_from: date, weeks_until: date, zone: str) -> dict[str, pl.DataFrame]:
    """The frames above for two files that hold the marts. The weeks are half-open, named by their Monday, and those of
    the company's `zone`."""
    with duckdb.connect(":memory:", config={"memory_limit": "1200MB", "autoinstall_known_extensions": "false"}) as both:
        both.execute("set TimeZone = 'UTC'")
        for name, file in (("now", now), ("proposed", proposed)):
            both.execute(f"attach {quoted(file)} as {name} (read_only)")
        weeks = _kpis(both, weeks_from, weeks_until, by_week=True)
        found = [_records(both, mart) for mart in MARTS if mart.name != "kpi_weeks" and mart.merge in ROWS]
        return {
            "kpis": _kpis(both, weeks_from, weeks_until, by_week=False),
            "kpi_weeks": weeks,
            "credits": _credits(both, weeks_from, weeks_until, zone),
            "changes": pl.concat([changes for changes, _records in found]),
            "records": pl.concat([records for _changes, records in found]),
        }


def _kpis(both: duckdb.DuckDBPyConnection, weeks_from: date, weeks_until: date, *, by_week: bool) -> pl.DataFrame:
    """Numerators and denominators of both judgements added up, then divided."""
    grain = ["kpi", "week_start"] if by_week else ["kpi"]
    sides = {}
    for side in ("now", "proposed"):
        sql = f"""
            select {", ".join(grain)}, sum(numerator)::double as numerator_{side},
                sum(denominator)::double as denominator_{side}
            from {side}.mart.kpi_weeks where week_start >= $weeks_from and week_start < $weeks_until group by all
        """
        frame = both.sql(sql, params={"weeks_from": weeks_from, "weeks_until": weeks_until}).pl()
        is_ratio = pl.col("kpi").is_in(RATIOS)
        share = pl.when(pl.col(f"denominator_{side}") != 0).then(
            pl.col(f"numerator_{side}") / pl.col(f"denominator_{side}")
        )
        sides[side] = frame.with_columns(
            pl.when(is_ratio).then(share).otherwise(f"numerator_{side}").alias(f"value_{side}")
        )
    joined = sides["now"].join(sides["proposed"], on=grain, how="full", coalesce=True, nulls_equal=True)
    grew = pl.col("value_proposed").fill_null(0) - pl.col("value_now").fill_null(0)
    whose = pl.col("kpi").replace_strict(SIDE_OF, default=None, return_dtype=pl.String)
    is_better = (grew > 0) != pl.col("kpi").is_in(list(LESS_IS_BETTER))
    may_tell = whose.is_not_null() & (grew.abs() > NOISE * pl.col("value_now").abs().fill_null(1))
    return joined.with_columns(side=whose, is_better=pl.when(may_tell).then(is_better)).sort(grain)


def _credits(both: duckdb.DuckDBPyConnection, weeks_from: date, weeks_until: date, zone: str) -> pl.DataFrame:
    """What each model gives to each channel; null = nothing, or the model is not agreed."""
    sides = ", ".join(
        f"""credit_{side} as (
            select model, channel, sum(credit) as credit from {side}.mart.credits
            where basis = 'won' and timezone($zone, closed_at) >= $weeks_from
                and timezone($zone, closed_at) < $weeks_until
            group by all
        )"""
        for side in ("now", "proposed")
    )
    sql = f"""
        with {sides}
        select coalesce(n.model, p.model) as model, coalesce(n.channel, p.channel) as channel,
            n.credit as credit_now, p.credit as credit_proposed
        from credit_now n full join credit_proposed p on n.model = p.model and n.channel is not distinct from p.channel
        order by all
    """
    return both.sql(sql, params={"weeks_from": weeks_from, "weeks_until": weeks_until, "zone": zone}).pl()


def _records(both: duckdb.DuckDBPyConnection, mart: Mart) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Changes and records of one mart. Rows are paired by the mart's key; null is a value like others."""
    types = dict(
        both.execute(
            "select column_name, data_type from duckdb_columns() where database_name = 'now' and schema_name = 'mart' "
            "and table_name = $mart order by column_index",
            {"mart": mart.name},
        ).fetchall()
    )
    values = [column for column in types if column not in mart.key and column not in NOT_COMPARED]
    paired = " and ".join(f'n."{key}" is not distinct from p."{key}"' for key in mart.key)
    differs = " or ".join(_differs(f'n."{column}"', f'p."{column}"', types[column]) for column in values) or "false"
    listed = ", ".join(
        [f'coalesce(n."{key}", p."{key}") as "k_{key}"' for key in mart.key]
        + [f'n."{column}" as "n_{column}", p."{column}" as "p_{column}"' for column in values]
    )
    both.execute(f"""
        create or replace temp table differing as
        select {listed}, case when n.found is null then 'added' when p.found is null then 'removed'
            else 'changed' end as change
        from (select *, true as found from now.mart.{mart.name}) n
        full join (select *, true as found from proposed.mart.{mart.name}) p on {paired}
        where n.found is null or p.found is null or {differs}
    """)
    key = "{" + ", ".join(f'"{key}": "k_{key}"' for key in mart.key) + "}"
    changes, records = [], []
    for change in ("added", "removed"):
        where = f"from differing where change = '{change}'"
        rows = both.execute(f"select count(*) {where}").fetchone()
        if rows and rows[0]:
            changes.append((mart.name, change, None, None, None, None, None, rows[0]))
            sql = f"select to_json({key})::varchar {where} order by 1 limit {RECORDS_PER_CHANGE}"
            records += [(mart.name, told, change, None, None, None) for (told,) in both.execute(sql).fetchall()]
    for column in values:
        changes += [(mart.name, "changed", column, *found) for found in _column(both, column, types[column])]
        sql = f"""
            select to_json({key})::varchar, "n_{column}"::varchar, "p_{column}"::varchar from differing
            where change = 'changed' and {_differs(f'"n_{column}"', f'"p_{column}"', types[column])} order by 1
            limit {RECORDS_PER_CHANGE}
        """
        records += [(mart.name, told, "changed", column, old, new) for told, old, new in both.execute(sql).fetchall()]
    return pl.DataFrame(changes, CHANGES, orient="row"), pl.DataFrame(records, RECORDS, orient="row")


def _differs(old: str, new: str, kind: str) -> str:
    """Whether two values differ; sums of fractions that differ in their last digits do not."""
    distinct = f"{old} is distinct from {new}"
    if kind != "DOUBLE":
        return distinct
    return f"({distinct} and coalesce(abs({new} - {old}) > {NOISE} * greatest(1, abs({old}), abs({new})), true))"


def _column(both: duckdb.DuckDBPyConnection, column: str, kind: str) -> list[tuple[object, ...]]:
    """`old, new, direction, difference, rows` of the changes in one column."""
    old, new = f'"n_{column}"', f'"p_{column}"'
    where = f"from differing where change = 'changed' and {_differs(old, new, kind)}"
    direction = f"""
        case when {old} is null then 'appears' when {new} is null then 'vanishes'
             when {new} > {old} then 'rises' else 'falls' end
    """
    if kind in ("VARCHAR", "BOOLEAN"):
        pairs = both.execute(
            f"select {old}::varchar, {new}::varchar, null, null, count(*) {where} group by all order by 5 desc, 1, 2"
        ).fetchall()
        if len(pairs) <= WORDS_PER_COLUMN:
            return pairs
        return [(None, None, "differs", None, sum(pair[-1] for pair in pairs))]
    change = f"sum({new} - {old})::double" if kind.startswith(NUMBERS) else "null"
    return both.execute(
        f"select null, null, {direction}, {change}, count(*) {where} group by all order by 5 desc, 3"
    ).fetchall()
