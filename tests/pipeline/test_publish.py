"""Readers see a complete build or the one before it, whatever happens to pointer, clock or disk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline import publish
from queries.published import POINTER, build_files, published_file

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _build(folder: Path, build_id: str, content: str = "x") -> Path:
    file = folder / f"tandem-{build_id}.duckdb"
    file.write_text(content, "utf-8")
    return file


def test_nothing_published_yet(tmp_path: Path) -> None:
    assert published_file(tmp_path) is None
    assert published_file(tmp_path / "missing") is None


@pytest.mark.parametrize(
    "pointer",
    [
        pytest.param(None, id="missing"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe\x00", id="garbage"),
        pytest.param(b"tandem-20200101-000000.duckdb", id="to a file that is gone"),
        pytest.param(b"../../etc/passwd", id="out of the folder"),
    ],
)
def test_an_unusable_pointer_falls_back_to_the_newest_build(tmp_path: Path, pointer: bytes | None) -> None:
    _build(tmp_path, "20261122-120000")
    newest = _build(tmp_path, "20261123-120000")
    (tmp_path / ".draft-20261124-120000").mkdir()
    if pointer is not None:
        (tmp_path / POINTER).write_bytes(pointer)
    assert published_file(tmp_path) == newest


def test_the_pointer_decides_even_against_a_newer_file(tmp_path: Path) -> None:
    older = _build(tmp_path, "20261122-120000")
    _build(tmp_path, "20261123-120000")
    publish.point_to(older)
    assert published_file(tmp_path) == older


def test_build_ids_grow_when_the_clock_goes_back(tmp_path: Path) -> None:
    _build(tmp_path, "20261123-120000")
    assert publish.next_build_id(tmp_path, NOON - timedelta(hours=1)) == "20261123-120001"
    assert publish.next_build_id(tmp_path, NOON) == "20261123-120001"
    assert publish.next_build_id(tmp_path, NOON + timedelta(minutes=1)) == "20261123-120100"


def test_a_file_with_a_write_ahead_log_is_not_published(tmp_path: Path) -> None:
    draft = tmp_path / "draft.duckdb"
    draft.write_text("x", "utf-8")
    (tmp_path / "draft.duckdb.wal").write_text("x", "utf-8")
    with pytest.raises(RuntimeError, match="write-ahead log"):
        publish.seal(draft, tmp_path / "tandem-20261123-120000.duckdb")
    assert published_file(tmp_path) is None


def test_the_last_ten_and_one_a_week_for_thirteen_months_are_kept(tmp_path: Path) -> None:
    for days in range(500):
        _build(tmp_path, f"{NOON - timedelta(days=days):%Y%m%d-%H%M%S}")
    publish.forget_old_builds(tmp_path, NOON)
    kept = [datetime.strptime(file.stem, "tandem-%Y%m%d-%H%M%S").replace(tzinfo=UTC) for file in build_files(tmp_path)]
    ages = sorted((NOON - built).days for built in kept)
    assert ages[:10] == list(range(10))
    assert ages[-1] <= 400
    weeks = {built.isocalendar()[:2] for built in kept}
    assert weeks == {(NOON - timedelta(days=days)).isocalendar()[:2] for days in range(401)}
    assert all(built.isoweekday() == 7 for built in kept if (NOON - built).days > 16)


def test_a_pointed_to_build_is_never_deleted(tmp_path: Path) -> None:
    files = [_build(tmp_path, f"{NOON + timedelta(seconds=second):%Y%m%d-%H%M%S}") for second in range(30)]
    publish.point_to(files[3])
    gone = publish.forget_old_builds(tmp_path, NOON)
    assert files[3].exists()
    assert published_file(tmp_path) == files[3]
    assert set(gone) & set(files[-10:]) == set()
