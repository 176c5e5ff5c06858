"""Building once more from the same inputs, as a page asks for it after a decision."""

import json
import shutil

import pytest

from pipeline.again import build_again
from pipeline.build import build
from queries.published import LAST_CALL, build_files, published_file
from tests.conftest import tandem


@pytest.fixture
def company(few_exports, tmp_path):
    """Exports and a builds folder of its own, built by the command line."""
    exports, builds = tmp_path / "exports", tmp_path / "builds"
    shutil.copytree(few_exports, exports)
    tandem("build", "--exports", exports, "--builds", builds, "--as-of", "2026-11-23T05:00:00Z")
    return exports, builds


def test_the_same_call_publishes_a_new_file(company, monkeypatch, tmp_path):
    _exports, builds = company
    before = published_file(builds)
    monkeypatch.setenv("TANDEM_PROGRESS", str(tmp_path / "progress"))
    assert "Published" in tandem("again", "--builds", builds)
    assert published_file(builds) != before
    assert len(build_files(builds)) == 2
    assert json.loads((tmp_path / "progress").read_text())["share"] == 1.0
    assert json.loads((builds / LAST_CALL).read_text())["as_of"] == "2026-11-23T05:00:00+00:00"


@pytest.mark.parametrize("word", ["", "{", "[]", '{"exports": 7}', '{"exports": "x"}'])
def test_without_a_usable_word_nothing_is_built(company, word):
    _exports, builds = company
    before = published_file(builds)
    (builds / LAST_CALL).write_text(word)
    assert "from which exports" in build_again(builds).problems[0]
    assert published_file(builds) == before


def test_a_folder_that_is_gone_is_named(company):
    exports, builds = company
    shutil.rmtree(exports)
    assert str(exports) in build_again(builds).problems[0]


def test_a_failed_build_leaves_the_word_of_the_one_that_is_shown(company, tmp_path):
    _exports, builds = company
    (tmp_path / "empty").mkdir()
    assert build(tmp_path / "empty", builds).published is None
    assert build_again(builds).published is not None


def test_the_published_file_does_not_say_where_the_exports_lie(company):
    exports, builds = company
    assert str(exports).encode() not in published_file(builds).read_bytes()
