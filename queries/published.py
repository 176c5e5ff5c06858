"""Which file is published? The pointer says so; without a usable pointer the newest whole file counts."""

from __future__ import annotations

import re
from pathlib import Path

POINTER = "CURRENT"
LAST_CALL = "last_call.json"  # how the newest build was called, so that a page can ask for it once more
_NAME = re.compile(r"^tandem-\d{8}-\d{6}\.duckdb$")


def build_files(builds: Path) -> list[Path]:
    """All builds in the folder, oldest first; drafts and foreign files are not among them."""
    if not builds.is_dir():
        return []
    return sorted(file for file in builds.iterdir() if _NAME.match(file.name) and file.stat().st_size > 0)


def published_file(builds: Path) -> Path | None:
    """The file readers open now, or None where nothing was published.

    A missing, empty or damaged pointer, or one to a file that is gone, falls back to the newest build.
    """
    try:
        name = (builds / POINTER).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        name = ""
    files = build_files(builds)
    return next((file for file in files if file.name == name), files[-1] if files else None)
