"""Lead sources: which are worth an hour, and is it the lead or the handling?"""

import ui
from charts import lead_sources as charts
from findings import lead_sources as findings
from findings import target_customer
from ui import Column, _, ask, chart, choose

terms = ui.terms()
ui.heading(_("Lead sources"), _("Which sources are worth an hour, and is it the lead or the handling?"))
top, (left, right) = ui.place(), ui.columns(2)
by = choose("of", _("Grouped by"), findings.dimensions(), where=left)
measure = choose("by", _("Measured by"), findings.measures(), where=right)
asked = ui.chosen() | findings.judged(ui.as_of().date(), terms.funnel.cohort_horizon_days) | {"dimension": by}
rows = ask("lead_sources/outcomes", **asked)
sources = findings.ranked(rows, measure, terms.comparison)
handled = findings.handling(rows, terms.comparison)
with top:
    ui.answer(findings.headline(findings.ranked(rows, "opportunities", terms.comparison), handled))
    ui.note(findings.judged_in_words(asked, terms.funnel.cohort_horizon_days))
if rows.is_empty():
    ui.stop(_("No leads here"), _("Choose all teams, or load an export with leads that are old enough."))
chart(charts.tiers(sources), findings.measures()[measure], findings.interval_in_words(terms.comparison),
      key="tiers", query="lead_sources/outcomes", params=asked)  # fmt: skip
if handled:
    chart(charts.lead_or_handling(handled), _("Lead or handling?"),
          _("Share that became an opportunity: of all leads (hollow) and of those answered within the promise (full)"),
          key="handling", query="lead_sources/outcomes", params=asked)  # fmt: skip
    for found in handled:
        if found.verdict in ("lead", "handling"):
            ui.note(findings.in_one_sentence(found))
if sources.height > 1:
    ui.section(_("How sure is it that one is better than another?"))
    left, right = ui.columns(2)
    names = sources["name"].to_list()
    with left:
        one = ui.pick(_("Source"), names, key="one")
    with right:
        other = ui.pick(_("Against"), [name for name in names if name != one], key="other")
    ui.note(findings.duel(sources, one, other, measure, terms.comparison))
chart(charts.funnel_plot(rows, measure, findings.limits(rows, measure)), _("Who differs by more than chance?"),
      _("With few leads a source may lie far off by chance; only who lies outside both lines is named."),
      key="funnel_plot", query="lead_sources/outcomes", params=asked)  # fmt: skip
valued = findings.valued(sources, ask("lead_sources/cost", **asked), terms.comparison)
ui.section(_("All in numbers"), _("In brackets the 95% interval. Cost per lead: of the whole channel."))
ui.note(target_customer.in_words(rows))
ui.table(findings.listed(valued), findings.columns(Column), key="sources")
ui.section(_("Why sales rejects them"), _("For marketing: what to change before the next campaign."))
rejected = findings.rejections(ask("lead_sources/rejections", **asked))
ui.table(rejected, findings.rejection_columns(Column), key="rejections", height=280)
