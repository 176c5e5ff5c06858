"""What the open deals are worth: velocity, coverage, forecast and the win rates they rest on.

Amounts are in one currency; rates are shares between 0 and 1. Decimals are welcome, results are floats.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import polars as pl

Amount = float | Decimal

OUTCOMES = ("won", "lost", "disqualified", "open")


@dataclass(frozen=True)
class Coverage:
    """ratio: open amount per amount still missing, None if the target is reached.

    required: the ratio at which the target is just expected to be reached, None if nothing is ever won.
    attainment: expected share of the target at the end of the period; None for a target of 0.
    `ratio >= required` says the same as `attainment >= 1`.
    """

    ratio: float | None
    required: float | None
    attainment: float | None


@dataclass(frozen=True)
class Forecast:
    """expected: amount won by the end of the period; by_stage: what the open deals of each stage contribute to it.

    standard_deviation: the luck of the open deals, each won or lost on its own. One large unlikely deal makes most of
    it, so a forecast is shown with this band, never as a bare number.
    """

    expected: float
    standard_deviation: float
    by_stage: dict[str, float]


@dataclass(frozen=True)
class WinRates:
    """Several honest win rates of the same deals, None where nothing was counted.

    by_count: won / (won + lost), the headline; by_value: the same by amount; including_disqualified: won / all closed;
    of_all: won / all deals, open ones included, which is the rate to date of a cohort of created deals.
    average_won_amount: mean amount of the won deals that have one.
    """

    won: int
    lost: int
    disqualified: int
    open: int
    by_count: float | None
    by_value: float | None
    including_disqualified: float | None
    of_all: float | None
    average_won_amount: float | None


def velocity(opportunities: float, win_rate: float, average_amount: Amount, cycle_days: float) -> float:
    """Amount per day that so many open opportunities bring: opportunities × win rate × average amount / cycle in days.

    Raises ValueError for a rate outside 0 to 1 and for a cycle that is not longer than 0 days.
    """
    _check_rate(win_rate)
    if cycle_days <= 0:
        raise ValueError(f"a sales cycle of {cycle_days} days has no velocity")
    return opportunities * win_rate * float(average_amount) / cycle_days


def coverage(
    open_amount: Amount,
    target: Amount,
    won_amount: Amount,
    win_rate: float,
    create_and_close_share: float = 0,
) -> Coverage:
    """Whether the open pipeline of a period is enough for its target.

    open_amount: open and due in the period; won_amount: won in it so far; win_rate: the share of an open amount that is
    won; create_and_close_share: the share of the missing amount that deals yet to be created will bring.
    Required is `(1 - create_and_close_share) / win_rate`, the company's own figure, not "three times".
    Raises ValueError for rates outside 0 to 1.
    """
    _check_rate(win_rate)
    _check_rate(create_and_close_share)
    still_open, goal, won = float(open_amount), float(target), float(won_amount)
    missing = max(goal - won, 0.0)
    expected = won + still_open * win_rate + missing * create_and_close_share
    return Coverage(
        ratio=still_open / missing if missing else None,
        required=(1 - create_and_close_share) / win_rate if win_rate else None,
        attainment=expected / goal if goal else None,
    )


def stage_weighted_forecast(
    won_amount: Amount,
    open_deals: Iterable[tuple[str, Amount]],
    win_rates: Mapping[str, float],
    create_and_close: Amount = 0,
) -> Forecast:
    """Amount won by the end of the period: won so far, open deals `(stage, amount)` by the win rate of their stage, and
    `create_and_close`, the amount deals yet to be created are expected to bring.

    Raises ValueError for a stage without a win rate and for rates outside 0 to 1.
    """
    by_stage: dict[str, float] = defaultdict(float)
    variance = 0.0
    for stage, amount in open_deals:
        if stage not in win_rates:
            raise ValueError(f"stage {stage!r} has no win rate; known are {', '.join(win_rates)}")
        rate = win_rates[stage]
        _check_rate(rate)
        by_stage[stage] += rate * float(amount)
        variance += rate * (1 - rate) * float(amount) ** 2
    expected = float(won_amount) + sum(by_stage.values()) + float(create_and_close)
    return Forecast(expected, sqrt(variance), dict(by_stage))


def win_rates(deals: pl.DataFrame) -> WinRates:
    """Win rates of the deals `outcome, amount`; outcome is won, lost, disqualified or open.

    Which deals these are decides what the rates mean: those closed in a period, or those created in it. Deals without
    an amount count, but not by value. Raises ValueError for any other outcome.
    """
    if strange := set(deals["outcome"].unique()) - set(OUTCOMES):
        raise ValueError(f"outcome {strange.pop()!r} is not one of {', '.join(OUTCOMES)}")
    amounts = {name: deals.filter(pl.col("outcome") == name)["amount"].cast(pl.Float64) for name in OUTCOMES}
    won, lost, disqualified, still_open = (len(amounts[name]) for name in OUTCOMES)
    won_amount, lost_amount = float(amounts["won"].sum()), float(amounts["lost"].sum())
    return WinRates(
        won=won,
        lost=lost,
        disqualified=disqualified,
        open=still_open,
        by_count=_share(won, won + lost),
        by_value=_share(won_amount, won_amount + lost_amount),
        including_disqualified=_share(won, won + lost + disqualified),
        of_all=_share(won, deals.height),
        average_won_amount=_share(won_amount, amounts["won"].count()),
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _check_rate(rate: float) -> None:
    if not 0 <= rate <= 1:
        raise ValueError(f"rate {rate} must lie between 0 and 1")
