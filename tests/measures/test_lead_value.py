"""Expected value of a lead, limits of chance, and how many leads decide."""

import math

import numpy as np
import pytest

from measures.lead_value import Amounts, expected_values
from measures.ranking import funnel_limits, leads_to_decide, probability_better, shrink


def amounts(*values: float) -> Amounts:
    logs = np.log(values)
    return Amounts(len(values), float(logs.sum()), float((logs**2).sum()))


def test_a_source_without_wins_is_worth_its_rate_times_the_common_price():
    prices = [math.exp(9.5 + step) for step in (-1, -0.5, 0, 0.5, 1)]
    rates = shrink([30, 30, 0], [100, 100, 100])
    known, _other, none = expected_values(rates, [amounts(*prices), amounts(*prices), Amounts(0, 0.0, 0.0)]) or []
    price = math.exp(9.5 + np.var(np.log(prices)) * 10 / 8 / 2)
    assert known.value == pytest.approx(rates.estimates[0] * price, rel=1e-9)
    assert none.value == pytest.approx(rates.estimates[2] * price, rel=1e-9)
    assert none.interval[0] < none.value < none.interval[1]


def test_a_few_dear_wins_are_pulled_towards_the_price_of_all():
    cheap, dear = [1000.0 * (1 + 0.1 * step) for step in range(40)], [50_000.0, 60_000.0]
    rates = shrink([40, 2], [400, 20])
    found = expected_values(rates, [amounts(*cheap), amounts(*dear)]) or []
    own = rates.estimates[1] * np.exp(np.log(dear).mean())
    common = rates.estimates[1] * np.exp(np.log(cheap + dear).mean())
    assert common < found[1].value < own * 1.2


def test_nothing_is_said_without_two_amounts_and_the_draws_are_always_the_same():
    rates = shrink([1, 0], [10, 10])
    assert expected_values(rates, [amounts(5.0), Amounts(0, 0.0, 0.0)]) is None
    told = [expected_values(rates, [amounts(5.0, 6.0), Amounts(0, 0.0, 0.0)]) for _ in range(2)]
    assert told[0] == told[1]
    with pytest.raises(ValueError, match="2 rates"):
        expected_values(rates, [])


def test_limits_of_chance_narrow_with_the_root_of_the_leads():
    (low, high), (_, wide) = funnel_limits(0.3, 400), funnel_limits(0.3, 100)
    assert (low, high) == pytest.approx((0.25509, 0.34491), abs=1e-5)
    assert wide - 0.3 == pytest.approx(2 * (high - 0.3))
    assert funnel_limits(0.01, 5)[0] == 0.0
    with pytest.raises(ValueError, match="no limits"):
        funnel_limits(0.3, 0)


def test_the_leads_that_decide_do_decide():
    more = leads_to_decide(20, 50, 15, 50, 0.9)
    assert more
    times = 1 + more / 100
    assert probability_better(round(20 * times), round(50 * times), round(15 * times), round(50 * times)) >= 0.895
    assert leads_to_decide(40, 50, 5, 50, 0.9) == 0
    assert leads_to_decide(20, 50, 20, 50, 0.9) is None
