"""Control charts: the meeting talks about signals, not about noise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.control_chart import XMR_FACTOR, funnel_limits, p_chart, xmr
from tests.golden import load

GOLDEN = load("spc_xmr_weekly_mql")


def test_weekly_mqls_with_a_shift() -> None:
    expected, weekly = GOLDEN["expected"], GOLDEN["input"]["weekly"]
    chart = xmr(weekly, GOLDEN["input"]["baseline_weeks"])
    limits = (chart.centre, chart.mean_moving_range, chart.lower, chart.upper)
    assert limits == pytest.approx(
        (expected["centre"], expected["mr_bar"], expected["LNPL"], expected["UNPL"]), abs=GOLDEN["tolerance_abs"]
    )
    weeks = {rule: [index + 1 for index, number in chart.signals if number == rule] for rule in (1, 2, 3)}
    assert weeks[1] == [signal["week"] for signal in expected["rule1"]]
    assert weeks[2][0] == expected["rule2_first_week"]
    assert weeks[3][0] == expected["rule3_first_week"]


# Baseline with centre 10 and mean moving range 2: limits 10 ± 5.32, the nearer half begins beyond 10 ± 2.66.
CALM = [9, 11, 9, 11]


@pytest.mark.parametrize(
    ("after", "signals"),
    [
        pytest.param([15.32], [], id="on the limit is inside"),
        pytest.param([15.33], [(4, 1)], id="beyond the limit"),
        pytest.param([4.67], [(4, 1)], id="below the limit"),
        pytest.param([13, 13, 10, 13], [(7, 2)], id="three of four near the upper limit"),
        pytest.param([13, 13, 10, 10, 13], [], id="three of five are noise"),
        pytest.param([13, 7, 13, 7], [], id="near different limits"),
        pytest.param([7, 7, 7, 10], [(6, 2)], id="a quiet value is not the signal"),
        pytest.param([11] * 6, [], id="seven on one side, with the last of the baseline"),
        pytest.param([11] * 7, [(10, 3)], id="eight on one side"),
        pytest.param([11] * 3 + [10] + [11] * 5, [], id="a value on the centre ends the run"),
    ],
)
def test_rules(after: list[float], signals: list[tuple[int, int]]) -> None:
    assert xmr(CALM + after, baseline=4).signals == signals


def test_a_flat_line_is_never_a_signal() -> None:
    assert xmr([0.1] * 30).signals == []


@pytest.mark.parametrize(
    ("values", "baseline"), [([], None), ([4.0], None), ([4.0, 5.0, 6.0], 1), ([4.0, 5.0, 6.0], 12)]
)
def test_too_short_a_baseline_is_refused(values: list[float], baseline: int | None) -> None:
    with pytest.raises(ValueError, match="cannot set the limits"):
        xmr(values, baseline)


def test_share_limits_follow_each_n() -> None:
    chart = p_chart([10, 40, 0, 8], [100, 400, 0, 25], baseline=2)
    assert chart.centre == pytest.approx(0.1)
    assert chart.upper == pytest.approx([0.19, 0.145, 1.0, 0.28])
    assert chart.lower == pytest.approx([0.01, 0.055, 0.0, 0.0])
    assert chart.share == [0.1, 0.1, None, 0.32]
    assert chart.signals == [(3, 1)]


def test_a_week_without_leads_interrupts_a_run_of_shares() -> None:
    baseline = [(10, 100), (10, 100)]
    run, pause = [(12, 100)] * 4, [(0, 0)]
    for pairs, signals in ((baseline + run + run, [(9, 3)]), (baseline + run + pause + run, [])):
        k, n = zip(*pairs, strict=True)
        assert p_chart(k, n, baseline=2).signals == signals


@pytest.mark.parametrize(
    ("k", "n", "message"),
    [
        pytest.param([3], [2], "3 of 2", id="more than all"),
        pytest.param([0, 0], [0, 0], "nothing was counted", id="nothing at all"),
    ],
)
def test_impossible_shares_are_refused(k: list[int], n: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        p_chart(k, n)


def test_funnel_limits_are_exact_binomial() -> None:
    # Of Binomial(10, 1/2), 1/1024 + 10/1024 lie at 0 and 1 together: 1.07 %, and 5.47 % up to 2.
    assert funnel_limits(0.5, 10, 0.95) == (0.2, 0.8)
    assert funnel_limits(0.5, 10, 0.90) == (0.2, 0.8)
    assert funnel_limits(0.5, 10, 0.89) == (0.3, 0.7)
    assert funnel_limits(0.5, 0) == (0.0, 1.0)
    with pytest.raises(ValueError, match=r"target 1\.2"):
        funnel_limits(1.2, 10, 0.95)


@given(st.floats(0, 1), st.integers(1, 400))
def test_the_target_itself_is_never_a_surprise(target: float, n: int) -> None:
    low, high = funnel_limits(target, n)
    wide_low, wide_high = funnel_limits(target, n, 0.998)
    assert 0 <= wide_low <= low <= high <= wide_high <= 1
    assert low - 1 / n <= target <= high + 1 / n


@given(st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=40), st.integers(-500, 500))
def test_signals_do_not_depend_on_the_zero_point(values: list[int], shift: int) -> None:
    chart, shifted = xmr(values), xmr([value + shift for value in values])
    assert shifted.centre == pytest.approx(chart.centre + shift, abs=1e-9)
    assert shifted.upper - shifted.lower == pytest.approx(2 * XMR_FACTOR * chart.mean_moving_range, abs=1e-9)


@given(st.lists(st.integers(-1_000, 1_000), min_size=2, max_size=40))
def test_both_directions_are_judged_alike(values: list[int]) -> None:
    assert xmr([-value for value in values]).signals == xmr(values).signals
