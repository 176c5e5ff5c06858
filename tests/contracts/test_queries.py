"""Every line of a query's header is held against the engine, on a published file of the demo company."""

import re
from datetime import UTC, date, datetime

import duckdb
import pytest

import queries
from agreement.kpis import KPIS
from agreement.wording import CHAPTERS, WORDING
from queries import HeaderError, Query, QueryTooSlow, connect, load, parse, run
from queries.__main__ import METRICS, metrics
from queries.published import published_file

NAMES = queries.all_names()
ON_SCREEN = [name for name in NAMES if not name.startswith("audits/")]
VALUES = {
    "date": date(2026, 4, 1), "varchar": "no such value", "bigint": 1, "double": 0.5, "boolean": True,
    "timestamp with time zone": datetime(2026, 4, 1, tzinfo=UTC),
}  # fmt: skip


@pytest.fixture(scope="module")
def published(demo_build):
    with connect(published_file(demo_build)) as connection:
        yield connection


def body_of(query: Query) -> str:
    """The SQL without comments, literals and quoted names."""
    return re.sub(r"--.*|'[^']*'|\"[^\"]*\"", "", query.sql)


@pytest.mark.parametrize("name", NAMES)
def test_reads_names_every_table_and_no_other(name):
    query = load(name)
    assert set(query.reads) == set(re.findall(r"\b(?:canonical|mart|meta)\.\w+", body_of(query)))


@pytest.mark.parametrize("name", NAMES)
def test_params_are_the_ones_the_query_uses(name):
    query = load(name)
    assert {parameter for parameter, _ in query.params} == set(re.findall(r"\$(\w+)", body_of(query)))


@pytest.mark.parametrize("name", ON_SCREEN)
def test_returns_the_columns_and_types_it_promises(name, published):
    query = load(name)
    values = {parameter: None for parameter, _ in query.params}
    found = published.cursor().sql(query.sql, params=values or None)
    assert list(query.returns) == [
        (column, str(kind).lower()) for column, kind in zip(found.columns, found.types, strict=True)
    ]


@pytest.mark.parametrize("name", ON_SCREEN)
def test_answers_with_values_and_without(name, published):
    query = load(name)
    run(published.cursor(), name)
    run(published.cursor(), name, **{parameter: VALUES[kind] for parameter, kind in query.params})


@pytest.mark.parametrize("name", ON_SCREEN)
def test_header_is_complete(name):
    query = load(name)
    assert query.question.endswith("?")
    assert query.grain.startswith("one row")
    assert query.definition.endswith(".")
    assert query.returns


@pytest.mark.parametrize("name", NAMES)
def test_one_statement_in_small_letters(name):
    assert len(duckdb.extract_statements(load(name).sql)) == 1
    body = body_of(load(name))
    assert body == body.lower()


@pytest.mark.parametrize("name", NAMES)
def test_division_guards_against_zero(name):
    assert not re.findall(r"//?+(?!\s*(?:nullif\(|\d))", body_of(load(name))), (
        "x / nullif(y, 0): dividing by zero gives infinity"
    )


@pytest.mark.parametrize("name", [name for name in ON_SCREEN if load(name).terms])
def test_terms_exist(name):
    assert set(load(name).terms) <= {*WORDING, *CHAPTERS}


@pytest.mark.parametrize("name", [name for name in NAMES if load(name).kpis])
def test_figures_are_agreed_ones(name):
    assert set(load(name).kpis) <= set(KPIS)


def test_metrics_page_is_current():
    assert METRICS.read_text("utf-8") == metrics(), "run `python -m queries` to write docs/metrics.md anew"


@pytest.mark.parametrize(
    "attack",
    [
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from sniff_csv('/etc/passwd')",
        "copy (select 1) to '/tmp/out.csv'",
        "export database '/tmp/out'",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "create table mart.mine (a int)",
        "delete from mart.leads",
        "select * from secret_frame",
    ],
)
def test_connection_reaches_nothing_but_its_file(attack, published):
    secret_frame = "never seen by a query"
    assert secret_frame
    with pytest.raises(duckdb.Error):
        published.cursor().execute(attack).fetchall()


def test_a_query_that_does_not_end_is_stopped(published, monkeypatch):
    monkeypatch.setattr(queries, "LONGEST_SECONDS", 0.2)
    endless = parse(
        "endless", "-- question: ?\n-- reads: x\nselect sum(a.range) from range(10000000) a, range(10000000) b"
    )
    monkeypatch.setattr(queries, "load", lambda name: endless)
    with pytest.raises(QueryTooSlow):
        run(published.cursor(), "endless")
    monkeypatch.undo()
    assert run(published.cursor(), "frame/build").height == 1


def test_undeclared_parameters_are_left_out(published):
    assert run(published.cursor(), "frame/build", team="Nord").height == 1


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        pytest.param("select 1", "-- question:", id="no header"),
        pytest.param(
            "-- question: What?\n-- reads: a.b\n-- params: team\nselect 1", "`team`", id="parameter without type"
        ),
    ],
)
def test_header_that_cannot_be_read_says_why(header, complaint):
    with pytest.raises(HeaderError, match=re.escape(complaint)):
        parse("some/query", header)


def test_continued_lines_and_brackets_are_understood():
    query = parse(
        "a",
        "-- question: Who\n--   asks?\n-- reads: b.c\n-- params: team text (null = all, or one), day date\nselect 1",
    )
    assert query.question == "Who asks?"
    assert query.params == (("team", "varchar"), ("day", "date"))
