"""Campaigns: what did each campaign bring, from lead to revenue, for what it cost?"""

import ui
from charts import campaigns as charts
from findings import campaigns as findings
from findings import rejected_leads
from findings.words import reason_names
from ui import Card, Column, _, ask, chart, choose

terms, today, currency = ui.terms(), ui.as_of().date(), ui.build().currency
model, margin = terms.attribution.agreed_model, terms.costs.gross_margin
ui.heading(_("Campaigns"), _("What did each campaign bring, from lead to revenue, for what it cost?"))
top, (left, right) = ui.place(), ui.columns(2)
view = choose("campaigns", _("Which campaigns"), findings.view_names(), where=left)
period = ui.chosen()
shown = period | {"model": model, "clock": choose("clock", _("Revenue counted"), findings.clock_names(), where=right)}
if view == "started":
    shown |= findings.everything_until(today)
cost = ask("attribution/cost", **shown)
if view == "started":
    cost = findings.started_within(cost, period["date_from"], period["date_until"])
rows = findings.together(cost, ask("campaigns/chain", **shown), ask("attribution/credit", **shown),
                         ask("campaigns/influenced", **shown), model, margin)  # fmt: skip
with top:
    ui.answer(findings.sentence(rows, ui.short_money))
if not rows.height:
    ui.stop(_("No campaigns here"), _("Choose a longer period, or load an export with campaigns, cost and leads."))
all_of_them, formulas = findings.totals(rows, margin), findings.formulas()
ui.cards([
    Card(_("Cost"), ui.short_money(all_of_them.cost), help=formulas["cost"]),
    Card(_("Leads"), ui.number(all_of_them.leads), help=formulas["leads"]),
    Card(_("CPL"), ui.money(all_of_them.cost_per_lead), help=formulas["cost_per_lead"]),
    Card(_("Cost per accepted lead"), ui.money(all_of_them.cost_per_accepted), help=formulas["cost_per_accepted"]),
    Card(_("Ad cost per customer"), ui.money(all_of_them.cost_per_customer), help=formulas["cost_per_customer"]),
    Card(_("Credited revenue"), ui.short_money(all_of_them.credit), help=formulas["credit"]),
    Card(_("ROAS"), ui.number(all_of_them.roas, 1), help=formulas["roas"]),
    Card(_("ROMI"), ui.percent(all_of_them.romi, 0), help=formulas["romi"]),
])  # fmt: skip
chart(charts.chain(rows, currency), _("From cost to credited revenue"), findings.chain_in_words(view),
      key="chain", query="campaigns/chain", params=shown, at_least=720)  # fmt: skip
picked = ui.table(rows, findings.columns(Column), key="campaigns", on_select="rerun", height=360)
if picked:
    name = rows["campaign"][picked[0]]
    asked = shown | {"campaign": rows["campaign_id"][picked[0]]}
    ui.section(_("Leads of {campaign}").format(campaign=name))
    ui.table(ask("campaigns/leads", **asked), findings.lead_columns(Column), key="campaign_leads", height=280)
    ui.section(_("Deals with credit of {campaign}").format(campaign=name))
    ui.table(ask("campaigns/deals", **asked), findings.deal_columns(Column), key="campaign_deals", height=280)
else:
    ui.note(_("Select a campaign in the table to see its leads and deals."))
rejected = rejected_leads.by_campaign(ask("campaigns/rejected_leads", **shown), reason_names())
ui.section(_("What sales says about the leads"), rejected_leads.sentence(rejected))
if rejected.height:
    ui.table(rejected, rejected_leads.columns(Column), key="rejected_leads", height=280)
ui.section(
    _("Sourced and influenced"),
    _("Three usual definitions side by side; each deal has one owner, locked at its creation."),
)
ui.table(findings.sourced(ask("campaigns/sourced", **period).row(0, named=True)), findings.sourced_columns(Column),
         key="sourced")  # fmt: skip
