"""My leads: who waits for me, who first, and what do I have to know?"""

from datetime import timedelta

import ui
from findings import lead_answers as answers
from findings import my_leads as findings
from findings.interactions import lines
from ui import Column, _, ask, choose

ui.heading(_("My leads"), _("Who waits for me, who first, and what do I have to know before I call?"))
top = ui.place()
view = choose("view", _("View"), {"mine": _("To do"), "answers": _("Answers to marketing")})
if view == "answers":
    shown = ui.chosen()
    sources, rejected = ask("my_leads/became", **shown), ask("my_leads/rejected", **shown)
    with top:
        ui.answer(answers.sentence(sources, rejected))
    if not sources.height:
        ui.stop(_("Nothing was handed over here"), _("Choose a longer period or all teams."))
    ui.section(_("What became of the leads we sent"))
    ui.table(answers.sources(sources), answers.source_columns(Column), key="became")
    ui.section(_("What sales rejected, and why"), _("By lead, not by person: who decided is not shown."))
    ui.table(answers.rejected_leads(rejected), answers.rejected_columns(Column), key="rejected")
    ui.explain("my_leads/rejected", **shown)
else:
    with top:
        answer = ui.place()
    owner, now = ui.rep(), ui.now()
    found = ui.todo(owner)
    waiting, decided = findings.open_only(found), findings.recorded_only(found)
    with answer:
        ui.answer(findings.sentence(found))
    if offered := findings.offered(found):
        card = ui.place()
        item = ui.next_lead(offered)
        lead_id, today = item.lead["lead_id"], now.date()
        quality = ask("my_leads/quality", date_from=today - findings.YEAR, date_until=today)
        colleagues = ask("my_leads/colleagues", lead=lead_id, date_from=today - timedelta(days=90))
        with card:
            ui.lead(item, [
                findings.quality_in_words(item.lead["source"], quality, ui.terms().comparison.prior_strength),
                findings.consent_in_words(item.lead["consent"]),
                findings.colleagues_in_words(colleagues),
            ])  # fmt: skip
        ui.section(_("What happened so far"))
        ui.table(lines(ask("my_leads/story", lead=lead_id)), findings.story_columns(Column), key="story")
        ui.section(_("Everything that waits for you"))
        ui.table(findings.table(waiting), findings.columns(Column), key="todo")
    else:
        ui.empty_state(_("Nothing waits for you"), _("New leads appear here with the next build."))
    if decided:
        ui.section(_("Decided, counts with the next build"), _("As a file your CRM can import:"))
        ui.table(
            findings.recorded_table(decided), {"who": _("Who"), "words": _("Decision")}, key="said", download=False
        )
        ui.download(findings.for_crm(decided), "lead_decisions")
    ui.explain("my_leads/due", owner=owner)
