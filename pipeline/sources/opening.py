"""A file on its way in: what it is, where its table begins, and its rows block by block, as often as needed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TypeVar

from pipeline.sources import decode, lookups, parquet, safety, spreadsheet, text
from pipeline.sources.faults import Refused
from pipeline.sources.mapping import Mapping
from pipeline.sources.recognise import HEAD_RECORDS, Head, Layout

_HEAD_CHARACTERS = 2**18
T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Job:
    """What the reading process is told: the file, its mapping and layout, where to write, by which clock."""

    path: Path
    label: str
    out: Path
    mapping: Mapping
    layout: Layout
    zone: str
    currency: str
    latest: datetime
    limits: safety.Limits
    answers: dict[str, list[Path]] = field(default_factory=dict)  # lookup name -> files of key, value, is_day
    asked: list[lookups.Request] = field(default_factory=list)  # answer these instead of making records
    text: decode.Text | None = None  # as found when the file was recognised
    threads: int = 2


def inspect(path: Path, work: Path, limits: safety.Limits) -> tuple[Head | None, decode.Text | None, str]:
    """(head of a file to recognise it by, `None` if it is no export; its text; why it cannot be decoded)."""
    kind = safety.kind_of(path, limits)
    if kind is None:
        return None, None, ""
    if kind == "xlsx":
        spreadsheet.scan(path, limits)
        return Head(kind, sheets=spreadsheet.head(path, HEAD_RECORDS)), None, ""
    if kind == "parquet":
        return Head(kind, sheets={"": [parquet.header(path, limits)]}), None, ""
    try:
        found = decode.prepare(path, None, work)
    except Refused as refusal:
        # A mapping may declare the encoding: recognise by what can be read, and let the reading decide.
        with path.open("rb") as file:
            return Head(kind, text=file.read(_HEAD_CHARACTERS).decode("cp1252", "replace")), None, str(refusal)
    with found.path.open(encoding="utf-8", newline="") as lines:
        lines.seek(found.start)
        head = lines.read(_HEAD_CHARACTERS)
    if not head.strip():
        raise Refused("The file is empty. Export it again.")
    if len(head) == _HEAD_CHARACTERS and "\n" in head:
        head = head[: head.rindex("\n") + 1]
    return Head(kind, text=head), found, ""


class Reader:
    """Opens the table of a file as often as it must be passed over."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.notes: list[str] = []
        self.is_careful = False
        self.begun: Iterator[text.TextBlock | text.ReadyBlock] | None = None
        layout, limits = job.layout, job.limits
        if len(layout.header) > limits.columns:
            raise Refused(f"The header has {len(layout.header):,} columns, more than {limits.columns:,}.")
        if layout.kind == "text":
            declared = job.mapping.read.encoding
            self.text = job.text if job.text and not declared else decode.prepare(job.path, declared, job.out)
            self.notes += self.text.notes
            self.start = _after_line(self.text, layout.lines_to_header)
        elif layout.kind == "xlsx":
            self.notes += spreadsheet.scan(job.path, limits)

    def first(self) -> text.TextBlock | text.ReadyBlock | None:
        """The first block; the next `blocks()` begins with it and goes on from there, so nothing is read twice."""
        waiting = iter(self._opened())
        block = next(waiting, None)
        self.begun = chain([block], waiting) if block is not None else None
        return block

    def blocks(self) -> Iterable[text.TextBlock | text.ReadyBlock]:
        """All blocks, from the beginning."""
        begun, self.begun = self.begun, None
        return begun or self._opened()

    def _opened(self) -> Iterable[text.TextBlock | text.ReadyBlock]:
        layout, limits = self.job.layout, self.job.limits
        width, first = len(layout.header), layout.lines_to_header + 1
        if layout.kind == "xlsx":
            return spreadsheet.blocks(self.job.path, layout.sheet, layout.lines_to_header, width)
        if layout.kind == "parquet":
            return parquet.blocks(self.job.path)
        if self.is_careful:
            return text.careful_blocks(self.text.path, self.start, first, first, width, layout.separator, limits)
        return text.blocks(self.text.path, self.start, first, width, layout.separator, limits)


def _after_line(found: decode.Text, lines: int) -> int:
    with found.path.open("rb") as file:
        file.seek(found.start)
        for _ in range(lines):
            file.readline()
        return file.tell()


def in_order(items: Iterable[T], work: Callable[[T], R], threads: int) -> Iterator[R]:
    """Results of `work` in the order of `items`, at most one block per thread waiting."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
