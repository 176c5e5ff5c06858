"""What people decided in the dashboard, as tables for the marts: read from the ledger, ids resolved, later words win.

A table is there and empty where nobody decided anything, so that the marts need not ask whether there is a ledger.
Entries whose body says nothing usable are passed over: one slip must not stop a build.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from agreement import contests, feedback
from agreement.entries import Entry
from agreement.excuses import standing
from pipeline.resolve import Identity

INSTANT = pl.Datetime("us", "UTC")
Schema = Mapping[str, pl.DataType | type[pl.DataType]]
SCHEMAS: dict[str, Schema] = {
    "excuses": {"lead_id": pl.String, "cycle": pl.Int64, "reason": pl.String, "side": pl.String, "at": INSTANT},
    "pauses": {"lead_id": pl.String, "cycle": pl.Int64, "from": INSTANT, "until": INSTANT, "reason": pl.String},
    "feedback": {
        "lead_id": pl.String, "cycle": pl.Int64, "action": pl.String, "reason": pl.String, "recycle_on": pl.Date,
        "at": INSTANT,
    },
    "rulings": {
        "deal_id": pl.String, "touch_id": pl.String, "ruling": pl.String, "to_touch_id": pl.String,
        "ruling_id": pl.String, "at": INSTANT,
    },
    "notes": {"note_id": pl.String, "day": pl.Date, "text": pl.String, "kind": pl.String},
}  # fmt: skip
ONE_PER: dict[str, tuple[str, ...]] = {
    "excuses": ("lead_id", "cycle"), "feedback": ("lead_id", "cycle"), "rulings": ("deal_id", "touch_id"),
}  # fmt: skip


def read(entries: Iterable[Entry]) -> dict[str, pl.DataFrame]:
    """All decisions that stand, as tables of `SCHEMAS`, in the order they were made."""
    of_object: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        of_object.setdefault((entry.kind, entry.object_id), []).append(entry)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    for (kind, _object), told in of_object.items():
        for table, reader in _READERS.get(kind, ()):
            rows[table] += [row for row in reader(told) if row]
    return {
        name: pl.DataFrame([[row[column] for column in schema] for row in rows[name]], schema=schema, orient="row")
        for name, schema in SCHEMAS.items()
    }


def resolved(decisions: Mapping[str, pl.DataFrame], identity: Identity) -> dict[str, pl.DataFrame]:
    """Decisions about leads and deals with today's ids and the `account_id` they belong to; null where no export knows
    the record any more. Where two records became one, the later word wins."""
    found = {}
    for name, frame in decisions.items():
        key, known = ("deal_id", identity.deals) if name == "rulings" else ("lead_id", identity.leads)
        if key not in frame.columns:
            continue
        joined = frame.join(known, on=key, how="left", maintain_order="left")
        joined = joined.with_columns(pl.coalesce("resolved", key).alias(key)).drop("resolved")
        if name in ONE_PER:
            joined = joined.unique(ONE_PER[name], keep="last", maintain_order=True)
        found[name] = joined
    return found


def _excuses(told: list[Entry]) -> list[dict[str, Any] | None]:
    excuse = standing(told).excuse
    return [_about_lead(excuse, reason=_text(excuse, "reason"), side=excuse.side)] if excuse else []


def _pauses(told: list[Entry]) -> list[dict[str, Any] | None]:
    """One row per pause; one that was not ended goes on until the instant it was planned for, if any."""
    found = standing(told)
    return [
        _about_lead(told[0], reason=reason or None, **{"from": begins, "until": ends})
        for (begins, ends), reason in zip(found.pauses, found.pause_reasons, strict=True)
    ]


def _feedback(told: list[Entry]) -> list[dict[str, Any] | None]:
    last = feedback.standing(told).last
    if last is None:
        return []
    return [_about_lead(last, action=last.action, reason=_text(last, "reason"), recycle_on=_day(last, "recycle_on"))]


def _rulings(told: list[Entry]) -> list[dict[str, Any] | None]:
    contest = contests.standing(told).get(told[0].object_id)
    last = contest.in_force if contest else None
    if last is None:
        return []
    deal_id, touch_id = _text(last, "deal_id"), _text(last, "touch_id")
    target = _text(last, "to_touch_id")
    if not deal_id or not touch_id or (last.body["ruling"] == "move" and not target):
        return []
    return [
        {
            "deal_id": deal_id, "touch_id": touch_id, "ruling": last.body["ruling"], "to_touch_id": target,
            "ruling_id": str(last.seq), "at": last.at,
        }
    ]  # fmt: skip


def _notes(told: list[Entry]) -> list[dict[str, Any] | None]:
    last = told[-1]
    day, text = _day(last, "day"), _text(last, "text")
    if last.action == "removed" or day is None or text is None:
        return []
    return [{"note_id": last.object_id, "day": day, "text": text, "kind": _text(last, "kind")}]


Reader = Callable[[list[Entry]], list[dict[str, Any] | None]]
_READERS: dict[str, tuple[tuple[str, Reader], ...]] = {
    "handover": (("excuses", _excuses), ("pauses", _pauses)),
    "lead": (("feedback", _feedback),),
    "credit": (("rulings", _rulings),),
    "note": (("notes", _notes),),
}


def _about_lead(entry: Entry, **told: Any) -> dict[str, Any] | None:
    """A row about the lead cycle `lead_id#cycle`; an id may hold the sign itself."""
    lead_id, _, cycle = entry.object_id.rpartition("#")
    if not lead_id or not cycle.isdecimal():
        return None
    return {"lead_id": lead_id, "cycle": int(cycle), "at": entry.at, **told}


def _text(entry: Entry, name: str) -> str | None:
    value = entry.body.get(name)
    return value if isinstance(value, str) and value else None


def _day(entry: Entry, name: str) -> date | None:
    try:
        return date.fromisoformat(entry.body.get(name) or "")
    except (TypeError, ValueError):
        return None
