"""A downloaded name is text in the spreadsheet, never a formula or a link; numbers stay numbers."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import polars as pl
import pytest

from ui.spreadsheet import csv, xlsx

ATTACKS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    " =1",
    "\ufeff=1",
    "＝1+1",
    "－1",
    "＋1",
    "＠x",
    '=HYPERLINK("http://x")',
]
FRAME = pl.DataFrame(
    {
        "name": ["=1+1", "Müller", None],
        "change": [-5, 3, None],
        "amount": [Decimal("-1234.50"), Decimal("0.10"), None],
        "day": [date(2026, 3, 9), None, date(2026, 12, 31)],
        "at": [datetime(2026, 3, 9, 13, 5, tzinfo=UTC), None, None],
        "parts": [["a", "b"], [], None],
        "is_open": [True, False, None],
    }
)


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_a_formula(attack):
    frame = pl.DataFrame({"name": [attack]})
    assert csv(frame).decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")
    cell = opened(xlsx(frame))["A2"]
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_a_column_name_is_no_formula_either():
    frame = pl.DataFrame({"=1+1": [1]})
    assert csv(frame).decode("utf-8-sig").startswith("'=1+1")
    assert opened(xlsx(frame))["A1"].data_type == "s"


def test_addresses_are_no_links():
    assert opened(xlsx(pl.DataFrame({"url": ["https://crm.example/1"]})))["A2"].hyperlink is None


def test_numbers_and_dates_keep_their_kind():
    sheet = opened(xlsx(FRAME))
    assert [cell.value for cell in sheet[2]] == [
        "=1+1", -5, -1234.5, datetime(2026, 3, 9), datetime(2026, 3, 9, 13, 5), "a, b", True,
    ]  # fmt: skip
    assert "-5" in csv(FRAME).decode("utf-8-sig").splitlines()[1]


def test_decimals_are_written_for_the_readers_spreadsheet():
    amounts = pl.DataFrame({"amount": [1234.5], "name": ["a,b;c"]})
    assert csv(amounts).decode("utf-8-sig").splitlines() == ["amount;name", '1234,5;"a,b;c"']
    assert csv(amounts, is_german=False).decode("utf-8-sig").splitlines() == ["amount,name", '1234.5,"a,b;c"']


def test_umlauts_survive():
    assert "Müller" in csv(FRAME).decode("utf-8-sig")


def test_no_rows_give_a_file_with_its_header():
    empty = FRAME.clear()
    assert csv(empty).decode("utf-8-sig").split(";")[0] == "name"
    assert opened(xlsx(empty)).max_row == 1
