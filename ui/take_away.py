"""The meeting as a document to take away: made when a button is clicked, from the build on screen."""

from __future__ import annotations

from contextvars import Context, copy_context
from dataclasses import asdict
from datetime import date
from functools import partial

import streamlit as st

from agreement.ledger import setting
from findings.meeting import meeting_id
from locales import _
from reports.files import MIME, Format, written
from reports.week import Ledger, gather
from ui.query import agreement, ask, build


def take_away(week: date) -> None:
    """Three buttons: slides, spreadsheet, page for an e-mail."""
    labels: dict[Format, tuple[str, str]] = {
        "pptx": (_("Slides (PowerPoint)"), ":material/slideshow:"),
        "xlsx": (_("Figures (Excel)"), ":material/table:"),
        "html": (_("Page for e-mail (HTML)"), ":material/mail:"),
    }
    with st.container(horizontal=True, gap="xsmall"):
        for kind, (label, icon) in labels.items():
            st.download_button(
                label,
                data=partial(_made, copy_context(), kind, week),
                file_name=f"tandem-{meeting_id(week)}.{kind}",
                mime=MIME[kind],
                key=f"take_away_{kind}",
                type="tertiary",
                icon=icon,
                on_click="ignore",
            )


def _made(context: Context, kind: Format, week: date) -> bytes:
    """The document, made in a thread of its own from the build and in the language of the page that offered it."""
    return context.copy().run(_written, kind, week)


def _written(kind: Format, week: date) -> bytes:
    return written(gather(ask, week, agreement(), asdict(build()), Ledger.at(setting())), kind)
