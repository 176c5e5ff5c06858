"""What people decided reaches the marts: later words win, what was revoked is gone, ids are today's."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from agreement.entries import Actor
from agreement.ledger import Ledger
from agreement.signing import draft, propose, sign
from agreement.terms import load
from pipeline import audit, decisions
from tests.pipeline.company import ask, built, export

MARKETING, SALES, HEAD = Actor("Anna", "marketing"), Actor("Ben", "sales"), Actor("Chris", "leadership")
START = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path):
    """A ledger whose clock goes on by one hour with every entry."""
    hours = iter(range(10_000))
    opened = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite", clock=lambda: START + timedelta(hours=next(hours)))
    yield opened
    opened.close()


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def rows(ledger: Ledger, table: str) -> list[tuple]:
    return decisions.read(ledger.entries())[table].rows()


def test_nothing_decided_is_empty_tables():
    assert {name: frame.shape for name, frame in decisions.read([]).items()} == {
        name: (0, len(schema)) for name, schema in decisions.SCHEMAS.items()
    }


def test_the_newest_excuse_of_the_other_side_stands_until_it_is_revoked(ledger):
    ledger.append(MARKETING, "excused", "handover", "L#7#2", {"reason": "other"})
    ledger.append(SALES, "excused", "handover", "L#7#2", {"reason": "absence_agreed"})
    ledger.append(MARKETING, "excused", "handover", "L#7#2", {"reason": "system_outage"})
    assert rows(ledger, "excuses") == [("L#7", 2, "system_outage", "marketing", hour(2))]
    ledger.append(SALES, "excuse_revoked", "handover", "L#7#2", {})
    assert len(rows(ledger, "excuses")) == 1
    ledger.append(HEAD, "excuse_revoked", "handover", "L#7#2", {})
    assert rows(ledger, "excuses") == []


def test_a_pause_lasts_until_it_is_ended_or_its_planned_end(ledger):
    ledger.append(SALES, "paused", "handover", "L1#1", {"reason": "other"})
    ledger.append(SALES, "pause_ended", "handover", "L1#1", {})
    planned = {"reason": "other", "from": "2026-11-03T09:00:00+01:00", "until": "2026-11-05T00:00:00Z"}
    ledger.append(SALES, "paused", "handover", "L1#1", planned)
    ledger.append(SALES, "paused", "handover", "L2#1", {})
    assert rows(ledger, "pauses") == [
        ("L1", 1, hour(0), hour(1), "other"),
        ("L1", 1, datetime(2026, 11, 3, 8, tzinfo=UTC), datetime(2026, 11, 5, tzinfo=UTC), "other"),
        ("L2", 1, hour(3), None, None),
    ]


def test_the_last_word_on_a_lead_counts_and_a_reset_leaves_none(ledger):
    ledger.append(SALES, "rejected", "lead", "L1#1", {"reason": "no_budget"})
    ledger.append(SALES, "recycled", "lead", "L1#1", {"reason": "no_need", "recycle_on": "2027-01-04"})
    ledger.append(SALES, "accepted", "lead", "L2#1", {})
    ledger.append(SALES, "reset", "lead", "L2#1", {})
    assert rows(ledger, "feedback") == [("L1", 1, "recycled", "no_need", date(2027, 1, 4), hour(1))]


def test_a_ruling_names_its_entry_and_a_revoked_one_is_gone(ledger):
    told, move = {"deal_id": "D1", "touch_id": "T1"}, {"wish": "move", "to_touch_id": "T2"}
    ledger.append(SALES, "contested", "credit", "D1#T1", told | move, "it was the fair")
    ledger.append(MARKETING, "answered", "credit", "D1#T1", {"agrees": True}, "so it was")
    ledger.append(MARKETING, "ruled", "credit", "D1#T1", told | {"ruling": "move", "to_touch_id": "T2"})
    assert rows(ledger, "rulings") == [("D1", "T1", "move", "T2", "3", hour(2))]
    ledger.append(MARKETING, "contested", "credit", "D1#T1", told | {"wish": "exclude"}, "neither was it")
    assert rows(ledger, "rulings") == [("D1", "T1", "move", "T2", "3", hour(2))], "in force until ruled anew"
    ledger.append(MARKETING, "ruled", "credit", "D1#T1", told | {"ruling": "keep"})
    assert rows(ledger, "rulings") == [("D1", "T1", "keep", None, "5", hour(4))], "taken back"
    ledger.append(MARKETING, "ruling_revoked", "credit", "D1#T1", {}, "a slip")
    assert rows(ledger, "rulings") == []


def test_a_ruling_against_the_rules_moves_no_credit(ledger):
    told = {"deal_id": "D1", "touch_id": "T1"}
    ledger.append(MARKETING, "ruled", "credit", "D1#T1", told | {"ruling": "exclude"})
    ledger.append(SALES, "contested", "credit", "D1#T1", told | {"wish": "exclude"}, "never met them")
    ledger.append(SALES, "ruled", "credit", "D1#T1", told | {"ruling": "exclude"})
    assert rows(ledger, "rulings") == [], "uncontested, or in one's own favour"


def test_notes_are_kept_as_they_were_last_written(ledger):
    ledger.append(SALES, "noted", "note", "n1", {"day": "2026-11-09", "text": "Messe", "kind": "event"})
    ledger.append(SALES, "noted", "note", "n1", {"day": "2026-11-10", "text": "Messe Köln", "kind": "event"})
    ledger.append(SALES, "noted", "note", "n2", {"day": "2026-11-11", "text": "x"})
    ledger.append(SALES, "removed", "note", "n2", {})
    assert rows(ledger, "notes") == [("n1", date(2026, 11, 10), "Messe Köln", "event")]


@pytest.mark.parametrize(
    ("action", "kind", "object_id", "body"),
    [
        pytest.param("excused", "handover", "L1", {"reason": "other"}, id="no cycle"),
        pytest.param("excused", "handover", "#1", {"reason": "other"}, id="no lead"),
        pytest.param("accepted", "lead", "L1#first", {}, id="cycle is no number"),
        pytest.param("ruled", "credit", "D1#T1", {"deal_id": "D1", "touch_id": "T1", "ruling": "halve"}, id="ruling"),
        pytest.param("ruled", "credit", "D1#T1", {"deal_id": "D1", "touch_id": "T1", "ruling": "move"}, id="nowhere"),
        pytest.param("ruled", "credit", "D1#T1", {"deal_id": 1, "touch_id": None, "ruling": "keep"}, id="no ids"),
        pytest.param("noted", "note", "n", {"day": "Montag", "text": "x"}, id="no day"),
        pytest.param("noted", "note", "n", {"day": 7, "text": ["x"]}, id="no text"),
        pytest.param("pause_ended", "handover", "L1#1", {}, id="nothing to end"),
    ],
)
def test_a_slip_stops_no_build(ledger, action, kind, object_id, body):
    ledger.append(SALES, action, kind, object_id, body)
    assert all(frame.is_empty() for frame in decisions.read(ledger.entries()).values())


@pytest.fixture
def handed_over(tmp_path):
    """Two leads handed over on Friday 20 November and not answered by Monday morning."""
    leads = [
        ("L1", "P1", "A1", "2026-11-20 08:00:00", "2026-11-20 09:00:00", "2026-11-20 09:30:00", "demo_request", "E1"),
        ("L2", "P2", "A2", "2026-11-20 08:00:00", "2026-11-20 09:00:00", "2026-11-20 09:30:00", "demo_request", "E1"),
    ]
    header = (
        "lead_id",
        "person_id",
        "account_id",
        "created_at",
        "qualified_at",
        "assigned_at",
        "lead_type",
        "owner_id",
    )
    export(tmp_path / "exports", "leads.csv", header, leads)
    return tmp_path


def statuses(result) -> list[tuple]:
    return ask(result, "select lead_id, cycle, status, excuse from mart.handovers order by lead_id")


@pytest.mark.parametrize("buckets", [1, 7])
def test_an_excuse_of_the_other_side_reaches_the_handover_in_its_bucket(handed_over, ledger, buckets):
    before = built(handed_over)
    assert statuses(before) == [("L1", 1, "breached", None), ("L2", 1, "breached", None)]
    ledger.append(MARKETING, "excused", "handover", "L2#1", {"reason": "system_outage"})
    ledger.append(MARKETING, "excused", "handover", "gone#1", {"reason": "system_outage"})
    after = built(handed_over, ledger=str(ledger.url), buckets=buckets)
    assert statuses(after) == [("L1", 1, "breached", None), ("L2", 1, "excused", "system_outage")]
    assert ask(after, "select ledger_seq, ledger_hash from meta.build") == [ledger.head()]


def test_the_same_input_and_ledger_give_the_same_tables(handed_over, ledger):
    ledger.append(MARKETING, "excused", "handover", "L2#1", {"reason": "system_outage"})
    ledger.append(SALES, "noted", "note", "n1", {"day": "2026-11-09", "text": "Messe"})
    first, second = (built(handed_over, ledger=str(ledger.url)) for _ in range(2))
    for table in ("mart.handovers", "mart.notes", "mart.kpi_weeks", "meta.agreement"):
        assert ask(first, f"from {table}") == ask(second, f"from {table}")
    assert ask(second, "from mart.notes") == [("n1", date(2026, 11, 9), "Messe", None)]


def test_a_decision_about_a_contact_follows_it_into_a_merge(ledger):
    """Two cards of one person are one lead: the later word about either counts."""
    from pipeline.canonical import SCHEMAS
    from pipeline.resolve import ENTITIES, resolve
    from tests.marts.story import table

    told = {name: SCHEMAS[name].create_empty() for name in (*ENTITIES, "merges")}
    card = {"email": "a@werk.example", "created_at": "2026-01-01 09:00"}
    told["people"] = table("people", [{"person_id": one, **card} for one in ("C1", "C2")])
    told["leads"] = table(
        "leads",
        [
            {"lead_id": "C1", "person_id": "C1", "created_at": "2026-01-01 09:00"},
            {"lead_id": "C2", "person_id": "C2", "created_at": "2026-01-02 09:00"},
        ],
    )
    identity = resolve(told, load().terms_on(date(2026, 1, 1)))
    ledger.append(SALES, "rejected", "lead", "C2#1", {"reason": "no_need"})
    ledger.append(SALES, "accepted", "lead", "C1#1", {})
    found = decisions.resolved(decisions.read(ledger.entries()), identity)["feedback"]
    assert found.select("lead_id", "cycle", "action").rows() == [("C1", 1, "accepted")]
    assert found["account_id"].to_list() == identity.tables["leads"]["account_id"].to_list()
    assert isinstance(found["account_id"].dtype, pl.String)


def agreed_on(ledger: Ledger, document: dict) -> str:
    number = draft(ledger, MARKETING, document, None).object_id
    content = ledger.entries("agreement", number)[-1].body["content"]
    propose(ledger, MARKETING, number, content)
    sign(ledger, MARKETING, number, content)
    return content


def test_the_agreement_counts_once_both_have_signed_it(handed_over, ledger):
    state = "select state, number, signed_for_marketing, signed_for_sales, in_force_since from meta.agreement"
    assert ask(built(handed_over, ledger=str(ledger.url)), state) == [("draft", None, None, None, None)]
    response = load().document["response"]
    patient = {**load().document, "response": {**response, "minutes": {**response["minutes"], "demo_request": 900}}}
    content = agreed_on(ledger, patient)
    assert ask(built(handed_over, ledger=str(ledger.url)), state)[0][0] == "draft", "one signature is none"
    signed = sign(ledger, SALES, "1", content)
    result = built(handed_over, ledger=str(ledger.url))
    assert ask(result, state) == [("in_force", "1", "Anna", "Ben", signed.at)]
    assert statuses(result) == [("L1", 1, "pending", None), ("L2", 1, "pending", None)]


def test_a_file_that_is_named_goes_before_the_signed_agreement(handed_over, ledger, tmp_path):
    sign(ledger, SALES, "1", agreed_on(ledger, load().document))
    strict = tmp_path / "strict.toml"
    text = (load.__globals__["DEFAULT"]).read_text("utf-8").replace("attempts = 3", "attempts = 4")
    strict.write_text(text, "utf-8")
    result = built(handed_over, ledger=str(ledger.url), agreement=strict)
    assert ask(result, "select state, version = (select agreement_version from meta.build) from meta.agreement") == [
        ("draft", True)
    ]


def test_a_broken_chain_stops_the_build_and_says_why(handed_over, ledger):
    import sqlite3
    from contextlib import closing

    before = built(handed_over, ledger=str(ledger.url))
    ledger.append(MARKETING, "excused", "handover", "L2#1", {"reason": "system_outage"})
    ledger.close()
    with closing(sqlite3.connect(ledger.url.database)) as connection:
        connection.executescript("drop trigger tandem_ledger_no_update; update tandem_ledger set actor_name = 'Eva'")
    result = built(handed_over, ledger=str(ledger.url))
    assert result.published is None
    assert result.problems == [
        "The ledger was tampered with or is damaged. Entry 1 was changed after it was written. "
        "Put its last backup in place."
    ]
    assert before.published.exists()


def test_a_ledger_that_cannot_be_reached_stops_the_build(handed_over):
    result = built(handed_over, ledger="postgresql://tandem:geheim@127.0.0.1:1/tandem?connect_timeout=2")
    assert result.published is None
    assert "cannot be reached" in result.problems[0]
    assert "geheim" not in result.problems[0]


@pytest.mark.parametrize(
    ("hashes", "before", "found"),
    [
        pytest.param(["a", "b"], None, [], id="no ledger before"),
        pytest.param(["a", "b"], (2, "b"), ["passed"], id="nothing new"),
        pytest.param(["a", "b", "c"], (2, "b"), ["passed"], id="grown"),
        pytest.param(["a"], (2, "b"), ["failed"], id="cut"),
        pytest.param(["a", "x", "c"], (2, "b"), ["failed"], id="written anew"),
    ],
)
def test_the_ledger_goes_on_from_where_it_was(hashes, before, found):
    assert audit.ledger_goes_on(hashes, before)["status"].to_list() == found


def test_a_restored_backup_is_seen_on_data_health(handed_over, ledger, tmp_path):
    ledger.append(SALES, "noted", "note", "n1", {"day": "2026-11-09", "text": "Messe"})
    checks = "select status, severity from meta.checks where check_name = 'ledger_goes_on'"
    assert ask(built(handed_over, ledger=str(ledger.url)), checks) == []
    other = f"sqlite:///{tmp_path}/other.sqlite"
    assert ask(built(handed_over, ledger=other), checks) == [("failed", "warn")]
