"""The form in which a change is proposed: several terms, the day they begin, the reason, and the words it comes to."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from agreement import Agreement, TermsError
from agreement.changes import Values
from agreement.document import Change, changes, differences
from agreement.entries import Actor, Entry
from agreement.kinds import kind_of
from agreement.ledger import Conflict, Ledger
from agreement.signing import draft, edit, propose
from agreement.terms import read_terms, term_names
from agreement.versions import DEPARTMENTS, Version
from findings.agreement import in_words
from findings.terms import fault_in_words, in_one_line, title
from locales import _
from locales.formats import day
from ui import standing
from ui.actor import actor
from ui.agreement.fields import Unreadable
from ui.agreement.fields import field as field_of
from ui.decide import outcome, record
from ui.text import esc

FORM = "agreement_form"
CLASH = "agreement_clash"
LONGEST_REASON = 2_000


@dataclass(frozen=True)
class Form:
    """What is being filled in. `start`: the document the fields begin with; `wishes`: values that differ from it, by
    term; `version_id`: the version that is edited, as of its entry `seen`; None = a new one.
    """

    start: Agreement
    base: str | None
    wishes: Mapping[str, Any] = field(default_factory=dict)
    begins: date | None = None
    reason: str = ""
    version_id: str | None = None
    seen: int = 0
    rejudges_past: bool = False
    token: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Clash:
    """What could not be saved because somebody else was faster: the form, and both contents."""

    form: Form
    conflict: Conflict
    begins: date
    reason: str


def new_form() -> Form:
    """A change of what is in force; where nothing is, of the terms on screen."""
    current = standing.current()
    return Form(standing.agreement_in_force(), current.id if current else None)


def form_for(version: Version) -> Form:
    """The same change once more: of the version in force today, with the values this version wishes."""
    fresh, edited = new_form(), version.agreement
    found = standing.changes_of(version)
    begins = found[0].from_day if found else None
    wishes = wishesof_values(fresh.start, edited, begins) if begins else {}
    is_editable = version.state not in ("in_force", "superseded", "withdrawn", "declined")
    return Form(
        fresh.start,
        fresh.base,
        wishes,
        begins,
        version.proposed.reason if version.proposed else "",
        version.id if is_editable else None,
        version.seq,
        version.rejudges_past,
    )


def wishesof_values(start: Agreement, other: Agreement, on: date) -> dict[str, Any]:
    """The terms in which `other` differs from `start` on a day, with their whole values (None = not agreed)."""
    names = {".".join(change.term.split(".")[:2]) for change in changes(start.terms_on(on), other.terms_on(on), on)}
    values = other.terms_on(on).values
    return {name: of_values(values, name) for name in term_names() if name in names}


def show_form() -> None:
    """The form; what is typed stays until it is proposed or cleared."""
    form: Form = st.session_state.setdefault(FORM, new_form())
    first = form.base is None
    if form.version_id:
        st.info(_("You edit version {id}. Saving it clears every signature under it.").format(id=form.version_id))
    begins = _day_field(form)
    terms = form.start.terms_on(begins)
    are_all_days = first and begins <= form.start.valid_from
    names = [name for name in term_names() if are_all_days or not name.startswith("company.")]
    picked = st.multiselect(
        _("Which terms change?"), names, [name for name in names if name in form.wishes], key=f"terms_{form.token}",
        format_func=lambda name: f"{title(name.split('.')[0])} · {title(name)}",
        placeholder=_("Choose one or more terms"),
    )  # fmt: skip
    values: Values = copy.deepcopy(terms.values)
    is_readable = True
    for name in picked:
        with st.container(border=True):
            st.caption(esc(_("Now: {sentence}").format(sentence=in_one_line(name, terms))))
            started = form.wishes.get(name, of_values(terms.values, name))
            try:
                put_entry(values, name, field_of(name, started, terms.company.currency, f"field_{form.token}_{name}"))
            except Unreadable as problem:
                is_readable = False
                st.error(esc(problem), icon=":material/edit:")
    reason = st.text_area(_("Reason"), form.reason, max_chars=LONGEST_REASON, key=f"reason_{form.token}")
    rejudges = not first and begins < standing.today() and _past_field(form, begins)
    wished = _wished(form, values, begins) if is_readable else None
    with st.container(horizontal=True):
        st.button(
            _("Save and propose again") if form.version_id else _("Propose"),
            type="primary", key=f"propose_{form.token}", on_click=_submit, disabled=wished is None or not may_decide(),
            args=(form, wished, reason, rejudges, begins),
        )  # fmt: skip
        st.button(_("Start over"), key=f"clear_{form.token}", on_click=clear, type="tertiary")


def _day_field(form: Form) -> date:
    today = standing.today()
    newest = max((start for start, _terms in form.start.dated if start <= today), default=form.start.valid_from)
    first = form.begins or (newest if form.base is None else today + timedelta(days=7))
    chosen = st.date_input(
        _("In force from"), first, min(first, form.start.valid_from), today + timedelta(days=3 * 365),
        key=f"day_{form.token}", format="DD.MM.YYYY",
        help=_("A record is judged by the terms in force on its own day; what was before stays as it was judged."),
    )  # fmt: skip
    return chosen if isinstance(chosen, date) else first


def _past_field(form: Form, begins: date) -> bool:
    st.warning(
        _("From {day} on records would be judged anew, also those already reported.").format(day=day(begins)),
        icon=":material/history:",
    )
    return st.checkbox(
        _("Both departments want the past to be judged anew"), form.rejudges_past, key=f"past_{form.token}"
    )


def _wished(form: Form, values: Values, begins: date) -> Agreement | None:
    """The agreement the form comes to, with what it changes in words; None, with the reason, where it is none."""
    try:
        terms = read_terms(values)
        if terms.version == form.start.terms_on(begins).version:
            if form.base is None:  # the terms on screen as they are, to be signed for the first time
                return form.start
            st.caption(_("Nothing changes yet."))
            return None
        wished = form.start.amended(begins, terms)
    except TermsError as error:
        for fault in error.faults:
            st.error(esc(fault_in_words(fault)), icon=":material/block:")
        return None
    show_changes(differences(form.start, wished), terms.company.currency)
    return wished


def show_changes(found: list[Change], currency: str) -> None:
    """What differs, term by term: before, after, and from which day."""
    for change in in_words(found, currency):
        since = _("from {day}").format(day=change.from_day)
        st.markdown(
            f"**{esc(change.title)}**  \n:gray[{esc(change.old)}] → {esc(change.new)} :small[:gray[{esc(since)}]]"
        )


def _submit(form: Form, wished: Agreement, reason: str, rejudges_past: bool, begins: date) -> None:
    once = f"{form.token}:{form.seen}"

    def act(book: Ledger, who: Actor, build_id: str) -> Entry:
        if form.version_id:
            written = edit(
                book, who, form.version_id, wished.document, form.base, form.seen, rejudges_past, build_id, once
            )
        else:
            written = draft(book, who, wished.document, form.base, rejudges_past, build_id, once)
        # where the next step is refused, the form goes on with what is written already
        st.session_state[FORM] = replace(form, version_id=written.object_id, seen=written.seq)
        return propose(book, who, written.object_id, written.body["content"], reason, build_id)

    if record(act, _("Proposed. It counts as soon as both departments have signed.")):
        clear()
        st.session_state["choice_view"] = "open"
    elif (found := outcome()) and found.conflict:
        st.session_state[CLASH] = Clash(form, found.conflict, begins, reason)


def may_decide() -> bool:
    """Whether the person at this browser can propose and sign: known, and of one of the two departments."""
    who = actor()
    return who is not None and who.side in DEPARTMENTS


def open_form(form: Form) -> None:
    """Shows this form next; fields begin with its values."""
    st.session_state[FORM] = form
    st.session_state["choice_view"] = "propose"


def clear() -> None:
    st.session_state.pop(FORM, None)
    st.session_state.pop(CLASH, None)


def of_values(values: Mapping[str, Any], name: str) -> Any:
    """The value of `section.term` in a document; what it leaves out is empty, or None = not agreed."""
    section, term = name.split(".")
    return values.get(section, {}).get(term, _empty(name))


def _empty(name: str) -> Any:
    return {"by_name": {}, "names": [], "choices": [], "windows": []}.get(kind_of(name).shape)


def put_entry(values: Values, path: str, value: Any) -> None:
    """Sets `section.term`, or one entry of a term's group, in a document; None takes it away."""
    *above, last = path.split(".", 2)
    place = values
    for step in above:
        place = place.setdefault(step, {})
    if value is None:
        place.pop(last, None)
    else:
        place[last] = value
