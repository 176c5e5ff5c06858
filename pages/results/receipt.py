"""Receipt: where did every euro of credit for this deal go, and why?"""

import ui
from charts import receipt as charts
from findings import receipt as findings
from findings.words import model_names
from ui import Column, _, ask, choose

agreed, currency = ui.terms().attribution.agreed_model, ui.build().currency
ui.heading(_("Receipt"), _("Where did every euro of credit for this deal go, and why?"))
top, shown = ui.place(), ui.chosen()
shown["basis"] = choose("basis", _("Deals"), {"won": _("Won"), "open": _("Still open")})
deal_id = ui.find("deal", _("Deal"), ui.deals(**shown))
if deal_id is None:
    with top:
        ui.answer(_("There is no deal here."))
    ui.stop(_("No deals"), _("Choose a longer period or all teams, or load an export with deals."))
deal = ask("receipt/deal", deal=deal_id).row(0, named=True)
credits, contests = ask("receipt/credits", deal=deal_id), ui.contests()
rows = findings.lines(ask("receipt/touches", deal=deal_id), credits, deal_id, agreed, contests)
with top:
    ui.answer(findings.sentence(deal, rows, credits, agreed, ui.money))
ui.note(findings.judged_by(deal, model_names()[agreed]))
if rows.height:
    ui.chart(charts.timeline(rows, deal["created_at"], deal["won_at"], currency), _("Every touch on the way"),
             _("The larger, the more credit; hollow: earns nothing or left out."),
             key="timeline", query="receipt/touches", params={"deal": deal_id})  # fmt: skip
    picked = ui.table(rows, findings.columns(Column), key="receipt", on_select="rerun")
    ui.note(findings.closing(credits, deal["amount"], ui.money))
    if picked:
        row = rows.row(picked[0], named=True)
        others = findings.touch_titles(rows.filter(rows["exclusion"].is_null() & (rows["touch_id"] != row["touch_id"])))
        ui.contest(deal_id, row["touch_id"], row["what"], others)
    else:
        ui.note(_("Select a touch to contest its credit, or to answer a contest."))
