"""Shapley values: published games, and the properties that define the value."""

import csv
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.shapley import credit, exact
from tests.golden import load

SYNTHETIC = Path(__file__).parents[1] / "golden" / "synthetic"
SETS = st.lists(st.tuples(st.frozensets(st.sampled_from("abcde"), min_size=1), st.integers(0, 1000)), max_size=12)


def games(players="abcd"):
    coalitions = [frozenset(c) for size in range(1, len(players) + 1) for c in combinations(players, size)]
    return st.fixed_dictionaries({coalition: st.integers(-50, 100) for coalition in coalitions})


def worth_of(sets, players="abcde"):
    """The worth of every set of channels: the value of the journeys contained in it."""
    coalitions = [frozenset(c) for size in range(len(players) + 1) for c in combinations(players, size)]
    return {whole: sum(value for inside, value in sets if inside <= whole) for whole in coalitions}


def test_a_journey_with_all_seven_worths():
    case = load("attr_shapley_01_dp6")
    found = exact({frozenset(names.split("+")): worth for names, worth in case["input"]["v"].items()})
    expected = case["expected"]
    assert found == pytest.approx({name: expected[name] for name in found}, abs=case["tolerance_abs"])
    assert sum(found.values()) == pytest.approx(expected["sum"])


def test_the_published_sets():
    case = load("attr_shapley_02_tds_FOL")
    sets = [(names.split("+"), value) for names, value in case["input"]["R_exclusive"].items()]
    near = {"abs": case["tolerance_abs"]}
    assert credit(sets) == pytest.approx(case["expected"]["shapley"], **near)
    worths = {frozenset(names.split("+")): worth for names, worth in case["expected"]["v"].items()}
    assert exact(worths) == pytest.approx(case["expected"]["shapley"], **near)


def test_ten_thousand_synthetic_journeys():
    with (SYNTHETIC / "synth_paths_1e4.csv").open(encoding="utf-8") as file:
        sets = [(row["path"].split(" > "), int(row["total_conversions"])) for row in csv.DictReader(file)]
    with (SYNTHETIC / "synth_exact.csv").open(encoding="utf-8") as file:
        expected = {row["channel"]: float(row["shapley_conversions"]) for row in csv.DictReader(file)}
    assert credit(sets) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param([((), 5)], {}, id="a set without channels earns nobody anything"),
        pytest.param([("email", 6)], {"email": 6}, id="a lone text is one channel"),
        pytest.param([(["a", "a", "b"], 6)], {"a": 3, "b": 3}, id="a channel named twice counts once"),
        pytest.param([({"a", "b"}, 6), ({"b", "a"}, 4)], {"a": 5, "b": 5}, id="the same set in two pieces"),
    ],
)
def test_edges(sets, expected):
    assert credit(sets) == expected


def test_too_many_channels_are_refused():
    with pytest.raises(ValueError, match="21 channels"):
        exact({frozenset(map(str, range(21))): 1.0})


@given(sets=SETS)
def test_the_short_formula_is_the_value_of_the_game(sets):
    found = exact(worth_of(sets))
    named = credit(sets)
    assert found == pytest.approx({channel: named.get(channel, 0.0) for channel in found}, abs=1e-9)


@given(sets=SETS)
def test_credit_is_efficient(sets):
    found = credit(sets)
    assert sum(found.values()) == pytest.approx(sum(value for _, value in sets))
    assert min(found.values(), default=0) >= 0


@given(game=games())
def test_all_worth_is_handed_out(game):
    assert sum(exact(game).values()) == pytest.approx(game[frozenset("abcd")], abs=1e-9)


@given(game=games("abc"))
def test_channels_that_do_the_same_earn_the_same(game):
    """d joins as a copy of c: every set is worth as much with the one as with the other."""
    swap = str.maketrans("cd", "dc")
    doubled = {}
    for members, worth in game.items():
        doubled[members] = worth
        doubled[frozenset(name.translate(swap) for name in members)] = worth
        if "c" in members:
            doubled[members | {"d"}] = worth * 2
    found = exact(doubled)
    assert found["c"] == pytest.approx(found["d"], abs=1e-9)


@given(game=games("abc"))
def test_a_channel_that_adds_nothing_earns_nothing(game):
    with_dummy = game | {members | {"x"}: worth for members, worth in game.items()} | {frozenset("x"): 0}
    found = exact(with_dummy)
    assert found.pop("x") == pytest.approx(0, abs=1e-9)
    assert found == pytest.approx(exact(game), abs=1e-9)


@given(one=games(), other=games())
def test_values_of_two_games_add_up(one, other):
    both = {members: one[members] + other[members] for members in one}
    added = {name: value + exact(other)[name] for name, value in exact(one).items()}
    assert exact(both) == pytest.approx(added, abs=1e-9)
