"""A promise on screen: the same card and the same chart whoever made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from charts import service_levels as charts
from findings import promise as findings
from findings.promise import Promise
from locales.formats import percent
from ui.page import Card, cards, chart


def promise(
    title: str, caption: str, kept: Promise, weeks: pl.DataFrame, *, query: str, params: Mapping[str, Any]
) -> None:
    """How far a promise was kept, with interval and verdict; `weeks`: its course, `findings.promise.WEEKS`."""
    interval = findings.interval_in_words(kept)
    verdict, of = findings.verdict_names()[kept.verdict], findings.of_in_words(kept)
    cards([Card(title, percent(kept.share, 0), verdict, findings.is_good(kept), help=interval, delta_description=of)])
    chart(charts.trend(weeks, kept.target), caption, interval, key=query, query=query, params=params)
