"""The terms of the agreement, typed and dated.

One document (`terms.toml`) holds the values in force from the start and any number of amendments. `terms_on(day)`
gives the values a record of that day is judged by, so a new promise never re-judges last year.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

DEFAULT = Path(__file__).with_name("terms.toml")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Share = Annotated[float, Field(gt=0, le=1)]
Window = tuple[str, str]


class TermsError(ValueError):
    """The document cannot be used; the message names each term and what is wrong with it."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Company(_Section):
    zone: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    fiscal_year_start_month: int = Field(ge=1, le=12)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError(f"{value!r} is no time zone such as 'Europe/Berlin'")
        return value

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class WorkingTime(_Section):
    subdivision: Literal[
        "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"
    ] | None  # fmt: skip
    closures: tuple[str, ...]
    monday: tuple[Window, ...]
    tuesday: tuple[Window, ...]
    wednesday: tuple[Window, ...]
    thursday: tuple[Window, ...]
    friday: tuple[Window, ...]
    saturday: tuple[Window, ...]
    sunday: tuple[Window, ...]

    @field_validator(*WEEKDAYS)
    @classmethod
    def _in_order(cls, windows: tuple[Window, ...]) -> tuple[Window, ...]:
        edges = [edge for window in windows for edge in window]
        for edge in edges:
            if edge != "24:00":
                time.fromisoformat(edge)
        if any(later <= earlier for earlier, later in pairwise(edges)):
            raise ValueError("windows must follow one another, each with its start before its end")
        return windows

    @property
    def windows(self) -> dict[int, list[Window]]:
        """Opening hours by weekday, Monday = 0, as `measures.working_time.Calendar` takes them."""
        return {number: list(getattr(self, name)) for number, name in enumerate(WEEKDAYS)}


class Funnel(_Section):
    cohort_horizon_quantile: Share
    cohort_horizon_days: int = Field(ge=1)
    minimum_age_completeness: Share
    minimum_at_risk: int = Field(ge=1)


class Identity(_Section):
    match_people_by_email: bool
    match_accounts_by_domain: bool
    freemail_domains: tuple[str, ...]
    internal_domains: tuple[str, ...]


class Attribution(_Section):
    journey_scope: Literal["account", "deal_contacts"]
    lookback_days: int = Field(ge=1)
    direct_earns_only_alone: bool
    sales_activities_are_touches: bool
    bot_burst_clicks: int = Field(ge=2)
    bot_burst_seconds: int = Field(ge=1)


class Quality(_Section):
    future_tolerance_days: int = Field(ge=0)
    volume_drop_share: Share


class Privacy(_Section):
    minimum_group_size: int = Field(ge=2)
    person_views: bool


class Terms(_Section):
    """All values in force on one day."""

    company: Company
    working_time: WorkingTime
    funnel: Funnel
    identity: Identity
    attribution: Attribution
    quality: Quality
    privacy: Privacy

    @property
    def version(self) -> str:
        """Short content hash of these values; rows carry it to say what they were judged by."""
        return _digest(self.model_dump(mode="json"))


class Agreement:
    """The dated document: its first terms and the amendments in order of their day."""

    def __init__(self, document: dict[str, Any], origin: str = "agreement") -> None:
        document = dict(document)
        try:
            first = document.pop("valid_from")
            amendments = sorted(document.pop("amendment", []), key=lambda amendment: amendment["valid_from"])
        except KeyError as missing:
            raise TermsError(f"{origin}: every set of terms needs {missing} = YYYY-MM-DD") from None
        self._document = {"valid_from": first, "amendment": amendments, **document}
        self._dated: list[tuple[date, Terms]] = [(first, _validated(document, f"{origin}, from {first}"))]
        for amendment in amendments:
            day = amendment["valid_from"]
            document = _merged(document, {key: value for key, value in amendment.items() if key != "valid_from"})
            self._dated.append((day, _validated(document, f"{origin}, from {day}")))

    @property
    def version(self) -> str:
        """Short content hash: the same values give the same version wherever they are written."""
        return _digest(self._document)

    def terms_on(self, day: date) -> Terms:
        """The terms in force on `day`; days before the first terms are judged by the first."""
        return next((terms for start, terms in reversed(self._dated) if start <= day), self._dated[0][1])


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    return base | {
        key: _merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in change.items()
    }


def _validated(document: dict[str, Any], origin: str) -> Terms:
    try:
        return Terms.model_validate(document)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise TermsError(f"{origin}: {faults}") from None


@lru_cache(maxsize=8)
def _read(path: Path, modified_ns: int) -> Agreement:
    try:
        return Agreement(tomllib.loads(path.read_text("utf-8")), path.name)
    except tomllib.TOMLDecodeError as error:
        raise TermsError(f"{path.name} is not valid TOML: {error}") from None


def load(path: Path | None = None) -> Agreement:
    """Read the agreement; without `path` the default terms shipped with the product.

    Raises `TermsError` whose message names every term that cannot be used.
    """
    path = path or DEFAULT
    return _read(path, path.stat().st_mtime_ns)
