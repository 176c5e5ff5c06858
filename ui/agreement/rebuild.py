"""Decisions that are not in the figures yet: the next build applies them, and may be started from here."""

from __future__ import annotations

import streamlit as st

from agreement.ledger import LedgerError
from findings.building import step_in_words
from locales import _
from queries.published import LAST_CALL
from ui import standing
from ui.job import Job, jobs
from ui.query import build, builds_folder
from ui.text import esc

NAME = "build again"


def is_behind() -> bool:
    """Whether the figures on screen were judged by other terms than those in force now."""
    try:
        current = standing.current()
    except LedgerError:
        return False
    return current is not None and current.agreement.version != build().agreement_version


def show() -> None:
    """Where the build on screen is older than what is in force: the fact, and the way to change it."""
    job = jobs().find(NAME)
    if job and job.state == "running":
        _watch()
        return
    if job and job.state == "failed":
        st.error(_("The build was not published; the figures before stay on screen."), icon=":material/block:")
        for problem in job.problems[:10]:
            st.markdown(f"- {esc(problem)}")
    if is_behind():
        st.info(
            _("The figures on screen were counted by other terms; the next build counts by those in force."),
            icon=":material/update:",
        )
        if (builds_folder() / LAST_CALL).exists():
            st.button(_("Build now"), key="build_again", on_click=_start)


def _start() -> None:
    jobs().start(NAME, ["pipeline", "again", "--builds", str(builds_folder().resolve())])


@st.fragment(run_every=1.0)
def _watch() -> None:
    job = jobs().find(NAME)
    if job is None or job.state != "running":
        st.rerun()
    show_progress(job, _("A new build is on its way."))


def show_progress(job: Job, title: str) -> None:
    """A bar that names the step, and the way to stop."""
    step, share = job.progress
    st.progress(share, text=esc(f"{title} {step_in_words(step)}"))
    st.button(_("Stop"), key=f"stop_{id(job)}", on_click=job.stop)
