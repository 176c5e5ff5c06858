"""Reads the demo's files with nothing but the standard library, as an outsider would."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

HEADERS = {
    "hubspot-crm-exports-contacts.csv": (
        "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Country/Region,State/Region,Company Name,"
        "Associated Company IDs,Contact owner,Lifecycle Stage,Lead Status,Lead Type,Original Source,"
        "Original Source Drill-Down 1,Latest Campaign ID,Segment,HubSpot Score,How did you hear about us?,"
        "Legal basis for processing contact's data,Create Date,Owner assigned date,"
        "Became a Marketing Qualified Lead Date,Merged Contact IDs,Contact URL"
    ),
    "hubspot-crm-exports-companies.csv": (
        "Record ID,Company name,Company Domain Name,Industry,Number of Employees,State/Region,Country/Region,"
        "Became a Customer Date,Company owner,Create Date,Company URL"
    ),
    "hubspot-crm-exports-deals.csv": (
        "Record ID,Deal Name,Deal Stage,Deal Type,Amount,Currency,Deal owner,Original Source,Campaign ID,"
        "Associated Company IDs,Associated Contact IDs,Primary Contact ID,Create Date,Created by,Close Date,"
        "Closed Lost Reason,Deal URL"
    ),
    "hubspot-deal-stage-history.csv": "Record ID,Deal Name,Property,Old value,New value,Date changed,Deal owner",
    "hubspot-activity-log.csv": (
        "Activity ID,Activity type,Activity date,Contact ID,Company ID,Source,Campaign ID,Asset,Direction,Outcome,"
        "Automated,Activity owner,New lifecycle stage,Reason"
    ),
    "hubspot-users.csv": "User ID,Name,Email,Team,Department",
    "hubspot-campaigns.csv": "Campaign ID,Campaign name,Channel,Start date,End date,Budget,Currency",
    "exchange_rates.csv": "currency,day,rate",
}
TOUCHES = {
    "Page view", "Ad click", "Email click", "Form submission", "Content download", "Webinar attended", "Chat",
}  # fmt: skip


@dataclass(frozen=True)
class Exports:
    """One written demo."""

    folder: Path

    def rows(self, name: str) -> list[dict[str, str]]:
        """Data rows as they stand in the file."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def distinct(self, name: str) -> list[dict[str, str]]:
        """Data rows without exact repeats."""
        return [dict(row) for row in dict.fromkeys(tuple(row.items()) for row in self.rows(name))]

    @cached_property
    def truth(self) -> dict[str, Any]:
        return json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))

    @cached_property
    def contacts(self) -> list[dict[str, str]]:
        return self.distinct("hubspot-crm-exports-contacts.csv")

    @cached_property
    def deals(self) -> list[dict[str, str]]:
        return self.distinct("hubspot-crm-exports-deals.csv")

    @cached_property
    def log(self) -> list[dict[str, str]]:
        return self.distinct("hubspot-activity-log.csv")

    @cached_property
    def google(self) -> list[list[str]]:
        """All lines after the header, total rows included."""
        with (self.folder / "Kampagnenbericht.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.reader(file))[3:]

    @cached_property
    def linkedin(self) -> list[dict[str, str]]:
        text = (self.folder / "linkedin-campaign-performance.csv").read_text(encoding="utf-16")
        return list(csv.DictReader(text.split("\n\n", 1)[1].splitlines(), delimiter="\t"))


def german(text: str) -> Decimal:
    """1.234,56 -> 1234.56."""
    return Decimal(text.replace(".", "").replace(",", "."))
