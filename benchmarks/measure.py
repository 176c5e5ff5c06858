"""Run a command as a whole process and measure it: wall clock, CPU seconds and peak memory of its process tree."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

SAMPLE_SECONDS = 0.02


@dataclass(frozen=True)
class Run:
    """What one process (and its children) took. `peak_mb`: largest sum of resident memory seen, in MB."""

    wall_seconds: float
    cpu_seconds: float
    peak_mb: float
    output: str


def run(command: Sequence[str], python: str = sys.executable) -> Run:
    """Run `python <command>`. Raises `RuntimeError` with the process's own words if it fails."""
    used, started = _cpu_of_children(), time.perf_counter()
    process = subprocess.Popen([python, *command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak = 0
    while process.poll() is None:
        peak = max(peak, _resident(process.pid))
        time.sleep(SAMPLE_SECONDS)
    wall = time.perf_counter() - started
    output = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise RuntimeError(output)
    return Run(wall, _cpu_of_children() - used, peak / 1e6, output)


def _cpu_of_children() -> float:
    """User and system seconds of all processes that were started here and have ended."""
    told = resource.getrusage(resource.RUSAGE_CHILDREN)
    return told.ru_utime + told.ru_stime


def _resident(pid: int) -> int:
    total = 0
    try:
        parent = psutil.Process(pid)
        for process in (parent, *parent.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.Error:
                continue
    except psutil.Error:
        pass
    return total
