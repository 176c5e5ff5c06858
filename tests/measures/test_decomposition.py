"""Why a number changed: volume, mix and rate, with nothing left over."""

from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.decomposition import factors, mix_rate, volume_mix_rate
from tests.golden import load

WEEKLY = load("mix_weekly_sql_volume_mix_rate")
STONES = load("mix_simpson_kidney_stones")
HEADSHIP = load("mix_kitagawa_headship")


def frame(rows: dict[str | None, tuple[float, float]]) -> pl.DataFrame:
    """`{segment: (n, k)}` as a frame."""
    return pl.DataFrame(
        [(segment, n, k) for segment, (n, k) in rows.items()],
        schema={"segment": pl.String, "n": pl.Float64, "k": pl.Float64},
        orient="row",
    )


def weeks() -> list[pl.DataFrame]:
    return [
        frame({name: (row["mql"], row["mql"] * row["rate"]) for name, row in WEEKLY["input"][week].items()})
        for week in ("week_1", "week_2")
    ]


def by_segment(segments: pl.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["segment"]: row for row in segments.iter_rows(named=True)}


def test_the_count_of_two_weeks() -> None:
    expected, change = WEEKLY["expected"], volume_mix_rate(*weeks())
    assert (change.before, change.after) == pytest.approx((expected["sql_1"], expected["sql_2"]))
    effects = {"vol": change.volume, "mix": change.mix, "rate": change.rate}
    assert effects == pytest.approx(expected["effects"], abs=WEEKLY["tolerance_abs"])


def test_every_source_got_better_and_the_whole_got_worse() -> None:
    expected, change = WEEKLY["expected"], mix_rate(*weeks())
    assert (change.before, change.after) == pytest.approx((expected["rate_1"], expected["rate_2"]))
    assert change.mix + change.rate == pytest.approx(expected["rate_change"]["total"])
    assert change.is_reversal
    segments = by_segment(change.segments)
    for source, effects in expected["rate_change"]["by_source"].items():
        found = {name: segments[source][name] for name in effects}
        assert found == pytest.approx(effects, abs=WEEKLY["tolerance_abs"])


def test_kidney_stones() -> None:
    expected = STONES["expected"]
    groups = [frame({size: (n, k) for size, (k, n) in STONES["input"][arm].items()}) for arm in ("A", "B")]
    change = mix_rate(*groups)
    found = (change.before, change.after, change.mix, change.rate)
    names = ("overall_A", "overall_B", "mix_effect", "rate_effect")
    assert found == pytest.approx([expected[name] for name in names], abs=STONES["tolerance_abs"])
    assert change.is_reversal
    segments = by_segment(change.segments)
    for size, effects in expected["per_segment_centred"].items():
        found_here = {name: segments[size][name] for name in effects}
        assert found_here == pytest.approx(effects, abs=STONES["tolerance_abs"])


def test_headship_as_das_gupta_prints_it() -> None:
    effects = factors(HEADSHIP["input"]["factors_1"], HEADSHIP["input"]["factors_2"])
    assert effects == pytest.approx(HEADSHIP["expected"]["effect"], abs=HEADSHIP["tolerance_abs"])


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        pytest.param({"a": (100, 10)}, {"a": (200, 20)}, (10, 0, 0), id="twice the leads: all volume"),
        pytest.param({"a": (100, 10)}, {"a": (100, 15)}, (0, 0, 5), id="better leads: all rate"),
        pytest.param(
            {"a": (50, 10), "b": (50, 0)}, {"a": (100, 20), "b": (0, 0)}, (0, 10, 0), id="only the good ones: all mix"
        ),
        pytest.param({"a": (50, 10)}, {"a": (50, 10), "b": (50, 10)}, (10, 0, 0), id="a new source as good as the old"),
        pytest.param({}, {"a": (50, 10)}, (10, 0, 0), id="the first week ever: all volume"),
        pytest.param({"a": (50, 10)}, {}, (-10, 0, 0), id="a week of standstill: all volume"),
        pytest.param({}, {}, (0, 0, 0), id="nothing twice"),
    ],
)
def test_pure_changes_of_a_count(
    before: dict[str | None, tuple[float, float]],
    after: dict[str | None, tuple[float, float]],
    effects: tuple[float, ...],
) -> None:
    change = volume_mix_rate(frame(before), frame(after))
    assert (change.volume, change.mix, change.rate) == pytest.approx(effects)


def test_a_source_that_comes_changes_the_mix_and_no_rate() -> None:
    change = mix_rate(frame({"Ads": (100, 10)}), frame({"Ads": (100, 10), "Messe": (100, 30)}))
    assert (change.mix, change.rate) == pytest.approx((0.1, 0.0))
    assert by_segment(change.segments)["Messe"]["before"] is None
    assert not change.is_reversal


def test_a_rate_of_nothing_is_unknown() -> None:
    change = mix_rate(frame({}), frame({"Ads": (100, 10)}))
    assert change.before is None
    assert (change.after, change.mix, change.rate) == pytest.approx((0.1, 0.0, 0.0))


def test_leads_without_segment_are_a_segment() -> None:
    change = volume_mix_rate(frame({None: (10, 1), "Ads": (10, 1)}), frame({None: (10, 3), "Ads": (10, 1)}))
    assert change.segments["segment"].to_list() == ["Ads", None]
    assert change.segments["rate"].to_list() == pytest.approx([0, 2])


def test_rows_of_the_same_segment_are_added_up() -> None:
    whole, parts = frame({"Ads": (30, 3)}), pl.concat([frame({"Ads": (10, 1)}), frame({"Ads": (20, 2)})])
    later = frame({"Ads": (60, 12)})
    assert volume_mix_rate(parts, later).segments.equals(volume_mix_rate(whole, later).segments)


def test_successes_without_leads_are_refused() -> None:
    with pytest.raises(ValueError, match="k without n"):
        volume_mix_rate(frame({"Ads": (0, 1)}), frame({"Ads": (1, 1)}))


def test_factors_must_be_the_same_on_both_sides() -> None:
    with pytest.raises(ValueError, match="factors differ: price before, price, margin after"):
        factors({"price": 1}, {"price": 1, "margin": 2})


NUMBERS = st.floats(-100, 100)


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=5))
def test_factors_average_over_all_orders(pairs: list[tuple[float, float]]) -> None:
    names = [f"factor {number}" for number in range(len(pairs))]
    effects = factors(
        {name: old for name, (old, _) in zip(names, pairs, strict=True)},
        {name: new for name, (_, new) in zip(names, pairs, strict=True)},
    )
    walked: dict[str, list[float]] = {name: [] for name in names}
    for order in permutations(range(len(pairs))):
        value = [old for old, _ in pairs]
        for step in order:
            earlier = prod(value)
            value[step] = pairs[step][1]
            walked[names[step]].append(prod(value) - earlier)
    assert effects == pytest.approx({name: np.mean(steps) for name, steps in walked.items()}, rel=1e-9, abs=1e-3)
    whole = prod(new for _, new in pairs) - prod(old for old, _ in pairs)
    assert sum(effects.values()) == pytest.approx(whole, rel=1e-9, abs=1e-3)


def test_many_factors_do_not_take_forever() -> None:
    names = [f"factor {number}" for number in range(30)]  # 30! orders
    effects = factors(dict.fromkeys(names, 1.0), dict.fromkeys(names, 1.1))
    assert sum(effects.values()) == pytest.approx(1.1**30 - 1)


SEGMENTS = st.dictionaries(
    st.sampled_from(["Ads", "Messe", "Partner", "Webinar"]),
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
)


@given(SEGMENTS, SEGMENTS)
def test_nothing_is_left_over(before: Any, after: Any) -> None:
    count = volume_mix_rate(frame(before), frame(after))
    assert count.volume + count.mix + count.rate == pytest.approx(count.after - count.before, abs=1e-9)
    own = count.segments.select(pl.sum_horizontal("volume", "mix", "rate") - (pl.col("after") - pl.col("before")))
    assert own.to_series().to_list() == pytest.approx([0.0] * count.segments.height, abs=1e-9)

    rate = mix_rate(frame(before), frame(after))
    if rate.before is not None and rate.after is not None:
        assert rate.mix + rate.rate == pytest.approx(rate.after - rate.before, abs=1e-12)


@given(SEGMENTS, SEGMENTS)
def test_the_way_back_has_the_opposite_effects(before: Any, after: Any) -> None:
    there, back = volume_mix_rate(frame(before), frame(after)), volume_mix_rate(frame(after), frame(before))
    assert (back.volume, back.mix, back.rate) == pytest.approx((-there.volume, -there.mix, -there.rate), abs=1e-9)
