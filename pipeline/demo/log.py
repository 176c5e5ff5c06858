"""Rows of the activity log: one small typed column each, so that ten million of them fit in memory."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .clock import Seconds

TYPES = [
    "Page view", "Ad click", "Email click", "Form submission", "Content download", "Webinar attended", "Chat",
    "Call", "Email", "Meeting", "Task", "Note", "Lifecycle stage change",
]  # fmt: skip
TYPE = {name: number for number, name in enumerate(TYPES)}
TOUCH_TYPES = 7  # the first seven are touches
DIRECTIONS = ["Outgoing", "Incoming"]
OUTCOMES = ["Connected", "No answer", "Left voicemail", "Busy", "Sent", "Bounced", "Scheduled", "Completed", "No show"]
OUTCOME = {name: number for number, name in enumerate(OUTCOMES)}
STAGES = [
    "Lead", "Marketing Qualified Lead", "Sales Accepted Lead", "Sales Qualified Lead", "Opportunity", "Disqualified",
    "Recycled",
]  # fmt: skip
STAGE = {name: number for number, name in enumerate(STAGES)}
_TOPICS = ("fraesen", "drehen", "schleifen", "laser", "automation", "wartung")
_PAGES = [f"/{part}/{topic}" for part in ("produkte", "anwendungen", "service", "aktuelles") for topic in _TOPICS]
_PAGES += ["/", "/preise"]
_FORMS = ["Angebot anfordern", "Probefräsen vereinbaren", "Rückruf", "Newsletter bestellen"]
_PAPERS = ["Rüstzeiten halbieren", "Kühlschmierstoffe", "Spindelrechner", "Größentabelle Spannmittel"]
_WEBINARS = ["Späne im Griff", "5-Achs für Einsteiger", "Öfen und Härten", "Instandhaltung planen"]
_LINKS = [f"Link {n}" for n in range(1, 13)]
ASSETS = _PAGES + _FORMS + _PAPERS + _WEBINARS + _LINKS + ["Chat"]
_FIRST = np.cumsum([0, len(_PAGES), len(_FORMS), len(_PAPERS), len(_WEBINARS), len(_LINKS)])
# first asset and number of assets of each touch type
ASSET_RANGE = {
    "Page view": (0, len(_PAGES)),
    "Ad click": (0, len(_PAGES)),
    "Email click": (int(_FIRST[4]), len(_LINKS)),
    "Form submission": (int(_FIRST[1]), len(_FORMS)),
    "Content download": (int(_FIRST[2]), len(_PAPERS)),
    "Webinar attended": (int(_FIRST[3]), len(_WEBINARS)),
    "Chat": (int(_FIRST[5]), 1),
}


@dataclass
class Rows:
    """A block of log rows; -1 means empty. `recorded` orders the file and gives the ids."""

    type: NDArray[np.int8]
    at: Seconds
    recorded: Seconds
    lead: NDArray[np.int32]  # -1: an anonymous visit of a known company
    account: NDArray[np.int32]
    channel: NDArray[np.int8]
    campaign: NDArray[np.int16]
    asset: NDArray[np.int8]
    direction: NDArray[np.int8]
    outcome: NDArray[np.int8]
    is_automatic: NDArray[np.bool_]
    owner: NDArray[np.int16]
    stage: NDArray[np.int8]
    reason: NDArray[np.int8]  # number in the list of all reasons

    def __len__(self) -> int:
        return len(self.at)

    def take(self, at: NDArray) -> Rows:
        """Some rows, in the given order."""
        return Rows(**{f.name: getattr(self, f.name)[at] for f in fields(self)})


_KINDS = {
    "type": np.int8, "at": np.int64, "recorded": np.int64, "lead": np.int32, "account": np.int32, "channel": np.int8,
    "campaign": np.int16, "asset": np.int8, "direction": np.int8, "outcome": np.int8, "is_automatic": np.bool_,
    "owner": np.int16, "stage": np.int8, "reason": np.int8,
}  # fmt: skip


def rows(at: Seconds, **given: Any) -> Rows:
    """A block at these instants; what is not given is empty, `recorded` is the instant itself."""
    count = len(at)
    given = {"recorded": at, "is_automatic": False, "at": at} | given
    columns: dict[str, NDArray] = {}
    for name, kind in _KINDS.items():
        value = given.get(name, -1)
        columns[name] = np.broadcast_to(np.asarray(value, dtype=kind), (count,))
    return Rows(**columns)


def joined(blocks: list[Rows]) -> Rows:
    """All blocks under one another; the list is emptied on the way to save memory."""
    columns = {name: np.concatenate([getattr(block, name) for block in blocks]) for name in _KINDS}
    blocks.clear()
    return Rows(**columns)
