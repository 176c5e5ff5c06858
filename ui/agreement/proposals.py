"""What is open: each proposal with what it changes, what it would do to the figures, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from agreement.entries import Actor, Entry
from agreement.ledger import Ledger
from agreement.signing import decline, propose, sign, withdraw
from agreement.versions import DEPARTMENTS, Version
from findings.agreement import signatures, state_of, version_name, vouched, who_and_when
from findings.words import side_names
from locales import _
from locales.formats import day
from ui import standing
from ui.actor import actor
from ui.agreement.effect import show_effect
from ui.agreement.form import LONGEST_REASON, form_for, open_form, show_changes
from ui.decide import record
from ui.page import empty_state
from ui.text import esc

Act = Callable[[Ledger, Actor, str], Entry]


def show_open() -> None:
    """Proposals that wait for a signature, then drafts nobody proposed yet."""
    waiting, drafts = standing.waiting(), standing.drafts()
    if not waiting and not drafts:
        empty_state(_("Nothing is open"), _("Whoever wants another rule proposes it; the other department decides."))
    for version in reversed(waiting):
        _show(version)
    for version in reversed(drafts):
        _show_draft(version)


def _show(version: Version) -> None:
    zone, who = standing.zone(), actor()
    with st.container(border=True):
        st.markdown(f"#### {esc(version_name(version.id))}", anchors=False)
        st.markdown(f":gray[{esc(state_of(version, zone))}]")
        if version.proposed:
            proposed = _("Proposed by {name} ({side}) on {when}").format(**who_and_when(version.proposed, zone))
            st.caption(f"{esc(proposed)} · {esc(vouched(version.proposed))}")
            if version.proposed.reason:
                st.markdown(f"> {esc(version.proposed.reason)}")
        changes = standing.changes_of(version)
        show_changes(changes, _currency(version))
        if not changes:
            st.markdown(esc(_("The terms on screen as they are; both departments sign them for the first time.")))
        if version.rejudges_past:
            _say_past(version)
        for signed in signatures(version, zone):
            words = _("not signed yet")
            if signed.name:
                words = f"\u2068{signed.name}\u2069, {signed.when} · {signed.standing}"
            mark = ":material/check_circle:" if signed.name else ":material/pending:"
            st.markdown(f"{mark} **{esc(signed.side_name)}:** {esc(words)}")
        _buttons(version, who, is_known=show_effect(version))


def _say_past(version: Version) -> None:
    first = version.agreement.valid_from
    changes = standing.changes_of(version)
    st.warning(
        _("Records from {day} on are judged anew, also those already reported.").format(
            day=day(changes[0].from_day if changes else first)
        ),
        icon=":material/history:",
    )


def _buttons(version: Version, who: Actor | None, *, is_known: bool) -> None:
    if who is None or who.side not in DEPARTMENTS:
        words = _("Say who you are to sign, decline or edit.") if who is None else _(
            "Leadership reads along; marketing and sales sign."
        )  # fmt: skip
        st.caption(esc(words))
        return
    is_proposer = version.proposed is not None and version.proposed.side == who.side
    with st.container(horizontal=True):
        if who.side not in version.signatures:
            label = _("Sign for {side}").format(side=side_names()[who.side])
            st.button(
                label, type="primary", key=f"sign_{version.id}", on_click=_sign, args=(version,), disabled=not is_known,
                help=None if is_known else _("Nobody signs before the effect is known: work it out first."),
            )  # fmt: skip
        st.button(_("Edit"), key=f"edit_{version.id}", on_click=_edit, args=(version,),
                  help=_("An edited proposal loses every signature under it."))  # fmt: skip
        with st.popover(_("Withdraw") if is_proposer else _("Decline"), key=f"end_{version.id}"):
            key = f"end_reason_{version.id}"
            st.text_area(_("Reason"), key=key, max_chars=LONGEST_REASON)
            st.button(
                _("Withdraw the proposal") if is_proposer else _("Decline the proposal"), key=f"ended_{version.id}",
                on_click=_withdraw if is_proposer else _decline, args=(version, key),
            )  # fmt: skip


def _show_draft(version: Version) -> None:
    with st.container(border=True):
        st.markdown(f"#### {esc(version_name(version.id))}", anchors=False)
        written = _("Draft by {name} ({side}), {when}").format(**who_and_when(version.drafted, standing.zone()))
        st.markdown(f":gray[{esc(written)}]")
        show_changes(standing.changes_of(version), _currency(version))
        who = actor()
        if who and who.side in DEPARTMENTS:
            with st.container(horizontal=True):
                st.button(_("Propose"), key=f"put_{version.id}", on_click=_propose, args=(version,))
                st.button(_("Edit"), key=f"edit_{version.id}", on_click=_edit, args=(version,))


def _sign(version: Version) -> None:
    """Binds what the person saw: the content, and whether it judges the past anew."""
    both = len(version.signatures) == len(DEPARTMENTS) - 1
    said = _("Signed. The new terms are in force.") if both else _("Signed. Now the other department is asked.")
    record(
        lambda book, who, build_id: sign(
            book, who, version.id, version.content, version.rejudges_past, build_id=build_id
        ),
        said,
    )


def _propose(version: Version) -> None:
    record(
        lambda book, who, build_id: propose(book, who, version.id, version.content, build_id=build_id), _("Proposed.")
    )


def _decline(version: Version, key: str) -> None:
    reason = st.session_state.get(key) or ""
    record(
        lambda book, who, build_id: decline(book, who, version.id, version.content, reason, build_id), _("Declined.")
    )


def _withdraw(version: Version, key: str) -> None:
    reason = st.session_state.get(key) or ""
    record(
        lambda book, who, build_id: withdraw(book, who, version.id, version.content, reason, build_id), _("Withdrawn.")
    )


def _edit(version: Version) -> None:
    open_form(form_for(version))


def _currency(version: Version) -> str:
    return version.agreement.terms_on(standing.today()).company.currency
