"""What may be shown of people's work: groups smaller than agreed stay hidden, whatever is added or subtracted."""

from __future__ import annotations

import streamlit as st

from findings.suppression import Suppression, suppression
from ui.query import ask, build
from ui.steering import terms


def may_show(query: str) -> Suppression:
    """What the figures behind `query`, such as `service_levels/people`, give away of too few people; over all periods,
    so that comparing two of them gives nothing away either."""
    return _found(build().build_id, query, terms().privacy.minimum_group_size)


@st.cache_resource(max_entries=20, show_spinner=False)
def _found(build_id: str, query: str, smallest: int) -> Suppression:
    return suppression(ask(query), smallest)
