"""A young cohort is projected by its elders, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.survival import cumulative_incidence
from measures.young_cohorts import Projection, age_completeness, conversion_horizon, incidence_at, project
from tests.golden import load

LEADS = load("funnel_cif_b2b_20_mql")["input"]["observations"]
TWENTY = cumulative_incidence(
    [lead["days"] for lead in LEADS], [None if lead["status"] == "open" else lead["status"] for lead in LEADS]
)
# Of 100 mature leads 20 convert on day 10, 20 are lost on day 15, 20 convert on day 20, and 40 stay open.
MATURE = cumulative_incidence([10, 15, 20, 90], ["won", "lost", "won", None], [20, 20, 20, 40])


def test_incidence_is_a_staircase() -> None:
    steps = [incidence_at(MATURE, "won", age) for age in (0, 9.9, 10, 19, 20, 999)]
    assert steps == pytest.approx([0, 0, 0.2, 0.2, 0.4, 0.4])


def test_horizon_is_the_age_by_which_most_have_converted() -> None:
    assert conversion_horizon(MATURE, "won", 0.5) == 10
    assert conversion_horizon(MATURE, "won", 0.9) == 20
    assert conversion_horizon(TWENTY, "won") == 40
    assert conversion_horizon(cumulative_incidence([5], ["lost"], causes=("won", "lost")), "won") is None
    assert conversion_horizon(cumulative_incidence([], [], causes=("won",)), "won") is None


@pytest.mark.parametrize(
    ("age", "completeness"),
    [
        pytest.param(5, 0.0, id="too young to show anything"),
        pytest.param(10, 0.5, id="half of what will convert has converted"),
        pytest.param(20, 1.0, id="at the horizon all is known"),
        pytest.param(400, 1.0, id="older than the horizon is not more than known"),
    ],
)
def test_age_completeness(age: float, completeness: float) -> None:
    assert age_completeness(MATURE, "won", age, horizon=20) == pytest.approx(completeness)


def test_nothing_is_projected_from_nothing() -> None:
    without_conversion = cumulative_incidence([5], ["lost"], causes=("won", "lost"))
    assert age_completeness(without_conversion, "won", 5, 20) == 0.0
    assert project(without_conversion, "won", horizon=20, converted=0, closed=0, open_ages=[10]) is None


def test_open_members_convert_as_their_elders_of_the_same_age_did() -> None:
    # At day 15, 60 of 100 elders were still open and 20 of them converted: one third of what is open here.
    cohort = project(MATURE, "won", horizon=20, converted=4, closed=3, open_ages=[15, 16, 18])
    assert cohort is not None
    assert cohort.share == pytest.approx((4 + 3 / 3) / 10)
    assert cohort.completeness == pytest.approx(0.5)
    assert 0.4 <= cohort.low < cohort.share < cohort.high <= 0.7


def test_members_of_one_age_may_be_counted() -> None:
    one_by_one = project(MATURE, "won", horizon=20, converted=4, closed=3, open_ages=[15, 15, 15, 18])
    counted = project(MATURE, "won", horizon=20, converted=4, closed=3, open_ages=[3, 15, 18], open_members=[0, 3, 1])
    assert counted == one_by_one, "an age without members is nobody's age"


def test_a_cohort_that_is_too_young_is_not_projected() -> None:
    too_young = [15, 9]
    assert project(MATURE, "won", horizon=20, converted=4, closed=3, open_ages=too_young) is None
    brave = project(MATURE, "won", horizon=20, converted=0, closed=0, open_ages=[0, 0], minimum_completeness=0)
    assert brave is not None
    assert brave.share == pytest.approx(0.4), "from birth the projection is the curve itself"


def test_a_cohort_past_the_horizon_needs_no_projection() -> None:
    past_it = project(MATURE, "won", horizon=20, converted=3, closed=1, open_ages=[20, 70])
    all_closed = project(MATURE, "won", horizon=20, converted=3, closed=1, open_ages=[])
    assert past_it == Projection(0.5, 0.5, 0.5, 1.0)
    assert all_closed == Projection(0.75, 0.75, 0.75, 1.0)


def test_an_empty_cohort_is_refused() -> None:
    with pytest.raises(ValueError, match="without members"):
        project(MATURE, "won", horizon=20, converted=0, closed=0, open_ages=[])


def test_the_error_of_the_curve_is_aalens() -> None:
    """The interval of a member seen from birth holds exactly binomial luck and statsmodels' error of the curve."""
    from statistics import NormalDist

    from statsmodels.duration.survfunc import CumIncidenceRight

    codes = {"open": 0, "won": 1, "disqualified": 2}
    theirs = CumIncidenceRight([lead["days"] for lead in LEADS], [codes[lead["status"]] for lead in LEADS])
    share, error = theirs.cinc[0][-1], theirs.cinc_se[0][-1]
    members = 10_000
    cohort = project(TWENTY, "won", horizon=60, converted=0, closed=0, open_ages=[0] * members, minimum_completeness=0)
    assert cohort is not None
    spread = (cohort.high - cohort.share) / NormalDist().inv_cdf(0.975)
    assert cohort.share == pytest.approx(share)
    assert spread**2 == pytest.approx(share * (1 - share) / members + error**2)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from([None, "won", "lost"])), min_size=1, max_size=60),
    st.integers(0, 9),
    st.integers(0, 9),
    st.lists(st.integers(0, 40), min_size=1, max_size=20),
)
def test_a_projection_never_leaves_the_possible(
    elders: list[tuple[int, str | None]], converted: int, closed: int, ages: list[int]
) -> None:
    time, cause = zip(*elders, strict=True)
    curve = cumulative_incidence(time, cause, causes=("won", "lost"))
    cohort = project(
        curve, "won", horizon=25, converted=converted, closed=closed, open_ages=ages, minimum_completeness=0
    )
    assert cohort is not None
    entered = converted + closed + len(ages)
    assert converted / entered - 1e-9 <= cohort.low <= cohort.share + 1e-9
    assert cohort.share - 1e-9 <= cohort.high <= (converted + len(ages)) / entered + 1e-9
    assert 0 <= cohort.completeness <= 1
