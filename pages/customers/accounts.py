"""Accounts: who of us spoke with this customer when, where was silence, and what is open?"""

import ui
from charts import accounts as charts
from findings import accounts as findings
from ui import Column, _, ask

model, now = ui.terms().attribution.agreed_model, ui.as_of()
ui.heading(_("Accounts"), _("Who of us spoke with this customer when, and where was silence?"))
top = ui.place()
with top:
    answer = ui.place()
shown = {"account": ui.account(), "model": model}
account = ask("accounts/account", **shown).row(0, named=True)
rows = findings.timeline(ask("accounts/interactions", **shown))
promises, deals = ask("accounts/promises", **shown), findings.deals(ask("accounts/deals", **shown))
silences = findings.gaps(rows, now)
with answer:
    ui.answer(findings.sentence(account, rows, promises.height, now))
ui.facts(findings.facts(account))
if rows.height:
    ui.chart(charts.timeline(rows, silences, deals), _("Both departments on one line"),
             findings.silences_in_words(silences), key="timeline", query="accounts/interactions",
             params=shown)  # fmt: skip
if promises.height:
    ui.section(_("Open promises"))
    ui.table(findings.promises(promises), findings.promise_columns(Column), key="promises")
if deals.height:
    ui.section(_("Deals"), _("Select a deal to open its receipt."))
    picked = ui.table(deals, findings.deal_columns(Column), key="deals", on_select="rerun")
    if picked:
        deal = deals.row(picked[0], named=True)
        basis = {"basis": "open"} if deal["won_at"] is None else {}
        ui.go_to("pages/results/receipt.py", _("Receipt of this deal"), deal=deal["deal_id"], **basis)
ui.section(_("People"))
ui.table(findings.people(ask("accounts/people", **shown)), findings.people_columns(Column), key="people")
ui.section(_("Everything that happened"))
ui.table(rows, findings.timeline_columns(Column), key="interactions", height=360)
