"""The demo company comes out of its exports exactly as it was planted: counts to the one, money to the cent.

`truth.json` is the generator's own bookkeeping and shares no code with the pipeline.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from queries.published import published_file

Rows = list[tuple[Any, ...]]
STAGES = ("mql", "sal", "sql", "opportunity")
ENDINGS = ("won", "lost", "disqualified", "recycled")


@pytest.fixture(scope="module")
def truth(demo_exports: Path) -> dict[str, Any]:
    return json.loads((demo_exports / "truth.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def ask(demo_build: Path) -> Iterator[Callable[[str], Rows]]:
    with duckdb.connect(str(published_file(demo_build)), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def one(ask: Callable[[str], Rows]) -> Callable[[str], Any]:
    return lambda sql: ask(sql)[0][0]


def test_every_row_of_every_file_is_accounted_for(ask, truth):
    told = {
        file.replace(" [", "/").removesuffix("]"): (read, kept, rejected, duplicate, total)
        for file, read, kept, rejected, duplicate, total in ask(
            "select file, rows_read, rows_kept, rows_rejected, rows_duplicate, total_rows from meta.sources"
        )
    }
    assert told == {
        file: (counts["data_rows"], counts["distinct_rows"], 0, counts["exact_duplicates"], counts["total_rows"])
        for file, counts in truth["files"].items()
    }


@pytest.mark.parametrize(
    ("counted", "sql"),
    [
        pytest.param("persons", "from canonical.people", id="people, each once"),
        pytest.param("leads", "from canonical.leads", id="leads, each once"),
        pytest.param("accounts", "from canonical.accounts", id="companies, each once"),
        pytest.param("customers", "from canonical.accounts where is_customer_since is not null", id="customers"),
        pytest.param("employees", "from canonical.employees", id="employees"),
        pytest.param("campaigns", "from canonical.campaigns", id="campaigns"),
        pytest.param("deals", "from canonical.deals", id="deals"),
        pytest.param("persons_without_email", "from canonical.people where email is null", id="without an address"),
        pytest.param(
            "persons_without_company",
            "from canonical.people where account_id = 'person:' || person_id",
            id="without a company: their own account",
        ),
    ],
)
def test_who_there_is(one, truth, counted, sql):
    assert one(f"select count(*) {sql}") == truth["entities"][counted]


def test_duplicates_are_merged_by_the_right_rule(ask, one, truth):
    planted = truth["duplicates"]
    rules = dict(ask("select rule, count(*) from canonical.merges where kind = 'person' group by rule"))
    assert sum(rules.values()) == planted["person_ids_merged_away"]
    assert rules["same_email"] == planted["same_person_other_spelling"]
    assert one("select count(*) from canonical.merges where kind = 'account'") == planted["same_company_other_id"]


def test_merge_chains_end_in_the_last_record(ask, truth):
    ends = dict(ask("select from_id, into_id from canonical.merges where kind = 'person'"))
    for oldest, middle, last in truth["duplicates"]["examples"]["chain_a_b_c"]:
        assert (ends[oldest], ends[middle]) == (last, last)
        assert last not in ends
    for twin, first in truth["duplicates"]["examples"]["other_spelling"]:
        assert ends[twin] == first


def test_no_event_names_a_record_that_was_merged_away(one):
    for table, column in (("touches", "person_id"), ("activities", "lead_id"), ("stage_events", "lead_id")):
        gone = "select from_id from canonical.merges where kind = 'person'"
        assert one(f"select count(*) from canonical.{table} where {column} in ({gone})") == 0


@pytest.mark.parametrize("cycle", ["cycle_1", "cycle_2", "cycle_3", "all_cycles"])
def test_stages_reached_and_endings_of_lead_cycles(ask, truth, cycle):
    counts = ", ".join(
        [f"count({stage}_at)" for stage in STAGES + ENDINGS]
        + [f"count_if(contains(imputed_stages, '{stage}'))" for stage in ("mql", "sal")]
    )
    chosen = "" if cycle == "all_cycles" else f"where cycle = {cycle[-1]}"
    [found] = ask(f"select count(*), {counts} from mart.leads {chosen}")
    names = ("lead", *STAGES, *ENDINGS, "imputed_mql", "imputed_sal")
    planted = truth["lead_stages"][cycle]
    assert dict(zip(names, found, strict=True)) == {name: planted[name] for name in names}


def test_new_leads_week_by_week_also_over_the_turn_of_the_year(ask, truth):
    planted = {week: count for week, count in truth["new_leads_by_week"].items() if count}
    marts = {
        "leads": "select week_start::text, count(*) from mart.leads where cycle = 1 group by 1",
        "kpis": "select week_start::text, sum(numerator)::int from mart.kpi_weeks where kpi = 'new_leads' group by 1",
    }
    for sql in marts.values():
        assert dict(ask(sql)) == planted


@pytest.mark.parametrize(
    ("state", "condition"),
    [
        ("won", "won_at is not null"),
        ("lost", "lost_at is not null"),
        ("open", "won_at is null and lost_at is null"),
    ],
)
def test_deals_and_amounts_in_every_currency_and_in_euro(ask, truth, state, condition):
    planted = truth["deals"][state]
    [(deals, without_lead, existing, euro)] = ask(
        "select count(*), count_if(lead_id is null), count_if(type = 'existing'), sum(amount)"
        f" from mart.deals where {condition}"
    )
    assert (deals, existing) == (planted["deals"], planted["existing_customers"])
    assert without_lead == planted["without_lead"]
    assert euro == Decimal(planted["amount_eur"])
    by_currency = dict(ask(f"select currency, sum(amount) from canonical.deals where {condition} group by currency"))
    assert by_currency == {
        currency: Decimal(amount) for currency, amount in planted["amount_by_currency"].items() if Decimal(amount)
    }


def test_won_deals_and_revenue_week_by_week(ask, truth):
    kpi = "select week_start::text, sum(numerator) from mart.kpi_weeks where kpi = '{}' group by 1"
    deals, revenue = dict(ask(kpi.format("won_deals"))), dict(ask(kpi.format("won_revenue")))
    found = {week: {"deals": int(deals[week]), "amount_eur": str(revenue[week])} for week in sorted(deals)}
    assert found == truth["deals"]["won_by_week"]


def test_sales_promise_by_the_terms_of_each_day_and_the_hours_of_each_kind_of_lead(ask, truth):
    """The generator has a clock of its own, with its own holidays, summer time and day of the change."""
    found: dict[str, dict[str, int]] = {kind: dict.fromkeys(states, 0) for kind, states in truth["promises"].items()}
    for kind, status, count in ask(
        "select lead_type, status, count(*) from mart.handovers where cycle = 1 group by all"
    ):
        found[kind][status] = count
    assert found == truth["promises"]
    assert sum(states["breached"] for states in found.values()) > 50


def test_win_rate(one, truth):
    rate = one("select sum(numerator) / sum(denominator) from mart.kpi_weeks where kpi = 'win_rate'")
    assert round(float(rate), 4) == truth["deals"]["win_rate"]


def test_spend_by_channel_to_the_cent(ask, truth):
    spend = "from canonical.spend left join canonical.campaigns as c using (campaign_id)"
    channel_of = "coalesce(c.channel, spend.channel)"  # the list of campaigns knows better than the ad platform
    by_currency: dict[str, dict[str, Decimal]] = {}
    for channel, currency, cost in ask(f"select {channel_of}, spend.currency, sum(cost) {spend} group by all"):
        by_currency.setdefault(channel, {})[currency] = cost
    for channel, euro in ask(f"select {channel_of}, sum(cost_reporting) {spend} group by all"):
        by_currency[channel]["in_eur"] = euro
    planted = {
        channel: {key: Decimal(amount) for key, amount in row.items()} for channel, row in truth["spend"].items()
    }
    assert by_currency == planted
    assert dict(ask("select channel, sum(cost) from mart.campaign_days where cost is not null group by channel")) == {
        channel: row["in_eur"] for channel, row in planted.items()
    }


def test_touches_of_the_log_and_of_the_events(ask, one, truth):
    attended = truth["events"]["attended"]
    assert one("select count(*) from canonical.touches where kind = 'event'") == attended
    assert one("select count(*) from canonical.touches where kind = 'event' and person_id is null") == 0
    assert one("select count(*) from canonical.touches") == truth["log"]["touches"] + attended
    found = dict(ask("select channel, count(*) from canonical.touches where kind <> 'event' group by channel"))
    assert found == {channel: count for channel, count in truth["log"]["touches_by_channel"].items() if count}
    nobody = one("select count(*) from canonical.touches where person_id is null")
    assert nobody == truth["log"]["anonymous_touches"]


def test_bots_are_listed_and_earn_nothing(ask, one, truth):
    planted = truth["planted"]["bot_bursts"]
    excluded = ask("select count(distinct touch_id), count_if(is_eligible) from mart.touches where exclusion = 'bot'")
    assert excluded == [(planted["clicks"], 0)]
    assert (
        one("select count(*) from canonical.touches where kind = 'email_click'")
        == (truth["log"]["by_type"]["Email click"])
    ), "listed, not deleted"


def test_the_tracking_gap_is_seen_and_the_edges_of_the_calendar_are_kept(ask, one, truth):
    gap = truth["planted"]["tracking_gap"]
    local = "timezone('Europe/Berlin', occurred_at)"
    of_log = "from canonical.touches where kind <> 'event'"
    assert one(f"select count(*) {of_log} and {local}::date between '{gap['first_day']}' and '{gap['last_day']}'") == 0
    seen = {moment for (moment,) in ask(f"select distinct strftime({local}, '%Y-%m-%d %H:%M:%S') {of_log}")}
    assert set(truth["planted"]["edge_touches_berlin"]) <= seen


def test_leads_that_converted_before_they_were_created_are_counted_apart(one, truth):
    early = one("select count(*) from mart.leads where cycle = 1 and not is_in_time_order")
    assert early == truth["planted"]["mql_before_creation"]
    assert one("select rows from meta.checks where check_name = 'leads_out_of_time_order'") == early


def test_malicious_names_stand_there_letter_by_letter(ask, truth):
    names = sorted(name for (name,) in ask("select name from canonical.campaigns") if name[0] in "<=*")
    assert names == truth["planted"]["nasty_names"]
