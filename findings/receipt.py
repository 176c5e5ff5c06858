"""The receipt of a deal: every euro of credit with its touch, and every touch that was left out with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import polars as pl

from agreement.contests import Contest, Refusal, object_id
from findings.attribution import reasons
from findings.words import channel_names, milestone_names
from locales import _, ngettext
from locales.formats import day, number, percent

C = TypeVar("C")
Money = Callable[..., str]


def exclusion_names() -> dict[str, str]:
    """Why a touch was left out."""
    return {
        "bot": _("made by a machine"), "outside_lookback": _("before the look-back"),
        "repeat": _("repeat of the same person, asset and day"), "excluded_channel": _("excluded channel"),
        "ruled_out": _("excluded by a ruling"), "not_on_deal": _("person is not on the deal"),
        "after_close": _("after the deal closed"),
    }  # fmt: skip


def kind_names() -> dict[str, str]:
    """Kinds of touch."""
    return {
        "visit": _("Visit"), "ad_view": _("Ad seen"), "ad_click": _("Ad clicked"), "email_click": _("E-mail clicked"),
        "form": _("Form sent"), "download": _("Download"), "webinar": _("Webinar"), "event": _("Event"),
        "chat": _("Chat"), "referral": _("Referral"), "partner": _("Partner"), "direct_mail": _("Direct mail"),
        "social": _("Social"), "other": _("Other"),
    }  # fmt: skip


def state_names() -> dict[str, str]:
    """How a contest stands."""
    return {
        "contested": _("contested, waits for an answer"), "agreed": _("wish agreed to, waits for the ruling"),
        "disagreed": _("departments disagree, leadership rules"), "ruled": _("ruled"), "revoked": _("ruling revoked"),
    }  # fmt: skip


def ruling_names() -> dict[str, str]:
    """What a ruling can say."""
    return {"keep": _("keep the credit"), "move": _("move it to another touch"), "exclude": _("take the touch out")}


def refusals() -> dict[Refusal, str]:
    """Why something may not be done to a contest."""
    return {
        "departments_only": _("Only marketing or sales can contest credit; leadership rules where they disagree."),
        "no_reason": _("Please give a reason; the other department reads it."),
        "already_open": _("This credit is contested already; answer that first."),
        "nothing_contested": _("Nothing is open here any more; somebody was faster."),
        "unknown_wish": _("Please say what should happen to the credit."),
        "no_other_touch": _("Please choose another touch that should get the credit."),
        "own_contest": _("The other department answers, by another person than the one who contested."),
        "not_yours_to_rule": _("Nobody rules on a wish of their own; the other department or leadership does."),
        "nothing_ruled": _("There is no ruling to revoke."),
    }


def lines(
    touches: pl.DataFrame, credits: pl.DataFrame, deal_id: str, agreed: str, contests: Mapping[str, Contest]
) -> pl.DataFrame:
    """One line per touch: `receipt/touches` with credit under the agreed model, the least and most of all models, and
    words for milestones, exclusion and contest. Null credit: the touch earns nothing under any model."""
    spans = credits.filter(pl.col("touch_id").is_not_null()).group_by("touch_id").agg(
        credit=pl.col("credit").filter(pl.col("model") == agreed).first().cast(pl.Float64),
        share=pl.col("share").filter(pl.col("model") == agreed).first(),
        low=pl.col("credit").min().cast(pl.Float64),
        high=pl.col("credit").max().cast(pl.Float64),
        ruling_id=pl.col("ruling_id").drop_nulls().first(),
    )  # fmt: skip
    rows = touches.join(spans, on="touch_id", how="left", maintain_order="left")
    said = [
        {
            "what": _what(row), "who": _who(row), "where": _listed(row["milestones"], milestone_names()),
            "left_out": exclusion_names().get(row["exclusion"], row["exclusion"] or ""),
            "contest": _contest(contests.get(object_id(deal_id, row["touch_id"])), row),
        }
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    words = pl.DataFrame(said, schema=dict.fromkeys(["what", "who", "where", "left_out", "contest"], pl.String))
    return rows.hstack(words)


def _what(row: Mapping[str, Any]) -> str:
    kind = kind_names().get(row["kind"], row["kind"] or "")
    channel = channel_names().get(row["channel"], row["channel"] or "")
    return " · ".join(part for part in (kind, row["campaign"] or channel) if part)


def _who(row: Mapping[str, Any]) -> str:
    return row["person"] or row["title"] or row["person_id"] or "–"


def _listed(codes: str | None, names: Mapping[str, str]) -> str:
    return ", ".join(names.get(code, code) for code in (codes or "").split(",") if code)


def _contest(contest: Contest | None, row: Mapping[str, Any]) -> str:
    """How the contest stands, and whether the figures on screen follow it already."""
    if contest is None:
        return ""
    said = state_names()[contest.state]
    if contest.ruled and contest.state in ("ruled", "revoked"):
        if contest.state == "ruled":
            said = _("ruled: {ruling}").format(ruling=ruling_names()[contest.ruled.body["ruling"]])
        is_applied = row["ruling_id"] == str(contest.ruled.seq) or row["exclusion"] == "ruled_out"
        if is_applied != (contest.state == "ruled"):
            said = _("{ruling} (from the next build)").format(ruling=said)
    return said


def sentence(deal: Mapping[str, Any], rows: pl.DataFrame, credits: pl.DataFrame, agreed: str, money: Money) -> str:
    """Where the amount went."""
    if deal["amount"] is None:
        return _("No amount is known for this deal, so there is nothing to share out.")
    nobody = credits.filter((pl.col("model") == agreed) & pl.col("touch_id").is_null())
    earning = rows.filter(pl.col("credit") > 0).sort("credit", descending=True)
    if not earning.height:
        why = reasons().get(nobody["unattributed_reason"][0] if nobody.height else "", ("", ""))
        said = _("{amount}, attributed to nobody: {why}. {mend}")
        return said.format(amount=money(deal["amount"]), why=why[0] or _("no touch earned it"), mend=why[1]).strip()
    top = earning.row(0, named=True)
    said = _("{amount} went to {n} of {all} touches; most of it, {share}, to “{what}” on {day}.")
    return said.format(
        amount=money(deal["amount"]), n=number(earning.height), all=number(rows.height), share=percent(top["share"], 0),
        what=top["what"], day=day(top["occurred_at"]),
    )  # fmt: skip


def closing(credits: pl.DataFrame, amount: Any, money: Money) -> str:
    """Whether every model adds up to the deal's amount, to the cent; says by how much not, should it ever be so."""
    sums = credits.drop_nulls("credit").group_by("model").agg(pl.col("credit").sum()).sort("model")
    off = [row for row in sums.iter_rows(named=True) if row["credit"] != amount]
    if off:
        return _("Attention: {model} adds up to {credit}, not to {amount}.").format(
            model=off[0]["model"], credit=money(off[0]["credit"], digits=2), amount=money(amount, digits=2)
        )
    said = ngettext("The one model adds up to {amount}.", "All {n} models add up to {amount}.", sums.height)
    return said.format(n=number(sums.height), amount=money(amount, digits=2)) if sums.height else ""


def judged_by(deal: Mapping[str, Any], model: str) -> str:
    """The rule the credit follows."""
    said = _("Agreed model: {model}. Judged by the terms of version {version}.")
    return said.format(model=model, version=deal["agreement_version"])


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the receipt is shown as a table."""
    return {
        "occurred_at": column(_("When")), "what": column(_("Touch")), "who": column(_("Person")),
        "where": column(_("Milestones")), "share": column(_("Share"), "share", 0),
        "credit": column(_("Credit"), "money", 2), "contest": column(_("Contest")),
        "left_out": column(_("Left out because")), "low": column(_("Least of all models"), "money"),
        "high": column(_("Most"), "money"),
    }  # fmt: skip


def titles(deals: pl.DataFrame, money: Money) -> dict[str, str]:
    """Deals by id as one chooses them."""
    return {
        row["deal_id"]: " · ".join((row["deal"] or row["deal_id"], money(row["amount"]), day(row["won_at"])))
        for row in deals.iter_rows(named=True)
    }


def touch_titles(rows: pl.DataFrame, ids: Sequence[str] | None = None) -> dict[str, str]:
    """Touches by id as one chooses them."""
    shown = rows if ids is None else rows.filter(pl.col("touch_id").is_in(list(ids)))
    return {row["touch_id"]: f"{day(row['occurred_at'])} · {row['what']}" for row in shown.iter_rows(named=True)}
