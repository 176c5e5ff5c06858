"""Dates of every style, in one column, across clock changes: exact in UTC, or set apart with the reason."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import dates
from pipeline.sources.dates import DateStyle
from pipeline.sources.faults import NUMERIC_CELL, Fault, Refused
from tests.sources.conftest import LEADS, Import

BERLIN = "Europe/Berlin"
DMY, MDY, ANY = DateStyle("dmy"), DateStyle("mdy"), DateStyle()


def read(
    cell: str, style: DateStyle = ANY, zone: str = BERLIN, fold: str = "first"
) -> tuple[datetime | None, bool | None]:
    row = dates.cast(pl.Series([cell]), style, zone, fold).row(0)
    return row[0], row[1]


@pytest.mark.parametrize(
    ("cell", "style", "local", "is_day"),
    [
        pytest.param("2026-01-05", ANY, "2026-01-05 00:00", True, id="ISO day"),
        pytest.param("2026-01-05 09:31", ANY, "2026-01-05 09:31", False, id="ISO minute"),
        pytest.param("2026-01-05T09:31:07.250", ANY, "2026-01-05 09:31:07.250", False, id="ISO with a fraction"),
        pytest.param("2026-01-05T09:31:07Z", ANY, "2026-01-05 10:31:07", False, id="Z is UTC"),
        pytest.param("2026-01-05 10:00:00+00", ANY, "2026-01-05 11:00", False, id="an offset of hours"),
        pytest.param("2026-01-05T10:00:00-05:30", ANY, "2026-01-05 16:30", False, id="an offset of minutes"),
        pytest.param("5.1.2026", ANY, "2026-01-05 00:00", True, id="dots are day first"),
        pytest.param("05.01.2026, 09:31", ANY, "2026-01-05 09:31", False, id="German with a comma"),
        pytest.param("05.01.2026 09:31 Uhr", ANY, "2026-01-05 09:31", False, id="Uhr"),
        pytest.param("05/01/2026", DMY, "2026-01-05 00:00", True, id="slashes, day first"),
        pytest.param("1/5/2026 3:04 PM", MDY, "2026-01-05 15:04", False, id="American afternoon"),
        pytest.param("1/5/2026 12:04 AM", MDY, "2026-01-05 00:04", False, id="American midnight"),
        pytest.param("15 Apr, 2021 00:03:00", ANY, "2021-04-15 00:03", False, id="English month"),
        pytest.param("12. März 2026", ANY, "2026-03-12 00:00", True, id="German month"),
        pytest.param("September 1, 2026", ANY, "2026-09-01 00:00", True, id="month first"),
        pytest.param("Mon, 05 Jan 2026", ANY, "2026-01-05 00:00", True, id="weekday before"),
        pytest.param("20260105", ANY, "2026-01-05 00:00", True, id="digits alone"),
        pytest.param(NUMERIC_CELL + "45323", ANY, "2024-02-01 00:00", True, id="day number of a spreadsheet"),
        pytest.param(NUMERIC_CELL + "45323.5", ANY, "2024-02-01 12:00", False, id="day number with half a day"),
        pytest.param(
            "1.2.24", DateStyle(formats=("%d.%m.%y",)), "2024-02-01 00:00", True, id="two-digit year, declared"
        ),
        pytest.param("1767605467", DateStyle(number="epoch_s"), "2026-01-05 10:31:07", False, id="seconds since 1970"),
    ],
)
def test_spellings(cell: str, style: DateStyle, local: str, is_day: bool) -> None:
    expected = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)
    assert read(cell, style) == (expected, is_day)


@pytest.mark.parametrize(
    ("cell", "style", "rule"),
    [
        pytest.param("31.02.2024", ANY, "not_a_date", id="no such day"),
        pytest.param("29.02.2023", ANY, "not_a_date", id="no leap year"),
        pytest.param("00.00.0000", ANY, "not_a_date", id="zeros"),
        pytest.param("1.2.24", ANY, "two_digit_year", id="two-digit year, not declared"),
        pytest.param("03/04/2026", ANY, "not_a_date", id="either order"),
        pytest.param("45323", ANY, "not_a_date", id="a number in a text file"),
        pytest.param("2026-01-05 24:30", ANY, "not_a_date", id="no such hour"),
        pytest.param("yesterday", ANY, "not_a_date", id="a word"),
    ],
)
def test_what_is_no_date_is_none(cell: str, style: DateStyle, rule: str) -> None:
    found = dates.parse(cell, style)
    assert isinstance(found, Fault)
    assert found.rule == rule
    assert read(cell, style) == (None, None)


def test_the_hour_that_was_skipped_is_no_time() -> None:
    assert read("2024-03-31 02:30") == (None, None)
    assert dates.is_in_gap("2024-03-31 02:30", ANY, BERLIN)
    assert read("2024-03-31 02:30", zone="UTC")[0] == datetime(2024, 3, 31, 2, 30, tzinfo=UTC)


def test_the_hour_that_came_twice_follows_the_declared_fold() -> None:
    first, second = (read("2024-10-27 02:30", fold=fold)[0] for fold in ("first", "second"))
    assert first == datetime(2024, 10, 27, 0, 30, tzinfo=UTC)
    assert second == datetime(2024, 10, 27, 1, 30, tzinfo=UTC)


def test_a_day_without_midnight_begins_at_one() -> None:
    assert read("2018-11-04", zone="America/Sao_Paulo") == (datetime(2018, 11, 4, 3, tzinfo=UTC), True)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        pytest.param(
            ["2023-04-12 09:31", "15/01/2025", "03/04/2025"], "dmy", id="ISO beside slashes, as HubSpot writes"
        ),
        pytest.param(["01/31/2026", "03/04/2025"], "mdy", id="a 31st in second place"),
        pytest.param(["05/05/2026", "2026-01-01"], None, id="the 5th of May is the same both ways"),
    ],
)
def test_the_whole_column_decides(cells: list[str], order: str | None) -> None:
    assert dates.observe(pl.Series(cells)).decide("Created") == order


def test_an_undecidable_column_names_the_line_to_add() -> None:
    with pytest.raises(Refused, match=r'“03/04/2025”.*\[columns\."Created"\] date = "dmy"'):
        dates.observe(pl.Series(["03/04/2025", "05/06/2025"])).decide("Created")


def test_both_orders_in_one_column_are_refused() -> None:
    with pytest.raises(Refused, match="mixes day/month and month/day"):
        dates.observe(pl.Series(["13/04/2025", "04/13/2025"])).decide("Created")


def test_mixed_styles_of_one_column_are_read_together() -> None:
    column = pl.Series(
        ["2023-04-12 09:31", "15/01/2025", None, "1.2.2024", "15 Apr, 2021 00:03:00", "2026-01-05T09:31:07Z"]
    )
    found = dates.cast(column, DMY, "UTC", "first")
    assert [at and at.isoformat()[:16] for at in found["at"]] == [
        "2023-04-12T09:31", "2025-01-15T00:00", None, "2024-02-01T00:00", "2021-04-15T00:03", "2026-01-05T09:31",
    ]  # fmt: skip
    assert found["is_day"].to_list() == [False, True, None, True, False, False]


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    st.sampled_from(["%d/%m/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
)
def test_quick_and_careful_reading_agree(at: datetime, written: str) -> None:
    cell = at.replace(microsecond=0).strftime(written)
    found = dates.parse(cell, DMY)
    assert not isinstance(found, Fault)
    quick = read(cell, DMY, zone="UTC")[0]
    assert quick is not None
    assert quick - found[0].replace(tzinfo=UTC) == timedelta(0)


def test_days_are_days_of_the_mapping_s_zone(bring: Import) -> None:
    text = LEADS.replace("[read]", '[read]\nzone = "America/New_York"')
    leads = bring({"x.csv": "Id,Created\n1,2026-07-01\n2,2026-07-01 08:00\n"}, mappings=(text,)).table("leads")
    assert leads["created_at"].to_list() == [datetime(2026, 7, 1, 4, tzinfo=UTC), datetime(2026, 7, 1, 12, tzinfo=UTC)]
    assert leads["created_at_is_date_only"].to_list() == [True, False]


def test_placeholders_gaps_and_the_future_are_set_apart(bring: Import) -> None:
    rows = ["1,10,2026-11-24,,", "2,10,2026-11-26,,", "3,10,1970-01-01,,", "4,10,1899-12-30,,", "5,10,9999-12-31,,",
            "6,10,2026-03-29 02:30,,", "7,10,2026-01-05,2031-01-01,", "8,10,2026-01-05,9999-12-31,"]  # fmt: skip
    outcome = bring({"deals.csv": "Deal,Amount,Created,Expected,Won\n" + "\n".join(rows) + "\n"})
    assert dict(outcome.rejected().select("row_number", "rule").iter_rows()) == {
        3: "future_date", 4: "sentinel_date", 5: "sentinel_date", 6: "sentinel_date", 7: "time_does_not_exist",
    }  # fmt: skip
    assert outcome.table("deals")["deal_id"].to_list() == ["1", "7", "8"]
    assert [str(day) for day in outcome.table("deals")["expected_close_date"]] == ["None", "2031-01-01", "None"]


def test_an_undecidable_file_is_refused_and_read_once_declared(bring: Import) -> None:
    files = {"leads.csv": "Id,Created,Source\na1,03/04/2026,Web\n"}
    refused = bring(files)
    assert refused.only.status == "refused"
    assert '[columns."Created"] date = "dmy"' in refused.only.message
    declared = bring(files, mappings=(LEADS.replace("[[table]]", '[columns."Created"]\ndate = "dmy"\n[[table]]'),))
    assert declared.table("leads")["created_at"][0] == datetime(2026, 4, 2, 22, tzinfo=UTC)
    assert declared.only.decisions["Created"] == "day/month/year (declared)"
