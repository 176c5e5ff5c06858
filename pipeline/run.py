"""`make run`: build what lies in the folder, then show it.

Own exports in `data/exports/` are built into `data/builds/`. While that folder is empty, the demo company is written
once to `data/demo/` and built into `data/builds/demo/`. Nothing is built while nothing changed.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import socket
import sys
from datetime import datetime
from pathlib import Path

from pipeline.inputs import (
    DEMO_CODE,
    DEMO_STAMP,
    LEDGER_SETTING,
    Company,
    company,
    content_hash,
    demo_is_written,
    inputs_hash,
    is_current,
    remember,
)
from pipeline.terminal import err, out, progress_bar, say_problems
from queries.published import published_file

# What builds is imported where it is needed, so that an unchanged folder is shown at once.

ROOT = Path(__file__).resolve().parent.parent
LOCALHOST = "127.0.0.1"
FIRST_PORT, PORTS_TRIED = 8501, 100


def run(address: str = LOCALHOST, port: int | None = None, root: Path = ROOT) -> int:
    """Builds if anything changed, prints the address and becomes the dashboard.

    Returns 1, with the reason printed, only where there is nothing to show: the build failed and none came before.
    """
    (root / "data" / "exports").mkdir(parents=True, exist_ok=True)
    shown = company(root)
    if shown.is_demo:
        _write_demo_once(shown, content_hash(root, DEMO_CODE))
    inputs = inputs_hash(shown, root)
    if not is_current(shown.builds, inputs):
        _build(shown, inputs)
    if published_file(shown.builds) is None:
        return 1
    free = port or free_port()
    out.print(f"Tandem shows {'the demo company' if shown.is_demo else 'your exports'}.", end=" ")
    out.print(f"Open http://localhost:{free} (Ctrl+C ends it).")
    return serve(shown, address, free, root)


def free_port(first: int = FIRST_PORT) -> int:
    """The first port from `first` on that nobody listens on, under either address of this machine."""
    for port in range(first, first + PORTS_TRIED):
        if _is_free(socket.AF_INET, "127.0.0.1", port) and _is_free(socket.AF_INET6, "::1", port):
            return port
    raise OSError(errno.EADDRINUSE, f"no free port between {first} and {first + PORTS_TRIED - 1}")


def serve(shown: Company, address: str, port: int, root: Path = ROOT) -> int:
    """Becomes the dashboard: the server takes this process over, so nothing after this call is reached."""
    os.chdir(root)
    os.environ["TANDEM_BUILDS"] = str(shown.builds)
    os.environ[LEDGER_SETTING] = shown.ledger
    options = [f"--server.address={address}", f"--server.port={port}", "--browser.serverAddress=localhost"]
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", "server.py", *options])


def _write_demo_once(shown: Company, code: str) -> None:
    """Writes the demo company's exports and signs its agreement, whole or not at all, and anew when the code that
    invents it changed."""
    folder, ledger = shown.exports, Path(shown.ledger.removeprefix("sqlite:///"))
    if demo_is_written(folder, code) and ledger.exists():
        return
    from pipeline import demo, demo_signatures

    if demo_is_written(folder, code):
        demo_signatures.sign_demo(folder, ledger)
        return
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    with progress_bar("Writing the demo company") as show:
        demo.write(draft, progress=show)
    (draft / DEMO_STAMP).write_text(code, "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    demo_signatures.forget(ledger)
    draft.rename(folder)
    demo_signatures.sign_demo(folder, ledger)


def _build(shown: Company, inputs: str) -> None:
    """Builds and publishes, or says why not and what is shown instead."""
    from pipeline.build import build

    mappings = shown.mappings if shown.mappings.is_dir() else None
    with progress_bar("Building") as show:
        result = build(shown.exports, shown.builds, mappings, as_of=_as_of(shown), progress=show, ledger=shown.ledger)
    for note in result.notes:
        out.print(note, markup=False)
    if result.published:
        remember(shown.builds, inputs, result.published)
        return
    say_problems(result.problems)
    before = published_file(shown.builds)
    err.print(
        "Nothing is published yet." if before is None else f"The build before is shown: {before.name}", markup=False
    )


def _as_of(shown: Company) -> datetime | None:
    """The demo's clock stands still at the moment it was written for; own exports are judged now."""
    if not shown.is_demo:
        return None
    truth = json.loads((shown.exports / "truth.json").read_text("utf-8"))
    return datetime.fromisoformat(truth["arguments"]["as_of"])


def _is_free(family: socket.AddressFamily, host: str, port: int) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as problem:
        return problem.errno != errno.EADDRINUSE and family == socket.AF_INET6  # a machine without IPv6
    return True
