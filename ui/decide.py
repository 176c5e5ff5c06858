"""Put a decision on record, and say what became of it: recorded, refused with the reason, or somebody was faster."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import streamlit as st

from agreement import TermsError
from agreement.entries import Actor, Entry
from agreement.ledger import Conflict, Ledger, LedgerError, setting
from agreement.signing import Refused
from findings.terms import fault_in_words
from locales import _
from locales.formats import day_and_time
from ui.actor import actor
from ui.query import build
from ui.text import esc


@dataclass(frozen=True)
class Outcome:
    """What became of a decision. `conflict`: both contents where somebody was faster."""

    entry: Entry | None = None
    sentence: str = ""
    conflict: Conflict | None = None


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
    rule: Callable[[list[Entry], datetime], object] | None = None,
    said: str = "",
) -> Entry | None:
    """Records what the person at this browser decided; None where it was not recorded. `expected`, `once` and `rule`
    as in `Ledger.append`.
    """

    def act(book: Ledger, who: Actor, build_id: str) -> Entry:
        return book.append(who, action, kind, object_id, body, reason, build_id, expected, once, rule)

    return record(act, said)


def record(act: Callable[[Ledger, Actor, str], Entry], said: str = "") -> Entry | None:
    """Lets `act(ledger, actor, build id)` put something on record; None where it was refused.

    Either way the next page says so: `said` where it was recorded, else the reason in the reader's language.
    """
    who = actor()
    if who is None:
        return _keep(Outcome(sentence=_("Please say who you are first; decisions carry a name.")))
    try:
        entry = act(ledger(), who, build().build_id)
    except Conflict as conflict:
        return _keep(Outcome(None, in_words(conflict), conflict))
    except (LedgerError, Refused, TermsError, ValueError) as error:
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
    if isinstance(error, Refused):
        return error.fault.sentence(_)
    if isinstance(error, TermsError):
        return " ".join(map(fault_in_words, error.faults))
    return str(error)


def outcome() -> Outcome | None:
    """What became of the decision just made, before it is shown."""
    found: Outcome | None = st.session_state.get("outcome")
    return found


def form_key(form: str) -> str:
    """A key that belongs to one filling of a form: a double click sends it twice and counts once."""
    keys = st.session_state.setdefault("form_keys", {})
    return str(keys.setdefault(form, uuid.uuid4().hex))


def new_form(form: str) -> None:
    """The form was dealt with; filling it again is another decision."""
    st.session_state.setdefault("form_keys", {}).pop(form, None)


def show_outcome() -> Outcome | None:
    """What became of the decision just made, once, above the page; returns it."""
    found: Outcome | None = st.session_state.pop("outcome", None)
    if found and found.entry:
        st.success(esc(found.sentence), icon=":material/check:")
    elif found:
        st.error(esc(found.sentence), icon=":material/block:")
    return found


def _keep(outcome: Outcome) -> Entry | None:
    st.session_state["outcome"] = outcome
    return outcome.entry
