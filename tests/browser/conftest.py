"""A real server and a real browser: the dashboard as a person gets it."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    TimeoutError,
    sync_playwright,
)

from pipeline.environment import BROWSERS
from pipeline.run import free_port
from tests.conftest import ROOT

FIRST_PORT = 8700
PATIENCE_MS = 60_000
# a browser that stays at home: no updates, no background look-ups
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


@dataclass
class Server:
    """A running dashboard: its address and what it wrote to its log."""

    url: str
    log: Path

    def complaints(self) -> list[str]:
        """Lines of the log that a person who runs the dashboard would worry about."""
        lines = self.log.read_text("utf-8").splitlines()
        return [
            line for line in lines if any(word in line.lower() for word in ("warn", "error", "traceback", "exception"))
        ]

    def last_words(self) -> str:
        """The end of the log, for the message of a failing test."""
        return "\n".join(self.log.read_text("utf-8").splitlines()[-20:])


@contextmanager
def serving(builds: Path, log: Path) -> Iterator[Server]:
    """The dashboard on a port of its own, showing what is published in `builds`."""
    port = free_port(FIRST_PORT + 100 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]))
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "server.py",
        "--server.address=127.0.0.1",
        f"--server.port={port}",
    ]
    environment = os.environ | {
        "TANDEM_BUILDS": str(builds),
        "TANDEM_LEDGER": f"sqlite:///{log.parent / 'ledger.sqlite'}",
    }
    url = f"http://127.0.0.1:{port}"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            wait_until_healthy(process, url, log)
            yield Server(url, log)
        finally:
            process.terminate()
            process.wait(10)


def wait_until_healthy(process: subprocess.Popen, url: str, log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text("utf-8")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(log.read_text("utf-8"))


@pytest.fixture(scope="session")
def dashboard(demo_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo company's dashboard."""
    with serving(demo_build, tmp_path_factory.mktemp("server") / "log") as server:
        yield server


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, or the one named in TANDEM_CHROMIUM."""
    found = os.environ.get("TANDEM_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    assert found, "Chromium is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Visit:
    """One browser window, and everything it complained about or fetched from elsewhere."""

    context: BrowserContext
    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("warning", "error"):
            self.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def open(self, path: str = "/", **params: str) -> Page:
        """Opens a page of the dashboard and waits until it is drawn."""
        query = "&".join(f"{name}={value}" for name, value in params.items())
        self.page.goto(f"{self.home}{path}?{query}", timeout=PATIENCE_MS)
        return self.settle()

    def settle(self) -> Page:
        """Waits until the script has run and every chart is drawn."""
        self.page.wait_for_selector(
            '[data-testid="stMainBlockContainer"] h1, [data-testid="stHeading"]', timeout=PATIENCE_MS
        )
        self.page.wait_for_function(
            """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'
                  && !document.querySelector('[data-testid="stSkeleton"]')
                  && [...document.querySelectorAll('.js-plotly-plot')].every(p => p.querySelector('.main-svg'))""",
            timeout=PATIENCE_MS,
        )
        return self.page

    def unfold(self, box: Locator) -> Locator:
        """Opens a select box and returns its options. Scrolling closes its list again, so a person tries twice."""
        options = self.page.get_by_role("option")
        for _ in range(10):
            box.scroll_into_view_if_needed()
            self.settle()
            box.press("ArrowDown")
            try:
                options.first.wait_for(timeout=3_000)
                return options
            except TimeoutError:
                box.press("Escape")
        raise AssertionError(f"no list of options: {box}")


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens windows: `visit(server, locale="de-DE", color_scheme="dark", viewport=…)`."""
    contexts: list[BrowserContext] = []

    def begin(server: Server, **options: object) -> Visit:
        context = chromium.new_context(**options)
        contexts.append(context)
        begun = Visit(context, context.new_page(), server.url)
        begun.page.on("console", begun.hear)
        begun.page.on("pageerror", lambda error: begun.complaints.append(f"page error: {error}"))
        begun.page.on("request", lambda r: None if is_at_home(r.url, server.url) else begun.strangers.append(r.url))
        return begun

    yield begin
    for context in contexts:
        context.close()


def is_at_home(url: str, home: str) -> bool:
    return url.startswith((home, home.replace("http", "ws"), "data:", "blob:"))
