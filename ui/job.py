"""Long work started from a page: a command in a process of its own, with progress and a way to stop it.

A job belongs to the server, not to the browser that started it: whoever opens the page sees the same one, and a second
click joins it.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import streamlit as st

from ui.menu import ROOT

PROGRESS = "TANDEM_PROGRESS"  # file in which the command line says how far it is
PATIENCE_SECONDS = 5.0
State = Literal["running", "done", "failed", "stopped"]


@dataclass
class Job:
    """One run of `python -m …`. `folder` holds what it said; it goes with the job."""

    folder: Path
    process: subprocess.Popen[bytes]
    is_stopped: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    @property
    def state(self) -> State:
        """Running, or how it ended."""
        code = self.process.poll()
        if code is None:
            return "running"
        if self.is_stopped:
            return "stopped"
        return "done" if code == 0 else "failed"

    @property
    def progress(self) -> tuple[str, float]:
        """The step it is at, in the words of the command line, and the share of the work behind it, 0 to 1."""
        try:
            told = json.loads((self.folder / "progress").read_text("utf-8"))
            return str(told["step"]), min(1.0, max(0.0, float(told["share"])))
        except (OSError, ValueError, KeyError, TypeError):
            return "", 0.0

    @property
    def said(self) -> str:
        """What it printed."""
        return self._text("out")

    @property
    def problems(self) -> list[str]:
        """What it complained about, a line each."""
        return [line for line in self._text("problems").splitlines() if line.strip()]

    def stop(self) -> None:
        """End it together with the processes it started."""
        with self._turn, suppress(ProcessLookupError):
            if self.process.poll() is not None:
                return
            self.is_stopped = True
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait(PATIENCE_SECONDS)

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("utf-8", errors="replace")
        except OSError:
            return ""


class Jobs:
    """The jobs of this server by name. One of a name at a time."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._turn = threading.Lock()
        atexit.register(self.stop_all)

    def start(self, name: str, arguments: Sequence[str]) -> Job:
        """Start `python -m …arguments`, or join the one that runs under this name."""
        with self._turn:
            known = self._jobs.get(name)
            if known and known.state == "running":
                return known
            if known:
                shutil.rmtree(known.folder, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix="tandem-job-"))
            with (folder / "out").open("wb") as out, (folder / "problems").open("wb") as problems:
                process = subprocess.Popen(
                    [sys.executable, "-m", *arguments],
                    cwd=ROOT, env=os.environ | {PROGRESS: str(folder / "progress")}, stdin=subprocess.DEVNULL,
                    stdout=out, stderr=problems, start_new_session=True,
                )  # fmt: skip
            self._jobs[name] = Job(folder, process)
            return self._jobs[name]

    def find(self, name: str) -> Job | None:
        """The job of that name, running or ended; None where there was none."""
        return self._jobs.get(name)

    def forget(self, name: str) -> None:
        """Stop it if it runs, and take its traces away."""
        with self._turn:
            if job := self._jobs.pop(name, None):
                job.stop()
                shutil.rmtree(job.folder, ignore_errors=True)

    def stop_all(self) -> None:
        """At the end of the server nothing goes on without it."""
        for name in list(self._jobs):
            self.forget(name)


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """All jobs of this server."""
    return Jobs()
