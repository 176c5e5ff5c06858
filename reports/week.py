"""What a document about a meeting holds, whatever its format: the same words and numbers as the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

import queries
from agreement import Agreement, contests, frozen, ledger, meetings, versions
from agreement.entries import Entry
from agreement.terms import from_json
from findings import decided, promise, reread, weekly_meeting
from findings import weekly_review as findings
from findings.kpis import kpi_in_words
from findings.meeting import KpiRow, Meeting, meeting_id, week_of
from findings.promise import Promise
from findings.weekly_figures import last_week
from findings.weekly_kpis import written
from locales import _
from locales.formats import day, day_and_time

Ask = Callable[..., pl.DataFrame]


@dataclass(frozen=True)
class Ledger:
    """What the ledger knows: its newest entry, its entries by kind, and the folder of frozen records beside it."""

    head: tuple[int, str]
    entries: Callable[[str], list[Entry]]
    home: Path

    @classmethod
    def at(cls, url: str) -> Ledger:
        """The ledger at `url`, read as it stands now. Raises `LedgerError` where it cannot be read."""
        opened = ledger.Ledger(url)
        head = opened.head()
        return cls(head, partial(_until, opened, head[0]), frozen.folder(url))


def _until(opened: ledger.Ledger, seq: int, kind: str) -> list[Entry]:
    return opened.entries(kind, until=seq)


@dataclass(frozen=True)
class Week:
    """One meeting, ready to be written down; every text is plain and in the language in force.

    promises: name, promise and its sentence; definitions: figure and what is to be known about it, line by line;
    stamp: build, agreement and head of the ledger, a line each; footer: the same on one line, hashes cut short.
    """

    meeting: Meeting
    title: str
    standing: str
    currency: str
    promises: list[tuple[str, Promise, str]]
    since_last: list[str]
    decisions: list[tuple[str, str, str]]
    open_matters: list[str]
    definitions: list[tuple[str, list[str]]]
    stamp: list[str]
    footer: str

    @property
    def signals(self) -> list[KpiRow]:
        """The figures whose week is no mere chance, as far as they can be drawn."""
        return [row for row in self.meeting.kpis if row.verdict == "signal" and row.weeks]


def read(file: Path, week: date, known: Ledger) -> Week:
    """The meeting about the week that begins on `week`, from a published file. Raises `queries.DamagedFile`."""
    with queries.connect(file) as connection:

        def ask(name: str, **params: Any) -> pl.DataFrame:
            return queries.run(connection.cursor(), name, **params)

        document = ask("frame/agreement")["document"][0]
        return gather(ask, week, from_json(document), ask("frame/build").row(0, named=True), known)


def gather(ask: Ask, week: date, agreement: Agreement, build: dict[str, Any], known: Ledger) -> Week:
    """The meeting about the week that begins on `week`; a closed meeting has the figures it was closed with.

    ask: rows of a query by name and parameters; build: the row of `frame/build`. Raises ValueError for a week that was
    not over when the figures were made.
    """
    as_of, currency = build["as_of"], build["currency"]
    if week > last_week(as_of.date()):
        said = _("{week} was not over when the figures were made, on {moment}.")
        raise ValueError(said.format(week=meeting_id(week), moment=day_and_time(as_of)))
    found = weekly_meeting.prepare(ask, week, agreement, as_of.date(), currency)
    closed = meetings.closed(known.entries(meetings.MEETING))
    closing = closed.get(found.week)
    shown = _as_frozen(found, closing, currency) if closing else found
    standing = _("Not closed: the figures are those of the build and may still change.")
    if closing:
        standing = _("Closed on {day}: the eight figures are frozen.").format(day=day(closing.at))
    waiting = [one for one in versions.history(known.entries(versions.KIND)) if one.state in versions.OPEN]
    contested = contests.standing(known.entries(contests.KIND)).values()
    return Week(
        shown, _("Weekly meeting {week}").format(week=findings.label(week)), standing, currency, _promises(found),
        _since_last(ask, week, shown, closed, known, agreement, as_of, currency),
        decided.items(meetings.decisions(known.entries(meetings.DECISION)), found.kpis, as_of.date(), currency),
        decided.open_matters(sum(one.state in decided.OPEN_CONTESTS for one in contested), len(waiting)),
        [(row.name, _definition(row.kpi, agreement, as_of.date())) for row in found.kpis],
        _stamp(build, as_of, known.head), " · ".join(_stamp(build, as_of, (known.head[0], known.head[1][:12]))),
    )  # fmt: skip


def _as_frozen(found: Meeting, closing: Entry, currency: str) -> Meeting:
    """The meeting with the figures it was closed with; a figure that reads differently today says so."""
    kept = {told["kpi"]: told["value"] for told in closing.body["kpis"]}
    rows = []
    for row in found.kpis:
        value = kept.get(row.kpi)
        if row.kpi not in kept or value == row.value:
            rows.append(row)
            continue
        said = _("Frozen in the meeting; the figures of today read {today}.").format(today=row.text)
        text = written(value, row.unit, currency)
        rows.append(replace(row, value=value, text=text, sentence=f"{said} {row.sentence}"))
    return replace(found, kpis=rows)


def _promises(found: Meeting) -> list[tuple[str, Promise, str]]:
    named = ((_("Marketing's promise"), found.marketing_promise), (_("Sales' promise"), found.sales_promise))
    return [
        (name, kept, f"{promise.of_in_words(kept)} · {promise.interval_in_words(kept)}") for name, kept in named if kept
    ]


def _since_last(
    ask: Ask, week: date, found: Meeting, closed: dict[str, Entry], known: Ledger, agreement: Agreement,
    as_of: datetime, currency: str,
) -> list[str]:  # fmt: skip
    earlier = [one for one in closed if week_of(one) < week]
    if not earlier:
        return []
    closing, horizon = closed[max(earlier)], agreement.terms_on(as_of.date()).funnel.cohort_horizon_days
    told = reread.in_words(reread.restated(ask, known.home, closing, horizon), found.kpis, currency)
    return [_("The figures frozen in {week}, today").format(week=closing.object_id) + ":", *told] if told else []


def _definition(kpi: str, agreement: Agreement, today: date) -> list[str]:
    known = kpi_in_words(kpi, agreement, today)
    return [*known.lines, _("Query: {name}").format(name=weekly_meeting.query_of(kpi)), *known.terms]


def _stamp(build: dict[str, Any], as_of: datetime, head: tuple[int, str]) -> list[str]:
    found = [
        _("Build {build}, as of {moment}").format(build=build["build_id"], moment=day_and_time(as_of)),
        _("Agreement {version}").format(version=build["agreement_version"]),
        _("Head of the ledger: {seq} · {digest}").format(seq=head[0], digest=head[1]),
    ]
    return [*found, _("Demo company, invented figures")] if build["is_demo"] else found
