"""The command line of the ledger: `python -m agreement verify | log | head`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agreement.entries import canonical
from agreement.ledger import Ledger, LedgerError

app = typer.Typer(add_completion=False, no_args_is_help=True, help="What both departments signed and decided.")
WIDE = 1_000  # columns, where no terminal sets a limit
out = Console(highlight=False, width=None if sys.stdout.isatty() else WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)
Address = Annotated[
    str | None, typer.Option("--ledger", help="Address of the ledger; default: TANDEM_LEDGER, else data/ledger.sqlite.")
]
FAULTY = 1


@app.command()
def verify(
    ledger: Address = None,
    expected_head: Annotated[
        str | None, typer.Option(help="A head as exports print it, NUMBER:HASH; finds a ledger cut or rewritten.")
    ] = None,
) -> None:
    """Check every entry and the chain. Names each fault; ends with 1 if there is one."""
    opened = Ledger(ledger)
    found = opened.verify(_head(expected_head))
    for fault in found:
        err.print(str(fault).capitalize(), markup=False, style="red")
    if found:
        raise typer.Exit(FAULTY)
    seq, newest = opened.head()
    out.print(f"The chain holds: {seq:,} entries, head {seq}:{newest}", markup=False)


@app.command()
def log(
    ledger: Address = None,
    kind: Annotated[str | None, typer.Option(help="Only agreement, handover, credit, lead, meeting, …")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line, with all fields.")] = False,
) -> None:
    """List what was recorded, oldest first."""
    entries = Ledger(ledger).entries(kind)
    if as_json:
        for entry in entries:
            typer.echo(canonical(vars(entry)))
        return
    table = Table(box=None, pad_edge=False)
    for column in ("no.", "at (UTC)", "who", "side", "action", "object", "reason"):
        table.add_column(column, overflow="fold")
    for entry in entries:
        who = entry.actor_name if entry.is_verified else f"{entry.actor_name} (unverified)"
        what = f"{entry.kind} {entry.action}"
        told = (f"{entry.seq}", f"{entry.at:%Y-%m-%d %H:%M}", who, entry.side, what, entry.object_id, entry.reason)
        table.add_row(*map(Text, told))
    out.print(table)


@app.command()
def head(ledger: Address = None) -> None:
    """Print number and hash of the newest entry, as exports do."""
    seq, newest = Ledger(ledger).head()
    typer.echo(f"{seq}:{newest}")


def _head(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    seq, _, newest = text.partition(":")
    if not seq.isdecimal() or len(newest) != 64:
        raise typer.BadParameter(f"{text!r} is no head such as 12:9f86d0…", param_hint="--expected-head")
    return int(seq), newest


if __name__ == "__main__":
    try:
        app()
    except LedgerError as problem:
        err.print(str(problem), markup=False, style="red")
        raise SystemExit(2) from None
