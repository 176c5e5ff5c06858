"""The canonical tables: what every source is translated into, and the rules a row must keep.

Every instant is UTC and stands beside `<name>_is_date_only`: true where the source gave a day, stored as local
midnight of the agreement's zone. Money keeps its original currency here. Rules are per row; keys across rows and
files are judged where those rows are at hand. Rules see nulls as kept.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from agreement.sections import CHANNELS, LEAD_TYPES

STAGES = ("lead", "mql", "sal", "sql", "opportunity", "won", "lost", "disqualified", "recycled")
TOUCH_KINDS = (
    "visit", "ad_view", "ad_click", "email_click", "form", "download", "webinar", "event", "chat", "referral",
    "partner", "direct_mail", "social", "other",
)  # fmt: skip
ACTIVITY_KINDS = ("call", "mail", "meeting", "message", "note", "task")
DIRECTIONS = ("outgoing", "incoming")
OUTCOMES = ("reached", "no_answer", "left_message", "sent", "booked", "held", "bounced", "none")
DEAL_TYPES = ("new", "existing")
CURRENCY = r"^[A-Z]{3}$"


def _text(doc: str, *, key: bool = False, needed: bool = False, regex: str | None = None) -> dy.String:
    return dy.String(nullable=not (key or needed), min_length=1, regex=regex, metadata={"doc": doc, "key": key})


def _choice(values: tuple[str, ...], doc: str, *, key: bool = False, needed: bool = False) -> dy.String:
    """A closed list. Kept as text because the published file stores text and readers filter by it."""
    return dy.String(
        nullable=not (key or needed),
        check={"known_value": lambda column: column.is_in(values)},
        metadata={"doc": f"{doc}: {', '.join(values)}", "key": key},
    )


def _instant(doc: str, *, key: bool = False, needed: bool = False) -> dy.Datetime:
    return dy.Datetime(nullable=not (key or needed), time_unit="us", time_zone="UTC", metadata={"doc": doc, "key": key})


def _date_only() -> dy.Bool:
    return dy.Bool(nullable=True, metadata={"doc": "the source gave a day, not a time", "key": False})


def _money(doc: str, *, needed: bool = False) -> dy.Decimal:
    return dy.Decimal(precision=18, scale=2, nullable=not needed, metadata={"doc": doc, "key": False})


def _count(doc: str) -> dy.Int64:
    return dy.Int64(nullable=True, min=0, metadata={"doc": doc, "key": False})


def _day(doc: str, *, key: bool = False, needed: bool = False) -> dy.Date:
    return dy.Date(nullable=not (key or needed), metadata={"doc": doc, "key": key})


def _flag(doc: str) -> dy.Bool:
    return dy.Bool(nullable=True, metadata={"doc": doc, "key": False})


class People(dy.Schema):
    """A person as the CRM knows it."""

    person_id = _text("the source's id", key=True)
    account_id = _text("the company the person belongs to")
    email = _text("address as given; matching uses a normalised form")
    name = _text("full name")
    title = _text("job title")
    country = _text("country")
    consent = _text("basis on which the person may be contacted, in the source's words")
    created_at = _instant("created in the CRM")
    created_at_is_date_only = _date_only()
    crm_url = _text("link into the CRM")


class Accounts(dy.Schema):
    """A company."""

    account_id = _text("the source's id", key=True)
    name = _text("company name")
    domain = _text("web domain")
    industry = _text("industry")
    employees_band = _text("number of employees, banded or as given")
    region = _text("Bundesland or region")
    country = _text("country")
    is_customer_since = _day("first day as a customer")
    crm_url = _text("link into the CRM")


class Leads(dy.Schema):
    """A lead. `source` is what the CRM says, `channel` what the mapping makes of it."""

    lead_id = _text("the source's id", key=True)
    person_id = _text("the person")
    account_id = _text("the company")
    created_at = _instant("first seen as a lead", needed=True)
    created_at_is_date_only = _date_only()
    source = _text("lead source as the CRM says")
    channel = _choice(CHANNELS, "channel")
    campaign_id = _text("campaign that brought the lead")
    lead_type = _choice(LEAD_TYPES, "kind of request")
    segment = _text("customer segment")
    region = _text("Bundesland or region")
    owner_id = _text("the employee in charge")
    qualified_at = _instant("became a marketing qualified lead")
    qualified_at_is_date_only = _date_only()
    assigned_at = _instant("handed to an owner in sales")
    assigned_at_is_date_only = _date_only()
    score = dy.Float64(nullable=True, metadata={"doc": "lead score", "key": False})
    self_reported_source = _text("what the person answered to 'how did you hear about us'")
    crm_url = _text("link into the CRM")


class StageEvents(dy.Schema):
    """A step of a lead, append-only."""

    lead_id = _text("the lead", key=True)
    stage = _choice(STAGES, "stage entered", key=True)
    entered_at = _instant("when", key=True)
    entered_at_is_date_only = _date_only()
    reason = _text("why, for rejected, disqualified and recycled leads")
    employee_id = _text("who moved it")


class Touches(dy.Schema):
    """An interaction that marketing caused or recorded."""

    touch_id = _text("the source's id or a hash of the row", key=True)
    person_id = _text("the person")
    account_id = _text("the company")
    email = _text("address, where the source knows no id; used to find the person, never published")
    occurred_at = _instant("when", needed=True)
    occurred_at_is_date_only = _date_only()
    channel = _choice(CHANNELS, "channel", needed=True)
    campaign_id = _text("the campaign")
    kind = _choice(TOUCH_KINDS, "kind", needed=True)
    asset = _text("page, form, e-mail or event")
    is_bot = _flag("the source or the burst rule says a machine did it")


class Activities(dy.Schema):
    """Something sales did, or a person did towards sales."""

    activity_id = _text("the source's id", key=True)
    lead_id = _text("the lead")
    person_id = _text("the person")
    account_id = _text("the company")
    occurred_at = _instant("when", needed=True)
    occurred_at_is_date_only = _date_only()
    kind = _choice(ACTIVITY_KINDS, "kind", needed=True)
    direction = _choice(DIRECTIONS, "direction")
    outcome = _choice(OUTCOMES, "outcome")
    is_automatic = _flag("sent or created by software")
    employee_id = _text("who")


class Deals(dy.Schema):
    """A deal (opportunity). `amount` is in `currency`; the build adds `amount_reporting`."""

    deal_id = _text("the source's id", key=True)
    account_id = _text("the company")
    lead_id = _text("the lead it grew from")
    owner_id = _text("the employee in charge")
    name = _text("deal name")
    type = _choice(DEAL_TYPES, "new or existing business")
    stage = _text("stage in the source's words, or won / lost")
    source = _text("deal source as the CRM says")
    channel = _choice(CHANNELS, "channel")
    campaign_id = _text("campaign")
    amount = _money("value in `currency`")
    currency = _text("ISO 4217", regex=CURRENCY)
    created_at = _instant("became an opportunity")
    created_at_is_date_only = _date_only()
    created_by = _text("who or what created it")
    expected_close_date = _day("expected close")
    won_at = _instant("won")
    won_at_is_date_only = _date_only()
    lost_at = _instant("lost")
    lost_at_is_date_only = _date_only()
    lost_reason = _text("why it was lost")
    crm_url = _text("link into the CRM")

    @dy.rule()
    def won_or_lost_not_both(cls) -> pl.Expr:  # noqa: N805 - dataframely rules are class methods
        return pl.col("won_at").is_null() | pl.col("lost_at").is_null()

    @dy.rule()
    def amount_has_currency(cls) -> pl.Expr:  # noqa: N805
        return pl.col("amount").is_null() | pl.col("currency").is_not_null()


class DealPeople(dy.Schema):
    """The buying group of a deal."""

    deal_id = _text("the deal", key=True)
    person_id = _text("the person", key=True)
    role = _text("role in the buying group")


class DealEvents(dy.Schema):
    """A change of a deal, append-only."""

    deal_id = _text("the deal", key=True)
    changed_at = _instant("when", key=True)
    changed_at_is_date_only = _date_only()
    field = _choice(("stage", "amount", "expected_close_date", "owner_id"), "what changed", key=True)
    old_value = _text("value before, as text (amounts 1234.56, days YYYY-MM-DD)")
    new_value = _text("value after")


class Campaigns(dy.Schema):
    """A campaign."""

    campaign_id = _text("the source's id", key=True)
    name = _text("campaign name")
    channel = _choice(CHANNELS, "channel")
    started_on = _day("first day")
    ended_on = _day("last day")
    budget = _money("agreed budget in `currency`")
    currency = _text("ISO 4217", regex=CURRENCY)


class Spend(dy.Schema):
    """What a campaign cost on a day. Rows without a key of their own: equal days are summed, not dropped."""

    day = _day("day", needed=True)
    campaign_id = _text("the campaign")
    channel = _choice(CHANNELS, "channel")
    ad_group = _text("ad group")
    cost = _money("cost in `currency`", needed=True)
    currency = _text("ISO 4217", regex=CURRENCY, needed=True)
    impressions = _count("impressions")
    clicks = _count("clicks")
    is_spread = _flag("an undated cost spread evenly over the campaign's days")


class Employees(dy.Schema):
    """A colleague in marketing or sales."""

    employee_id = _text("the source's id or the name the exports use", key=True)
    name = _text("name")
    team = _text("team")
    department = _text("marketing, sales or another department")


class ExchangeRates(dy.Schema):
    """Reporting currency per one unit of `currency`."""

    currency = _text("ISO 4217", key=True, regex=CURRENCY)
    day = _day("day", key=True)
    rate = dy.Float64(nullable=False, min_exclusive=0, metadata={"doc": "reporting currency per unit", "key": False})


class Merges(dy.Schema):
    """The CRM merged one record into another. Chains are resolved by the build."""

    kind = _choice(("person", "account", "deal"), "what was merged", key=True)
    from_id = _text("the record that is gone", key=True)
    into_id = _text("the record that stayed", needed=True)


SCHEMAS: dict[str, type[dy.Schema]] = {
    "people": People,
    "accounts": Accounts,
    "leads": Leads,
    "stage_events": StageEvents,
    "touches": Touches,
    "activities": Activities,
    "deals": Deals,
    "deal_people": DealPeople,
    "deal_events": DealEvents,
    "campaigns": Campaigns,
    "spend": Spend,
    "employees": Employees,
    "exchange_rates": ExchangeRates,
    "merges": Merges,
}
KEYS: dict[str, list[str]] = {
    table: [name for name, column in schema.columns().items() if (column.metadata or {}).get("key")]
    for table, schema in SCHEMAS.items()
}
