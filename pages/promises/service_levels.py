"""Service levels: do both departments keep what they promised each other?"""

import ui
from charts import funnel as bars
from charts import service_levels as charts
from findings import burn_up, words
from findings import service_levels as findings
from ui import Card, Column, _, ask, chart, choose

terms, today, shown = ui.terms(), ui.as_of().date(), ui.chosen()
few = terms.privacy.minimum_group_size
ui.heading(_("Service levels"), _("Do both departments keep what they promised each other? Both promises, one clock."))
top, (left, right) = ui.place(), ui.columns(2)
quarter = ask("service_levels/burn_up", day=today, team=shown["team"])
delivered, hours = findings.delivered(quarter), ask("service_levels/by_hour", **shown)
answered = findings.answered(ask("service_levels/kept", **shown).row(0, named=True), terms.response.target)
handed = ask("service_levels/handed_over", **shown).row(0, named=True)
with top:
    ui.answer(findings.sentence(answered, delivered, findings.worst_hours(hours)))
if not handed["handed_over"] and not handed["date_only"]:
    what_to_do = _("Choose a longer period or all teams, or load an export with qualified leads and activities.")
    ui.stop(_("Nothing was handed over here"), what_to_do)
sides = (
    (left, _("Marketing's promise"), _("Accepted leads against the line to date"), delivered, "delivered_by_week",
     findings.weeks_delivered(ask("service_levels/delivered_by_week", **shown))),
    (right, _("Sales' promise"), _("First human attempt within the agreed time"), answered, "kept_by_week",
     findings.weeks_answered(ask("service_levels/kept_by_week", **shown))),
)  # fmt: skip
for place, title, caption, promise, query, weeks in sides:
    with place:
        ui.cards([Card(title, ui.percent(promise.share, 0), findings.verdict_names()[promise.verdict],
                       findings.is_good(promise), help=findings.interval_in_words(promise),
                       delta_description=findings.of_in_words(promise))])  # fmt: skip
        chart(charts.trend(weeks, promise.target), caption, findings.interval_in_words(promise), key=query,
              query=f"service_levels/{query}", params=shown)  # fmt: skip
with left:
    unit = choose("unit", _("Burn-up"), {"count": _("Leads"), "value": _("Value")})
    outlook = burn_up.outlook(quarter, unit)
    chart(charts.burn_up(quarter, unit, outlook), _("The quarter so far"), burn_up.in_words(outlook), key="burn_up",
          query="service_levels/burn_up", params={"day": today, "team": shown["team"]})  # fmt: skip
    ui.note(findings.silence(ask("service_levels/decisions", **shown)))
with right:
    names = findings.segment_names(terms.acceptance.routing_owner)
    chart(charts.segments(findings.segments(ask("service_levels/segments", **shown)), names),
          _("Where the time goes"),
          _("Median of business hours, line up to the 90th percentile; those still waiting are in the count."),
          key="segments",
          query="service_levels/segments", params=shown)  # fmt: skip
    ui.note(findings.attempts(ask("service_levels/attempts", **shown), terms.response.attempts,
                              terms.response.attempts_within_working_days))  # fmt: skip
ui.note(findings.balance(handed))
chart(charts.hours(hours, words.weekday_names()), _("When late answers were handed over"),
      _("Late of all answers due, by hour of the handover"), key="hours", query="service_levels/by_hour",
      params=shown)  # fmt: skip
ui.section(_("For which leads?"))
by = choose("of", _("Compared by"), {"lead_type": _("Kind of lead"), "source": _("Source"), "team": _("Team")})
kept = findings.kept_by(ask(f"service_levels/by_{by}", **shown), by, words.lead_type_names(), few)
chart(bars.breakdown(kept), _("Answered in time"), findings.kept_by_in_words(few), key="kept_by",
      query=f"service_levels/by_{by}", params=shown)  # fmt: skip
ui.section(_("Why sales rejects leads"))
ui.table(
    findings.rejections(ask("service_levels/reject_reasons", **shown)),
    findings.rejection_columns(Column),
    key="rejections",
)
ui.section(_("What is open, and what was missed"))
lists = {
    "overdue": _("Overdue now"),
    "due_soon": _("Due next"),
    "breaches": _("Breached"),
    "unassigned": _("Unassigned"),
}
which = choose("list", _("List"), lists)
rows = findings.listed(ask(f"service_levels/{which}", **shown))
ui.table(rows, findings.list_columns(Column, which), key=which, height=320)
ui.note(findings.listed_in_words(rows.height, which))
