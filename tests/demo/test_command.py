"""The command: options, a readable last line, and clear refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from pipeline.demo.command import demo

from .reading import Exports


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    app.command()(demo)
    return app


def test_it_writes_the_files_and_says_what_it_wrote(app: typer.Typer, tmp_path: Path) -> None:
    out = tmp_path / "exports"
    result = CliRunner().invoke(app, ["--out", str(out), "--leads", "300", "--seed", "3", "--as-of", "2026-06-30"])
    assert result.exit_code == 0, result.output
    assert "deals won" in result.output.splitlines()[-1]
    assert Exports(out).truth["arguments"] == {
        "seed": 3, "leads": 300, "touches": 3_000, "as_of": "2026-06-30T04:00:00Z", "first_day": "2024-12-30",
    }  # fmt: skip


@pytest.mark.parametrize("wrong", [["--as-of", "30.06.2026"], ["--leads", "3"], ["--touches", "1"]])
def test_it_refuses_what_it_cannot_do(app: typer.Typer, tmp_path: Path, wrong: list[str]) -> None:
    result = CliRunner().invoke(app, ["--out", str(tmp_path), *wrong])
    assert result.exit_code == 2
