"""The week in eight figures: what changed, whether that is more than the noise of every week, and what to open next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeVar

import polars as pl

from locales import _, ngettext
from locales.formats import number, percent
from measures.calendar_weeks import week_label, week_start
from measures.control_chart import p_chart, xmr

C = TypeVar("C")
Kind = Literal["count", "money", "rate"]
WEEK = timedelta(days=7)
STRETCH_WEEKS = 13
BASELINE_WEEKS = 26  # a half-year sets the limits: long enough for a usual range, short enough to be today's business
FEWEST_WEEKS = 12
KPIS: dict[str, tuple[Kind, bool | None]] = {
    "new_leads": ("count", True),
    "mqls": ("count", True),
    "accepted_leads": ("count", True),
    "lead_to_opportunity_rate": ("rate", True),
    "pipeline_created": ("money", True),
    "win_rate": ("rate", True),
    "won_revenue": ("money", True),
    "marketing_cost": ("money", None),
}
"""The figures in the order of the page: their kind, and whether more of it is better (None: neither)."""
FUNNEL, DATA_HEALTH = "pages/results/funnel.py", "pages/trust/data_health.py"
OPEN_NEXT = {
    "new_leads": {"stage": "lead"}, "mqls": {"stage": "lead"}, "accepted_leads": {"stage": "mql"},
    "lead_to_opportunity_rate": {"view": "cohort"}, "pipeline_created": {"stage": "sql"},
    "win_rate": {"stage": "opportunity"}, "won_revenue": {"stage": "opportunity"},
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """One KPI in the judged week. `values` end with that week; `lower` and `upper` are the usual range, None = unknown.

    `week`: Monday of the judged week; a cohort rate is judged later, when its leads are old enough.
    `stretch`, `stretch_before`: the last 13 weeks up to that week, and the 13 before, sums or rates of sums.
    """

    kpi: str
    kind: Kind
    more_is_better: bool | None
    week: date | None
    weeks: list[date]
    values: list[float | None]
    stretch: float | None
    stretch_before: float | None
    lower: float | None = None
    upper: float | None = None
    is_signal: bool = False

    @property
    def value(self) -> float | None:
        """The judged week."""
        return self.values[-1] if self.values else None

    @property
    def before(self) -> float | None:
        """The week before it."""
        return self.values[-2] if len(self.values) > 1 else None

    @property
    def change(self) -> float | None:
        """On the week before: relative for counts and money, the difference for rates; None without a basis."""
        return _change(self.kind, self.value, self.before)

    @property
    def stretch_change(self) -> float | None:
        """The last 13 weeks on the 13 before, as `change`."""
        return _change(self.kind, self.stretch, self.stretch_before)

    @property
    def distance(self) -> float:
        """How far the week is from the middle of its usual range, in half-widths of the range."""
        if self.value is None or self.lower is None or self.upper is None or self.upper <= self.lower:
            return 0.0
        return abs(self.value - (self.upper + self.lower) / 2) / ((self.upper - self.lower) / 2)


def names() -> dict[str, str]:
    """The figures as the reader calls them."""
    return {
        "new_leads": _("New leads"), "mqls": _("MQLs"), "accepted_leads": _("Accepted leads"),
        "lead_to_opportunity_rate": _("Lead to opportunity"), "pipeline_created": _("Pipeline created"),
        "win_rate": _("Win rate"), "won_revenue": _("Won revenue"), "marketing_cost": _("Marketing cost"),
    }  # fmt: skip


def last_week(today: date) -> date:
    """Monday of the last week that is over."""
    return week_start(today) - WEEK


def asked(today: date, mature_after_days: int) -> dict[str, date]:
    """The weeks to ask for: enough for the usual range and both stretches, also of cohorts that must first grow old."""
    until = last_week(today) + WEEK
    return {"date_from": until - WEEK * (BASELINE_WEEKS + 1 + mature_after_days // 7 + 1), "date_until": until}


def figures(rows: pl.DataFrame, until: date) -> list[Figure]:
    """Rows of `weekly_review/weeks` as figures. `until`: Monday after the last week that is over."""
    if not rows.height:
        return []
    first = min(rows["week_start"].to_list())
    found = []
    for kpi, (kind, better) in KPIS.items():
        known = {row["week_start"]: row for row in rows.filter(pl.col("kpi") == kpi).iter_rows(named=True)}
        judged: date | None = until - WEEK
        if kpi == "lead_to_opportunity_rate":
            judged = max((week for week, row in known.items() if row["is_mature"]), default=None)
        if not known or judged is None:
            found.append(Figure(kpi, kind, better, None, [], [], None, None))
            continue
        weeks = [judged - WEEK * back for back in range(BASELINE_WEEKS, -1, -1) if judged - WEEK * back >= first]
        found.append(_figure(kpi, kind, better, weeks, known))
    return found


def _figure(
    kpi: str, kind: Kind, better: bool | None, weeks: list[date], known: dict[date, dict[str, float]]
) -> Figure:
    parts = [(_part(known, week, "numerator"), _part(known, week, "denominator")) for week in weeks]
    values = [_value(kind, [part]) for part in parts]
    whole = len(parts) >= 2 * STRETCH_WEEKS
    stretch = _value(kind, parts[-STRETCH_WEEKS:]) if len(parts) >= STRETCH_WEEKS else None
    before = _value(kind, parts[-2 * STRETCH_WEEKS : -STRETCH_WEEKS]) if whole else None
    shown = Figure(kpi, kind, better, weeks[-1], weeks, values, stretch, before)
    if len(weeks) <= FEWEST_WEEKS or not any(values[:-1]):
        return shown
    lower, upper = _usual(kind, parts)
    value = shown.value
    is_signal = value is not None and lower is not None and upper is not None and not lower <= value <= upper
    return Figure(kpi, kind, better, weeks[-1], weeks, values, stretch, before, lower, upper, is_signal)


def _usual(kind: Kind, parts: list[tuple[float, float]]) -> tuple[float | None, float | None]:
    """Limits from all weeks but the judged one: XmR for counts and money, a p chart for rates with changing n."""
    if kind != "rate":
        chart = xmr([numerator for numerator, _denominator in parts], baseline=len(parts) - 1)
        return max(0.0, chart.lower), chart.upper
    k, n = [round(part[0]) for part in parts], [round(part[1]) for part in parts]
    if n[-1] == 0 or sum(n[:-1]) == 0:
        return None, None
    rates = p_chart(k, n, baseline=len(parts) - 1)
    return rates.lower[-1], rates.upper[-1]


def _part(known: dict[date, dict[str, float]], week: date, part: str) -> float:
    return float((known.get(week) or {}).get(part) or 0)


def _value(kind: Kind, parts: list[tuple[float, float]]) -> float | None:
    numerator, denominator = sum(part[0] for part in parts), sum(part[1] for part in parts)
    if kind != "rate":
        return numerator
    return numerator / denominator if denominator else None


def _change(kind: Kind, value: float | None, before: float | None) -> float | None:
    if value is None or before is None:
        return None
    if kind == "rate":
        return value - before
    return value / before - 1 if before else None


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


def compared_with(figure: Figure) -> str:
    """What the change on a card refers to."""
    return _("on {week}").format(week=label(figure.week - WEEK)) if figure.week else ""


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
            kpi=names()[top.kpi], week=label(top.week), value=written(top.value, top.kind),
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
    return sentence.format(week=label(week), kpi=names()[top.kpi], change=in_words(top.change, top.kind))


def as_table(found: list[Figure], written: Callable[[float | None, Kind], str]) -> pl.DataFrame:
    """The figures side by side, in words: the week, the one before, both stretches and the verdict."""
    schema = dict.fromkeys(["kpi", "week", "value", "before", "stretch", "stretch_before", "verdict"], pl.String)
    rows = [
        {
            "kpi": names()[figure.kpi], "week": label(figure.week), "value": written(figure.value, figure.kind),
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
        (FUNNEL, _("{kpi}: which leads are behind it?").format(kpi=names()[figure.kpi]), OPEN_NEXT[figure.kpi])
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
