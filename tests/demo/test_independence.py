"""The truth is worth something only if it shares no code with what it judges."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pipeline import demo

FILES = sorted(Path(demo.__file__).parent.glob("*.py"))
JUDGED = {"pipeline", "agreement", "measures", "queries", "findings", "holidays"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_demo_imports_nothing_it_is_meant_to_judge(path: Path) -> None:
    imported = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= 1, f"{path.name} reaches out of the package"
            if node.level == 0 and node.module:
                imported.add(node.module.split(".")[0])
    assert not imported & JUDGED
