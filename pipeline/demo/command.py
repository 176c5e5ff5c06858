"""`python -m pipeline demo`: write the demo company's exports."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from . import DEFAULT_AS_OF, DEFAULT_SEED, write


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the export files and truth.json.")],
    leads: Annotated[int, typer.Option(min=200, help="Number of leads.")] = 6_000,
    touches: Annotated[int | None, typer.Option(help="Touch rows of the activity log; default ten per lead.")] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same bytes.")] = DEFAULT_SEED,
    as_of: Annotated[
        str, typer.Option(help="Last moment, ISO date or date and time (Berlin).")
    ] = DEFAULT_AS_OF.isoformat(),
) -> None:
    """Write the exports of an invented machine-tool supplier, with the planted truth beside them."""
    try:
        moment = datetime.fromisoformat(as_of)
    except ValueError as problem:
        raise typer.BadParameter(f"{as_of!r} is no date such as 2026-11-23", param_hint="--as-of") from problem
    if "T" not in as_of and " " not in as_of:
        moment = datetime.combine(moment.date(), time(6))
    bar = Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), transient=True)
    with bar:
        task = bar.add_task("demo company", total=1.0)
        try:
            truth = write(out, leads, touches, seed, moment,
                          lambda step, share: bar.update(task, completed=share, description=step))  # fmt: skip
        except ValueError as problem:
            raise typer.BadParameter(str(problem)) from problem
    rows = sum(file["data_rows"] for file in truth["files"].values())
    typer.echo(f"{out}: {len(truth['files'])} tables, {rows:,} rows, {truth['deals']['won']['deals']} deals won")
