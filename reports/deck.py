"""The meeting as a PowerPoint deck: native charts one can edit, and in the notes what every figure means."""

from __future__ import annotations

import io
import re
from typing import Any

from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from findings import weekly_review as findings
from findings.meeting import Bridge, KpiRow
from locales import _
from locales.formats import day, money, percent, short_money
from reports.slides import (
    BLUE,
    HEIGHT,
    INK,
    MARGIN,
    ORANGE,
    QUIET,
    TEAL,
    WIDTH,
    Series,
    add_chart,
    add_table,
    add_text,
    draw_lines,
    new_slide,
)  # fmt: skip
from reports.week import Week

INNER = WIDTH - 2 * MARGIN
TOP = 1.3
MOST_ROWS = 8
MILLION = 1_000_000
_AROUND_A_NUMBER = re.compile(r"\d[\d.,]*")


def deck(week: Week) -> bytes:
    """The file's bytes, in the language in force."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(WIDTH), Inches(HEIGHT)
    made.core_properties.title, made.core_properties.author = week.title, "Tandem"
    for add in (_first, _figures, _signals, _promises, _bridge, _outlook, _decisions):
        add(made, week)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _first(made: Any, week: Week) -> None:
    slide = new_slide(made, week.title, week.footer, [week.standing, *week.stamp])
    add_text(slide, week.meeting.headline[:1], (MARGIN, 1.6, INNER, 1.4), 30, TEAL, bold=True)
    add_text(slide, week.meeting.headline[1:], (MARGIN, 3.1, INNER, 1.6), 18)
    add_text(slide, week.since_last, (MARGIN, 4.8, INNER, 1.2), 14)
    add_text(slide, [week.standing], (MARGIN, 6.2, INNER, 0.5), 12, QUIET)


def _figures(made: Any, week: Week) -> None:
    notes = [f"{name}: {' '.join(lines)}" for name, lines in week.definitions]
    slide = new_slide(made, _("The agreed figures"), week.footer, notes)
    names = findings.verdict_names()
    header = [_("Figure"), _("This week"), _("Target to date"), _("Signal or noise"), _("Because")]
    rows = [[row.name, row.text, row.target_text, names[row.verdict], row.sentence] for row in week.meeting.kpis]
    add_table(slide, [header, *rows], (MARGIN, TOP, INNER, 5.4), (2.2, 1.2, 2, 1.1, 4.2))


def _signals(made: Any, week: Week) -> None:
    definitions = dict(week.definitions)
    for row in week.signals:
        notes = [row.sentence, row.why.sentence if row.why else "", *definitions.get(row.name, [])]
        slide = new_slide(made, _("Signal: {figure}").format(figure=row.name), week.footer, notes)
        told = [row.why.sentence, row.sentence] if row.why else [row.sentence]
        add_text(slide, told, (MARGIN, TOP, INNER, 1.2), 16)
        _control_chart(slide, row, week.currency)


def _control_chart(slide: Any, row: KpiRow, currency: str) -> None:
    names = [findings.label(one.week_start) for one in row.weeks]
    series: list[Series] = [
        (row.name, [one.value for one in row.weeks], TEAL),
        (_("usual to"), [one.upper for one in row.weeks], ORANGE),
        (_("usual from"), [one.lower for one in row.weeks], ORANGE),
    ]
    series = [one for one in series if any(value is not None for value in one[1])]
    box = (MARGIN, 2.6, INNER, 4.3)
    chart = add_chart(
        slide,
        XL_CHART_TYPE.LINE,
        names,
        series,
        box,
        number_format(row.unit, currency, max(one.value or 0.0 for one in row.weeks)),
    )
    draw_lines(chart, [(TEAL, 3), (ORANGE, 1.25), (ORANGE, 1.25)][: len(series)])


def _promises(made: Any, week: Week) -> None:
    kept = [(name, found.share, found.target) for name, found, _words in week.promises if found.share is not None]
    if not kept:
        return
    said = [f"{name}: {percent(found.share, 0)}. {words}" for name, found, words in week.promises]
    slide = new_slide(made, _("Who kept which promise"), week.footer, said)
    add_text(slide, said, (MARGIN, TOP, INNER, 1.5), 16)
    series: list[Series] = [
        (_("kept"), [share for _name, share, _target in kept], TEAL),
        (_("promised"), [target for _name, _share, target in kept], ORANGE),
    ]
    names = [name for name, _share, _target in kept]
    add_chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, names, series, (MARGIN, 3.0, INNER, 3.9), "0%")


def _bridge(made: Any, week: Week) -> None:
    bridge = week.meeting.bridge
    if bridge is None:
        return
    notes = [f"{bar.name}: {bar.deals}, {short_money(bar.amount, week.currency)}" for bar in bridge.bars]
    slide = new_slide(made, _("What changed the open pipeline"), week.footer, [bridge.sentence, *notes])
    add_text(slide, [bridge.sentence], (MARGIN, TOP, INNER, 0.9), 16)
    names, columns = waterfall(bridge)
    series: list[Series] = [
        ("", columns["below"], None), (_("open"), columns["level"], BLUE), (_("more"), columns["more"], TEAL),
        (_("less"), columns["less"], ORANGE),
    ]  # fmt: skip
    box = (MARGIN, 2.2, INNER, 4.7)
    chart = add_chart(
        slide,
        XL_CHART_TYPE.COLUMN_STACKED,
        names,
        series,
        box,
        number_format("money", week.currency, max(bridge.before, bridge.after)),
        legend=False,
    )
    chart.plots[0].overlap, chart.plots[0].gap_width = 100, 40


def waterfall(bridge: Bridge) -> tuple[list[str], dict[str, list[float]]]:
    """Names of the columns, and their parts from the axis up: the empty part below, then what is drawn.

    Amounts are positive; what is drawn of a column is the change itself. A level below zero stands on the axis.
    """
    names, level = [_("before")], bridge.before
    parts: dict[str, list[float]] = {"below": [0.0], "level": [bridge.before], "more": [0.0], "less": [0.0]}
    for bar in bridge.bars:
        after = level + bar.amount
        names.append(bar.name)
        parts["below"].append(max(0.0, min(level, after)))
        parts["level"].append(0.0)
        parts["more"].append(max(0.0, bar.amount))
        parts["less"].append(max(0.0, -bar.amount))
        level = after
    for part, amount in (("below", 0.0), ("level", bridge.after), ("more", 0.0), ("less", 0.0)):
        parts[part].append(amount)
    return [*names, _("after")], parts


def _outlook(made: Any, week: Week) -> None:
    told = findings.pipeline_in_words(week.meeting)
    if not told:
        return
    slide = new_slide(made, _("Outlook"), week.footer, told)
    add_text(slide, told, (MARGIN, TOP, INNER, 2.4), 16)
    record = week.meeting.forecast.track_record if week.meeting.forecast else []
    if record:
        header = [_("Quarter from"), _("Expected then"), _("What it became")]
        rows = [
            [day(one.quarter_start), short_money(one.expected, week.currency), short_money(one.actual, week.currency)]
            for one in record[-MOST_ROWS:]
        ]  # fmt: skip
        height = min(3.0, 0.4 * (len(rows) + 1))
        add_table(slide, [header, *rows], (MARGIN, 3.9, INNER * 0.7, height), (1, 1, 1))


def _decisions(made: Any, week: Week) -> None:
    more = len(week.decisions) - MOST_ROWS
    notes = [f"{what} ({state}): {who}" for what, state, who in week.decisions]
    slide = new_slide(made, _("What we decide"), week.footer, notes)
    if week.decisions:
        rows = [list(one) for one in week.decisions[:MOST_ROWS]]
        height = min(4.2, 0.5 * (len(rows) + 1))
        add_table(
            slide, [[_("What"), _("State"), _("Who and until when")], *rows], (MARGIN, TOP, INNER, height), (4, 1, 5)
        )
        if more > 0:
            add_text(slide, [_("{n} more stand in the notes.").format(n=more)], (MARGIN, 5.6, INNER, 0.4), 12, QUIET)
    else:
        add_text(slide, [_("Nothing is decided yet.")], (MARGIN, TOP, INNER, 0.6), 18)
    add_text(slide, week.open_matters, (MARGIN, 6.0, INNER, 0.8), 14, INK)


def number_format(unit: str, currency: str, most: float = 0.0) -> str:
    """How a spreadsheet writes the numbers; amounts in millions where the largest is one."""
    if unit == "rate":
        return "0%"
    if unit != "money":
        return "#,##0.0" if unit == "ratio" else "#,##0"
    told = short_money(MILLION, currency) if most >= MILLION else money(0, currency)
    before, after = _AROUND_A_NUMBER.sub("\n", told).split("\n")
    return f'"{before}"#,##0{".0,," if most >= MILLION else ""}"{after}"'
