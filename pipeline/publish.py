"""Publish a build so that readers only ever see a complete, audited file.

The file is written under a temporary name, closed, synced and renamed; `CURRENT` is replaced last. A name is never
used twice, because DuckDB caches a database per path inside a process.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from queries.published import LAST_CALL, POINTER, build_files, published_file

KEPT_BUILDS = 10
KEPT_WEEKLY_FOR = timedelta(days=400)
ATTEMPT = "last_attempt.json"


def next_build_id(builds: Path, started_at: datetime) -> str:
    """`YYYYMMDD-HHMMSS`, later than every build there even when the clock went back."""
    newest = max((file.stem.removeprefix("tandem-") for file in build_files(builds)), default="")
    at = started_at
    while at.strftime("%Y%m%d-%H%M%S") <= newest:
        at = max(at, datetime.strptime(newest, "%Y%m%d-%H%M%S").replace(tzinfo=started_at.tzinfo)) + timedelta(
            seconds=1
        )
    return at.strftime("%Y%m%d-%H%M%S")


def sync(path: Path) -> None:
    """Make the content of a file, or the entries of a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(path: Path, text: str) -> None:
    """Replace a small text file; a reader sees the old or the new content, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    sync(draft)
    draft.replace(path)
    sync(path.parent)


def seal(draft: Path, published: Path) -> Path:
    """Give a closed and audited file its name. Raises `RuntimeError` if DuckDB left a write-ahead log."""
    if draft.with_name(draft.name + ".wal").exists():
        raise RuntimeError(f"{draft.name} was not closed: a write-ahead log is left")
    sync(draft)
    draft.replace(published)
    sync(published.parent)
    return published


def point_to(published: Path) -> None:
    """Make `published` the file that everybody reads from now on."""
    write_atomically(published.parent / POINTER, published.name + "\n")


def record_attempt(builds: Path, **attempt: Any) -> None:
    """Leave word of the last attempt, so that a failed build is seen on the page that shows yesterday's numbers."""
    write_atomically(builds / ATTEMPT, json.dumps(attempt, indent=1, default=str, ensure_ascii=False))


@dataclass(frozen=True)
class Call:
    """How a build was called; paths are absolute. `as_of` None = the moment of the build."""

    exports: Path
    mappings: Path | None = None
    agreement: Path | None = None
    as_of: datetime | None = None
    skip_refused: bool = False


def record_call(builds: Path, call: Call) -> None:
    """Leave word of the call that published the newest file, so that it can be repeated.

    Beside the files, not in them: they are handed on, and where exports lie is nobody else's business.
    """
    written = {
        name: str(value.resolve()) if isinstance(value, Path) else value.isoformat() if value else None
        for name, value in asdict(call).items()
        if name != "skip_refused"
    }
    write_atomically(builds / LAST_CALL, json.dumps(written | {"skip_refused": call.skip_refused}, indent=1))


def last_call(builds: Path) -> Call | None:
    """The call that published the newest file; None where nobody left word of it."""
    try:
        call = json.loads((builds / LAST_CALL).read_text("utf-8"))
        return Call(
            exports=Path(call["exports"]),
            mappings=Path(call["mappings"]) if call["mappings"] else None,
            agreement=Path(call["agreement"]) if call["agreement"] else None,
            as_of=datetime.fromisoformat(call["as_of"]) if call["as_of"] else None,
            skip_refused=bool(call["skip_refused"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def clear_drafts(builds: Path) -> None:
    """Remove what a killed build left. Call only with the build lock held."""
    for leftover in builds.glob(".draft-*"):
        shutil.rmtree(leftover, ignore_errors=True)


def forget_old_builds(builds: Path, now: datetime) -> list[Path]:
    """Delete builds beyond the last ten, but keep the last one of each week for 13 months."""
    files = sorted(build_files(builds), reverse=True)
    current = published_file(builds)
    keep = set(files[:KEPT_BUILDS]) | ({current} if current else set())
    weeks: set[tuple[int, int]] = set()
    for file in files:
        built = datetime.strptime(file.stem.removeprefix("tandem-"), "%Y%m%d-%H%M%S").replace(tzinfo=now.tzinfo)
        week = built.isocalendar()[:2]
        if week not in weeks and now - built <= KEPT_WEEKLY_FOR:
            weeks.add(week)
            keep.add(file)
    gone = [file for file in files if file not in keep]
    for file in gone:
        file.unlink(missing_ok=True)
    return gone
