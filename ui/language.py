"""The reader's language: the browser's, until the reader or a link says otherwise."""

from __future__ import annotations

import streamlit as st

import locales
from locales import LANGUAGES


def settle_language() -> None:
    """Speak the language of the address, else the one chosen in this session, else the browser's."""
    wish = st.query_params.get("lang")
    if wish in LANGUAGES:
        st.session_state["language"] = wish
    language = st.session_state.get("language") or locales.matching(st.context.locale)
    locales.use(language)
    if st.session_state.get("language") and wish != language:
        st.query_params["lang"] = language


def show_switch() -> None:
    """German or English; the choice goes into the address."""
    st.session_state["language_switch"] = locales.language()
    st.segmented_control(
        "Sprache · Language",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language_switch",
        on_change=_take,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )


def _take() -> None:
    language = st.session_state["language_switch"] or locales.language()
    st.session_state["language"] = language
    st.query_params["lang"] = language
