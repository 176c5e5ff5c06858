"""Choices of a single page that belong to the view: kept in the address, so that a link opens what the sender saw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

import streamlit as st

from agreement import Terms
from ui.page import empty_state
from ui.query import agreement, as_of
from ui.text import esc


def choose(
    word: str, label: str, options: Mapping[str, str], *, wish: str | None = None, where: Any = st
) -> str:  # fmt: skip
    """One of a few options; `options` maps language-neutral words of the address to words for people.

    The first option is the usual one and needs no word in the address. `wish`: an option picked elsewhere on the page,
    such as a bar of a chart; it counts once, when it changes.
    `where`: the part of the page it stands in.
    """
    key, usual = f"choice_{word}", next(iter(options))
    if wish in options and st.session_state.get(f"{key}_wish") != wish:
        st.session_state[key] = wish
    st.session_state[f"{key}_wish"] = wish
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(word)
        st.session_state[key] = asked if asked in options else usual
    picked = str(where.segmented_control(label, list(options), format_func=options.__getitem__, key=key, required=True))
    if picked == usual:
        st.query_params.pop(word, None)
    elif st.query_params.get(word) != picked:
        st.query_params[word] = picked
    return picked


def place() -> Any:
    """A place on the page that is filled later: `with place: …`. The answer stands first and is known last."""
    return st.container()


def note(text: str) -> None:
    """A remark in small print; nothing where there is nothing to say."""
    if text:
        st.caption(esc(text))


def say(sentence: str) -> None:
    """A sentence in ordinary print; nothing where there is nothing to say."""
    if sentence:
        st.markdown(esc(sentence))


def day_of(word: str | None) -> date:
    """The day a choice of `find` stands for; the choices are days in ISO form."""
    return date.fromisoformat(str(word))


def stop(title: str, what_to_do: str) -> NoReturn:
    """End the page here: there is nothing more to show, and this is what to do about it."""
    empty_state(title, what_to_do)
    st.stop()


def go_to(page: str, label: str, icon: str = ":material/arrow_forward:", **choices: str) -> None:
    """A link to another page that keeps period, team and segment and adds the choices."""
    kept = {
        word: st.query_params[word]
        for word in ("lang", "period", "from", "until", "team", "segment")
        if word in st.query_params
    }
    st.page_link(page, label=esc(label), icon=icon, query_params=kept | choices)


def terms() -> Terms:
    """The terms of the agreement in force at the moment the figures are judged at."""
    return agreement().terms_on(as_of().date())


def find(word: str, label: str, options: Mapping[str, str], *, where: Any = st) -> str | None:
    """One of many options, to be searched by typing; kept in the address like `choose`. None: there is no option."""
    if not options:
        return None
    key = f"find_{word}"
    if st.session_state.get(key) not in options:
        asked = st.query_params.get(word)
        st.session_state[key] = asked if asked in options else next(iter(options))
    picked = str(where.selectbox(label, list(options), format_func=options.__getitem__, key=key))
    if st.query_params.get(word) != picked:
        st.query_params[word] = picked
    return picked
