"""Service levels: do both departments keep what they promised each other?"""

import ui
from charts import funnel as bars
from charts import service_levels as charts
from findings import burn_up, fast_answers, handovers, lost_time, words
from findings import promise as promises
from findings import service_levels as findings
from ui import Column, _, ask, chart, choose

terms, today, shown = ui.terms(), ui.as_of().date(), ui.chosen()
few, of_quarter = terms.privacy.minimum_group_size, {"day": today, "team": shown["team"]}
ui.heading(_("Service levels"), _("Do both departments keep what they promised each other? Both promises, one clock."))
top, (left, right) = ui.place(), ui.columns(2)
allowed, groups = ui.may_show("service_levels/people", shown), findings.chosen_groups(shown)
if not allowed.allows(**groups):
    ui.stop(findings.too_few_in_words(few), _("Choose all teams or all segments."))
quarter, hours = ask("service_levels/burn_up", **of_quarter), ask("service_levels/by_hour", **shown)
delivered = promises.delivered(quarter)
answered = promises.answered(ask("service_levels/kept", **shown).row(0, named=True), terms.response.target)
handed = ask("service_levels/handed_over", **shown).row(0, named=True)
with top:
    ui.answer(promises.sentence(answered, delivered, lost_time.worst_hours(hours)))
if not handed["handed_over"] + handed["date_only"]:
    ui.stop(_("Nothing was handed over here"), findings.nothing_in_words())
with left:
    weeks = promises.weeks_delivered(ask("service_levels/delivered_by_week", **shown))
    ui.promise(_("Marketing's promise"), _("Accepted leads against the line to date"), delivered, weeks,
               query="service_levels/delivered_by_week", params=shown)  # fmt: skip
    unit = choose("unit", _("Burn-up"), {"count": _("Leads"), "value": _("Value")})
    outlook = burn_up.outlook(quarter, unit)
    chart(charts.burn_up(quarter, unit, outlook), _("The quarter so far"), burn_up.in_words(outlook), key="burn_up",
          query="service_levels/burn_up", params=of_quarter)  # fmt: skip
    ui.note(findings.silence(ask("service_levels/decisions", **shown)))
with right:
    weeks = promises.weeks_answered(ask("service_levels/kept_by_week", **shown))
    ui.promise(_("Sales' promise"), _("First human attempt within the agreed time"), answered, weeks,
               query="service_levels/kept_by_week", params=shown)  # fmt: skip
    lost = lost_time.segments(ask("service_levels/segments", **shown))
    chart(charts.segments(lost, lost_time.segment_names(terms.acceptance.routing_owner)), _("Where the time goes"),
          lost_time.segments_in_words(), key="segments", query="service_levels/segments", params=shown)  # fmt: skip
    ui.note(findings.attempts(ask("service_levels/attempts", **shown), terms.response))
ui.note(findings.balance(handed))
chart(charts.hours(hours, words.weekday_names()), _("When late answers were handed over"), lost_time.hours_in_words(),
      key="hours", query="service_levels/by_hour", params=shown)  # fmt: skip
if offered := findings.comparisons(allowed):
    by = choose("of", _("For which leads?"), offered)
    shares = allowed.rows(ask(f"service_levels/by_{by}", **shown), by, **groups)
    kept = findings.kept_by(shares, by, words.lead_type_names(), few)
    chart(bars.breakdown(kept), _("Answered in time"), findings.kept_by_in_words(few), key="kept_by",
          query=f"service_levels/by_{by}", params=shown)  # fmt: skip
speed = ask("service_levels/speed_and_success", **shown)
chart(bars.breakdown(fast_answers.by_speed(speed, few)), _("Does a fast answer pay? Accepted, by time to the answer"),
      fast_answers.in_words(fast_answers.effect(speed)), key="speed", query="service_levels/speed_and_success",
      params=shown)  # fmt: skip
ui.section(_("Why sales rejects leads"))
ui.table(handovers.rejections(ask("service_levels/reject_reasons", **shown)),
         handovers.rejection_columns(Column), key="rejections")  # fmt: skip
ui.section(_("What is open, and what was missed"))
ui.handover_lists(shown)
