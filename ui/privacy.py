"""What may be shown of people's work: groups smaller than agreed stay hidden, whatever is added or subtracted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from findings.suppression import Suppression, suppression
from ui.query import ask, build
from ui.steering import terms


def may_show(query: str, period: Mapping[str, Any]) -> Suppression:
    """What the figures behind `query`, such as `service_levels/people`, give away of too few people.

    period: `date_from` and `date_until` of the view. Enough people must stand behind a figure in it, and over all
    periods too, so that a longer one gives nothing away about those who came later.
    """
    smallest = terms().privacy.minimum_group_size
    always = _found(build().build_id, query, smallest, None, None)
    return always.within(_found(build().build_id, query, smallest, period["date_from"], period["date_until"]))


@st.cache_resource(max_entries=50, show_spinner=False)
def _found(build_id: str, query: str, smallest: int, date_from: date | None, date_until: date | None) -> Suppression:
    return suppression(ask(query, date_from=date_from, date_until=date_until), smallest)
