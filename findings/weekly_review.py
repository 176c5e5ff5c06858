"""The weekly review in words: the week's name, tiles, tables, and what to open next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import polars as pl

from findings.meeting import KpiRow, Meeting
from locales import _, ngettext
from locales.formats import number
from measures.calendar_weeks import week_label

C = TypeVar("C")
FUNNEL, DATA_HEALTH = "pages/results/funnel.py", "pages/trust/data_health.py"
OPEN_NEXT = {
    "new_leads": {"stage": "lead"}, "mqls": {"stage": "lead"}, "accepted_leads": {"stage": "mql"},
    "lead_to_opportunity_rate": {"view": "cohort"}, "pipeline_created": {"stage": "sql"},
    "win_rate": {"stage": "opportunity"}, "won_revenue": {"stage": "opportunity"},
}  # fmt: skip


def label(week: date | None) -> str:
    """`KW 47/2026`, in English `W 47/2026`."""
    return week_label(week, _("W")) if week else "–"


def verdict_names() -> dict[str, str]:
    """Whether a week matters."""
    return {"signal": _("signal"), "noise": _("noise"), "unknown": _("not judged")}


def tile(row: KpiRow, week: date) -> dict[str, Any]:
    """What stands on the tile of a figure, as the arguments of a card."""
    about = row.target_text
    if row.week_start and row.week_start != week:
        about = f"{label(row.week_start)} · {about}"
    return {
        "label": row.name, "value": row.text, "delta": verdict_names()[row.verdict], "delta_good": row.is_good,
        "spark": [point.value for point in row.weeks], "help": row.sentence, "is_verdict": True,
        "delta_description": about,
    }  # fmt: skip


def as_table(rows: list[KpiRow]) -> pl.DataFrame:
    """The figures side by side, in words."""
    schema = dict.fromkeys(["kpi", "week", "value", "target", "verdict", "sentence"], pl.String)
    found = [
        {
            "kpi": row.name, "week": label(row.week_start), "value": row.text, "target": row.target_text,
            "verdict": verdict_names()[row.verdict], "sentence": row.sentence,
        }
        for row in rows
    ]  # fmt: skip
    return pl.DataFrame(found, schema=schema)


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How that table is labelled."""
    return {
        "kpi": column(_("Figure")), "week": column(_("Week")), "value": column(_("This week")),
        "target": column(_("Target to date")), "verdict": column(_("Signal or noise")),
        "sentence": column(_("Because"), width="large"),
    }  # fmt: skip


def segments(row: KpiRow) -> pl.DataFrame:
    """The parts of a change by segment, in the unit of the figure; rates in percentage points."""
    scale = 100 if row.unit == "rate" else 1
    found = [
        {"segment": name, "volume": volume * scale, "mix": mix * scale, "rate": rate * scale,
         "together": (volume + mix + rate) * scale}
        for name, volume, mix, rate in (row.why.segments if row.why else [])
    ]  # fmt: skip
    schema = {"segment": pl.String} | dict.fromkeys(["volume", "mix", "rate", "together"], pl.Float64)
    return pl.DataFrame(found, schema=schema)


def segment_columns(column: Callable[..., C], row: KpiRow) -> dict[str, C]:
    """How that table is labelled; a rate has no volume."""
    kind = "money" if row.unit == "money" else "number"
    digits = 0 if row.unit == "money" else 1
    names = {"volume": _("Volume"), "mix": _("Mix"), "rate": _("Rate"), "together": _("Together")}
    shown = {key: column(word, kind, digits) for key, word in names.items() if key != "volume" or row.unit != "rate"}
    return {"segment": column(_("Segment"))} | shown


def open_next(meeting: Meeting, health: dict[str, int]) -> list[tuple[str, str, dict[str, str]]]:
    """Up to three pages worth opening: `(page, why, choices)`. What is wrong with the data comes first."""
    links: list[tuple[str, str, dict[str, str]]] = []
    if refused := health["files_refused"]:
        why = ngettext("{count} file was not read", "{count} files were not read", refused)
        links.append((DATA_HEALTH, why.format(count=number(refused)), {}))
    elif rejected := health["rows_rejected"]:
        why = ngettext("{count} row waits for correction", "{count} rows wait for correction", rejected)
        links.append((DATA_HEALTH, why.format(count=number(rejected)), {}))
    signals = [row for row in meeting.kpis if row.verdict == "signal" and row.kpi in OPEN_NEXT]
    links += [
        (FUNNEL, _("{kpi}: which leads are behind it?").format(kpi=row.name), OPEN_NEXT[row.kpi]) for row in signals
    ]
    if not signals:
        links.append((FUNNEL, _("Where are leads lost?"), {}))
        links.append((FUNNEL, _("What becomes of the leads created?"), {"view": "cohort"}))
    return links[:3]


def most_telling(rows: list[KpiRow]) -> list[KpiRow]:
    """The figures that can be drawn, signals first."""
    return sorted((row for row in rows if row.weeks), key=lambda row: row.verdict != "signal")


def method() -> str:
    """How a signal is told from noise, in one line."""
    return _(
        "Signal: outside the natural limits of the weeks before, three of four weeks near a limit, or eight on one "
        "side (XmR per working day; p chart for rates). Anything else is noise: no reason to act, and none to explain. "
        "Beside it: the quarter to date and what is due by now."
    )


def bridge_rows(meeting: Meeting) -> pl.DataFrame:
    """The bars of the pipeline's change as a table."""
    bars = meeting.bridge.bars if meeting.bridge else []
    schema = {"name": pl.String, "deals": pl.Int64, "amount": pl.Float64}
    return pl.DataFrame([{"name": bar.name, "deals": bar.deals, "amount": bar.amount} for bar in bars], schema=schema)


def track_record(meeting: Meeting) -> pl.DataFrame:
    """What the forecast would have said in earlier quarters, beside what came."""
    past = meeting.forecast.track_record if meeting.forecast else []
    rows = [
        {"quarter": one.quarter_start, "expected": one.expected, "naive": one.naive, "actual": one.actual,
         "missed": one.expected / one.actual - 1 if one.actual else None}
        for one in past
    ]  # fmt: skip
    schema = {"quarter": pl.Date} | dict.fromkeys(["expected", "naive", "actual", "missed"], pl.Float64)
    return pl.DataFrame(rows, schema=schema)


def record_columns(column: Callable[..., C]) -> dict[str, C]:
    """How that table is labelled."""
    return {
        "quarter": column(_("Quarter from")), "expected": column(_("Forecast at this point"), "money"),
        "naive": column(_("Mere pace"), "money"), "actual": column(_("Came"), "money"),
        "missed": column(_("Missed by"), "share", 1),
    }  # fmt: skip


def pipeline_in_words(meeting: Meeting) -> list[str]:
    """Coverage, velocity and forecast, a sentence each."""
    outlook = meeting.forecast.sentence if meeting.forecast else None
    return [sentence for sentence in (meeting.coverage, meeting.velocity, outlook) if sentence]
