"""The default demo company, written once per session."""

from __future__ import annotations

import pytest

from pipeline.demo import write

from .reading import Exports


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    folder = tmp_path_factory.mktemp("company")
    write(folder)
    return Exports(folder)
