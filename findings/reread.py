"""The records behind a meeting's figures, by pseudonym, and what the frozen ones are today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import polars as pl

from agreement import frozen
from agreement.entries import Entry
from agreement.frozen import Record
from findings import restatement
from findings.meeting import KpiRow, Restated, week_of
from findings.weekly_kpis import written
from findings.words import kpi_names
from locales import _

C = TypeVar("C")
Ask = Callable[..., pl.DataFrame]
Changes = Mapping[str, Sequence[restatement.Change]]
BRIDGED = (
    "accepted_leads", "follow_up_attainment", "lead_to_opportunity_rate", "pipeline_created", "win_rate", "won_revenue",
)  # fmt: skip
RATIOS = frozenset({"follow_up_attainment", "lead_to_opportunity_rate", "win_rate"})


def records(ask: Ask, secret: bytes, week: date, cohort: date, horizon_days: int) -> list[Record]:
    """What stands behind the figures of a week in the build asked. `cohort`: Monday of the leads of the rate."""
    return [record for record, _id in _with_ids(ask, secret, week, cohort, horizon_days)]


def _with_ids(ask: Ask, secret: bytes, week: date, cohort: date, horizon_days: int) -> list[tuple[Record, str]]:
    rows = ask("weekly_review/records", week=week, cohort_week=cohort, horizon_days=horizon_days)
    return [
        (Record(
            row["kpi"], frozen.pseudonym(secret, row["record_id"]), str(row["day"]), row["numerator"],
            row["denominator"], str(row["agreement_version"]),
        ), row["record_id"])
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def known(ask: Ask, secret: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """Pseudonyms of all records of the build, and of those that go by another's id."""
    rows = ask("weekly_review/known")
    own, merged = (
        frozenset(frozen.pseudonym(secret, name) for name in rows.filter(pl.col("is_merged") == side)["record_id"])
        for side in (False, True)
    )
    return own, merged


@dataclass(frozen=True)
class Reread:
    """A closed meeting against today. `moved`: figure, reason, id of the record (its pseudonym where it is gone), day,
    and what it added then and adds today."""

    figures: list[Restated]
    moved: pl.DataFrame


def restated(ask: Ask, home: Path, closing: Entry, horizon_days: int) -> Reread | None:
    """What the frozen figures of a closed meeting are today; None if its records in `home` are gone or changed."""
    kept = frozen.read(home, closing.object_id, str(closing.body.get("records_hash")))
    if kept is None:
        return None
    secret, week = frozen.key(home), week_of(closing.object_id)
    weeks = {told["kpi"]: told.get("week") for told in closing.body["kpis"]}
    cohort = weeks.get("lead_to_opportunity_rate")
    is_told = cohort is not None and str(cohort) != "None"
    found = _with_ids(ask, secret, week, date.fromisoformat(str(cohort)) if is_told else week, horizon_days)
    today = [record for record, _id in found]
    then = {(one.kpi, one.pseudonym, one.numerator, one.denominator) for one in kept[0]}
    is_same = then == {(one.kpi, one.pseudonym, one.numerator, one.denominator) for one in today}
    now, merged = (frozenset[str](), frozenset[str]()) if is_same else known(ask, secret)
    changed = restatement.changes(kept[0], today, kept[1], now, merged)
    told = [kpi for kpi in BRIDGED if kpi in weeks]
    figures = [restatement.restated(kpi, kpi in RATIOS, kept[0], changed.get(kpi, [])) for kpi in told]
    ids = {record.pseudonym: record_id for record, record_id in found}
    return Reread(figures, _moved(told, changed, ids))


def _moved(
    kpis: Iterable[str], changed: Mapping[str, Sequence[restatement.Change]], ids: Mapping[str, str]
) -> pl.DataFrame:
    rows = []
    for kpi in kpis:
        for reason, old, new in changed.get(kpi, ()):
            record = new or old
            if record is not None:
                rows.append((kpi_names()[kpi], restatement.reason_names()[reason],
                             ids.get(record.pseudonym, record.pseudonym), record.day,
                             old.numerator if old else None, new.numerator if new else None))  # fmt: skip
    schema = {"figure": pl.String, "reason": pl.String, "record": pl.String, "day": pl.String, "then": pl.Float64,
              "today": pl.Float64}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("day").str.to_date(strict=False))


def moved_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the records are listed that read differently since a meeting was closed."""
    return {
        "figure": column(_("Figure")), "reason": column(_("Why")), "record": column(_("Record")),
        "day": column(_("Day")), "then": column(_("As frozen"), "number"), "today": column(_("Today"), "number"),
    }  # fmt: skip


def in_words(found: Reread | None, kpis: Iterable[KpiRow], currency: str) -> list[str]:
    """What changed since the freeze, a sentence per figure that reads differently; none where nothing is known."""
    units = {row.kpi: row.unit for row in kpis}
    moved = [one for one in found.figures if one.reasons] if found else []
    said = []
    for one in moved:
        unit = units.get(one.kpi, "count")
        parts = [f"{'+' if amount > 0 else ''}{written(amount, unit, currency)} {name}" for name, amount in one.reasons]
        shown = {"frozen": written(one.frozen, unit, currency), "today": written(one.today, unit, currency)}
        said.append(restatement.in_words(one, shown, parts))
    return said if moved or found is None else [_("Every frozen figure reads the same today.")]
