"""Where a number comes from: what it means, the terms it follows, how fresh it is, its query and its rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import streamlit as st

import queries
from agreement.kpis import TERMS_OF, Kpi
from findings.kpis import agreed, kpi_in_words
from findings.words import kpi_names
from locales import _
from locales.formats import day_and_time
from queries import Query
from ui import standing
from ui.query import agreement, ask, build
from ui.spreadsheet import download
from ui.text import esc

MOST_ROWS = 1_000


def explain(name: str, *, key: str | None = None, label: str | None = None, **params: Any) -> None:
    """A popover for the query `name` with the parameters shown. It is filled only when opened, so it costs nothing.

    `key` tells two popovers of one query on one page apart.
    """
    with st.popover(
        label or _("Explain"),
        type="tertiary",
        icon=":material/info:",
        help=_("Definition, query, freshness and rows of this figure"),
        key=f"explain_{key or name}",
        on_change="rerun",
    ) as popover:
        if popover.open:
            _body(queries.load(name), key or name, params)


def question(name: str) -> str:
    """The question a query answers, in the reader's language; "" if there is no such query."""
    try:
        return _(queries.load(name).question)
    except FileNotFoundError:
        return ""


def _body(query: Query, key: str, params: dict[str, Any]) -> None:
    shown = build()
    st.markdown(f"**{esc(_(query.question))}**")
    if query.definition:
        st.markdown(esc(_(query.definition)))
    st.caption(_("Counted per: {grain}").format(grain=esc(_(query.grain))))
    st.markdown(f":small[:gray[{esc(standing.in_words())} · {shown.agreement_version}]]")
    _small(agreed(query.terms, agreement(), shown.as_of.date()))
    _proposed(query.terms)
    if query.kpis:
        _figure(query, key, params.get("kpi"))
    st.caption(
        _("Judged at {as_of} · newest record {newest} · built {built_at} · build {build_id}").format(
            as_of=day_and_time(shown.as_of),
            newest=day_and_time(ask("data_health/files")["newest_record"].max()),  # type: ignore[arg-type]
            built_at=day_and_time(shown.built_at),
            build_id=shown.build_id,
        )
    )
    rows = ask(query.name, **params)
    st.dataframe(rows.head(MOST_ROWS), hide_index=True, height=220, key=f"rows_{key}")
    download(rows, key)
    with st.expander(_("Query")):
        st.code(query.sql, language="sql")
    bound = {parameter: params.get(parameter) for parameter, _type in query.params}
    if bound:
        st.caption(esc(", ".join(f"{parameter} = {value}" for parameter, value in bound.items())))


def _figure(query: Query, key: str, shown: str | None) -> None:
    """The definition of one of the figures of a query, at first of the one `shown` on the page."""
    at = query.kpis.index(shown) if shown in query.kpis else 0
    names = kpi_names()
    kpi = query.kpis[at]
    if len(query.kpis) > 1:
        kpi = st.selectbox(_("Figure"), query.kpis, at, format_func=names.__getitem__, key=f"figure_{key}_{kpi}")
    else:
        st.markdown(f"**{esc(names[kpi])}**")
    found = kpi_in_words(kpi, agreement(), build().as_of.date())
    _small([*found.lines, *found.terms])
    _proposed(TERMS_OF[cast(Kpi, kpi)])


def _small(lines: list[str]) -> None:
    for line in lines:
        st.markdown(f":small[{esc(line)}]")


def _proposed(terms: Iterable[str]) -> None:
    """What open proposals would do to these terms, so that nobody takes a wish for an agreement."""
    for sentence in standing.proposals_for(terms):
        st.markdown(f":small[:orange[{esc(sentence)}]]")
