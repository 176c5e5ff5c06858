"""The planted effects are there to be found, and the figures are those of a real company."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays as calendar
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import load
from agreement.clocks import calendar_of
from findings.weekly_figures import figures
from pipeline.demo import clock

from .reading import Exports

BERLIN = ZoneInfo("Europe/Berlin")


def test_fast_answers_convert_better(company: Exports) -> None:
    seen = company.truth["planted"]["fast_answers"]["seen_in_leads_answered_90_days_ago"]
    assert seen["fast"]["accepted_rate"] > seen["slow"]["accepted_rate"] + 0.08
    assert seen["fast"]["opportunity_rate"] > seen["slow"]["opportunity_rate"] + 0.06


def test_a_good_source_waits_and_a_bad_one_does_not(company: Exports) -> None:
    sources = company.truth["planted"]["sources"]
    good, bad = sources["good_but_slowly_answered"], sources["bad"]
    assert good["share_answered_fast"] < 0.5 < 0.7 < bad["share_answered_fast"]
    assert good["opportunities"] / good["leads"] > 2.5 * bad["opportunities"] / bad["leads"]
    named = [row["Original Source"] for row in company.contacts]
    assert named.count(good["original_source"]) >= good["leads"]


def test_friday_afternoon_handovers_wait_longer(company: Exports) -> None:
    friday = company.truth["planted"]["friday_afternoon"]
    assert friday["handovers"] > 50
    assert friday["share_answered_fast"] < friday["share_answered_fast_else"] - 0.2


def test_the_figures_are_plausible(company: Exports) -> None:
    first, deals = company.truth["lead_stages"]["cycle_1"], company.truth["deals"]
    assert 0.5 < first["mql"] / first["lead"] < 0.65
    assert 0.62 < first["sal"] / first["mql"] < 0.78
    assert 0.25 < deals["win_rate"] < 0.36
    amounts = [float(deal["Amount"]) for deal in company.deals]
    assert min(amounts) >= 10_000
    assert max(amounts) <= 550_000
    weekly = company.truth["new_leads_by_week"]
    august = [count for week, count in weekly.items() if week[5:7] == "08"]
    spring = [count for week, count in weekly.items() if week[5:7] in ("03", "04")]
    assert np.mean(august) < 0.75 * np.mean(spring)
    assert weekly["2025-12-29"] < 0.4 * np.mean(spring)


def test_edges_of_clock_and_year_are_in_the_log(company: Exports) -> None:
    dates = {row["Activity date"] for row in company.log}
    edges = company.truth["planted"]["edge_touches_berlin"]
    assert {"2026-03-29 01:59:59", "2026-03-29 03:00:00", "2025-10-26 02:30:00", "2025-12-31 23:59:59"} <= set(edges)
    assert set(edges) <= dates
    assert all(count > 0 for count in company.truth["planted"]["dst_handovers"].values())
    # the hour that does not exist is never written
    assert not any(text.startswith("2026-03-29 02:") for text in dates)


def _wall(text: str) -> np.ndarray:
    return np.array([text.replace(" ", "T")], dtype="datetime64[s]").astype(np.int64)


def _text(local: np.ndarray) -> str:
    return str(local.astype("datetime64[s]")[0]).replace("T", " ")


@given(st.integers(1_577_836_800, 2_050_000_000))
def test_berlin_time_agrees_with_the_time_zone_database(instant: int) -> None:
    known = datetime.fromtimestamp(instant, BERLIN)
    local = clock.to_local(np.array([instant]))
    # the second pass through the doubled hour of autumn is written one hour later, so that it is never ambiguous
    written = known.replace(tzinfo=None) + timedelta(hours=known.fold)
    assert _text(local) == f"{written:%Y-%m-%d %H:%M:%S}"
    assert known.fold or clock.to_utc(local)[0] == instant


@pytest.mark.parametrize(
    ("utc", "berlin"),
    [
        pytest.param("2025-10-26 00:30:00", "2025-10-26 02:30:00", id="first pass"),
        pytest.param("2025-10-26 01:30:00", "2025-10-26 03:30:00", id="second pass, moved"),
        pytest.param("2026-03-29 00:59:59", "2026-03-29 01:59:59", id="before the gap"),
        pytest.param("2026-03-29 01:00:00", "2026-03-29 03:00:00", id="after the gap"),
    ],
)
def test_the_two_nights_of_the_year(utc: str, berlin: str) -> None:
    assert _text(clock.to_local(_wall(utc))) == berlin


@pytest.mark.parametrize("year", range(2024, 2031))
def test_holidays_are_those_of_baden_wuerttemberg(year: int) -> None:
    closing = {date(year, 12, 24), date(year, 12, 31)}
    assert clock.holidays(year) - closing == set(calendar.Germany(subdiv="BW", years=year))


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        pytest.param("2026-06-03 17:00", 30, "2026-06-05 08:45", id="Fronleichnam and the night do not count"),
        pytest.param("2026-06-05 15:50", 20, "2026-06-08 08:40", id="Friday ends at four"),
        pytest.param("2026-06-08 11:50", 20, "2026-06-08 12:55", id="lunch does not count"),
        pytest.param("2026-03-27 15:30", 60, "2026-03-30 09:00", id="over the change of clocks"),
    ],
)
def test_working_hours(start: str, minutes: int, end: str) -> None:
    hours = clock.WorkingHours(date(2026, 1, 1), date(2026, 12, 31), saturday=False)
    reached = hours.after(clock.to_utc(_wall(start)), np.array([minutes * 60]))
    assert _text(clock.to_local(reached)) == f"{end}:00"


def test_the_saturday_team_works_on_saturdays() -> None:
    hours = clock.WorkingHours(date(2026, 1, 1), date(2026, 12, 31), saturday=True)
    friday = clock.to_utc(_wall("2026-06-12 15:50"))
    assert _text(clock.to_local(hours.after(friday, np.array([1_200])))) == "2026-06-13 09:10:00"


def test_the_planted_week_is_the_only_signal_of_its_figure(company: Exports) -> None:
    """Judged as the meeting judges: per working day, by the limits of the weeks before, half a year back."""
    shift = company.truth["planted"]["shift_week"]
    monday = date.fromisoformat(shift["week_start"])
    told = [
        (shift["kpi"], date.fromisoformat(week), float(count), None, True)
        for week, count in company.truth["new_leads_by_week"].items()
    ]
    schema = ["kpi", "week_start", "numerator", "denominator", "is_mature"]
    rows = pl.DataFrame(told, schema=schema, orient="row")
    agreed = load(company.folder / "agreement.toml")
    until, signals = max(rows["week_start"]), set()  # the week of the export is not over
    for _week in range(26):
        terms = agreed.terms_on(until - timedelta(days=1))
        calendar = calendar_of(terms, terms.working_time)
        found = figures(rows, until, [shift["kpi"]], terms.meeting.baseline_weeks, calendar)[0]
        signals |= {found.week} if found.is_signal else set()
        until -= timedelta(weeks=1)
    assert signals == {monday}
