"""How fast do pages answer: every query they ask, on two threads, and a rerun of each page as a whole?

    python -m benchmarks.pages --builds DIR [--reruns 15] [--pages attribution receipt]

Opens every page in its views on the newest published file in DIR, notes what it asks, and prints the median and 95th
percentile in ms of each query, asked again without any cache, and of each rerun: wall clock, and CPU of the process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path
from typing import Any

import streamlit as st
from rich.console import Console
from rich.table import Table
from streamlit.testing.v1 import AppTest

import queries
from queries.published import published_file

ROOT = Path(__file__).resolve().parents[1]
VIEWS: dict[str, list[dict[str, str]]] = {
    "pages/results/funnel.py": [{}, {"view": "cohort"}, {"period": "all"}, {"view": "cohort", "period": "all"}],
    "pages/results/attribution.py": [{}, {"period": "all"}, {"basis": "open"}],
    "pages/results/campaigns.py": [{}, {"period": "all"}, {"campaigns": "started"}, {"clock": "touch"}],
    "pages/results/receipt.py": [{}, {"period": "all"}],
}
"""Views of a page that ask other questions than the page as it opens."""
Asked = dict[tuple[str, str], dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builds", type=Path, default=Path("data/builds"))
    parser.add_argument("--reruns", type=int, default=15)
    parser.add_argument("--pages", nargs="+", help="only pages of these words")
    arguments = parser.parse_args()
    file = published_file(arguments.builds)
    if file is None:
        raise SystemExit(f"nothing is published in {arguments.builds}")
    os.environ["TANDEM_BUILDS"] = str(arguments.builds)
    asked: Asked = {}
    pages = Table("page", "view", "wall ms", "p95", "CPU ms", "p95", title="A rerun of a page")
    pages_of_app = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*/*.py"))
    for page in pages_of_app:
        if arguments.pages and Path(page).stem not in arguments.pages:
            continue
        for view in VIEWS.get(page, [{}]):
            wall, cpu = _reruns(page, view, asked, arguments.reruns)
            pages.add_row(page, " ".join(f"{word}={value}" for word, value in view.items()), *wall, *cpu)
    st.cache_resource.clear()  # closes the pages' connection: one process opens a file one way at a time
    with queries.connect(file, threads=2) as connection:
        leads = connection.execute("select count(*) from mart.leads").fetchall()[0][0]
        answers = Table("query", "rows", "median ms", "p95", title=f"Queries on {leads:,} lead cycles, two threads")
        for (name, _params), params in sorted(asked.items()):
            answers.add_row(name, *_answers(connection, name, params, arguments.reruns))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    console = Console(width=120)
    console.print(answers, pages, f"load of the machine (1, 5, 15 minutes): {load}; cores: {os.cpu_count()}")


def _reruns(page: str, view: dict[str, str], asked: Asked, count: int) -> tuple[list[str], list[str]]:
    """Wall and CPU ms of a page that is open and is run again with nothing changed, as after a click."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for word, value in view.items():
        app.query_params[word] = value
    with Noting(asked):
        app.run()
        app.switch_page(page).run()
    if app.exception:
        raise SystemExit(f"{page}: {app.exception[0].value}")
    wall, cpu = [], []
    for _number in range(count):
        began, used = time.perf_counter(), time.process_time()
        app.run()
        wall.append(time.perf_counter() - began)
        cpu.append(time.process_time() - used)
    return _in_ms(wall), _in_ms(cpu)


class Noting:
    """Notes every query that reaches the database."""

    def __init__(self, asked: Asked) -> None:
        self._asked, self._run = asked, queries.run

    def __enter__(self) -> None:
        def run(cursor: Any, name: str, **params: Any) -> Any:
            self._asked[name, repr(sorted(params.items(), key=str))] = params
            return self._run(cursor, name, **params)

        queries.run = run

    def __exit__(self, *_: object) -> None:
        queries.run = self._run


def _answers(connection: Any, name: str, params: dict[str, Any], count: int) -> list[str]:
    times: list[float] = []
    for _number in range(count):
        began = time.perf_counter()
        with connection.cursor() as cursor:
            rows = queries.run(cursor, name, **params).height
        times.append(time.perf_counter() - began)
    return [f"{rows:,}", *_in_ms(times)]


def _in_ms(seconds: list[float]) -> list[str]:
    ordered = sorted(seconds)
    return [f"{1000 * value:.1f}" for value in (statistics.median(ordered), ordered[int(0.95 * (len(ordered) - 1))])]


if __name__ == "__main__":
    main()
