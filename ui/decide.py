"""Put a decision on record, and say what became of it: recorded, refused with the reason, or somebody was faster."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from agreement.entries import Entry
from agreement.ledger import Conflict, Ledger, LedgerError, setting
from locales import _
from locales.formats import day_and_time
from ui.actor import actor
from ui.query import build
from ui.text import esc, isolated

LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Outcome:
    """What became of a decision. `yours`, `theirs`, `base`: both contents where somebody was faster."""

    entry: Entry | None = None
    sentence: str = ""
    yours: dict[str, Any] = field(default_factory=dict)
    theirs: tuple[Entry, ...] = ()
    base: Entry | None = None


def ledger() -> Ledger:
    """The ledger of this dashboard, one handle per address."""
    return _ledger(setting())


@st.cache_resource(max_entries=4, show_spinner=False)
def _ledger(url: str) -> Ledger:
    return Ledger(url)


def entries(kind: str, object_id: str | None = None) -> list[Entry]:
    """Entries of a kind, oldest first; read anew only when the ledger has grown."""
    return list(_entries(setting(), ledger().head(), kind, object_id))


@st.cache_resource(max_entries=50, show_spinner=False)
def _entries(url: str, head: tuple[int, str], kind: str, object_id: str | None) -> tuple[Entry, ...]:
    return tuple(_ledger(url).entries(kind, object_id, until=head[0]))


def decide(
    action: str,
    kind: str,
    object_id: str,
    body: dict[str, Any],
    reason: str = "",
    *,
    expected: int | None = None,
    once: str | None = None,
    said: str = "",
    check: Callable[[], object] | None = None,
) -> Entry | None:
    """Records what the person at this browser decided; None where it was not recorded.

    Either way the next page says so: `said` where it was recorded, else the reason. `expected` and `once` as in
    `Ledger.append`. `check`: the rule of the kind; it raises `ValueError` with the reason in the reader's language.
    """
    who = actor()
    if who is None:
        return _keep(Outcome(sentence=_("Please say who you are first; decisions carry a name.")))
    try:
        if check:
            check()
        entry = ledger().append(
            who, action, kind, object_id, body, reason[:LONGEST_REASON], build().build_id, expected, once
        )
    except Conflict as conflict:
        return _keep(Outcome(None, in_words(conflict), conflict.yours, tuple(conflict.theirs), conflict.base))
    except (LedgerError, ValueError) as error:
        return _keep(Outcome(sentence=in_words(error)))
    return _keep(Outcome(entry, said or _("Recorded in the ledger as entry {number}.").format(number=entry.seq)))


def in_words(error: Exception) -> str:
    """Why something was not recorded, in the reader's language."""
    if isinstance(error, Conflict) and error.theirs:
        newest = error.theirs[-1]
        sentence = _("Not recorded: {name} changed this at {moment}, after you opened it. Nothing of yours is lost.")
        moment = day_and_time(newest.at.astimezone(build().as_of.tzinfo))
        return sentence.format(name=f"\u2068{newest.actor_name}\u2069", moment=moment)
    if isinstance(error, LedgerError):
        return {
            "disk_full": _("Not recorded: the disk of the ledger is full. Make room and try again."),
            "read_only": _("Not recorded: the ledger may only be read here. Ask whoever runs the server."),
            "no_access": _("Not recorded: the server may not open the ledger. Ask whoever runs the server."),
            "busy": _("Not recorded: the ledger was busy for a minute. Please try again."),
            "unreachable": _("Not recorded: the ledger cannot be reached. Ask whoever runs the server."),
            "damaged": _("Not recorded: the ledger is damaged. “python -m agreement verify” says where."),
        }.get(error.why, _("Not recorded: {why}").format(why=error))
    return str(error)


def form_key(form: str) -> str:
    """A key that belongs to one filling of a form: a double click sends it twice and counts once."""
    keys = st.session_state.setdefault("form_keys", {})
    return str(keys.setdefault(form, uuid.uuid4().hex))


def new_form(form: str) -> None:
    """The form was dealt with; filling it again is another decision."""
    st.session_state.setdefault("form_keys", {}).pop(form, None)


def show_outcome() -> Outcome | None:
    """What became of the decision just made, once, above the page; returns it."""
    outcome: Outcome | None = st.session_state.pop("outcome", None)
    if outcome and outcome.entry:
        st.success(esc(outcome.sentence), icon=":material/check:")
    elif outcome:
        st.error(esc(outcome.sentence), icon=":material/block:")
        for entry in outcome.theirs:
            st.caption(f"{isolated(entry.actor_name)} · {esc(day_and_time(entry.at))}")
    return outcome


def _keep(outcome: Outcome) -> Entry | None:
    st.session_state["outcome"] = outcome
    return outcome.entry
