"""From a folder of exports to a published file: equal input gives equal tables, and nothing half is ever shown."""

from __future__ import annotations

import json
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.build import BuildResult
from queries.published import build_files, published_file
from tests.pipeline.company import CONTACT, DEAL, LEAD, ask, built, contacts, export, leads

HOLDS_THE_LOCK = """
import sys, time
from filelock import FileLock
lock = FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
time.sleep(600)
"""


def tables(file: Path) -> dict[str, tuple[int, str]]:
    """Rows and a hash over the set of rows, of every table that tells of the company."""
    names = ask(
        file,
        "select schema_name || '.' || table_name from duckdb_tables() where schema_name in ('canonical', 'mart')",
    )
    return {
        name: ask(file, f"select count(*), coalesce(sum(hash(t)), 0)::text from {name} as t")[0] for (name,) in names
    }


def last_attempt(folder: Path) -> dict:
    return json.loads((folder / "builds" / "last_attempt.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two builds of the same twenty leads in one folder of builds. Copy before use."""
    folder = tmp_path_factory.mktemp("company")
    leads(folder / "exports", 20)
    for _ in range(2):
        assert built(folder).published
    return folder


@pytest.fixture
def copy(company: Path, tmp_path: Path) -> Path:
    """The company as somebody else's: changes stay in this test. Same folder of exports by name, one build before."""
    shutil.copytree(company, tmp_path / "company")
    return tmp_path / "company"


# -- the same input gives the same tables


def test_one_bucket_or_seven_give_the_same_rows(demo_build: Path, demo_exports: Path, tmp_path: Path) -> None:
    (tmp_path / "exports").symlink_to(demo_exports)
    seven = built(tmp_path, buckets=7)
    one = tables(published_file(demo_build))
    assert len(one) > 20
    # The small company has fewer wins than Markov and Shapley are agreed to need.
    empty = {name for name, (count, _) in one.items() if not count}
    assert empty <= {"canonical.rejected_rows", "mart.notes", "mart.channel_credits"}
    assert tables(seven.published) == one


def test_the_same_input_twice_gives_the_same_tables_and_a_later_build_id(company: Path) -> None:
    first, second = build_files(company / "builds")
    assert first.name < second.name
    assert published_file(company / "builds") == second
    assert tables(first) == tables(second)
    assert ask(second, "select build_id from meta.history") == ask(first, "select build_id from meta.build")


def test_every_row_of_every_file_is_kept_rejected_or_a_repetition(demo_build: Path) -> None:
    sources = ask(
        published_file(demo_build),
        "select file, rows_read, rows_kept + rows_rejected + rows_duplicate, sha256 from meta.sources",
    )
    assert len(sources) > 10
    assert [(file, read) for file, read, *_ in sources] == [(file, told) for file, _, told, _ in sources]
    assert all(len(sha256) == 64 for *_, sha256 in sources)


def test_a_published_file_is_closed_and_alone(company: Path) -> None:
    for file in build_files(company / "builds"):
        with duckdb.connect(str(file), read_only=True) as connection:
            assert connection.execute("select count(*) from mart.leads").fetchall() == [(20,)]
    names = {file.name for file in (company / "builds").iterdir() if not file.name.startswith(".build")}
    own = {"CURRENT", "last_attempt.json", "last_call.json"}
    assert names == {file.name for file in build_files(company / "builds")} | own


# -- several exports of the same thing


def test_the_export_with_the_newest_record_tells_each_contact(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    contacts(exports, "b-older.csv", ("1", "2026-10-01", "A"), ("2", "2026-10-02", "A"), ("3", "2026-10-03", "A"))
    contacts(exports, "a-newer.csv", ("2", "2026-10-02", "B"), ("3", "2026-10-03", "B"), ("4", "2026-11-04", "B"))
    contacts(exports, "c-oldest.csv", ("1", "2026-10-01", "C"))
    result = built(tmp_path)
    assert ask(result, "select lead_id, segment from canonical.leads order by 1") == [
        ("1", "A"), ("2", "B"), ("3", "B"), ("4", "B"),
    ]  # fmt: skip
    assert ask(result, "select count(*) from canonical.people") == [(4,)]


def test_between_equally_new_exports_the_later_download_tells(tmp_path: Path) -> None:
    """A stage or segment may change while no new contact comes in."""
    for name, segment in (("(9)", "B"), ("(10)", "C"), ("", "A")):
        contacts(tmp_path / "exports", f"contacts {name}".strip() + ".csv", ("1", "2026-10-01", segment))
    assert ask(built(tmp_path), "select segment from canonical.leads") == [("C",)]


def test_the_same_file_under_two_names_changes_nothing(company: Path, copy: Path) -> None:
    shutil.copy(copy / "exports" / "leads.csv", copy / "exports" / "leads (1).csv")
    twice = built(copy)
    assert tables(twice.published) == tables(published_file(company / "builds"))
    told = dict(ask(twice, "select rows_duplicate, rows_kept from meta.sources"))
    assert told == {0: 20, 20: 0}


# -- what stops a publication


def refuses(folder: Path, because: Callable[[Path], object], **options: bool) -> BuildResult:
    """Something happens to the exports; the build before must stay the published one, whole."""
    before = published_file(folder / "builds")
    content = before.read_bytes()
    because(folder / "exports")
    result = built(folder, **options)
    assert result.published is None
    assert published_file(folder / "builds") == before
    assert before.read_bytes() == content
    assert last_attempt(folder)["status"] == "failed"
    assert last_attempt(folder)["problems"] == result.problems
    assert not list((folder / "builds").glob(".draft-*"))
    return result


def undecidable(exports: Path) -> None:
    """Days and months that could be either."""
    days = ["01/02/2026", "03/04/2026", "05/06/2026"]
    rows = [(n, "A", "B", f"a{n}@b.example", "Lead", day, "") for n, day in enumerate(days)]
    export(exports, "contacts.csv", CONTACT, rows)


def test_a_refused_file_stops_everything_and_says_what_to_write_where(copy: Path) -> None:
    result = refuses(copy, undecidable)
    [sentence] = result.problems
    assert "contacts.csv" in sentence
    assert "Create Date" in sentence
    assert 'date = "dmy"' in sentence
    without = built(copy, skip_refused=True)
    assert ask(without, "select count(*) from mart.leads") == [(20,)]
    assert ask(without, "select status from meta.sources where file = 'contacts.csv'") == [("refused",)]
    assert [note for note in without.notes if note.startswith("contacts.csv was left out")]
    assert last_attempt(copy)["status"] == "published"


def test_an_export_that_lost_most_of_its_rows_needs_a_yes(copy: Path) -> None:
    built(copy)  # the same folder a second time: only then is there something to compare with
    result = refuses(copy, lambda exports: leads(exports, 8))
    assert "20 rows in the build before, 8 now" in result.problems[0]
    accepted = built(copy, accept_volume=True)
    assert ask(accepted, "select count(*) from mart.leads") == [(8,)]


def test_a_full_disk_leaves_the_build_before(copy: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))  # a published file is larger than that
        result = refuses(copy, lambda exports: None)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "disk is full" in result.problems[0]


def test_an_empty_folder_and_a_folder_of_strangers_publish_nothing(tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    assert "docs/mappings.md" in built(tmp_path).problems[0]
    export(tmp_path / "exports", "recipes.csv", ("Dish", "Minutes"), [("Spätzle", 30)])
    assert built(tmp_path).published is None
    assert published_file(tmp_path / "builds") is None


# -- one builder at a time


@pytest.fixture
def other_builder(copy: Path) -> Iterator[subprocess.Popen]:
    """Another process that is building right now."""
    lock = copy / "builds" / ".build.lock"
    process = subprocess.Popen([sys.executable, "-c", HOLDS_THE_LOCK, lock], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    (copy / "builds" / ".builder").write_text(f"process {process.pid}, since 05:00 UTC", "utf-8")
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_second_builder_is_told_who_works_and_a_killed_one_stands_in_nobodys_way(
    copy: Path, other_builder: subprocess.Popen
) -> None:
    draft = copy / "builds" / ".draft-20261123-045959"
    draft.mkdir()
    result = built(copy)
    assert f"process {other_builder.pid}, since 05:00 UTC" in result.problems[0]
    assert draft.exists(), "what another builder writes is not touched"
    other_builder.send_signal(signal.SIGKILL)
    other_builder.wait()
    assert built(copy).published
    assert not draft.exists()


# -- odd companies


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> BuildResult:
    """Seven buckets: leads without company, deals without lead, a currency without rate, subsidiaries that buy."""
    folder = tmp_path_factory.mktemp("odd")
    day = "2026-10-05 10:00:00"
    subsidiaries = [(f"D{n}", f"subsidiary {n}", f"L{n}", "100.00", "EUR", day, day) for n in range(30)]
    lonely = [("lonely", "", "", "10.00", "EUR", day, ""), ("franc", "A1", "", "50.00", "CHF", day, day)]
    parents = [(f"L{n}", f"P{n}", f"parent {n}", "2026-10-01 09:00:00") for n in range(30)]
    alone = [("by person", "P77", "", "2026-10-02 09:00:00"), ("by nobody", "", "", "2026-10-02 09:00:00")]
    export(folder / "exports", "leads.csv", LEAD, [*parents, *alone])
    export(folder / "exports", "deals.csv", DEAL, [*subsidiaries, *lonely])
    return built(folder, buckets=7)


def test_who_has_no_company_is_a_company_of_their_own(odd: BuildResult) -> None:
    accounts = dict(ask(odd, "select lead_id, account_id from mart.leads where lead_id like 'by %'"))
    assert accounts == {"by person": "person:P77", "by nobody": "lead:by nobody"}
    assert ask(odd, "select account_id from mart.deals where deal_id = 'lonely'") == [("deal:lonely",)]


def test_a_deal_of_a_subsidiary_reaches_its_lead_whatever_the_bucket(odd: BuildResult) -> None:
    assert ask(odd, "select count(*), sum(amount)::int from mart.leads where closed_as = 'won'") == [(30, 3000)]


def test_a_deal_without_rate_is_kept_unconverted_and_listed(odd: BuildResult) -> None:
    columns = "amount, amount_original::int, currency_original, is_unconverted"
    assert ask(odd, f"select {columns} from mart.deals where deal_id = 'franc'") == [(None, 50, "CHF", True)]
    check = "select severity, status, rows from meta.checks where check_name = 'deals_without_rate'"
    assert ask(odd, check) == [("warn", "failed", 1)]
    revenue = "select sum(numerator)::int from mart.kpi_weeks where kpi = 'won_revenue'"
    assert ask(odd, revenue) == [(3000,)], "30 deals of 100 euro; francs are never counted as euro"


# -- another day


def test_an_earlier_day_knows_nothing_of_later_ones(tmp_path: Path) -> None:
    """Later rows wait in rejected_rows with their reason, so that the books still balance."""
    leads(tmp_path / "exports", 28)
    early = datetime(2026, 10, 10, 12, tzinfo=UTC)
    first, second = (built(tmp_path, as_of=early) for _ in range(2))
    assert tables(first.published) == tables(second.published)
    assert ask(first, "select count(*), max(created_at)::date::text from mart.leads") == [(11, "2026-10-11")]
    assert ask(first, "select count(*) from canonical.rejected_rows") == [(17,)]
    assert ask(first, "select as_of from meta.build") == [(early,)]


def test_exports_that_ended_long_ago_are_judged_at_their_end(tmp_path: Path) -> None:
    export(
        tmp_path / "exports", "deals.csv", (*DEAL, "expected_close_date"),
        [
            ("D1", "A", "", "100", "EUR", "2021-03-01 09:00:00", "2021-04-15 10:00:00", ""),
            ("D2", "A", "", "100", "EUR", "2021-03-02 09:00:00", "", "2021-09-30"),
        ],
    )  # fmt: skip
    result = built(tmp_path, as_of=None)
    assert ask(result, "select as_of from meta.build") == [(datetime(2021, 4, 15, 8, tzinfo=UTC),)]


def test_fresh_exports_are_judged_now(tmp_path: Path) -> None:
    before = datetime.now(UTC)
    yesterday = f"{before - timedelta(days=1):%Y-%m-%d %H:%M:%S}"
    export(tmp_path / "exports", "deals.csv", DEAL, [("D1", "A", "", "100", "EUR", yesterday, "")])
    [(as_of,)] = ask(built(tmp_path, as_of=None), "select as_of from meta.build")
    assert before <= as_of <= datetime.now(UTC)
