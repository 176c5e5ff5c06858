"""Contest credit, answer, rule, revoke: the forms beside a receipt. The rules stand in `agreement.contests`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from agreement import contests
from agreement.contests import Contest
from agreement.entries import Entry
from findings.receipt import refusals, ruling_names, state_names
from findings.words import side_names
from locales import _
from locales.formats import day_and_time
from ui.actor import actor, who_are_you
from ui.decide import decide, entries, show_outcome
from ui.query import build
from ui.text import esc, isolated


def standing() -> dict[str, Contest]:
    """All contests as they stand."""
    return contests.standing(entries(contests.KIND))


def contest(deal_id: str, touch_id: str, title: str, others: Mapping[str, str]) -> None:
    """Everything that can be done about the credit of one touch. `others`: touches that could get it, by id."""
    object_id = contests.object_id(deal_id, touch_id)
    show_outcome()
    known = standing().get(object_id)
    with st.container(border=True):
        st.markdown(f"**{esc(_('Credit of {touch}').format(touch=title))}**")
        if known:
            _story(known)
        if not (who := who_are_you()):
            return
        if known is None or known.state not in contests.OPEN:
            if known and known.state == "ruled":
                _reasoned(_("Revoke the ruling"), "ruling_revoked", object_id, {}, known)
            _new(object_id, deal_id, touch_id, others, known)
        elif known.state == "contested" and who.side != known.contested.side:
            _reasoned(_("Agree"), "answered", object_id, {"agrees": True}, known)
            _reasoned(_("Disagree"), "answered", object_id, {"agrees": False}, known)
        else:
            _rule(object_id, known)


def _story(known: Contest) -> None:
    """What was said so far, in order."""
    st.caption(esc(state_names()[known.state]))
    for entry in (known.contested, known.answered, known.ruled, known.revoked):
        if entry is None:
            continue
        moment = day_and_time(entry.at.astimezone(build().as_of.tzinfo))
        doing = {
            "contested": _("contests: {what}"), "answered": _("agrees") if entry.body.get("agrees") else _("disagrees"),
            "ruled": _("rules: {what}"), "ruling_revoked": _("revokes the ruling"),
        }[entry.action]  # fmt: skip
        what = ruling_names().get(str(entry.body.get("wish") or entry.body.get("ruling")), "")
        said = f"{isolated(entry.actor_name)} ({esc(side_names()[entry.side])}), {esc(moment)}: "
        st.markdown(said + esc(doing.format(what=what)) + (f" – {esc(entry.reason)}" if entry.reason else ""))


def _new(object_id: str, deal_id: str, touch_id: str, others: Mapping[str, str], known: Contest | None) -> None:
    wishes = {wish: ruling_names()[wish] for wish in contests.WISHES if wish != "move" or others}
    key = f"contest_{object_id}"
    wish = st.segmented_control(_("What should happen to it?"), list(wishes), format_func=wishes.__getitem__, key=key)
    target = None
    if wish == "move":
        target = st.selectbox(_("To which touch?"), list(others), format_func=others.__getitem__, key=f"{key}_to")
    body = {"deal_id": deal_id, "touch_id": touch_id, "wish": wish, "to_touch_id": target}
    if wish:
        _reasoned(_("Contest"), "contested", object_id, body, known)


def _rule(object_id: str, known: Contest) -> None:
    who = actor()
    bodies = [known.wish, known.wish | {"ruling": "keep", "to_touch_id": None}]
    allowed = [body for body in bodies if who and contests.may_rule(who.person, who.side, body, known)]
    for body in allowed:
        word = _("Rule: {ruling}").format(ruling=ruling_names()[body["ruling"]])
        _reasoned(word, "ruled", object_id, body, known)
    if not allowed:
        st.caption(esc(_("The other department or leadership is next.")))


def _reasoned(label: str, action: str, object_id: str, body: dict[str, Any], known: Contest | None) -> None:
    """A form with a reason and one button."""
    key = f"{action}_{object_id}_{body.get('ruling', body.get('agrees', ''))}"
    with st.form(key, border=False):
        reason = st.text_input(_("Reason"), key=f"{key}_reason", max_chars=500)
        if st.form_submit_button(label):

            def rule(of_object: list[Entry], at: datetime) -> None:
                who, now = actor(), contests.standing(of_object).get(object_id)
                why = contests.check(who, action, body, reason, now) if who else None
                if why:
                    raise ValueError(refusals()[why])

            decide(
                action, contests.KIND, object_id, body, reason, expected=known.seq if known else 0, rule=rule,
                said=_("Recorded. The next build applies rulings; until then the figures stay as they are."),
            )  # fmt: skip
            st.rerun()
