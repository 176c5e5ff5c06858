"""What stands around every page: menu, language, filters, and the word on how fresh the numbers are."""

from __future__ import annotations

import gc
from datetime import UTC, datetime, timedelta
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from locales import _
from locales.formats import day_and_time
from measures.survival import median
from ui import standing
from ui.access import Reader, reader
from ui.actor import show_actor
from ui.decide import show_outcome
from ui.filters import read_address, show_filters
from ui.language import settle_language, show_switch
from ui.menu import ROOT, Entry, menu
from ui.page import empty_state, heading
from ui.query import as_of, ask, build, builds_folder, last_attempt, open_newest
from ui.text import esc

STATIC = ROOT / "static"
AGREEMENT = ROOT / "pages" / "promises" / "agreement.py"
STALE_AFTER = timedelta(days=8)  # the weekly meeting was missed by a build


def page() -> Any:
    """Set up the frame and return the page to run."""
    st.set_page_config(page_title="Tandem", page_icon=STATIC / "icon.png", layout="wide")
    settle_language()
    who = reader()
    if not open_newest():
        return st.navigation([st.Page(_nothing_published, title="Tandem")], position="hidden")
    warm_up()
    entries = {
        section: [entry for entry in listed if (ROOT / entry.file).exists()] for section, listed in menu().items()
    }
    pages = {section: [(_page(entry), entry) for entry in listed] for section, listed in entries.items() if listed}
    current = st.navigation({section: [page for page, _entry in listed] for section, listed in pages.items()})
    entry = next(e for listed in pages.values() for p, e in listed if p.url_path == current.url_path)
    _surround(who, entry)
    return current


@st.cache_resource(show_spinner=False)
def warm_up() -> bool:
    """Once per process: load what pages need, then take all of it out of the garbage collector's rounds."""
    go.Figure(go.Bar(x=[1], y=[1])).to_json()
    median([1.0, 2.0], [True, False])  # loads statsmodels
    ask("frame/choices").to_pandas().style  # noqa: B018 - loads the writing of tables
    gc.collect()
    gc.freeze()
    return True


def _page(entry: Entry) -> Any:
    return st.Page(ROOT / entry.file, title=entry.title, icon=entry.icon, help=entry.summary)


def _surround(who: Reader, entry: Entry) -> None:
    st.logo(STATIC / "logo.svg", icon_image=STATIC / "icon.svg")
    hints = read_address()
    with st.sidebar:
        if entry.has_filters:
            show_filters(with_period=entry.has_period)
            for hint in hints:
                st.caption(hint)
        st.space("small")
        show_switch()
        _foot(who)
        show_actor()
    _banner()
    show_outcome()


def _foot(who: Reader) -> None:
    shown = build()
    lines = [_("As of {moment}").format(moment=day_and_time(shown.as_of)), _("Build {id}").format(id=shown.build_id)]
    if shown.is_demo:
        lines.append(_("Demo company, invented figures"))
    if who.is_signed_in:
        lines.append(esc(who.name or who.email))
    st.caption("  \n".join(lines))
    st.page_link(AGREEMENT, label=f":small[{esc(standing.in_words())}]", icon=":material/handshake:")


def _banner() -> None:
    """A failed or missing build is said on every page, above the numbers it leaves old."""
    shown, attempt = build(), last_attempt()
    if (
        attempt.get("status") == "failed"
        and str(attempt.get("started_at", "")) > shown.built_at.astimezone(UTC).isoformat()
    ):
        with st.expander(
            _("The last build was not published; you see the figures of {moment}.").format(
                moment=day_and_time(shown.built_at)
            ),
            icon=":material/warning:",
        ):
            for problem in attempt.get("problems") or [attempt.get("message", "")]:
                st.markdown(f"- {esc(problem)}")
    elif not shown.is_demo and datetime.now(UTC) - as_of() > STALE_AFTER:
        st.warning(
            _("These figures are of {moment}. Put newer exports into the folder and build again.").format(
                moment=day_and_time(shown.as_of)
            ),
            icon=":material/schedule:",
        )


def _nothing_published() -> None:
    show_switch()
    heading("Tandem", _("One set of figures for marketing and sales."))
    empty_state(
        _("No figures have been published yet"),
        _("Put your exports into data/exports/ and run “make run”; an empty folder gives you the demo company."),
    )
    for problem in last_attempt().get("problems", []):
        st.markdown(f"- {esc(problem)}")
    st.caption(_("Looked in {folder}").format(folder=esc(builds_folder())))
