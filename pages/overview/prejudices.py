"""Prejudices: which of the old reproaches do the data support, and which not?"""

import ui
from charts import prejudices as charts
from findings import prejudices as findings
from ui import Card, Column, _

ui.heading(_("Prejudices"), _("Which of the old reproaches do the data support, and which not?"))
found = ui.reproaches()
ui.answer(findings.headline(found))
ui.note(findings.method())
for side, title in findings.sides().items():
    ui.section(title)
    ui.cards([Card(**findings.card(one)) for one in found if one.about == side])
if any(test.found for one in found for test in one.tests):
    ui.chart(charts.scale(found), _("Both directions on one scale"),
             _("The dot is the figure, the bar its 95% interval. Orange speaks for the reproach, green against it, "
               "grey cannot be told."), key="scale")  # fmt: skip
for side, title in findings.sides().items():
    ui.section(title)
    for one in found:
        if one.about == side:
            ui.say(findings.in_short(one))
            ui.items(findings.told(one))
            ui.explain(f"prejudices/{one.query}", key=one.key, **ui.reproaches_asked(one.query))
ui.table(findings.as_table(found), findings.columns(Column), key="tests", folded=_("All tests side by side"))
