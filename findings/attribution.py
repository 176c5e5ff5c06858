"""Credit under every agreed model: how far the models agree, and what that lets one decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from agreement import Terms
from findings.words import model_names
from locales import _, ngettext
from locales.formats import number

C = TypeVar("C")
SOLVED = ("markov", "shapley")
"""Models that weigh all journeys against one another: shown above the agreed number of conversions alone."""
RANGES = {
    "key": pl.String, "name": pl.String, "credit": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "deals": pl.Float64, "rank": pl.Int64, "best": pl.Int64, "worst": pl.Int64,
}  # fmt: skip


def reasons() -> dict[str, tuple[str, str]]:
    """Why a part of a deal is nobody's, and what would mend it."""
    return {
        "no_person": (_("No person on the deal"), _("Sales: put the people of the buying group on the deal.")),
        "no_touch": (_("No touch recorded"), _("Marketing: check tracking and the import of events and mailings.")),
        "outside_lookback": (
            _("All touches before the look-back"), _("Both: agree on a longer look-back if deals take that long."),
        ),
        "only_sales_touches": (_("Only touches of sales"), _("Nothing to mend: sales found this customer alone.")),
        "ruled_out": (_("All touches taken out by rulings"), _("Both: look at the rulings on the deal's receipt.")),
        "excluded_channel": (_("Only excluded channels"), _("Both: look at the excluded channels of the agreement.")),
    }  # fmt: skip


def agreed_models(terms: Terms, rows: pl.DataFrame) -> list[str]:
    """The agreed models of which there are figures, in the order of the agreement."""
    there = set(rows["model"].unique())
    return [model for model in terms.attribution.models if model in there]


def ranges(rows: pl.DataFrame, by: str, names: pl.DataFrame, agreed: str, models: Sequence[str]) -> pl.DataFrame:
    """Credit by `by` (channel or campaign_id) under the agreed model, with span and ranks over all models.

    `rows`: `attribution/credit`; `names`: frame key, name. A model that gives nothing counts as 0 and ranks last.
    """
    attributed = rows.filter(pl.col(by).is_not_null() & pl.col("model").is_in(list(models)))
    keys = attributed.select(key=by).unique()
    every = keys.join(pl.DataFrame({"model": list(models)}, schema={"model": pl.String}), how="cross")
    counted = attributed.group_by("model", key=pl.col(by)).agg(
        credit=pl.col("credit").sum().cast(pl.Float64), deals=pl.col("deals").sum()
    )
    by_model = every.join(counted, on=["key", "model"], how="left").with_columns(
        pl.col("credit", "deals").fill_null(0.0)
    )
    ranked = by_model.with_columns(rank=pl.col("credit").rank("min", descending=True).over("model").cast(pl.Int64))
    is_agreed = pl.col("model") == agreed
    return (
        ranked.group_by("key")
        .agg(
            pl.col("credit").filter(is_agreed).first(),
            low=pl.col("credit").min(),
            high=pl.col("credit").max(),
            deals=pl.col("deals").filter(is_agreed).first(),
            rank=pl.col("rank").filter(is_agreed).first(),
            best=pl.col("rank").min(),
            worst=pl.col("rank").max(),
        )
        .join(names, on="key", how="left")
        .with_columns(name=pl.col("name").fill_null(pl.col("key")))
        .select(pl.col(column).cast(kind) for column, kind in RANGES.items())
        .sort("credit", "key", descending=[True, False])
    )


def channel_frame(names: dict[str, str]) -> pl.DataFrame:
    """The channels' words as a frame key, name."""
    return pl.DataFrame(
        {"key": list(names), "name": list(names.values())}, schema=dict.fromkeys(["key", "name"], pl.String)
    )


def campaign_frame(rows: pl.DataFrame) -> pl.DataFrame:
    """The campaigns' names as a frame key, name."""
    return rows.select(key="campaign_id", name="campaign").drop_nulls().unique("key")


def rank_in_words(best: int, worst: int, models: int) -> str:
    """How steady a rank is over the models."""
    if best == worst == 1:
        return ngettext("first in the one model", "first in all {n} models", models).format(n=number(models))
    if best == worst:
        said = ngettext("rank {rank} in the one model", "rank {rank} in all {n} models", models)
        return said.format(rank=number(best), n=number(models))
    said = _("between rank {best} and {worst}: do not decide on this alone")
    return said.format(best=number(best), worst=number(worst))


def side_by_side(rows: pl.DataFrame, names: dict[str, str], models: Sequence[str], agreed: str) -> pl.DataFrame:
    """Each model's share of what it attributes: frame model, channel, name, share; channels by the agreed model."""
    counted = (
        rows.filter(pl.col("channel").is_not_null() & pl.col("model").is_in(list(models)))
        .group_by("model", "channel")
        .agg(pl.col("credit").sum().cast(pl.Float64))
        .with_columns(share=pl.col("credit") / pl.col("credit").sum().over("model"))
    )
    order = counted.filter(pl.col("model") == agreed).sort("credit", descending=True)["channel"].to_list()
    rest = sorted(set(counted["channel"]) - set(order))
    place = {channel: position for position, channel in enumerate([*order, *rest])}
    return counted.with_columns(
        name=pl.col("channel").replace(names), place=pl.col("channel").replace_strict(place, return_dtype=pl.Int64)
    ).sort("place", "model")


def unattributed(rows: pl.DataFrame, model: str) -> pl.DataFrame:
    """What is nobody's under one model: reason, mend, credit, share of all booked."""
    mine = rows.filter(pl.col("model") == model)
    booked = float(mine["credit"].sum() or 0)
    words = reasons()
    found = (
        mine.filter(pl.col("unattributed_reason").is_not_null())
        .group_by("unattributed_reason")
        .agg(pl.col("credit").sum().cast(pl.Float64), pl.col("deals").sum())
        .sort("credit", descending=True)
    )
    said = [words.get(reason, (reason, "")) for reason in found["unattributed_reason"]]
    return found.with_columns(
        reason=pl.Series([what for what, _mend in said], dtype=pl.String),
        mend=pl.Series([mend for _what, mend in said], dtype=pl.String),
        share=pl.col("credit") / (booked or None),
    )


def range_columns(column: Callable[..., C], models: int) -> dict[str, C]:
    """How ranges are shown as a table."""
    return {
        "name": column(_("Name")), "credit": column(_("Agreed model"), "money"),
        "low": column(_("Least of {n} models").format(n=number(models)), "money"),
        "high": column(_("Most"), "money"), "deals": column(_("Deals in full"), "number", 1),
        "stability": column(_("Rank")),
    }  # fmt: skip


def unattributed_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the unattributed part is shown as a table."""
    return {
        "reason": column(_("Why")), "credit": column(_("Amount"), "money"), "share": column(_("Share"), "share", 1),
        "mend": column(_("What would mend it")),
    }  # fmt: skip


def path_columns(column: Callable[..., C]) -> dict[str, C]:
    """How ways are shown as a table."""
    return {
        "first": column(_("First touch")), "lead": column(_("Lead created")),
        "opportunity": column(_("Before the opportunity")), "closing": column(_("Before winning")),
        "won": column(_("Won deals")), "revenue": column(_("Revenue"), "money"),
        "median_days": column(_("Median days"), "number"), "touches": column(_("Median touches")),
    }  # fmt: skip


def with_stability(frame: pl.DataFrame, models: int) -> pl.DataFrame:
    """The ranges with their rank in words."""
    words = [rank_in_words(row["best"], row["worst"], models) for row in frame.iter_rows(named=True)]
    return frame.with_columns(stability=pl.Series(words, dtype=pl.String))


def named_paths(paths: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    """Ways in the reader's words."""
    return paths.with_columns(pl.col("first", "lead", "opportunity", "closing").replace(names))


def method(agreed: str, models: int) -> str:
    """What the bars and lines mean."""
    said = _("Bar: the agreed model, {model}. Line: from the least to the most of all {n} agreed models.")
    return said.format(model=model_names().get(agreed, agreed), n=number(models))


def solved_in_words(frame: pl.DataFrame, names: dict[str, str]) -> str:
    """What Markov and Shapley are, what they leave out, and which channels earn more or less than for their reach."""
    what = _(
        "The exact result for the whole build with its 95 % bootstrap interval, not for a period or team; the other "
        "charts use each deal's share of it. Markov counts journeys that did not convert, Shapley ignores them."
    )
    said = [what]
    sure = frame.drop_nulls("reach_credit").filter(pl.col("credit") > 0).sort("credit", "channel", descending=True)
    more = [names.get(channel, channel) for channel in sure.filter(pl.col("low") > pl.col("reach_credit"))["channel"]]
    less = [names.get(channel, channel) for channel in sure.filter(pl.col("high") < pl.col("reach_credit"))["channel"]]
    if more:
        said.append(_("More than for their reach alone: {channels}.").format(channels=", ".join(more)))
    if less:
        said.append(_("Less than for their reach alone: {channels}.").format(channels=", ".join(less)))
    return " ".join(said)


def too_few_in_words(minimum: int) -> str:
    """Why Markov and Shapley are not shown."""
    said = _("Markov and Shapley need {n} won deals with touches; below that they would only look exact.")
    return said.format(n=number(minimum))


def timing_in_words(timing: dict[str, float | None]) -> str:
    """How long winning takes."""
    if not timing["won"]:
        return ""
    said = _(
        "From the first touch, half of the {n} won deals took {days} days and {touches} touches; nine of ten were won "
        "after {late} days."
    )
    return said.format(
        n=number(timing["won"]), days=number(timing["median_days"]), touches=number(timing["median_touches"]),
        late=number(timing["late_days"]),
    )  # fmt: skip
