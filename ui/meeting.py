"""Close a meeting, decide, note: the forms of the weekly review. The rules stand in `agreement.meetings`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import streamlit as st

from agreement import frozen, meetings
from agreement.entries import Entry
from agreement.ledger import setting
from findings import decided, reread
from findings.meeting import KpiRow, Meeting, week_of
from findings.reread import Reread, moved_columns
from locales import _
from locales.formats import day
from ui.actor import who_are_you
from ui.decide import decide, entries, show_outcome
from ui.query import agreement, ask, build
from ui.table import Column, table
from ui.text import esc


def restated(week: str) -> Reread | None:
    """What the frozen figures of a meeting are today; None if it is not closed or its records are gone."""
    closing = meetings.closed(entries(meetings.MEETING)).get(week)
    if closing is None:
        return None
    return _restated(build().build_id, setting(), week, closing.seq)


def shown_before(week_start: date) -> Entry | None:
    """The closing of the newest meeting before this week."""
    known = meetings.closed(entries(meetings.MEETING))
    earlier = [week for week in known if week_of(week) < week_start]
    return known[max(earlier)] if earlier else None


def decisions() -> list[meetings.Decision]:
    """All decisions as they stand."""
    return meetings.decisions(entries(meetings.DECISION))


def meeting_forms(found: Meeting) -> None:
    """Decide, note and close, for whoever says who they are."""
    show_outcome()
    if not who_are_you():
        return
    names = {row.kpi: row.name for row in found.kpis}
    with st.container(horizontal=True):
        with st.popover(_("Decide something"), icon=":material/gavel:"):
            _decide_form(found, names)
        with st.popover(_("Add a note to a day"), icon=":material/edit_note:"):
            _note_form()
        with st.popover(_("Close the meeting"), icon=":material/lock:"):
            _close_form(found)
    for one in decisions():
        if one.state == "decided":
            _finish(one)


def _decide_form(found: Meeting, names: Mapping[str, str]) -> None:
    with st.form("decision", border=False):
        what = st.text_input(_("What"), max_chars=meetings.LONGEST_TEXT)
        owner = st.text_input(_("Who does it"), max_chars=80)
        due = st.date_input(_("Until"), found.week_start + timedelta(days=21))
        kpi = st.selectbox(_("Which figure should it move?"), list(names), format_func=names.__getitem__)
        if st.form_submit_button(_("Decide")):
            body = {"what": what, "owner": owner, "due": str(due), "kpi": kpi, "week": found.week}
            _record(meetings.DECISION, "decided", uuid.uuid4().hex, body)


def _note_form() -> None:
    kinds = decided.note_kinds()
    with st.form("note", border=False):
        on = st.date_input(_("Day"), build().as_of.date())
        text = st.text_input(_("What happened"), max_chars=meetings.LONGEST_TEXT)
        kind = st.selectbox(_("Kind"), list(kinds), format_func=kinds.__getitem__)
        if st.form_submit_button(_("Note")):
            _record(meetings.NOTE, "noted", uuid.uuid4().hex, {"day": str(on), "text": text, "kind": kind})


def _close_form(found: Meeting) -> None:
    if found.week in meetings.closed(entries(meetings.MEETING)):
        st.caption(esc(_("This meeting is closed already; its figures are frozen.")))
        return
    st.caption(esc(_("Closing freezes the eight figures and the records behind them, without any name.")))
    if st.button(_("Close and freeze"), key="close_meeting"):
        home = frozen.folder(setting())
        secret = frozen.key(home)
        cohort = next((row.week_start for row in found.kpis if row.kpi == "lead_to_opportunity_rate"), None)
        records = reread.records(ask, secret, found.week_start, cohort or found.week_start, _horizon())
        digest = frozen.write(home, found.week, records, reread.known(ask, secret)[0])
        kpis = [{"kpi": row.kpi, "value": row.value, "week": str(row.week_start)} for row in found.kpis]
        _record(meetings.MEETING, "closed", found.week, {"kpis": kpis, "records_hash": digest})


def _finish(one: meetings.Decision) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(esc(f"{one.what} – {one.owner}, {day(one.due)}"), width="stretch")
        if st.button(_("Done"), key=f"done_{one.decision_id}"):
            _record(meetings.DECISION, "done", one.decision_id, {}, expected=one.seq)


def _record(kind: str, action: str, object_id: str, body: dict[str, Any], expected: int | None = None) -> None:
    def rule(of_object: list[Entry], at: datetime) -> None:
        known = next(iter(meetings.decisions(of_object)), None)
        fault = meetings.refusal(kind, action, body, "", known=known, is_closed=object_id in meetings.closed(of_object))
        if fault:
            raise ValueError(fault.sentence(_))

    decide(action, kind, object_id, body, expected=expected, rule=rule)
    st.rerun()


@st.cache_data(max_entries=10, show_spinner=False)
def _restated(build_id: str, url: str, week: str, seq: int) -> Reread | None:
    closing = meetings.closed(entries(meetings.MEETING)).get(week)
    return reread.restated(ask, frozen.folder(url), closing, _horizon()) if closing else None


def _horizon() -> int:
    return agreement().terms_on(build().as_of.date()).funnel.cohort_horizon_days


def say_restated(found: Reread | None, kpis: list[KpiRow]) -> None:
    """What changed since the freeze, a line per figure that reads differently."""
    for sentence in reread.in_words(found, kpis, build().currency):
        st.markdown(esc(sentence))
    if found and found.moved.height:
        table(found.moved, moved_columns(Column), key="moved", folded=_("The records behind it"))
