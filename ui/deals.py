"""Deals by the titles a reader chooses them by, written once per build and language and kept for everybody."""

from __future__ import annotations

from typing import Any

import streamlit as st

import locales
from findings.receipt import titles
from ui.currency import money
from ui.query import ask, build


def deals(**asked: Any) -> dict[str, str]:
    """Title by id of the deals of `receipt/deals`; `asked`: its parameters. Not to be changed."""
    return _titles(build().build_id, locales.language(), tuple(sorted(asked.items())))


@st.cache_resource(max_entries=20, show_spinner=False)  # five thousand amounts and days each: half a megabyte
def _titles(build_id: str, language: str, asked: tuple[tuple[str, Any], ...]) -> dict[str, str]:
    return titles(ask("receipt/deals", **dict(asked)), money)
