"""Both promises by the same measure: kept, not kept, or too close to call; and where the time goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from agreement.sections import Response
from findings.suppression import Suppression
from locales import _, ngettext
from locales.formats import number, percent
from measures.intervals import poisson, wilson
from measures.survival import kaplan_meier, quantile

Verdict = Literal["kept", "missed", "open", "nothing"]
WEEKS = {"week_start": pl.Date, "share": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Float64}
SEGMENTS = ("qualifying", "routing", "response", "contact")
HOUR_MINUTES = 60


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


def segments(rows: pl.DataFrame) -> pl.DataFrame:
    """`service_levels/segments`: median and 90th percentile in business hours, those still waiting in the count.

    Null: not even that share has taken the step yet.
    """
    found = []
    for name in SEGMENTS:
        mine = rows.filter(pl.col("step") == name)
        if not mine.height:
            continue
        curve = kaplan_meier(
            pl.concat([mine["minutes"], mine["minutes"]]),
            pl.concat([pl.repeat(True, mine.height, eager=True), pl.repeat(False, mine.height, eager=True)]),
            count=pl.concat([mine["finished"], mine["waiting"]]),
        )
        median, late = (quantile(curve, share).value for share in (0.5, 0.9))
        found.append(
            {
                "name": name, "finished": int(mine["finished"].sum()), "waiting": int(mine["waiting"].sum()),
                "median_hours": None if median is None else median / HOUR_MINUTES,
                "late_hours": None if late is None else late / HOUR_MINUTES,
            }
        )  # fmt: skip
    schema = {"name": pl.String, "finished": pl.Int64, "waiting": pl.Int64, "median_hours": pl.Float64,
              "late_hours": pl.Float64}  # fmt: skip
    return pl.DataFrame(found, schema=schema)


def segment_names(routing_owner: str) -> dict[str, str]:
    """The steps of a lead, each with the department that owns it."""
    owners = {"marketing": _("Marketing"), "sales": _("Sales")}
    return {
        "qualifying": _("Captured to qualified ({owner})").format(owner=owners["marketing"]),
        "routing": _("Qualified to assigned ({owner})").format(owner=owners[routing_owner]),
        "response": _("Assigned to first attempt ({owner})").format(owner=owners["sales"]),
        "contact": _("Attempt to two-way contact ({owner})").format(owner=owners["sales"]),
    }


def kept_by(rows: pl.DataFrame, by: str, names: Mapping[str, str], minimum: int) -> pl.DataFrame:
    """Attainment by kind of lead, source or team in the form of `findings.waiting.BREAKDOWN`, the lowest first."""
    found = []
    for row in rows.filter(pl.col("due") > 0).iter_rows(named=True):
        low, high = wilson(row["met"], row["due"])
        found.append(
            {
                "name": names.get(row[by], row[by]) if row[by] else _("Unknown"), "entered": row["due"],
                "advanced": row["met"], "share": row["met"] / row["due"], "low": low, "high": high,
                "is_ranked": row["due"] >= minimum,
            }
        )  # fmt: skip
    schema = {"name": pl.String, "entered": pl.Int64, "advanced": pl.Int64, "share": pl.Float64, "low": pl.Float64,
              "high": pl.Float64, "is_ranked": pl.Boolean}  # fmt: skip
    return pl.DataFrame(found, schema=schema).sort(["is_ranked", "share"], descending=[True, False])


def worst_hours(rows: pl.DataFrame) -> str:
    """Where in the week breaches gather, if they do: half-days with clearly more breaches than usual."""
    if not rows["breached"].sum():
        return ""
    halves = (
        rows.with_columns(half=pl.when(pl.col("hour") < 12).then(0).otherwise(1))
        .group_by("weekday", "half")
        .agg(pl.col("breached").sum(), pl.col("handovers").sum())
    )
    total, all_breached = int(halves["handovers"].sum()), int(halves["breached"].sum())
    usual = all_breached / total
    found = [
        (row["breached"], row)
        for row in halves.iter_rows(named=True)
        if row["breached"] >= 3 and wilson(row["breached"], row["handovers"])[0] > usual
    ]
    if not found:
        return _("No half-day of the week stands out.")
    worst = max(found, key=lambda pair: pair[0])[1]
    said = _("{k} of {n} breaches were handed over on {half}, which had {share} of the handovers.")
    return said.format(
        k=number(worst["breached"]), n=number(all_breached), half=half_days()[worst["weekday"], worst["half"]],
        share=percent(worst["handovers"] / total, 0),
    )  # fmt: skip


def half_days() -> dict[tuple[int, int], str]:
    """Half-days of the week as one says them."""
    return {
        (1, 0): _("Monday morning"), (1, 1): _("Monday afternoon"), (2, 0): _("Tuesday morning"),
        (2, 1): _("Tuesday afternoon"), (3, 0): _("Wednesday morning"), (3, 1): _("Wednesday afternoon"),
        (4, 0): _("Thursday morning"), (4, 1): _("Thursday afternoon"), (5, 0): _("Friday morning"),
        (5, 1): _("Friday afternoon"), (6, 0): _("Saturday morning"), (6, 1): _("Saturday afternoon"),
        (7, 0): _("Sunday morning"), (7, 1): _("Sunday afternoon"),
    }  # fmt: skip


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


def balance(row: Mapping[str, int]) -> str:
    """The books of handovers: what was handed over is met, breached, pending, excused or unassigned."""
    said = _(
        "{all} handed over in the period = {met} met + {breached} breached + {pending} pending + {excused} excused + "
        "{unassigned} unassigned."
    ).format(
        all=number(row["handed_over"]), met=number(row["met"]), breached=number(row["breached"]),
        pending=number(row["pending"]), excused=number(row["excused"]), unassigned=number(row["unassigned"]),
    )  # fmt: skip
    if row["date_only"]:
        more = ngettext(
            "{n} handover is known by its day only and has no clock.",
            "{n} handovers are known by their day only and have no clock.",
            row["date_only"],
        )
        said += " " + more.format(n=number(row["date_only"]))
    return said


def silence(rows: pl.DataFrame) -> str:
    """How many accepted leads were accepted by silence, so that neglect does not flatter marketing."""
    count = dict(rows.group_by("decision").agg(pl.col("leads").sum()).iter_rows())
    accepted, silent = count.get("accepted", 0), count.get("silent", 0)
    if not accepted + silent:
        return ""
    said = _("Of {n} accepted leads, {silent} were accepted by silence ({share}): nobody said yes or no in time.")
    return said.format(
        n=number(accepted + silent), silent=number(silent), share=percent(silent / (accepted + silent), 0)
    )


def attempts(rows: pl.DataFrame, response: Response) -> str:
    """Whether leads that do not answer are tried again as agreed."""
    judged, kept = int(rows["judged"].sum()), int(rows["kept"].sum())
    if not judged:
        return ""
    low, high = wilson(kept, judged)
    said = _(
        "{n} attempts within {days} working days, or reached or decided before: {share} of {judged} ({low}–{high})."
    )
    return said.format(
        n=number(response.attempts), days=number(response.attempts_within_working_days),
        share=percent(kept / judged, 0), judged=number(judged),
        low=percent(low, 0), high=percent(high, 0),
    )  # fmt: skip


def kept_by_in_words(minimum: int) -> str:
    """What the dots, lines and hollow dots mean."""
    said = _("Share answered in time with its 95 % interval; n in brackets. Hollow: fewer than {n}, not ranked.")
    return said.format(n=number(minimum))


def is_good(promise: Promise) -> bool | None:
    """Colour is for verdicts alone: what is too close to call is neither good nor bad."""
    return {"kept": True, "missed": False}.get(promise.verdict)


def of_in_words(promise: Promise) -> str:
    """What the share is of."""
    if promise.share is None:
        return ""
    return _("{done} of {due}").format(done=number(promise.done), due=number(round(promise.due)))


def comparisons(allowed: Suppression) -> dict[str, str]:
    """What attainment is compared by; only where enough people stand behind more than one value."""
    names = {"source": _("Source"), "lead_type": _("Kind of lead"), "team": _("Team")}
    shown = [key for key in allowed.shown if len(key) == 1]
    counts = {name: sum(dimension == name for key in shown for dimension, _value in key) for name in names}
    return {name: word for name, word in names.items() if counts[name] > 1}


def segments_in_words() -> str:
    """What dots and lines of lost time mean."""
    return _("Median of business hours, line up to the 90th percentile; those still waiting are in the count.")


def hours_in_words() -> str:
    """What the cells of the week mean."""
    return _("Late of all answers due, by hour of the handover")


def chosen_groups(shown: Mapping[str, object]) -> dict[str, str | None]:
    """Of the filters those that single out a group of people."""
    return {name: str(shown[name]) for name in ("team", "segment") if shown.get(name) is not None}


def too_few_in_words(smallest: int) -> str:
    """Why a figure is not shown."""
    said = _("Fewer than {n} people stand behind this selection, or it could be worked out from others: not shown.")
    return said.format(n=number(smallest))


def nothing_in_words() -> str:
    """What to do where there is no handover."""
    return _("Choose a longer period or all teams, or load an export with qualified leads and activities.")
