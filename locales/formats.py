"""Numbers, money, shares and dates as the reader writes them, through Babel and CLDR. Null is a dash."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_skeleton, get_month_names
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from locales import locale

NOTHING = "–"
Number = int | float | Decimal | None


def number(amount: Number, digits: int = 0, *, signed: bool = False) -> str:
    """`1.234.567` or, with two digits, `1.234.567,89`; `signed` writes the plus of a change."""
    if amount is None:
        return NOTHING
    return _sign(amount, signed) + str(format_decimal(amount, format=_pattern(digits), locale=locale()))


def money(amount: Number, currency: str, digits: int = 0, *, signed: bool = False) -> str:
    """`1.234.568 €`; `digits=2` for the cents."""
    if amount is None:
        return NOTHING
    pattern = locale().currency_formats["standard"].pattern.replace("0.00", _pattern(digits).removeprefix("#,##"))
    text = format_currency(amount, currency, format=pattern, locale=locale(), currency_digits=False)
    return _sign(amount, signed) + str(text)


def short_money(amount: Number, currency: str) -> str:
    """Money for a headline: `1,23 Mio. €` from a million on, `1,23 Mrd. €` from a billion; whole units below."""
    if amount is None or -1_000_000 < amount < 1_000_000:
        return money(amount, currency)
    unit = 1_000_000 if -999_995_000 < amount < 999_995_000 else 1_000_000_000  # 999.999.999 € are 1,00 Mrd. €
    pattern = locale().compact_currency_formats["short"]["other"][str(unit)].pattern.replace("0", "0.00", 1)
    return str(
        format_currency(Decimal(amount) / unit, currency, format=pattern, locale=locale(), currency_digits=False)
    )


def percent(share: Number, digits: int = 1, *, signed: bool = False) -> str:
    """A share of 1 as `12,3 %`."""
    if share is None:
        return NOTHING
    pattern = locale().percent_formats[None].pattern.replace("#,##0", _pattern(digits))
    return _sign(share, signed) + str(format_percent(share, format=pattern, locale=locale()))


def points(difference: Number, digits: int = 1) -> str:
    """The difference of two shares in percentage points, signed: `+2,1`."""
    return NOTHING if difference is None else number(difference * 100, digits, signed=True)


def sign_of_money(currency: str) -> tuple[str, str]:
    """What stands before and after an amount: `("", " €")` in German, `("€", "")` in English."""
    before, after = money(0, currency).split("0")
    return before, after


def day(moment: date | datetime | None) -> str:
    """`09.03.2026`; a datetime counts by its own zone."""
    return NOTHING if moment is None else str(format_date(moment, format="medium", locale=locale()))


def day_and_time(moment: datetime | None) -> str:
    """`09.03.2026, 13:05` in the moment's own zone."""
    if moment is None:
        return NOTHING
    return f"{day(moment)}, {format_datetime(moment, format='HH:mm', locale=locale())}"


def day_of_year(month: int, day_of_month: int) -> str:
    """`24.12.`, a day of every year."""
    return str(format_skeleton("Md", date(2024, month, day_of_month), locale=locale()))


def month_name(month: int) -> str:
    """`Januar` for 1."""
    return str(get_month_names("wide", context="stand-alone", locale=locale())[month])


def listed(words: Iterable[str]) -> str:
    """`Messe, Webinar und Inhalte`."""
    return str(format_list(list(words), locale=locale()))


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def _sign(amount: int | float | Decimal, signed: bool) -> str:
    return "+" if signed and amount > 0 else ""
