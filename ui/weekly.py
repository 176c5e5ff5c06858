"""The meeting of a week, put together once per build, week and language, and kept for everybody."""

from __future__ import annotations

from datetime import date

import streamlit as st

from findings.meeting import Meeting
from findings.weekly_meeting import prepare
from locales import language
from ui.query import agreement, as_of, ask, build


def meeting(week: date) -> Meeting:
    """The run sheet of the week that begins on `week`."""
    return _meeting(build().build_id, language(), week)


@st.cache_resource(max_entries=60, show_spinner=False)
def _meeting(build_id: str, language: str, week: date) -> Meeting:
    return prepare(ask, week, agreement(), as_of().date(), build().currency)
