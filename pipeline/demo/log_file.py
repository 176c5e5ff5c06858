"""The activity log: the large file. Rows are built in memory, sorted by when they were recorded, written in chunks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import activities, company, damage, log
from .clock import DAY
from .columns import append, ids, instants, words
from .touches import CampaignPicker, Journeys
from .world import World

_CHUNK = 1_000_000
LATE_SHARE = 0.006


def rows(world: World) -> log.Rows:
    """All distinct rows of the log, in the order in which they were recorded."""
    picker = CampaignPicker(world.campaigns, world.window)
    blocks = [_touch_rows(world, picker, number, journeys) for number, journeys in enumerate(world.journeys)]
    for cycle in world.cycles:
        blocks += activities.stage_changes(cycle, world.setting)
        blocks += activities.attempts(world.dice, cycle, world.setting)
    blocks += activities.deal_work(world.dice, world.deals, world.setting, world.window)
    everything = log.joined(blocks)
    return everything.take(np.argsort(everything.recorded, kind="stable"))


def _touch_rows(world: World, picker: CampaignPicker, number: int, journeys: Journeys) -> log.Rows:
    rng = world.dice(f"touch rows {number}")
    count = len(journeys.at)
    first = np.array([log.ASSET_RANGE[name][0] for name in log.TYPES[: log.TOUCH_TYPES]])
    width = np.array([log.ASSET_RANGE[name][1] for name in log.TYPES[: log.TOUCH_TYPES]])
    asset = first[journeys.type] + (rng.random(count) * width[journeys.type]).astype(np.int64)
    lead = journeys.lead.astype(np.int32)
    recorded = journeys.at
    account = world.leads.account[journeys.lead]
    if number in (1, 2):  # some visits are known by company alone, some touches are recorded weeks late
        anonymous = (journeys.type == 0) & (rng.random(count) < 0.05) & world.accounts.exists[account]
        lead = np.where(anonymous, -1, lead)
        late = rng.random(count) < LATE_SHARE
        recorded = np.where(late, journeys.at + rng.integers(14 * DAY, 36 * DAY, count), journeys.at)
        recorded = np.where(recorded > world.window.as_of, journeys.at, recorded)
    elif number == 3:  # a machine clicks every link of the mail
        asset = np.where(journeys.type == log.TYPE["Email click"], first[2] + np.arange(count) % width[2], asset)
    campaign = picker.pick(rng, journeys.channel, journeys.at)
    return log.rows(journeys.at, recorded=recorded, type=journeys.type, lead=lead, account=account,
                    channel=journeys.channel, campaign=campaign, asset=asset)  # fmt: skip


def write(world: World, everything: log.Rows, path: Path, progress: Callable[[float], None]) -> int:
    """Write the log; returns the number of data rows. Exact duplicates stand right behind their original."""
    contact = damage.contact_ids(world.dice, world.faults, everything)
    order = damage.doubled(world.dice("log twice"), len(everything), world.faults.exact["log"])
    with path.open("wb") as file:
        for begin in range(0, len(order), _CHUNK):
            at = order[begin : begin + _CHUNK]
            append(_frame(world, everything.take(at), contact[at], at), file, header=begin == 0)
            progress(begin / len(order))
    return len(order)


def _frame(world: World, part: log.Rows, contact: NDArray[np.int64], number: NDArray[np.int64]) -> pl.DataFrame:
    known = world.accounts.exists[part.account]
    company_number = np.where(part.lead >= 0, world.company_of_lead[part.lead], part.account)
    is_activity = (part.type >= log.TOUCH_TYPES) & (part.type < log.TYPE["Lifecycle stage change"])
    return pl.DataFrame(
        {
            "Activity ID": damage.FIRST_ACTIVITY + number,
            "Activity type": words(log.TYPES, part.type),
            "Activity date": instants(part.at),
            "Contact ID": pl.Series(contact).replace(-1, None),
            "Company ID": ids(damage.FIRST_COMPANY, np.where(known, company_number, -1)),
            "Source": words(company.CHANNEL_NAMES, part.channel),
            "Campaign ID": words([c.campaign_id for c in world.campaigns], part.campaign),
            "Asset": words(log.ASSETS, part.asset),
            "Direction": words(log.DIRECTIONS, part.direction),
            "Outcome": words(log.OUTCOMES, part.outcome),
            "Automated": words(["No", "Yes"], np.where(is_activity, part.is_automatic, -1)),
            "Activity owner": words(world.staff.name, part.owner),
            "New lifecycle stage": words(log.STAGES, part.stage),
            "Reason": words(activities.REASONS, part.reason),
        }
    )
