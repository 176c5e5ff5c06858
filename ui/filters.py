"""Period, team and segment: chosen in the sidebar, kept in the address, so that a link shows the same view.

The address carries language-neutral words only. What a link asks for and this build does not know falls back to the
usual view, and the sidebar says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from locales import _
from locales.formats import day
from measures.calendar_weeks import fiscal_quarter_start, fiscal_year_start, week_start
from ui.query import agreement, as_of, ask
from ui.text import esc

USUAL = "last_13_weeks"
CUSTOM = "custom"
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 1, 1)
_IN_ADDRESS = ("period", "from", "until", "team", "segment")


@dataclass(frozen=True)
class Period:
    """Half-open: `date_until` is the first day that no longer counts."""

    date_from: date
    date_until: date

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.date_until - self.date_from).days


def periods() -> dict[str, str]:
    """The periods on offer, by their word in the address."""
    return {
        "last_4_weeks": _("Last 4 weeks"),
        "last_13_weeks": _("Last 13 weeks"),
        "last_26_weeks": _("Last 26 weeks"),
        "last_52_weeks": _("Last 52 weeks"),
        "this_quarter": _("This quarter"),
        "last_quarter": _("Last quarter"),
        "this_year": _("This fiscal year"),
        "last_year": _("Last fiscal year"),
        "all": _("Everything"),
        CUSTOM: _("From … until …"),
    }


def period(word: str, today: date, first_day: date | None = None, start_month: int = 1) -> Period:
    """The days a word stands for, seen from `today`. Weeks are whole weeks that are over; quarters are fiscal ones."""
    tomorrow = today + timedelta(days=1)
    quarter, year = fiscal_quarter_start(today, start_month), fiscal_year_start(today, start_month)
    match word.split("_"):
        case ["last", weeks, "weeks"]:
            until = week_start(tomorrow)
            return Period(until - timedelta(weeks=int(weeks)), until)
        case ["this", "quarter"]:
            return Period(quarter, tomorrow)
        case ["last", "quarter"]:
            return Period(fiscal_quarter_start(quarter - timedelta(days=1), start_month), quarter)
        case ["this", "year"]:
            return Period(year, tomorrow)
        case ["last", "year"]:
            return Period(fiscal_year_start(year - timedelta(days=1), start_month), year)
        case ["all"]:
            return Period(min(first_day or today, today), tomorrow)
    raise ValueError(f"no period is called {word!r}")


def chosen() -> dict[str, Any]:
    """`date_from`, `date_until` (exclusive), `team` and `segment` (None = all), ready for `ask`."""
    view = st.session_state.get("view", {})
    days = _days(view)
    return {
        "date_from": days.date_from,
        "date_until": days.date_until,
        "team": view.get("team"),
        "segment": view.get("segment"),
    }


def read_address() -> list[str]:
    """Take over what the address asks for; returns a sentence for each wish that cannot be met."""
    known = _choices()
    wishes = {word: st.query_params[word] for word in _IN_ADDRESS if word in st.query_params}
    view, hints = understood(wishes, known["teams"], known["segments"])
    if not wishes:  # another page of the menu: the address is empty, the view goes on
        view = st.session_state.get("view", view)
    st.session_state["view"] = view
    return hints


def understood(wishes: dict[str, str], teams: list[str], segments: list[str]) -> tuple[dict[str, str], list[str]]:
    """What of an address can be shown: the view, and a sentence for each wish that cannot be met."""
    view: dict[str, str] = {}
    hints: list[str] = []
    word = wishes.get("period", CUSTOM if {"from", "until"} & set(wishes) else USUAL)
    if word == CUSTOM and _range(wishes):
        view |= {"period": CUSTOM, "from": wishes["from"], "until": wishes["until"]}
    elif word in periods() and word != CUSTOM:
        view["period"] = word
    else:
        view["period"] = USUAL
        hints.append(_("The period in the address is not known; the last 13 weeks are shown."))
    for kind, values, sentence in (
        ("team", teams, _("There is no team “{name}” in this build; all teams are shown.")),
        ("segment", segments, _("There is no segment “{name}” in this build; all segments are shown.")),
    ):
        if wishes.get(kind) in values:
            view[kind] = wishes[kind]
        elif kind in wishes:
            hints.append(sentence.format(name=esc(wishes[kind][:60])))
    return view, hints


def show_filters(*, with_period: bool = True) -> None:
    """The filters; what is chosen goes into the address. A page about the last week has no use for a period."""
    view, known = st.session_state["view"], _choices()
    if with_period:
        _show_period(view)
    if known["teams"]:
        every_team = _("All teams")
        _select("team", _("Team"), ["", *known["teams"]], view.get("team", ""), lambda name: name or every_team)
    if known["segments"]:
        every_segment = _("All segments")
        _select(
            "segment",
            _("Segment"),
            ["", *known["segments"]],
            view.get("segment", ""),
            lambda name: name or every_segment,
        )
    write_address()


def _show_period(view: dict[str, str]) -> None:
    offered = periods()
    _select("period", _("Period"), offered, view["period"], lambda word: offered[word])
    if view["period"] == CUSTOM:
        days = _days(view)
        st.session_state["filter_days"] = (days.date_from, days.date_until - timedelta(days=1))
        st.date_input(
            _("From and until"),
            key="filter_days",
            on_change=_take_days,
            format="DD.MM.YYYY",
            min_value=EARLIEST,
            max_value=LATEST,
            label_visibility="collapsed",
        )
    else:
        days = _days(view)
        st.caption(f"{day(days.date_from)} – {day(days.date_until - timedelta(days=1))}")


def write_address() -> None:
    """Let the address say what is shown; the usual view needs no words."""
    view = dict(st.session_state["view"])
    if view.get("period") == USUAL:
        view.pop("period")
    for word in _IN_ADDRESS:
        if word in view and st.query_params.get(word) != view[word]:
            st.query_params[word] = view[word]
        elif word not in view and word in st.query_params:
            del st.query_params[word]


def _select(word: str, label: str, options: Any, value: Any, show: Callable[[Any], str]) -> None:
    key = f"filter_{word}"
    st.session_state[key] = value
    st.selectbox(label, list(options), format_func=show, key=key, on_change=_take, args=(word,))


def _take(word: str) -> None:
    value = st.session_state[f"filter_{word}"]
    view = dict(st.session_state["view"])
    if word == "period" and value == CUSTOM:
        days = _days(view)
        view |= {"from": days.date_from.isoformat(), "until": (days.date_until - timedelta(days=1)).isoformat()}
    elif word == "period":
        view.pop("from", None)
        view.pop("until", None)
    view[word] = value
    st.session_state["view"] = {key: value for key, value in view.items() if value}
    write_address()


def _take_days() -> None:
    days = st.session_state["filter_days"]
    if len(days) == 2:  # with one end chosen the other is still to come
        st.session_state["view"] |= {"from": days[0].isoformat(), "until": days[1].isoformat()}
        write_address()


def _days(view: dict[str, str]) -> Period:
    moment = as_of()
    if days := _range(view):
        return days
    start_month = agreement().terms_on(moment.date()).company.fiscal_year_start_month
    return period(view.get("period", USUAL), moment.date(), _choices()["first_day"], start_month)


def _range(words: dict[str, str]) -> Period | None:
    """`from` and `until` of an address, both days included; None if they are no such days."""
    try:
        first, last = date.fromisoformat(words["from"]), date.fromisoformat(words["until"])
    except (KeyError, ValueError):
        return None
    return Period(first, last + timedelta(days=1)) if EARLIEST <= first <= last <= LATEST else None


def _choices() -> dict[str, Any]:
    found: pl.DataFrame = ask("frame/choices")
    row = found.row(0, named=True)
    return {"teams": row["teams"] or [], "segments": row["segments"] or [], "first_day": row["first_day"]}
