"""The old reproaches, judged once per build and language, and kept for everybody."""

from __future__ import annotations

from typing import Any

import streamlit as st

from findings import reproaches as findings
from findings.reproaches import Reproach
from locales import language
from ui.query import agreement, as_of, ask, build


def reproaches() -> list[Reproach]:
    """All seven, judged by the terms of today."""
    return _reproaches(build().build_id, language())


def reproaches_asked(query: str) -> dict[str, Any]:
    """What the question behind one of them was asked with."""
    return findings.asked(query, agreement(), as_of())


@st.cache_resource(max_entries=8, show_spinner=False)
def _reproaches(build_id: str, language: str) -> list[Reproach]:
    return findings.prepare(ask, agreement(), as_of())
