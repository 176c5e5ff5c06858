"""What both departments rule on credit is in the next build, closes to the cent, and is gone once it is revoked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from agreement import contests
from agreement.entries import Actor
from agreement.ledger import Ledger
from pipeline.build import BuildResult
from tests.pipeline.company import WON_DEALS, ask, built, won_deals

MIA, SAM, LEA = Actor("Mia", "marketing"), Actor("Sam", "sales"), Actor("Lea", "leadership")
OBJECT = contests.object_id("D1", "D1-form")
SUMS = (
    "select deal_id, model, sum(credit), round(sum(share), 9) from mart.credits where basis = 'won' group by all order"
    " by all"
)
CREDITS = "select model, touch_id, credit, ruling_id from mart.credits where deal_id = '{}' order by all"


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four won deals, each with the same five touches; the amounts do not divide evenly."""
    return won_deals(tmp_path_factory.mktemp("contested") / "exports").parent


@pytest.fixture(scope="module")
def before(company: Path) -> BuildResult:
    """The build before anybody contests anything."""
    return built(company)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ticks = (datetime(2026, 11, 20, 8, tzinfo=UTC) + timedelta(minutes=n) for n in range(1000))
    book = Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", clock=lambda: next(ticks))
    yield book
    book.close()


def credit(file, model, deal="D1") -> dict[str, Decimal]:
    """What each touch of the deal earns under the model, by the touch's short name."""
    rows = ask(file, CREDITS.format(deal))
    return {touch.partition("-")[2]: amount for of, touch, amount, _ in rows if of == model and touch}


def contest(book: Ledger, wish: str, to: str | None = None) -> None:
    """Sales doubts the form's credit; marketing does not agree."""
    told = {"deal_id": "D1", "touch_id": "D1-form", "wish": wish, "to_touch_id": to}
    book.append(SAM, "contested", contests.KIND, OBJECT, told, "They had called us before")
    book.append(MIA, "answered", contests.KIND, OBJECT, {"agrees": False}, "The form is what brought them")


def rule(book: Ledger, ruling: str, to: str | None = None) -> int:
    told = {"deal_id": "D1", "touch_id": "D1-form", "ruling": ruling, "to_touch_id": to}
    return book.append(LEA, "ruled", contests.KIND, OBJECT, told).seq


def assert_closed(file: object) -> None:
    """Every model of every deal adds up to its amount, to the cent, and its shares to one."""
    found = ask(file, SUMS)
    models = {model for _, model, _, _ in found}
    assert len(found) == len(WON_DEALS) * len(models)
    assert len(models) >= 11
    assert {(deal, total) for deal, _, total, _ in found} == {(d, Decimal(a)) for d, a in WON_DEALS.items()}
    assert {shares for *_, shares in found} == {1.0}


def test_before_anybody_contests_the_form_holds_the_lead(before):
    assert_closed(before)
    assert credit(before, "u_shaped") == {
        "visit": Decimal("4000.00"), "form": Decimal("4000.00"), "mail": Decimal("666.67"), "fair": Decimal("666.67"),
        "talk": Decimal("666.67"),
    }  # fmt: skip


def test_a_contest_alone_moves_nothing(company, before, ledger):
    contest(ledger, "exclude")
    found = built(company, ledger=str(ledger.url))
    assert ask(found, CREDITS.format("D1")) == ask(before, CREDITS.format("D1"))


@pytest.mark.parametrize(
    ("ruling", "to", "linear", "buckets"),
    [
        pytest.param(
            "keep", None, {"visit": 2000, "form": 2000, "mail": 2000, "fair": 2000, "talk": 2000}, 1, id="keep"
        ),
        pytest.param(
            "move",
            "fair",
            {"visit": 2000, "form": 0, "mail": 2000, "fair": 4000, "talk": 2000},
            7,
            id="move to the fair",
        ),
        pytest.param("exclude", None, {"visit": 2500, "mail": 2500, "fair": 2500, "talk": 2500}, 1, id="exclude"),
    ],
)
def test_a_ruling_is_in_the_next_build_and_closes_and_a_revoked_one_leaves_no_trace(
    company, before, ledger, ruling, to, linear, buckets
):
    target = f"D1-{to}" if to else None
    contest(ledger, "exclude" if ruling == "keep" else ruling, target)
    number = rule(ledger, ruling, target)
    after = built(company, ledger=str(ledger.url), buckets=buckets)
    assert_closed(after)
    found = credit(after, "linear")
    assert found.keys() == linear.keys()
    assert all(abs(found[name] - amount) <= Decimal("0.01") for name, amount in linear.items())
    for deal in ("D2", "D3", "D4"):
        assert ask(after, CREDITS.format(deal)) == ask(before, CREDITS.format(deal)), "other deals are not touched"
    named = {touch for _, touch, _, ruling_id in ask(after, CREDITS.format("D1")) if ruling_id == str(number)}
    assert named == {"keep": {"D1-form"}, "move": {"D1-form", "D1-fair"}, "exclude": set()}[ruling]
    gone = ask(after, "select exclusion from mart.touches where touch_id = 'D1-form' and deal_id = 'D1'")
    assert gone == [("ruled_out" if ruling == "exclude" else None,)]
    ledger.append(LEA, "ruling_revoked", contests.KIND, OBJECT, {}, "New papers turned up")
    again = built(company, ledger=str(ledger.url))
    assert ask(again, CREDITS.format("D1")) == ask(before, CREDITS.format("D1"))
    assert_closed(again)
