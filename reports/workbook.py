"""The meeting as an Excel file: figures, weeks, reasons, pipeline, decisions, definitions; no text is a formula."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from findings import weekly_review as findings
from locales import _
from locales.formats import percent, sign_of_money
from reports.safe import clean
from reports.week import Week

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDEST = 70
Row = Sequence[Any]


class _Writer:
    """Sheets of rows: numbers as numbers in their unit, everything else as text."""

    def __init__(self, book: xlsxwriter.Workbook, currency: str) -> None:
        before, after = sign_of_money(currency)
        money = f'"{before}"#,##0"{after}"' if before else f'#,##0"{after}"'
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.units = {
            unit: book.add_format({"num_format": form, "valign": "top"})
            for unit, form in {"money": money, "rate": "0.0%", "ratio": "0.0", "count": "#,##0.##"}.items()
        }

    def sheet(self, name: str, header: Row, rows: Sequence[Row], units: Sequence[str | None] | None = None) -> None:
        """`units`: the unit of each row's numbers, None = count."""
        sheet = self.book.add_worksheet(clean(name, 31))
        sheet.freeze_panes(1, 0)
        widths = [0] * len(header)
        for down, row in enumerate([header, *rows]):
            form = self.units[(units[down - 1] if units and down else None) or "count"]
            for across, cell in enumerate(row):
                widths[across] = max(widths[across], len(str(cell)) if not isinstance(cell, float) else 12)
                if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    sheet.write_number(down, across, cell, form)
                elif cell is not None:
                    sheet.write_string(down, across, clean(cell), self.text if down else self.head)
        for across, width in enumerate(widths):
            sheet.set_column(across, across, min(max(width + 2, 9), WIDEST))


def workbook(week: Week) -> bytes:
    """The file's bytes, in the language in force."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": clean(week.title), "comments": clean(" · ".join(week.stamp))})
        write = _Writer(book, week.currency)
        _summary(write, week)
        _figures(write, week)
        _weeks(write, week)
        _reasons(write, week)
        _pipeline(write, week)
        decisions = [list(one) for one in week.decisions]
        write.sheet(_("Decisions"), [_("What"), _("State"), _("Who and until when")], decisions)
        lines = [(name, line) for name, told in week.definitions for line in told]
        write.sheet(_("Definitions"), [_("Figure"), _("Definition")], lines)
    return buffer.getvalue()


def _summary(write: _Writer, week: Week) -> None:
    promises = [f"{name}: {percent(kept.share)}. {said}" for name, kept, said in week.promises]
    told = [*week.meeting.headline, week.standing, *week.since_last, *promises,
            *findings.pipeline_in_words(week.meeting), *week.open_matters, *week.stamp]  # fmt: skip
    write.sheet(_("Summary"), [week.title], [(line,) for line in told])


def _figures(write: _Writer, week: Week) -> None:
    names = findings.verdict_names()
    header = [_("Figure"), _("Week"), _("Value"), _("at least"), _("at most"), _("Target to date"),
              _("Signal or noise"), _("Because")]  # fmt: skip
    rows = [
        (row.name, findings.label(row.week_start), row.value, row.low, row.high, row.target_text, names[row.verdict],
         row.sentence)
        for row in week.meeting.kpis
    ]  # fmt: skip
    write.sheet(_("Figures"), header, rows, [row.unit for row in week.meeting.kpis])


def _weeks(write: _Writer, week: Week) -> None:
    told = [(row, one) for row in week.meeting.kpis for one in row.weeks]
    header = [_("Figure"), _("Week of"), _("Value"), _("usual from"), _("usual to"), _("Signal")]
    rows = [
        (row.name, one.week_start.isoformat(), one.value, one.lower, one.upper, _("signal") if one.is_signal else "")
        for row, one in told
    ]
    write.sheet(_("Weeks"), header, rows, [row.unit for row, _one in told])


def _reasons(write: _Writer, week: Week) -> None:
    header = [_("Figure"), _("Segment"), _("Volume"), _("Mix"), _("Rate"), _("Together")]
    told = [(row, part) for row in week.meeting.kpis if row.why for part in row.why.segments]
    rows = [(row.name, name, volume, mix, rate, volume + mix + rate) for row, (name, volume, mix, rate) in told]
    write.sheet(_("Why"), header, rows, [row.unit for row, _part in told])


def _pipeline(write: _Writer, week: Week) -> None:
    bridge, outlook = week.meeting.bridge, week.meeting.forecast
    rows: list[Row] = []
    if bridge:
        rows.append((_("Open before"), None, bridge.before))
        rows += [(bar.name, bar.deals, bar.amount) for bar in bridge.bars]
        rows.append((_("Open after"), None, bridge.after))
    if outlook:
        rows += [(_("Expected by the end of the quarter"), None, outlook.expected), (_("at least"), None, outlook.low),
                 (_("at most"), None, outlook.high), (_("Won so far"), None, outlook.won)]  # fmt: skip
    write.sheet(_("Pipeline"), [_("Change"), _("Deals"), _("Amount")], rows, ["money"] * len(rows))
