"""What is due for one rep, most urgent first, by the clocks of the terms and at the moment of looking.

Order: what can still be kept and runs out within the agreed warning; what is overdue since at most a week, the newest
first, because those people wait; what is due later; what is long overdue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, TypeVar

import polars as pl

from agreement import Agreement, Terms
from agreement.clocks import calendar_of
from agreement.feedback import Standing, object_id
from findings.interactions import short
from findings.links import web_address
from findings.words import consent_words, lead_type_names, reason_names
from locales import _, ngettext
from locales.formats import day, day_and_time, number, percent
from measures.intervals import wilson
from measures.working_time import Calendar

C = TypeVar("C")
Schema = Mapping[str, pl.DataType | type[pl.DataType]]
Step = Literal["answer", "decide", "try_again", "back", "decided"]
MINUTE, HOUR_MINUTES = 60, 60
FRESH = timedelta(days=7)
LONG_OVERDUE = 4  # the last of the four groups of open leads
YEAR = timedelta(days=364)
LONGEST_NAME = 80


@dataclass(frozen=True)
class Todo:
    """One lead and its next step. `minutes_left`: working minutes until `due_at`, negative = overdue; None: no clock.

    `recorded`: what was decided in the dashboard after the build on screen.
    """

    lead: dict[str, Any]
    step: Step
    due_at: datetime | None
    minutes_left: float | None
    urgency: tuple[int, float]
    recorded: Standing

    @property
    def object_id(self) -> str:
        """The lead in the ledger."""
        return object_id(self.lead["lead_id"], self.lead["cycle"])


def todo(
    rows: pl.DataFrame, agreement: Agreement, now: datetime, recorded: Mapping[str, Standing], counted: int
) -> list[Todo]:
    """Rows of `my_leads/due`, most urgent first; decided ones last. `counted`: entries of the ledger in the build."""
    clock, found = _Clock(agreement, now), []
    for row in rows.iter_rows(named=True):
        said = recorded.get(object_id(row["lead_id"], row["cycle"]), Standing())
        fresh = said if said.last and said.last.seq > counted else Standing(said.seq)
        step, due_at = _next_step(row, said, fresh, now.date())
        left = clock.minutes_left(row, due_at, is_answer=step == "answer") if due_at else None
        warn = agreement.terms_on(row["assigned_at"].date()).response.warn_minutes_before_due
        found.append(Todo(row, step, due_at, left, _urgency(step, due_at, left, now, warn), fresh))
    return sorted(found, key=lambda item: (item.urgency, item.lead["lead_id"]))


def _next_step(row: Mapping[str, Any], said: Standing, fresh: Standing, today: date) -> tuple[Step, datetime | None]:
    if said.recycle_on and said.recycle_on <= today:
        return "back", None
    if fresh.last and fresh.last.action in ("rejected", "recycled"):
        return "decided", None
    if row["is_waiting"] and row["waiting_for"] == "response" and row["status"] in ("pending", "breached", None):
        return "answer", row["due_at"]
    if row["decision"] == "open" and not fresh.last:
        return "decide", row["decision_due_at"]
    if row["is_attempts_kept"] is None and row["is_waiting"]:
        return "try_again", row["attempts_due_at"]
    return "decided", None


def _urgency(step: Step, due_at: datetime | None, left: float | None, now: datetime, warn: float) -> tuple[int, float]:
    if step == "decided":
        return 9, 0.0
    if step == "back" or left is None or due_at is None:
        return 3, 0.0
    if left >= 0 and due_at >= now:
        return (0 if step == "answer" and left <= warn else 2), left
    return (1 if now - due_at <= FRESH else LONG_OVERDUE), (now - due_at).total_seconds()


class _Clock:
    """Working minutes between now and an instant, by the terms of the lead's day; one calendar per terms."""

    def __init__(self, agreement: Agreement, now: datetime) -> None:
        self.agreement, self.now, self.known = agreement, now, dict[tuple[str, bool], Calendar]()

    def minutes_left(self, row: Mapping[str, Any], due_at: datetime, *, is_answer: bool) -> float:
        terms = self.agreement.terms_on(row["assigned_at"].date())
        calendar = self._calendar(terms, row["lead_type"] if is_answer else None)
        if due_at >= self.now:
            return calendar.seconds_between(self.now, due_at) / MINUTE
        return -calendar.seconds_between(due_at, self.now) / MINUTE

    def _calendar(self, terms: Terms, lead_type: str | None) -> Calendar:
        is_extended = lead_type is not None and lead_type in terms.response.extended_hours_for
        key = terms.version, is_extended
        if key not in self.known:
            self.known[key] = calendar_of(terms, terms.calendar(lead_type or "") if is_extended else terms.working_time)
        return self.known[key]


def open_only(found: list[Todo]) -> list[Todo]:
    """Those with something left to do."""
    return [item for item in found if item.step != "decided"]


def offered(found: list[Todo]) -> list[Todo]:
    """Those that can be put on the card: something is to do, or a fresh decision may be taken back."""
    return [item for item in found if item.step != "decided" or item.recorded.last]


def recorded_only(found: list[Todo]) -> list[Todo]:
    """Those decided in the dashboard that the next build will count."""
    return [item for item in found if item.recorded.last]


def title(item: Todo) -> str:
    """Who it is: person and company, else the number of the lead."""
    names = [short(item.lead[name], LONGEST_NAME) for name in ("person", "company") if item.lead[name]]
    return " · ".join(names) or _("Lead {lead}").format(lead=short(item.lead["lead_id"], LONGEST_NAME))


def left_in_words(item: Todo) -> str:
    """How much working time is left, or how long it is overdue; what is long overdue says since when."""
    if item.step == "back":
        return _("back today")
    if item.step == "decided":
        return _("decided")
    if item.minutes_left is None:
        return _("no clock")
    if item.urgency[0] == LONG_OVERDUE and item.due_at:
        return _("overdue since {day}").format(day=day(item.due_at))
    minutes = int(abs(item.minutes_left))
    hours, rest = divmod(minutes, HOUR_MINUTES)
    if hours >= 10:
        span = _("{hours} h").format(hours=number(hours))
    elif hours:
        span = _("{hours} h {minutes} min").format(hours=number(hours), minutes=number(rest))
    else:
        span = _("{minutes} min").format(minutes=number(rest))
    return (
        _("{span} left") if item.minutes_left >= 0 and item.urgency[0] not in (1, 4) else _("{span} overdue")
    ).format(span=span)


def step_names() -> dict[Step, str]:
    """What to do next."""
    return {
        "answer": _("Answer"), "decide": _("Accept or reject"), "try_again": _("Try again"),
        "back": _("Take it up again"), "decided": _("Decided"),
    }  # fmt: skip


def why_now(item: Todo, zone: Any) -> str:
    """Why this lead, in a sentence."""
    lead = item.lead
    kind = lead_type_names().get(lead["lead_type"], _("Lead"))
    since = _("{kind}, assigned {moment}.").format(kind=kind, moment=day_and_time(lead["assigned_at"].astimezone(zone)))
    due = day_and_time(item.due_at.astimezone(zone)) if item.due_at else ""
    match item.step:
        case "answer" if item.due_at:
            todo = _("First answer promised by {moment}.").format(moment=due)
        case "answer":
            todo = _("Not answered yet; known by its day only, so no clock runs.")
        case "decide":
            todo = _("Accept or reject by {moment}; silence counts as accepted.").format(moment=due)
        case "try_again":
            todo = ngettext(
                "{n} of {promised} promised attempts made, nobody reached; the next ones by {moment}.",
                "{n} of {promised} promised attempts made, nobody reached; the next ones by {moment}.",
                lead["attempts"] or 0,
            ).format(n=number(lead["attempts"] or 0), promised=number(lead["promised_attempts"]), moment=due)
        case "back":
            todo = _("You sent it back until today.")
        case _:
            todo = ""
    return f"{since} {todo}".strip()


def sentence(found: list[Todo]) -> str:
    """The page in a sentence."""
    waiting = open_only(found)
    if not waiting:
        return _("Nothing waits for you.")
    top = waiting[0]
    overdue = sum(item.urgency[0] in (1, 4) for item in waiting)
    told = _("Next: {who} – {step}, {left}.").format(
        who=title(top), step=step_names()[top.step], left=left_in_words(top)
    )
    rest = ngettext("{n} lead waits for you", "{n} leads wait for you", len(waiting)).format(n=number(len(waiting)))
    late = ngettext("{n} of them is overdue.", "{n} of them are overdue.", overdue).format(n=number(overdue))
    return f"{told} {rest}{', ' + late if overdue else '.'}"


def table(found: list[Todo]) -> pl.DataFrame:
    """The list below the first lead."""
    schema: Schema = {
        "who": pl.String, "step": pl.String, "left": pl.String, "due_at": pl.Datetime("us", "UTC"), "kind": pl.String,
        "source": pl.String, "crm_url": pl.String,
    }  # fmt: skip
    kinds, steps = lead_type_names(), step_names()
    rows = [
        (title(item), steps[item.step], left_in_words(item), item.due_at, kinds.get(item.lead["lead_type"], ""),
         short(item.lead["source"] or ""), web_address(item.lead["crm_url"]))
        for item in found
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How the list is shown: what matters on a phone stands left."""
    return {
        "left": column(_("Working time"), width="small"), "who": column(_("Who")), "step": column(_("Next step")),
        "kind": column(_("Kind")), "source": column(_("Source")), "due_at": column(_("Due")),
        "crm_url": column(_("CRM"), "link"),
    }  # fmt: skip


def quality_in_words(source: str | None, rows: pl.DataFrame, minimum: float) -> str:
    """How good the source was, from `my_leads/quality`; says so where there are fewer than `minimum` leads."""
    if not source:
        return _("The source of this lead is not known.")
    known = rows.filter(pl.col("source") == source)
    name, decided = short(source), int(known["decided"].sum())
    if decided < minimum:
        return ngettext(
            "Source {source}: only {n} decided lead in a year, too few to judge.",
            "Source {source}: only {n} decided leads in a year, too few to judge.", decided,
        ).format(source=name, n=number(decided))  # fmt: skip
    accepted, won = int(known["accepted"].sum()), int(known["opportunities"].sum())
    (low, high), (from_, until) = wilson(accepted, decided), wilson(won, decided)
    return _(
        "Source {source}: of {n} decided leads in a year {accepted} were accepted ({low} to {high}) and "
        "{opportunities} became opportunities ({from_} to {until})."
    ).format(
        source=name, n=number(decided), accepted=percent(accepted / decided, 0), low=percent(low, 0),
        high=percent(high, 0), opportunities=percent(won / decided, 0), from_=percent(from_, 0),
        until=percent(until, 0),
    )  # fmt: skip


def consent_in_words(consent: str | None) -> str:
    """On what basis the person may be contacted."""
    if not consent:
        return _("Consent: none on record. Ask before you send advertising.")
    return _("Consent on record: {words}").format(words=short(consent_words(consent)))


def facts(lead: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is known of the lead, name and value, nothing that is missing."""
    told = {
        _("Role"): lead["title"], _("Region"): lead["region"],
        _("Segment"): lead["segment"], _("Campaign"): lead["campaign"],
        _("Score"): number(lead["score"]) if lead["score"] is not None else None,
        _("Heard of us by"): lead["self_reported_source"],
    }  # fmt: skip
    return [(name, short(value)) for name, value in told.items() if value]


def colleagues_in_words(rows: pl.DataFrame) -> str:
    """Who else of the company was active, from `my_leads/colleagues`."""
    if not rows.height:
        return _("Nobody else of this company was active in the last 90 days.")
    named = [short(row["person"] or "–", LONGEST_NAME) + (f" ({short(row['title'], 60)})" if row["title"] else "")
             for row in rows.head(5).iter_rows(named=True)]  # fmt: skip
    return ngettext(
        "{n} more person of this company was active in the last 90 days: {names}.",
        "{n} more people of this company were active in the last 90 days: {names}.", rows.height,
    ).format(n=number(rows.height), names=", ".join(named))  # fmt: skip


def story_columns(column: Callable[..., C]) -> dict[str, C]:
    """How the story is shown."""
    return {"at": column(_("When")), "side": column(_("Department")), "words": column(_("What happened"))}


def decided_in_words(said: Standing) -> str:
    """What was recorded about a lead."""
    if not said.last:
        return ""
    reason = str(said.last.body.get("reason") or "")
    words = {"accepted": _("accepted"), "rejected": _("rejected"), "recycled": _("sent back")}[said.last.action]
    if reason:
        words += f", {reason_names().get(reason, short(reason))}"
    if said.recycle_on:
        words += ", " + _("until {day}").format(day=day(said.recycle_on))
    return _("Recorded: {what}. It counts with the next build.").format(what=words)


def for_crm(found: list[Todo]) -> pl.DataFrame:
    """Decisions as rows a CRM imports: stable English words, no names of people."""
    schema: Schema = {
        "lead_id": pl.String, "cycle": pl.Int64, "decision": pl.String, "reason": pl.String, "recycle_on": pl.Date,
        "decided_at": pl.Datetime("us", "UTC"),
    }  # fmt: skip
    rows = [
        (item.lead["lead_id"], item.lead["cycle"], said.action, said.body.get("reason"), item.recorded.recycle_on,
         said.at)
        for item in found if (said := item.recorded.last)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def recorded_table(found: list[Todo]) -> pl.DataFrame:
    """What was decided and waits for the next build."""
    rows = [(title(item), decided_in_words(item.recorded)) for item in found]
    return pl.DataFrame(rows, schema={"who": pl.String, "words": pl.String}, orient="row")
