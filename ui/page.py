"""The parts of a page: heading, answer, cards, charts, tables. Text from data is made harmless here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from charts.sparkline import sparkline
from charts.theme import noted
from locales import _
from ui.explain import explain
from ui.plot import config
from ui.query import notes
from ui.text import esc

MOST_CARDS = 8


@dataclass(frozen=True)
class Card:
    """A figure on a card. Texts are plain; `delta_good` colours the change, None leaves it grey.

    `is_verdict`: the change is a word that may be coloured, not a number.
    `link`: file of a page, such as `pages/results/funnel.py`, opened by the card's foot line `link_label`.
    """

    label: str
    value: str
    delta: str | None = None
    delta_good: bool | None = None
    spark: Sequence[float | None] | None = None
    help: str | None = None
    link: str | None = None
    link_label: str | None = None
    delta_description: str | None = None
    is_verdict: bool = False


def heading(title: str, question: str) -> None:
    """The page's title and the question it answers."""
    st.title(esc(title), anchor=False)
    st.markdown(f":gray[{esc(question)}]")


def answer(sentence: str) -> None:
    """The one sentence that says what the page shows, before the evidence."""
    st.subheader(esc(sentence), anchor=False)


def cards(shown: Sequence[Card]) -> None:
    """At most eight figures side by side; they wrap on a narrow screen."""
    if len(shown) > MOST_CARDS:
        raise ValueError(f"a page shows at most {MOST_CARDS} cards, not {len(shown)}")
    grid = st.grid(min(len(shown), 4), min_column_width=200)
    for card in shown:
        with grid.cell():
            _card(card)


def _card(card: Card) -> None:
    changed = card.delta is not None and any(character in "123456789" for character in card.delta)
    colour = {True: "green", False: "red", None: "gray"}[card.delta_good if changed or card.is_verdict else None]
    points = [point for point in card.spark or [] if point is not None]
    with st.container(border=True, height="stretch", gap="small"):
        st.metric(
            esc(card.label),
            esc(card.value),
            esc(card.delta) if card.delta else None,
            delta_color=colour,  # type: ignore[arg-type]
            delta_arrow=_arrow(card.delta) if changed else "off",
            delta_description=esc(card.delta_description) if card.delta_description else None,
            help=esc(card.help) if card.help else None,
        )
        if len(points) > 1:  # the metric's own sparkline writes warnings into the browser's console
            course = _("Course of {label}").format(label=card.label)
            st.plotly_chart(sparkline(points), key=f"spark_{card.label}", config=config(), alt=course)
        if card.link:
            st.page_link(card.link, label=card.link_label or _("Open"), query_params=dict(st.query_params))


def _arrow(delta: str | None) -> Any:
    """Which way the change points; escaped text hides its sign from Streamlit."""
    return "down" if str(delta).startswith(("-", "\u2212")) else "up"


def chart(
    figure: go.Figure,
    title: str,
    caption: str | None = None,
    *,
    alt: str | None = None,
    key: str,
    query: str | None = None,
    params: Mapping[str, Any] | None = None,
    on_select: Any = None,
    at_least: int | None = None,
) -> list[dict[str, Any]]:
    """A chart in a card; with `query` its definition, rows and download stand beside the title.

    A chart over days carries the notes people put on them.

    `at_least`: pixels the chart needs to be read; on a narrower screen it scrolls sideways within its card.
    Returns the selected points if `on_select="rerun"`, else nothing.
    """
    if figure.layout.xaxis.type == "date" and (told := notes()):
        figure = noted(figure, told)
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", gap="small"):
            words = f"**{esc(title)}**" + (f"  \n:small[:gray[{esc(caption)}]]" if caption else "")
            st.markdown(words, width="content")
            if query:
                explain(query, key=key, **(params or {}))
        with st.container(key=f"wide_{key}") if at_least else nullcontext():
            event: Any = st.plotly_chart(
                figure,
                key=key,
                config=config(),
                alt=alt or title,
                on_select=on_select or "ignore",
            )
        if at_least:
            st.html(
                f"<style>.st-key-wide_{key} {{ overflow-x: auto }}"
                f" .st-key-wide_{key} > * {{ min-width: {at_least}px }}</style>"
            )
    return list(event["selection"]["points"]) if on_select else []


def section(title: str, caption: str | None = None) -> None:
    """The heading of a part of the page."""
    st.markdown(f"### {esc(title)}" + (f"\n:small[:gray[{esc(caption)}]]" if caption else ""), anchors=False)


def items(rows: Iterable[tuple[str, str, str]]) -> None:
    """A short list of name, state and a text that is to be read in full."""
    with st.container(border=True):
        for name, state, text in rows:
            st.markdown(f"**{esc(name)}** · {esc(state)}" + (f"  \n:small[{esc(text)}]" if text else ""))


def columns(widths: int | Sequence[float]) -> list[Any]:
    """Parts side by side, `with columns(2)[0]: …`; they stack on a phone."""
    return list(st.columns(widths))


def pick(
    label: str,
    options: Iterable[Any],
    *,
    key: str,
    everything: str | None = None,
    words: Callable[[Any], str] = str,
) -> Any:
    """One of the options; with `everything` the first choice is none of them (None)."""
    offered = [None, *sorted(set(options))] if everything else list(options)
    return st.selectbox(
        label, offered, key=key, format_func=lambda option: str(everything) if option is None else words(option)
    )


def empty_state(title: str, what_to_do: str) -> None:
    """Nothing to show, and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(f"**{esc(title)}**", text_alignment="center")
        st.markdown(f":gray[{esc(what_to_do)}]", text_alignment="center")
