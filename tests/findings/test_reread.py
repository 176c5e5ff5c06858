"""A meeting is closed, records arrive late, people are merged: the bridge from then to today sums exactly."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

import locales
from agreement import frozen
from agreement.entries import Actor
from agreement.ledger import Ledger
from findings import reread

WEEK = date(2026, 11, 16)
RECORDS = {"kpi": pl.String, "record_id": pl.String, "day": pl.Date, "numerator": pl.Float64, "denominator": pl.Float64,
           "agreement_version": pl.String}  # fmt: skip


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def company(won: dict[str, float], merged: str = ""):
    """A build in which these deals were won in the week, as something that can be asked."""

    def ask(name: str, **_params: object) -> pl.DataFrame:
        if name == "weekly_review/records":
            rows = [("won_revenue", f"deal:{deal}", WEEK, amount, 0.0, "1") for deal, amount in won.items()]
            return pl.DataFrame(rows, schema=RECORDS, orient="row")
        told = [(f"deal:{deal}", False) for deal in won] + [(f"deal:{deal}", True) for deal in merged]
        return pl.DataFrame(told, schema={"record_id": pl.String, "is_merged": pl.Boolean}, orient="row")

    return ask


@pytest.fixture
def closing(tmp_path: Path):
    """The closing of a meeting that saw deals A to C."""
    ask = company({"A": 100.0, "B": 20.0, "C": 3.0})
    secret = frozen.key(tmp_path)
    digest = frozen.write(
        tmp_path, "2026-W47", reread.records(ask, secret, WEEK, WEEK, 90), reread.known(ask, secret)[0]
    )
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))
    body = {"kpis": [{"kpi": "won_revenue", "value": 123.0, "week": "2026-11-16"}], "records_hash": digest}
    return ledger.append(Actor("Mia", "marketing", is_verified=False), "closed", "meeting", "2026-W47", body)


def test_late_merged_and_corrected_records_add_up_to_today(tmp_path, closing):
    found = reread.restated(company({"A": 90.0, "B": 20.0, "D": 7.5}, merged="C"), tmp_path, closing, 90)
    assert found
    (bridge,) = found.figures
    assert (bridge.frozen, bridge.today) == (123.0, 117.5)
    assert bridge.frozen + sum(amount for _reason, amount in bridge.reasons) == pytest.approx(bridge.today)
    assert {(row["reason"], row["then"], row["today"]) for row in found.moved.to_dicts()} == {
        ("arrived late", None, 7.5), ("merged", 3.0, None), ("corrected", 100.0, 90.0),
    }  # fmt: skip


def test_a_record_that_is_gone_keeps_its_pseudonym_alone(tmp_path, closing):
    found = reread.restated(company({"A": 100.0, "B": 20.0}), tmp_path, closing, 90)
    assert found
    (row,) = found.moved.to_dicts()
    assert row["record"] == frozen.pseudonym(frozen.key(tmp_path), "deal:C")
    assert "removed" in row["reason"]


def test_nothing_moved_and_nothing_known_are_different_things(tmp_path, closing):
    same = reread.restated(company({"A": 100.0, "B": 20.0, "C": 3.0}), tmp_path, closing, 90)
    assert reread.in_words(same, [], "EUR") == ["Every frozen figure reads the same today."]
    for file in (tmp_path / frozen.FOLDER).iterdir():
        file.unlink()
    gone = reread.restated(company({"A": 100.0}), tmp_path, closing, 90)
    assert (gone, reread.in_words(gone, [], "EUR")) == (None, [])
