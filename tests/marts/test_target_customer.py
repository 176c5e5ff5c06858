"""Size bands, and which companies fit the target customer both departments agreed on."""

import polars as pl
import pytest

from agreement.sections import TargetCustomer
from pipeline.marts.target_customer import size_band
from tests.marts.story import TERMS, judged, only, tables


@pytest.mark.parametrize(
    ("given", "band"),
    [
        pytest.param("0", "0–9", id="nobody yet"),
        pytest.param("9", "0–9", id="last of a band"),
        pytest.param("10", "10–49", id="first of the next"),
        pytest.param(" 249 ", "50–249", id="blanks around it"),
        pytest.param("250", "250–999", id="250"),
        pytest.param("1.200", "1000+", id="grouped by a German"),
        pytest.param("12,500", "1000+", id="grouped by an American"),
        pytest.param("11-50", "11–50", id="a band of the CRM"),
        pytest.param("11 – 50", "11–50", id="a band with blanks"),
        pytest.param("10,001+", "10,001+", id="open band"),
        pytest.param("-3", "-3", id="nonsense stays visible"),
        pytest.param("klein", "klein", id="a word"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_numbers_are_banded_and_bands_stay(given, band):
    told = pl.DataFrame({"given": [given]}, {"given": pl.String})
    assert told.select(size_band(pl.col("given"))).item() == band


def fitting(account=(), lead=(), **agreed) -> bool | None:
    empty = {"segments": (), "regions": (), "employees_bands": (), "industries": ()}
    terms = TERMS.model_copy(update={"target_customer": TargetCustomer(**empty | agreed)})
    created = {"lead_id": "L", "account_id": "A", "created_at": "2026-01-05 09:00"}
    story = tables(leads=[created | dict(lead)], accounts=[{"account_id": "A"} | dict(account)])
    return only(judged(story, terms)["leads"])["fits_target_customer"]


SMALL = {"employees_band": "12", "industry": "Optik", "region": "Bayern"}


@pytest.mark.parametrize(
    ("account", "lead", "agreed", "fit"),
    [
        pytest.param(SMALL, {}, {}, None, id="nothing is agreed"),
        pytest.param(SMALL, {}, {"employees_bands": ("10-49",)}, True, id="size, however the dash is typed"),
        pytest.param(SMALL, {}, {"employees_bands": ("50-249", "250-999")}, False, id="too small"),
        pytest.param(SMALL, {}, {"industries": (" optik",), "regions": ("bayern",)}, True, id="case and blanks"),
        pytest.param(SMALL, {"region": "Hessen"}, {"regions": ("Bayern",)}, False, id="the lead's own region counts"),
        pytest.param(SMALL, {}, {"regions": ("Bayern",), "segments": ("KMU",)}, None, id="segment unknown"),
        pytest.param(SMALL, {}, {"regions": ("Hessen",), "segments": ("KMU",)}, False, id="region decides alone"),
        pytest.param(SMALL, {"segment": "KMU"}, {"regions": ("Bayern",), "segments": ("KMU",)}, True, id="all fit"),
    ],
)
def test_a_lead_fits_where_everything_agreed_fits(account, lead, agreed, fit):
    assert fitting(account, lead, **agreed) is fit
