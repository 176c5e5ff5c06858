"""The command line: `python -m pipeline build | again | demo | run | contract`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.demo.command import demo
from pipeline.terminal import out, progress_bar, say_problems

if TYPE_CHECKING:
    from pipeline.build import BuildResult

app = typer.Typer(add_completion=False, no_args_is_help=True, help="From raw exports to one published DuckDB file.")
REFUSED = 1

app.command()(demo)


def _instant(text: str | None) -> datetime | None:
    """`2026-11-23` or `2026-11-23T06:00:00+01:00`; without an offset it is UTC."""
    if text is None:
        return None
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no date or time such as 2026-11-23 or 2026-11-23T06:00:00Z") from None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


@app.command()
def build(
    exports: Annotated[Path, typer.Option(help="Folder with the files your CRM and ad platforms export.")],
    builds: Annotated[Path, typer.Option(help="Folder of the published files.")],
    mappings: Annotated[Path | None, typer.Option(help="Folder with mapping files of your own.")] = None,
    agreement: Annotated[
        Path | None,
        typer.Option(help="Terms to judge by; default: those signed, else agreement.toml beside the exports."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(help="Moment the numbers are judged at; default: now, or the end of old exports.")
    ] = None,
    buckets: Annotated[int | None, typer.Option(min=1, help="Buckets of accounts; default: by size.")] = None,
    skip_refused: Annotated[bool, typer.Option(help="Publish without the files that were refused.")] = False,
    accept_volume: Annotated[bool, typer.Option(help="Publish although an export shrank a lot.")] = False,
    ledger: Annotated[
        str | None, typer.Option(help="Address of the ledger; default: TANDEM_LEDGER, else data/ledger.sqlite.")
    ] = None,
) -> None:
    """Read all exports, check the books and publish one new file. The last line names it."""
    from agreement.ledger import setting
    from pipeline.build import build as build_exports

    if not exports.is_dir():
        raise typer.BadParameter(f"{exports} is not a folder", param_hint="--exports")
    with progress_bar("Building") as show:
        result = build_exports(
            exports,
            builds,
            mappings,
            agreement,
            _instant(as_of),
            buckets,
            skip_refused,
            accept_volume,
            show,
            ledger or setting(),
        )
    _say(result)


@app.command()
def again(builds: Annotated[Path, typer.Option(help="Folder of the published files.")]) -> None:
    """Repeat the build that published the newest file, with what was decided in the dashboard since."""
    from pipeline.again import build_again

    with progress_bar("Building") as show:
        result = build_again(builds, show)
    _say(result)


def _say(result: BuildResult) -> None:
    for note in result.notes:
        out.print(note, markup=False)
    if result.published is None:
        say_problems(result.problems)
        raise typer.Exit(REFUSED)
    out.print(f"Published {result.published}", markup=False)


@app.command()
def effect(
    builds: Annotated[Path, typer.Option(help="Folder of the published files.")],
    agreement: Annotated[Path | None, typer.Option(help="The proposed agreement as a TOML file.")] = None,
    proposal: Annotated[str | None, typer.Option(help="Or the number of a version in the ledger.")] = None,
    ledger: Annotated[
        str | None, typer.Option(help="Address of the ledger; default: TANDEM_LEDGER, else data/ledger.sqlite.")
    ] = None,
) -> None:
    """Show what a proposal would change before anybody signs it. The last line names the folder of the result."""
    from agreement import TermsError
    from agreement.ledger import LedgerError, setting
    from pipeline.effect import NoTrial
    from pipeline.effect import effect as work_out
    from pipeline.effect_report import proposed, tables

    if (agreement is None) == (proposal is None):
        raise typer.BadParameter("name the proposal either by --agreement FILE or by --proposal NUMBER")
    try:
        address = ledger or setting()
        wanted = proposed(agreement, proposal, address)
        with progress_bar("Trying the proposal") as show:
            found = work_out(builds, wanted, address, show)
    except (NoTrial, TermsError, LedgerError, OSError) as problem:
        say_problems([str(problem)])
        raise typer.Exit(REFUSED) from None
    for table in tables(found):
        out.print(table)
    out.print(f"Kept in {found.folder}", markup=False)


@app.command()
def run(
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Port to listen on; default: the first free one from 8501.")] = None,
) -> None:
    """Build data/exports/ (or the demo company) if anything changed, then show the dashboard."""
    from pipeline.run import run as build_and_show

    raise typer.Exit(build_and_show(address, port))


@app.command()
def contract() -> None:
    """Write docs/data-contract.md from the code."""
    from pipeline.contract import PATH, text

    PATH.write_text(text(), "utf-8")


if __name__ == "__main__":
    app()
