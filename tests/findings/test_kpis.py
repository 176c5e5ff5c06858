"""Every agreed figure says how it is computed, by which moment it is counted, and what was agreed about it."""

from __future__ import annotations

import re
from datetime import date

import pytest

import locales
from agreement import Agreement, load
from agreement.definitions import DEFINITIONS
from agreement.kpis import KPIS
from findings.kpis import agreed, kpi_in_words
from findings.words import kpi_names
from pipeline.marts.kpi_weeks import KPIS as COUNTED

AMENDED = Agreement({
    **load().document, "amendment": [{"valid_from": "2026-04-01", "response": {"minutes": {"demo_request": 45}}}],
})  # fmt: skip
DAY = date(2026, 6, 1)


def test_every_figure_has_a_definition_and_a_name() -> None:
    assert set(DEFINITIONS) == set(KPIS) == set(kpi_names())
    assert set(COUNTED) <= set(KPIS)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("kpi", KPIS)
def test_a_definition_is_complete(kpi: str, language: str) -> None:
    locales.use(language)
    found = kpi_in_words(kpi, AMENDED, DAY)
    assert len(found.lines) == 3
    assert found.terms
    assert not [line for line in [*found.lines, *found.terms] if re.search(r"[{}\[\]_]|\bNone\b|\bTrue\b", line)]


def test_a_term_says_since_when_it_holds() -> None:
    locales.use("en")
    terms = kpi_in_words("follow_up_attainment", AMENDED, DAY).terms
    assert terms[0].startswith("Response time: Demo request 45 business minutes; ")
    assert terms[0].endswith("(since 1 Apr 2026)")
    assert "Working time, all terms (since 1 Jan 2020)" in terms
    assert agreed(["response.minutes"], AMENDED, date(2026, 3, 31))[0].endswith("(since 1 Jan 2020)")
