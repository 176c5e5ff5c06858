"""The page Prejudices in words: the claim as people say it, the figure, the verdict, and what would settle it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import polars as pl

from findings.evidence import Test, Trend
from findings.reproaches import JUDGED_MONTHS, Reproach, Side, Verdict
from findings.words import channel_names
from locales import _, ngettext
from locales.formats import listed, number, percent

C = TypeVar("C")


def claims() -> dict[str, str]:
    """The reproaches in their own words."""
    return {
        "pictures": _("“Only colourful pictures”"), "audience": _("“Wrong audience”"),
        "channels": _("“Wrong channels”"), "leads": _("“Too few leads”"),
        "strategy": _("“Does not carry the strategy out”"), "coffee": _("“Only goes for coffee”"),
        "revenue": _("“Too little revenue”"),
    }  # fmt: skip


def figures() -> dict[str, str]:
    """The figures that would show them."""
    return {
        "pictures": _("Won revenue with a marketing touch before the deal"),
        "fit": _("Leads that fit the agreed target customer"), "accepted": _("Leads that sales accepted"),
        "channels": _("Cost on channels that are weak in every agreed model"),
        "leads": _("Accepted leads against the promise"), "answered": _("Leads answered within the promised time"),
        "attempts": _("Leads tried as often as agreed"), "coffee": _("Meetings that led to an opportunity"),
        "revenue": _("Won revenue against the target"), "promised_leads": _("Accepted leads against the promise"),
    }  # fmt: skip


def verdicts() -> dict[Verdict, str]:
    """The verdicts."""
    return {"supported": _("supported"), "refuted": _("refuted"), "open": _("not decidable")}


def sides() -> dict[Side, str]:
    """Who says it of whom."""
    return {"marketing": _("What sales says about marketing"), "sales": _("What marketing says about sales")}


def headline(found: Sequence[Reproach]) -> str:
    """How many of the old reproaches the data support."""
    by: dict[Verdict, list[str]] = {"supported": [], "refuted": [], "open": []}
    for one in found:
        by[one.verdict].append(claims()[one.key])
    n = len(by["supported"])
    if n:
        said = ngettext(
            "{n} of {all} old reproaches is supported by the data: {names}.",
            "{n} of {all} old reproaches are supported by the data: {names}.", n,
        ).format(n=number(n), all=number(len(found)), names=listed(by["supported"]))  # fmt: skip
    else:
        said = _("None of the {all} old reproaches is supported by the data.").format(all=number(len(found)))
    refuted, undecided = len(by["refuted"]), len(by["open"])
    return (
        said
        + " "
        + _("Refuted: {refuted}; not decidable: {undecided}.").format(
            refuted=number(refuted), undecided=number(undecided)
        )
    )


def method() -> str:
    """How the verdicts come about."""
    return _(
        "Judged are the last four complete quarters, against thresholds agreed beforehand. A reproach is decided only "
        "where the whole 95% interval lies on one side of its threshold; both departments are tested alike."
    )


def card(one: Reproach) -> dict[str, Any]:
    """The first test of a reproach on a card, with the verdict of them all."""
    test = one.tests[0]
    return {
        "label": claims()[one.key], "value": percent(test.found.value, 0) if test.found else "–",
        "delta": verdicts()[one.verdict], "is_verdict": True,
        "delta_good": {"supported": False, "refuted": True, "open": None}[one.verdict],
        "spark": test.course, "help": figures()[test.key],
    }  # fmt: skip


def in_short(one: Reproach) -> str:
    """The claim and its verdict."""
    lightly = {
        "pictures": _("Colourful, and they work."), "coffee": _("The coffee pays."),
        "channels": _("Opinions differ, and so do the models."),
    }  # fmt: skip
    said = f"{claims()[one.key]}: {verdicts()[one.verdict]}."
    fits = one.verdict == ("open" if one.key == "channels" else "refuted") and one.tests[0].found is not None
    return f"{said} {lightly[one.key]}" if fits and one.key in lightly else said


def told(one: Reproach) -> list[tuple[str, str, str]]:
    """The tests of a reproach as name, verdict and text."""
    names = figures()
    return [(names[test.key], _standing(test), _in_words(test)) for test in one.tests]


def _standing(test: Test) -> str:
    if test.found is None:
        return _("no figure")
    if test.holds is None:
        return _("cannot be told yet")
    return _("speaks for the reproach") if test.holds else _("speaks against the reproach")


def _in_words(test: Test) -> str:
    if test.found is None:
        return test.missing
    span = {
        "value": percent(test.found.value, 0), "low": percent(test.found.low, 0), "high": percent(test.found.high, 0),
        "n": number(test.found.n), "threshold": percent(test.threshold, 0),
    }  # fmt: skip
    if test.key == "channels":
        said = [_("{low} in every one of {n} models, {high} in at least one; the reproach holds above {threshold}.")]
    elif test.key == "coffee":
        said = [_("{value} ({low} to {high}; n = {n}) in {months} months; the twelve months before set {threshold} as "
                  "the lower limit.")]  # fmt: skip
    elif test.is_above:
        said = [_("{value} ({low} to {high}; n = {n}); the reproach holds from {threshold} on.")]
    else:
        said = [_("{value} ({low} to {high}; n = {n}); the reproach holds below {threshold}.")]
    said[0] = said[0].format(**span, months=JUDGED_MONTHS)
    if test.named:
        names = channel_names()
        words = listed([f"\u2068{names.get(name, name)}\u2069" for name in test.named])
        said.append((_("Weak in every model: {names}.") if test.key == "channels"
                     else _("Below their own limits: {names}.")).format(names=words))  # fmt: skip
    said += [_trends()[test.trend]] if test.trend else []
    return " ".join([*said, *_settled_by(test)])


def _trends() -> dict[Trend, str]:
    return {
        "up": _("Lately higher than before."), "down": _("Lately lower than before."),
        "flat": _("No trend beyond chance."),
    }  # fmt: skip


def _settled_by(test: Test) -> list[str]:
    """What would decide a test that is not decided."""
    if test.holds is not None:
        return []
    if test.key == "channels":
        return [_("The models disagree: only a test that pauses a channel would settle it.")]
    if test.key == "coffee":
        return [
            _("With so few meetings chance alone could leave none that led anywhere; more meetings would settle it.")
        ]
    if test.more is None:
        return [_("It lies so close to the threshold that more cases will not settle it soon.")]
    return [
        ngettext("About {n} more case like these would settle it.",
                 "About {n} more cases like these would settle it.", test.more).format(n=number(test.more))
    ]  # fmt: skip


def as_table(found: Sequence[Reproach]) -> pl.DataFrame:
    """Every test as a row."""
    names, words = claims(), figures()
    rows = [
        (names[one.key], words[test.key], _standing(test), *_numbers(test)) for one in found for test in one.tests
    ]  # fmt: skip
    kinds = {"claim": pl.String, "figure": pl.String, "standing": pl.String, "value": pl.Float64, "low": pl.Float64,
             "high": pl.Float64, "threshold": pl.Float64, "n": pl.Int64}  # fmt: skip
    return pl.DataFrame(rows, schema=kinds, orient="row")


def _numbers(test: Test) -> tuple[float | None, float | None, float | None, float | None, int | None]:
    if test.found is None:
        return None, None, None, test.threshold or None, None
    return test.found.value, test.found.low, test.found.high, test.threshold, test.found.n


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the tests are listed."""
    return {
        "claim": column(_("Reproach")), "figure": column(_("Figure")), "standing": column(_("Verdict")),
        "value": column(_("Value"), "share"), "low": column(_("at least"), "share"),
        "high": column(_("at most"), "share"), "threshold": column(_("Threshold"), "share"),
        "n": column("n", "number"),
    }  # fmt: skip
