"""The terms of the agreement, dated.

One document (`terms.toml`) holds the values in force from the start and any number of amendments. `terms_on(day)`
gives the values a record of that day is judged by, so a new promise never re-judges last year.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agreement.changes import Values, changed, merged, paths
from agreement.contradictions import contradictions
from agreement.faults import Fault, TermsError, _, names, of_validation, unknown
from agreement.sections import (
    Acceptance,
    Attribution,
    Company,
    Comparison,
    Costs,
    Delivery,
    Funnel,
    Identity,
    Meeting,
    Prejudices,
    Privacy,
    Quality,
    Response,
    Section,
    Stages,
    TargetCustomer,
    Targets,
    WorkingTime,
)

DEFAULT = Path(__file__).with_name("terms.toml")
FIRST_DAY, AMENDMENTS, WITHOUT = "valid_from", "amendment", "without"
FOR_ALL_DAYS = "company"


class Terms(Section):
    """All values in force on one day."""

    company: Company
    stages: Stages
    working_time: WorkingTime
    extended_hours: WorkingTime | None = None
    response: Response
    acceptance: Acceptance
    delivery: Delivery
    targets: Targets
    attribution: Attribution
    costs: Costs
    funnel: Funnel
    comparison: Comparison
    target_customer: TargetCustomer
    meeting: Meeting
    prejudices: Prejudices
    identity: Identity
    quality: Quality
    privacy: Privacy

    def calendar(self, lead_type: str) -> WorkingTime:
        """The working time by which sales' promise for a kind of lead is judged."""
        if self.extended_hours is not None and lead_type in self.response.extended_hours_for:
            return self.extended_hours
        return self.working_time

    @cached_property
    def values(self) -> Values:
        """The document of these values: section, term, value; what equals its default in code is left out."""
        return _plain(self.model_dump(mode="json", exclude_defaults=True))

    @cached_property
    def version(self) -> str:
        """Short content hash of these values; rows carry it to say what they were judged by."""
        return _digest(self.values)


class Agreement:
    """The dated document: its first terms and the amendments in order of their day.

    `document` is a mapping as read from TOML or JSON: `valid_from`, one mapping per section, and `amendment`, a list of
    mappings with a `valid_from` each that name only what changes. `without` in an amendment lists terms that are taken
    away, such as `targets.win_rate` or one entry of a group, `targets.by_team.Nord`.

    Raises `TermsError` that says of each term what is wrong with it.
    """

    def __init__(self, document: Mapping[str, Any], origin: str = "agreement") -> None:
        values = json.loads(json.dumps(dict(document), default=_text))
        amendments = values.pop(AMENDMENTS, [])
        if not isinstance(amendments, list) or not all(isinstance(entry, dict) for entry in amendments):
            raise TermsError(origin, [Fault(AMENDMENTS, _("Write every amendment as [[amendment]]."))])
        first = _day(values, origin)
        self.dated: list[tuple[date, Terms]] = [(first, _validated(values, f"{origin}, from {first}"))]
        for day, amendment in sorted(((_day(entry, origin), entry) for entry in amendments), key=lambda pair: pair[0]):
            self._amend(day, amendment, f"{origin}, from {day}")

    def _amend(self, day: date, amendment: Values, origin: str) -> None:
        latest, before = self.dated[-1]
        if day <= latest:
            late = _("There are two sets of terms from the same day; make them one.")
            early = _("An amendment cannot begin before the first terms, which hold from {first}.")
            text = late if day == latest else early
            raise TermsError(origin, [Fault(FIRST_DAY, text, {"first": latest.isoformat()})])
        without = amendment.pop(WITHOUT, [])
        if not isinstance(without, list) or not all(isinstance(path, str) for path in without):
            raise TermsError(origin, [Fault(WITHOUT, _("Write a list of terms, such as ['targets.win_rate']."))])
        if FOR_ALL_DAYS in amendment or any(path.split(".")[0] == FOR_ALL_DAYS for path in without):
            fault = Fault(
                FOR_ALL_DAYS, _("Zone, currency and fiscal year hold for all days; no amendment changes them.")
            )
            raise TermsError(origin, [fault])
        if missing := [path for path in without if path not in paths(before.values)]:
            raise TermsError(origin, [unknown(path, paths(before.values)) for path in missing])
        terms = _validated(merged(before.values, amendment, without), origin)
        if terms.version == before.version:
            raise TermsError(origin, [Fault("", _("This amendment changes nothing."))])
        self.dated.append((day, terms))

    @property
    def valid_from(self) -> date:
        """The day the first terms hold from."""
        return self.dated[0][0]

    @cached_property
    def document(self) -> Values:
        """The document in its one canonical form: the same values give the same document wherever they are written."""
        amendments = []
        for (_earlier, before), (day, after) in pairwise(self.dated):
            values, without = changed(before.values, after.values)
            amendments.append({FIRST_DAY: day.isoformat(), **({WITHOUT: without} if without else {}), **values})
        first = {FIRST_DAY: self.valid_from.isoformat(), **self.dated[0][1].values}
        return {**first, AMENDMENTS: amendments} if amendments else first

    @property
    def canonical_json(self) -> str:
        """The document as the ledger and the published file keep it: sorted, without blanks."""
        return _canonical(self.document)

    @cached_property
    def version(self) -> str:
        """Short content hash: the same values give the same version wherever they are written."""
        return _digest(self.document)

    def terms_on(self, day: date) -> Terms:
        """The terms in force on `day`; days before the first terms are judged by the first."""
        return next((terms for start, terms in reversed(self.dated) if start <= day), self.dated[0][1])

    def amended(self, day: date, terms: Terms) -> Agreement:
        """This agreement with `terms` in force from `day` on, in place of what was planned for that day and later."""
        kept = {start: known for start, known in self.dated if start < day}
        if not kept:
            return Agreement({FIRST_DAY: day, **terms.values})
        values, without = changed(self.terms_on(max(kept)).values, terms.values)
        document = {**self.document, AMENDMENTS: self.document.get(AMENDMENTS, [])[: len(kept) - 1]}
        document[AMENDMENTS] = [*document[AMENDMENTS], {FIRST_DAY: day, WITHOUT: without, **values}]
        return Agreement(document)


def read_terms(values: Mapping[str, Any], origin: str = "terms") -> Terms:
    """The terms of one day from a mapping as `Terms.values` gives it, such as an edited one.

    Raises `TermsError` that says of each term what is wrong with it.
    """
    return _validated(json.loads(json.dumps(dict(values), default=_text)), origin)


def term_names() -> list[str]:
    """The name of every term, `section.term`, in the order of the document."""
    return [name for name in names(Terms) if name.count(".") == 1]


def load(path: Path | None = None) -> Agreement:
    """Read the agreement; without `path` the default terms shipped with the product.

    Raises `TermsError` whose message names every term that cannot be used.
    """
    path = path or DEFAULT
    return _read(path, path.stat().st_mtime_ns)


def from_json(text: str, origin: str = "agreement") -> Agreement:
    """The agreement of a document kept as JSON, such as `Agreement.canonical_json`."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise TermsError(origin, [Fault("", _("This is no valid JSON: {error}"), {"error": str(error)})]) from None
    if not isinstance(document, dict):
        raise TermsError(origin, [Fault("", _("This is no document of terms."))])
    return Agreement(document, origin)


def from_toml(text: str, origin: str = "agreement") -> Agreement:
    """The agreement of a TOML document."""
    try:
        return Agreement(tomllib.loads(text), origin)
    except tomllib.TOMLDecodeError as error:
        raise TermsError(origin, [Fault("", _("This is no valid TOML: {error}"), {"error": str(error)})]) from None


@lru_cache(maxsize=8)
def _read(path: Path, modified_ns: int) -> Agreement:
    return from_toml(path.read_text("utf-8"), path.name)


def _day(values: Values, origin: str) -> date:
    written = values.pop(FIRST_DAY, None)
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        fault = Fault(FIRST_DAY, _("Every set of terms needs {name} = YYYY-MM-DD."), {"name": FIRST_DAY})
        raise TermsError(origin, [fault]) from None


def _validated(values: Values, origin: str) -> Terms:
    try:
        terms = Terms.model_validate_json(json.dumps(values))
    except ValidationError as error:
        raise TermsError(origin, of_validation(error, Terms)) from None
    if found := contradictions(terms):
        raise TermsError(origin, found)
    return terms


def _text(value: object) -> str:
    """Days and times of a TOML document as text; anything else has no place in it."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return str(value)


def _plain(value: Any) -> Any:
    """Numbers in one form, so that 900 and 900.0 are the same term."""
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_plain(entry) for entry in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _canonical(content: Values) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _digest(content: Values) -> str:
    return hashlib.sha256(_canonical(content).encode()).hexdigest()[:12]
