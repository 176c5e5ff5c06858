"""Markov finds the channel effects that were planted in the demo company, and in their order.

A removal effect grows with reach: a channel everybody comes by has a large one, whether it helps or not. So the order
is checked where it can be known: between channels of like reach, and by what each has beyond its reach alone. Direct
visits take no part: by the terms they count only in journeys without any other touch.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb
import pytest
from scipy.stats import spearmanr

from queries.published import published_file
from tests.conftest import AS_OF, tandem


class Found(NamedTuple):
    """A channel's removal effect, beyond its reach alone, and its credit with the interval."""

    effect: float
    beyond_reach: float
    credit: float
    low: float
    high: float


class Company(NamedTuple):
    found: dict[str, Found]
    truth: dict
    is_large: bool


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((6_000, 60_000), id="6,000 leads"),
        pytest.param((100_000, 1_000_000), id="100,000 leads", marks=pytest.mark.soak),
    ],
)
def company(request: pytest.FixtureRequest, once: Callable[[str, Callable[[Path], object]], Path]) -> Company:
    leads, touches = request.param

    def fill(folder: Path) -> None:
        tandem("demo", "--out", folder / "exports", "--leads", leads, "--touches", touches)
        tandem("build", "--exports", folder / "exports", "--builds", folder / "builds", "--as-of", AS_OF)

    folder = once(f"effects_{leads}", fill)
    truth = json.loads((folder / "exports" / "truth.json").read_text("utf-8"))["planted"]["channel_effects"]
    with duckdb.connect(str(published_file(folder / "builds")), read_only=True) as connection:
        rows = connection.execute(
            "select channel, removal_effect, removal_effect - reach_effect, credit::double, low::double, high::double"
            " from mart.channel_credits where model = 'markov' and channel <> 'direct'"
        ).fetchall()
    return Company({channel: Found(*told) for channel, *told in rows}, truth, leads > 50_000)


def test_of_two_channels_of_like_reach_the_better_one_is_ranked_first(company: Company) -> None:
    pairs = [pair for pair in company.truth["better_than_at_like_reach"] if set(pair) <= set(company.found)]
    assert pairs
    for better, worse in pairs:
        strong, weak = company.found[better], company.found[worse]
        assert strong.effect > weak.effect, f"{better} before {worse}"
        assert strong.low > weak.high, "and the intervals do not touch"


def test_beyond_their_reach_channels_stand_in_the_order_of_what_was_planted(company: Company) -> None:
    planted = {name: told["share_of_wins_lost_without"] for name, told in company.truth["channels"].items()}
    names = sorted(company.found)
    order = spearmanr([planted[name] for name in names], [company.found[name].beyond_reach for name in names])
    assert order.statistic > (0.85 if company.is_large else 0.6)


def test_helpers_stand_above_what_hinders(company: Company) -> None:
    helps = min(company.found[name].beyond_reach for name in ("webinar", "content", "email"))
    hinders = max(company.found[name].beyond_reach for name in ("display", "paid_social"))
    assert helps > 0 > hinders
