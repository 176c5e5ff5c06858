"""The week in words: what changed, whether that is more than the noise of every week, and what to open next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import polars as pl

from findings.weekly_figures import WEEK, Figure, Kind
from findings.words import kpi_names
from locales import _, ngettext
from locales.formats import number, percent
from measures.calendar_weeks import week_label

C = TypeVar("C")
FUNNEL, DATA_HEALTH = "pages/results/funnel.py", "pages/trust/data_health.py"
OPEN_NEXT = {
    "new_leads": {"stage": "lead"}, "mqls": {"stage": "lead"}, "accepted_leads": {"stage": "mql"},
    "lead_to_opportunity_rate": {"view": "cohort"}, "pipeline_created": {"stage": "sql"},
    "win_rate": {"stage": "opportunity"}, "won_revenue": {"stage": "opportunity"},
}  # fmt: skip


def in_words(change: float | None, kind: Kind) -> str | None:
    """A change as `+12 %`, that of a rate in percentage points; None where there was nothing to compare with."""
    if change is None:
        return None
    if kind == "rate":
        return _("{points} pts").format(points=number(change * 100, 1, signed=True))
    return percent(change, 0, signed=True)


def is_good(figure: Figure) -> bool | None:
    """Colour is for signals alone: a change within the usual range is neither good nor bad."""
    if not figure.is_signal or figure.more_is_better is None or figure.value is None or figure.upper is None:
        return None
    return (figure.value > figure.upper) == figure.more_is_better


def verdict(figure: Figure, written: Callable[[float | None, Kind], str]) -> str:
    """Whether the week is more than the usual noise, with the range it is judged by."""
    if figure.value is None:
        return _("nothing to judge yet")
    if figure.lower is None or figure.upper is None:
        return _("too few weeks to know what is usual")
    span = f"{written(figure.lower, figure.kind)} – {written(figure.upper, figure.kind)}"
    return (_("unusual: usually {span}") if figure.is_signal else _("as usual: {span}")).format(span=span)


def compared_with(figure: Figure, week: date) -> str:
    """What the change on a card refers to; a figure judged in another week than the page's names its own."""
    if figure.week is None:
        return ""
    if figure.week != week:
        return _("in {week}").format(week=label(figure.week))
    return _("on {week}").format(week=label(week - WEEK))


def label(week: date | None) -> str:
    """`KW 47/2026`, in English `W 47/2026`."""
    return week_label(week, _("W")) if week else "–"


def headline(found: list[Figure], week: date, written: Callable[[float | None, Kind], str]) -> str:
    """The biggest change of the week, and whether it matters."""
    known = [figure for figure in found if figure.change is not None]
    if not known:
        return _("There is no complete week with figures yet.")
    signals = sorted((figure for figure in known if figure.is_signal), key=lambda figure: -figure.distance)
    if signals:
        top = signals[0]
        sentence = (
            _("{kpi} in {week}: {value}, above the usual {low} to {high}.")
            if (top.value or 0.0) > (top.upper or 0.0)
            else _("{kpi} in {week}: {value}, below the usual {low} to {high}.")
        )
        more = len(signals) - 1
        others = ngettext("One other figure is unusual too.", "{count} other figures are unusual too.", more)
        said = sentence.format(
            kpi=kpi_names()[top.kpi], week=label(top.week), value=written(top.value, top.kind),
            low=written(top.lower, top.kind), high=written(top.upper, top.kind),
        )  # fmt: skip
        return said + (
            " " + others.format(count=number(more)) if more else " " + _("All others moved as they usually do.")
        )
    if not any(figure.upper is not None for figure in known):
        return _("{week}: too few weeks so far to tell a change from the usual ups and downs.").format(week=label(week))
    top = max(known, key=lambda figure: figure.distance)
    sentence = _(
        "{week}: nothing moved more than it usually does. The largest change: {kpi}, {change} on the week before."
    )
    return sentence.format(week=label(week), kpi=kpi_names()[top.kpi], change=in_words(top.change, top.kind))


def as_table(found: list[Figure], written: Callable[[float | None, Kind], str]) -> pl.DataFrame:
    """The figures side by side, in words: the week, the one before, both stretches and the verdict."""
    schema = dict.fromkeys(["kpi", "week", "value", "before", "stretch", "stretch_before", "verdict"], pl.String)
    rows = [
        {
            "kpi": kpi_names()[figure.kpi], "week": label(figure.week), "value": written(figure.value, figure.kind),
            "before": written(figure.before, figure.kind), "stretch": written(figure.stretch, figure.kind),
            "stretch_before": _with_change(figure, written), "verdict": verdict(figure, written),
        }
        for figure in found
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def _with_change(figure: Figure, written: Callable[[float | None, Kind], str]) -> str:
    change = in_words(figure.stretch_change, figure.kind)
    return written(figure.stretch_before, figure.kind) + (f" ({change})" if change else "")


def columns(column: Callable[..., C]) -> dict[str, C]:
    """How that table is labelled."""
    return {
        "kpi": column(_("Figure")), "week": column(_("Week")), "value": column(_("This week")),
        "before": column(_("Week before")), "stretch": column(_("13 weeks")),
        "stretch_before": column(_("13 weeks before (change)")), "verdict": column(_("Usual range")),
    }  # fmt: skip


def open_next(found: list[Figure], health: dict[str, int]) -> list[tuple[str, str, dict[str, str]]]:
    """Up to three pages worth opening: `(page, why, choices)`. What is wrong with the data comes first."""
    links: list[tuple[str, str, dict[str, str]]] = []
    if refused := health["files_refused"]:
        why = ngettext("{count} file was not read", "{count} files were not read", refused)
        links.append((DATA_HEALTH, why.format(count=number(refused)), {}))
    elif rejected := health["rows_rejected"]:
        why = ngettext("{count} row waits for correction", "{count} rows wait for correction", rejected)
        links.append((DATA_HEALTH, why.format(count=number(rejected)), {}))
    signals = sorted((figure for figure in found if figure.is_signal), key=lambda figure: -figure.distance)
    links += [
        (FUNNEL, _("{kpi}: which leads are behind it?").format(kpi=kpi_names()[figure.kpi]), OPEN_NEXT[figure.kpi])
        for figure in signals
        if figure.kpi in OPEN_NEXT
    ]
    if not signals:
        links.append((FUNNEL, _("Where are leads lost?"), {}))
        links.append((FUNNEL, _("What becomes of the leads created?"), {"view": "cohort"}))
    return links[:3]


def most_telling(found: list[Figure]) -> list[Figure]:
    """The figures that can be drawn, in the order of the page but the most unusual first."""
    drawn = [figure for figure in found if figure.values]
    first = max(drawn, key=lambda figure: (figure.is_signal, figure.distance), default=None)
    return sorted(drawn, key=lambda figure: figure is not first)


def method() -> str:
    """How the figures are compared, in one line."""
    return _(
        "The last week that is over, beside the week before. A change is coloured only where the week lies outside its "
        "usual range: natural limits of up to 26 weeks before it (XmR; p chart for rates)."
    )


def card_help(figure: Figure, written: Callable[[float | None, Kind], str], horizon_days: int) -> str:
    """What a card cannot say in its three lines."""
    said = [verdict(figure, written) + "."]
    if figure.stretch is not None:
        change = in_words(figure.stretch_change, figure.kind)
        stretch = _("13 weeks: {value}").format(value=written(figure.stretch, figure.kind))
        against = _("{change} on the 13 weeks before").format(change=change) if change else ""
        said.append(f"{stretch}, {against}." if against else f"{stretch}.")
    if figure.kpi == "lead_to_opportunity_rate":
        said.append(
            _(
                "Leads created in the newest week that is {days} days old, and reached an opportunity within them."
            ).format(days=number(horizon_days))
        )
    if figure.kpi == "marketing_cost":
        said.append(_("Campaign cost belongs to no team or segment; it is blank under such a filter."))
    return " ".join(said)
