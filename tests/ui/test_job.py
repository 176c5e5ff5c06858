"""Long work beside the page: seen by everybody, joined by a second click, stopped with all it started."""

import os
import sys
import time
from pathlib import Path

import pytest

from ui.job import Jobs

SLOW = """
import os, subprocess, sys, time
from pathlib import Path
from pipeline.terminal import progress_bar
with progress_bar("Counting") as show:
    show("Counting [sheep]", 0.25)
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    Path(os.environ["CHILD"]).write_text(str(child.pid))
    time.sleep(60)
"""
FAILING = "import sys; print('half', flush=True); print('deals.csv: no header', file=sys.stderr); sys.exit(1)"


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """`python -m slow`, `python -m failing` as the commands of a server that is closed in the end."""
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "failing.py").write_text(FAILING)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}")
    monkeypatch.setenv("CHILD", str(tmp_path / "child"))
    started = Jobs()
    yield started
    started.stop_all()


def until(holds, seconds=30):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def test_a_second_click_joins_and_stopping_ends_what_it_started(jobs, tmp_path):
    job = jobs.start("effect", ["slow"])
    assert jobs.start("effect", ["slow"]) is job
    until(lambda: (tmp_path / "child").exists() and (tmp_path / "child").read_text())
    assert job.state == "running"
    assert job.progress == ("Counting [sheep]", 0.25)
    job.stop()
    assert job.state == "stopped"
    until(lambda: not is_alive(int((tmp_path / "child").read_text())))
    job.stop()
    assert jobs.start("effect", ["failing"]) is not job


def test_a_failed_job_says_why(jobs):
    job = jobs.start("rebuild", ["failing"])
    until(lambda: job.state != "running")
    assert (job.state, job.said, job.problems) == ("failed", "half\n", ["deals.csv: no header"])


def test_nothing_is_left_of_a_forgotten_job(jobs):
    job = jobs.start("rebuild", ["failing"])
    jobs.forget("rebuild")
    assert jobs.find("rebuild") is None
    assert not job.folder.exists()
    jobs.forget("rebuild")


def test_a_job_that_said_nothing_yet_stands_at_nothing(jobs):
    job = jobs.start("slow", ["failing"])
    assert job.progress == ("", 0.0)
    assert sys.executable in job.process.args[0]
