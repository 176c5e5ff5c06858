"""`python -m queries` writes docs/metrics.md: every number on screen, in the words of its query."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from queries import FOLDER, Query, all_names, load

METRICS = FOLDER.parent / "docs" / "metrics.md"
INTRODUCTION = """# Metrics

Written by `python -m queries` from the headers of `queries/`; do not edit it by hand.

Every number and table on screen is one SQL file. Each says what it counts; the same words stand behind “Explain” on the
page. Periods are half-open: `date_until` is the first day that no longer counts. `team` and `segment` null mean all.
"""


def metrics() -> str:
    """The whole page as Markdown."""
    parts = [INTRODUCTION]
    for folder, names in groupby(all_names(), key=lambda name: name.rsplit("/", 1)[0]):
        parts.append(f"\n## {folder.replace('_', ' ').capitalize()}\n")
        parts += [_entry(load(name)) for name in names]
    return "\n".join(parts)


def _entry(query: Query) -> str:
    lines = [f"### `{query.name}`", "", query.question, ""]
    if query.definition:
        lines += [query.definition, ""]
    if query.grain:
        lines.append(f"* Grain: {query.grain}")
    lines.append(f"* Reads: {_code(query.reads)}")
    if query.params:
        lines.append(f"* Parameters: {_code([name for name, _ in query.params])}")
    if query.returns:
        lines.append(f"* Returns: {_code([name for name, _ in query.returns])}")
    if query.kpis:
        lines.append(f"* Figures: {_code(query.kpis)}")
    if query.terms:
        lines.append(f"* Terms of the agreement: {_code(query.terms)}")
    if query.severity:
        lines.append(f"* Severity: {query.severity}")
    return "\n".join([*lines, ""])


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def write(page: Path = METRICS) -> None:
    """Write the page."""
    page.parent.mkdir(exist_ok=True)
    page.write_text(metrics(), "utf-8")


if __name__ == "__main__":
    write()
