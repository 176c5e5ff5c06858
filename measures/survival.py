"""How long things take, counting those that still wait: Kaplan-Meier and Aalen-Johansen curves, and their quantiles.

The mean of the finished flatters: the slow ones have not finished yet. These curves use every record, the open ones
up to the age they have reached. Ties are exact: of records with the same time, events come before the still open.
Curves have one row per time at which something happened; between rows they are flat, before the first row nothing has.
Point estimates come from statsmodels (checked against published tables in tests/golden/funnel_*.json); the standard
errors are computed here, because with counted records statsmodels gives Tsiatis' hazard error or none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = Sequence[float] | pl.Series | NDArray[Any]
CURVE_SCHEMA = {"time": pl.Float64, "at_risk": pl.Int64, "survival": pl.Float64}


@dataclass(frozen=True)
class Quantile:
    """A point in time with its confidence interval; None = the curve does not come down that far (yet)."""

    value: float | None
    low: float | None
    high: float | None


def kaplan_meier(
    time: Numbers, event: Sequence[bool] | pl.Series | NDArray[Any], count: Numbers | None = None
) -> pl.DataFrame:
    """The share that has not left yet, by time since the start.

    time: age at the event, or age reached by those still open, in any unit; event: whether it happened; count: how
    many such records there are (default one each).
    Returns `time, at_risk, survival, standard_error`, one row per time with an event. The error is Greenwood's,
    null once nobody is left. Raises ValueError for columns of unequal length and for missing or negative values.
    """
    from statsmodels.duration.survfunc import SurvfuncRight  # here: five seconds of imports on a small machine

    times, counts = _read(time, count)
    status = _same_length(pl.Series("event", event), len(times)).cast(pl.Boolean)
    if status.has_nulls():
        raise ValueError("event is missing for some records; say False for those still open")
    happened = status.to_numpy().astype(float)[counts > 0]
    times, counts = times[counts > 0], counts[counts > 0]
    if not happened.any():
        return pl.DataFrame(schema=CURVE_SCHEMA | {"standard_error": pl.Float64})
    curve = SurvfuncRight(times, happened, freq_weights=counts)
    return _curve(curve.surv_times, curve.n_risk, curve.surv_prob).with_columns(
        standard_error=pl.Series(_greenwood(curve.n_risk, curve.n_events, curve.surv_prob)).fill_nan(None)
    )


def cumulative_incidence(
    time: Numbers,
    cause: Sequence[str | None] | pl.Series,
    count: Numbers | None = None,
    causes: Iterable[str] | None = None,
) -> pl.DataFrame:
    """The share that has left by each cause, by time since the start, where the causes compete (Aalen-Johansen).

    time, count: as in `kaplan_meier`; cause: why it ended, None = still open; causes: the columns to return, in this
    order (default: the causes that occur, sorted), so that a curve without a loss still has its column.
    Returns `time, at_risk, survival, incidence_<cause> …`, one row per time with an event; survival is the share still
    open, and survival and incidences add up to 1 in every row. Raises ValueError as `kaplan_meier`, and for a cause
    that is not among `causes`.
    """
    from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

    times, counts = _read(time, count)
    ends = _same_length(pl.Series("cause", cause), len(times)).cast(pl.String)
    found = sorted(ends.drop_nulls().unique())
    names = found if causes is None else [str(name) for name in causes]
    if unknown := set(found) - set(names):
        raise ValueError(f"cause {', '.join(sorted(unknown))} is not among {', '.join(names)}")
    numbers = {name: number for number, name in enumerate(names, start=1)}
    codes = ends.replace_strict(numbers, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()[counts > 0]
    times, counts = times[counts > 0], counts[counts > 0]
    columns = [f"incidence_{name}" for name in names]
    if not codes.any():
        return pl.DataFrame(schema=CURVE_SCHEMA | dict.fromkeys(columns, pl.Float64))
    curve = SurvfuncRight(times, (codes > 0).astype(float), freq_weights=counts)
    by_cause = CumIncidenceRight(times, codes, freq_weights=counts)
    with_event = np.isin(by_cause.times, curve.surv_times)
    incidences = [incidence[with_event] for incidence in by_cause.cinc]
    incidences += [np.zeros(len(curve.surv_times))] * (len(names) - len(incidences))  # causes that never occurred
    return _curve(curve.surv_times, curve.n_risk, curve.surv_prob).with_columns(
        pl.Series(column, incidence) for column, incidence in zip(columns, incidences, strict=True)
    )


def quantile(curve: pl.DataFrame, share: float = 0.5, confidence: float = 0.95) -> Quantile:
    """The earliest time by which at least `share` have left, from a curve of `kaplan_meier`.

    The interval holds the times whose survival is not told apart from `1 - share` on the log-log scale (Brookmeyer and
    Crowley, Biometrics 38 (1982) 29-41), as R's survfit does with conf.type = "log-log".
    Raises ValueError unless 0 < share < 1 and 0 < confidence < 1.
    """
    if not (0 < share < 1 and 0 < confidence < 1):
        raise ValueError(f"share {share} and confidence {confidence} must lie between 0 and 1")
    survival, error = curve["survival"].to_numpy(), curve["standard_error"].fill_null(np.nan).to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = -np.log(survival)
        scores = (np.log(hazard) - np.log(-np.log(1 - share))) * survival * hazard / error
    scores[survival == 0] = np.inf  # everybody has left: certainly past any quantile
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    reached = [survival <= 1 - share + 1e-12, scores >= -z, scores > z]  # 1e-12: survival is a product of fractions
    times = curve["time"].to_numpy()
    value, low, high = (float(times[rows.argmax()]) if rows.any() else None for rows in reached)
    return Quantile(value, low, high)


def median(
    time: Numbers,
    event: Sequence[bool] | pl.Series | NDArray[Any],
    count: Numbers | None = None,
    confidence: float = 0.95,
) -> Quantile:
    """Median time to the event, those still waiting included; arguments as in `kaplan_meier` and `quantile`."""
    return quantile(kaplan_meier(time, event, count), 0.5, confidence)


def _read(time: Numbers, count: Numbers | None) -> tuple[Floats, NDArray[np.int64]]:
    times = pl.Series("time", time)
    if len(times) and not times.dtype.is_numeric():
        raise ValueError(f"time is {times.dtype}; give numbers in one unit, such as days")
    times = times.cast(pl.Float64)
    if times.has_nulls() or not (times.is_finite() & (times >= 0)).all():
        raise ValueError("time is missing, negative or endless for some records")
    if count is None:
        return times.to_numpy(), np.ones(len(times), dtype=np.int64)
    counts = _same_length(pl.Series("count", count), len(times)).cast(pl.Int64)
    if counts.has_nulls() or (counts < 0).any():
        raise ValueError("count is missing or negative for some records")
    return times.to_numpy(), counts.to_numpy()


def _same_length(column: pl.Series, length: int) -> pl.Series:
    if len(column) != length:
        raise ValueError(f"{column.name} has {len(column)} values for {length} times")
    return column


def _curve(times: Floats, at_risk: NDArray[Any], survival: Floats) -> pl.DataFrame:
    return pl.DataFrame({"time": times, "at_risk": at_risk, "survival": survival}, schema=CURVE_SCHEMA)


def _greenwood(at_risk: NDArray[Any], events: NDArray[Any], survival: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        relative_variance: Floats = np.cumsum(events / (at_risk * (at_risk - events)))
        return survival * np.sqrt(relative_variance)
