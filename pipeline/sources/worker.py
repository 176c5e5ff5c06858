"""Reading one file from its first byte to Parquet: blocks in parallel, results in the file's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import polars as pl

from pipeline.sources import keys, lookups, rows, text
from pipeline.sources.cast import Clock, Styles
from pipeline.sources.decisions import described, totals_differ
from pipeline.sources.faults import Fault, NeedsCare, Refused
from pipeline.sources.opening import Job, Reader, in_order, inspect
from pipeline.sources.parts import Parts
from pipeline.sources.planner import Planner
from pipeline.sources.ranges import dates_above
from pipeline.sources.text import ROW, Rows
from pipeline.sources.whole import Whole, write_rejected

__all__ = ["Job", "Reading", "inspect"]
R = TypeVar("R")


class Reading:
    """One pass over one file with all it finds."""

    def __init__(self, job: Job, progress: Callable[[int, int], None]) -> None:
        self.job, self.progress = job, progress
        self.reader = Reader(job)
        ranges = dates_above(job.layout.preamble) if job.mapping.read.range_from_preamble else {}
        mapping = lookups.answering(job.mapping) if job.asked else job.mapping
        self.planner = Planner(mapping, job.layout.header, mapping.read.zone or job.zone, job.currency, ranges)
        self.questions: list[lookups.Question] = []
        self.latest: tuple[Any, tuple[pl.DataFrame, Rows, text.Hints]] | None = None
        if job.asked:
            self.plan, self.questions = lookups.planned(self.planner, job.asked)
        else:
            self.plan = self.planner.plan()
        self.clock = Clock(job.mapping.read.zone or job.zone, job.mapping.read.fold, job.latest)
        self.answers = {
            name: lookups.answer(request, job.answers[name]) if job.answers.get(name) else lookups.empty()
            for name, request in ((request.name, request) for request in lookups.requests(job.mapping))
        }

    def run(self) -> dict[str, Any]:
        """Read the file; starts again with the careful reader where quotes are broken."""
        try:
            return self._run()
        except NeedsCare:
            self.reader.is_careful, self.reader.begun = True, None
            return self._run()

    def _run(self) -> dict[str, Any]:
        styles = self._decided()
        seen = Styles()
        whole = Whole()
        self.parts = Parts(self.job.out)
        numbered = enumerate(self.reader.blocks())
        for made, fresh, bad, raw in in_order(numbered, lambda pair: self._chunk(*pair, styles), self.job.threads):
            seen.merge(fresh)
            whole.add(made, bad, raw)
            self.progress(made.rows_read, made.bytes_read)
        if self.plan.refusal and whole.rows_read:
            raise Refused(self.plan.refusal)
        if whole.nameless is not None:
            raise Refused(
                f"Column {whole.nameless + 1} has no name in the header but holds values. Name it in the export."
            )
        seen.decide(self.plan.slots)
        if whole.bad_width and whole.bad_width == whole.rows_read:
            raise Refused(
                f"No row has as many fields as the header ({len(self.job.layout.header)}). The separator of the rows"
                " differs from the header's, or the header is not the header."
            )
        verdict = self._settled(whole)
        return self._told(whole, verdict, seen)

    def _passed(self, work: Callable[[Any], R]) -> Iterator[R]:
        return in_order(self.reader.blocks(), work, self.job.threads)

    def _prepared(self, block: text.TextBlock | text.ReadyBlock) -> tuple[pl.DataFrame, Rows, text.Hints]:
        if self.latest and self.latest[0] is block:
            return self.latest[1]
        nulls = rows.null_words(self.job.mapping.read.nulls)
        parsed = block.rows(self.plan.wanted, nulls)
        hints = block.hints()
        most = self.job.limits.field_characters
        sizes = parsed.frame.select(pl.exclude(ROW).str.len_bytes().max())
        if max((size or 0 for size in sizes.row(0)), default=0) > most and any(
            (column.str.len_chars() > most).any() for column in parsed.frame.drop(ROW)
        ):
            raise Refused(f"A cell is longer than {most:,} characters; this is no table.")
        frame = rows.clean(parsed.frame, nulls, hints)
        blank = frame.filter(pl.all_horizontal(pl.exclude(ROW).is_null())) if len(self.plan.wanted) else frame.clear()
        if blank.height:  # a row is blank only if the columns nobody asked for are empty too
            everything = rows.clean(block.rows([], [""]).frame, [""]).filter(pl.col(ROW).is_in(blank[ROW].implode()))
            empty = everything.filter(pl.all_horizontal(pl.exclude(ROW).is_null()))[ROW]
            frame = frame.filter(~pl.col(ROW).is_in(empty.implode()))
        if self.latest is None:  # the first block is looked at before it is read
            self.latest = block, (frame, parsed, hints)
        return frame, parsed, hints

    def _decided(self) -> Styles:
        """Styles settled from the first block, or from all blocks where the first does not tell."""
        styles = Styles()

        def look(block: Any) -> Styles:
            fresh = Styles()
            frame, _ = rows.split_totals(self._prepared(block)[0], self.plan)
            fresh.observe(self.plan.slots, rows.texts(frame, self.plan, self.answers))
            return fresh

        first = self.reader.first()
        if first is not None:
            if self.plan.refusal and self._prepared(first)[0].height:
                raise Refused(self.plan.refusal)
            styles.merge(look(first))
        if styles.undecided:
            styles = Styles()
            for fresh in self._passed(look):
                styles.merge(fresh)
        styles.decide(self.plan.slots)
        return styles

    def _chunk(
        self, number: int, block: Any, styles: Styles
    ) -> tuple[rows.Records, Styles, list[tuple[int, Fault, list[str]]], dict[int, list[str]]]:
        frame, parsed, hints = self._prepared(block)
        seen = Styles()
        made = rows.read(frame, self.plan, styles, seen, self.clock, self.answers, hints)
        bad = []
        for row, fault, cells in parsed.bad:
            if self._is_total(cells):
                made.total_rows += 1
            else:
                bad.append((row, fault, cells))
        made.rows_read, made.bytes_read = made.rows_read + len(bad), block.size
        asked = [made.data.filter(question.where.fill_null(False)) for question in self.questions]
        for question, concerned in zip(self.questions, asked, strict=True):
            made.faults += rows.unreadable(concerned, [question.value], self.plan, styles, self.clock)
        faulty = {row for row, *_ in made.faults}
        raw = self._raw(block, faulty) if faulty else {}
        made.tables = {} if self.questions else made.tables
        for place, (question, concerned) in enumerate(zip(self.questions, asked, strict=True)):
            is_day = question.value.is_day if question.value.is_day is not None else pl.lit(None, dtype=pl.Boolean)
            known = concerned.filter(~pl.col(ROW).is_in(list(faulty)))
            made.tables[place] = known.select(ROW, key=question.key, value=question.value.value, is_day=is_day)
        for place, frame in made.tables.items():
            if self.questions:
                self.parts.put(f"lookup{place:02d}", number, frame)
            else:
                told = frame.with_columns(pl.lit(self.job.label).alias("source_file"))
                self.parts.put(keys.name_of(self.plan.blocks[place], place), number, told)
        made.forget_frames()
        return made, seen, bad, raw

    def _is_total(self, cells: list[str]) -> bool:
        first = next((cell.strip() for cell in cells if cell.strip()), "")
        starts = [start for _, words in self.plan.total_rows for start in words or ()]
        return any(first.startswith(start) for start in starts)

    def _raw(self, block: Any, wanted: set[int]) -> dict[int, list[str]]:
        everything = block.rows([]).frame.filter(pl.col(ROW).is_in(list(wanted)))
        return {row[0]: list(row[1:]) for row in everything.select(ROW, pl.exclude(ROW)).iter_rows()}

    def _settled(self, whole: Whole) -> keys.Verdict:
        if self.questions:
            keys.answered_once(whole.keys, self.parts)
        if self.questions or not whole.keys:
            return keys.Verdict()
        found = pl.concat(whole.keys)
        verdict = keys.settle(
            found, self.plan.blocks, self.parts, drop_equal_rows=self.job.mapping.read.duplicates == "drop"
        )
        if verdict.contradicting:
            raw: dict[int, list[str]] = {}
            for more in self._passed(lambda block: self._raw(block, set(verdict.contradicting))):
                raw |= more
            for row, key in sorted(verdict.contradicting.items()):
                sentence = (
                    f"another row has the same key ({key}) but says something else; keep the right one in the export"
                )
                whole.rejected.append((row, "duplicate_key", "", sentence, raw.get(row, [])))
        return verdict

    def _told(self, whole: Whole, verdict: keys.Verdict, seen: Styles) -> dict[str, Any]:
        job = self.job
        rejected_file = job.out / "rejected.parquet"
        write_rejected(whole, job.layout.header, job.label, rejected_file)
        tables: dict[str, list[str]] = {}
        answers: dict[str, list[str]] = {}
        for place, request in enumerate(job.asked):
            answers[request.name] = [str(file) for file in self.parts.written(f"lookup{place:02d}")]
        for place, block in enumerate(() if self.questions else self.plan.blocks):
            files = self.parts.written(keys.name_of(block, place))
            if files:
                tables.setdefault(block.table, []).extend(map(str, files))
        notes = [*self.reader.notes, *totals_differ(whole.sums, whole.totals), *verdict.notes]
        notes += self._not_looked_up()
        if whole.left_out:
            notes.append(f"{whole.left_out:,} rows are of no kind this mapping uses")
        if self.plan.refusal:
            notes.append(self.plan.refusal)
        rejected, duplicate = len({row for row, *_ in whole.rejected}), len(verdict.duplicates)
        return {
            "rows_read": whole.rows_read,
            "rows_rejected": rejected,
            "rows_duplicate": duplicate,
            "rows_kept": whole.rows_read - rejected - duplicate,
            "rows_left_out": whole.left_out,
            "total_rows": whole.total_rows,
            "preamble_lines": job.layout.preamble_lines,
            "newest_record": whole.newest.isoformat() if whole.newest else None,
            "message": "; ".join(notes),
            "decisions": described(self.plan, seen, whole.unmapped, job.mapping, self.planner.default_currency),
            "tables": tables,
            "gone": [str(file) for file in self.parts.gone_file()],
            "rejected": [str(rejected_file)] if rejected else [],
            "lookups": answers,
        }

    def _not_looked_up(self) -> list[str]:
        """Told where the mapping is the user's own; a shipped one works with what is there."""
        asked = [] if self.job.mapping.read.missing == "empty" else lookups.requests(self.job.mapping)
        missing = dict.fromkeys(request.mapping for request in asked if not self.job.answers.get(request.name))
        return [f"no file of the mapping {name!r} is here, so what is looked up in it stays empty" for name in missing]
