"""The plan of the house: who may lean on whom, and what no file may hold."""

import ast
import re
import sys
from pathlib import Path

import pytest

from tests.contracts.tree import ROOT, imports, name, python_files, repository_files, syntax

# What each folder may import besides Python's own library and itself.
MAY_IMPORT = {
    "measures": {"numpy", "scipy", "statsmodels", "polars", "holidays"},
    "agreement": {"measures", "pydantic", "pydantic_core", "sqlalchemy", "typer", "rich"},
    "queries": {"duckdb", "polars"},
    "pipeline": {
        "agreement", "measures", "queries",
        "duckdb", "polars", "pyarrow", "dataframely", "numpy", "scipy",
        "pydantic", "openpyxl", "defusedxml", "xlsxwriter", "filelock", "typer", "rich", "babel",
    },
    "locales": {"babel"},
    "findings": {"measures", "agreement", "locales", "polars", "numpy"},
    "charts": {"plotly", "polars", "findings", "locales"},
    "reports": {
        "queries", "findings", "charts", "agreement", "locales", "polars", "pptx", "xlsxwriter", "typer", "filelock",
    },
    "ui": {
        "queries", "agreement", "measures", "findings", "charts", "locales", "reports",
        "streamlit", "starlette", "plotly", "polars", "pandas", "pyarrow", "duckdb", "babel", "xlsxwriter", "rapidfuzz",
    },
    "pages": {"ui", "findings", "charts"},
    "app": {"ui"},
    "server": {"ui", "streamlit", "starlette"},
}  # fmt: skip
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}
LONG, TOO_LONG, LONG_SHARE = 300, 400, 0.05


def of_folder(folder: str) -> list[Path]:
    return [ROOT / f"{folder}.py"] if folder in {"app", "server"} else python_files(folder)


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_folder_leans_on_nothing_but_its_foundations(folder):
    allowed = MAY_IMPORT[folder] | {folder} | set(sys.stdlib_module_names)
    strangers = {
        f"{name(file)} imports {module}"
        for file in of_folder(folder)
        if file.exists()
        for module in imports(file)
        if module.split(".")[0] not in allowed
    }
    assert not strangers


def test_every_folder_with_code_has_its_rule():
    folders = {name(file).split("/")[0].removesuffix(".py") for file in python_files()}
    assert folders - {"tests", "benchmarks", "docs"} <= set(MAY_IMPORT)


def test_the_demo_truth_shares_nothing_with_what_it_judges():
    ours = set(MAY_IMPORT) | {"tests"}
    shared = {
        f"{name(file)} imports {module}"
        for file in python_files("pipeline/demo")
        for module in imports(file)
        if module.split(".")[0] in ours and not module.startswith("pipeline.demo")
    }
    assert not shared


def test_no_file_lies_directly_in_pages():
    """A deep link to such a page would be served without app.py: no language, no menu, no sign-in."""
    assert [file.name for file in (ROOT / "pages").glob("*") if file.is_file()] == []


PAGES = pytest.mark.parametrize("page", python_files("pages"), ids=name)
FRAME_WORK = {"group_by", "with_columns", "join_asof", "pivot", "agg", "to_pandas"}


@PAGES
def test_page_fits_on_a_screen(page):
    assert 15 <= len(page.read_text("utf-8").splitlines()) <= 60


@PAGES
def test_page_holds_no_query_and_no_frame_work(page):
    texts = [node.value for node in ast.walk(syntax(page)) if isinstance(node, ast.Constant)]
    assert not [text for text in texts if isinstance(text, str) and re.search(r"(?is)\bselect\b.+\bfrom\b", text)]
    assert not [n.attr for n in ast.walk(syntax(page)) if isinstance(n, ast.Attribute) and n.attr in FRAME_WORK]


@PAGES
def test_page_says_nothing_outside_the_translation(page):
    """A string with a blank between two words is a sentence, unless it is the docstring or goes through `_()`."""
    tree = syntax(page)
    translated = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "ngettext"}
        for part in ast.walk(call)
    }
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef) and node.body and isinstance(node.body[0], ast.Expr)
    }
    spoken = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}", node.value)
        and id(node) not in translated | docstrings
    ]
    assert not spoken


@pytest.mark.parametrize(
    ("forbidden", "where", "why"),
    [
        ("unsafe_" + "allow_html", "", "a name from a CRM would become HTML"),
        ("st." + "table(", "", "renders names as Markdown"),
        ("plotly." + "express", "", "eight times slower than graph_objects"),
        ("cache_" + "data", "ui", "caching has one home"),
        ("cache_" + "resource", "ui", "caching has one home"),
        ("session_" + "state", "ui", "session state has one home"),
    ],
)
def test_code_does_without(forbidden, where, why):
    guilty = [
        name(file)
        for file in python_files()
        if forbidden in file.read_text("utf-8")
        and not name(file).startswith(("tests/", "benchmarks/", where or "tests/"))
    ]
    assert not guilty, why


@pytest.mark.parametrize("folder", ["measures", "findings", "charts", "pipeline/marts", "agreement"])
def test_pure_code_asks_no_clock(folder):
    """`as_of` is a parameter: the same input gives the same numbers tomorrow. The ledger alone writes down when."""
    clocks = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("datetime", "today"), ("time", "time")}
    asked = [
        f"{name(file)}:{node.lineno}"
        for file in python_files(folder)
        if name(file) != "agreement/ledger.py"
        for node in ast.walk(syntax(file))
        if isinstance(node, ast.Attribute) and (getattr(node.value, "id", ""), node.attr) in clocks
    ]
    assert not asked


def test_no_drawer_for_odds_and_ends():
    assert not [name(file) for file in repository_files() if DRAWERS & {*file.relative_to(ROOT).parts, file.stem}]


def test_files_stay_readable():
    lengths = {name(file): len(file.read_text("utf-8").splitlines()) for file in python_files()}
    assert {file: lines for file, lines in lengths.items() if lines > TOO_LONG} == {}
    long = [file for file, lines in lengths.items() if lines > LONG]
    assert len(long) <= LONG_SHARE * len(lengths), long


def test_every_file_says_what_it_is_for():
    silent = [name(file) for file in python_files() if file.stat().st_size and not ast.get_docstring(syntax(file))]
    assert not [file for file in silent if not file.startswith("tests/")]
