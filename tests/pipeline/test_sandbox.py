"""The connection of the pages reads one file: no other file, no network, no setting and no Python variable.

Read-only alone is no sandbox, as the control at the end shows. Every attack runs on a real file with a secret beside
it; afterwards the folder must look as before.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import polars as pl
import pytest

import queries

SECRET = "SECRET-7"
ATTACKS = {
    "read a csv": "from read_csv('{folder}/secret.csv')",
    "read a csv by its name": "from '{folder}/secret.csv'",
    "read a system file": "from read_text('/etc/passwd')",
    "read bytes": "from read_blob('{folder}/secret.csv')",
    "read json": "from read_json('{folder}/secret.csv')",
    "read json lines": "from read_ndjson_objects('{folder}/secret.csv')",
    "read parquet": "from read_parquet('{folder}/secret.parquet')",
    "read parquet by its name": "from '{folder}/secret.parquet'",
    "read a parquet footer": "from parquet_metadata('{folder}/secret.parquet')",
    "read another database": "from read_duckdb('{folder}/other.duckdb')",
    "list a folder": "from glob('{folder}/*')",
    "sniff a csv": "from sniff_csv('{folder}/secret.csv')",
    "describe a csv": "describe '{folder}/secret.csv'",
    "summarize a csv": "summarize '{folder}/secret.csv'",
    "explain a csv": "explain analyze select * from read_text('{folder}/secret.csv')",
    "read inside query()": "from query('from read_text(''{folder}/secret.csv'')')",
    "read inside query_table()": "from query_table('{folder}/secret.csv')",
    "read through a variable": "set variable v = '{folder}/secret.csv'; from read_text(getvariable('v'))",
    "read through a prepared statement": "prepare q as from read_text('{folder}/secret.csv'); execute q",
    "read through a temporary view": "create temp view v as from read_text('{folder}/secret.csv')",
    "read through a macro": "create temp macro m() as table from read_text('{folder}/secret.csv'); from m()",
    "load a file into a table": "create temp table t (a text); copy t from '{folder}/secret.csv'",
    "write a csv": "copy canonical.people to '{folder}/stolen.csv'",
    "write parquet": "copy canonical.people to '{folder}/stolen.parquet'",
    "write to a device": "copy canonical.people to '/dev/stdout'",
    "write in a second statement": "select 1; copy canonical.people to '{folder}/stolen.csv'",
    "export the database": "export database '{folder}/stolen'",
    "import a database": "import database '{folder}'",
    "attach a database": "attach '{folder}/other.duckdb' as other",
    "attach a new database": "attach '{folder}/new.duckdb' as new",
    "attach over the network": "attach 'https://example.invalid/x.duckdb' as far",
    "read over the network": "from read_csv('https://example.invalid/x.csv')",
    "read over the network by its name": "from 'https://example.invalid/x.parquet'",
    "ask another server": "from postgres_scan('host=localhost', 'public', 't')",
    "ask another engine": "from sqlite_scan('{folder}/other.duckdb', 't')",
    "install an extension": "install httpfs",
    "install a community extension": "install gsheets from community",
    "load an extension": "load httpfs",
    "load a library": "load '{folder}/evil.duckdb_extension'",
    "update extensions": "update extensions",
    "read a Python variable": "from secret_frame",
    "read a Python variable inside query()": "from query('from secret_frame')",
    "allow access again": "set enable_external_access = true",
    "reset access": "reset enable_external_access",
    "unlock the settings": "set lock_configuration = false",
    "allow Python variables again": "set python_enable_replacements = true",
    "allow a folder": "set allowed_directories = ['/']",
    "allow a file": "set allowed_paths = ['/etc/passwd']",
    "load extensions silently": "set autoload_known_extensions = true",
    "take all memory": "set memory_limit = '1TB'",
    "spill elsewhere": "set temp_directory = '{folder}'",
    "log elsewhere": "set log_query_path = '{folder}/stolen.sql'",
    "profile elsewhere": "pragma profiling_output = '{folder}/stolen.json'",
    "move the home folder": "set home_directory = '{folder}'",
    "shift everybody's clock": "set global TimeZone = 'Pacific/Apia'",
    "keep a password": "create persistent secret s (type s3, key_id 'a', secret 'b')",
    "add a row": "insert into canonical.people values ('x')",
    "change a row": "update canonical.people set person_id = 'x'",
    "delete rows": "delete from canonical.people",
    "drop a table": "drop table canonical.people",
    "create a table": "create table canonical.more as select 1 as a",
    "replace by a view": "create or replace view canonical.people as select 1 as a",
    "read the environment": "select getenv('HOME')",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file with secrets beside it, as another program would leave them."""
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "secret.csv").write_text(f"a,b\n{SECRET},1\n", "utf-8")
    with duckdb.connect(str(folder / "other.duckdb")) as other:
        other.execute("create table t as select $secret as a", {"secret": SECRET})
        other.execute(f"copy t to '{folder}/secret.parquet'")
    with duckdb.connect(str(folder / "tandem-20261123-060000.duckdb")) as published:
        published.execute("create schema meta; create table meta.build as select 'Europe/Berlin' as zone")
        published.execute("create schema canonical; create table canonical.people as select 'p1' as person_id")
    return folder


@pytest.fixture(scope="module")
def connection(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with queries.connect(folder / "tandem-20261123-060000.duckdb") as connection:
        yield connection


@pytest.mark.parametrize("sql", [pytest.param(sql, id=name) for name, sql in ATTACKS.items()])
def test_an_attack_is_refused_and_leaves_no_trace(
    folder: Path, connection: duckdb.DuckDBPyConnection, sql: str
) -> None:
    before = sorted(folder.rglob("*"))
    secret_frame = pl.DataFrame({"a": [SECRET]})
    with connection.cursor() as cursor:
        with pytest.raises(duckdb.Error) as refusal:
            cursor.execute(sql.format(folder=folder)).fetchall()
        assert cursor.execute("select person_id from canonical.people").fetchall() == [("p1",)]
    assert SECRET not in str(refusal.value)
    assert sorted(folder.rglob("*")) == before
    assert secret_frame.height == 1


@pytest.mark.parametrize("name", ["read a csv", "list a folder", "write a csv", "read a Python variable"])
def test_read_only_alone_refuses_none_of_it(folder: Path, name: str) -> None:
    secret_frame = pl.DataFrame({"a": [SECRET]})
    with duckdb.connect(str(folder / "other.duckdb"), read_only=True) as careless:
        careless.execute(ATTACKS[name].format(folder=folder).replace("canonical.people", "t")).fetchall()
    (folder / "stolen.csv").unlink(missing_ok=True)
    assert secret_frame.height == 1


def test_eight_threads_with_a_cursor_each_get_their_own_rows(connection: duckdb.DuckDBPyConnection) -> None:
    def ask(number: int) -> bool:
        with connection.cursor() as cursor:
            rows = cursor.sql("select $n::int as n, i from range(3) as t(i)", params={"n": number}).pl()
        return rows["n"].to_list() == [number] * 3

    with ThreadPoolExecutor(8) as readers:
        assert all(readers.map(ask, range(1_600)))


@pytest.fixture
def endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A query that would run for hours."""
    header = "-- question: how long?\n-- reads: meta.build\n"
    sql = "select count(*) from range(1000000) as a, range(1000000) as b where hash(a.range, b.range) = 7"
    (tmp_path / "endless.sql").write_text(header + sql, "utf-8")
    monkeypatch.setattr(queries, "FOLDER", tmp_path)
    monkeypatch.setattr(queries, "LONGEST_SECONDS", 0.2)
    return "endless"


def test_an_endless_query_is_stopped_and_the_connection_goes_on(
    connection: duckdb.DuckDBPyConnection, endless: str
) -> None:
    with connection.cursor() as cursor:
        with pytest.raises(queries.QueryTooSlow, match="endless"):
            queries.run(cursor, endless)
        assert cursor.execute("select zone from meta.build").fetchall() == [("Europe/Berlin",)]
