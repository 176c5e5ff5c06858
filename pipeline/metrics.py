"""`docs/metrics.md`, written from the headers of the queries: what every figure means and where it comes from."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import queries
from queries import Query

PATH = Path(__file__).resolve().parent.parent / "docs" / "metrics.md"
INTRODUCTION = """# What the figures mean

Written by `make docs` from the headers of `queries/`; not edited by hand. The same text stands behind *Explain* on the
pages, with the rows.
"""


def text() -> str:
    """The whole page: a section per folder of queries, audits last."""
    names = sorted(queries.all_names(), key=lambda name: (name.startswith("audits/"), name))
    page = [INTRODUCTION]
    for folder, members in groupby(names, key=lambda name: name.split("/")[0]):
        page.append(f"\n## {folder}\n")
        page += [_entry(queries.load(name)) for name in members]
    return "".join(page)


def _entry(query: Query) -> str:
    facts = {
        "Meaning": query.definition,
        "Rows": query.grain,
        "From": ", ".join(query.reads),
        "Terms of the agreement": ", ".join(query.terms),
        "A row found": {"fail": "stops the publication", "warn": "is shown on Data health"}.get(query.severity, ""),
    }
    lines = [f"* {name}: {fact}\n" for name, fact in facts.items() if fact]
    return f"\n### {query.name}\n\n{query.question}\n\n{''.join(lines)}"
