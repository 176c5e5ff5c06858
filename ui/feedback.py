"""Accept a lead, reject it with a reason, send it back until a day, or take that back. Rules: `agreement.feedback`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from agreement import feedback
from agreement.entries import Entry
from findings import my_leads as findings
from findings.my_leads import Todo, decided_in_words
from findings.words import reason_names
from locales import _
from ui.actor import actor, who_are_you
from ui.decide import decide, entries
from ui.query import agreement, as_of, ask, build
from ui.text import esc


def now() -> datetime:
    """The moment of looking, in the company's zone; the demo company lives at the moment of its figures."""
    return as_of() if build().is_demo else datetime.now(as_of().tzinfo)


def recorded() -> tuple[dict[str, feedback.Standing], int]:
    """What the ledger says of leads, and the number of its last entry that the build on screen counts."""
    counted = ask("my_leads/recorded").row(0, named=True)["ledger_seq"]
    return feedback.standings(entries(feedback.KIND)), counted or 0


def todo(owner: str) -> list[Todo]:
    """What is due for one colleague at the moment of looking, most urgent first."""
    said, counted = recorded()
    return findings.todo(ask("my_leads/due", owner=owner), agreement(), now(), said, counted)


def give_feedback(item: Todo) -> None:
    """What sales can say about one lead."""
    if item.recorded.last:
        st.info(esc(decided_in_words(item.recorded)), icon=":material/history:")
    who = who_are_you()
    if who is None:
        return
    if who.side != feedback.DECIDES:
        st.caption(esc(_("Sales accepts leads or gives them back; marketing reads the answer.")))
        return
    key = f"feedback_{item.object_id}"
    words = {"accepted": _("Accept"), "rejected": _("Reject"), "recycled": _("Send back until …")}
    if item.lead["decision"] == "accepted" or (item.lead["decision"] == "silent" and not item.recorded.last):
        del words["rejected"], words["accepted"]
    if item.recorded.last:
        words["reset"] = _("Take it back")
    action = st.segmented_control(
        _("Your decision"), list(words), format_func=words.__getitem__, key=key, label_visibility="collapsed"
    )
    if action:
        _form(item, str(action), words[str(action)], key)


def _form(item: Todo, action: str, label: str, key: str) -> None:
    acceptance = agreement().terms_on(item.lead["assigned_at"].date()).acceptance
    names, today = reason_names(), now().date()
    with st.form(f"{key}_{action}", border=False):
        body: dict[str, Any] = {}
        said = ""
        if action in ("rejected", "recycled"):
            reasons = list(acceptance.reject_reasons)
            body["reason"] = st.selectbox(_("Reason"), reasons, format_func=lambda word: names.get(word, word))
        if action == "recycled":
            usual = today + timedelta(days=90)
            tomorrow, last = today + timedelta(days=1), today + feedback.LONGEST_REST
            chosen = st.date_input(_("Back on"), usual, tomorrow, last, format="DD.MM.YYYY")
            body["recycle_on"] = chosen.isoformat() if chosen else None
        if action != "accepted":
            said = st.text_input(_("In your words"), max_chars=500)
        if st.form_submit_button(label, type="primary", width="stretch"):
            _record(item, action, body, said)


def _record(item: Todo, action: str, body: dict[str, Any], said: str) -> None:
    acceptance = agreement().terms_on(item.lead["assigned_at"].date()).acceptance

    def rule(of_kind: list[Entry], _at: datetime) -> None:
        who = actor()
        if who is None:
            return
        fault = feedback.refusal(
            action, who.side, body, said, now().date(), decision=item.lead["decision"],
            found=feedback.standings(of_kind).get(item.object_id, feedback.Standing()), acceptance=acceptance,
        )  # fmt: skip
        if fault:
            raise ValueError(fault.sentence(_))

    decide(action, feedback.KIND, item.object_id, body, said, expected=item.recorded.seq, rule=rule,
           said=_("Recorded; it counts with the next build."))  # fmt: skip
    st.session_state.pop(f"feedback_{item.object_id}", None)
    st.rerun()
