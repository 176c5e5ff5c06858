"""Handovers as lists to choose from: overdue, due next, breached, excused …, and what can be done about one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from findings import handovers
from locales import _
from ui.excuse import excuse
from ui.query import ask
from ui.steering import choose, note
from ui.table import Column, table


def handover_lists(shown: Mapping[str, Any]) -> None:
    """One of the lists under the filters in force; a chosen line is offered to be excused."""
    which = choose("list", _("List"), handovers.lists())
    rows = handovers.listed(ask(f"service_levels/{which}", **shown))
    picked = table(rows, handovers.list_columns(Column, which), key=which, height=320, on_select="rerun")
    note(handovers.listed_in_words(rows.height, which))
    if picked and which in handovers.STATUS:
        excuse(rows.row(picked[0], named=True), handovers.STATUS[which])
