"""Weekly review: what changed last week, does it matter, and what should be opened next?"""

import ui
from charts import weekly_review as charts
from findings import weekly_figures as figures
from findings import weekly_review as findings
from findings import words
from ui import Card, Column, _, ask, choose

today, horizon = ui.as_of().date(), ui.terms().funnel.cohort_horizon_days
week = figures.last_week(today)
shown = ui.chosen() | figures.asked(today, horizon)
found = figures.figures(ask("weekly_review/weeks", **shown), shown["date_until"])
names, currency = words.kpi_names(), ui.build().currency


def written(value: float | None, kind: str) -> str:
    """A figure as it stands on a card."""
    if kind == "money":
        return ui.short_money(value, currency)
    return ui.percent(value) if kind == "rate" else ui.number(value)


def card(figure: figures.Figure) -> Card:
    """The judged week, its change on the week before, and its last half-year."""
    return Card(
        names[figure.kpi], written(figure.value, figure.kind), findings.in_words(figure.change, figure.kind),
        findings.is_good(figure), figure.values, findings.card_help(figure, written, horizon),
        delta_description=findings.compared_with(figure, week),
    )  # fmt: skip


title = _("Overview: {week}").format(week=findings.label(week))
ui.heading(title, _("What changed last week, does it matter, and what should be opened next?"))
if not found:
    ui.empty_state(_("No figures yet"), _("Put exports with leads or deals into data/exports/ and run “make run”."))
else:
    ui.answer(findings.headline(found, week, written))
    ui.cards([card(figure) for figure in found])
    ui.note(findings.method())
    ui.section(_("What to open next"))
    for page, why, choices in findings.open_next(found, ask("weekly_review/health").row(0, named=True)):
        ui.go_to(page, why, **choices)
    ui.section(_("One figure, week by week"))
    usual = findings.most_telling(found)
    kpi = choose("kpi", _("Figure"), {figure.kpi: names[figure.kpi] for figure in usual})
    figure = next(figure for figure in found if figure.kpi == kpi)
    ui.chart(charts.control(figure, names[kpi], currency), names[kpi], findings.verdict(figure, written),
             key="control", query="weekly_review/weeks", params=shown | {"kpi": kpi})  # fmt: skip
    ui.section(_("All figures side by side"))
    ui.table(findings.as_table(found, written), findings.columns(Column), key="figures")
