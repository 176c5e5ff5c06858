"""What a reader has to be told about handovers, once each: about to be missed, and missed since the last time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

import polars as pl

from agreement import Agreement
from agreement.clocks import calendar_of
from findings.words import lead_type_names
from locales import _, ngettext
from locales.formats import day_and_time, number

Kind = Literal["due_soon", "breached"]
FIRST_LOOK = timedelta(days=1)  # a new reader is told of these breaches; older ones are history
LATE_RECORDS = timedelta(days=14)  # how late a record may reach the figures and still be told
LONGEST_LIST = 25
MINUTE = 60
_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Alert:
    """One handover a reader has to know of. `crm_url` is None where the source gave no web address."""

    kind: Kind
    lead_id: str
    cycle: int
    due_at: datetime
    team: str | None
    lead_type: str | None
    source: str | None
    crm_url: str | None

    @property
    def key(self) -> str:
        """Names the alert for good: it is told once under this key."""
        return f"{self.kind}:{self.lead_id}#{self.cycle}"


def alerts(rows: pl.DataFrame, agreement: Agreement, now: datetime) -> list[Alert]:
    """The alerts at an aware instant, missed ones first, each by when the answer was or is due.

    rows: as `service_levels/alerts` returns them. A handover that was pending when the figures were made counts as due
    soon from its warning on, however long ago that was: whether it was answered since, the next build will tell.
    """
    found = [
        _alert("breached" if row["status"] == "breached" else "due_soon", row)
        for row in rows.iter_rows(named=True)
        if row["status"] == "breached" or is_due_soon(row, agreement, now)
    ]
    return sorted(found, key=lambda alert: (alert.kind, alert.due_at, alert.key))


def is_due_soon(row: Mapping[str, Any], agreement: Agreement, now: datetime) -> bool:
    """Whether no more working time is left until `due_at` than the terms of the handover's day want a warning for."""
    if row["due_at"] <= now:
        return True
    terms = agreement.terms_on(row["assigned_at"].date())
    left = calendar_of(terms, terms.calendar(row["lead_type"] or "")).seconds_between(now, row["due_at"])
    return left <= terms.response.warn_minutes_before_due * MINUTE


def untold(found: Iterable[Alert], told: Mapping[str, str]) -> list[Alert]:
    """Those that were not told yet under their key."""
    return [alert for alert in found if alert.key not in told]


def recent(found: Iterable[Alert], as_of: datetime) -> list[Alert]:
    """What a reader is told at the very first look."""
    return [alert for alert in found if alert.kind == "due_soon" or alert.due_at > as_of - FIRST_LOOK]


def subject(found: list[Alert]) -> str:
    """One line: how many were missed, and how many are about to be."""
    missed = sum(alert.kind == "breached" for alert in found)
    soon = len(found) - missed
    parts = []
    if missed:
        parts.append(ngettext("{n} handover missed", "{n} handovers missed", missed).format(n=number(missed)))
    if soon:
        parts.append(ngettext("{n} due soon", "{n} due soon", soon).format(n=number(soon)))
    return _("Tandem: {what}").format(what=", ".join(parts))


def message(found: list[Alert], as_of: datetime) -> str:
    """The alerts in the language in force, one line each. Names of people are not in it; the CRM says who is in charge.

    as_of: the moment of the figures, in the zone the reader lives in.
    """
    lines = [subject(found)]
    titles = (
        ("breached", _("Not answered within the promised time:")),
        ("due_soon", _("Due soon, and unanswered when the figures were made:")),
    )
    for kind, title in titles:
        of_kind = [alert for alert in found if alert.kind == kind]
        if of_kind:
            lines += ["", title, *(f"- {_line(alert)}" for alert in of_kind[:LONGEST_LIST])]
        more = len(of_kind) - LONGEST_LIST
        if more > 0:
            lines.append("- " + _("and {n} more").format(n=number(more)))
    made = _("Figures of {moment}; whatever was done since then is not in them.").format(moment=day_and_time(as_of))
    return "\n".join([*lines, "", made])


def _line(alert: Alert) -> str:
    lead = _("Lead {id}").format(id=plain(alert.lead_id))
    due = _("due {moment}").format(moment=day_and_time(alert.due_at))
    kind = lead_type_names().get(alert.lead_type or "other", alert.lead_type or "")
    parts = [lead, due, kind, plain(alert.source or ""), plain(alert.team or ""), alert.crm_url or ""]
    return " · ".join(part for part in parts if part)


def plain(text: str) -> str:
    """User data for a chat or a mail: one line that mentions nobody and holds no markup of theirs."""
    one_line = " ".join(_NOT_TEXT.sub(" ", text).split())
    return one_line.translate({ord("<"): "‹", ord(">"): "›", ord("@"): "@\u2060", ord("`"): "'", ord("|"): "/"})


def _alert(kind: Kind, row: Mapping[str, Any]) -> Alert:
    known = {name: row[name] for name in ("lead_id", "cycle", "due_at", "team", "lead_type", "source")}
    return Alert(kind, **known, crm_url=_web(row["crm_url"]))


def _web(url: str | None) -> str | None:
    """The address if it is one of the web and of one piece."""
    if not url or url != plain(url) or " " in url or urlsplit(url).scheme not in ("http", "https"):
        return None
    return url
