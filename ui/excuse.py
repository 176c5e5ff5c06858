"""Excuse a handover, or take the excuse back. Who may do it stands in `agreement.excuses`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from agreement import excuses
from agreement.entries import Entry
from findings.words import reason_names, side_names
from locales import _
from locales.formats import day_and_time
from ui.actor import actor, who_are_you
from ui.decide import decide, entries, show_outcome
from ui.query import agreement, build
from ui.text import esc, isolated


def excuse(handover: Mapping[str, Any], status: excuses.Status) -> None:
    """What can be done about one handover: `lead_id, cycle, assigned_at` as the lists give them, and its status."""
    object_id = excuses.object_id(handover["lead_id"], handover["cycle"])
    found = excuses.standing(entries(excuses.KIND, object_id))
    show_outcome()
    with st.container(border=True):
        st.markdown(f"**{esc(_('Handover of lead {lead}').format(lead=handover['lead_id']))}**")
        if found.excuse:
            _say(found.excuse, is_applied=status == "excused")
        if who_are_you():
            action = "excuse_revoked" if found.excuse else "excused"
            _form(action, object_id, handover["assigned_at"], status, found)


def _say(entry: Entry, *, is_applied: bool) -> None:
    moment = day_and_time(entry.at.astimezone(build().as_of.tzinfo))
    reason = reason_names().get(str(entry.body.get("reason")), "")
    said = (
        _("{side}, {moment}: excused, {reason}.")
        if is_applied
        else _("{side}, {moment}: excused, {reason}. The next build applies it.")
    )
    words = said.format(side=side_names()[entry.side], moment=moment, reason=reason)
    st.markdown(f"{isolated(entry.actor_name)} · {esc(words)}" + (f" – {esc(entry.reason)}" if entry.reason else ""))


def _form(action: str, object_id: str, assigned_at: datetime, status: excuses.Status, found: excuses.Standing) -> None:
    acceptance = agreement().terms_on(assigned_at.date()).acceptance
    names = reason_names()
    with st.form(f"{action}_{object_id}", border=False):
        body: dict[str, Any] = {}
        if action == "excused":
            reasons = list(acceptance.excuse_reasons)
            body["reason"] = st.selectbox(_("Reason"), reasons, format_func=lambda word: names.get(word, word))
        words = st.text_input(_("In your words"), max_chars=500)
        if st.form_submit_button(_("Excuse") if action == "excused" else _("Take the excuse back")):

            def rule(of_object: list[Entry], at: datetime) -> None:
                who = actor()
                if who is None:
                    return
                fault = excuses.refusal(
                    action, who.side, body, words, at, status=status,
                    found=excuses.standing(of_object), acceptance=acceptance,
                )  # fmt: skip
                if fault:
                    raise ValueError(fault.sentence(_))

            decide(action, excuses.KIND, object_id, body, words, expected=found.seq, rule=rule,
                   said=_("Recorded. The next build applies it; until then the figures stay as they are."))  # fmt: skip
            st.rerun()
