"""Each agreed figure in words: how it is computed, by which moment it is counted, what takes no part.

Message ids in English, translated where they are shown. The mart `kpi_weeks` computes them, coverage apart; a test
holds the two lists together.
"""

from __future__ import annotations

from dataclasses import dataclass

from agreement.faults import _
from agreement.kpis import Kpi


@dataclass(frozen=True)
class Definition:
    """`formula`: what is divided by what or added up. `anchor`: the moment that puts a record into a period."""

    formula: str
    anchor: str
    filters: str


_FIRST_CYCLES = _("A lead counts in its first cycle; one that comes back after recycling is counted apart.")
_ALL_DEALS = _("Deals with new and with existing customers. An amount without an exchange rate is listed, not added.")
_WHOLE_COMPANY = _("Counted for the whole company; it belongs to no team and no segment.")

DEFINITIONS: dict[Kpi, Definition] = {
    "accepted_leads": Definition(
        _("Number of leads that sales accepted."),
        _("The week of the acceptance."),
        _("A lead counts in its first cycle. Leads accepted by silence are counted apart."),
    ),
    "marketing_attainment": Definition(
        _("Agreed value of the accepted leads ÷ value promised for the same days."),
        _("The day of the acceptance, or the day on which the time to decide ran out in silence."),
        _WHOLE_COMPANY,
    ),
    "follow_up_attainment": Definition(
        _("Handovers answered in time ÷ (answered in time + late)."),
        _("The week in which the answer was due."),
        _("Handovers that are not yet due, excused or never assigned are counted apart."),
    ),
    "lead_to_opportunity_rate": Definition(
        _("Leads that became an opportunity within the agreed horizon ÷ leads created."),
        _("The week in which the lead was created, once all leads of that week are as old as the horizon."),
        _FIRST_CYCLES,
    ),
    "pipeline_created": Definition(
        _("Sum of the amounts of the deals created."), _("The week in which the deal was created."), _ALL_DEALS
    ),
    "win_rate": Definition(
        _("Won deals ÷ (won + lost deals)."),
        _("The week in which the deal was closed."),
        _("Open deals take no part, however old they are."),
    ),
    "won_revenue": Definition(
        _("Sum of the amounts of the deals won."),
        _("The week in which the deal was won, at the exchange rate of that day."),
        _ALL_DEALS,
    ),
    "coverage": Definition(
        _("Open pipeline due in the quarter ÷ (target − revenue won so far)."),
        _("The quarter of the expected closing date."),
        _("Shown only where a target for won revenue is agreed."),
    ),
    "new_leads": Definition(_("Number of leads created."), _("The week in which the lead was created."), _FIRST_CYCLES),
    "mqls": Definition(
        _("Number of leads that became MQL."), _("The week in which the lead became an MQL."), _FIRST_CYCLES
    ),
    "opportunities": Definition(
        _("Number of deals created."), _("The week in which the deal was created."), _ALL_DEALS
    ),
    "won_deals": Definition(_("Number of deals won."), _("The week in which the deal was won."), _ALL_DEALS),
    "marketing_cost": Definition(
        _("Sum of the cost of campaigns."),
        _("The day of the cost; a cost without days is spread evenly over those of the campaign."),
        _WHOLE_COMPANY,
    ),
    "cost_per_lead": Definition(
        _("Cost of campaigns ÷ leads created."), _("The week of the cost, and of the lead's creation."), _WHOLE_COMPANY
    ),
}
