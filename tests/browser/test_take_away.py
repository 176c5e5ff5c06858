"""The weekly meeting is taken along: each button hands out a whole document in the reader's language."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from pptx import Presentation

pytestmark = pytest.mark.browser


def test_slides_sheet_and_page_are_handed_out(visit, dashboard):
    window = visit(dashboard, locale="de-DE", accept_downloads=True)
    page = window.open("/", week="2026-11-09")
    found = {}
    for label in ("Folien (PowerPoint)", "Kennzahlen (Excel)", "Seite für E-Mail (HTML)"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label).click()
        found[Path(waiting.value.suggested_filename).suffix] = Path(waiting.value.path()).read_bytes()
    title = Presentation(BytesIO(found[".pptx"])).slides[0].shapes.title.text
    assert title == "Wochenbesprechung KW 46/2026"
    assert openpyxl.load_workbook(BytesIO(found[".xlsx"])).active["A1"].value == title
    assert title in found[".html"].decode()
    assert dashboard.complaints() == []
    assert window.complaints == []
    assert window.strangers == []
