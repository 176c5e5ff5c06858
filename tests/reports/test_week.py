"""The weekly meeting as a document: the page's words and numbers, in every format, with nothing live in it."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation
from typer.testing import CliRunner

import locales
from agreement import frozen
from agreement.entries import Actor
from agreement.ledger import Ledger
from findings.meeting import Bar, Bridge
from queries.published import published_file
from reports.__main__ import app
from reports.deck import deck, number_format, waterfall
from reports.files import written
from reports.mail_page import mail_page
from reports.safe import clean, disarmed
from reports.slides import SMALLEST, fitting_size
from reports.week import Ledger as Known
from reports.week import Week, read
from reports.workbook import workbook

WEEK = date(2026, 11, 16)
HOSTILE = ["=1+1", "<script>alert(1)</script>", "@sum(a1)", "+49 30", "\u202ebackwards", "x" * 40_000]


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


@pytest.fixture(scope="module")
def file(demo_build: Path) -> Path:
    found = published_file(demo_build)
    assert found
    return found


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def week(file: Path, url: str) -> Week:
    return read(file, WEEK, Known.at(url))


@pytest.fixture
def hostile(file: Path, url: str) -> Week:
    """A meeting whose decisions were typed by somebody who means no good."""
    ledger = Ledger(url)
    for at, text in enumerate(HOSTILE):
        body = {"what": text[:200], "owner": text[:80], "due": "2026-12-01", "kpi": "win_rate", "week": "2026-W47"}
        ledger.append(Actor("Mia", "marketing", is_verified=False), "decided", "decision", f"d{at}", body)
    return read(file, WEEK, Known.at(url))


def texts(deck_bytes: bytes) -> list[str]:
    """Every text of a deck by slide: boxes, tables and notes."""
    found = []
    for slide in Presentation(io.BytesIO(deck_bytes)).slides:
        words = [slide.notes_slide.notes_text_frame.text]
        for shape in slide.shapes:
            if shape.has_text_frame:
                words.append(shape.text_frame.text)
            if shape.has_table:
                words += [cell.text for row in shape.table.rows for cell in row.cells]
        found.append("\n".join(words))
    return found


def cells(book: bytes) -> list[str]:
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    return [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]


def parts(archive: bytes) -> dict[str, bytes]:
    """All files of an Office document, those of embedded workbooks included."""
    found: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            found[name] = opened.read(name)
            if name.endswith(".xlsx"):
                found |= {f"{name}/{inner}": text for inner, text in parts(found[name]).items()}
    return found


def test_all_three_say_what_the_page_says(week):
    slides, sheet, page = "\n".join(texts(deck(week))), "\n".join(cells(workbook(week))), mail_page(week)
    for row in week.meeting.kpis:
        assert row.text in slides
        assert row.sentence in slides
        assert row.sentence in sheet
        assert row.text.replace("'", "&#x27;") in page
    for line in [*week.meeting.headline, *week.stamp]:
        assert clean(line) in slides
        assert line in sheet
        assert line.replace("'", "&#x27;") in page


def test_build_agreement_and_head_of_the_ledger_are_printed(week, file, url):
    stamp = "\n".join(week.stamp)
    assert file.stem.removeprefix("tandem-") in stamp
    assert Ledger(url).head()[1] in stamp
    assert re.search(r"Agreement \w{6,}", stamp)


def test_charts_are_native_and_can_be_edited(week):
    charts = [
        shape.chart
        for slide in Presentation(io.BytesIO(deck(week))).slides
        for shape in slide.shapes
        if shape.has_chart
    ]
    assert len(charts) >= 2
    for chart in charts:
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        assert book.active.max_row > 1, "its numbers travel with it"


@pytest.mark.parametrize("kind", ["pptx", "xlsx"])
def test_no_formula_and_no_link_to_the_outside(hostile, kind):
    for name, content in parts(written(hostile, kind)).items():
        assert b"<f>" not in content, name
        assert b'TargetMode="External"' not in content, name
        assert b"\x00" not in content or not name.endswith((".xml", ".rels")), name


def test_the_page_for_mail_is_text_alone(hostile):
    page = mail_page(hostile)
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(?:src|href|url)\s*[=(]", page), "nothing is fetched"
    assert "default-src 'none'" in page


def test_hostile_words_are_still_there_to_be_read(hostile):
    slides = "\n".join(texts(deck(hostile)))
    assert "<script>alert(1)</script>" in slides
    assert "=1+1" in "\n".join(cells(workbook(hostile)))


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        pytest.param("=1+1", "'=1+1", id="formula"),
        pytest.param("  ＝1", "'  ＝1", id="full-width, after blanks"),
        pytest.param("\ufeff-1", "'\ufeff-1", id="after a byte order mark"),
        pytest.param("KW 47/2026", "KW 47/2026", id="a week"),
        pytest.param("a\x00b\ud800c\nd", "a bc d", id="what XML cannot hold"),
    ],
)
def test_names_in_a_charts_sheet_are_no_formulas(text, safe):
    assert disarmed(text) == safe


def test_what_is_too_long_for_a_cell_is_cut_and_says_so():
    assert len(clean("x" * 40_000)) == 32_767
    assert clean("x" * 40_000).endswith("[…]")


def test_text_is_set_as_large_as_it_fits():
    assert fitting_size(["short"], (0, 0, 6, 1), 30) == 30
    assert SMALLEST <= fitting_size(["word " * 60], (0, 0, 6, 1), 30) < 20


@pytest.mark.parametrize(
    ("language", "most", "form"),
    [
        pytest.param("de", 2e6, '""#,##0.0,,"\xa0Mio.\xa0€"', id="millions, German"),
        pytest.param("en", 2e6, '"€"#,##0.0,,"M"', id="millions, English"),
        pytest.param("en", 2e5, '"€"#,##0""', id="below a million"),
    ],
)
def test_amounts_on_an_axis_are_written_as_on_the_page(language, most, form):
    locales.use(language)
    assert number_format("money", "EUR", most) == form


def test_the_waterfall_leads_from_before_to_after():
    bars = [Bar("created", "created", 1, 50.0), Bar("lost", "lost", 2, -120.0), Bar("won", "won", 1, -40.0)]
    names, columns = waterfall(Bridge(100.0, -10.0, bars, ""))
    assert names == ["before", "created", "lost", "won", "after"]
    assert columns["below"] == [0, 100, 30, 0, 0]
    assert [more - less for more, less in zip(columns["more"], columns["less"], strict=True)][1:-1] == [50, -120, -40]


def test_a_closed_meeting_keeps_the_figures_it_was_closed_with(week, file, url):
    home = Known.at(url).home
    digest = frozen.write(home, "2026-W47", [], [])
    kpis = [{"kpi": row.kpi, "value": row.value, "week": str(row.week_start)} for row in week.meeting.kpis]
    told = next(one for one in kpis if one["kpi"] == "accepted_leads")
    today = told["value"]
    told["value"] = today + 100
    Ledger(url, lambda: datetime(2026, 11, 24, 9, tzinfo=UTC)).append(
        Actor("Mia", "marketing", is_verified=False), "closed", "meeting", "2026-W47",
        {"kpis": kpis, "records_hash": digest},
    )  # fmt: skip
    closed = read(file, WEEK, Known.at(url))
    row = next(row for row in closed.meeting.kpis if row.kpi == "accepted_leads")
    assert (row.value, row.text) == (today + 100, f"{today + 100:.0f}")
    assert f"the figures of today read {today:.0f}" in row.sentence
    assert "frozen" in closed.standing
    assert "Not closed" in week.standing


def test_in_german_too(file, url, tmp_path):
    out = tmp_path / "woche.pptx"
    result = CliRunner().invoke(
        app, ["week", "2026-W47", "--builds", str(file.parent), "--ledger", url, "--out", str(out), "--language", "de"]
    )
    assert result.exit_code == 0, result.output
    assert result.output.strip() == str(out)
    assert "Wochenbesprechung KW 47/2026" in "\n".join(texts(out.read_bytes()))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["2026-47"], "is no week", id="no week"),
        pytest.param(["2026-W60"], "is no week", id="no such week"),
        pytest.param(["2031-W01"], "was not over", id="a week to come"),
        pytest.param(["2026-W47", "--format", "odp"], "is no format", id="no such format"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(file, url, tmp_path, arguments, said):
    result = CliRunner().invoke(
        app,
        [
            "week",
            *arguments,
            "--builds",
            str(file.parent),
            "--ledger",
            url,
            "--language",
            "en",
            "--out",
            str(tmp_path / "x"),
        ],
    )
    assert result.exit_code == 1
    assert said in result.output
    assert list(tmp_path.glob("*x*")) == [], "no half file"


@pytest.mark.parametrize("command", [["week", "2026-W47"], ["alerts", "--dry-run"]])
def test_a_damaged_published_file_is_named(tmp_path, command):
    (tmp_path / "tandem-20261124-000000.duckdb").write_bytes(b"no database")
    result = CliRunner().invoke(app, [*command, "--builds", str(tmp_path), "--language", "en"])
    assert result.exit_code == 1
    assert "tandem-20261124-000000.duckdb cannot be read" in result.output
    assert "Traceback" not in result.output
