"""What advertising cost: daily rows of the ad platforms, the fairs, and the exchange rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from . import company
from .clock import DAY, Window, epoch
from .people import Dice


@dataclass(frozen=True)
class DailySpend:
    """One row per campaign and day; costs in cents of the campaign's currency."""

    campaign: NDArray[np.int64]
    day: NDArray[np.int64]
    cents: NDArray[np.int64]
    impressions: NDArray[np.int64]
    clicks: NDArray[np.int64]
    conversions: NDArray[np.int64]

    def of(self, channels: tuple[str, ...], campaigns: list[company.Campaign]) -> NDArray[np.int64]:
        """Rows of these channels."""
        return np.flatnonzero(np.array([campaigns[c].channel in channels for c in self.campaign], dtype=bool))


def daily(dice: Dice, campaigns: list[company.Campaign], window: Window, leads: int) -> DailySpend:
    """Spend of the always-on and the dated online campaigns, up to the day before `as_of`."""
    rng = dice("spend")
    last = (window.last_day - window.first_day).days - 1
    scale = leads / 6_000
    columns: list[tuple[NDArray, ...]] = []
    for number, campaign in enumerate(campaigns):
        if campaign.channel == "Event" or not campaign.weekly_cost:
            continue
        offset = np.arange(campaign.first_week * 7, min(campaign.last_week * 7 + 6, last) + 1)
        days = epoch(window.first_day) // DAY + offset
        weekday = (days + 3) % 7
        month = days.astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
        level = np.where(weekday >= 5, 0.35, 1.26) * np.where(month == 8, 0.7, 1.0) * np.where(month == 12, 0.75, 1.0)
        level = level * np.linspace(0.85, 1.15, len(days)) * np.exp(0.12 * rng.standard_normal(len(days)))
        cents = np.round(campaign.weekly_cost / 7 * scale * level * 100).astype(np.int64)
        price = {"Paid Search": 340, "Paid Social": 780, "Display": 95}[campaign.channel]
        clicks = rng.poisson(cents / price)
        impressions = clicks * rng.integers(25, 60, len(days)) + rng.integers(0, 40, len(days))
        columns.append((np.full(len(days), number), days, cents, impressions, clicks, rng.binomial(clicks, 0.035)))
    return DailySpend(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def fairs(campaigns: list[company.Campaign], window: Window, leads: int) -> list[tuple[int, int, int, int]]:
    """(campaign, first day, last day, cents) of each fair; the cost covers the weeks of preparation."""
    rows = []
    for number, campaign in enumerate(campaigns):
        if campaign.channel == "Event":
            tuesday = epoch(window.day(campaign.first_week, 1)) // DAY
            rows.append(
                (number, tuesday - 20, tuesday + 3, round(campaign.weekly_cost * max(1.0, leads / 6_000) * 100))
            )
    return rows


def exchange_rates(dice: Dice, window: Window) -> dict[int, int]:
    """CHF in EUR by bank day (days since 1970), as ten-thousandths; begins a month before the window."""
    rng = dice("rates")
    day, rates, level = window.first_day - timedelta(days=35), {}, 1.0450
    while day <= window.last_day:
        level = min(max(level + float(rng.normal(0, 0.0025)), 0.99), 1.12)
        if day.weekday() < 5:
            rates[epoch(day) // DAY] = round(level * 10_000)
        day += timedelta(days=1)
    return rates


def rate_on(rates: dict[int, int], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The newest rate on or before each day, as ten-thousandths."""
    known = np.array(sorted(rates))
    values = np.array([rates[day] for day in known.tolist()])
    return values[np.searchsorted(known, days, side="right") - 1]
