"""A builder killed at any moment leaves a whole, published file and does not stand in the way of the next build."""

import random
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from queries.published import published_file
from tests.conftest import AS_OF, ROOT, tandem

TABLES = ("canonical.leads", "canonical.touches", "mart.leads", "mart.deals", "mart.kpi_weeks", "meta.checks")


def builder(exports: Path, builds: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "pipeline", "build", "--exports", exports, "--builds", builds, "--as-of", AS_OF]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def content(file: Path) -> dict[str, tuple[int, int]]:
    """Rows and a sum over the hashes of all rows, by table. Reads every byte, so damage is seen."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return {
            table: connection.execute(f"select count(*), sum(hash(t))::varchar from {table} as t").fetchone()
            for table in TABLES
        }


def kill_at_random(exports: Path, builds: Path, kills: int, seed: int) -> int:
    """Starts builds and kills each at a random moment of its life; returns how many were killed before their end."""
    moments = random.Random(seed)
    whole = builder(exports, builds)
    wait_until_it_works(whole, builds, before=set())
    started = time.monotonic()
    assert whole.wait() == 0
    seconds_of_work = time.monotonic() - started
    truth = content(published_file(builds))
    killed = 0
    for _ in range(kills):
        before = drafts(builds)
        process = builder(exports, builds)
        wait_until_it_works(process, builds, before)
        time.sleep(moments.uniform(0, 0.9 * seconds_of_work))
        killed += process.poll() is None
        process.kill()
        process.wait()
        assert content(published_file(builds)) == truth
    return killed


def drafts(builds: Path) -> set[str]:
    return {path.name for path in builds.glob(".draft-*")}


def wait_until_it_works(process: subprocess.Popen, builds: Path, before: set[str]) -> None:
    """Returns when the builder has a draft of its own: a kill before that would only hit the start of Python."""
    while process.poll() is None and not drafts(builds) - before:
        time.sleep(0.005)


def assert_next_build_cleans_up(exports: Path, builds: Path) -> None:
    tandem("build", "--exports", exports, "--builds", builds, "--as-of", AS_OF)
    assert not list(builds.glob(".draft-*"))
    assert not list(builds.glob("*.wal"))


def test_a_killed_build_leaves_the_published_file_and_the_next_one_works(few_exports, tmp_path):
    assert kill_at_random(few_exports, tmp_path, kills=3, seed=5) > 0
    assert_next_build_cleans_up(few_exports, tmp_path)


@pytest.mark.soak
def test_two_hundred_kills(few_exports, tmp_path):
    assert kill_at_random(few_exports, tmp_path, kills=200, seed=7) > 100
    assert_next_build_cleans_up(few_exports, tmp_path)


def test_two_builders_at_once_and_exactly_one_works(few_exports, tmp_path):
    first, second = builder(few_exports, tmp_path), builder(few_exports, tmp_path)
    assert sorted([first.wait(), second.wait()]) == [0, 1]
    assert len(list(tmp_path.glob("tandem-*.duckdb"))) == 1
