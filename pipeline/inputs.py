"""Which company is shown, and did anything change since its last build?"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from queries.published import published_file

CODE = (
    "pipeline/**/*.py", "pipeline/**/*.toml", "agreement/**/*.py", "agreement/**/*.toml", "measures/**/*.py",
    "queries/audits/**/*.sql", "requirements.lock",
)  # fmt: skip
DEMO_CODE = ("pipeline/demo/**/*.py", "pipeline/demo/agreement.template")
LAST_RUN = "last_run.json"  # from which inputs the published file was made
LEDGER_SETTING = "TANDEM_LEDGER"
UNREADABLE = "unreadable"
DEMO_LEDGER = "ledger-demo.sqlite"
DEMO_STAMP = ".written_by"  # hash of the code that wrote the demo company


@dataclass(frozen=True)
class Company:
    """Whose numbers are shown: where the exports lie, where builds go, where the user's own mappings are, and the
    address of the ledger."""

    exports: Path
    builds: Path
    mappings: Path
    ledger: str
    is_demo: bool


def company(root: Path) -> Company:
    """The user's own company as soon as there is a file in `data/exports/`, else the demo company.

    Each has its own builds and its own ledger, so that invented numbers never stand in for own ones and nobody's
    signature under an invented agreement counts for a real one.
    """
    data = root / "data"
    if any(_files(data / "exports")):
        ledger = os.environ.get(LEDGER_SETTING) or f"sqlite:///{data / 'ledger.sqlite'}"
        return Company(data / "exports", data / "builds", data / "mappings", ledger, is_demo=False)
    ledger = f"sqlite:///{data / DEMO_LEDGER}"
    return Company(data / "demo", data / "builds" / "demo", data / "mappings", ledger, is_demo=True)


def demo_is_written(folder: Path, code: str) -> bool:
    """Is the demo company there, whole and by today's code? Files without a stamp are a user's choice and count."""
    stamp = folder / DEMO_STAMP
    return stamp.read_text("utf-8") == code if stamp.exists() else any(_files(folder))


def inputs_hash(shown: Company, root: Path) -> str:
    """Changes whenever a new build could differ: by an export's name, size or time of change, by the content of a
    mapping, a term or the code, or by what was decided."""
    digest = hashlib.sha256(content_hash(root, CODE).encode())
    for file in _files(shown.exports):
        state = file.stat()
        digest.update(f"{file.relative_to(shown.exports)}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
    for file in _files(shown.mappings):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    digest.update(_head(shown.ledger).encode())
    return digest.hexdigest()


def content_hash(root: Path, patterns: Iterable[str]) -> str:
    """SHA-256 over names and content of all files below `root` that fit a pattern."""
    digest = hashlib.sha256()
    for file in sorted({file for pattern in patterns for file in root.glob(pattern) if file.is_file()}):
        digest.update(f"{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def is_current(builds: Path, inputs: str) -> bool:
    """Was the published file made from exactly these inputs?"""
    published = published_file(builds)
    try:
        last = json.loads((builds / LAST_RUN).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return published is not None and last == {"inputs": inputs, "published": published.name}


def remember(builds: Path, inputs: str, published: Path) -> None:
    """Leaves word for `is_current`."""
    (builds / LAST_RUN).write_text(json.dumps({"inputs": inputs, "published": published.name}), "utf-8")


def _files(folder: Path) -> Iterator[Path]:
    """Files a user put there, in order; hidden ones are the system's own."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return iter(sorted(file for file in found if "/." not in f"/{file.relative_to(folder).as_posix()}"))


def _head(ledger: str) -> str:
    """The newest entry of the ledger; a file that nobody has written yet is not worth loading a database for."""
    file = Path(ledger.removeprefix("sqlite:///"))
    if ledger.startswith("sqlite:") and not file.exists():
        return ""
    from agreement.ledger import Ledger, LedgerError

    try:
        opened = Ledger(ledger)
        newest = opened.head()[1]
        opened.close()
    except LedgerError:
        return UNREADABLE  # the build says why, and the file before stays on screen
    return newest
