"""Exports of the ad platforms (Google Ads in German, LinkedIn in English), the exchange rates."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from .clock import epoch
from .world import World

_MONTHS_DE = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
              "Dezember"]  # fmt: skip
_MONTHS_EN = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December"]  # fmt: skip
GOOGLE_TOTALS = 3
_FIRST = date(1970, 1, 1)


def _german(value: int, decimals: int = 0) -> str:
    """1234567 with two decimals -> 12.345,67."""
    whole, rest = divmod(value, 10**decimals)
    text = f"{whole:,}".replace(",", ".")
    return f"{text},{rest:0{decimals}d}" if decimals else text


def google(world: World, path: Path) -> int:
    """Google Ads' campaign report by day: two title lines, German numbers, total rows at the end."""
    spend = world.spend
    rows = spend.of(("Paid Search", "Display"), world.campaigns)
    rows = rows[np.lexsort((spend.campaign[rows], spend.day[rows]))]
    first, last = (_FIRST + timedelta(days=int(spend.day[rows[n]])) for n in (0, -1))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["Kampagnenbericht"])
        writer.writerow([" - ".join(f"{day.day}. {_MONTHS_DE[day.month - 1]} {day.year}" for day in (first, last))])
        writer.writerow(["Tag", "Kampagnen-ID", "Kampagne", "Währungscode", "Kosten", "Impr.", "Klicks", "Conversions"])
        for n in rows.tolist():
            campaign = world.campaigns[spend.campaign[n]]
            writer.writerow([
                _FIRST + timedelta(days=int(spend.day[n])), campaign.campaign_id, campaign.name, campaign.currency,
                _german(int(spend.cents[n]), 2), _german(int(spend.impressions[n])), _german(int(spend.clicks[n])),
                _german(int(spend.conversions[n]) * 100, 2),
            ])  # fmt: skip
        display = np.array([world.campaigns[c].channel == "Display" for c in spend.campaign[rows]])
        for label, part in (
            ("Gesamt: Konto", rows),
            ("Gesamt: Suche", rows[~display]),
            ("Gesamt: Display", rows[display]),
        ):
            sums = [
                int(column[part].sum()) for column in (spend.cents, spend.impressions, spend.clicks, spend.conversions)
            ]
            writer.writerow([label, " --", " --", "EUR", _german(sums[0], 2), _german(sums[1]), _german(sums[2]),
                             _german(sums[3] * 100, 2)])  # fmt: skip
    return len(rows)


def linkedin(world: World, path: Path) -> int:
    """LinkedIn's campaign performance report by day: preamble lines, tabs, UTF-16 little endian."""
    spend = world.spend
    rows = spend.of(("Paid Social",), world.campaigns)
    rows = rows[np.lexsort((spend.campaign[rows], spend.day[rows]))]
    first, last = (_FIRST + timedelta(days=int(spend.day[rows[n]])) for n in (0, -1))
    text = io.StringIO()
    text.write("Campaign Performance Report (in UTC)\n")
    for label, day in (("Report Start", first), ("Report End", last), ("Date Generated", world.window.last_day)):
        text.write(f'"{label}: {_MONTHS_EN[day.month - 1]} {day.day}, {day.year}, 12:00 AM"\n')
    text.write("\n")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n")
    writer.writerow(["Start Date (in UTC)", "Campaign ID", "Campaign Name", "Currency", "Total Spent", "Impressions",
                     "Clicks", "Leads"])  # fmt: skip
    for n in rows.tolist():
        campaign, day = world.campaigns[spend.campaign[n]], _FIRST + timedelta(days=int(spend.day[n]))
        writer.writerow([
            f"{day.month}/{day.day}/{day.year}", campaign.campaign_id, campaign.name, campaign.currency,
            f"{spend.cents[n] / 100:,.2f}", int(spend.impressions[n]), int(spend.clicks[n]), int(spend.conversions[n]),
        ])  # fmt: skip
    path.write_bytes(b"\xff\xfe" + text.getvalue().encode("utf-16-le"))
    return len(rows)


def exchange_rates(world: World, path: Path) -> int:
    """CHF in EUR on bank days."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["currency", "day", "rate"])
        for day, rate in sorted(world.rates.items()):
            writer.writerow(["CHF", _FIRST + timedelta(days=day), f"{rate / 10_000:.4f}"])
    return len(world.rates)


__all__ = ["GOOGLE_TOTALS", "epoch", "exchange_rates", "google", "linkedin"]
