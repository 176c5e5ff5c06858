"""The agreement as it is: both signatures, the document, the days without working time, and what may be taken along."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import streamlit as st

import locales
from agreement import Agreement
from agreement.document import changes, next_closed_days, to_toml
from agreement.versions import Version
from findings.agreement import signatures, state_of, version_name
from findings.terms import chapters
from locales import _
from locales.formats import day, day_and_time
from reports.agreement import Signature, page
from ui import standing
from ui.agreement import rebuild
from ui.agreement.form import new_form, open_form, show_changes
from ui.agreement.reading import show_closed_days, show_document
from ui.decide import ledger
from ui.page import section
from ui.query import build
from ui.text import esc, isolated


def show_in_force() -> None:
    """What is agreed; where nothing is, the terms that wait for both signatures."""
    current, agreement = standing.current(), standing.agreement_in_force()
    _show_signatures(current)
    if current is None:
        _show_way_to_first_signature()
    rebuild.show()
    _show_downloads(agreement, current)
    today = standing.today()
    terms = agreement.terms_on(today)
    show_document(terms)
    for (_before, old), (start, new) in pairwise(agreement.dated):
        if start > today:
            section(_("From {day} on").format(day=day(start)))
            show_changes(changes(old, new, start), new.company.currency)
    section(_("Public holidays and closures"))
    show_closed_days(next_closed_days(terms.working_time, terms.company.zone, today, language=locales.language()))


def _show_signatures(current: Version | None) -> None:
    for column, signed in zip(st.columns(2), signatures(current, standing.zone()), strict=True):
        with column, st.container(border=True):
            st.markdown(f":small[:gray[{esc(signed.side_name)}]]")
            if signed.name:
                st.markdown(
                    f"**{isolated(signed.name)}**  \n:small[:gray[{esc(signed.when)} · {esc(signed.standing)}]]"
                )
            else:
                words = _("Not signed yet")
                st.markdown(f":gray[{esc(words)}]")


def _show_way_to_first_signature() -> None:
    st.info(
        _("These are the terms the figures are counted by until both departments sign. Propose them as they are, or "
          "change them first."),
        icon=":material/edit_document:",
    )  # fmt: skip
    if not standing.waiting():
        st.button(_("To the proposal"), type="primary", key="first_proposal", on_click=_first_proposal)


def _first_proposal() -> None:
    open_form(new_form())


def _show_downloads(agreement: Agreement, current: Version | None) -> None:
    with st.container(horizontal=True):
        st.download_button(
            _("As a page to print (HTML)"), on_paper(agreement, current), "agreement.html", "text/html",
            key="agreement_html", icon=":material/print:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            _("As a file (TOML)"), to_toml(agreement, locales._), "agreement.toml", "application/toml",
            key="agreement_toml", icon=":material/download:", on_click="ignore",
        )  # fmt: skip


def standing_of(current: Version | None) -> str:
    """Whether the document counts, as it stands under its title."""
    return state_of(current, standing.zone()) if current else _("Draft, not yet agreed by both departments")


def on_paper(agreement: Agreement, current: Version | None) -> str:
    """The document as a page to print, with both signatures and the head of the ledger."""
    zone, (seq, digest) = standing.zone(), ledger().head()
    signed = [Signature(found.side_name, found.name, found.when, found.standing) for found in signatures(current, zone)]
    printed = _("Printed {moment} · build {build}").format(
        moment=day_and_time(datetime.now(zone)), build=build().build_id
    )
    footer = [
        *([version_name(current.id)] if current else []),
        _("Content {version}").format(version=agreement.version),
        _("Head of the ledger: {seq} · {digest}").format(seq=seq, digest=digest),
        printed,
    ]
    title = _("Agreement between marketing and sales")
    return page(title, standing_of(current), signed, chapters(agreement.terms_on(standing.today())), footer)
