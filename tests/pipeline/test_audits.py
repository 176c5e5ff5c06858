"""Every audit notices the one thing it is there for, and a sound build gives no audit cause to stop it.

A new audit without its tampering fails here: who cannot say how the books would be cooked has no audit.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline import audit
from queries.published import published_file

# what a faulty build would have done to the tables; `{deal}`, `{lead}` … are one row of the build each
TAMPERINGS = {
    "answers_have_human_evidence": [
        "update mart.handovers set response_activity_id = 'invented' where lead_id = '{answered}'",
        "update mart.handovers set response_kind = null where lead_id = '{answered}'",
        "update mart.handovers set responded_at = null, response_kind = null, response_activity_id = null"
        " where lead_id = '{answered}'",
        "update canonical.activities set is_automatic = true where activity_id ="
        " (select min(response_activity_id) from mart.handovers where lead_id = '{answered}')",
    ],
    "channels_earn_no_more_than_was_won": [
        "insert into mart.channel_credits (model, channel, credit)"
        " select 'invented', 'email', sum(amount) + 0.01 from mart.deals",
    ],
    "credit_closes": [
        "update mart.touch_credits set linear_credit = linear_credit + 0.01 where touch_id = '{credited}'",
        "update mart.touch_credits set basis = 'open' where deal_id = '{credited_deal}'",
        "update mart.touch_credits set basis = 'open' where touch_id = '{credited}'",
        "delete from mart.touch_credits where deal_id = '{credited_deal}'",
        "update mart.deals set won_at = null, lost_at = created_at where deal_id = '{credited_deal}'",
        "update mart.deals set amount = amount + 0.01 where deal_id = '{credited_deal}'",
    ],
    "credit_days_add_up": [
        "update mart.credit_days set linear_credit = linear_credit + 0.01",
        "delete from mart.credit_days where clock = 'touch'",
        "update mart.credit_days set basis = 'open' where clock = 'close'",
    ],
    "deals_without_lead": ["update canonical.deals set lead_id = 'nobody' where deal_id = '{deal}'"],
    "deals_without_rate": ["update mart.deals set is_unconverted = true where deal_id = '{deal}'"],
    "eligible_touches_are_credited_once": [
        "delete from mart.touch_credits where touch_id = '{credited}'",
        "insert into mart.touch_credits from mart.touch_credits where touch_id = '{credited}'",
        "update mart.touch_credits set touch_id = 'invented' where touch_id = '{credited}'",
        "update mart.touches set is_eligible = false where touch_id = '{credited}'",
    ],
    "every_deal_has_one_journey": [
        "delete from mart.journeys where deal_id = '{deal}'",
        "insert into mart.journeys from mart.journeys where deal_id = '{deal}'",
        "update mart.journeys set amount = coalesce(amount, 0) + 0.01 where deal_id = '{deal}'",
    ],
    "every_deal_is_booked_once": [
        "delete from mart.deals where deal_id = '{deal}'",
        "insert into mart.deals from mart.deals where deal_id = '{deal}'",
        "update mart.deals set deal_id = 'invented' where deal_id = '{deal}'",
    ],
    "every_lead_has_a_cycle": [
        "delete from mart.leads where lead_id = '{lead}'",
        "update mart.leads set lead_id = 'invented' where lead_id = '{lead}' and cycle = 1",
    ],
    "every_qualified_lead_is_handed_over_once": [
        "delete from mart.handovers where lead_id = '{answered}'",
        "insert into mart.handovers from mart.handovers where lead_id = '{answered}'",
        "update mart.handovers set lead_id = 'invented' where lead_id = '{answered}'",
    ],
    "handovers_are_in_one_status": [
        "update mart.handovers set status = null where lead_id = '{answered}'",
        "update mart.handovers set status = 'late' where lead_id = '{answered}'",
        "update mart.handovers set status = 'excused' where lead_id = '{answered}'",
        "update mart.handovers set assigned_at = null where lead_id = '{answered}'",
    ],
    "lead_cycle_is_unique": ["insert into mart.leads from mart.leads where lead_id = '{lead}' and cycle = 1"],
    "lead_state_is_single": [
        "update mart.leads set closed_as = 'won', closed_at = null where lead_id = '{lead}'",
        "update mart.leads set closed_as = 'asleep', closed_at = created_at where lead_id = '{lead}'",
        "update mart.leads set closed_as = null, closed_at = created_at where lead_id = '{lead}'",
    ],
    "leads_out_of_time_order": ["update mart.leads set is_in_time_order = false where lead_id = '{in_order}'"],
    "no_answer_before_the_handover": [
        "update mart.handovers set responded_at = assigned_at - interval 1 second where lead_id = '{answered}'",
        "update mart.handovers set assigned_at = null where lead_id = '{answered}'",
    ],
    "no_credit_after_the_closing": [
        "update mart.touch_credits set touched_at = closed_at + interval 2 days where touch_id = '{credited}'",
        "update mart.touch_credits set basis = 'open' where touch_id = '{credited}'",
    ],
    "rejected_rows_wait": [
        "insert into canonical.rejected_rows values ('{file}', 7, 'unknown_value', 'why', '{{}}')",
        "update meta.sources set rows_rejected = rows_rejected + 1, rows_kept = rows_kept - 1 where file = '{file}'",
    ],
    "rows_are_conserved": [
        "update meta.sources set rows_kept = rows_kept - 1 where file = '{file}'",
        "update meta.sources set rows_duplicate = null where file = '{file}'",
    ],
    "shares_add_up": [
        "update mart.touch_credits set w_shaped_share = w_shaped_share + 0.001 where touch_id = '{credited}'",
        "update mart.touch_credits set first_share = -1 where touch_id = '{credited}'",
    ],
    "touches_are_numbered": [
        "update mart.touches set touch_no = touch_no + 1 where journey_id = '{journey}'",
        "delete from mart.touches where journey_id = '{journey}' and touch_no = 1",
        "update mart.touches set touch_count = touch_count + 1 where journey_id = '{journey}'",
        "update mart.touches set touch_no = null where journey_id = '{journey}' and touch_no = 1",
    ],
    "touches_of_nobody": ["update canonical.touches set account_id = null where touch_id = '{touch}'"],
    "unknown_owners": ["update canonical.deals set owner_id = 'stranger' where deal_id = '{deal}'"],
    "won_revenue_is_conserved": [
        "update mart.deals set amount_original = amount_original - 0.01 where deal_id = '{won}'",
        "update mart.deals set currency_original = 'XXX' where deal_id = '{won}'",
        "update mart.deals set won_at = null where deal_id = '{won}'",
    ],
}
VICTIMS = {
    "deal": "select min(deal_id) from mart.deals",
    "won": "select min(deal_id) from mart.deals where won_at is not null and amount_original > 0",
    "lead": "select min(lead_id) from mart.leads",
    "answered": "select min(lead_id) from mart.handovers where status = 'met' and response_activity_id is not null",
    "credited": "select min(touch_id) from mart.touch_credits where basis = 'won' and closed_at is not null",
    "credited_deal": "select min(deal_id) from mart.touch_credits where basis = 'won' and touch_id is not null",
    "in_order": "select min(lead_id) from mart.leads where is_in_time_order",
    "journey": "select min(journey_id) from mart.touches where touch_count > 1",
    "touch": "select min(touch_id) from canonical.touches where account_id is not null",
    "file": "select min(file) from meta.sources",
}


@pytest.fixture(scope="module")
def sound(demo_build: Path) -> pl.DataFrame:
    """What the audits say of the untouched build."""
    return audit.audit(published_file(demo_build))


@pytest.fixture(scope="module")
def victims(demo_build: Path) -> dict[str, str]:
    with duckdb.connect(str(published_file(demo_build)), read_only=True) as connection:
        return {name: connection.execute(sql).fetchall()[0][0] for name, sql in VICTIMS.items()}


@pytest.fixture(scope="module")
def copy(demo_build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the build that may be tampered with; every test puts it back as it was."""
    return shutil.copy(published_file(demo_build), tmp_path_factory.mktemp("audits") / "copy.duckdb")


def test_every_audit_has_a_tampering_and_none_is_left_of_a_deleted_one():
    assert sorted(TAMPERINGS) == sorted(file.stem for file in audit.AUDITS.glob("*.sql"))


def test_a_sound_build_passes_every_audit_that_could_stop_it(sound):
    stopping = sound.filter(pl.col("severity") == "fail")
    assert stopping.height > 0
    assert stopping["status"].unique().to_list() == ["passed"], stopping.filter(pl.col("status") == "failed")


@pytest.mark.parametrize(
    ("name", "tampering"),
    [
        pytest.param(name, sql, id=f"{name}-{number}")
        for name, several in TAMPERINGS.items()
        for number, sql in enumerate(several, start=1)
    ],
)
def test_the_audit_notices(copy, victims, sound, name, tampering):
    sql = (audit.AUDITS / f"{name}.sql").read_text("utf-8")
    before = sound.filter(pl.col("check_name") == name)["rows"].item()
    with duckdb.connect(str(copy)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("begin")
        connection.execute(tampering.format(**victims))
        found = connection.execute(sql).fetchall()
        connection.execute("rollback")
        assert len(found) > before
        assert len(connection.execute(sql).fetchall()) == before


def test_a_build_that_shrank_is_named_and_one_that_grew_is_not():
    before = {"contacts": 100, "deals": 100, "gone": 10, "small": 0}
    checks = audit.volume({"contacts": 49, "deals": 50, "new": 5}, before, tolerated_drop=0.5)
    assert dict(checks.select("check_name", "rows").iter_rows()) == {"volume_contacts": 51, "volume_gone": 10}
    assert set(checks["severity"]) == {"fail"}


@pytest.mark.parametrize("header", ["", "-- severity: loud\n"])
def test_an_audit_must_say_how_grave_it_is(header):
    with pytest.raises(ValueError, match="severity"):
        audit.severity_of(header + "select 1")
