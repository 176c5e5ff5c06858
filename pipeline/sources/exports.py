"""A folder of exports, file by file: recognised, looked up, read, reported."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

import polars as pl

from agreement.terms import Terms
from pipeline.sources import lookups, recognise, safety
from pipeline.sources.child import Readers
from pipeline.sources.decode import Text
from pipeline.sources.faults import Refused
from pipeline.sources.mapping import Mapping, MappingError, ValueMaps, load_folder, load_values, merged, nearest
from pipeline.sources.opening import Job
from pipeline.sources.parts import without
from pipeline.sources.recognise import Head, Layout
from pipeline.sources.report import SourceReport, Staged
from pipeline.sources.safety import Limits
from pipeline.sources.text import ROW

SHIPPED = Path(__file__).with_name("mappings")
AGREEMENT = "agreement.toml"  # a company's own terms may lie beside its exports
_SILENT = {"truth.json", AGREEMENT}  # as the demo company's answer sheet does
_WORTH_ANOTHER = 2**23  # bytes of exports above which a second reading process is worth its start
Progress = Callable[[str, int, float], None]


@dataclass
class _Table:
    """A table found in a file: the file itself, or one sheet of it."""

    path: Path
    report: SourceReport
    mapping: Mapping
    layout: Layout
    text: Text | None = None
    unanswered: int = 0  # rows that could not be read for those who look values up
    twin: str = ""  # the same bytes were read from this file already


class _Exports:
    def __init__(
        self, exports: Path, work: Path, terms: Terms, as_of: datetime, limits: Limits, readers: Readers,
        hasher: ThreadPoolExecutor, progress: Progress | None,
    ) -> None:  # fmt: skip
        self.exports, self.work, self.terms, self.limits, self.readers = exports, work, terms, limits, readers
        self.latest = as_of + timedelta(days=terms.quality.future_tolerance_days)
        self.progress = progress
        self.behind: dict[str, int] = {}
        self.telling = Lock()
        self.staged = Staged()
        self.mappings: list[Mapping] = []
        self.answers: dict[str, list[Path]] = {}
        self.numbers = count(1)
        self.hasher = hasher
        self.hashes: dict[Path, Future[str]] = {}
        self.reports: list[tuple[Path, SourceReport]] = []

    def load(self, folders: list[Path]) -> None:
        """All mappings; later folders win by name. A mapping that cannot be used is reported like a refused file."""
        by_name = {mapping.name: mapping for mapping in recognise.built_in()}
        shared: ValueMaps = {}
        for folder in folders:  # the user's words extend the shipped mappings, too
            try:
                shared = merged(shared, load_values(folder))
            except MappingError as error:
                self.staged.sources.append(SourceReport("values.toml", status="refused", message=str(error)))
        for tier, folder in enumerate(folders):
            loaded, faults = load_folder(folder, tier, shared)
            by_name |= loaded
            for name, sentence in faults.items():
                self.staged.sources.append(SourceReport(name, status="refused", message=sentence))
        self.mappings = list(by_name.values())

    def tables(self) -> list[_Table]:
        """Every table recognised in the folder; all other files are reported at once."""
        found: list[_Table] = []
        seen: dict[str, Path] = {}
        files = _files(self.exports)
        sizes = Counter(map(_size, files))
        for path, report, tables in self.readers.each(self._met, files, _size):
            if sizes[report.bytes] > 1 and path in self.hashes and report.status != "refused":
                first = seen.setdefault(self.hashes[path].result(), path)
                for table in tables if first != path else []:
                    table.twin = safety.label(first, self.exports)
            reports = [table.report for table in tables] or [report]
            self.reports += [(path, told) for told in reports]
            self.staged.sources += reports
            found += tables
        return found

    def hashed(self) -> None:
        """Put the hash of its file on every report. The bytes are hashed while they are read for the tables."""
        for path, report in self.reports:
            if path in self.hashes:
                report.sha256 = self.hashes[path].result()

    def _met(self, path: Path) -> tuple[Path, SourceReport, list[_Table]]:
        report = SourceReport(safety.label(path, self.exports))
        if not path.resolve().is_relative_to(self.exports.resolve()):
            report.status, report.message = (
                "unrecognised",
                "The file is a link to somewhere else and was not followed.",
            )
            return path, report, []
        report.bytes = path.stat().st_size
        self.hashes[path] = self.hasher.submit(_sha256, path)
        try:
            return path, report, self._recognised(path, report)
        except Refused as refusal:
            report.status, report.message = "refused", str(refusal)
            return path, report, []

    def _recognised(self, path: Path, report: SourceReport) -> list[_Table]:
        answer = self.readers.ask("inspect", path=path, work=self._folder(), limits=self.limits)
        if answer["head"] is None:
            report.status = "unrecognised"
            report.message = "This is no export: CSV, TSV, XLSX and Parquet files are read."
            return []
        head = Head(**answer["head"])
        chosen = recognise.choose(head, path.name, self.mappings)
        if not chosen:
            report.status, report.message = "unrecognised", recognise.unrecognised(head, self.mappings)
        if answer["damage"] and not any(mapping.read.encoding for mapping, _ in chosen):
            raise Refused(answer["damage"])
        found = answer["text"]
        text = Text(Path(found["path"]), found["start"], found["encoding"], tuple(found["notes"])) if found else None
        tables = []
        for mapping, layout in chosen:
            mine = replace(report, mapping=mapping.name)
            if len(chosen) > 1:
                mine.file = f"{report.file} [{layout.sheet}]"
            tables.append(_Table(path, mine, mapping, layout, text))
        return tables

    def look_up(self, tables: list[_Table]) -> None:
        """Read first what other files will ask for."""
        asked: dict[str, dict[str, lookups.Request]] = {}
        known = {mapping.name for mapping in self.mappings}
        for table in tables:
            for request in lookups.requests(table.mapping):
                if request.mapping not in known:
                    table.report.status = "refused"
                    table.report.message = (
                        f"{table.mapping.origin}: lookup = {request.mapping!r} names no mapping"
                        f"{nearest(request.mapping, known)}."
                    )
                asked.setdefault(request.mapping, {})[request.name] = request

        def wanted(table: _Table) -> list[lookups.Request]:
            return [] if table.twin else list(asked.get(table.mapping.name, {}).values())

        asking = [table for table in tables if wanted(table)]
        for table, answer in self._asked(asking, wanted):
            for name, files in answer["lookups"].items():
                self.answers.setdefault(name, []).extend(map(Path, files))
            if table.mapping.lookup_only:
                self._fill(table, answer)
            elif answer["rows_rejected"]:
                table.unanswered = answer["rows_rejected"]

    def read(self, tables: list[_Table]) -> None:
        """All tables into Parquet, and what is to be told about each."""
        left = [table for table in tables if not (table.mapping.lookup_only and table.report.rows_read)]
        for table, answer in self._asked(left, lambda _: []):
            self._fill(table, answer)

    def _asked(
        self, tables: list[_Table], wanted: Callable[[_Table], list[lookups.Request]]
    ) -> list[tuple[_Table, dict[str, Any]]]:
        """The tables that can be read, in their order, with what the reading process says of each."""

        def ask(table: _Table) -> dict[str, Any] | None:
            try:
                return self._ask(table, wanted(table))
            except Refused as refusal:
                table.report.status, table.report.message = "refused", str(refusal)
                return None

        able = [table for table in tables if table.report.status != "refused"]
        answers = self.readers.each(ask, able, lambda table: table.report.bytes)
        return [(table, answer) for table, answer in zip(able, answers, strict=True) if answer is not None]

    def _ask(self, table: _Table, asked: list[lookups.Request]) -> dict[str, Any]:
        names = {request.name for request in lookups.requests(table.mapping)}
        job = Job(
            table.path, table.report.file, self._folder(), table.mapping, table.layout, self.terms.company.zone,
            self.terms.company.currency, self.latest, self.limits,
            {name: files for name, files in self.answers.items() if name in names and not asked}, asked, table.text,
        )  # fmt: skip
        return self.readers.ask("read", lambda rows, size: self._progress(table, rows, size), job=job)

    def _progress(self, table: _Table, rows: int, size: int) -> None:
        if self.progress:
            with self.telling:  # one file after the other, so that nobody who is told needs to know of threads
                self.behind[table.report.file] = size
                everything = sum(report.bytes for report in self.staged.sources)
                self.progress(table.report.file, rows, min(1.0, sum(self.behind.values()) / everything))

    def _fill(self, table: _Table, answer: dict[str, Any]) -> None:
        report = table.report
        for name in (
            "rows_read",
            "rows_kept",
            "rows_rejected",
            "rows_duplicate",
            "rows_left_out",
            "total_rows",
            "preamble_lines",
        ):
            setattr(report, name, answer[name])
        report.message, report.decisions = answer["message"], answer["decisions"]
        report.newest_record = datetime.fromisoformat(answer["newest_record"]) if answer["newest_record"] else None
        if table.twin:
            report.message = (
                f"the same file as {table.twin}, so every row of it is a repetition; nothing is counted twice"
            )
            report.rows_kept = report.rows_rejected = report.rows_left_out = 0
            report.rows_duplicate = report.rows_read
            return
        if table.unanswered > report.rows_rejected:
            note = f"{table.unanswered:,} rows could not be read for the files that look values up here"
            report.message = "; ".join(filter(None, (report.message, note)))
        report.tables = sorted(answer["tables"])
        gone = pl.concat([pl.Series([], dtype=pl.Int64), *(pl.read_parquet(file)[ROW] for file in answer["gone"])])
        for name, files in answer["tables"].items():
            rows = without(pl.scan_parquet(files), gone)
            told = self.staged.tables.get(name)
            self.staged.tables[name] = rows if told is None else pl.concat([told, rows])
        self.staged.rejected += map(Path, answer["rejected"])

    def _folder(self) -> Path:
        """A fresh folder for one task: its name is a number, never the name of a foreign file."""
        folder = self.work / f"{next(self.numbers):04d}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def read_exports(
    exports: Path,
    mapping_dirs: list[Path],
    work: Path,
    terms: Terms,
    as_of: datetime,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Staged:
    """Read every file below `exports` into Parquet below `work`.

    `mapping_dirs` are the user's mapping folders, later ones win; the shipped mappings always come first. `as_of` is
    the day of the export: events later than it plus `terms.quality.future_tolerance_days` are rejected. `progress(file,
    rows, share)` is called as rows are read; `share` is how much of all bytes is behind. Nothing is raised about a data
    file or a mapping file: a file that cannot be trusted has the status "refused" and a message that says what to do.
    """
    limits = limits or Limits()
    work.mkdir(parents=True, exist_ok=True)
    folders = [SHIPPED, *(folder for folder in mapping_dirs if folder.is_dir() and folder.resolve() != SHIPPED)]
    is_much = sum(map(_size, _files(exports))) > _WORTH_ANOTHER
    with Readers(work, limits, 2 if is_much else 1) as readers, ThreadPoolExecutor(1) as hasher:
        run = _Exports(exports, work, terms, as_of, limits, readers, hasher, progress)
        run.load(folders)
        tables = run.tables()
        run.look_up(tables)
        run.read(tables)
        run.hashed()
    return run.staged


def _files(exports: Path) -> list[Path]:
    """All files that could be exports, in order of their names."""
    return [
        path
        for path in sorted(exports.rglob("*"))
        if path.is_file()
        and path.name not in _SILENT
        and not any(part.startswith(".") for part in path.relative_to(exports).parts)
    ]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size(path: Path) -> int:
    return path.stat().st_size
