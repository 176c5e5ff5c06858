"""Re-exports: the newest file of a kind says how a record is today; other kinds fill its gaps."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pipeline import upsert


@dataclass
class Report:
    file: str
    mapping: str | None


def _part(file: str, **columns: list[object]) -> pl.LazyFrame:
    return pl.LazyFrame(columns).with_columns(source_file=pl.lit(file), row_number=pl.int_range(pl.len()) + 2)


def test_the_newer_export_of_a_kind_replaces_the_older() -> None:
    parts = [_part("old.csv", lead_id=["1", "2", "3"]), _part("new.csv", lead_id=["2", "4"])]
    newest_first = [Report("new.csv", "crm"), Report("old.csv", "crm")]
    gone = upsert.superseded("leads", pl.concat(parts), newest_first, across_mappings=False)
    assert gone.rows() == [("old.csv", 3)]


def test_another_kind_of_export_replaces_events_only() -> None:
    parts = [_part("a.csv", touch_id=["1"]), _part("b.csv", touch_id=["1"])]
    newest_first = [Report("b.csv", "events"), Report("a.csv", "crm")]
    assert upsert.superseded("touches", pl.concat(parts), newest_first, across_mappings=False).is_empty()
    assert upsert.superseded("touches", pl.concat(parts), newest_first, across_mappings=True).rows() == [("a.csv", 2)]


def test_one_file_replaces_nothing_even_if_it_repeats_itself() -> None:
    part = _part("a.csv", touch_id=["1", "1"])
    assert upsert.superseded("touches", part, [Report("a.csv", "crm")], across_mappings=True).is_empty()


def test_overlapping_ad_reports_do_not_double_the_cost() -> None:
    def report(file: str, days: list[int]) -> pl.LazyFrame:
        same: dict[str, list[object]] = {
            "day": [f"2026-09-{day:02}" for day in days], "campaign_id": ["C"] * len(days),
            "ad_group": [None] * len(days), "channel": ["paid_search"] * len(days),
        }  # fmt: skip
        return _part(file, **same)

    parts = [report("september.csv", [1, 2, 2]), report("q3.csv", [2, 3])]
    newest_first = [Report("q3.csv", "google"), Report("september.csv", "google")]
    gone = upsert.superseded("spend", pl.concat(parts), newest_first, across_mappings=False)
    assert sorted(gone.rows()) == [("september.csv", 3), ("september.csv", 4)]


def test_gaps_are_filled_by_the_other_export() -> None:
    rows = pl.DataFrame(
        {
            "campaign_id": ["C", "C", "D"],
            "name": ["Frühling (Ads)", "Frühling", "Herbst"],
            "budget": [None, 500, None],
            "source_file": ["ads.csv", "crm.csv", "crm.csv"],
        }
    )
    filled = upsert.filled("campaigns", rows, [Report("ads.csv", "google"), Report("crm.csv", "hubspot")])
    assert sorted(filled.select("campaign_id", "name", "budget").rows()) == [
        ("C", "Frühling (Ads)", 500),
        ("D", "Herbst", None),
    ]
