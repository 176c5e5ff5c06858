"""Weeks and fiscal years: ISO 8601 weeks (KW), which belong to their ISO year, and years that start in any month.

2026 has 53 weeks, so "the same week last year" is the week 364 days earlier, never the week of the same number.
"""

from datetime import date, timedelta

YEAR_ON_YEAR = timedelta(days=364)
"""52 whole weeks: the same weekdays a year ago."""


def week_start(day: date) -> date:
    """The Monday of the day's ISO week."""
    return day - timedelta(days=day.weekday())


def week_label(day: date, prefix: str = "KW") -> str:
    """The ISO week with its ISO year, "KW 53/2026"; 1 January 2027 lies in it."""
    year, week, _ = day.isocalendar()
    return f"{prefix} {week:02}/{year}"


def weeks_in_year(iso_year: int) -> int:
    """52 or 53: the week in which 28 December lies is always the last one."""
    return date(iso_year, 12, 28).isocalendar().week


def year_earlier(day: date) -> date:
    """The day to compare with, year on year: 364 days earlier, so a week start stays a week start."""
    return day - YEAR_ON_YEAR


def fiscal_year_start(day: date, start_month: int = 1) -> date:
    """First day of the fiscal year in which the day lies. Raises ValueError for a month outside 1 to 12."""
    if start_month not in range(1, 13):
        raise ValueError(f"a fiscal year cannot start in month {start_month}")
    return date(day.year if day.month >= start_month else day.year - 1, start_month, 1)


def fiscal_year_label(day: date, start_month: int = 1, prefix: str = "GJ") -> str:
    """Label "GJ 2026" for a fiscal year that is the calendar year, else "GJ 2025/26"."""
    year = fiscal_year_start(day, start_month).year
    return f"{prefix} {year}" if start_month == 1 else f"{prefix} {year}/{(year + 1) % 100:02}"


def fiscal_quarter(day: date, start_month: int = 1) -> int:
    """Quarter 1 to 4 of the fiscal year in which the day lies."""
    return _months_into_year(day, start_month) // 3 + 1


def fiscal_quarter_start(day: date, start_month: int = 1) -> date:
    """First day of the fiscal quarter in which the day lies."""
    back = _months_into_year(day, start_month) % 3
    months = day.year * 12 + day.month - 1 - back
    return date(months // 12, months % 12 + 1, 1)


def _months_into_year(day: date, start_month: int) -> int:
    start = fiscal_year_start(day, start_month)
    return (day.year - start.year) * 12 + day.month - start.month
