"""`python -m reports alerts`: say what is about to be missed and what was missed, to whom the settings name.

`python -m reports week 2026-W47 --format pptx`: the weekly meeting as a document.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from filelock import FileLock, Timeout

import locales
import queries
from agreement.terms import from_json
from locales import _
from queries.published import published_file
from reports import alerts as finding
from reports import paper
from reports.channels import Channel, NotSent
from reports.settings import channels
from reports.told import Told

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What leaves the house.")
FAILED = 1
LOCK_SECONDS = 60


@app.callback()
def reports() -> None:
    """What leaves the house."""


@app.command()
def alerts(
    builds: Annotated[
        Path | None, typer.Option(help="Folder of the published files; default: TANDEM_BUILDS, else data/builds.")
    ] = None,
    settings: Annotated[Path, typer.Option(help="Where alerts go; without it they are printed alone.")] = Path(
        "data/alerts.toml"
    ),
    state: Annotated[Path, typer.Option(help="Remembers what was told.")] = Path("data/alerts-told.json"),
    language: Annotated[
        str | None, typer.Option(help="Language of what is printed, de or en; default: that of the terminal.")
    ] = None,
    now: Annotated[datetime | None, typer.Option(help="The moment to look at, UTC; default: now.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print only; send and remember nothing.")] = False,
) -> None:
    """Print what is about to be missed and what was missed since the last time, and send it where the settings say.

    Run it every few minutes. What could not be sent is tried again the next time; then the command ends with 1.
    """
    spoken = locales.matching(language or os.environ.get("LC_ALL") or os.environ.get("LANG"))
    locales.use(spoken)
    file = published_file(builds or Path(os.environ.get("TANDEM_BUILDS") or "data/builds"))
    if file is None:
        _fail(_("Nothing is published yet; run make build first."))
    moment = now.replace(tzinfo=UTC) if now else datetime.now(UTC)
    try:
        ways = [] if dry_run else channels(settings)
        state.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(state.with_suffix(".lock"), timeout=LOCK_SECONDS), queries.connect(file) as connection:
            failures = _tell(connection, Told(state), [_Terminal(spoken), *ways], moment, keep=not dry_run)
    except Timeout:
        _fail(_("Another run is still telling; this one ends."))
    except (ValueError, OSError) as error:
        _fail(str(error))
    locales.use(spoken)
    for failure in failures:
        typer.echo(_("Not sent, tried again the next time: {why}").format(why=failure), err=True)
    if failures:
        raise typer.Exit(FAILED)


@app.command()
def week(
    week: Annotated[str, typer.Argument(help="The week the meeting is about, such as 2026-W47.")],
    kind: Annotated[str, typer.Option("--format", help="pptx, xlsx or html.")] = "pptx",
    out: Annotated[Path | None, typer.Option(help="The file to write; default: tandem-<week>.<format>.")] = None,
    builds: Annotated[
        Path | None, typer.Option(help="Folder of the published files; default: TANDEM_BUILDS, else data/builds.")
    ] = None,
    ledger: Annotated[
        str | None, typer.Option(help="The ledger; default: TANDEM_LEDGER, else the one in data/.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="de or en; default: that of the terminal.")] = None,
) -> None:
    """Write the weekly meeting as PowerPoint, Excel or an HTML page for e-mail.

    A closed meeting is written with the figures it was closed with. Prints the name of the file.
    """
    try:
        typer.echo(paper.write(week, kind, out, builds, ledger, language))
    except (ValueError, OSError) as error:
        _fail(str(error))


class _Terminal:
    """The reader who typed the command."""

    name, team = "terminal", None

    def __init__(self, language: str) -> None:
        self.language = language

    def send(self, subject: str, text: str) -> None:
        typer.echo(text)


def _tell(connection: Any, told: Told, ways: list[Channel], now: datetime, *, keep: bool) -> list[str]:
    """Tell every channel what it does not know, and remember it; returns why some could not be told."""
    as_of = queries.run(connection.cursor(), "frame/build")["as_of"][0]
    agreement = from_json(queries.run(connection.cursor(), "frame/agreement")["document"][0])
    failures = []
    for way in ways:
        # a breach may reach the figures late: look back further than the last look, and leave out what was told
        since = told.since(way.name, as_of) - finding.LATE_RECORDS
        rows = queries.run(connection.cursor(), "service_levels/alerts", since=since, team=way.team)
        found = finding.untold(finding.alerts(rows, agreement, now), told.of(way.name))
        new = found if told.knows(way.name) else finding.recent(found, as_of)
        locales.use(way.language)
        try:
            if new:
                way.send(finding.subject(new), finding.message(new, as_of))
            elif isinstance(way, _Terminal):
                typer.echo(_("Nothing new: no handover was missed or is about to be."))
        except NotSent as failure:
            failures.append(str(failure))
            continue
        if keep:
            told.remember(way.name, found, as_of)
    return failures


def _fail(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(FAILED)


if __name__ == "__main__":
    app()
