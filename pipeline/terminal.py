"""What the command line shows while it works, and how it says what went wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
PROGRESS = "TANDEM_PROGRESS"


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[str, float], None]]:
    """A bar from 0 to 1 that names the step it is at; silent where nobody looks at a terminal.

    Whoever starts the command from elsewhere reads the same from the file named in `TANDEM_PROGRESS`.
    """
    listener = os.environ.get(PROGRESS)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=1.0)

        def show(step: str, share: float) -> None:
            bar.update(task, description=step, completed=share)
            if listener:
                _tell(Path(listener), step, share)

        yield show


def _tell(listener: Path, step: str, share: float) -> None:
    """Replaces the file in one go, so that nobody reads half of it. Work goes on where it cannot be written."""
    with suppress(OSError):
        draft = listener.with_name(f"{listener.name}.draft")
        draft.write_text(json.dumps({"step": step, "share": share}), "utf-8")
        draft.replace(listener)


def say_problems(problems: list[str]) -> None:
    """One line per problem on standard error; file names and cell values are never read as markup."""
    for problem in problems:
        err.print(problem, markup=False, style="red")
