"""One lead as a card: who, how much working time is left, why now, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from findings import my_leads as findings
from findings.links import web_address
from findings.my_leads import Todo
from locales import _
from ui.feedback import give_feedback
from ui.query import as_of
from ui.steering import find
from ui.text import esc

ACCOUNTS = "pages/customers/accounts.py"


def lead(item: Todo, remarks: Sequence[str]) -> None:
    """The card. `remarks`: what else to know before the call, a sentence each."""
    with st.container(border=True):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            colour: Any = {0: "orange", 1: "red", 4: "red"}.get(item.urgency[0], "blue")
            st.markdown(f"### {esc(findings.title(item))}", anchors=False, width="content")
            st.badge(esc(findings.left_in_words(item)), icon=":material/timer:", color=colour)
        step, why = findings.step_names()[item.step], findings.why_now(item, as_of().tzinfo)
        st.markdown(f"**{esc(step)}** · {esc(why)}")
        with st.container(horizontal=True):
            if url := web_address(item.lead["crm_url"]):
                st.link_button(_("Open in the CRM"), url, icon=":material/open_in_new:", type="primary")
            if item.lead["account_id"]:
                st.page_link(ACCOUNTS, label=_("The whole company"), icon=":material/domain:",
                             query_params={"account": item.lead["account_id"]})  # fmt: skip
        st.caption("  \n".join(esc(remark) for remark in remarks))
        known = findings.facts(item.lead)
        if known:
            st.caption(" · ".join(f"{esc(name)}: {esc(value)}" for name, value in known))
        give_feedback(item)


def next_lead(waiting: Sequence[Todo]) -> Todo:
    """The lead on the card: the most urgent one, or the one that was chosen, kept in the address."""
    titles = {item.object_id: f"{findings.left_in_words(item)} · {findings.title(item)}" for item in waiting}
    chosen = find("lead", _("Another lead"), titles) if len(waiting) > 1 else waiting[0].object_id
    return next(item for item in waiting if item.object_id == chosen)
