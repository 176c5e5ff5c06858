"""Funnel: how far do leads get, how fast, and where are they lost?"""

import ui
from charts import funnel as charts
from findings import cohorts, funnel, waiting, words
from ui import Column, _, ask, chart, choose

terms, names, channels = ui.terms(), funnel.stage_names(), words.channel_names()
few, today = terms.funnel.minimum_at_risk, ui.as_of().date()
ui.heading(_("Funnel"), _("How far do leads get, how fast, and where are they lost?"))
top, (left, right) = ui.place(), ui.columns(2)
view, everyone = choose("view", _("Counted by"), funnel.view_names(), where=left), {"all": _("All")}
shown = ui.chosen()
shown["customers"] = choose("customers", _("Customers"), everyone | funnel.customer_names(), where=right)
stays = waiting.stays(ask("funnel/time_in_stage", **shown))
if view == "period":
    steps = funnel.period_steps(ask("funnel/entries", **shown))
    sentence = funnel.period_sentence(steps, ask("funnel/losses", **shown), stays, few)
    clicked = chart(charts.steps(steps, names), _("Stage entries in the period"),
                    alt=sentence, key="steps", query="funnel/entries", params=shown, on_select="rerun")  # fmt: skip
    ui.note(funnel.period_note(steps))
else:
    target = choose("target", _("Reached stage"), {stage: names[stage] for stage in funnel.TARGETS})
    elders = cohorts.elders(today, terms) | {"target": target}
    horizon = cohorts.horizon(ask("funnel/conversion_days", **elders), terms)
    window = cohorts.judged(shown["date_from"], shown["date_until"], today, horizon.days)
    asked = shown | {"target": target, "horizon_days": horizon.days} | window.days
    steps = funnel.cohort_steps(ask("funnel/cohorts", **asked), target)
    sentence = funnel.cohort_sentence(steps, target, horizon, window, few)
    clicked = chart(charts.steps(steps, names), _("Of the leads created, reached within the horizon"),
                    cohorts.window_in_words(window), alt=sentence, key="cohort_steps", query="funnel/cohorts",
                    params=asked, on_select="rerun")  # fmt: skip
    elders, recent = shown | elders, asked | cohorts.shown_months(shown["date_until"]).days
    curve = cohorts.incidence(ask("funnel/conversion_days", **elders))
    months = cohorts.months(ask("funnel/cohorts", **recent), curve, horizon, terms)
    chart(charts.months(months), _("By month of creation"), cohorts.horizon_in_words(horizon, terms),
          key="months", query="funnel/cohorts", params=recent)  # fmt: skip
    chart(charts.reached_by_age(cohorts.cut(curve, few), horizon.days), _("How fast: share that got there by age"),
          cohorts.curve_in_words(terms), key="age", query="funnel/conversion_days", params=elders)  # fmt: skip
with top:
    ui.answer(sentence)
if not steps["entered"].sum():
    ui.stop(_("No leads here"), _("Choose a longer period or all teams, or load an export with leads."))
chart(charts.stays(waiting.as_frame(stays, funnel.STAGES), names), _("Median days in a stage"),
      waiting.stays_in_words(), key="stays", query="funnel/time_in_stage", params=shown)  # fmt: skip
ui.note(waiting.left_out_in_words(ask("funnel/entries", **shown)))
ui.section(_("Who carries a stage on, and which leads are they?"))
left, right = ui.columns(2)
stage = choose("stage", _("Entered stage"), names, wish=funnel.stage_clicked(clicked), where=left)
parts = shown | {"stage": stage}
parts["dimension"] = choose("by", _("Compared by"), waiting.dimension_names(), where=right)
found = waiting.named(waiting.breakdown(ask("funnel/breakdown", **parts), few), channels)
if stage != "won":  # nothing comes after it
    chart(charts.breakdown(found), _("Moved on from {stage}").format(stage=names[stage]),
          waiting.breakdown_in_words(few), key="breakdown", query="funnel/breakdown", params=parts)  # fmt: skip
    ui.table(found, waiting.columns(Column), key="breakdown_table", folded=_("As a table"))
parts["fate"] = choose("fate", _("What became of them"), everyone | funnel.outcome_names())
leads = ask("funnel/leads", **parts)
ui.table(funnel.listed(leads, channels), funnel.columns(Column), key="leads", height=320)
ui.note(funnel.listed_in_words(leads))
