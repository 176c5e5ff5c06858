"""A promise and how far it was kept, by the same measure for both departments: kept, not kept, or too close to call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from locales import _
from locales.formats import number, percent
from measures.intervals import poisson, wilson

Verdict = Literal["kept", "missed", "open", "nothing"]
WEEKS = {"week_start": pl.Date, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Float64}


@dataclass(frozen=True)
class Promise:
    """How far a promise was kept: `done` of `due`, with the 95 % interval of the share, against the `target` share."""

    done: float
    due: float
    share: float | None
    low: float | None
    high: float | None
    target: float

    @property
    def verdict(self) -> Verdict:
        """Kept or missed where the whole interval says so; open where it spans the target."""
        if self.share is None or self.low is None or self.high is None:
            return "nothing"
        if self.low >= self.target:
            return "kept"
        return "missed" if self.high < self.target else "open"


def answered(row: Mapping[str, int], target: float) -> Promise:
    """Sales' promise: `service_levels/kept` against the agreed attainment; Wilson interval."""
    met, due = row["met"], row["due"]
    low, high = wilson(met, due)
    return Promise(met, due, met / due, low, high, target) if due else Promise(0, 0, None, None, None, target)


def delivered(rows: pl.DataFrame, unit: str = "count") -> Promise:
    """Marketing's promise: accepted leads to date against the line, from `service_levels/burn_up`.

    The interval is Poisson's for the number of accepted leads; by value it is scaled by the mean value of a lead.
    """
    mine = rows.filter((pl.col("unit") == unit) & pl.col("delivered_to_date").is_not_null())
    count = rows.filter((pl.col("unit") == "count") & pl.col("delivered_to_date").is_not_null())
    if not mine.height or not mine["target_to_date"][-1]:
        return Promise(0, 0, None, None, None, 1.0)
    done, due = float(mine["delivered_to_date"][-1]), float(mine["target_to_date"][-1])
    leads = float(count["delivered_to_date"][-1])
    low, high = (bound * (done / leads if leads else 0) / due for bound in poisson(leads))
    return Promise(done, due, done / due, low, high, 1.0)


def weeks_answered(rows: pl.DataFrame) -> pl.DataFrame:
    """`service_levels/kept_by_week` as shares with Wilson intervals: frame `WEEKS`."""
    found = [
        {"week_start": row["week_start"], "share": row["met"] / row["due"], "n": row["due"]}
        | dict(zip(("low", "high"), wilson(row["met"], row["due"]), strict=True))
        for row in rows.iter_rows(named=True)
        if row["due"]
    ]
    return pl.DataFrame(found, schema=WEEKS)


def weeks_delivered(rows: pl.DataFrame) -> pl.DataFrame:
    """`service_levels/delivered_by_week` as shares of the week's promise with Poisson intervals: frame `WEEKS`."""
    found = [
        {"week_start": row["week_start"], "share": row["delivered"] / row["promised"], "n": row["delivered"]}
        | {name: edge / row["promised"] for name, edge in zip(("low", "high"), poisson(row["delivered"]), strict=True)}
        for row in rows.filter(pl.col("unit") == "count").iter_rows(named=True)
        if row["promised"]
    ]
    return pl.DataFrame(found, schema=WEEKS)


def sentence(sales: Promise, marketing: Promise, hours: str) -> str:
    """Who kept which promise, in one breath."""
    said = []
    if sales.share is None:
        said.append(_("No answer of sales was due here."))
    else:
        words = {
            "kept": _("Sales answered {share} of {n} leads in time and kept its promise of {target}."),
            "missed": _("Sales answered {share} of {n} leads in time and missed its promise of {target}."),
            "open": _("Sales answered {share} of {n} leads in time: too close to its promise of {target} to call."),
        }[sales.verdict]
        said.append(
            words.format(share=percent(sales.share, 0), n=number(sales.due), target=percent(sales.target, 0))
        )  # fmt: skip
    if marketing.share is None:
        said.append(_("Marketing had promised no leads by today."))
    else:
        words = {
            "kept": _("Marketing delivered {done} accepted leads, {share} of the {due} promised by today: kept."),
            "missed": _("Marketing delivered {done} accepted leads, {share} of the {due} promised by today: missed."),
            "open": _(
                "Marketing delivered {done} accepted leads, {share} of the {due} promised by today: too close to call."
            ),
        }[marketing.verdict]
        said.append(
            words.format(
                done=number(marketing.done), share=percent(marketing.share, 0), due=number(round(marketing.due))
            )
        )
    return " ".join([*said, hours] if hours and sales.verdict in ("missed", "open") else said)


def verdict_names() -> dict[Verdict, str]:
    """The verdicts on a card."""
    return {"kept": _("kept"), "missed": _("not kept"), "open": _("too close to call"), "nothing": _("nothing due")}


def interval_in_words(promise: Promise) -> str:
    """The interval and what it is of."""
    if promise.low is None or promise.high is None:
        return ""
    said = _("95 % interval {low} to {high}; promise {target}")
    return said.format(low=percent(promise.low, 0), high=percent(promise.high, 0), target=percent(promise.target, 0))


def is_good(promise: Promise) -> bool | None:
    """Colour is for verdicts alone: what is too close to call is neither good nor bad."""
    return {"kept": True, "missed": False}.get(promise.verdict)


def of_in_words(promise: Promise) -> str:
    """What the share is of."""
    if promise.share is None:
        return ""
    return _("{done} of {due}").format(done=number(promise.done), due=number(round(promise.due)))
