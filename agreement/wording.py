"""Every term in words: a title, a sentence that says what holds with the value in its gap, and the value's unit.

All texts are message ids in English; whoever shows them translates. The order is that of the document. `otherwise` is
the sentence for no, for nothing and for an empty list. Units tell how a value is written; `findings.terms` writes them.
"""

from __future__ import annotations

from dataclasses import dataclass

from agreement.faults import _
from agreement.sections import WEEKDAYS


@dataclass(frozen=True)
class Wording:
    """A term in words. A sentence without the gap `{value}` is followed by the entries of the term's group."""

    title: str
    sentence: str
    unit: str
    otherwise: str = ""


@dataclass(frozen=True)
class Chapter:
    """A section of the document in words; `judged_by` says which day's terms a record of it follows."""

    title: str
    judged_by: str


OWN_DAY = _("Judged by the terms in force on the day of the assignment.")
ON_CLOSING = _("Judged by the terms in force on the day a deal was won, open deals by those of today.")
IN_PERIOD = _("Each quarter is judged by the terms in force in it.")
TODAY = _("All figures follow the terms in force on the day they are counted.")

CHAPTERS: dict[str, Chapter] = {
    "company": Chapter(_("Company"), _("Holds for all days.")),
    "stages": Chapter(_("What qualifies"), TODAY),
    "working_time": Chapter(_("Working time"), OWN_DAY),
    "extended_hours": Chapter(_("Extended hours"), OWN_DAY),
    "response": Chapter(_("Sales' promise"), OWN_DAY),
    "acceptance": Chapter(_("Accepting and rejecting"), OWN_DAY),
    "delivery": Chapter(_("Marketing's promise"), IN_PERIOD),
    "targets": Chapter(_("Sales' targets"), IN_PERIOD),
    "attribution": Chapter(_("Attribution"), ON_CLOSING),
    "costs": Chapter(_("Cost and margin"), TODAY),
    "funnel": Chapter(_("Funnel"), TODAY),
    "comparison": Chapter(_("Comparing sources"), TODAY),
    "target_customer": Chapter(_("Target customer"), TODAY),
    "meeting": Chapter(_("Weekly meeting"), TODAY),
    "prejudices": Chapter(_("Prejudices"), TODAY),
    "identity": Chapter(_("Who is who"), TODAY),
    "quality": Chapter(_("Data quality"), TODAY),
    "privacy": Chapter(_("Privacy"), TODAY),
}

_DAY_TITLES = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


def _hours(section: str) -> dict[str, Wording]:
    holidays = Wording(
        _("Public holidays"), _("The public holidays of {value} are no working days."), "land",
        _("Public holidays are working days like any other."),
    )  # fmt: skip
    closures = Wording(
        _("Company closures"),
        _("On {value} the company is closed, too."),
        "closures",
        _("There are no company closures."),
    )
    days = zip(WEEKDAYS, _DAY_TITLES, strict=True)
    windows = {day: Wording(title, _("Open {value}."), "windows", _("Closed.")) for day, title in days}
    return {
        f"{section}.{name}": said for name, said in {"subdivision": holidays, "closures": closures, **windows}.items()
    }


_NO_TARGET = _("No target is agreed.")

WORDING: dict[str, Wording] = {
    "company.zone": Wording(_("Time zone"), _("Days, weeks and working time are those of {value}."), "text"),
    "company.currency": Wording(_("Currency"), _("All amounts are in {value}."), "text"),
    "company.fiscal_year_start_month": Wording(
        _("Fiscal year"), _("The fiscal year and its quarters begin in {value}."), "month"),
    "stages.mql": Wording(_("MQL, by marketing"), _("A lead is an MQL when this holds: {value}"), "both_languages"),
    "stages.sal": Wording(_("SAL, by sales"), _("A lead is an SAL when this holds: {value}"), "both_languages"),
    "stages.sql": Wording(_("SQL, by sales"), _("A lead is an SQL when this holds: {value}"), "both_languages"),
    "stages.opportunity": Wording(
        _("Opportunity"), _("A lead is an opportunity when this holds: {value}"), "both_languages"),
    **_hours("working_time"),
    **_hours("extended_hours"),
    "response.minutes": Wording(
        _("Response time"),
        _("Sales makes the first personal attempt to reach a lead within this working time after assignment."),
        "business_minutes"),
    "response.extended_hours_for": Wording(
        _("Leads with extended hours"), _("The extended hours count for {value}."), "lead_types",
        _("The usual working time counts for every kind of lead.")),
    "response.target": Wording(
        _("Promised attainment"), _("Sales promises this response time for {value} of the leads due."), "share"),
    "response.attempts": Wording(
        _("Attempts"), _("A lead that does not answer gets at least {value}."), "attempts"),
    "response.attempts_within_working_days": Wording(
        _("Time for all attempts"), _("These attempts are made within {value} after assignment."), "working_days"),
    "response.warn_minutes_before_due": Wording(
        _("Warning"), _("The team is warned {value} before a response is due."), "business_minutes",
        _("There is no warning before a response is due.")),
    "acceptance.deadline_minutes": Wording(
        _("Time to decide"),
        _("Sales accepts or rejects a lead within {value} after assignment. "
          "Silence after that counts as acceptance and is reported apart."),
        "business_minutes"),
    "acceptance.reject_reasons": Wording(
        _("Reasons to reject"), _("Sales may reject a lead for these reasons: {value}."), "reasons"),
    "acceptance.excuse_reasons": Wording(
        _("Reasons to excuse"), _("The other department may excuse a late answer for these reasons: {value}."),
        "reasons"),
    "acceptance.pause_reasons": Wording(
        _("Reasons to pause"), _("The clock may be paused for these reasons: {value}."), "reasons"),
    "acceptance.routing_owner": Wording(
        _("Owner of routing"), _("Leads that are qualified but never assigned are a matter of {value}."), "side"),
    "delivery.accepted_leads": Wording(
        _("Leads per quarter"), _("Marketing delivers {value} per quarter that sales accepts."), "leads"),
    "delivery.lead_value": Wording(
        _("Value of a lead"), _("An accepted lead counts with this value, by kind of lead."), "money"),
    "delivery.accepted_value": Wording(
        _("Value per quarter"), _("The accepted leads of a quarter are worth {value} by these values."), "money"),
    "delivery.by_team": Wording(
        _("Leads per team"), _("Per quarter each team gets this number of leads that it accepts."), "leads",
        _("The promise is not divided among teams.")),
    "targets.won_revenue": Wording(
        _("Won revenue"), _("Sales wins {value} of revenue per quarter."), "money", _NO_TARGET),
    "targets.won_deals": Wording(_("Won deals"), _("Sales wins {value} per quarter."), "deals", _NO_TARGET),
    "targets.pipeline_created": Wording(
        _("Pipeline created"), _("Deals worth {value} are created per quarter."), "money", _NO_TARGET),
    "targets.win_rate": Wording(
        _("Win rate"), _("Sales wins {value} of the deals it closes."), "share", _NO_TARGET),
    "targets.lead_to_opportunity_rate": Wording(
        _("Lead to opportunity"), _("{value} of the leads become an opportunity."), "share", _NO_TARGET),
    "targets.by_team": Wording(
        _("Targets per team"), _("Per quarter each team wins this revenue."), "money",
        _("There are no targets per team.")),
    "attribution.journey_scope": Wording(
        _("Whose touches count"), _("The touches of {value} count."), "scope"),
    "attribution.lookback_days": Wording(
        _("Look-back"), _("Touches count up to {value} before the opportunity."), "days"),
    "attribution.direct_earns_only_alone": Wording(
        _("Direct visits"), _("Direct visits earn credit only where there is no other touch."), "yes_no",
        _("Direct visits earn credit like any other touch.")),
    "attribution.sales_activities_are_touches": Wording(
        _("Sales activities"), _("Calls, mails and meetings of sales are touches of a channel of their own."), "yes_no",
        _("Calls, mails and meetings of sales earn no credit.")),
    "attribution.bot_burst_clicks": Wording(
        _("Clicks of machines"), _("{value} of one person in quick succession come from a machine and do not count."),
        "clicks"),
    "attribution.bot_burst_seconds": Wording(
        _("Quick succession"), _("Quick succession means within {value}."), "seconds"),
    "attribution.agreed_model": Wording(
        _("Agreed model"), _("Where one figure of credit is shown, it follows the model {value}."), "model"),
    "attribution.models": Wording(
        _("Models compared"), _("A decision is safe where all of these models agree: {value}."), "models"),
    "attribution.half_life_days": Wording(
        _("Half-life"), _("In the time-decay model a touch earns half as much for every {value} of age."), "days"),
    "attribution.custom_weights": Wording(
        _("Weights of the custom model"), _("The custom model divides the credit by these weights."), "share"),
    "attribution.excluded_channels": Wording(
        _("Excluded channels"), _("These channels earn no credit: {value}."), "channels",
        _("No channel is excluded.")),
    "attribution.minimum_conversions": Wording(
        _("Data for learned models"), _("Markov and Shapley are shown from {value} on."), "deals"),
    "attribution.source_channels": Wording(
        _("Channels of lead sources"), _("These lead sources belong to these channels."), "channel",
        _("Lead sources belong to the channels that the mappings give them.")),
    "costs.gross_margin": Wording(
        _("Gross margin"), _("{value} of the revenue remain as gross margin."), "share",
        _("No margin is agreed; figures that need one are not shown.")),
    "costs.sales_and_marketing_cost_per_month": Wording(
        _("Cost of both departments"), _("Marketing and sales together cost {value} per month."), "money",
        _("The cost of both departments is not agreed; acquisition cost per customer is not shown.")),
    "funnel.cohort_horizon_quantile": Wording(
        _("Mature cohorts"),
        _("A cohort is mature when its youngest member is as old as {value} of the converters were."),
        "share"),
    "funnel.cohort_horizon_days": Wording(
        _("Age until measured"), _("Until enough leads have converted to measure that age, it is {value}."), "days"),
    "funnel.minimum_age_completeness": Wording(
        _("Projection of young cohorts"),
        _("A young cohort is projected once {value} of its conversions are usually known."), "share"),
    "funnel.minimum_at_risk": Wording(
        _("End of curves"), _("Curves end where fewer than {value} are still waiting."), "leads"),
    "comparison.claim_probability": Wording(
        _("Certainty of a claim"), _("One source is called better than another from a probability of {value} on."),
        "share"),
    "comparison.minimum_sources": Wording(
        _("Least number of sources"), _("How far sources differ is measured from {value} on."), "sources"),
    "comparison.prior_strength": Wording(
        _("Weight of the overall rate"),
        _("With fewer sources, the overall rate weighs as much in each of them as {value}."), "leads"),
    "comparison.discovery_rate": Wording(
        _("Mistaken claims"), _("In a list of comparisons at most {value} of the claims may be mistaken."), "share"),
    "target_customer.segments": Wording(
        _("Segments"), _("Companies of these segments fit: {value}."), "names", _("No segments are agreed.")),
    "target_customer.regions": Wording(
        _("Regions"), _("Companies in these regions fit: {value}."), "names", _("No regions are agreed.")),
    "target_customer.employees_bands": Wording(
        _("Company sizes"), _("Companies with this number of employees fit: {value}."), "names",
        _("No company sizes are agreed.")),
    "target_customer.industries": Wording(
        _("Industries"), _("Companies of these industries fit: {value}."), "names", _("No industries are agreed.")),
    "meeting.kpis": Wording(_("Agreed figures"), _("The weekly meeting looks at: {value}."), "kpis"),
    "meeting.baseline_weeks": Wording(_("Usual range"), _("What is usual is measured over {value}."), "weeks"),
    "prejudices.colourful_pictures_share": Wording(
        _("“Only colourful pictures”"),
        _("Supported if less than {value} of the won revenue had a marketing touch before the deal."), "share"),
    "prejudices.wrong_audience_fit": Wording(
        _("“Wrong audience”: fit"), _("Supported if less than {value} of the leads fit the target customer."), "share"),
    "prejudices.wrong_audience_accepted": Wording(
        _("“Wrong audience”: acceptance"), _("Supported if less than {value} of the leads are accepted."), "share"),
    "prejudices.wrong_channels_cost_share": Wording(
        _("“Wrong channels”"),
        _("Supported if more than {value} of the cost is on channels that are weak in every agreed model."), "share"),
    "prejudices.too_few_leads_attainment": Wording(
        _("“Too few leads”"), _("Supported if marketing delivers less than {value} of what it promised."), "share"),
    "prejudices.strategy_attainment": Wording(
        _("“Does not carry the strategy out”: response"),
        _("Supported if sales answers less than {value} of the leads in time."), "share"),
    "prejudices.strategy_attempts_share": Wording(
        _("“Does not carry the strategy out”: attempts"),
        _("Supported if sales makes the agreed attempts for less than {value} of the leads."), "share"),
    "prejudices.coffee_days": Wording(
        _("“Only goes for coffee”"),
        _("Supported if unusually few meetings of a team lead to an opportunity within {value}."), "days"),
    "prejudices.revenue_attainment": Wording(
        _("“Too little revenue”"),
        _("Supported if sales wins less than {value} of its target although marketing delivered."),
        "share"),
    "prejudices.revenue_leads_attainment": Wording(
        _("“Too little revenue”: leads"), _("Marketing must have delivered at least {value} of what it promised."),
        "share"),
    "identity.match_people_by_email": Wording(
        _("People"), _("People with the same e-mail address are one person."), "yes_no",
        _("People are one person only where the CRM says so.")),
    "identity.match_accounts_by_domain": Wording(
        _("Companies"), _("Companies with the same web domain are one company."), "yes_no",
        _("Companies are one company only where the CRM says so.")),
    "identity.freemail_domains": Wording(
        _("Mail providers"), _("Addresses at these providers say nothing about the company: {value}."), "names",
        _("Every mail domain stands for a company.")),
    "identity.internal_domains": Wording(
        _("Own addresses"), _("Records with these domains are left out of every figure: {value}."), "names",
        _("No domain is left out.")),
    "quality.future_tolerance_days": Wording(
        _("Dates in the future"), _("A record dated more than {value} after the export is refused."), "days",
        _("A record dated after the export is refused.")),
    "quality.volume_drop_share": Wording(
        _("Shrunken exports"), _("An export that lost more than {value} of its rows stops the publication."), "share"),
    "privacy.minimum_group_size": Wording(
        _("Smallest group"), _("Figures of groups of fewer than {value} are not shown."), "people"),
    "privacy.person_views": Wording(
        _("Figures of single people"), _("Figures of single people are shown to those who may see them."), "yes_no",
        _("Figures of single people are not shown.")),
}  # fmt: skip
