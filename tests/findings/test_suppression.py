"""No combination of filters, and no subtraction, isolates fewer people than agreed."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from findings.suppression import DIMENSIONS, suppression

SMALLEST = 3


def cells(*rows):
    """`team, segment, source, lead_type, people`: who worked in that combination."""
    told = [(person, *row[:-1]) for row in rows for person in row[-1]]
    return pl.DataFrame(told, schema=["owner_id", *DIMENSIONS], orient="row")


def teams(**members):
    return cells(*((team, "s", "web", "demo", people) for team, people in members.items()))


def shown_teams(found, *names):
    return [name for name in names if found.allows(team=name)]


def test_a_team_that_is_large_enough_is_shown():
    assert shown_teams(suppression(teams(North="abc", South="defg"), SMALLEST), "North", "South") == ["North", "South"]


def test_a_small_team_hides_behind_the_next_smallest():
    found = suppression(teams(North="ab", South="cdef", West="ghi"), SMALLEST)
    assert shown_teams(found, "North", "South", "West") == ["South"], "the company minus South and West would be North"
    assert found.allows()


def test_two_small_teams_hide_behind_each_other():
    found = suppression(teams(North="ab", East="cd", South="efg"), SMALLEST)
    assert shown_teams(found, "North", "East", "South") == ["South"]


def test_with_two_teams_both_are_hidden_or_none():
    assert shown_teams(suppression(teams(North="ab", South="cdefg"), SMALLEST), "North", "South") == []


def test_a_company_below_the_smallest_group_still_sees_its_own_total():
    found = suppression(teams(North="ab"), SMALLEST)
    assert found.allows()
    assert found.allows(team="North"), "the same figure under another name"
    few = suppression(teams(North="a", South="b"), SMALLEST)
    assert (few.allows(), few.allows(team="North"), few.allows(team="South")) == (True, False, False)


def test_a_filter_may_not_narrow_a_team_down_to_one_person():
    found = suppression(
        cells(("North", "s", "web", "demo", "abc"), ("North", "s", "fair", "demo", "a"),
              ("South", "s", "web", "demo", "defg"), ("South", "s", "fair", "demo", "defg")), SMALLEST,
    )  # fmt: skip
    assert not found.allows(team="North", source="fair")
    north = found.allows(team="North"), found.allows(team="North", source="web")
    assert north != (True, True), "North minus web is fair"
    fair = found.allows(source="fair"), found.allows(team="South", source="fair")
    assert fair != (True, True), "all of fair minus South's is North's"
    assert found.rows(pl.DataFrame({"source": ["web", "fair"]}), by="source", team="North")["source"].to_list() != [
        "web",
        "fair",
    ]


def test_a_hidden_crossing_may_not_be_the_sum_of_two_filters_minus_the_whole():
    found = suppression(
        cells(("North", "s", "web", "demo", "a"), ("North", "s", "web", "content", "abc"),
              ("North", "s", "fair", "demo", "abc")), SMALLEST,
    )  # fmt: skip
    assert not found.allows(source="web", lead_type="demo")
    assert not (found.allows(source="web") and found.allows(lead_type="demo"))


def test_what_does_not_occur_is_shown_as_nothing_and_nobodys_leads_are_no_ones_work():
    found = suppression(teams(North="abc"), SMALLEST)
    assert found.allows(team="North", source="fair")
    unowned = pl.concat([teams(North="abc"), cells(("South", "s", "web", "demo", [None]))])
    assert suppression(unowned, SMALLEST).values("team", ["North", "South"]) == ["North", "South"]


def test_an_empty_build_hides_nothing():
    assert suppression(teams(), SMALLEST).allows(team="North")


WORK = st.lists(
    st.tuples(
        st.sampled_from(["North", "South", "West", None]), st.sampled_from(["small", "large"]),
        st.sampled_from(["web", "fair", "list"]), st.sampled_from(["demo", "content"]),
        st.sets(st.sampled_from("abcdefgh"), min_size=1),
    ),
    max_size=12,
)  # fmt: skip


def people_by_slice(frame):
    """Every combination of filters with its rows, found anew by filtering: nothing of the code under test."""
    rows = frame.rows(named=True)
    found = {}
    for size in range(len(DIMENSIONS) + 1):
        for fixed in combinations(DIMENSIONS, size):
            for values in {tuple(row[name] for name in fixed) for row in rows}:
                chosen = dict(zip(fixed, values, strict=True))
                inside = [n for n, row in enumerate(rows) if all(row[d] == v for d, v in chosen.items())]
                found[frozenset(chosen.items())] = frozenset(inside)
    return rows, found


@settings(max_examples=60)
@given(WORK, st.integers(2, 4))
def test_brute_force_over_all_combinations_of_filters(work, smallest):
    frame = cells(*work)
    found = suppression(frame, smallest)
    rows, slices = people_by_slice(frame)
    visible = {inside for key, inside in slices.items() if found.allows(**dict(key))}

    def people(inside):
        return {rows[n]["owner_id"] for n in inside}

    def is_isolated(inside):
        return 0 < len(people(inside)) < smallest

    everything = frozenset(range(len(rows)))
    for one in visible - {everything}:
        assert not is_isolated(one), "shown though too few"
    for whole in visible:
        parts = [part for part in visible if part < whole]
        for part in parts:
            assert not is_isolated(whole - part), "worked out by one subtraction"
        for one, other in combinations(parts, 2):
            if not one & other:
                assert not is_isolated(whole - one - other), "worked out by two subtractions"
    for key, inside in slices.items():  # total minus all the others that are shown, along each dimension
        for dimension in set(DIMENSIONS) - {name for name, _ in key}:
            line = [found_in for other, found_in in slices.items() if other - key and other >= key
                    and {name for name, _ in other - key} == {dimension}]  # fmt: skip
            rest = inside.difference(*(part for part in line if part in visible)) if line else frozenset()
            assert inside not in visible or rest == everything or not is_isolated(rest), (
                "worked out by taking all the others away"
            )


@settings(max_examples=40)
@given(WORK, st.integers(2, 4))
def test_nothing_that_can_be_added_up_rests_on_too_few_people(work, smallest):
    """The strongest form: no sum or difference of shown figures is about the work of too few people alone."""
    frame = cells(*work)
    found = suppression(frame, smallest)
    rows, slices = people_by_slice(frame)
    combinations_of_all = {tuple(row[name] for name in DIMENSIONS): set() for row in rows}
    for row in rows:
        combinations_of_all[tuple(row[name] for name in DIMENSIONS)].add(row["owner_id"])
    finest = list(combinations_of_all)
    everybody = set().union(*combinations_of_all.values()) if rows else set()
    if len(everybody) < smallest:
        return
    shown = np.array(
        [
            [float(all(dict(zip(DIMENSIONS, atom, strict=True))[d] == v for d, v in key)) for atom in finest]
            for key in slices
            if found.allows(**dict(key))
        ]
    )
    rank = np.linalg.matrix_rank(shown)
    for few in combinations(sorted(everybody), smallest - 1):
        outside = [n for n, atom in enumerate(finest) if not combinations_of_all[atom] <= set(few)]
        assert np.linalg.matrix_rank(shown[:, outside]) == rank, f"something about {few} alone can be worked out"


def test_with_too_many_crossings_the_last_dimension_is_not_offered(monkeypatch):
    monkeypatch.setattr("findings.suppression.MOST_ATOMS", 3)
    worked = [(team, "s", source, "demo", "abcdef") for team in ("North", "South") for source in ("web", "fair")]
    found = suppression(cells(*worked), SMALLEST, ["team"], ["source"])
    assert found.allows(team="North")
    assert not found.allows(source="web")


def test_two_compared_dimensions_are_never_crossed():
    found = suppression(cells(*((t, "s", "web", "demo", "abcdef") for t in ("North", "South"))), SMALLEST)
    assert found.allows(team="North", source="web")
    assert not found.allows(source="web", lead_type="demo")


def test_a_short_period_needs_enough_people_of_its_own():
    always, lately = suppression(teams(North="abc", South="defg"), SMALLEST), teams(North="abc", South="d")
    found = always.within(suppression(lately, SMALLEST))
    assert shown_teams(always, "North", "South") == ["North", "South"]
    assert shown_teams(found, "North", "South") == []
    assert found.allows(), "the whole company"


@pytest.mark.parametrize("smallest", [3, 5])
def test_the_demo_company(demo_build, smallest):
    import queries
    from queries.published import published_file

    with queries.connect(published_file(demo_build)) as connection:
        frame = queries.run(connection.cursor(), "service_levels/people")
    found = suppression(frame, smallest)
    for dimension in DIMENSIONS:
        assert found.values(dimension, frame[dimension].unique()), f"something can be compared by {dimension}"
    allowed = {key: found.allows(**dict(key)) for key in found.people}
    for key in (key for key, is_allowed in allowed.items() if is_allowed):
        behind = frame.filter(*(pl.col(name).eq_missing(pl.lit(value)) for name, value in key))
        assert behind["owner_id"].n_unique() >= smallest
