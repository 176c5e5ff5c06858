"""Attribution: which campaigns became revenue, and would every agreed model say so?"""

import ui
from charts import attribution as charts
from findings import attribution, stopping
from findings.words import channel_names, model_names
from ui import Column, _, ask, chart, choose

terms, names, today = ui.terms(), channel_names(), ui.as_of().date()
agreed, titles, currency = terms.attribution.agreed_model, model_names(), ui.build().currency
ui.heading(_("Attribution"), _("Which campaigns became revenue, and would every agreed model say so?"))
top = ui.place()
shown = ui.chosen()
shown["basis"] = choose("basis", _("Amount"), {"won": _("Won revenue"), "open": _("Open pipeline")})
credit, cost = ask("attribution/credit", **shown), ask("attribution/cost", **shown)
timing = ask("attribution/timing", **shown).row(0, named=True)
models = attribution.agreed_models(terms, credit)
if not models:
    with top:
        ui.answer(stopping.sentence(credit, 0, has_won=False, has_cost=False))
    ui.stop(
        _("No deal to share out"), _("Choose a longer period or all teams, or load exports with deals and touches.")
    )
found = stopping.in_words(stopping.judged(credit, cost, models, today, timing["median_days"]), len(models))
with top:
    ui.answer(stopping.sentence(found, len(models), has_won=True, has_cost=bool(found.height)))
if found.height and shown["basis"] == "won":
    chart(charts.per_euro(found), _("Credit per euro spent, from model to model"),
          stopping.method(timing["median_days"]),
          key="per_euro", query="attribution/cost", params=shown)  # fmt: skip
    ui.table(found, stopping.columns(Column), key="verdicts", folded=_("All campaigns with cost, with their verdict"))
channels = attribution.ranges(credit, "channel", attribution.channel_frame(names), agreed, models)
campaigns = attribution.ranges(credit, "campaign_id", attribution.campaign_frame(credit), agreed, models)
for title, frame, key in ((_("By channel"), channels, "channels"), (_("By campaign"), campaigns, "campaigns")):
    chart(charts.ranges(frame, currency), title, attribution.method(agreed, len(models)), key=key,
          query="attribution/credit", params=shown)  # fmt: skip
    ui.table(attribution.with_stability(frame, len(models)), attribution.range_columns(Column, len(models)),
             key=f"{key}_table", folded=_("Ranks in all models"))  # fmt: skip
chart(charts.side_by_side(attribution.side_by_side(credit, names, models, agreed), models, titles, agreed),
      _("All models side by side"), _("Share of what each model attributes; the agreed model stands first."),
      key="models", query="attribution/credit", params=shown, at_least=640)  # fmt: skip
solved = ask("attribution/solved")
if solved.height:
    chart(charts.solved(solved, names, titles, currency), _("Markov and Shapley over all journeys"),
          attribution.solved_in_words(solved, names), key="solved", query="attribution/solved")  # fmt: skip
else:
    ui.note(attribution.too_few_in_words(terms.attribution.minimum_conversions))
ui.section(_("What is nobody's, and what would mend it"))
ui.table(attribution.unattributed(credit, agreed), attribution.unattributed_columns(Column), key="unattributed")
ui.section(_("The ways customers take"), attribution.timing_in_words(timing))
by = choose("by", _("Order"), {"won": _("Most frequent"), "revenue": _("Most valuable")})
paths = ask("attribution/paths", **shown, by=by)
ui.table(attribution.named_paths(paths, names), attribution.path_columns(Column), key="paths", height=320)
