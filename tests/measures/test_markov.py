"""Removal effects: published cases, a public data set where it is at hand, and a brute-force solve of every case."""

import csv
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.markov import by_reach, removal_effects, solve, steps
from measures.stretches import Stretches
from tests.golden import load

ROOT = Path(__file__).resolve().parents[2]
SYNTHETIC = ROOT / "tests" / "golden" / "synthetic"
SHARED = ROOT.parent / "shared" / "data" / "channelattribution" / "Data.csv"  # GPL-3, so not part of the repository


def told(case):
    return [(row["path"], row["conversions"], row["nulls"]) for row in case["input"]["paths"]]


@pytest.mark.parametrize("name", ["attr_markov_01_analyzecore", "attr_markov_02_puzyrov", "attr_markov_04_eeghor"])
def test_published_chains(name):
    case = load(name)
    found, expected = removal_effects(told(case)), case["expected"]
    near = {"abs": case["tolerance_abs"]}
    assert found.conversion_probability == pytest.approx(expected["baseline_conversion_probability"], **near)
    assert found.removal_effect == pytest.approx(expected["removal_effect"], **near)
    assert found.credit == pytest.approx(expected["credit_conversions"], **near)
    assert set(found.transitions) == set(expected["transition"])
    for state, chances in expected["transition"].items():
        assert found.transitions[state] == pytest.approx(chances, **near)


def test_ten_thousand_synthetic_journeys():
    with (SYNTHETIC / "synth_paths_1e4.csv").open(encoding="utf-8") as file:
        rows = [(row["path"].split(" > "), int(row["total_conversions"]), int(row["total_null"]))
                for row in csv.DictReader(file)]  # fmt: skip
    with (SYNTHETIC / "synth_exact.csv").open(encoding="utf-8") as file:
        expected = {row["channel"]: row for row in csv.DictReader(file)}
    found = removal_effects(rows)
    assert found.removal_effect == pytest.approx({c: float(row["markov_removal"]) for c, row in expected.items()})
    assert found.credit == pytest.approx({c: float(row["markov_conversions"]) for c, row in expected.items()})


@pytest.mark.skipif(not SHARED.exists(), reason="the public data set is not on this machine")
def test_the_public_paths_of_channelattribution():
    expected = load("attr_markov_06_pathdata_10k")["expected"]
    with SHARED.open(encoding="utf-8") as file:
        rows = [(row["path"], int(row["total_conversions"]), int(row["total_null"]))
                for row in csv.DictReader(file, delimiter=";")]  # fmt: skip
    found = removal_effects(rows)
    assert found.conversion_probability == pytest.approx(expected["markov1_baseline"], abs=1e-9)
    assert found.removal_effect == pytest.approx(expected["markov1_removal_effect"], abs=1e-9)
    assert found.credit == pytest.approx(expected["markov1_credit_conversions"], abs=1e-6)


@pytest.mark.parametrize(
    ("paths", "effect"),
    [
        pytest.param([], {}, id="no journey"),
        pytest.param([(["a"], 0, 3), (["b"], 0, 1)], {"a": 0, "b": 0}, id="nobody converted"),
        pytest.param([(["a"], 0, 0), (["b"], 1, 0)], {"a": 0, "b": 1}, id="a path nobody took"),
        pytest.param([([], 1, 1), (["b"], 1, 0)], {"b": 1}, id="a journey without touches says nothing"),
        pytest.param([(["a", "a", "b", "b"], 1, 1)], {"a": 1, "b": 1}, id="repeats count once"),
        pytest.param([("a > b", 1, 1)], {"a": 1, "b": 1}, id="a path as one text"),
    ],
)
def test_edges(paths, effect):
    found = removal_effects(paths)
    assert found.removal_effect == pytest.approx(effect)
    assert sum(found.credit.values()) == pytest.approx(sum(path[1] for path in paths if path[0]))


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="no counts"):
        removal_effects([(["a"], -1, 0)])


PATHS = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), st.integers(0, 5), st.integers(0, 5)),
    min_size=1,
    max_size=12,
)


def converting(paths, removed=None):
    """Chance to convert by a plain linear system, with one channel's arrivals sent to null."""
    states = sorted({channel for path, _, _ in paths for channel in path} - {removed})
    places = {state: number for number, state in enumerate(["(start)", *states])}
    moves, converts, leaves = np.zeros((len(places),) * 2), np.zeros(len(places)), np.zeros(len(places))
    for path, conversions, nulls in paths:
        for here, there in pairwise(["(start)", *path]):
            if here in places:
                leaves[places[here]] += conversions + nulls
                if there in places:
                    moves[places[here], places[there]] += conversions + nulls
        if path[-1] in places:
            leaves[places[path[-1]]] += conversions + nulls
            converts[places[path[-1]]] += conversions
    leaves[leaves == 0] = 1
    return np.linalg.solve(np.eye(len(places)) - moves / leaves[:, None], converts / leaves)[0]


@given(paths=PATHS)
def test_the_effect_is_what_a_removal_does(paths):
    found = removal_effects(paths)
    whole = converting(paths)
    assert found.conversion_probability == pytest.approx(whole, abs=1e-12)
    for channel, effect in found.removal_effect.items():
        lost = 1 - converting(paths, channel) / whole if whole > 1e-12 else 0.0
        assert effect == pytest.approx(lost, abs=1e-9)
    assert sum(found.credit.values()) == pytest.approx(sum(path[1] for path in paths))


@given(paths=PATHS, seed=st.randoms())
def test_neither_order_nor_splitting_of_paths_matters(paths, seed):
    pieces = [(path, 1, 0) for path, conversions, _ in paths for _ in range(conversions)]
    pieces += [(path, 0, 1) for path, _, nulls in paths for _ in range(nulls)]
    seed.shuffle(pieces)
    whole, split = removal_effects(paths), removal_effects(pieces)
    for channel, effect in whole.removal_effect.items():
        assert split.removal_effect.get(channel, 0.0) == pytest.approx(effect, abs=1e-12)


@given(paths=PATHS)
def test_counted_as_columns_it_is_the_same(paths):
    journeys = [(path, True) for path, conversions, _ in paths for _ in range(conversions)]
    journeys += [(path, False) for path, _, nulls in paths for _ in range(nulls)]
    number = np.repeat(np.arange(len(journeys)), [len(path) for path, _ in journeys])
    channel = np.array(["abcd".index(name) for path, _ in journeys for name in path], dtype=np.int64)
    converts = np.array([is_won for _, is_won in journeys], dtype=bool)
    journey, row, column = steps(channel, Stretches(number), converts, 4)
    assert np.bincount(journey, minlength=len(journeys)).tolist() == [
        1 + 1 + sum(here != there for here, there in pairwise(path)) for path, _ in journeys
    ], "into the first channel, on to each next one, and out"
    probability, effect = solve(np.bincount(row * 6 + column, minlength=30).reshape(5, 6))
    expected = removal_effects(paths)
    assert probability == pytest.approx(expected.conversion_probability, abs=1e-12)
    assert dict(zip("abcd", effect, strict=True)) == pytest.approx(
        {name: expected.removal_effect.get(name, 0.0) for name in "abcd"}, abs=1e-12
    )


TRIPS = np.array([[9.0, 6, 0, 0], [0, 3, 4, 5], [3, 0, 1, 5]])
"""Steps of journeys between two channels: rows start, a, b; columns a, b, conversion, null."""


def test_reach_alone_is_what_is_left_when_every_journey_converts_alike():
    evened = by_reach(TRIPS)
    assert evened.sum() == TRIPS.sum(), "as many steps"
    assert evened[:, :2].tolist() == TRIPS[:, :2].tolist(), "from channel to channel nothing changes"
    assert (evened[1:, 2] / evened[1:, 2:].sum(axis=1)).tolist() == pytest.approx([5 / 15, 5 / 15])
    beyond = solve(TRIPS)[1] - solve(evened)[1]
    assert beyond[0] > 0 > beyond[1], "a converts more often than b"


@given(paths=PATHS)
def test_where_channels_do_not_matter_reach_is_all_there_is(paths):
    blind = [(path, (conversions + nulls) * 0.25, (conversions + nulls) * 0.75) for path, conversions, nulls in paths]
    number = np.repeat(np.arange(len(blind)), [len(path) for path, *_ in blind])
    channel = np.array(["abcd".index(name) for path, *_ in blind for name in path], dtype=np.int64)
    journey, row, column = steps(channel, Stretches(number), np.ones(len(blind), dtype=bool), 4)
    taken = np.array([conversions + nulls for _, conversions, nulls in blind])[journey]
    table = np.bincount(row * 6 + column, weights=taken * np.where(column == 4, 0.25, 1), minlength=30).reshape(5, 6)
    table[:, 5] = table[:, 4] * 3
    assert solve(by_reach(table))[1] == pytest.approx(solve(table)[1], abs=1e-9)
