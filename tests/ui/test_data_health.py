"""What Data health says of its files, in whole sentences and for every rule the sources know."""

import re
from datetime import UTC, datetime

import polars as pl
import pytest

from charts import data_health as charts
from charts.theme import plain
from findings import rejections
from findings.data_health import checks_in_words, decisions, headline, health, troubled
from tests.contracts.tree import ROOT, python_files

SCHEMA = {
    "file": pl.String, "status": pl.String, "rows_read": pl.Int64, "rows_kept": pl.Int64, "rows_rejected": pl.Int64,
    "rows_duplicate": pl.Int64, "newest_record": pl.Datetime("us", "UTC"), "message": pl.String, "decisions": pl.String,
}  # fmt: skip
MORNING = datetime(2026, 11, 23, 6, tzinfo=UTC)


def files(*rows: tuple) -> pl.DataFrame:
    """Rows of `(file, status, read, kept, rejected, duplicate)`."""
    return pl.DataFrame(
        [(*row, MORNING, "what to do", '{"Amount": "decimal comma"}') for row in rows], SCHEMA, orient="row"
    )


DEALS = ("deals.csv", "read", 100, 96, 3, 1)
LEADS = ("leads.csv", "read", 50, 50, 0, 0)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        pytest.param([], "No file was found in the exports folder.", id="empty folder"),
        pytest.param([LEADS], "The one file was read; every one of 50 rows could be used.", id="all is well"),
        pytest.param([LEADS, DEALS], "All 2 files were read; 3 of 150 rows wait for correction.", id="rows wait"),
        pytest.param(
            [LEADS, ("old.xlsx", "unrecognised", 0, 0, 0, 0)],
            "1 of 2 files were read; every one of 50 rows could be used.",
            id="a file nobody knows",
        ),
        pytest.param(
            [("fairs.xlsx [Costs]", "read", 6, 6, 0, 0), ("fairs.xlsx [Guests]", "read", 9, 9, 0, 0)],
            "The one file was read; every one of 15 rows could be used.",
            id="two sheets are one file",
        ),
    ],
)
def test_the_page_in_one_sentence(rows, sentence):
    assert headline(health(files(*rows))) == sentence


def test_repeats_do_not_count_against_what_was_kept():
    assert health(files(DEALS)).share_kept == pytest.approx(96 / 99)
    assert health(files()).share_kept is None


def test_only_files_without_rows_need_attention():
    assert troubled(files(LEADS, ("a.csv", "refused", 0, 0, 0, 0))) == [("a.csv", "Refused", "what to do")]


def test_decisions_name_file_and_column():
    assert decisions(files(LEADS)).row(0) == ("leads.csv", "Amount", "decimal comma")


def test_a_failed_check_that_may_pass_is_only_worth_a_look():
    checks = pl.DataFrame(
        [("a", "warn", "failed"), ("b", "fail", "passed"), ("volume_deals", "fail", "failed")],
        ["check_name", "severity", "status"],
        orient="row",
    )
    told = checks_in_words(checks, {"a": "Who?", "b": "What?"}.get)
    assert told["verdict"].to_list() == ["Worth a look", "Passed", "Failed"]
    assert "deals" in told["asked"][2]


def test_every_rule_of_the_sources_has_its_words():
    told = "\n".join(file.read_text("utf-8") for file in python_files("pipeline/sources"))
    codes = set(re.findall(r'Fault\(\s*"([a-z_]+)"', told))
    assert len(codes) > 5
    assert codes <= set(rejections.rules()), "findings/rejections.py says what to do about every rule"


def test_a_rule_without_words_keeps_its_code():
    assert rejections.in_words(pl.DataFrame({"rule": ["brand_new"]}))["problem"][0] == "brand_new"


def test_each_file_shows_its_equation():
    figure = charts.rows_by_file(files(DEALS, LEADS))
    assert [bar.x[-1] for bar in figure.data] == [96, 3, 1]
    assert "100 = 96 + 3 + 1" in figure.layout.annotations[-1].text


def test_a_file_name_is_no_markup():
    figure = charts.rows_by_file(files(("<a href='http://evil.example'>x</a>.csv", "read", 1, 1, 0, 0)))
    assert "<a" not in figure.to_json()
    assert plain("a < b & c") == "a &lt; b &amp; c"


def test_nothing_read_draws_an_empty_chart():
    assert len(charts.rows_by_file(files()).data[0].x) == 0


def test_static_files_bring_their_licence():
    assert "SIL Open Font License" in (ROOT / "static" / "Inter-OFL.txt").read_text("utf-8")
