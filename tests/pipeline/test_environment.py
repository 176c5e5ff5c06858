"""The environment: made once, anew when the lock changes, and silent about where packages come from."""

import re

import pytest

from pipeline import environment
from tests.conftest import ROOT


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """An empty clone with two locks; installing is recorded instead of done."""
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text(f"{lock} 1")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(environment, "ENV_PYTHON", tmp_path / "python")
    installed = []

    def install(lock, fresh):
        (tmp_path / "python").touch()
        installed.append((lock.name, "fresh" if fresh else "on top"))
        return True

    monkeypatch.setattr(environment, "_install_with_uv", install)
    return tmp_path, installed


def test_environment_is_made_once_and_tests_add_to_it(clone):
    _, installed = clone
    environment.prepare(dev=False)
    environment.prepare(dev=False)
    environment.prepare(dev=True)
    environment.prepare(dev=False)
    environment.prepare(dev=True)
    assert installed == [("requirements.lock", "fresh"), ("requirements-dev.lock", "on top")]


def test_environment_is_made_anew_when_the_lock_changes_or_python_is_gone(clone):
    root, installed = clone
    environment.prepare(dev=False)
    (root / "requirements.lock").write_text("another version")
    environment.prepare(dev=False)
    (root / "python").unlink()
    environment.prepare(dev=False)
    assert installed == [("requirements.lock", "fresh")] * 3


def test_pip_takes_over_where_uv_fails_and_a_failure_of_both_is_said(clone, monkeypatch):
    root, _ = clone
    monkeypatch.setattr(environment, "_install_with_uv", lambda lock, fresh: False)
    tried = []
    monkeypatch.setattr(environment, "_install_with_pip", lambda lock: tried.append(lock.name) or len(tried) > 1)
    with pytest.raises(environment.CannotPrepare, match="could not be installed"):
        environment.prepare(dev=False)
    assert not (root / "stamp").exists()
    environment.prepare(dev=False)
    assert tried == ["requirements.lock"] * 2


def test_what_an_installer_says_on_failure_names_no_address(capsys):
    script = "print('Could not fetch https://someone:secret@packages.example/simple/polars/'); raise SystemExit(1)"
    assert not environment._succeeds([environment.sys.executable, "-c", script])
    said = capsys.readouterr().err
    assert "Could not fetch <address>" in said
    assert "secret" not in said
    assert "packages.example" not in said


def test_the_file_runs_before_any_package_is_there():
    imported = set(
        re.findall(r"^(?:import|from) (\w+)", (ROOT / "pipeline/environment.py").read_text("utf-8"), re.MULTILINE)
    )
    assert imported <= set(environment.sys.stdlib_module_names)


def test_a_browser_that_cannot_be_installed_is_asked_for_in_one_sentence(monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("TANDEM_CHROMIUM", raising=False)
    monkeypatch.setattr(environment.os, "geteuid", lambda: 1000)
    with pytest.raises(environment.CannotPrepare, match="apt-get install chromium"):
        environment.provide_browser()
