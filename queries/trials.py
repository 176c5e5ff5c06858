"""What trials of a proposal found: written by `pipeline.effect`, read by whoever shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

TRIALS = "trials"
RESULT = "effect.json"


@dataclass(frozen=True)
class Effect:
    """The effect of a proposal: what it was compared with, and the frames `pipeline.comparison` describes.

    `proposed`, `current`: short content hashes of the documents; `since`: the day from which the proposed terms were
    tried, None = as the proposal is written; `build_id`: the build whose exports were judged.
    """

    folder: Path
    proposed: str
    current: str
    build_id: str
    ledger_seq: int | None
    as_of: datetime
    made_at: datetime
    since: date | None
    weeks: int
    content: str

    @cached_property
    def kpis(self) -> pl.DataFrame:
        """Every KPI over the weeks compared, now and as proposed."""
        return pl.read_parquet(self.folder / "kpis.parquet")

    @cached_property
    def kpi_weeks(self) -> pl.DataFrame:
        """Every KPI week by week."""
        return pl.read_parquet(self.folder / "kpi_weeks.parquet")

    @cached_property
    def credits(self) -> pl.DataFrame:
        """What each model gives to each channel, of deals won in the weeks compared."""
        return pl.read_parquet(self.folder / "credits.parquet")

    @cached_property
    def changes(self) -> pl.DataFrame:
        """Which records change, counted by what changes from what to what."""
        return pl.read_parquet(self.folder / "changes.parquet")

    @cached_property
    def records(self) -> pl.DataFrame:
        """The records themselves."""
        return pl.read_parquet(self.folder / "records.parquet")


def effects(builds: Path) -> list[Effect]:
    """All effects worked out for the builds of a folder, newest first; an unreadable one is passed over."""
    found = [_read(folder) for folder in (builds / TRIALS).glob("trial-*")]
    return sorted((effect for effect in found if effect), key=lambda effect: effect.made_at, reverse=True)


def effect_of(builds: Path, proposed: str, current: str) -> Effect | None:
    """The newest effect of a document in place of another, by their short content hashes."""
    wanted = (effect for effect in effects(builds) if (effect.proposed, effect.current) == (proposed, current))
    return next(wanted, None)


def _read(folder: Path) -> Effect | None:
    try:
        told: dict[str, Any] = json.loads((folder / RESULT).read_text("utf-8"))
        told["as_of"] = datetime.fromisoformat(told["as_of"])
        told["made_at"] = datetime.fromisoformat(told["made_at"])
        told["since"] = date.fromisoformat(told["since"]) if told["since"] else None
        return Effect(folder=folder, **told)
    except (OSError, ValueError, TypeError, KeyError):
        return None
