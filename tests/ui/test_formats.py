"""Numbers, money, shares and dates in both languages, against CLDR's own figures."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

import locales
from locales import formats
from tests.golden import load

GERMAN = load("de_number_formats")["expected"]


@pytest.fixture
def german():
    locales.use("de")
    yield
    locales.use("en")


@pytest.mark.usefixtures("german")
def test_german_is_written_as_cldr_says():
    assert formats.number(1234567) == GERMAN["integer"]
    assert formats.number(1234.5, 2) == GERMAN["decimal"]
    assert formats.money(Decimal("1234567.89"), "EUR", 2) == GERMAN["eur"]
    assert formats.money(1234567.89, "EUR") == GERMAN["eur_0"]
    assert formats.money(-1234.5, "EUR", 2) == GERMAN["eur_negative"]
    # two decimals where CLDR's short form has one: 40,000 euros are news in a weekly meeting
    assert formats.short_money(1_234_567.89, "EUR") == GERMAN["eur_compact_million"].replace("1,2", "1,23")
    assert formats.short_money(45_300, "EUR") == GERMAN["eur_compact_45300"]
    assert formats.percent(0.123) == GERMAN["percent"]
    assert formats.day(date(2026, 3, 9)) == GERMAN["date"]


def test_english_puts_the_day_first_and_the_sign_in_front():
    locales.use("en")
    assert formats.number(1234567.891, 2) == "1,234,567.89"
    assert formats.money(1234.5, "EUR", 2) == "€1,234.50"
    assert formats.percent(0.1234) == "12.3%"
    assert formats.day(date(2026, 3, 9)) == "9 Mar 2026"


@pytest.mark.parametrize("write", [formats.number, formats.percent, formats.points, formats.day, formats.day_and_time])
def test_nothing_is_a_dash(write):
    assert write(None) == "–"


def test_changes_carry_their_sign():
    locales.use("en")
    assert formats.number(3, signed=True) == "+3"
    assert formats.number(-3, signed=True) == "-3"
    assert formats.number(0, signed=True) == "0"
    assert formats.points(0.021) == "+2.1"
    assert formats.percent(-0.05, signed=True) == "-5.0%"


def test_time_is_told_in_the_moments_own_zone():
    locales.use("en")
    assert formats.day_and_time(datetime(2026, 7, 1, 13, 5, tzinfo=ZoneInfo("Europe/Berlin"))) == "1 Jul 2026, 13:05"


@pytest.mark.parametrize(
    ("wish", "language"), [("de-AT", "de"), ("de", "de"), ("DE_ch", "de"), ("fr-FR", "en"), ("", "en"), (None, "en")]
)
def test_the_browsers_wish_is_met_where_possible(wish, language):
    assert locales.matching(wish) == language


@pytest.mark.parametrize(
    ("amount", "german", "english"),
    [
        pytest.param(999_999, "999.999 €", "€999,999", id="below a million in full"),
        pytest.param(1_000_000, "1,00 Mio. €", "€1.00M", id="a million"),
        pytest.param(Decimal("12345678.90"), "12,35 Mio. €", "€12.35M", id="rounded"),
        pytest.param(-1_040_000, "-1,04 Mio. €", "-€1.04M", id="a loss"),
        pytest.param(999_999_999, "1,00 Mrd. €", "€1.00B", id="never a thousand millions"),
        pytest.param(None, "–", "–", id="nothing"),
    ],
)
def test_headlines_say_millions_with_two_decimals(amount, german, english):
    locales.use("de")
    assert formats.short_money(amount, "EUR").replace("\u00a0", " ") == german
    locales.use("en")
    assert formats.short_money(amount, "EUR") == english


def test_the_sign_of_money_stands_where_the_reader_expects_it():
    locales.use("de")
    assert formats.sign_of_money("EUR") == ("", "\u00a0€")
    locales.use("en")
    assert formats.sign_of_money("EUR") == ("€", "")
