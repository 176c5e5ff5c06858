"""The sections of the agreement: every term with its type and range. What a term means is said in `wording`.

A term that is added later needs a default that counts as before, so that what was signed earlier can still be read;
a value equal to its default is left out of the content hash.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import PydanticCustomError

from agreement.kpis import Kpi

LeadType = Literal["demo_request", "contact_request", "content", "event", "referral", "list", "other"]
Channel = Literal[
    "paid_search", "organic_search", "paid_social", "organic_social", "display", "email", "webinar", "event", "content",
    "referral", "partner", "outbound", "direct", "other",
]  # fmt: skip
Model = Literal[
    "first", "last", "last_non_direct", "linear", "u_shaped", "u_last", "w_shaped", "full_path", "j_shaped",
    "inverse_j", "time_decay", "markov", "shapley", "custom",
]  # fmt: skip
Bundesland = Literal[
    "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"
]  # fmt: skip
LEAD_TYPES: tuple[str, ...] = get_args(LeadType)
CHANNELS: tuple[str, ...] = get_args(Channel)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Share = Annotated[float, Field(gt=0, le=1)]
Chance = Annotated[float, Field(gt=0, lt=1)]
Money = Annotated[float, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Day = Annotated[str, StringConstraints(pattern=r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
Window = tuple[str, str]
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d|24:00")


class Section(BaseModel):
    """A group of terms. Values are taken as written: no text counts as a number, no number as yes or no."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Company(Section):
    zone: str
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    fiscal_year_start_month: int = Field(ge=1, le=12)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise PydanticCustomError("unknown_zone", "no time zone")
        return value

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


class BothLanguages(Section):
    """One rule in the words of both languages; they must say the same."""

    en: Text
    de: Text


class Stages(Section):
    mql: BothLanguages
    sal: BothLanguages
    sql: BothLanguages
    opportunity: BothLanguages


class WorkingTime(Section):
    subdivision: Bundesland | None = None
    closures: tuple[Day, ...]
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
        edges = [_minute(edge) for window in windows for edge in window]
        if any(later <= earlier for earlier, later in pairwise(edges)):
            raise PydanticCustomError("windows_in_disorder", "windows overlap or end before they start")
        return windows

    @property
    def windows(self) -> dict[int, list[Window]]:
        """Opening hours by weekday, Monday = 0, as `measures.working_time.Calendar` takes them."""
        return {number: list(getattr(self, name)) for number, name in enumerate(WEEKDAYS)}

    @property
    def open_minutes(self) -> dict[int, int]:
        """Minutes open by weekday, Monday = 0, holidays and closures apart."""
        return {
            weekday: sum(_minute(closes) - _minute(opens) for opens, closes in windows)
            for weekday, windows in self.windows.items()
        }


def _minute(edge: str) -> int:
    """Minute of the day of `08:30`; `24:00` is the end of the day."""
    if not _CLOCK.fullmatch(edge):
        raise PydanticCustomError("unreadable_time", "no time of day", {"edge": repr(edge)})
    hour, minute = edge.split(":")
    return int(hour) * 60 + int(minute)


class Response(Section):
    minutes: Mapping[LeadType, Number]
    extended_hours_for: tuple[LeadType, ...]
    target: Share
    attempts: Number
    attempts_within_working_days: Number
    warn_minutes_before_due: int = Field(ge=0)


class Acceptance(Section):
    deadline_minutes: Number
    reject_reasons: tuple[Name, ...] = Field(min_length=1)
    excuse_reasons: tuple[Name, ...] = Field(min_length=1)
    pause_reasons: tuple[Name, ...] = Field(min_length=1)
    routing_owner: Literal["marketing", "sales"]


class Delivery(Section):
    accepted_leads: Number
    lead_value: Mapping[LeadType, Money]
    accepted_value: Annotated[float, Field(gt=0)]
    by_team: Mapping[Name, Number] = {}


class Targets(Section):
    won_revenue: Annotated[float, Field(gt=0)] | None = None
    won_deals: Number | None = None
    pipeline_created: Annotated[float, Field(gt=0)] | None = None
    win_rate: Share | None = None
    lead_to_opportunity_rate: Share | None = None
    by_team: Mapping[Name, Annotated[float, Field(gt=0)]] = {}


class Attribution(Section):
    journey_scope: Literal["account", "deal_contacts"]
    lookback_days: Number
    direct_earns_only_alone: bool
    sales_activities_are_touches: bool
    bot_burst_clicks: int = Field(ge=2)
    bot_burst_seconds: Number
    agreed_model: Model
    models: tuple[Model, ...] = Field(min_length=1)
    half_life_days: Annotated[float, Field(gt=0)]
    custom_weights: Mapping[Literal["FT", "LC", "OC", "CW", "middle"], Annotated[float, Field(ge=0, le=1)]]
    excluded_channels: tuple[Channel, ...]
    minimum_conversions: Number
    source_channels: Mapping[Name, Channel] = {}


class Costs(Section):
    gross_margin: Share | None = None
    sales_and_marketing_cost_per_month: Annotated[float, Field(gt=0)] | None = None


class Funnel(Section):
    cohort_horizon_quantile: Share
    cohort_horizon_days: Number
    minimum_age_completeness: Share
    minimum_at_risk: Number


class Comparison(Section):
    claim_probability: float = Field(gt=0.5, lt=1)
    minimum_sources: int = Field(ge=2)
    prior_strength: Annotated[float, Field(gt=0)]
    discovery_rate: Chance


class TargetCustomer(Section):
    segments: tuple[Name, ...]
    regions: tuple[Name, ...]
    employees_bands: tuple[Name, ...]
    industries: tuple[Name, ...]


class Meeting(Section):
    kpis: tuple[Kpi, ...] = Field(min_length=1, max_length=8)
    baseline_weeks: int = Field(ge=12)


class Prejudices(Section):
    colourful_pictures_share: Share
    wrong_audience_fit: Share
    wrong_audience_accepted: Share
    wrong_channels_cost_share: Share
    too_few_leads_attainment: Share
    strategy_attainment: Share
    strategy_attempts_share: Share
    coffee_days: Number
    revenue_attainment: Share
    revenue_leads_attainment: Annotated[float, Field(gt=0)]


class Identity(Section):
    match_people_by_email: bool
    match_accounts_by_domain: bool
    freemail_domains: tuple[Name, ...]
    internal_domains: tuple[Name, ...]


class Quality(Section):
    future_tolerance_days: int = Field(ge=0)
    volume_drop_share: Share


class Privacy(Section):
    minimum_group_size: int = Field(ge=3)
    person_views: bool
