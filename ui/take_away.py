"""The meeting as a document to take away: made when a button is clicked, from the build on screen."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import streamlit as st

import locales
from agreement.ledger import setting
from findings.meeting import meeting_id
from locales import _, language
from reports.files import MIME, Format, written
from reports.week import Ledger, read
from ui.query import shown_file


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
                data=partial(_made, kind, shown_file(), week, setting(), language()),
                file_name=f"tandem-{meeting_id(week)}.{kind}",
                mime=MIME[kind],
                key=f"take_away_{kind}",
                type="tertiary",
                icon=icon,
                on_click="ignore",
            )


def _made(kind: Format, file: Path, week: date, ledger: str, language: str) -> bytes:
    locales.use(language)
    return written(read(file, week, Ledger.at(ledger)), kind)
