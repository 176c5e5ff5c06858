"""What the tests share: a small demo company, exported and built once for all processes of a test run."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

import locales

ROOT = Path(__file__).resolve().parents[1]
LEADS, TOUCHES, SEED = 900, 9_000, 11
AS_OF = "2026-11-23T05:00:00Z"  # the moment the demo company is written for

# what people decided on this machine has no business in a test; a test that decides names a ledger of its own
os.environ["TANDEM_LEDGER"] = f"sqlite:///{tempfile.gettempdir()}/tandem-tests/no-ledger.sqlite"

# machines differ in speed; a property is about numbers, not about milliseconds
settings.register_profile("tandem", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("tandem")


def tandem(*arguments: object, fails: bool = False) -> str:
    """Runs `python -m pipeline …` as a user would and returns what it printed."""
    command = [sys.executable, "-m", "pipeline", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert bool(done.returncode) == fails, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(autouse=True)
def english() -> None:
    """Every test begins in English, whatever the test before it spoke."""
    locales.use("en")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder once per test run, however many processes ask for it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder = shared / name
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                draft = shared / f"{name}.draft"
                shutil.rmtree(draft, ignore_errors=True)
                draft.mkdir()
                fill(draft)
                draft.rename(folder)
        return folder

    return make


@pytest.fixture(scope="session")
def demo_exports(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder with the exports of a small demo company. Read only."""

    def fill(folder: Path) -> None:
        tandem("demo", "--out", folder, "--leads", LEADS, "--touches", TOUCHES, "--seed", SEED)

    return once("demo_exports", fill)


@pytest.fixture(scope="session")
def few_exports(once: Callable[[str, Callable[[Path], object]], Path], demo_exports: Path) -> Path:
    """The demo's contacts, deals and colleagues alone, for tests that build often. Read only."""

    def fill(folder: Path) -> None:
        for name in ("hubspot-crm-exports-contacts.csv", "hubspot-crm-exports-deals.csv", "hubspot-users.csv"):
            shutil.copy2(demo_exports / name, folder)

    return once("few_exports", fill)


@pytest.fixture(scope="session")
def demo_build(once: Callable[[str, Callable[[Path], object]], Path], demo_exports: Path) -> Path:
    """A builds folder with one published file, made from `demo_exports`. Read only."""

    def fill(folder: Path) -> None:
        tandem("build", "--exports", demo_exports, "--builds", folder, "--as-of", AS_OF)

    return once("demo_build", fill)


@pytest.fixture
def showing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Makes a builds folder the one the pages show, beside an empty ledger. Nothing is cached from another test, and no
    file stays open: DuckDB refuses a second connection of a process to one file if it is configured otherwise."""
    import streamlit

    def forget() -> None:
        streamlit.cache_data.clear()
        streamlit.cache_resource.clear()

    def show(builds: Path) -> Path:
        monkeypatch.setenv("TANDEM_BUILDS", str(builds))
        monkeypatch.setenv("TANDEM_LEDGER", f"sqlite:///{tmp_path / 'ledger.sqlite'}")
        forget()
        return builds

    yield show
    forget()


@pytest.fixture
def shown_build(demo_build: Path, showing: Callable[[Path], Path]) -> Path:
    """The demo build as the one the pages show."""
    return showing(demo_build)
