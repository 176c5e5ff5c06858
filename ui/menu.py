"""The pages by section. A new page is one more line here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from locales import _

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Entry:
    """A page in the menu; `has_filters`: period, team and segment change what it shows,
    `has_period` false: team and segment alone.
    """

    file: str
    title: str
    icon: str
    summary: str
    has_filters: bool = True
    has_period: bool = True


def menu() -> dict[str, list[Entry]]:
    """All pages in the language in force. The first is the one people land on."""
    return {
        _("Overview"): [
            Entry(
                "pages/overview/weekly_review.py",
                _("Weekly review"),
                ":material/event_note:",
                _("The meeting in one page: signal or noise, why it moved, who kept which promise, what we decide."),
                has_filters=False,
            ),
            Entry(
                "pages/overview/prejudices.py",
                _("Prejudices"),
                ":material/balance:",
                _("The old reproaches, both directions, tested against thresholds agreed beforehand."),
                has_filters=False,
            ),
        ],
        _("Results"): [
            Entry(
                "pages/results/funnel.py",
                _("Funnel"),
                ":material/filter_alt:",
                _("From lead to won deal: how many reach each stage, and how long they wait."),
            ),
            Entry(
                "pages/results/campaigns.py",
                _("Campaigns"),
                ":material/campaign:",
                _("From campaign to revenue: leads, accepted, won, and what each of them cost."),
            ),
            Entry(
                "pages/results/attribution.py",
                _("Attribution"),
                ":material/share:",
                _("Which campaigns became revenue, and would every agreed model say so?"),
            ),
            Entry(
                "pages/results/lead_sources.py",
                _("Lead sources"),
                ":material/hub:",
                _("Which sources are worth an hour, and is it the lead or the handling?"),
                has_period=False,
            ),
            Entry(
                "pages/results/receipt.py",
                _("Receipt"),
                ":material/receipt_long:",
                _("Every euro of credit of one deal: touch, milestone and rule, and what was left out."),
            ),
        ],
        _("Promises"): [
            Entry(
                "pages/promises/service_levels.py",
                _("Service levels"),
                ":material/timer:",
                _("Both promises on one page and one clock: who kept which, and where the time goes."),
            ),
            Entry(
                "pages/promises/agreement.py",
                _("Agreement"),
                ":material/handshake:",
                _("What both departments have signed, and what is to change."),
                has_filters=False,
            ),
        ],
        _("Customers"): [
            Entry(
                "pages/customers/my_leads.py",
                _("My leads"),
                ":material/person_alert:",
                _("Who waits for me, who first, and what to know before the call."),
            ),
            Entry(
                "pages/customers/accounts.py",
                _("Accounts"),
                ":material/domain:",
                _("One timeline per customer: who spoke when, and where was silence."),
                has_filters=False,
            ),
        ],
        _("Trust"): [
            Entry(
                "pages/trust/data_health.py",
                _("Data health"),
                ":material/fact_check:",
                _("What was read, what waits for correction, and how far the figures can be trusted."),
                has_filters=False,
            ),
        ],
    }
