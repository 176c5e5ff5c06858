"""The meeting as one self-contained HTML page for an e-mail: no script, no picture, nothing fetched, all text escaped.

Mail programs drop drawings, so every figure is a sentence and a table; the bars are table cells with a background.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from findings import weekly_review as findings
from findings.weekly_kpis import written
from locales import _, language
from locales.formats import percent
from reports.safe import clean
from reports.week import Week

_STYLE = """
:root { color-scheme: light }
body { font: 15px/1.5 Inter, Arial, sans-serif; color: #101828; margin: 1.5rem auto; max-width: 52rem; padding: 0 1rem }
h1 { font-size: 1.7rem; margin: 0 0 .3rem } h2 { font-size: 1.1rem; margin: 1.8rem 0 .3rem }
p { margin: .35rem 0 } .lead { font-size: 1.1rem; font-weight: 600 } .quiet { color: #667085; font-size: .85rem }
table { border-collapse: collapse; margin: .4rem 0; width: 100% }
td, th { border-bottom: 1px solid #E4E7EC; padding: .3rem .5rem; text-align: start; vertical-align: top }
td.n, th.n { text-align: end; white-space: nowrap } .signal { color: #B54708; font-weight: 600 }
.bar { background: #0F766E; display: inline-block; height: .8rem } .less { background: #F79009 }
footer { border-top: 1px solid #E4E7EC; margin-top: 2rem; padding-top: .6rem; overflow-wrap: anywhere }
"""
WIDEST = 12  # rem of the longest bar


def mail_page(week: Week) -> str:
    """The page in the language in force."""
    blocks = [
        f"<h1>{_text(week.title)}</h1>", *(f'<p class="lead">{_text(line)}</p>' for line in week.meeting.headline[:1]),
        _lines(week.meeting.headline[1:]), f'<p class="quiet">{_text(week.standing)}</p>', _lines(week.since_last),
        _heading(_("Figures")), _figures(week), *_signals(week), _heading(_("Both promises")),
        _lines(f"{name}: {percent(kept.share, 0)}. {said}" for name, kept, said in week.promises),
        _heading(_("Pipeline")), _bridge(week), _lines(findings.pipeline_in_words(week.meeting)),
        _heading(_("What we decide")), _decisions(week), _lines(week.open_matters),
        _heading(_("Definitions")), _definitions(week),
        f'<footer class="quiet">{"<br>".join(map(_text, week.stamp))}</footer>',
    ]  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(week.title)}</title><style>{_STYLE}</style></head><body>{''.join(blocks)}</body></html>\n"
    )


def _figures(week: Week) -> str:
    names = findings.verdict_names()
    header = [_("Figure"), _("Week"), _("This week"), _("Target to date"), _("Signal or noise"), _("Because")]
    rows = [
        [_text(row.name), _text(findings.label(row.week_start)), f"<b>{_text(row.text)}</b>", _text(row.target_text),
         f'<span class="{row.verdict}">{_text(names[row.verdict])}</span>', _text(row.sentence)]
        for row in week.meeting.kpis
    ]  # fmt: skip
    return _table(header, rows, numbers={2})


def _signals(week: Week) -> Iterable[str]:
    for row in week.signals:
        yield _heading(row.name)
        yield _lines([row.why.sentence] if row.why else [])
        last = [one for one in row.weeks if one.value is not None][-13:]
        most = max([one.value or 0.0 for one in last] or [0.0])
        yield _table(
            [_("Week"), _("Value"), ""],
            [
                [_text(findings.label(one.week_start)), _text(written(one.value, row.unit, week.currency)),
                 _bar(one.value or 0.0, most, is_less=one.is_signal)]
                for one in last
            ], numbers={1},
        )  # fmt: skip


def _bridge(week: Week) -> str:
    bridge = week.meeting.bridge
    if bridge is None:
        return ""
    most = max([abs(bar.amount) for bar in bridge.bars] or [0.0])
    rows = [
        [_text(bar.name), str(bar.deals), _text(written(bar.amount, "money", week.currency)),
         _bar(abs(bar.amount), most, is_less=bar.amount < 0)]
        for bar in bridge.bars if bar.deals
    ]  # fmt: skip
    return _lines([bridge.sentence]) + _table([_("Change"), _("Deals"), _("Amount"), ""], rows, numbers={1, 2})


def _decisions(week: Week) -> str:
    rows = [[_text(what), _text(state), _text(who)] for what, state, who in week.decisions]
    return _table([_("What"), _("State"), _("Who and until when")], rows) if rows else ""


def _definitions(week: Week) -> str:
    rows = [[_text(name), "<br>".join(map(_text, lines))] for name, lines in week.definitions]
    return _table([_("Figure"), _("Definition")], rows)


def _bar(value: float, most: float, *, is_less: bool) -> str:
    width = WIDEST * max(0.0, value) / most if most > 0 else 0.0
    return f'<span class="bar{" less" if is_less else ""}" style="width:{width:.2f}rem">&nbsp;</span>' if width else ""


def _heading(text: str) -> str:
    return f"<h2>{_text(text)}</h2>"


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"<p>{_text(line)}</p>" for line in lines if line)


def _table(
    header: Sequence[str], rows: Sequence[Sequence[str]], numbers: frozenset[int] | set[int] = frozenset()
) -> str:
    """Cells are HTML already; columns in `numbers` stand to the right."""

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f'<{tag}{" class=n" if at in numbers else ""}>{cell}</{tag}>' for at, cell in enumerate(row)
        )  # fmt: skip

    body = "".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<table><tr>{cells('th', [_text(word) for word in header])}</tr>{body}</table>"


def _text(text: object) -> str:
    return f"<bdi>{escape(clean(text), quote=True)}</bdi>" if text else ""
