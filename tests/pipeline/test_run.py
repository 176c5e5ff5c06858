"""`make run`: what is shown, when it is built anew, and what happens when it cannot be."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from agreement.entries import Actor
from agreement.ledger import Ledger
from pipeline import inputs, run
from queries.published import published_file
from tests.pipeline.company import ask


@pytest.fixture
def home(tmp_path: Path, few_exports: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone whose user has put exports into data/exports/; the server is not started."""
    shutil.copytree(few_exports, tmp_path / "data" / "exports")
    monkeypatch.setattr(run, "serve", lambda shown, address, port, root: 0)
    monkeypatch.setenv("TANDEM_LEDGER", f"sqlite:///{tmp_path}/data/ledger.sqlite")
    return tmp_path


def spoil(exports: Path) -> None:
    """A CSV that is a compressed file in truth, as from an interrupted download."""
    (exports / "hubspot-crm-exports-deals.csv").write_bytes(b"\x1f\x8b\x08\x00 no table")


def test_own_exports_win_over_the_demo_company_and_keep_their_own_builds(tmp_path):
    assert inputs.company(tmp_path).is_demo
    (tmp_path / "data" / "exports").mkdir(parents=True)
    (tmp_path / "data" / "exports" / ".hidden").touch()
    demo = inputs.company(tmp_path)
    (tmp_path / "data" / "exports" / "leads.csv").touch()
    own = inputs.company(tmp_path)
    assert demo.is_demo
    assert not own.is_demo
    assert own.builds != demo.builds
    assert own.ledger != demo.ledger


def test_what_was_built_is_not_built_again(home, capsys):
    assert run.run(root=home) == 0
    first = published_file(home / "data" / "builds")
    assert run.run(root=home) == 0
    assert published_file(home / "data" / "builds") == first
    assert "your exports" in capsys.readouterr().out


def test_a_decision_is_built_at_the_next_start(home):
    run.run(root=home)
    builds = home / "data" / "builds"
    first = published_file(builds)
    ledger = Ledger(inputs.company(home).ledger)
    ledger.append(Actor("Anna", "sales"), "noted", "note", "n1", {"day": "2026-11-09", "text": "Messe"})
    ledger.close()
    run.run(root=home)
    second = published_file(builds)
    assert second != first
    assert ask(second, "select text from mart.notes") == [("Messe",)]
    run.run(root=home)
    assert published_file(builds) == second


def test_a_damaged_ledger_is_said_and_leaves_the_build_before_on_screen(home, capsys):
    run.run(root=home)
    first = published_file(home / "data" / "builds")
    (home / "data" / "ledger.sqlite").write_bytes(b"no ledger" * 1000)
    assert run.run(root=home) == 0
    told = capsys.readouterr().err
    assert published_file(home / "data" / "builds") == first
    assert "is damaged. Put the last backup in its place" in told
    assert first.name in told


def test_a_changed_export_is_built_and_a_damaged_one_leaves_the_build_before_on_screen(home, capsys):
    run.run(root=home)
    builds = home / "data" / "builds"
    first = published_file(builds)
    os.utime(home / "data" / "exports" / "hubspot-users.csv")
    run.run(root=home)
    second = published_file(builds)
    assert second != first
    spoil(home / "data" / "exports")
    assert run.run(root=home) == 0
    told = capsys.readouterr().err
    assert published_file(builds) == second
    assert "hubspot-crm-exports-deals.csv" in told
    assert second.name in told


def test_without_any_build_a_damaged_export_stops_with_the_reason(home, capsys):
    spoil(home / "data" / "exports")
    assert run.run(root=home) == 1
    assert "hubspot-crm-exports-deals.csv" in capsys.readouterr().err


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda root: (root / "data/exports/new.csv").write_text("a"), id="a new export"),
        pytest.param(lambda root: (root / "data/exports/leads.csv").write_text("longer"), id="another size"),
        pytest.param(lambda root: os.utime(root / "data/exports/leads.csv", (1, 1)), id="another time"),
        pytest.param(lambda root: (root / "data/exports/leads.csv").unlink(), id="an export is gone"),
        pytest.param(lambda root: (root / "data/mappings/own.toml").write_text("name = 'b'"), id="a mapping"),
        pytest.param(lambda root: (root / "agreement/terms.toml").write_text("x = 2"), id="a term"),
        pytest.param(lambda root: (root / "pipeline/build.py").write_text("pass"), id="the code"),
    ],
)
def test_every_input_counts(tmp_path, change):
    files = {
        "data/exports/leads.csv": "x",
        "data/mappings/own.toml": "name = 'a'",
        "agreement/terms.toml": "x = 1",
        "pipeline/build.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    shown = inputs.company(tmp_path)
    before = inputs.inputs_hash(shown, tmp_path)
    assert inputs.inputs_hash(shown, tmp_path) == before
    change(tmp_path)
    assert inputs.inputs_hash(shown, tmp_path) != before


def test_the_demo_company_is_written_anew_only_when_its_own_stamp_says_so(tmp_path):
    assert not inputs.demo_is_written(tmp_path, "code 1")
    (tmp_path / "leads.csv").touch()
    assert inputs.demo_is_written(tmp_path, "code 1"), "files a user wrote with other options stay"
    (tmp_path / inputs.DEMO_STAMP).write_text("code 1")
    assert inputs.demo_is_written(tmp_path, "code 1")
    assert not inputs.demo_is_written(tmp_path, "code 2")


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_somebody_listens_on_is_passed_over(address):
    with socket.socket() as other:
        other.bind((address, 0))
        other.listen()
        taken = other.getsockname()[1]
        assert run.free_port(taken) > taken
