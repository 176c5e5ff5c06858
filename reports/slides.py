"""Parts of a slide: title, text that fits its box, table, native chart, footer and speaker notes."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from reports.safe import clean, disarmed

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6  # inches, 16:9
INK, QUIET, TEAL, ORANGE, BLUE, LINE = (
    RGBColor.from_string(colour) for colour in ("101828", "667085", "0F766E", "F79009", "2E90FA", "E4E7EC")
)
FONT = "Arial"
LETTER = 0.5  # mean width of a letter in parts of its height
LEADING = 1.25
SMALLEST = 9
Box = tuple[float, float, float, float]
"""Left, top, width, height in inches."""
Series = tuple[str, Sequence[float | None], RGBColor | None]
"""Name, values and colour."""


def fitting_size(lines: Sequence[str], box: Box, size: int) -> int:
    """The largest size up to `size`, in points, at which the lines fit the box; SMALLEST at least."""
    for points in range(size, SMALLEST, -1):
        per_line = max(1, int(box[2] * 72 / (points * LETTER)))
        needed = sum(max(1, ceil(len(line) / per_line)) for line in lines) * points * LEADING / 72
        if needed <= box[3]:
            return points
    return SMALLEST


def add_text(
    slide: Any, lines: Sequence[str], box: Box, size: int = 16, colour: RGBColor = INK, *, bold: bool = False
) -> None:
    """Lines of text, one paragraph each, as large as they fit."""
    told = [clean(line, 600) for line in lines if line]
    if not told:
        return
    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    points = fitting_size(told, box, size)
    for at, line in enumerate(told):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(points * 0.35)
        run = paragraph.add_run()
        run.text = line
        _dress(run.font, points, colour, bold=bold)


def add_table(slide: Any, rows: Sequence[Sequence[str]], box: Box, widths: Sequence[float], size: int = 12) -> None:
    """A table whose first row is its header; `widths`: parts of the box's width."""
    shape = slide.shapes.add_table(len(rows), len(rows[0]), *map(Inches, box))
    table = shape.table
    style = shape._element.graphic.graphicData.tbl.tblPr
    style.set("bandRow", "0")
    style.set("firstRow", "0")
    whole = sum(widths)
    for at, width in enumerate(widths):
        table.columns[at].width = Inches(box[2] * width / whole)
    for row in table.rows:
        row.height = Emu(int(Inches(box[3]) / len(rows)))
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            cell = table.cell(down, across)
            cell.fill.background()
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            cell.margin_left = cell.margin_right = Inches(0.08)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            run = cell.text_frame.paragraphs[0].add_run()
            run.text = clean(text, 300)
            place = (0, 0, box[2] * widths[across] / whole - 0.16, box[3] / len(rows) - 0.06)
            points = fitting_size([run.text], place, size)
            _dress(run.font, points, QUIET if down == 0 else INK, bold=down == 0 or across == 0)


def add_chart(
    slide: Any,
    kind: Any,
    categories: Sequence[str],
    series: Sequence[Series],
    box: Box,
    number_format: str,
    *,
    legend: bool = True,
) -> Any:
    """A native chart that can be edited; a series without a colour is not drawn. No name is a formula in its sheet."""
    data = CategoryChartData(number_format=number_format)
    data.categories = [disarmed(word, 120) for word in categories]
    for name, values, _colour in series:
        data.add_series(disarmed(name, 120), values)
    chart = slide.shapes.add_chart(kind, *map(Inches, box), data).chart
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(11), FONT, QUIET
    chart.has_title = False
    chart.has_legend = legend
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    axis = chart.value_axis
    axis.major_gridlines.format.line.color.rgb = LINE
    axis.format.line.fill.background()
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = number_format, False
    for drawn, (_name, _values, colour) in zip(chart.plots[0].series, series, strict=True):
        if colour is None:
            drawn.format.fill.background()
            drawn.format.line.fill.background()
        else:
            drawn.format.fill.solid()
            drawn.format.fill.fore_color.rgb = colour
    return chart


def draw_lines(chart: Any, colours: Sequence[tuple[RGBColor, float]]) -> None:
    """Lines of these colours and widths in points, without markers."""

    for drawn, (colour, points) in zip(chart.plots[0].series, colours, strict=True):
        drawn.smooth = False
        drawn.marker.style = XL_MARKER_STYLE.NONE
        drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(points)


def new_slide(deck: Any, title: str, footer: str, notes: Sequence[str]) -> Any:
    """A slide with its title, what it was made from in small print, and what the speaker should know."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = map(Inches, (MARGIN, 0.35, WIDTH - 2 * MARGIN, 0.8))
    shape.text_frame.word_wrap = True
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    paragraph = shape.text_frame.paragraphs[0]
    run = paragraph.add_run()
    run.text = clean(title, 200)
    paragraph.alignment = PP_ALIGN.LEFT
    _dress(run.font, fitting_size([run.text], (0, 0, WIDTH - 2 * MARGIN, 0.8), 28), INK, bold=True)
    add_text(slide, [footer], (MARGIN, HEIGHT - 0.5, WIDTH - 2 * MARGIN, 0.35), 9, QUIET)
    slide.notes_slide.notes_text_frame.text = "\n".join(clean(line) for line in notes if line)
    return slide


def _dress(font: Any, points: int, colour: RGBColor, *, bold: bool) -> None:
    font.name, font.size, font.bold, font.color.rgb = FONT, Pt(points), bold, colour
