"""The effect of a proposal beside it: worked out by a real build of its own, and shown before anybody signs."""

from __future__ import annotations

import streamlit as st

from agreement.versions import Version
from charts.agreement import now_and_proposed
from findings import effect as findings
from findings.words import kpi_names
from locales import _
from queries.trials import Effect, effect_of
from ui import standing
from ui.agreement.rebuild import show_progress
from ui.job import Job, jobs
from ui.page import chart, pick
from ui.query import build, builds_folder
from ui.table import Column, table
from ui.text import esc


def show_effect(version: Version) -> bool:
    """What the proposal would do to the last twelve weeks; False while nobody has seen it."""
    current = standing.agreement_in_force()
    if version.agreement.version == current.version:
        return True
    job = jobs().find(_name(version))
    if job and job.state == "running":
        _watch(version)
        return False
    found = effect_of(builds_folder(), version.agreement.version, current.version)
    with st.container(border=True):
        if found:
            _show(found, version)
        else:
            _offer(version, job)
    # what cannot be worked out, though somebody tried, must not hold the two departments up
    return found is not None or (job is not None and job.state == "failed")


def _offer(version: Version, job: Job | None) -> None:
    heading = _("What would change?")
    st.markdown(f"**{heading}**")
    if job and job.state == "failed":
        st.warning(_("The effect could not be worked out. Whoever signs now signs without having seen it."),
                   icon=":material/warning:")  # fmt: skip
        for problem in job.problems[:5]:
            st.markdown(f"- {esc(problem)}")
    else:
        st.markdown(esc(_("The last twelve weeks are judged once more, by the proposal and by the agreement as it is. "
                          "It can be signed as soon as the difference is known.")))  # fmt: skip
    st.button(_("Work out the effect"), key=f"try_{version.id}", on_click=_start, args=(version,),
              icon=":material/science:")  # fmt: skip


def _show(found: Effect, version: Version) -> None:
    currency = build().currency
    terms = version.agreement.terms_on(standing.today())
    st.markdown(f"**{esc(findings.headline(found.kpis, found.changes, found.weeks))}**")
    st.caption(esc(findings.basis(found.since, found.weeks)))
    if found.build_id != build().build_id:
        st.caption(esc(_("Worked out on build {build}.").format(build=found.build_id)))
        st.button(_("Work it out on the build on screen"), key=f"again_{version.id}", on_click=_start, args=(version,))
    figures = findings.figures(found.kpis, [change.term for change in standing.changes_of(version)], currency)
    if figures.height:
        table(figures, findings.figure_columns(Column), key=f"effect_{version.id}", download=False)
    for sentence in findings.turned(found.changes):
        st.markdown(f"- {esc(sentence)}")
    for sentence in findings.credit_moves(found.credits, terms.attribution.agreed_model, currency):
        st.markdown(f"- {esc(sentence)}")
    moved = figures.filter("changes")["kpi"].to_list()
    if moved:
        names = kpi_names()
        kpi = pick(_("Figure week by week"), moved, key=f"effect_kpi_{version.id}", words=names.__getitem__)
        chart(now_and_proposed(found.kpi_weeks, kpi, currency), names[kpi], key=f"effect_weeks_{version.id}")
    if found.records.height:
        table(findings.records_in_words(found.records), findings.record_columns(Column),
              key=f"effect_records_{version.id}", folded=findings.counted(found.changes))  # fmt: skip


def _start(version: Version) -> None:
    folder = str(builds_folder().resolve())
    jobs().start(_name(version), ["pipeline", "effect", "--builds", folder, "--proposal", version.id])


def _name(version: Version) -> str:
    """A proposal that was edited is another one."""
    return f"effect of {version.id} {version.agreement.version}"


@st.fragment(run_every=1.0)
def _watch(version: Version) -> None:
    job = jobs().find(_name(version))
    if job is None or job.state != "running":
        st.rerun()
    show_progress(job, _("The proposal is being tried."))
