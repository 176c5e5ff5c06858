"""The events list: an Excel workbook kept by hand, with who came and what each fair cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import xlsxwriter
from numpy.typing import NDArray

from . import company
from .clock import DAY, epoch, to_local
from .contacts_file import emails
from .names import companies
from .world import World

_FIRST = date(1970, 1, 1)
MOST_ROWS = 20_000  # a list kept by hand, however large the company


@dataclass(frozen=True)
class Visits:
    """One row per person and fair; `day` in days since 1970."""

    lead: NDArray[np.int64]
    campaign: NDArray[np.int64]
    day: NDArray[np.int64]
    attended: NDArray[np.bool_]


def visits(world: World) -> Visits:
    """Leads won at a fair, and people already known who registered."""
    rng = world.dice("visits")
    leads = world.leads
    fairs = {number: first + 20 for number, first, _, _ in world.fairs}  # campaign -> Tuesday
    won = np.flatnonzero((leads.channel == company.CHANNEL["Event"]) & (world.lead_campaign >= 0) & leads.has_email)
    won = won[:: 1 + 2 * len(won) // MOST_ROWS]
    tuesday = np.array([fairs[c] for c in world.lead_campaign[won].tolist()], dtype=np.int64)
    created_day = to_local(leads.created[won]) // DAY
    # nobody is written down as a visitor after having become a lead
    day = np.minimum(tuesday + rng.integers(0, 4, len(won)), np.maximum(created_day, tuesday))
    parts = [(won, world.lead_campaign[won], day, np.ones(len(won), dtype=bool))]
    guests = max(4, int(len(won) * 0.15))
    for campaign, first in fairs.items():
        known = np.flatnonzero((to_local(leads.created) // DAY < first) & leads.has_email)
        known = known[leads.channel[known] != company.CHANNEL["Event"]]
        guest = rng.choice(known, size=min(guests, len(known)), replace=False)
        parts.append(
            (guest, np.full(len(guest), campaign), first + rng.integers(0, 4, len(guest)), rng.random(len(guest)) < 0.7)
        )
    lead, fair, day, attended = (np.concatenate(column) for column in zip(*parts, strict=True))
    past = np.flatnonzero(day < epoch(world.window.last_day) // DAY)
    order = past[np.lexsort((lead[past], day[past]))]
    return Visits(lead[order], fair[order], day[order], attended[order])


def write(world: World, come: Visits, path: Path) -> dict[str, int]:
    """Write the workbook; returns the number of rows by sheet."""
    rng = world.dice("event file")
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": "Messen und Events", "created": datetime(2025, 1, 1, tzinfo=UTC)}
    )  # a fixed day: same bytes
    as_day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet = book.add_worksheet("Teilnehmer")
    sheet.write_row(0, 0, ["Veranstaltung", "Datum", "Kampagnen-ID", "E-Mail", "Firma", "Status"])
    address = emails(world, come.lead).to_list()
    firm = companies(world.leads.account[come.lead])["name"].to_list()
    shouted = rng.random(len(come.lead)) < 0.1  # typed by hand: some addresses in capitals
    for row, (campaign, day, attended) in enumerate(
        zip(come.campaign.tolist(), come.day.tolist(), come.attended.tolist(), strict=True)
    ):
        mail = address[row].title() if shouted[row] else address[row]
        sheet.write_string(row + 1, 0, world.campaigns[campaign].name)
        sheet.write_datetime(row + 1, 1, _FIRST + timedelta(days=day), as_day)
        sheet.write_string(row + 1, 2, world.campaigns[campaign].campaign_id)
        sheet.write_string(row + 1, 3, mail)
        sheet.write_string(row + 1, 4, firm[row])
        sheet.write_string(row + 1, 5, "Teilgenommen" if attended else "Angemeldet")
    costs = book.add_worksheet("Kosten")
    costs.write_row(0, 0, ["Kampagnen-ID", "Veranstaltung", "Beginn", "Ende", "Kosten (EUR)"])
    for row, (campaign, first, last, cents) in enumerate(world.fairs, 1):
        costs.write_string(row, 0, world.campaigns[campaign].campaign_id)
        costs.write_string(row, 1, world.campaigns[campaign].name)
        costs.write_datetime(row, 2, _FIRST + timedelta(days=first), as_day)
        costs.write_datetime(row, 3, _FIRST + timedelta(days=last), as_day)
        costs.write_number(row, 4, cents / 100)
    book.close()
    return {"Teilnehmer": len(come.lead), "Kosten": len(world.fairs)}
