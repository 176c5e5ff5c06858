"""Judgement, once: pure functions from the canonical tables of one bucket of accounts to the marts.

A mart module declares `Columns` and offers `build(tables, agreement, as_of, done)`. Buckets are merged by union, or,
where rows of several buckets share a key, by addition: such a module also offers `partial` (per bucket), `whole` (once,
for what belongs to no account) and `merge`. A union may wait for such sums: its module then makes the final rows of
every bucket in `finish(rows, agreement, merged)`, and another mart may add those up: `partial(rows, agreement)` per
bucket, then `merge`. A view is another shape of a mart: its module offers `view()`, the SQL, and `of(marts)`, the same
in memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Literal

from pipeline.marts import (
    campaign_days,
    channel_credits,
    credit_days,
    credits,
    deals,
    handovers,
    journeys,
    kpi_weeks,
    leads,
    pipeline_weeks,
    promise_days,
    stage_days,
    stage_stays,
    touch_credits,
    touches,
)


@dataclass(frozen=True)
class Mart:
    """A mart, where it is made and how the results of several buckets become one."""

    name: str
    module: ModuleType
    merge: Literal["union", "addition", "sums", "view"]
    # order of the published rows where pages ask for a stretch of time: the database then skips all other blocks
    order: tuple[str, ...] = ()
    # rows are finished once the sums over all buckets are known
    waits: bool = False
    # the mart whose finished rows it adds up
    of: str = ""

    @property
    def key(self) -> list[str]:
        """The columns of the grain, in order."""
        columns = self.module.Columns.columns()
        return [name for name, column in columns.items() if column.metadata["key"]]


# In build order: each may read the ones before it.
MARTS: tuple[Mart, ...] = (
    Mart("leads", leads, "union", order=("created_at", "lead_id", "cycle")),
    Mart("handovers", handovers, "union", order=("handed_at", "lead_id", "cycle")),
    Mart("touches", touches, "union"),
    Mart("journeys", journeys, "union"),
    Mart("deals", deals, "union", order=("created_at", "deal_id")),
    Mart("channel_credits", channel_credits, "addition"),
    Mart("touch_credits", touch_credits, "union", waits=True),
    Mart("credit_days", credit_days, "sums", of="touch_credits"),
    Mart("credits", credits, "view"),
    Mart("pipeline_weeks", pipeline_weeks, "union"),
    Mart("campaign_days", campaign_days, "addition"),
    Mart("promise_days", promise_days, "addition"),
    Mart("kpi_weeks", kpi_weeks, "addition"),
    Mart("stage_days", stage_days, "addition"),
    Mart("stage_stays", stage_stays, "addition"),
)
