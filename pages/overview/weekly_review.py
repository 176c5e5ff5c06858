"""Weekly review: what changed, does it matter, why, who kept which promise, and what do we decide?"""

import ui
from charts import weekly_review as charts
from findings import decided
from findings import weekly_meeting as meetings
from findings import weekly_review as findings
from ui import Card, Column, _, ask, choose

today, currency = ui.as_of().date(), ui.build().currency
ui.heading(_("Weekly review"), _("What changed, does it matter, why, who kept which promise, and what do we decide?"))
offered = {str(week): findings.label(week) for week in meetings.weeks_on_offer(today)}
top = ui.place()
week = ui.day_of(ui.find("week", _("Week"), offered))
found = ui.meeting_of(week)
if not found.kpis or not any(row.weeks for row in found.kpis):
    ui.stop(_("No figures yet"), _("Put exports with leads or deals into data/exports/ and run “make run”."))
with top:
    ui.answer(found.headline[0])
    for sentence in found.headline[1:]:
        ui.say(sentence)
ui.cards([Card(**findings.tile(row, week)) for row in found.kpis])
ui.note(findings.method())
if closing := ui.shown_before(week):
    ui.section(_("Since the last meeting"), _("The figures frozen in {week}, today").format(week=closing.object_id))
    ui.say_restated(ui.restated(closing.object_id), found.kpis)
for page, why, choices in findings.open_next(found, ask("weekly_review/health").row(0, named=True)):
    ui.go_to(page, why, **choices)
ui.section(_("Signal or noise, week by week"))
told = findings.most_telling(found.kpis)
kpi = choose("kpi", _("Figure"), {row.kpi: row.name for row in told})
row = next(row for row in told if row.kpi == kpi)
ui.chart(charts.control(row, currency, found.notes or ()), row.name, row.sentence, key="control",
         query=meetings.query_of(kpi), params=meetings.span_of(kpi, week, ui.terms()))  # fmt: skip
if row.why:
    ui.say(row.why.sentence)
    ui.table(findings.segments(row), findings.segment_columns(Column, row), key="why")
ui.table(findings.as_table(found.kpis), findings.columns(Column), key="figures", folded=_("All figures side by side"))
ui.section(_("Pipeline"), _("Open deals due by the end of the quarter: what changed them since the week before"))
if found.bridge:
    ui.chart(charts.bridge(found.bridge, currency), _("What changed the open pipeline"), found.bridge.sentence,
             key="bridge", query="weekly_review/pipeline_change",
             params={"week_before": week - meetings.WEEK, "week": week})  # fmt: skip
for sentence in findings.pipeline_in_words(found):
    ui.say(sentence)
ui.table(findings.track_record(found), findings.record_columns(Column), key="record",
         folded=_("What the forecast would have said in earlier quarters"))  # fmt: skip
ui.section(_("Open matters"))
open_contests = sum(contest.state in decided.OPEN_CONTESTS for contest in ui.contests().values())
for sentence in decided.open_matters(open_contests, len(ui.waiting())):
    ui.say(sentence)
ui.section(_("What we decide"))
if made := decided.items(ui.decisions(), found.kpis, today, currency):
    ui.items(made)
ui.meeting_forms(found)
ui.section(_("Take it along"), _("With the definitions, the build, the agreement and the head of the ledger"))
ui.take_away(week)
