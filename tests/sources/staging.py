"""Reading a folder of exports in a test, and what came of it as frames."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl

import agreement
from pipeline.sources import Staged, read_exports
from pipeline.sources.report import SourceReport

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples" / "mappings"
SHIPPED = ROOT / "pipeline" / "sources" / "mappings"
AS_OF = datetime(2026, 11, 23, 5, tzinfo=UTC)


@dataclass
class Read:
    """The staged exports, asked by table or by file."""

    staged: Staged

    def table(self, name: str) -> pl.DataFrame:
        """All rows of a canonical table in order of file and row."""
        rows = self.staged.tables.get(name)
        return pl.DataFrame() if rows is None else rows.sort("source_file", "row_number", maintain_order=True).collect()

    def report(self, file: str) -> SourceReport:
        """The report of the only mapping that read the file."""
        (report,) = (source for source in self.staged.sources if source.file == file)
        return report

    def rejected(self) -> pl.DataFrame:
        frames = [pl.read_parquet(file) for file in self.staged.rejected]
        return pl.concat(frames) if frames else pl.DataFrame()

    def sum(self, table: str, column: str, condition: pl.Expr | bool = True) -> Decimal:
        total = self.table(table).filter(condition)[column].sum()
        return Decimal(str(total))


def read(exports: Path, work: Path, *own_mappings: Path) -> Read:
    """Read `exports` by the shipped mappings and those of the given folders; `work` takes what is staged."""
    terms = agreement.load().terms_on(date(2026, 11, 23))
    return Read(read_exports(exports, [SHIPPED, *own_mappings], work, terms, AS_OF))


def imported(folder: Path, files: dict[str, str], *examples: Path) -> Read:
    """Write small exports and mapping files (told by their suffix), read them, and expect every file to be read.

    `examples` are further folders with mappings.
    """
    exports, own = folder / "exports", folder / "mappings"
    own.mkdir()
    for name, text in files.items():
        target = (own if name.endswith(".toml") else exports) / name
        target.parent.mkdir(exist_ok=True)
        target.write_text(text, "utf-8")
    result = read(exports, folder / "work", own, *examples)
    for source in result.staged.sources:
        assert source.status == "read", f"{source.file}: {source.message}"
        assert source.rows_read == source.rows_kept + source.rows_rejected + source.rows_duplicate
    return result


def rows(frame: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """These columns as tuples, in their own order."""
    return frame.sort(columns).select(columns).rows()
