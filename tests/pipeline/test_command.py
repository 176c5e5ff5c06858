"""`python -m pipeline build` as a person types it: the last line names the file, mistakes are sentences."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.__main__ import app
from queries.published import published_file
from tests.conftest import ROOT
from tests.pipeline.company import export, leads

REFUSED, MISUSED = 1, 2


def command(folder: Path, *more: str) -> Result:
    """The command on `folder/exports`, inside this process."""
    given = ["build", "--exports", str(folder / "exports"), "--builds", str(folder / "builds"), *more]
    return CliRunner().invoke(app, given, env={"COLUMNS": "200", "TERM": "dumb"})


def test_the_last_line_names_the_published_file_and_strangers_are_named_before(tmp_path: Path) -> None:
    leads(tmp_path / "exports", 3)
    export(tmp_path / "exports", "recipes.csv", ("Dish", "Minutes"), [("Spätzle", 30)])
    (tmp_path / "exports" / "notes.txt").write_text("call Anna", "utf-8")
    asked = [sys.executable, "-m", "pipeline", "build", "--exports", tmp_path / "exports", "--builds", tmp_path / "b"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[-1] == f"Published {published_file(tmp_path / 'b')}"
    assert [line.split(" was left out.")[0] for line in lines[:-1]] == ["notes.txt", "recipes.csv"]
    assert "Warning" not in done.stderr


def test_a_refused_export_is_said_and_the_exit_status_tells(tmp_path: Path) -> None:
    leads(tmp_path / "exports", 3)
    (tmp_path / "exports" / "half.csv").write_bytes(b"\x1f\x8b\x08\x00 no table")
    said = command(tmp_path)
    assert said.exit_code == REFUSED
    assert "half.csv" in said.output
    assert "Published" not in said.output
    left_out = command(tmp_path, "--skip-refused")
    assert left_out.exit_code == 0
    assert "half.csv was left out" in left_out.output


@pytest.mark.parametrize("day", ["yesterday", "23.11.2026", "2026-02-30", ""])
def test_a_day_that_is_none_is_said(tmp_path: Path, day: str) -> None:
    leads(tmp_path / "exports", 3)
    said = command(tmp_path, "--as-of", day)
    assert said.exit_code == MISUSED
    assert "is no date or time such as 2026-11-23" in said.output
    assert not (tmp_path / "builds").exists()


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    said = command(tmp_path)
    assert said.exit_code == MISUSED
    assert "exports is not a folder" in said.output
    assert not (tmp_path / "builds").exists()


def a_file_for_builds(folder: Path) -> list[str]:
    (folder / "builds").write_text("in the way", "utf-8")
    return []


def no_agreement(folder: Path) -> list[str]:
    return ["--agreement", str(folder / "none.toml")]


def broken_agreement(folder: Path) -> list[str]:
    (folder / "terms.toml").write_text("valid_from = \n", "utf-8")
    return ["--agreement", str(folder / "terms.toml")]


def broken_mapping(folder: Path) -> list[str]:
    (folder / "mappings").mkdir()
    (folder / "mappings" / "own.toml").write_text("name = \n", "utf-8")
    return ["--mappings", str(folder / "mappings")]


def no_exports(folder: Path) -> list[str]:
    (folder / "exports" / "leads.csv").unlink()
    return []


@pytest.mark.parametrize(
    ("mistake", "word"),
    [
        (a_file_for_builds, "builds"),
        (no_agreement, "none.toml"),
        (broken_agreement, "terms.toml"),
        (broken_mapping, "own.toml"),
        (no_exports, "docs/mappings.md"),
    ],
)
def test_a_mistake_is_answered_by_a_sentence_and_no_traceback(tmp_path: Path, mistake, word: str) -> None:
    leads(tmp_path / "exports", 3)
    said = command(tmp_path, *mistake(tmp_path))
    assert said.exit_code == REFUSED
    assert isinstance(said.exception, SystemExit), said.exception
    assert word in said.output
    assert "Traceback" not in said.output
