"""Damaged, odd and oversized text files: each is read whole, row by row with reasons, or refused with one sentence."""

import gzip
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from tests.sources.conftest import Import, Outcome

ImportAll = Callable[[tuple[tuple[str, bytes | str], ...]], Outcome]

HEADER = "Id,Created,Source\n"
ROW = "a1,2026-01-05,Web\n"


def as_files(cases: list[Any]) -> tuple[tuple[str, bytes | str], ...]:
    return tuple((f"case{number}.csv", case.values[0]) for number, case in enumerate(cases))


def file_of(cases: list[Any], content: bytes | str) -> str:
    return next(file for file, known in as_files(cases) if known == content)


ODD = [
    pytest.param("﻿" + HEADER + ROW, 1, ["Web"], id="byte order mark before the first header"),
    pytest.param((HEADER + "a1,2026-01-05,Müller\n").encode("utf-16"), 1, ["Müller"], id="UTF-16 with its mark"),
    pytest.param((HEADER + "a1,2026-01-05,Müller\n").encode("utf-16-be"), 1, ["Müller"], id="UTF-16 BE without a mark"),
    pytest.param((HEADER + "a1,2026-01-05,Müller\n").encode("cp1252"), 1, ["Müller"], id="Windows letters"),
    pytest.param(
        (HEADER + ROW + ROW.replace("a1", "a2")).replace("\n", "\r"), 2, ["Web", "Web"], id="CR alone ends lines"
    ),
    pytest.param((HEADER + ROW).replace("\n", "\r\n"), 1, ["Web"], id="CR LF ends lines"),
    pytest.param("sep=;\n" + (HEADER + ROW).replace(",", ";"), 1, ["Web"], id="sep=; is honoured"),
    pytest.param((HEADER + ROW).replace(",", "\t"), 1, ["Web"], id="tabs"),
    pytest.param(
        'Id,Created,Source\na1,2026-01-05,"a\nb, ""c"""\n', 1, ['a\nb, "c"'], id="breaks and quotes inside quotes"
    ),
    pytest.param('Id,Created,Source\na1,2026-01-05,5" pipe\n', 1, ['5" pipe'], id="an inch sign is no quote"),
    pytest.param(" Id ,\u00a0Created,Source\na1,2026-01-05,Web\n", 1, ["Web"], id="blanks around headers"),
    pytest.param("Source,Id,More,Created\nWeb,a1,x,2026-01-05\n", 1, ["Web"], id="reordered, with one column more"),
    pytest.param("Report of today\n\nPrinted,by,X\n" + HEADER + ROW, 1, ["Web"], id="title lines above the header"),
    pytest.param(HEADER + ROW + ",,\n\n", 1, ["Web"], id="empty lines are no rows"),
    pytest.param("Id,Created,Source,,\na1,2026-01-05,Web,,\n", 1, ["Web"], id="empty columns without a name"),
    pytest.param(HEADER + "a1,2026-01-05,Web", 1, ["Web"], id="a whole last line without its end"),
    pytest.param(HEADER, 0, [], id="a header alone is no rows"),
]


@pytest.mark.parametrize(("content", "kept", "sources"), ODD)
def test_odd_files_are_read_exactly(bring_all: ImportAll, content: bytes | str, kept: int, sources: list[str]) -> None:
    outcome, file = bring_all(as_files(ODD)), file_of(ODD, content)
    report = outcome.reports[file]
    assert (report.status, report.rows_kept, report.rows_rejected) == ("read", kept, 0), report
    records = outcome.of(file, "leads")
    assert records["source"].to_list() == sources


DAMAGED = [
    pytest.param(b"", "is empty", id="no bytes"),
    pytest.param(HEADER + ROW + "a2,2026-01", "cut off", id="the last line is cut"),
    pytest.param(
        HEADER + ROW + 'a2,2026-01-05,"Web\na3,2026-01-05,Web\n', "Line 3: a quote is opened", id="unclosed quote"
    ),
    pytest.param(
        HEADER + ROW + 'a2,2026-01-05,"Web\na3,2026-01-05,X\na4,2026-01-05,"Web"\n',
        "Line 3",
        id="a quote closed by another's",
    ),
    pytest.param(
        HEADER + 'a2,2026-01-05,"Web\na3,2026-01-05,X\na4,2026-01-05,"Web\n',
        "Line 2",
        id="two unclosed quotes do not make a pair",
    ),
    pytest.param("Id,Created,Source,source\na1,2026-01-05,a,b\n", "column 3 and column 4", id="the same header twice"),
    pytest.param("Id,Created,\na1,2026-01-05,x\n", "Column 3 has no name", id="values below an empty header"),
    pytest.param(HEADER + "a1;2026-01-05;Web\na2;2026-01-05;Web\n", "separator", id="rows separated unlike the header"),
    pytest.param(
        (HEADER + "ä1,2026-01-05,Web\n").encode() + b"a2,2026-01-05,\xff\n",
        "Line 3: byte 0xFF",
        id="one broken byte",
    ),
    pytest.param(gzip.compress((HEADER + ROW).encode()), "gzip", id="gzip named csv"),
    pytest.param(b"\x28\xb5\x2f\xfd" + b"x" * 40, "zstd", id="zstd named csv"),
    pytest.param(b"PAR1" + b"x" * 40, "Parquet", id="Parquet named csv"),
    pytest.param("<!DOCTYPE html><html>login</html>", "web page", id="a login page named csv"),
    pytest.param(b"SQLite format 3\x00" + b"x" * 40, "database", id="a database named csv"),
    pytest.param(HEADER + "a1,2026-01-05," + "x" * 1_000_001 + "\n", "1,000,000 characters", id="an endless cell"),
    pytest.param(
        "Id,Created," + ",".join(f"c{n}" for n in range(2_000)) + "\n", "2,002 columns", id="too many columns"
    ),
]


@pytest.mark.parametrize(("content", "words"), DAMAGED)
def test_files_that_cannot_be_trusted_are_refused(bring_all: ImportAll, content: bytes | str, words: str) -> None:
    outcome, file = bring_all(as_files(DAMAGED)), file_of(DAMAGED, content)
    assert outcome.reports[file].status == "refused"
    assert words in outcome.reports[file].message
    assert outcome.staged.tables == {}


BAD_ROWS = [
    pytest.param(b"a2,2026-01-05\n", "wrong_field_count", "2 fields, the header 3", id="too few fields"),
    pytest.param(b"a2,2026-01-05,Web,more\n", "wrong_field_count", "4 fields, the header 3", id="too many fields"),
    pytest.param(b"a2,2026-01-05,We\x00b\n", "control_character", "control character", id="a zero byte"),
    pytest.param(b"a2,2026-01-05,We\x1bb\n", "control_character", "control character", id="an escape"),
    pytest.param(b"a2,2026-01-05,#N/A\n", "error_cell", "#N/A", id="an error of a spreadsheet"),
    pytest.param(b'a2,2026-01-05,"We"b\n', "broken_quotes", "quotes", id="text after a closing quote"),
    pytest.param(b",2026-01-05,Web\n", "missing_value", "“Id”", id="no id"),
    pytest.param(b"a2,,Web\n", "missing_value", "“Created”", id="no date"),
    pytest.param(b'"1,23457E+15",2026-01-05,Web\n', "damaged_id", "destroyed", id="an id Excel has rounded"),
    pytest.param(b"123.0,2026-01-05,Web\n", "damaged_id", "destroyed", id="an id that became a fraction"),
]


@pytest.mark.parametrize(("line", "rule", "words"), BAD_ROWS)
def test_a_bad_row_is_set_apart_and_the_others_stay(bring_all: ImportAll, line: bytes, rule: str, words: str) -> None:
    around = {case.values[0]: (HEADER + ROW).encode() + case.values[0] + b"a3,2026-01-05,Web\n" for case in BAD_ROWS}
    cases = tuple((f"case{number}.csv", content) for number, content in enumerate(around.values()))
    outcome, file = bring_all(cases), f"case{list(around).index(line)}.csv"
    assert outcome.of(file, "leads")["lead_id"].to_list() == ["a1", "a3"]
    assert outcome.of(file, "leads")["row_number"].to_list() == [2, 4]
    (bad,) = outcome.rejected().filter(pl.col("source_file") == file).to_dicts()
    assert (bad["rule"], bad["row_number"]) == (rule, 3)
    assert bad["reason"].startswith(f"{file}, row 3")
    assert words in bad["reason"]
    assert "2026-01-05" in bad["row_json"] or "a2" in bad["row_json"]


def test_numbers_in_ids_stay_text(bring: Import) -> None:
    outcome = bring(
        {"leads.csv": "Id,Created,Source\n00123,2026-01-05,+49 170\n12345678901234567890,2026-01-05,01067\n"}
    )
    assert outcome.table("leads")["lead_id"].to_list() == ["00123", "12345678901234567890"]
    assert outcome.table("leads")["source"].to_list() == ["+49 170", "01067"]


def test_hostile_text_stays_text(bring: Import) -> None:
    names = ["<img onerror=x>", "![x](http://e)", "$\\frac$", "=HYPERLINK(1)", "\u202eabc", "😀"]
    rows = "".join(f'a{n},2026-01-05,"{name}"\n' for n, name in enumerate(names))
    assert bring({"leads.csv": HEADER + rows}).table("leads")["source"].to_list() == names


def test_ids_are_compared_in_one_form_of_umlauts(bring: Import) -> None:
    outcome = bring({"leads.csv": HEADER + "Mu\u0308ller ,2026-01-05,Web\nM\u00fcller,2026-01-05,Web\n"})
    assert (outcome.only.rows_kept, outcome.only.rows_duplicate) == (1, 0) or outcome.table("leads")[
        "lead_id"
    ].to_list() == ["Müller"]


def test_text_decoded_twice_is_told(bring: Import) -> None:
    outcome = bring({"leads.csv": HEADER + "a1,2026-01-05,MÃ¼ller\n"})
    assert outcome.only.status == "read"
    assert "MÃ¼ller" in outcome.only.message


def test_total_rows_are_counted_and_compared(bring: Import) -> None:
    mapping = """
name = "costs"
[recognise]
headers = ["Day", "Cost"]
[read]
total_rows = [{ column = "Day", starts_with = ["Total", "Summe"] }]
[[table]]
to = "spend"
[table.columns]
day = "Day"
cost = "Cost"
"""
    rows = "Day,Cost\n2026-01-05,10.50\n2026-01-06,4.50\n"
    right = bring({"costs.csv": rows + "Summe,15.00\n", "costs.toml": mapping})
    assert (right.only.rows_kept, right.only.total_rows, right.only.message) == (2, 1, "")
    wrong = bring({"costs.csv": rows + "Total: 2 days,16.00\n"})
    assert (wrong.only.rows_kept, wrong.only.total_rows) == (2, 1)
    assert "add up to 15.00, the export's total says 16.00" in wrong.only.message


def test_the_same_file_under_two_names_counts_once(bring: Import) -> None:
    outcome = bring({"a.csv": HEADER + ROW, "b/again.csv": HEADER + ROW})
    assert outcome.reports["a.csv"].rows_kept == 1
    again = outcome.reports["b/again.csv"]
    assert (again.rows_read, again.rows_duplicate, again.rows_kept) == (1, 1, 0)
    assert "a.csv" in again.message
    assert outcome.table("leads").height == 1


@pytest.mark.parametrize(
    ("second", "kept", "duplicate", "rules"),
    [
        pytest.param("a1,2026-01-05,Web\n", 1, 1, [], id="an equal row counts once"),
        pytest.param("a1,2026-01-05,Fair\n", 0, 0, ["duplicate_key"] * 2, id="rows that contradict are both set apart"),
    ],
)
def test_repeated_keys(bring: Import, second: str, kept: int, duplicate: int, rules: list[str]) -> None:
    outcome = bring({"leads.csv": HEADER + ROW + "b1,2026-01-05,Web\n" + second})
    assert (outcome.only.rows_kept - 1, outcome.only.rows_duplicate, outcome.rules) == (kept, duplicate, rules)
    assert outcome.table("leads").height == kept + 1


def test_a_foreign_file_name_is_only_a_label(bring: Import) -> None:
    outcome = bring({"we\x07ird " + "x" * 150 + ".csv": HEADER + ROW})
    assert outcome.only.rows_kept == 1
    assert "\x07" not in outcome.only.file


def test_other_files_are_listed_but_no_error(bring: Import) -> None:
    outcome = bring(
        {"notes.docx": "hello", "unknown.csv": "Foo,Bar\n1,2\n", ".hidden": "x", "old.xls": b"\xd0\xcf\x11\xe0"}
    )
    assert {name: report.status for name, report in outcome.reports.items()} == {
        "notes.docx": "unrecognised", "unknown.csv": "unrecognised", "old.xls": "refused",
    }  # fmt: skip
    assert "'Foo', 'Bar'" in outcome.reports["unknown.csv"].message
