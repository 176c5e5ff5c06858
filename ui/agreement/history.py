"""All versions with what each changed and who did what, and whether the ledger's chain holds."""

from __future__ import annotations

import streamlit as st

from agreement.document import differences
from agreement.ledger import LedgerError, setting
from agreement.versions import KIND, Version
from findings.agreement import state_of, version_name, what_happened
from locales import _, ngettext
from locales.formats import number
from ui import standing
from ui.agreement.form import show_changes
from ui.decide import entries, ledger
from ui.page import empty_state
from ui.text import esc


def show_history() -> None:
    """Newest version first."""
    versions = standing.versions()
    if not versions:
        empty_state(_("No history yet"), _("It begins with the first version that somebody proposes."))
    for version in reversed(versions):
        title = f"{version_name(version.id)} · {state_of(version, standing.zone())}"
        with st.expander(esc(title), expanded=version.state == "in_force"):
            _show(version)
    _show_chain()


def _show(version: Version) -> None:
    zone = standing.zone()
    for entry in entries(KIND, version.id):
        st.markdown(f"- {esc(what_happened(entry, zone))}")
        if entry.reason:
            st.markdown(f"  > {esc(entry.reason)}")
    changes = standing.changes_of(version)
    if changes:
        heading = _("What it changes")
        st.markdown(f"**{heading}**")
        show_changes(changes, version.agreement.terms_on(standing.today()).company.currency)
    _compare(version)


def _compare(version: Version) -> None:
    """Against any other version, not only the one it was made from."""
    others = [other for other in standing.versions() if other.id not in (version.id, version.base)]
    if not others:
        return
    names = {other.id: version_name(other.id) for other in others}
    picked = st.selectbox(
        _("Compare with"), [None, *names], format_func=lambda word: names.get(word, "–"), key=f"compare_{version.id}"
    )
    if picked is not None:
        other = next(other for other in others if other.id == picked)
        found = differences(other.agreement, version.agreement)
        show_changes(found, version.agreement.terms_on(standing.today()).company.currency)
        if not found:
            st.caption(_("Both say the same."))


def _show_chain() -> None:
    seq, digest = ledger().head()
    if not seq:
        return
    broken = _faults(setting(), (seq, digest))
    if broken:
        st.error(_("The ledger does not hold together: {faults}").format(faults=esc(" · ".join(broken[:3]))))
    else:
        sentence = ngettext(
            "The ledger holds together: {n} entry, none changed, removed or moved.",
            "The ledger holds together: {n} entries, none changed, removed or moved.",
            seq,
        )
        st.caption(esc(sentence.format(n=number(seq))))
    st.caption(_("Head of the ledger: {seq} · {digest}").format(seq=seq, digest=digest))


@st.cache_resource(max_entries=4, ttl=300, show_spinner=False)
def _faults(url: str, head: tuple[int, str]) -> tuple[str, ...]:
    try:
        return tuple(str(fault) for fault in ledger().verify(head))
    except LedgerError as error:
        return (str(error),)
