"""The terms as a document people read: chapters, sentences, and small tables where a term has an entry per kind."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from agreement import Terms
from agreement.document import ClosedDay
from findings.terms import ChapterInWords, Clause, chapters
from findings.words import weekday_names
from locales import _
from locales.formats import day
from ui.text import esc


def show_document(terms: Terms) -> None:
    """All chapters, in two columns that stack on a phone."""
    found = chapters(terms)
    for column, part in zip(st.columns(2, gap="large"), _halves(found), strict=True):
        with column:
            for chapter in part:
                show_chapter(chapter)


def show_chapter(chapter: ChapterInWords) -> None:
    """One section: its title, which day's terms a record follows, and its terms."""
    st.markdown(f"#### {esc(chapter.title)}\n:small[:gray[{esc(chapter.judged_by)}]]", anchors=False)
    st.markdown("\n\n".join(map(_clause, chapter.clauses)))


def show_closed_days(days: Sequence[ClosedDay]) -> None:
    """The next days on which no clock runs."""
    if not days:
        st.caption(esc(_("There are no public holidays and no closures.")))
        return
    names = weekday_names()
    rows = [(f"{names[of.day.weekday()]}, {day(of.day)}", of.name or _("Company closed")) for of in days]
    st.markdown(_table(_("The next days without working time"), [(esc(when), esc(why)) for when, why in rows]))


def _clause(clause: Clause) -> str:
    said = f"**{esc(clause.title)}.** {esc(clause.sentence)}"
    if not clause.entries:
        return said
    return f"{said}\n\n" + _table("", [(esc(name), esc(value)) for name, value in clause.entries])


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    lines = "\n".join(f"| {name} | {said} |" for name, said in rows)
    return f"| {esc(title)} | |\n|:--|--:|\n{lines}"


def _halves(found: Sequence[ChapterInWords]) -> tuple[Sequence[ChapterInWords], Sequence[ChapterInWords]]:
    """Both of about the same length, in lines."""
    lengths = [3 + sum(1 + len(clause.sentence) // 60 + 2 * len(clause.entries) for clause in c.clauses) for c in found]
    at = min(range(len(found) + 1), key=lambda n: abs(sum(lengths[:n]) - sum(lengths[n:])))
    return found[:at], found[at:]
