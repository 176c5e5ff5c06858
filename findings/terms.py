"""The agreement as a document people read: chapter by chapter, each term a sentence with its value in the reader's way.

Pure: values in, words out, in the language in force.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agreement import Fault, Terms
from agreement.sections import WEEKDAYS, Section
from agreement.wording import CHAPTERS, WORDING, Wording
from findings import words
from locales import _, language, ngettext
from locales.formats import day, day_of_year, listed, money, month_name, number, percent

HOURS = ("working_time", "extended_hours")


@dataclass(frozen=True)
class Clause:
    """A term in words. `entries` are the lines of a group, such as the response time of each kind of lead."""

    term: str
    title: str
    sentence: str
    entries: list[tuple[str, str]]


@dataclass(frozen=True)
class ChapterInWords:
    """A section of the document. `judged_by` says which day's terms a record follows."""

    section: str
    title: str
    judged_by: str
    clauses: list[Clause]


def chapters(terms: Terms) -> list[ChapterInWords]:
    """The whole document in force on one day, in its own order."""
    return [
        ChapterInWords(section, _(chapter.title), _(chapter.judged_by), _clauses(terms, section))
        for section, chapter in CHAPTERS.items()
    ]


def clause(term: str, terms: Terms) -> Clause:
    """One term such as `response.target`, or one entry of its group such as `response.minutes.list`."""
    name, entry = _parts(term)
    value = value_of(name, terms)
    if entry is not None:
        value = {entry: value[entry]} if entry in (value or {}) else {}
    said, currency = WORDING[name], terms.company.currency
    entries = (
        [(_of_group(name, key), _written(inner, said.unit, currency)) for key, inner in value.items()]
        if isinstance(value, Mapping) and said.unit != "both_languages"
        else []
    )
    return Clause(term, title(term), _sentence(value, said, currency), entries)


def in_one_line(term: str, terms: Terms) -> str:
    """A term with its value where there is room for one line: `Response time: Demo request 1 business hour; …`."""
    found = clause(term, terms)
    entries = "; ".join(f"{label} {value}" for label, value in found.entries)
    return f"{found.title}: {entries or found.sentence}"


def title(term: str) -> str:
    """What a term, one entry of its group, or a whole section is called."""
    if term in CHAPTERS:
        return _(CHAPTERS[term].title)
    name, entry = _parts(term)
    words_for_it = _(WORDING[name].title)
    if name.split(".")[0] == "extended_hours":
        words_for_it = f"{_(CHAPTERS['extended_hours'].title)}: {words_for_it}"
    return words_for_it if entry is None else f"{words_for_it}: {_of_group(name, entry)}"


def value_in_words(term: str, value: Any, currency: str) -> str:
    """A value of a term, such as the old or the new one of a change; a missing one is “not agreed”."""
    name, _entry = _parts(term)
    unit = WORDING[name].unit
    if value is None or (value in ([], {}, ()) and unit != "windows"):
        return _("not agreed")
    if isinstance(value, Mapping) and unit != "both_languages":
        return "; ".join(f"{_of_group(name, key)} {_written(inner, unit, currency)}" for key, inner in value.items())
    return _written(value, unit, currency)


def fault_in_words(fault: Fault) -> str:
    """What is wrong with a term, in a sentence that begins with its name."""
    name = ".".join(fault.term.split(".")[:2])
    known = name in WORDING or name in CHAPTERS
    subject = title(name) if known else fault.term
    sentence = fault.sentence(_, _of_fault)
    return f"{subject}: {sentence}" if subject else sentence


def _of_fault(value: Any) -> str:
    if _is_number(value):
        return number(value, _digits(value))
    if value in WORDING or value in CHAPTERS:
        return _("“{term}”").format(term=title(value))
    return str(value)


def value_of(term: str, terms: Terms) -> Any:
    """The value of a term; a text in both languages is a mapping by language, a missing section has none."""
    value: Any = terms
    for part in term.split("."):
        value = getattr(value, part) if value is not None else None
    return value.model_dump() if isinstance(value, Section) else value


def _clauses(terms: Terms, section: str) -> list[Clause]:
    if getattr(terms, section) is None:
        return [Clause(section, title(section), _("There are no extended hours."), [])]
    found = [
        replace(clause(term, terms), title=_(said.title))
        for term, said in WORDING.items()
        if term.split(".")[0] == section
    ]
    if section not in HOURS:
        return found
    days = [(_(WORDING[f"{section}.{name}"].title), value_in_words(
        f"{section}.{name}", getattr(getattr(terms, section), name), "")) for name in WEEKDAYS]  # fmt: skip
    hours = Clause(section, _("Opening hours"), _("These hours are working time."), days)
    return [*(said for said in found if said.term.split(".")[1] not in WEEKDAYS), hours]


def _parts(term: str) -> tuple[str, str | None]:
    section, name, *entry = term.split(".", 2)
    return f"{section}.{name}", entry[0] if entry else None


def _sentence(value: Any, said: Wording, currency: str) -> str:
    if said.otherwise and not value:
        return _(said.otherwise)
    sentence = _(said.sentence)
    return sentence.format(value=_written(value, said.unit, currency)) if "{value}" in sentence else sentence


def _of_group(name: str, key: str) -> str:
    names = {
        "response.minutes": words.lead_type_names, "delivery.lead_value": words.lead_type_names,
        "attribution.custom_weights": words.milestone_names,
    }  # fmt: skip
    return names[name]().get(key, key) if name in names else key


def _written(value: Any, unit: str, currency: str) -> str:
    if unit in _COUNTED:
        return _COUNTED[unit](value)
    if unit in _NAMES:
        names = _NAMES[unit]()
        if isinstance(value, str):
            return names.get(value, value)
        return listed(names.get(word, word) for word in value)
    match unit:
        case "money":
            return money(value, currency, 0 if float(value).is_integer() else 2)
        case "share":
            return percent(value, 0 if round(float(value) * 100, 6).is_integer() else 1)
        case "yes_no":
            return _("yes") if value else _("no")
        case "both_languages":
            return str(value[language()])
        case "month":
            return month_name(value)
        case "closures":
            return listed(map(_closure, value))
        case "windows":
            return listed(f"{opens}–{closes}" for opens, closes in value) if value else _("closed")
    return str(value)


def _closure(written: str) -> str:
    if len(written) > len("12-24"):
        return day(date.fromisoformat(written))
    month, day_of_month = written.split("-")
    return day_of_year(int(month), int(day_of_month))


def _business_time(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if hours and not rest:
        return _n(ngettext("{n} business hour", "{n} business hours", hours), hours)
    return _n(ngettext("{n} business minute", "{n} business minutes", minutes), minutes)


def _n(sentence: str, amount: float) -> str:
    return sentence.format(n=number(amount, _digits(amount)))


def _digits(value: float) -> int:
    return 0 if float(value).is_integer() else 2


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# How an amount is written with its unit, so that a sentence only leaves a gap for it.
_COUNTED: Mapping[str, Callable[[Any], str]] = {
    "business_minutes": _business_time,
    "seconds": lambda n: _n(ngettext("{n} second", "{n} seconds", int(n)), n),
    "days": lambda n: _n(ngettext("{n} day", "{n} days", int(n)), n),
    "working_days": lambda n: _n(ngettext("{n} working day", "{n} working days", n), n),
    "weeks": lambda n: _n(ngettext("{n} week", "{n} weeks", n), n),
    "attempts": lambda n: _n(ngettext("{n} attempt", "{n} attempts", n), n),
    "clicks": lambda n: _n(ngettext("{n} click", "{n} clicks", n), n),
    "leads": lambda n: _n(ngettext("{n} lead", "{n} leads", int(n)), n),
    "deals": lambda n: _n(ngettext("{n} won deal", "{n} won deals", n), n),
    "sources": lambda n: _n(ngettext("{n} source", "{n} sources", n), n),
    "people": lambda n: _n(ngettext("{n} person", "{n} people", n), n),
}
_NAMES: Mapping[str, Callable[[], Mapping[str, str]]] = {
    "lead_types": words.lead_type_names,
    "channel": words.channel_names,
    "channels": words.channel_names,
    "model": words.model_names,
    "models": words.model_names,
    "reasons": words.reason_names,
    "kpis": words.kpi_names,
    "side": words.side_names,
    "scope": words.scope_names,
    "land": lambda: words.BUNDESLAENDER,
    "names": dict,
}


def known_units() -> Iterable[str]:
    """All units a value can be written in."""
    plain = {"money", "share", "yes_no", "both_languages", "month", "closures", "windows", "text"}
    return {*plain, *_COUNTED, *_NAMES}
