"""One customer as both departments met it: who spoke when, where was silence, what is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import polars as pl

from findings.interactions import lines, short
from findings.links import web_address
from findings.words import consent_words, lead_type_names
from locales import _, ngettext
from locales.formats import day, number

C = TypeVar("C")
Money = Callable[..., str]
SILENCE = timedelta(days=30)  # shorter pauses are ordinary life


@dataclass(frozen=True)
class Gap:
    """A time in which neither department had contact; `is_open`: it lasts until now."""

    begins: datetime
    ends: datetime
    is_open: bool = False

    @property
    def days(self) -> int:
        """Whole days."""
        return (self.ends - self.begins).days


def contacts(rows: pl.DataFrame) -> pl.DataFrame:
    """Interactions with a person: no mere stages of the CRM, nothing sent by software, no notes or tasks."""
    is_work = (pl.col("what") == "activity") & ~pl.col("is_automatic") & ~pl.col("kind").is_in(["note", "task"])
    return rows.filter((pl.col("what") == "touch") | is_work)


def gaps(rows: pl.DataFrame, now: datetime) -> list[Gap]:
    """Silences of at least 30 days between contacts, in order; the last may still go on."""
    moments = sorted(moment for moment in contacts(rows)["at"] if moment <= now)
    found = [Gap(one, other) for one, other in pairwise(moments) if other - one >= SILENCE]
    if moments and now - moments[-1] >= SILENCE:
        found.append(Gap(moments[-1], now, is_open=True))
    return found


def name(account: Mapping[str, Any]) -> str:
    """What the customer is called."""
    return short(account["name"] or account["domain"] or account["account_id"], 80)


def sentence(account: Mapping[str, Any], rows: pl.DataFrame, open_promises: int, now: datetime) -> str:
    """Who spoke last, the longest silence, and what is open."""
    met = contacts(rows)
    told = []
    for lane, never, last in (
        ("marketing", _("Marketing never met {name}."), _("Marketing met {name} last on {day}.")),
        ("sales", _("Sales never spoke with them."), _("Sales spoke with them last on {day}.")),
    ):
        newest: Any = met.filter(pl.col("lane") == lane)["at"].max()
        told.append(never.format(name=name(account)) if newest is None
                    else last.format(name=name(account), day=day(newest.astimezone(now.tzinfo))))  # fmt: skip
    longest = max(gaps(rows, now), key=lambda gap: gap.days, default=None)
    if longest:
        told.append(
            ngettext("The longest silence: {n} day.", "The longest silence: {n} days.", longest.days).format(
                n=number(longest.days)
            )
        )
    if open_promises:
        told.append(
            ngettext("{n} promise is open.", "{n} promises are open.", open_promises).format(n=number(open_promises))
        )
    return " ".join(told)


def facts(account: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is known of the company."""
    since = account["is_customer_since"]
    told = {
        _("Domain"): account["domain"], _("Industry"): account["industry"], _("Employees"): account["employees_band"],
        _("Region"): account["region"], _("Customer since"): day(since) if since else None,
    }  # fmt: skip
    return [(label, short(value)) for label, value in told.items() if value]


def timeline(rows: pl.DataFrame) -> pl.DataFrame:
    """Interactions in words."""
    return lines(rows).with_columns(credit=pl.col("credit").cast(pl.Float64))


def timeline_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the interactions are listed."""
    return {
        "at": column(_("When")), "side": column(_("Department")), "words": column(_("What happened")),
        "person": column(_("Person")), "team": column(_("Team")), "credit": column(_("Credit"), "money"),
    }  # fmt: skip


def people(rows: pl.DataFrame) -> pl.DataFrame:
    """The buying group, with the basis of contact in the reader's language."""
    return rows.with_columns(consent=pl.Series([consent_words(basis) for basis in rows["consent"]], dtype=pl.String))


def people_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the buying group is listed."""
    return {
        "person": column(_("Person")), "title": column(_("Role")), "roles": column(_("On the deal")),
        "touches": column(_("Met by marketing")), "talks": column(_("Work of sales")),
        "last_at": column(_("Last")), "consent": column(_("Consent")),
    }  # fmt: skip


def promises(rows: pl.DataFrame) -> pl.DataFrame:
    """Open promises in words."""
    kinds = lead_type_names()
    waits = {"assignment": _("nobody is in charge yet"), "response": _("sales has to answer")}
    words = [
        waits.get(row["waiting_for"]) or _("sales has to accept or reject") for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    return rows.with_columns(
        kind=pl.Series([kinds.get(word, word) for word in rows["lead_type"]], dtype=pl.String),
        waits=pl.Series(words, dtype=pl.String),
        by=pl.coalesce("due_at", "decision_due_at"),
    )


def promise_columns(column: Callable[..., C]) -> dict[str, C]:
    """How open promises are listed."""
    return {
        "person": column(_("Person")), "kind": column(_("Kind")), "waits": column(_("Open")), "by": column(_("Due")),
        "team": column(_("Team")), "lead_id": column(_("Lead")),
    }  # fmt: skip


def deals(rows: pl.DataFrame) -> pl.DataFrame:
    """Deals with their state in words and a checked link."""
    states = [
        _("won") if row["won_at"] else _("lost") if row["lost_at"] else _("open") for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    return rows.with_columns(
        state=pl.Series(states, dtype=pl.String),
        crm_url=pl.Series([web_address(url) for url in rows["crm_url"]], dtype=pl.String),
    )


def deal_columns(column: Callable[..., C]) -> dict[str, C]:
    """How deals are listed."""
    return {
        "deal": column(_("Deal")), "state": column(_("State")), "amount": column(_("Amount"), "money"),
        "created_at": column(_("Created")), "won_at": column(_("Won")), "lost_at": column(_("Lost")),
        "crm_url": column(_("CRM"), "link"),
    }  # fmt: skip


def silences_in_words(found: list[Gap]) -> str:
    """How to read the chart, and its shaded times."""
    return _("Above marketing, below sales; hollow: no contact with a person.") + " " + _silences(found)


def _silences(found: list[Gap]) -> str:
    if not found:
        return _("No silence of 30 days or more.")
    last = found[-1]
    if last.is_open:
        told = ngettext("Nobody has had contact for {n} day.", "Nobody has had contact for {n} days.", last.days)
        return told.format(n=number(last.days))
    return ngettext(
        "Shaded: {n} silence of 30 days or more.", "Shaded: {n} silences of 30 days or more.", len(found)
    ).format(n=number(len(found)))  # fmt: skip
