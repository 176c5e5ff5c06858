"""The effect of a proposal is the difference of two builds, worked out beside them before anybody signs."""

import ast
import json
import shutil
from datetime import date, datetime, timedelta

import duckdb
import polars as pl
import pytest
from filelock import FileLock
from polars.testing import assert_frame_equal

from agreement import Agreement, load
from agreement.document import to_toml
from agreement.entries import Actor
from agreement.ledger import Ledger
from agreement.signing import draft
from agreement.what_if import as_if
from pipeline.agreed import OnRecord
from pipeline.build import build
from pipeline.comparison import compared
from pipeline.effect import KEPT_RESULTS, NoTrial, effect, forget_old_trials
from pipeline.marts import MARTS
from pipeline.trial import NEEDED_BEFORE, judge_again, reads_alike
from queries.published import published_file
from queries.trials import effect_of, effects
from tests.conftest import AS_OF, ROOT, tandem

MOMENT = datetime.fromisoformat(AS_OF)
UNTIL, SINCE = date(2026, 11, 23), date(2026, 8, 31)
FRAMES = ("kpis", "kpi_weeks", "credits", "changes", "records")


@pytest.fixture(scope="module")
def company(demo_exports, tmp_path_factory):
    """A builds folder with the demo built from exports that lie still."""
    builds = tmp_path_factory.mktemp("effect")
    result = build(demo_exports, builds, as_of=MOMENT)
    assert result.published, result.problems
    return builds


@pytest.fixture
def copied(company, tmp_path):
    """The same builds in a folder that a test may change."""
    return shutil.copytree(company, tmp_path / "builds", ignore=shutil.ignore_patterns("trials"))


def demo_agreement(demo_exports) -> Agreement:
    return load(demo_exports / "agreement.toml")


def proposing(demo_exports, day: str, **sections: dict) -> Agreement:
    """The demo's agreement with an amendment."""
    document = demo_agreement(demo_exports).document
    return Agreement({**document, "amendment": [*document["amendment"], {"valid_from": day, **sections}]})


def rows(file, mart) -> list[tuple]:
    order = ", ".join(f'"{key}"' for key in mart.key)
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        return connection.execute(f"from mart.{mart.name} order by {order}").fetchall()


@pytest.mark.parametrize("buckets", [1, 7])
def test_judging_the_published_tables_again_gives_the_published_marts(company, demo_exports, tmp_path, buckets):
    published = published_file(company)
    file = judge_again(
        published, tmp_path / "again", demo_agreement(demo_exports), OnRecord(), MOMENT, lambda share: None, buckets
    )
    found = compared(published, file, SINCE, UNTIL, "Europe/Berlin")
    assert found["changes"].is_empty(), found["changes"]
    if buckets == 1:
        different = [mart.name for mart in MARTS if rows(file, mart) != rows(published, mart)]
        assert different == []


def built_by_hand(exports, folder, agreement: Agreement):
    folder.mkdir()
    (folder / "agreement.toml").write_text(to_toml(agreement), "utf-8")
    result = build(exports, folder, agreement=folder / "agreement.toml", as_of=MOMENT)
    assert result.published, result.problems
    return result.published


def assert_same(found, by_hand: dict[str, pl.DataFrame]) -> None:
    for name in FRAMES:
        assert_frame_equal(getattr(found, name), by_hand[name], check_row_order=name not in ("changes", "records"))


@pytest.mark.parametrize(
    ("day", "sections"),
    [
        pytest.param("2027-01-01", {"response": {"minutes": {"demo_request": 90}}}, id="a promise from next year on"),
        pytest.param(
            "2026-02-01",
            {"response": {"minutes": {"contact_request": 60}}, "attribution": {"lookback_days": 90}},
            id="the past judged anew",
        ),
    ],
)
def test_an_effect_is_the_difference_of_two_builds_made_by_hand(copied, demo_exports, tmp_path, day, sections):
    proposed = proposing(demo_exports, day, **sections)
    found = effect(copied, proposed)
    tried = as_if(demo_agreement(demo_exports), proposed, SINCE, UNTIL)
    second = built_by_hand(demo_exports, tmp_path / "proposed", tried)
    assert_same(found, compared(published_file(copied), second, SINCE, UNTIL, "Europe/Berlin"))
    assert not found.changes.is_empty()


def test_a_promise_changed_by_hand_leaves_the_verdicts_before_untouched(copied, demo_exports):
    found = effect(copied, proposing(demo_exports, "2027-01-01", response={"minutes": {"demo_request": 90}}))
    assert found.since == SINCE
    turned = found.changes.filter(pl.col("mart") == "handovers", pl.col("column") == "status")
    assert turned.select("old", "new").rows() == [("met", "breached")]
    listed = found.records.filter(pl.col("mart") == "handovers", pl.col("column") == "status")
    assert listed.height == turned["rows"].sum() > 0
    keys = [json.loads(key) for key in found.records.filter(mart="handovers")["key"].unique()]
    changed = [f"{key['lead_id']}#{key['cycle']}" for key in keys]
    with duckdb.connect(str(published_file(copied)), read_only=True) as connection:
        before = connection.execute(
            "select count(*), min(timezone('Europe/Berlin', handed_at))::date >= date '2026-08-31' "
            "from mart.handovers where list_contains($changed, lead_id || '#' || cycle)", {"changed": changed},
        ).fetchall()  # fmt: skip
    assert before == [(len(changed), True)]
    kpis = found.kpis.filter(kpi="follow_up_attainment")
    assert kpis["numerator_now"][0] - kpis["numerator_proposed"][0] <= turned["rows"].sum()
    assert kpis["value_proposed"][0] < kpis["value_now"][0]
    assert kpis.select("side", "is_better").rows() == [("sales", False)]
    assert found.kpis.filter(pl.col("kpi") != "follow_up_attainment")["is_better"].is_null().all()
    assert found.kpi_weeks["week_start"].min() >= SINCE
    assert found.kpi_weeks["week_start"].max() < UNTIL


def test_a_proposal_that_changes_who_is_who_is_two_whole_builds(few_exports, tmp_path):
    builds = tmp_path / "builds"
    assert build(few_exports, builds, as_of=MOMENT).published
    document = load().document
    apart = Agreement({**document, "identity": {**document["identity"], "match_people_by_email": False}})
    found = effect(builds, apart)
    by_hand = [built_by_hand(few_exports, tmp_path / side, terms) for side, terms in (("a", load()), ("b", apart))]
    assert_same(found, compared(*by_hand, SINCE, UNTIL, "Europe/Berlin"))
    assert found.changes.filter(pl.col("change") == "added")["rows"].sum() > 0


def test_the_same_again_changes_nothing(copied, demo_exports):
    found = effect(copied, demo_agreement(demo_exports))
    assert found.changes.is_empty()
    assert found.records.is_empty()
    assert found.kpis["value_now"].equals(found.kpis["value_proposed"], null_equal=True)


def test_decisions_made_since_the_build_count_on_both_sides(copied, demo_exports, tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite")
    with duckdb.connect(str(published_file(copied)), read_only=True) as connection:
        breached = "select lead_id || '#' || cycle from mart.handovers where status = 'breached' limit 5"
        for (handover,) in connection.execute(breached).fetchall():
            ledger.append(Actor("Anna", "marketing"), "excused", "handover", handover, {"reason": "other"})
    ledger.close()
    found = effect(copied, demo_agreement(demo_exports), str(ledger.url))
    assert found.ledger_seq == 5
    assert found.changes.is_empty()


class Cancelled(Exception):
    pass


def test_a_cancelled_trial_leaves_nothing_and_the_next_one_works(copied, demo_exports):
    def cancel(step: str, share: float) -> None:
        if share > 0.4:
            raise Cancelled(step)

    proposed = proposing(demo_exports, "2027-01-01", response={"minutes": {"demo_request": 90}})
    with pytest.raises(Cancelled):
        effect(copied, proposed, progress=cancel)
    trials = copied / "trials"
    assert [path.name for path in trials.iterdir()] == [".trial.lock"]
    (trials / ".draft-of-a-killed-one").mkdir()
    shares: list[float] = []
    found = effect(copied, proposed, progress=lambda step, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert not list(trials.glob(".draft*"))
    assert effects(copied) == [found]
    assert effect_of(copied, proposed.version, found.current).content == found.content
    assert effect_of(copied, "of another", found.current) is None
    assert published_file(copied) == published_file(copied.parent / "builds"), "the published file is not touched"


def test_one_trial_at_a_time(copied, demo_exports):
    (copied / "trials").mkdir()
    with FileLock(copied / "trials" / ".trial.lock"), pytest.raises(NoTrial, match="Another proposal is being tried"):
        effect(copied, demo_agreement(demo_exports))


def test_without_a_build_there_is_nothing_to_compare(tmp_path):
    with pytest.raises(NoTrial, match="Build first"):
        effect(tmp_path, load())


def test_a_whole_build_needs_to_know_where_the_exports_lie(copied, demo_exports):
    (copied / "last_call.json").unlink()
    document = demo_agreement(demo_exports).document
    identity = {**document["identity"], "match_people_by_email": False}
    with pytest.raises(NoTrial, match="where the exports of this build lie"):
        effect(copied, Agreement({**document, "identity": identity}))


def test_old_trials_are_forgotten_by_rule(tmp_path):
    for number in range(KEPT_RESULTS + 5):
        for side in ("now", "proposed"):
            (tmp_path / f"trial-{number:03d}" / side).mkdir(parents=True)
    forget_old_trials(tmp_path)
    assert len(list(tmp_path.iterdir())) == KEPT_RESULTS
    assert [folder.parent.name for folder in tmp_path.glob("*/now")] == [f"trial-{KEPT_RESULTS + 4:03d}"]


def test_the_command_line_shows_figures_and_records(copied, demo_exports, tmp_path):
    proposed = tmp_path / "proposed.toml"
    proposed.write_text(to_toml(proposing(demo_exports, "2027-01-01", response={"minutes": {"demo_request": 90}})))
    told = tandem("effect", "--builds", copied, "--agreement", proposed)
    assert "as if it had held since 2026-08-31" in told
    assert "status met -> breached" in told
    address = f"sqlite:///{tmp_path}/ledger.sqlite"
    ledger = Ledger(address)
    draft(ledger, Actor("Anna", "marketing"), demo_agreement(demo_exports).document, None)
    ledger.close()
    tandem("effect", "--builds", copied, "--proposal", "2", "--ledger", address, fails=True)
    tandem("effect", "--builds", copied, fails=True)


def test_reading_and_identity_depend_on_the_sections_the_shortcut_watches():
    """A term that reading came to depend on would make a quick trial differ from a build."""
    files = [*(ROOT / "pipeline" / "sources").glob("*.py")]
    files += [ROOT / "pipeline" / f"{name}.py" for name in ("resolve", "entities", "identity", "upsert", "buckets")]
    used = {
        node.attr
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and (getattr(node.value, "id", None) == "terms" or getattr(node.value, "attr", None) == "terms")
    }
    assert used
    assert used - {"quality", "company", "identity"} == set()
    assert set(NEEDED_BEFORE) == {"quality", "company", "identity"}


def test_an_amendment_of_identity_is_no_shortcut_on_any_day():
    document = load().document
    later = {"valid_from": "2027-01-01", "identity": {"match_people_by_email": False}}
    assert reads_alike([load(), load()])
    assert not reads_alike([load(), Agreement({**document, "amendment": [later]})])


def marts(folder, name: str, **tables: pl.DataFrame):
    """A file with every mart, empty but for those given."""
    file = folder / f"{name}.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema mart")
        for mart in MARTS:
            frame = mart.module.Columns.create_empty()
            if mart.name in tables:
                frame = mart.module.Columns.cast(pl.concat([frame, tables[mart.name]], how="diagonal_relaxed"))
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table mart.{mart.name} as from frame")
    return file


def test_changes_are_counted_by_what_turns_into_what(tmp_path):
    def handovers(*told: tuple[str, str, float | None]) -> pl.DataFrame:
        schema = {"lead_id": pl.String, "status": pl.String, "response_minutes": pl.Float64}
        return pl.DataFrame(told, schema=schema, orient="row").with_columns(cycle=pl.lit(1, pl.Int64))

    now = marts(tmp_path, "now", handovers=handovers(("a", "met", 5.0), ("b", "met", 7.0), ("c", "met", 1 / 3)))
    then = marts(
        tmp_path, "then",
        handovers=handovers(
            ("a", "breached", 8.0), ("b", "breached", None), ("c", "met", 0.1 / 0.3), ("d", "met", 1.0)
        ),
    )  # fmt: skip
    found = compared(now, then, SINCE, UNTIL, "Europe/Berlin")
    assert found["changes"].drop("mart").rows() == [
        ("added", None, None, None, None, None, 1),
        ("changed", "response_minutes", None, None, "rises", 3.0, 1),
        ("changed", "response_minutes", None, None, "vanishes", None, 1),
        ("changed", "status", "met", "breached", None, None, 2),
    ]
    assert found["records"].filter(column="status").select("key", "old", "new").rows() == [
        ('{"lead_id":"a","cycle":1}', "met", "breached"), ('{"lead_id":"b","cycle":1}', "met", "breached"),
    ]  # fmt: skip


def test_kpis_are_added_up_before_they_are_divided(tmp_path):
    def weeks(*told: tuple[str, date, str | None, int, int | None]) -> pl.DataFrame:
        schema = {
            "kpi": pl.String,
            "week_start": pl.Date,
            "team": pl.String,
            "numerator": pl.Int64,
            "denominator": pl.Int64,
        }
        return pl.DataFrame(told, schema=schema, orient="row")

    first, outside = SINCE, SINCE - timedelta(weeks=1)
    now = weeks(
        ("win_rate", first, "A", 1, 2), ("win_rate", first, None, 1, 8), ("win_rate", outside, "A", 9, 9),
        ("new_leads", UNTIL, "A", 7, None),
    )  # fmt: skip
    then = weeks(("win_rate", first, "A", 2, 2), ("won_deals", first + timedelta(weeks=1), "A", 3, None))
    found = compared(
        marts(tmp_path, "now", kpi_weeks=now), marts(tmp_path, "then", kpi_weeks=then), SINCE, UNTIL, "Europe/Berlin"
    )
    values = found["kpis"].select("kpi", "value_now", "value_proposed", "side", "is_better").rows()
    assert values == [("win_rate", 0.2, 1.0, "sales", True), ("won_deals", None, 3.0, "sales", True)]
    assert found["kpi_weeks"].select("kpi", "week_start").rows() == [
        ("win_rate", first), ("won_deals", first + timedelta(weeks=1)),
    ]  # fmt: skip


def test_a_result_that_cannot_be_read_is_passed_over(tmp_path):
    (tmp_path / "trials" / "trial-1").mkdir(parents=True)
    (tmp_path / "trials" / "trial-1" / "effect.json").write_text("{")
    assert effects(tmp_path) == []
