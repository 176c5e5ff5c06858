"""What an agreed figure means and which terms it hangs on, in the words of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from agreement import Agreement
from agreement.definitions import DEFINITIONS
from agreement.document import since
from agreement.kpis import TERMS_OF, Kpi
from agreement.wording import CHAPTERS
from findings.terms import in_one_line, title
from findings.words import kpi_names
from locales import _, formats


@dataclass(frozen=True)
class KpiInWords:
    """One figure: `lines` say how it is computed, counted and limited, `terms` what was agreed about it since when."""

    kpi: str
    title: str
    lines: list[str]
    terms: list[str]


def kpi_in_words(kpi: str, agreement: Agreement, day: date) -> KpiInWords:
    """The definition of a figure with the terms in force on `day`."""
    name = cast(Kpi, kpi)
    said = DEFINITIONS[name]
    lines = [
        _("Formula: {formula}").format(formula=_(said.formula)),
        _("Counted by: {anchor}").format(anchor=_(said.anchor)),
        _("Filter: {filters}").format(filters=_(said.filters)),
    ]
    return KpiInWords(kpi, kpi_names()[kpi], lines, agreed(TERMS_OF[name], agreement, day))


def agreed(named: Iterable[str], agreement: Agreement, day: date) -> list[str]:
    """A line for each term named, with its value and since when it holds; a section is named as a whole."""
    terms = agreement.terms_on(day)
    return [
        _("{term} (since {day})").format(
            term=_("{section}, all terms").format(section=title(term))
            if term in CHAPTERS
            else in_one_line(term, terms),
            day=formats.day(since(agreement, term, day)),
        )
        for term in dict.fromkeys(named)
    ]
