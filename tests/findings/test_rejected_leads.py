"""What sales says about a campaign's leads: shares with their interval, reasons by number, and who stands out."""

import polars as pl
import pytest

from findings import rejected_leads

NAMES = {"no_need": "No need", "wrong_audience": "Wrong audience"}


def found(*rows):
    """Rows (campaign, decision, reason, leads)."""
    told = [(name, name.upper() if name != "x" else None, *rest) for name, *rest in rows]
    schema = dict.fromkeys(["campaign_id", "campaign", "decision", "reject_reason"], pl.String) | {"leads": pl.Int64}
    return rejected_leads.by_campaign(pl.DataFrame(told, schema=schema, orient="row"), NAMES)


def test_a_campaign_shows_its_share_its_interval_and_why():
    rows = found(
        ("fair", "accepted", None, 6), ("fair", "rejected", "no_need", 3), ("fair", "rejected", None, 1),
        ("mail", "accepted", None, 2),
    )  # fmt: skip
    assert rows.select("campaign", "decided", "rejected", "share", "interval", "reasons").rows() == [
        ("FAIR", 10, 4, 0.4, "17% – 69%", "No need 3, no reason given 1"),
        ("MAIL", 2, 0, 0.0, "0% – 66%", ""),
    ]


def test_three_reasons_are_named_and_what_sales_wrote_stays_as_it_is():
    rows = found(
        *(("fair", "rejected", reason, n) for n, reason in enumerate(["b", "a", "no_need", "Messe <b>", "c"], 1))
    )
    assert rows["reasons"].to_list() == ["c 5, Messe <b> 4, No need 3, others 3"]


def test_a_campaign_nobody_listed_goes_by_its_id():
    assert found(("x", "rejected", "no_need", 1))["campaign"].to_list() == ["x"]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([], "Sales decided on no lead of a campaign here.", id="nothing decided"),
        pytest.param([("a", "rejected", None, 1)], "Sales rejected 100% of the one lead it decided on. No campaign"
                     " differs dependably from the others.", id="one lead"),
        pytest.param(
            [("a", "rejected", None, 60), ("a", "accepted", None, 40), ("b", "rejected", None, 20),
             ("b", "accepted", None, 80), ("c", "rejected", None, 2), ("c", "accepted", None, 1)],
            "Sales rejected 40% of 203 leads it decided on. More than of all others together: A.",
            id="one stands out; two of three do not",
        ),
    ],
)  # fmt: skip
def test_only_what_is_beyond_chance_is_named(rows, said):
    assert rejected_leads.sentence(found(*rows)) == said
