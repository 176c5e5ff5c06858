"""Words of closed lists as the reader calls them: kinds of lead, channels, models, reasons, figures.

A word we have no name for – a reason of the company's own – stays as it is.
"""

from __future__ import annotations

from locales import _

BUNDESLAENDER = {
    "BB": "Brandenburg", "BE": "Berlin", "BW": "Baden-Württemberg", "BY": "Bayern", "HB": "Bremen", "HE": "Hessen",
    "HH": "Hamburg", "MV": "Mecklenburg-Vorpommern", "NI": "Niedersachsen", "NW": "Nordrhein-Westfalen",
    "RP": "Rheinland-Pfalz", "SH": "Schleswig-Holstein", "SL": "Saarland", "SN": "Sachsen", "ST": "Sachsen-Anhalt",
    "TH": "Thüringen",
}  # fmt: skip


def lead_type_names() -> dict[str, str]:
    """Kinds of lead."""
    return {
        "demo_request": _("Demo request"), "contact_request": _("Contact request"), "content": _("Content"),
        "event": _("Event"), "referral": _("Referral"), "list": _("Address list"), "other": _("Other"),
    }  # fmt: skip


def channel_names() -> dict[str, str]:
    """Channels."""
    return {
        "paid_search": _("Paid search"), "organic_search": _("Organic search"), "paid_social": _("Paid social"),
        "organic_social": _("Organic social"), "display": _("Display"), "email": _("E-mail"),
        "webinar": _("Webinar"), "event": _("Event"), "content": _("Content"), "referral": _("Referral"),
        "partner": _("Partner"), "outbound": _("Outbound"), "direct": _("Direct"), "other": _("Other"),
    }  # fmt: skip


def model_names() -> dict[str, str]:
    """Models of attribution."""
    return {
        "first": _("First touch"), "last": _("Last touch"), "last_non_direct": _("Last touch but direct"),
        "linear": _("Linear"), "u_shaped": _("U-shaped"), "u_last": _("U-shaped to the last touch"),
        "w_shaped": _("W-shaped"), "full_path": _("Full path"), "j_shaped": _("J-shaped"),
        "inverse_j": _("Inverse J"), "time_decay": _("Time decay"), "markov": _("Markov"), "shapley": _("Shapley"),
        "custom": _("Custom model"),
    }  # fmt: skip


def milestone_names() -> dict[str, str]:
    """Milestones of a journey, and what lies between them."""
    return {
        "FT": _("First touch"), "LC": _("Lead created"), "OC": _("Opportunity created"), "CW": _("Customer won"),
        "middle": _("Touches between"),
    }  # fmt: skip


def reason_names() -> dict[str, str]:
    """Reasons to reject, to excuse and to pause."""
    return {
        "wrong_audience": _("Wrong audience"), "no_need": _("No need"), "no_budget": _("No budget"),
        "not_reachable": _("Not reachable"), "duplicate": _("Duplicate"), "competitor": _("Competitor"),
        "bad_data": _("Bad data"), "system_outage": _("System outage"), "wrong_assignment": _("Wrong assignment"),
        "customer_asked_later": _("Customer asked for later"), "absence_agreed": _("Agreed absence"),
        "waiting_for_marketing": _("Waiting for marketing"), "other": _("Other reason"),
    }  # fmt: skip


def consent_words(basis: str | None) -> str | None:
    """The basis on which a person may be contacted: HubSpot's in the reader's language, any other as given."""
    known = {
        "freely given consent from contact": _("Consent given by the contact"),
        "legitimate interest - prospect/lead": _("Legitimate interest (prospect)"),
        "legitimate interest - existing customer": _("Legitimate interest (existing customer)"),
        "legitimate interest - other": _("Legitimate interest (other)"),
        "performance of a contract": _("Performance of a contract"),
        "not applicable": _("Not applicable"),
    }
    return known.get(basis.replace("–", "-").strip().casefold(), basis) if basis else basis


def side_names() -> dict[str, str]:
    """The two departments, and who leads them."""
    return {"marketing": _("Marketing"), "sales": _("Sales"), "leadership": _("Leadership")}


def scope_names() -> dict[str, str]:
    """Whose touches belong to a journey."""
    return {"account": _("all people of the company"), "deal_contacts": _("the people named on the deal")}


def kpi_names() -> dict[str, str]:
    """The agreed figures."""
    return {
        "accepted_leads": _("Accepted leads"), "marketing_attainment": _("Marketing's promise kept"),
        "follow_up_attainment": _("Sales' promise kept"), "lead_to_opportunity_rate": _("Lead to opportunity"),
        "pipeline_created": _("Pipeline created"), "win_rate": _("Win rate"), "won_revenue": _("Won revenue"),
        "coverage": _("Coverage"), "new_leads": _("New leads"), "mqls": _("MQLs"),
        "opportunities": _("Opportunities"), "won_deals": _("Won deals"), "marketing_cost": _("Marketing cost"),
        "cost_per_lead": _("Cost per lead"),
    }  # fmt: skip


def status_names() -> dict[str, str]:
    """What has become of a handover's clock."""
    return {
        "met": _("met"), "breached": _("breached"), "pending": _("still open"), "excused": _("excused"),
        "unassigned": _("assigned to nobody"),
    }  # fmt: skip


def decision_names() -> dict[str, str]:
    """What sales decided about a lead."""
    return {
        "accepted": _("accepted"), "rejected": _("rejected"), "silent": _("accepted by silence"),
        "open": _("not decided"),
    }  # fmt: skip


def weekday_names() -> list[str]:
    """The days of the week, Monday first."""
    return [
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
    ]  # fmt: skip
