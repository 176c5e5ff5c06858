"""Small exports of one invented mapping, read as the build reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import agreement
from pipeline.sources import Limits, SourceReport, Staged, read_exports

AS_OF = datetime(2026, 11, 23, 5, tzinfo=UTC)
LEADS = """
name = "crm_leads"
[recognise]
headers = ["Id", "Created"]
[read]
missing = "empty"
currency = "EUR"
[[table]]
to = "leads"
[table.columns]
lead_id = "Id"
created_at = "Created"
source = "Source"
score = "Score"
"""
DEALS = """
name = "crm_deals"
[recognise]
headers = ["Deal", "Amount"]
[read]
missing = "empty"
currency = "EUR"
[[table]]
to = "deals"
[table.columns]
deal_id = "Deal"
amount = "Amount"
created_at = "Created"
expected_close_date = "Expected"
won_at = "Won"
"""


@dataclass
class Outcome:
    """What became of the exports, with the law of conservation checked at once."""

    staged: Staged
    reports: dict[str, SourceReport] = field(init=False)

    def __post_init__(self) -> None:
        self.reports = {report.file: report for report in self.staged.sources}
        for report in self.staged.sources:
            assert report.rows_read == report.rows_kept + report.rows_rejected + report.rows_duplicate, report
        per_file = dict(self.rejected().group_by("source_file").len().iter_rows())
        for report in self.staged.sources:
            assert per_file.get(report.file, 0) == report.rows_rejected, report

    @property
    def only(self) -> SourceReport:
        (report,) = self.reports.values()
        return report

    def table(self, name: str) -> pl.DataFrame:
        rows = self.staged.tables.get(name)
        return pl.DataFrame() if rows is None else rows.sort("source_file", "row_number", maintain_order=True).collect()

    def rejected(self) -> pl.DataFrame:
        empty = pl.DataFrame(
            schema=dict.fromkeys(("source_file", "rule", "column_name", "reason", "row_json"), pl.String)
        )
        return pl.concat([empty, *(pl.read_parquet(file) for file in self.staged.rejected)], how="diagonal_relaxed")

    def of(self, file: str, table: str) -> pl.DataFrame:
        """The records one file gave."""
        records = self.table(table)
        return records.filter(pl.col("source_file") == file) if records.width else records

    @property
    def rules(self) -> list[str]:
        return self.rejected()["rule"].to_list()

    @property
    def sentence(self) -> str:
        """The report's message, or the first rejection's reason."""
        return self.only.message or self.rejected()["reason"][0]


Import = Callable[..., Outcome]


def imported(
    folder: Path,
    files: Mapping[str, bytes | str],
    limits: Limits | None = None,
    mappings: tuple[str, ...] = (LEADS, DEALS),
) -> Outcome:
    """Write the files (mappings are told by their suffix) and read them as the build does."""
    exports, own = folder / "exports", folder / "mappings"
    for place in (exports, own):
        place.mkdir(exist_ok=True)
    for number, text in enumerate(mappings):
        (own / f"shared{number}.toml").write_text(text, "utf-8")
    for name, content in files.items():
        target = (own if name.endswith(".toml") else exports) / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
    terms = agreement.load().terms_on(AS_OF.date())
    return Outcome(read_exports(exports, [own], folder / "work", terms, AS_OF, limits=limits))


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    """`bring({"leads.csv": bytes or text, "my.toml": mapping})` reads those files with the two mappings above."""

    def bring(files: Mapping[str, bytes | str], **more: Any) -> Outcome:
        return imported(tmp_path, files, **more)

    return bring


@pytest.fixture(scope="module")
def bring_all(tmp_path_factory: pytest.TempPathFactory) -> Callable[[tuple[tuple[str, bytes | str], ...]], Outcome]:
    """Reads many cases at once, one file each: a reading process is started only once for all of them."""

    @cache
    def bring_all(cases: tuple[tuple[str, bytes | str], ...]) -> Outcome:
        return imported(tmp_path_factory.mktemp("cases"), dict(cases))

    return bring_all
