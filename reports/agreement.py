"""The agreement on paper: one self-contained HTML page with both signatures and the head of the ledger.

Every text is escaped, names are kept apart from the direction of the words around them, and nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from findings.terms import ChapterInWords
from locales import _, language

_STYLE = """
:root { color-scheme: light }
body { font: 15px/1.5 Inter, system-ui, sans-serif; color: #101828; margin: 2.5rem auto; max-width: 46rem; padding: 0 1.25rem }
h1 { font-size: 1.9rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2rem 0 .2rem; break-after: avoid }
p { margin: .35rem 0 } .quiet { color: #667085; font-size: .85rem }
table { border-collapse: collapse; margin: .35rem 0 .6rem; width: 100%; break-inside: avoid }
td, th { border-bottom: 1px solid #E4E7EC; padding: .25rem .5rem; text-align: start; vertical-align: top }
td + td { text-align: end }
.signatures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); margin: 1.5rem 0; break-inside: avoid }
.signature { border: 1px solid #E4E7EC; border-radius: 8px; padding: .9rem 1rem; overflow-wrap: anywhere }
.signature b { font-size: 1.05rem } footer { border-top: 1px solid #E4E7EC; margin-top: 2.5rem; padding-top: .6rem; overflow-wrap: anywhere }
@page { margin: 20mm 18mm }
@media print { body { font-size: 10.5pt; margin: 0; max-width: none; padding: 0 } }
"""  # noqa: E501


@dataclass(frozen=True)
class Signature:
    """Who signed for a side; `name` None where the signature is missing."""

    side: str
    name: str | None
    when: str = ""
    standing: str = ""


def page(
    title: str,
    standing: str,
    signatures: Sequence[Signature],
    chapters: Iterable[ChapterInWords],
    footer: Sequence[str],
) -> str:
    """The document as HTML in the language in force. `footer`: version, head of the ledger, day of printing."""
    blocks = "".join(map(_signature, signatures))
    text = "".join(map(_chapter, chapters))
    lines = "<br>".join(map(_text, footer))
    return (
        f'<!doctype html>\n<html lang="{language()}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{_text(title)}</h1><p>{_text(standing)}</p>"
        f'<section class="signatures">{blocks}</section>{text}'
        f'<footer class="quiet">{lines}</footer></body></html>\n'
    )


def _signature(signature: Signature) -> str:
    if signature.name is None:
        body = f'<p class="quiet">{_text(_("Not signed yet"))}</p>'
    else:
        body = f'<p><b><bdi>{_text(signature.name)}</bdi></b></p><p class="quiet">{_text(signature.when)}</p>'
    standing = f'<p class="quiet">{_text(signature.standing)}</p>' if signature.standing else ""
    return f'<div class="signature"><div class="quiet">{_text(signature.side)}</div>{body}{standing}</div>'


def _chapter(chapter: ChapterInWords) -> str:
    clauses = "".join(
        f"<p>{_text(clause.sentence)}</p>" + (_entries(clause.entries) if clause.entries else "")
        for clause in chapter.clauses
    )
    return f'<h2>{_text(chapter.title)}</h2><p class="quiet">{_text(chapter.judged_by)}</p>{clauses}'


def _entries(entries: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<tr><td><bdi>{_text(name)}</bdi></td><td>{_text(value)}</td></tr>" for name, value in entries)
    return f"<table>{rows}</table>"


def _text(text: object) -> str:
    return escape(str(text), quote=True)
