"""Two people edited one version at once: both contents side by side, and a form with what the second one keeps."""

from __future__ import annotations

import copy
from typing import Any

import streamlit as st

from agreement.conflicts import side_by_side
from agreement.terms import term_names
from agreement.versions import DEPARTMENTS, KIND, Version
from findings.agreement import state_of, who_and_when
from findings.terms import title, value_in_words
from locales import _
from ui import standing
from ui.agreement.form import CLASH, Clash, Form, clear, new_form, of_values, open_form, put_entry
from ui.decide import entries
from ui.text import esc

EDITABLE = {"draft", "proposed", *(f"signed_by_{side}" for side in DEPARTMENTS)}


def show_clash() -> bool:
    """The view of a conflict, if there is one; the page then shows nothing else."""
    clash: Clash | None = st.session_state.get(CLASH)
    newest = next((found for found in standing.versions() if clash and found.id == clash.form.version_id), None)
    if clash is None or newest is None:
        return False
    last = entries(KIND, newest.id)[-1]
    sentence = _("{name} ({side}) changed version {id} on {when}, while you were editing it. Nothing is lost.")
    st.warning(esc(sentence.format(id=newest.id, **who_and_when(last, standing.zone()))), icon=":material/call_split:")
    st.caption(esc(state_of(newest, standing.zone())))
    wishes = _chosen(clash, newest)
    with st.container(horizontal=True):
        st.button(
            _("Take over into the form"), type="primary", key="clash_take", on_click=_take, args=(clash, newest, wishes)
        )
        st.button(_("Drop what I typed"), key="clash_drop", on_click=clear, type="tertiary")
    return True


def _chosen(clash: Clash, newest: Version) -> dict[str, Any]:
    """The terms both come to: what only one of them changed stays changed, and the reader decides where both did."""
    terms = newest.agreement.terms_on(clash.begins)
    currency, values = terms.company.currency, copy.deepcopy(terms.values)
    rows = side_by_side(clash.conflict, entries(KIND))
    if not any(row.is_contradiction for row in rows):
        st.markdown(esc(_("You changed different terms, so both changes fit together.")))
    for row in rows:
        name = title(row.term)
        mine, theirs = (value_in_words(row.term, value, currency) for value in (row.yours, row.theirs))
        if row.is_contradiction:
            words = [_("Yours: {value}").format(value=mine), _("Theirs: {value}").format(value=theirs)]
            keeps_mine = words[0] == st.radio(esc(name), words, key=f"clash_{newest.seq}_{row.term}", format_func=esc)
        else:
            keeps_mine = row.yours != row.base
            sentence = _("{title}: {value}, as you wrote it") if keeps_mine else _("{title}: {value}, as they wrote it")
            st.markdown(f"- {esc(sentence.format(title=name, value=mine if keeps_mine else theirs))}")
        if keeps_mine:
            put_entry(values, row.term, row.yours)
    start = clash.form.start.terms_on(clash.begins).values
    return {name: of_values(values, name) for name in term_names() if of_values(values, name) != of_values(start, name)}


def _take(clash: Clash, newest: Version, wishes: dict[str, Any]) -> None:
    clear()
    is_editable = newest.state in EDITABLE
    fresh = new_form()
    open_form(Form(
        fresh.start, fresh.base, wishes, clash.begins, clash.reason, newest.id if is_editable else None,
        newest.seq if is_editable else 0, newest.rejudges_past,
    ))  # fmt: skip
