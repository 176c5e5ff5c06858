"""How the agreement stands, in sentences: who has signed, who is waited for, what a proposal changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from agreement.document import Change
from agreement.entries import Entry
from agreement.versions import DEPARTMENTS, Version
from findings.terms import title, value_in_words
from findings.words import side_names
from locales import _, ngettext
from locales.formats import day, day_and_time, number


@dataclass(frozen=True)
class Signed:
    """A department's signature under a version; `name` None = missing. `when` is written in the company's zone."""

    side: str
    side_name: str
    name: str | None = None
    when: str = ""
    standing: str = ""


def version_name(version_id: str) -> str:
    """What a version is called."""
    return _("Version {id}").format(id=version_id)


def headline(current: Version | None, waiting: Sequence[Version], zone: tzinfo) -> str:
    """The page in one sentence: is it agreed, by whom, and what is open?"""
    if current is None:
        signed = [version for version in waiting if version.signatures]
        if not signed:
            return _("Nothing is agreed yet: both departments still have to sign the terms below.")
        names = side_names()
        missing = next(side for side in DEPARTMENTS if side not in signed[0].signatures)
        return _("Nothing is agreed yet: the signature of {side} is missing.").format(side=names[missing])
    sentence = _("Agreed by both departments since {day}").format(day=agreed_since(current, zone))
    if not waiting:
        return _("{agreed}; no change is open.").format(agreed=sentence)
    changes = ngettext("{n} proposed change waits.", "{n} proposed changes wait.", len(waiting))
    return f"{sentence}; " + changes.format(n=number(len(waiting)))


def standing(current: Version | None, waiting: Iterable[Version], counted_by: str, zone: tzinfo) -> str:
    """Whether the figures count as agreed, in a few words. `counted_by`: content of the agreement of the build."""
    if current and current.agreement.version == counted_by:
        return _("Agreed by both since {day}").format(day=agreed_since(current, zone))
    if any(version.agreement.version == counted_by for version in waiting):
        return _("Proposed, not yet agreed")
    if current:
        return _("Counted by other terms than those agreed since {day}").format(day=agreed_since(current, zone))
    return _("Draft, not yet agreed")


def proposal_in_words(version: Version, changes: Iterable[Change], term: str, currency: str, zone: tzinfo) -> list[str]:
    """What an open proposal would do to a term, a line per entry that changes: by whom, from what, to what."""
    entry = version.proposed or version.drafted
    return [
        _("Proposed, not yet agreed: {title}: {new} instead of {old}, from {day} ({name}, {side})").format(
            title=change.title, old=change.old, new=change.new, day=change.from_day,
            name=f"\u2068{entry.actor_name}\u2069", side=side_names()[entry.side],
        )
        for change in in_words([change for change in changes if f"{change.term}.".startswith(f"{term}.")], currency)
    ]  # fmt: skip


def agreed_since(version: Version, zone: tzinfo) -> str:
    """The day of the second signature."""
    return day(version.since.astimezone(zone)) if version.since else ""


def state_of(version: Version, zone: tzinfo) -> str:
    """What has become of a version."""
    names = side_names()
    match version.state:
        case "draft":
            return _("Draft, not proposed yet")
        case "in_force":
            return _("In force since {day}").format(day=agreed_since(version, zone))
        case "superseded":
            until = day(version.until.astimezone(zone)) if version.until else ""
            return _("In force from {day} until {until}").format(day=agreed_since(version, zone), until=until)
        case "withdrawn" | "declined" if version.ended:
            ended = _("Withdrawn by {name} ({side}), {when}") if version.state == "withdrawn" else _(
                "Declined by {name} ({side}), {when}"
            )  # fmt: skip
            return ended.format(**who_and_when(version.ended, zone))
    missing = [names[side] for side in DEPARTMENTS if side not in version.signatures]
    if len(missing) == len(DEPARTMENTS):
        return _("Proposed; waits for both signatures")
    return _("Signed by one department; waits for {side}").format(side=missing[0])


def signatures(version: Version | None, zone: tzinfo) -> list[Signed]:
    """Both departments in their order, whether they have signed or not."""
    names = side_names()
    found = []
    for side in DEPARTMENTS:
        entry = version.signatures.get(side) if version else None
        if entry is None:
            found.append(Signed(side, names[side]))
            continue
        when = day_and_time(entry.at.astimezone(zone))
        found.append(Signed(side, names[side], entry.actor_name, when, vouched(entry)))
    return found


def vouched(entry: Entry) -> str:
    """Whether a sign-in vouches for the name of an entry."""
    return _("verified by sign-in") if entry.is_verified else _("not verified: there was no sign-in")


def who_and_when(entry: Entry, zone: tzinfo) -> dict[str, str]:
    """`name`, `side` and `when` of an entry, for a sentence. The name keeps its direction to itself."""
    return {
        "name": f"\u2068{entry.actor_name}\u2069",
        "side": side_names()[entry.side],
        "when": day_and_time(entry.at.astimezone(zone)),
    }


def what_happened(entry: Entry, zone: tzinfo) -> str:
    """An entry of the ledger about the agreement as a line of its history."""
    sentence = {
        "drafted": _("{when}: {name} ({side}) wrote this version"),
        "proposed": _("{when}: {name} ({side}) proposed it"),
        "signed": _("{when}: {name} signed for {side}"),
        "declined": _("{when}: {name} ({side}) declined it"),
        "withdrawn": _("{when}: {name} ({side}) withdrew it"),
    }[entry.action]
    said = sentence.format(**who_and_when(entry, zone))
    return f"{said} · {vouched(entry)}" if entry.action == "signed" else said


@dataclass(frozen=True)
class ChangeInWords:
    """A term, its values before and after, and the first day that makes a difference."""

    title: str
    old: str
    new: str
    from_day: str


def in_words(changes: Iterable[Change], currency: str) -> list[ChangeInWords]:
    """What differs between two versions, term by term."""
    return [
        ChangeInWords(
            title(change.term),
            value_in_words(change.term, change.old, currency),
            value_in_words(change.term, change.new, currency),
            day(change.from_day),
        )
        for change in changes
    ]
