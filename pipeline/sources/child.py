"""The process that touches foreign files. It has a memory limit, and when it dies it dies alone.

Tasks come as pickles from the parent, answers go back as lines of JSON: the parent never unpickles what a process that
read foreign bytes has written.
"""

from __future__ import annotations

import json
import os
import pickle
import resource
import select
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any, TypeVar

from pipeline.sources.faults import Refused
from pipeline.sources.safety import Limits

_ROOT = Path(__file__).resolve().parents[2]
# blocks of some megabytes come and go; handed back to the system each time, they would have to be cleared each time
_KEEP_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "1073741824", "MALLOC_TRIM_THRESHOLD_": "1073741824"}
T = TypeVar("T")
R = TypeVar("R")
Progress = Callable[[int, int], None]


class Reader:
    """The parent's end: starts the process when needed, starts another when one has died."""

    def __init__(self, work: Path, limits: Limits, entry: str = "pipeline.sources.child:main") -> None:
        self.work, self.limits, self.entry = work, limits, entry
        self.process: subprocess.Popen[bytes] | None = None
        self.heard = b""

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def ask(self, task: str, progress: Progress | None = None, **details: Any) -> dict[str, Any]:
        """One task, one answer. Raises `Refused` if the file is refused or the process dies or takes too long.

        `progress(rows, bytes)` hears how much has been read so far.
        """
        process = self._running()
        assert process.stdin is not None
        deadline = time.monotonic() + self.limits.seconds
        try:
            pickle.dump((task, details), process.stdin)
            process.stdin.flush()
        except BrokenPipeError:
            raise self._dead() from None
        while True:
            line = self._line(process, deadline)
            answer = json.loads(line)
            if "progress" in answer:
                if progress:
                    progress(*answer["progress"])
            elif "refused" in answer:
                if answer.get("is_last"):
                    self._end()
                raise Refused(answer["refused"])
            else:
                return dict(answer["done"])

    def _line(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        assert process.stdout is not None
        while b"\n" not in self.heard:
            if not select.select([process.stdout], [], [], max(0.0, deadline - time.monotonic()))[0]:
                self._end()
                raise Refused(f"Reading took longer than {self.limits.seconds:,.0f} seconds and was stopped. Split it.")
            more = os.read(process.stdout.fileno(), 2**16)
            if not more:
                raise self._dead()
            self.heard += more
        line, _, self.heard = self.heard.partition(b"\n")
        return line

    def _dead(self) -> Refused:
        code = self.process.wait() if self.process else 0
        self._end()
        return Refused(
            f"The process reading this file ended ({'signal' if code < 0 else 'status'} {abs(code)}): the file is"
            f" damaged or needs more than {self.limits.memory_bytes / 2**30:,.1f} GiB of memory. Other files are not"
            " touched."
        )

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            environment = os.environ | _KEEP_MEMORY | {"PYTHONPATH": str(_ROOT), "PYTHONIOENCODING": "utf-8"}
            module, function = self.entry.split(":")
            log = (self.work / "reading.log").open("ab")
            self.process = subprocess.Popen(
                [sys.executable, "-c", f"from {module} import {function}; {function}()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                bufsize=0,  # a buffered reader would hide waiting lines from select()
            )
            self.heard = b""
            log.close()
            with suppress(BrokenPipeError):
                pickle.dump(self.limits, self.process.stdin)  # type: ignore[arg-type]
        return self.process

    def _end(self) -> None:
        if self.process:
            self.kill()
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]
            self.process = None

    def kill(self) -> None:
        """End the process at once; whoever waits for its answer hears that it died."""
        if self.process:
            self.process.kill()


class Readers:
    """Several reading processes side by side; a task goes to one that is free, first to one that runs already."""

    def __init__(self, work: Path, limits: Limits, count: int) -> None:
        self.all = [Reader(work, limits) for _ in range(count)]
        self.free: LifoQueue[Reader] = LifoQueue()
        for reader in self.all:
            self.free.put(reader)
        self.pool = ThreadPoolExecutor(count)

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        self.pool.shutdown(wait=False, cancel_futures=True)
        for reader in self.all:
            reader.kill()
        self.pool.shutdown()
        for reader in self.all:
            reader.__exit__()

    def ask(self, task: str, progress: Progress | None = None, **details: Any) -> dict[str, Any]:
        """As `Reader.ask`, by the next process that is free."""
        reader = self.free.get()
        try:
            return reader.ask(task, progress, **details)
        finally:
            self.free.put(reader)

    def each(self, work: Callable[[T], R], items: Sequence[T], size: Callable[[T], int]) -> list[R]:
        """Results of `work` in the order of `items`, the largest begun first so that it is not the last to end."""
        begun = {
            place: self.pool.submit(work, items[place])
            for place in sorted(range(len(items)), key=lambda place: -size(items[place]))
        }
        return [begun[place].result() for place in range(len(items))]


def main() -> None:
    """The child's end: one task after another until the parent closes the pipe."""
    tasks = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not reach the parent as an answer
    limits: Limits = pickle.load(tasks)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            task, details = pickle.load(tasks)
        except EOFError:
            return
        try:
            _say(answers, {"done": _work(task, details, answers)})
        except Refused as refusal:
            _say(answers, {"refused": str(refusal)})
        except MemoryError:
            _say(
                answers,
                {"refused": f"The file needs more than {limits.memory_bytes / 2**30:,.0f} GiB of memory. Split it."},
            )
        except (Exception, BaseExceptionGroup) as error:
            sentence = f"The file could not be read ({type(error).__name__}: {str(error)[:200]})."
            _say(answers, {"refused": sentence, "is_last": True})
            raise


def _work(task: str, details: dict[str, Any], answers: IO[bytes]) -> dict[str, Any]:
    from pipeline.sources import worker  # heavy; the parent does not need it

    if task == "inspect":
        head, text, damage = worker.inspect(**details)
        found = (
            {"path": str(text.path), "start": text.start, "encoding": text.encoding, "notes": text.notes}
            if text
            else None
        )
        return {"head": asdict(head) if head else None, "text": found, "damage": damage}
    rows = behind = 0

    def progress(more_rows: int, more_bytes: int) -> None:
        nonlocal rows, behind
        rows, behind = rows + more_rows, behind + more_bytes
        _say(answers, {"progress": (rows, behind)})

    return worker.Reading(details["job"], progress).run()


def _say(answers: IO[bytes], words: dict[str, Any]) -> None:
    answers.write(json.dumps(words).encode() + b"\n")
    answers.flush()
