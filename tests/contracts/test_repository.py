"""What the repository may name: packages by hash, nothing of the machine or the people it was made on."""

import re
from pathlib import Path

import pytest

from tests.contracts.tree import ROOT, name, repository_files

TEXT = {".py", ".sql", ".toml", ".md", ".txt", ".lock", ".yaml", ".yml", ".po", ".pot", ".cfg", ".css", ".ini", ""}


def test_no_file_names_a_machine_or_an_unfinished_thought():
    """Paths of one computer, package indexes and notes to oneself have no place in what others clone."""
    patterns = {
        "a path of one machine": r"(?<![\w.{}$-])/(?:work|root|home/\w+|Users/\w+|opt|tmp/plan)/",
        "a package index": r"(?:index-url|find-links)\s*=|^--(?:extra-)?index-url|^--find-links",
        "an unfinished thought": r"\b(?:TODO|FIXME)\b",
    }
    found = [
        f"{name(file)}:{number}: {what}"
        for file in repository_files()
        if file.suffix in TEXT and file != Path(__file__)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        for what, pattern in patterns.items()
        if re.search(pattern, line)
    ]
    assert not found


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_lock_pins_every_package_by_hash_and_names_no_address(lock):
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    pinned = re.findall(r"^([a-z0-9._-]+)==\S+", text, re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(pinned) == len(blocks) > 50
    assert all("--hash=sha256:" in block for block in blocks)


def test_development_lock_holds_the_very_versions_of_the_runtime_lock():
    def pins(lock: str) -> set[str]:
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.lock") < pins("requirements-dev.lock")


@pytest.mark.parametrize("requirements", ["requirements.txt", "requirements-dev.txt"])
def test_lock_covers_the_requirements(requirements):
    lock = (ROOT / requirements.replace(".txt", ".lock")).read_text("utf-8")
    wanted = re.findall(r"^([a-z][a-z0-9_-]*)", (ROOT / requirements).read_text("utf-8"), re.MULTILINE)
    assert wanted
    assert not [package for package in wanted if f"\n{package}==" not in lock]
