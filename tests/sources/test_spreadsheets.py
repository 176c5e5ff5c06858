"""Workbooks and Parquet files: typed cells exactly, damaged and hostile files refused before they are unpacked."""

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from pipeline.sources import Limits
from tests.sources.conftest import DEALS, LEADS, Import

HEADER = ["Id", "Created", "Source", "Score"]


def workbook(fill: Callable[[Any], None], *, sheets: tuple[str, ...] = ("Leads",), **options: Any) -> bytes:
    """A workbook made by `fill(first sheet)`; other sheets stay empty."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        pages = [book.add_worksheet(name) for name in sheets]
        pages[0].write_row(0, 0, HEADER)
        pages[0].book = book
        fill(pages[0])
    return out.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **added: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
        for name, data in added.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return out.getvalue()


def plain(sheet: Any) -> None:
    sheet.write_row(1, 0, ["a1", "2026-01-05", "Web"])


def test_typed_cells_are_exact(bring: Import) -> None:
    def fill(sheet: Any) -> None:
        day = sheet.book.add_format({"num_format": "dd.mm.yyyy"})
        time = sheet.book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        sheet.write_row(1, 0, [4711])
        sheet.write_datetime(1, 1, datetime(2026, 1, 5), day)
        sheet.write_number(1, 3, 1.234)
        sheet.write_row(2, 0, ["0042"])
        sheet.write_datetime(2, 1, datetime(2026, 1, 5, 9, 31), time)
        sheet.write_string(2, 3, "2,5")
        sheet.write_row(3, 0, ["a3", 46027, True, 7])
        sheet.set_row(3, None, None, {"hidden": True})

    outcome = bring({"leads.xlsx": workbook(fill)})
    leads = outcome.table("leads")
    assert leads["lead_id"].to_list() == ["4711", "0042", "a3"]
    assert leads["created_at"].to_list() == [
        datetime(2026, 1, 4, 23, tzinfo=UTC),
        datetime(2026, 1, 5, 8, 31, tzinfo=UTC),
        datetime(2026, 1, 4, 23, tzinfo=UTC),
    ]
    assert leads["created_at_is_date_only"].to_list() == [True, False, True]
    assert leads["score"].to_list() == [1.234, 2.5, 7.0]
    assert leads["source"].to_list() == [None, None, "true"]
    assert leads["row_number"].to_list() == [2, 3, 4]
    assert "1 hidden rows" in outcome.only.message


def test_dates_of_the_1904_system(bring: Import) -> None:
    def fill(sheet: Any) -> None:
        sheet.write_row(1, 0, ["a1"])
        sheet.write_datetime(1, 1, datetime(2026, 1, 5), sheet.book.add_format({"num_format": "yyyy-mm-dd"}))

    leads = bring({"leads.xlsx": workbook(fill, date_1904=True)}).table("leads")
    assert leads["created_at"].to_list() == [datetime(2026, 1, 4, 23, tzinfo=UTC)]


def test_numbers_that_turn_to_text_are_all_kept(bring: Import) -> None:
    def fill(sheet: Any) -> None:
        for row in range(1, 3_001):
            sheet.write_row(row, 0, [f"a{row}", "2026-01-05", row])
        sheet.write_row(3_001, 0, ["b", "2026-01-05", "A-77"])

    leads = bring({"leads.xlsx": workbook(fill)}).table("leads")
    assert (leads.height, leads["source"][-1], leads["source"][0]) == (3_001, "A-77", "1")


def test_errors_formulas_and_rounded_ids_are_set_apart(bring: Import) -> None:
    def fill(sheet: Any) -> None:
        sheet.write_row(1, 0, ["a1", "2026-01-05"])
        sheet.write_formula(1, 2, "=1+1", None, "")
        sheet.write_row(2, 0, ["a2", "2026-01-05"])
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
        sheet.write_row(3, 0, ["a3", "2026-01-05"])
        sheet.write_formula(3, 2, "=1+1", None, 2)
        sheet.write_row(4, 0, [12345678901234567, "2026-01-05", "Web"])

    content = repacked(workbook(fill), lambda name, data: data.replace(b"<v></v>", b""))
    outcome = bring({"leads.xlsx": content})
    assert outcome.rejected().select("row_number", "rule").rows() == [
        (2, "error_cell"),
        (3, "error_cell"),
        (5, "damaged_id"),
    ]
    assert outcome.table("leads").select("lead_id", "source").rows() == [("a3", "2")]


def test_several_sheets_need_a_name(bring: Import) -> None:
    def two(sheet: Any) -> None:
        plain(sheet)
        other = sheet.book.get_worksheet_by_name("Deals")
        other.write_row(0, 0, ["Deal", "Amount"])
        other.write_row(1, 0, ["d1", 10.5])

    content = workbook(two, sheets=("Leads", "Deals"))
    refused = bring({"both.xlsx": content})
    assert refused.only.status == "refused"
    assert '[read] sheet = "' in refused.only.message
    named = (LEADS.replace("[read]", '[read]\nsheet = "Leads"'), DEALS.replace("[read]", '[read]\nsheet = "Deals"'))
    outcome = bring({"both.xlsx": content}, mappings=named)
    assert {name: report.rows_kept for name, report in outcome.reports.items()} == {
        "both.xlsx [Leads]": 1,
        "both.xlsx [Deals]": 1,
    }
    assert outcome.table("deals")["amount"].to_list() == [Decimal("10.50")]


ENTITY = b'<!DOCTYPE w [<!ENTITY e "x">]><worksheet'
BOMB = b"<worksheet>" + b" " * (300 * 2**20) + b"</worksheet>"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda: b"Id,Created\na1,2026-01-05\n", "Name and content differ", id="CSV named xlsx"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0" + b"x" * 100, "password-protected", id="encrypted"),
        pytest.param(lambda: b"<html><table></table></html>", "web page", id="HTML named xlsx"),
        pytest.param(lambda: workbook(plain)[:900], "damaged", id="cut off"),
        pytest.param(
            lambda: workbook(lambda sheet: sheet.write(1_048_575, 16_383, "x")),
            "far outside",
            id="the last possible cell",
        ),
        pytest.param(
            lambda: workbook(lambda sheet: sheet.write(1, 2_100, "x")), "far outside", id="a column far to the right"
        ),
        pytest.param(
            lambda: repacked(workbook(plain), lambda _, data: data, xl__vbaProject_dot_bin=b"x"), "macros", id="macros"
        ),
        pytest.param(
            lambda: repacked(workbook(plain), lambda _, data: data, xl__inner_dot_zip=b"x"),
            "another archive",
            id="nested",
        ),
        pytest.param(
            lambda: repacked(workbook(plain), lambda _, data: data, **{".._____x": b"x"}),
            "points outside",
            id="wandering",
        ),
        pytest.param(
            lambda: repacked(workbook(plain), lambda name, data: BOMB if name.endswith("sheet1.xml") else data),
            "hundred times",
            id="bomb",
        ),
        pytest.param(
            lambda: repacked(workbook(plain), lambda _, data: data, **{f"x{n}": b"" for n in range(1_001)}),
            "parts inside",
            id="many parts",
        ),
        pytest.param(
            lambda: repacked(
                workbook(plain),
                lambda name, data: data.replace(b"<worksheet", ENTITY, 1) if "sheet1" in name else data,
            ),
            "cannot be read",
            id="entities",
        ),
    ],
)
def test_hostile_workbooks_are_refused(bring: Import, make: Callable[[], bytes], words: str) -> None:
    outcome = bring({"leads.xlsx": make()})
    assert outcome.only.status == "refused"
    assert words in outcome.only.message


def test_a_wrongly_declared_size_loses_nothing(bring: Import) -> None:
    def shrunk(_: str, data: bytes) -> bytes:
        return data.replace(b'<dimension ref="A1:D2"/>', b'<dimension ref="A1"/>')

    assert bring({"leads.xlsx": repacked(workbook(plain), shrunk)}).table("leads").height == 1


def test_parquet_is_read_with_its_types(bring: Import) -> None:
    out = io.BytesIO()
    pl.DataFrame(
        {"Deal": [1, 2], "Amount": [Decimal("1234.50"), None], "Created": [datetime(2026, 1, 5, 8, tzinfo=UTC)] * 2,
         "Expected": [date(2030, 1, 1)] * 2, "Won": [datetime(2026, 2, 1), None]}
    ).write_parquet(out)  # fmt: skip
    deals = bring({"deals.parquet": out.getvalue()}).table("deals")
    assert deals["deal_id"].to_list() == ["1", "2"]
    assert deals["amount"].to_list() == [Decimal("1234.50"), None]
    assert deals["created_at"].to_list() == [datetime(2026, 1, 5, 8, tzinfo=UTC)] * 2
    assert deals["won_at"].to_list() == [datetime(2026, 1, 31, 23, tzinfo=UTC), None]


@pytest.mark.parametrize("damage", ["cut", "zeroed", "nested"])
def test_damaged_parquet_is_refused(bring: Import, damage: str) -> None:
    out = io.BytesIO()
    pl.DataFrame(
        {"Deal": ["a"] * 500, "Amount": [[1]] * 500 if damage == "nested" else list(range(500))}
    ).write_parquet(out)
    content = out.getvalue()
    broken = {"cut": content[:-20], "zeroed": content[:4] + bytes(len(content) - 12) + content[-8:], "nested": content}[
        damage
    ]
    assert bring({"deals.parquet": broken}).only.status == "refused"


def test_a_saved_workbook_of_another_program_is_read(bring: Import) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in ([*HEADER], ["a1", date(2026, 1, 5), "Web", 3]):
        book.active.append(row)
    book.save(out)
    assert bring({"leads.xlsx": out.getvalue()}, limits=Limits()).table("leads")["score"].to_list() == [3.0]
