"""Every spelling of a number is read exactly, or the column is refused with the line to add; nothing is guessed."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources import numbers
from pipeline.sources.faults import NUMERIC_CELL, Fault, Refused


def observed(*cells: str, is_share: bool = False) -> numbers.NumberEvidence:
    return numbers.observe(pl.Series(cells), is_share=is_share)


@pytest.mark.parametrize(
    ("cell", "style", "number"),
    [
        pytest.param("1.234,56 €", "comma", "1234.56", id="German with the euro sign"),
        pytest.param("-1.234,56", "comma", "-1234.56", id="minus before"),
        pytest.param("1.234,56-", "comma", "-1234.56", id="minus behind, as SAP writes"),
        pytest.param("(1.234,56)", "comma", "-1234.56", id="brackets of accountants"),
        pytest.param("1\u00a0234,56", "comma", "1234.56", id="hard blank groups"),
        pytest.param("1\u202f234,56", "comma", "1234.56", id="narrow blank groups"),
        pytest.param("1'234.56", "point", "1234.56", id="Swiss"),
        pytest.param("$342.09K", "point", "342090", id="thousands as K"),
        pytest.param("$1,117.10K", "point", "1117100", id="grouped thousands as K"),
        pytest.param("2,5 Mio. €", "comma", "2500000", id="Mio."),
        pytest.param("EUR 12", "point", "12", id="currency before"),
        pytest.param("1,50,000.00", "point", "150000", id="Indian groups"),
        pytest.param("−5", "point", "-5", id="a true minus sign"),
        pytest.param(".5", "point", "0.5", id="no digit before the point"),
        pytest.param("12,5 %", "comma", "0.125", id="percent"),
        pytest.param(NUMERIC_CELL + "1.234", "comma", "1.234", id="a typed cell needs no style"),
    ],
)
def test_spellings(cell: str, style: numbers.Style, number: str) -> None:
    assert numbers.parse(cell, style) == Decimal(number)
    assert numbers.cast(pl.Series([cell]), style)[0] == Decimal(number)


@pytest.mark.parametrize(
    "cell", ["NaN", "inf", "1.2.3", "12-13", "abc", "1,23,4", "--5", "", "(5", "1.234.5", NUMERIC_CELL + "nan"]
)
def test_what_is_no_number_is_none(cell: str) -> None:
    assert isinstance(numbers.parse(cell, "point"), Fault)
    assert numbers.cast(pl.Series([cell]), "point")[0] is None


@pytest.mark.parametrize(
    ("cells", "style"),
    [
        pytest.param(["1.234", "5,5"], "comma", id="a comma with one digit behind decides"),
        pytest.param(["1,234", "0.125"], "point", id="no group begins with zero"),
        pytest.param(["1.234.567", "1.234"], "comma", id="two points group"),
        pytest.param(["1,234", "1234.567"], "point", id="four digits before the point are no group"),
        pytest.param(["1.234,56"], "comma", id="the last mark is the decimal one"),
        pytest.param(["12", "5"], None, id="no marks, no style"),
        pytest.param(["1.234", NUMERIC_CELL + "1.5", "2,25"], "comma", id="typed cells say nothing about text"),
    ],
)
def test_the_whole_column_decides(cells: list[str], style: str | None) -> None:
    assert observed(*cells).decide("Amount") == style


def test_an_undecidable_column_names_the_line_to_add() -> None:
    with pytest.raises(Refused, match=r'“1\.234”.*\[columns\."Betrag"\] decimal = "comma"'):
        observed("1.234", "12.345").decide("Betrag")


def test_both_styles_in_one_column_are_refused() -> None:
    with pytest.raises(Refused, match="both decimal styles"):
        observed("1.5", "1,5").decide("Amount")


def test_percentages_beside_bare_numbers_are_refused() -> None:
    with pytest.raises(Refused, match="mixes scales"):
        observed("12,5 %", "0,125", is_share=True).decide("Score")


def test_counts_need_no_style() -> None:
    assert numbers.whole(pl.Series(["1,234", "1.234", "12", "1 000", "5.0", "1,5", "x"])).to_list() == [
        1234,
        1234,
        12,
        1000,
        5,
        None,
        None,
    ]


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False), st.sampled_from(["point", "comma"])
)
def test_what_is_written_is_read(number: Decimal, style: numbers.Style) -> None:
    english = f"{number:,.2f}"
    written = english if style == "point" else english.translate(str.maketrans(",.", ".,"))
    assert numbers.cast(pl.Series([written, f"{written} €"]), style).to_list() == [number, number]
    assert observed(written).decide("x") == style
