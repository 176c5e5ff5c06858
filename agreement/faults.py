"""What is wrong with a document: one sentence per fault, each beginning with the term it is about.

The sentences are message ids with named gaps. English is what they say as they stand; whoever shows them to a reader
translates `text` and fills in `values`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError


def _(message: str) -> str:
    """Marks a sentence for the catalogue; it is translated where it is shown."""
    return message


@dataclass(frozen=True)
class Fault:
    """One fault of a document: the term in question ("" = the document as a whole), and a sentence with gaps."""

    term: str
    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def sentence(self, translate: Callable[[str], str] = str, write: Callable[[Any], str] | None = None) -> str:
        """The sentence without its term: translated, the gaps filled with what `write` makes of each value."""
        write = write or _plain
        return translate(self.text).format(**{name: write(value) for name, value in self.values.items()})

    def __str__(self) -> str:
        return f"{self.term}: {self.sentence()}" if self.term else self.sentence()


class TermsError(ValueError):
    """The document cannot be used. `faults` says of each term what is wrong with it; `origin` where it stands."""

    def __init__(self, origin: str, faults: Iterable[Fault]) -> None:
        self.origin, self.faults = origin, list(faults)
        super().__init__(f"{origin}: {' · '.join(map(str, self.faults))}")


# Sentences for what pydantic finds; anything rarer is said in pydantic's own words.
_SENTENCES = {
    "missing": _("This term is missing; agreement/terms.toml shows it with a usual value."),
    "greater_than": _("{input} is too small; it must be more than {gt}."),
    "greater_than_equal": _("{input} is too small; it must be at least {ge}."),
    "less_than": _("{input} is too large; it must be less than {lt}."),
    "less_than_equal": _("{input} is too large; it must be at most {le}."),
    "literal_error": _("{input} is not known; use {expected}."),
    "string_pattern_mismatch": _("{input} is not written as expected."),
    "string_too_short": _("This text is empty."),
    "string_too_long": _("This text is too long; at most {max_length} characters."),
    "too_short": _("This list is empty; name at least one."),
    "too_long": _("This list is too long; at most {max_length} entries, not {actual_length}."),
    "int_type": _("{input} is no whole number."),
    "int_from_float": _("{input} is no whole number."),
    "float_type": _("{input} is no number."),
    "finite_number": _("{input} is no number."),
    "bool_type": _("{input} is neither true nor false."),
    "string_type": _("{input} is no text; write it in quotes."),
    "tuple_type": _("{input} is no list; write it in square brackets."),
    "dict_type": _("{input} is no group of terms."),
    "model_type": _("{input} is no group of terms."),
    "unknown_zone": _("{input} is no time zone such as 'Europe/Berlin'."),
    "unreadable_time": _("{edge} is no time such as '08:30'."),
    "windows_in_disorder": _("Windows must follow one another, each with its start before its end."),
}
_UNKNOWN = _("There is no such term.")
_UNKNOWN_ALIKE = _("There is no such term; did you mean {alike}?")
_SAID_SHORT = 80


def of_validation(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """A fault for each thing pydantic found wrong with a document of this model."""
    return [_fault(dict(found), model) for found in error.errors()]


def _fault(found: dict[str, Any], model: type[BaseModel]) -> Fault:
    term = ".".join(str(part) for part in found["loc"] if part != "[key]")
    if found["type"] == "extra_forbidden":
        return unknown(term, names(model))
    values = {"input": _short(found["input"]), **found.get("ctx", {})}
    if "expected" in values:
        values["expected"] = values["expected"].replace(" or ", ", ")
    text = _SENTENCES.get(found["type"])
    return Fault(term, text, values) if text else Fault(term, "{error}.", {"error": found["msg"]})


def unknown(term: str, known: Iterable[str]) -> Fault:
    """A term nobody knows, with the one that was probably meant."""
    alike = get_close_matches(term, list(known), n=1)
    return Fault(term, _UNKNOWN_ALIKE, {"alike": alike[0]}) if alike else Fault(term, _UNKNOWN)


def names(model: type[BaseModel], prefix: str = "") -> list[str]:
    """The names of all sections and terms of a model, such as `response` and `response.minutes`."""
    found = []
    for name, described in model.model_fields.items():
        found.append(f"{prefix}{name}")
        kinds = [described.annotation, *getattr(described.annotation, "__args__", ())]
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                found += names(kind, f"{prefix}{name}.")
    return found


def _plain(value: Any) -> str:
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SAID_SHORT else f"{text[:_SAID_SHORT]}…"
