"""The agreement as a document: written as TOML, compared with another version, and looked ahead.

Reading is `agreement.terms`; canonical JSON and the content hash are `Agreement.canonical_json` and `.version`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice, pairwise
from typing import Any

from agreement.changes import Values
from agreement.sections import WorkingTime
from agreement.terms import AMENDMENTS, FIRST_DAY, WITHOUT, Agreement, Terms
from agreement.wording import CHAPTERS, WORDING
from measures.working_time import Calendar, public_holidays

LOOK_AHEAD_DAYS = 3_660
LONGEST_LINE = 120


@dataclass(frozen=True)
class Change:
    """One term with another value. `term` names an entry where the term is a group, `response.minutes.list`.

    Values are those of the document; None = the term is not agreed. `from_day`: the first day it makes a difference.
    """

    term: str
    old: Any
    new: Any
    from_day: date


@dataclass(frozen=True)
class ClosedDay:
    """A public holiday, by its name, or a closure of the company (`name` None).

    `costs_hours`: the weekday has opening hours, so that the day takes working time away.
    """

    day: date
    name: str | None
    costs_hours: bool


def to_toml(agreement: Agreement, translate: Callable[[str], str] = str) -> str:
    """The document as TOML with a comment on every term; reading it gives the same version.

    `translate` turns the wording into the language of the comments.
    """
    document = agreement.document
    lines = [f"{FIRST_DAY} = {document[FIRST_DAY]}"]
    for section, values in document.items():
        if section not in (FIRST_DAY, AMENDMENTS):
            lines += _section(section, section, values, translate)
    for amendment in document.get(AMENDMENTS, []):
        lines += ["", f"[[{AMENDMENTS}]]", f"{FIRST_DAY} = {amendment[FIRST_DAY]}"]
        if WITHOUT in amendment:
            lines.append(f"{WITHOUT} = {_toml(amendment[WITHOUT])}")
        for section, values in amendment.items():
            if section not in (FIRST_DAY, WITHOUT):
                lines += _section(section, f"{AMENDMENTS}.{section}", values, translate)
    return "\n".join(lines) + "\n"


def differences(old: Agreement, new: Agreement) -> list[Change]:
    """What differs between two versions, by day and then in the order of the document.

    A term is named again where its old or its new value changes on a later day while the two still differ.
    """
    days = sorted({day for agreement in (old, new) for day, _ in agreement.dated})
    found: list[Change] = []
    known: dict[str, tuple[Any, Any]] = {}
    for day in days:
        differing = {change.term: change for change in changes(old.terms_on(day), new.terms_on(day), day)}
        found += [change for term, change in differing.items() if known.get(term) != (change.old, change.new)]
        known = {term: (change.old, change.new) for term, change in differing.items()}
    return found


def changes(old: Terms, new: Terms, from_day: date) -> list[Change]:
    """What differs between the terms of two days, in the order of the document."""
    before, after = _entries(old), _entries(new)
    names = sorted({*before, *after}, key=_place)
    return [
        Change(name, before.get(name), after.get(name), from_day)
        for name in names
        if before.get(name) != after.get(name)
    ]


def since(agreement: Agreement, term: str, day: date) -> date:
    """The day from which a term has been as it is on `day`; `agreement.valid_from` if it never changed.

    A section or a group counts as one term. On a day before the first terms they are the ones that hold.
    """
    held = agreement.valid_from
    sets = [(start, terms) for start, terms in agreement.dated if start <= max(day, agreement.valid_from)]
    for (_earlier, before), (start, after) in pairwise(sets):
        if _below(before, term) != _below(after, term):
            held = start
    return held


def next_closed_days(
    hours: WorkingTime, zone: str, after: date, number: int = 10, language: str = "de"
) -> list[ClosedDay]:
    """The next public holidays of the Bundesland and closures of the company from the day `after` on, in order."""
    calendar = Calendar(zone, hours.windows, None, hours.closures)
    open_always = Calendar(zone, hours.windows)

    def closed() -> Iterator[ClosedDay]:
        for ahead in islice(count(), LOOK_AHEAD_DAYS):
            day = after + timedelta(days=ahead)
            names = public_holidays(hours.subdivision, day.year, language) if hours.subdivision else {}
            is_closure = not calendar.closures.isdisjoint((day, (day.month, day.day)))
            if day in names or is_closure:
                yield ClosedDay(day, names.get(day), open_always.is_working_day(day))

    return list(islice(closed(), number))


def _section(name: str, header: str, values: Mapping[str, Any], translate: Callable[[str], str]) -> list[str]:
    lines = ["", f"# {_one_line(translate(CHAPTERS[name].title))}", f"[{header}]"]
    for term, value in values.items():
        said = WORDING[f"{name}.{term}"]
        sentence = translate(said.sentence).replace("{value}", "…")
        lines.append(f"# {_one_line(translate(said.title))}: {_one_line(sentence)}")
        lines.append(f"{term} = {_toml(value)}")
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(key)} = {_toml(entry)}" for key, entry in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list):
        parts = [_toml(entry) for entry in value]
        line = f"[{', '.join(parts)}]"
        return line if len(line) <= LONGEST_LINE else "[\n" + "".join(f"    {part},\n" for part in parts) + "]"
    return repr(value)


def _key(name: str) -> str:
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else _toml(name)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _entries(terms: Terms) -> dict[str, Any]:
    """Every term with its value, every entry of a group apart."""
    found: dict[str, Any] = {}
    for section, values in terms.values.items():
        for name, value in values.items():
            term = f"{section}.{name}"
            if isinstance(value, Mapping) and WORDING[term].unit != "both_languages":
                found |= {f"{term}.{entry}": inner for entry, inner in value.items()}
            else:
                found[term] = value
    return found


_ORDER = {term: place for place, term in enumerate(WORDING)}


def _place(name: str) -> tuple[int, str]:
    return _ORDER[".".join(name.split(".")[:2])], name


def _below(terms: Terms, path: str) -> Values | Any:
    value: Any = terms.values
    for part in path.split(".", 2):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
