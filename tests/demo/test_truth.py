"""truth.json agrees with what an outsider counts in the files."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from .reading import TOUCHES, Exports, german

RANK = {"Lead": 0, "Marketing Qualified Lead": 1, "Sales Accepted Lead": 2, "Sales Qualified Lead": 3, "Opportunity": 4}
OPEN_STAGES = (
    "Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled", "Decision Maker Bought-In", "Contract Sent",
)  # fmt: skip
CENT = Decimal("0.01")


def test_rows_and_exact_duplicates_by_file(company: Exports) -> None:
    for name, told in company.truth["files"].items():
        if name.startswith("hubspot") or name == "exchange_rates.csv":
            rows = company.rows(name)
            assert (name, len(rows)) == (name, told["data_rows"])
            assert len(company.distinct(name)) == told["distinct_rows"], name
            assert len(rows) - len(company.distinct(name)) == told["exact_duplicates"], name
    totals = [line for line in company.google if line[0].startswith("Gesamt")]
    told = company.truth["files"]["Kampagnenbericht.csv"]
    assert (len(totals), len(company.google) - len(totals)) == (told["total_rows"], told["data_rows"])


def _survivor(company: Exports) -> dict[str, str]:
    """Contact id -> the id that is left after all merges and equal addresses."""
    into = {old: row["Record ID"] for row in company.contacts for old in row["Merged Contact IDs"].split(";") if old}
    by_address: dict[str, str] = {}
    for row in sorted(company.contacts, key=lambda row: row["Create Date"]):
        address = row["Email"].strip().lower()
        first = by_address.setdefault(address, row["Record ID"]) if address else row["Record ID"]
        if first != row["Record ID"] and row["Record ID"] not in into:
            into[row["Record ID"]] = first
    ids = {row["Record ID"] for row in company.contacts} | set(into)
    result = {}
    for one in ids:
        last = one
        while last in into:
            last = into[last]
        result[one] = last
    return result


def test_persons_companies_and_who_is_who(company: Exports) -> None:
    told, faults = company.truth["entities"], company.truth["duplicates"]
    survivor = _survivor(company)
    assert len(company.contacts) == told["contact_records"]
    assert len(set(survivor.values())) == told["persons"] == told["leads"] == 6_000
    assert len(survivor) - len(set(survivor.values())) == faults["person_ids_merged_away"]
    for a, b, c in faults["examples"]["chain_a_b_c"]:
        assert survivor[a] == survivor[b] == c
    domains = [row["Company Domain Name"].lower().removeprefix("www.")
               for row in company.distinct("hubspot-crm-exports-companies.csv")]  # fmt: skip
    assert (len(domains), len(set(domains))) == (told["account_records"], told["accounts"])
    assert sum(not row["Email"] for row in company.contacts) == told["persons_without_email"]
    assert {row["Contact ID"] for row in company.log if row["Contact ID"]} <= set(survivor)


def test_stages_reached_by_cycle(company: Exports) -> None:
    events: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in company.log:
        if row["Activity type"] == "Lifecycle stage change":
            events[row["Contact ID"]].append((row["Activity date"], row["New lifecycle stage"]))
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for changes in events.values():
        cycle, top = 1, 0
        steps = [stage for _, stage in sorted(changes, key=lambda change: change[0])]
        tops: dict[int, int] = {}
        for stage in steps:
            if stage == "Recycled":
                counted[cycle]["recycled"] += 1
                cycle, top = cycle + 1, 0
            elif stage == "Disqualified":
                counted[cycle]["disqualified"] += 1
            else:
                top = max(top, RANK[stage])
                tops[cycle] = top
        for number, reached in tops.items():
            for name, rank in zip(("lead", "mql", "sal", "sql", "opportunity"), range(5), strict=True):
                counted[number][name] += reached >= rank
    stages = company.truth["lead_stages"]
    for number in (1, 2, 3):
        told = stages[f"cycle_{number}"]
        assert dict(counted[number]) == {name: told[name] for name in counted[number]}
    assert sum(counted[number]["lead"] for number in counted) == stages["cycles_with_events"]
    recycled = sum(counted[number]["recycled"] for number in counted)
    assert 6_000 + recycled == stages["cycles_with_waiting_ones"]
    assert recycled > 300


def test_deals_and_revenue(company: Exports) -> None:
    rates = {(row["currency"], date.fromisoformat(row["day"])): Decimal(row["rate"])
             for row in company.rows("exchange_rates.csv")}  # fmt: skip

    def in_euro(deal: dict[str, str], day: date) -> Decimal:
        if deal["Currency"] == "EUR":
            return Decimal(deal["Amount"])
        while ("CHF", day) not in rates:
            day -= timedelta(days=1)
        return (Decimal(deal["Amount"]) * rates["CHF", day]).quantize(CENT, ROUND_HALF_UP)

    for name, stage in (("won", "Closed Won"), ("lost", "Closed Lost"), ("open", None)):
        told = company.truth["deals"][name]
        deals = [deal for deal in company.deals if deal["Deal Stage"] in ((stage,) if stage else OPEN_STAGES)]
        assert len(deals) == told["deals"]
        assert sum(not deal["Primary Contact ID"] for deal in deals) == told["without_lead"]
        for currency in ("EUR", "CHF"):
            amount = sum(Decimal(deal["Amount"]) for deal in deals if deal["Currency"] == currency)
            assert str(amount) == told["amount_by_currency"][currency]
        days = [date.fromisoformat(deal["Close Date"][:10]) if stage else date(2026, 11, 23) for deal in deals]
        assert str(sum(map(in_euro, deals, days))) == told["amount_eur"]
    assert company.truth["deals"]["won"]["deals"] >= 300


def test_the_stage_history_ends_in_the_deal_as_it_is(company: Exports) -> None:
    last: dict[tuple[str, str], str] = {}
    for row in company.distinct("hubspot-deal-stage-history.csv"):
        key = row["Record ID"], row["Property"]
        assert row["Old value"] == last.get(key, ""), row
        last[key] = row["New value"]
    for deal in company.deals:
        number = deal["Record ID"]
        assert last[number, "stage"] == deal["Deal Stage"]
        assert last[number, "amount"] == deal["Amount"]
        assert last[number, "close date"] == deal["Close Date"][:10]
    reopened = [row for row in company.distinct("hubspot-deal-stage-history.csv")
                if row["Property"] == "stage" and row["Old value"] == "Closed Lost"]  # fmt: skip
    assert len(reopened) == company.truth["deals"]["reopened"] > 0


def test_costs_to_the_cent(company: Exports) -> None:
    told = company.truth["spend"]
    days = [line for line in company.google if not line[0].startswith("Gesamt")]
    display = sum(german(line[4]) for line in days if line[1].startswith("222"))
    assert str(display) == told["display"]["EUR"]
    assert str(sum(german(line[4]) for line in days) - display) == told["paid_search"]["EUR"]
    assert german(company.google[-3][4]) == sum(german(line[4]) for line in days)
    for currency in ("EUR", "CHF"):
        spent = [
            Decimal(row["Total Spent"].replace(",", "")) for row in company.linkedin if row["Currency"] == currency
        ]
        assert str(sum(spent)) == told["paid_social"][currency]


def test_touches_gap_and_machine_clicks(company: Exports) -> None:
    touches = [row for row in company.log if row["Activity type"] in TOUCHES]
    assert len(touches) == company.truth["log"]["touches"]
    assert sum(not row["Contact ID"] for row in touches) == company.truth["log"]["anonymous_touches"]
    gap = company.truth["planted"]["tracking_gap"]
    days = Counter(row["Activity date"][:10] for row in touches)
    first, last = date.fromisoformat(gap["first_day"]), date.fromisoformat(gap["last_day"])
    assert [days[str(first + timedelta(days=n))] for n in range((last - first).days + 1)] == [0] * 6
    assert days[str(first - timedelta(days=4))] > 20
    assert days[str(last + timedelta(days=2))] > 20
    bots = company.truth["planted"]["bot_bursts"]
    # counted by company, because a machine's clicks may be spread over the ids of one merged person
    clicks = [row for row in touches if row["Activity type"] == "Email click"]
    seconds = Counter((row["Company ID"], row["Activity date"]) for row in clicks)
    assert sum(count >= bots["clicks_each"] for count in seconds.values()) == bots["bursts"]


def test_late_records_stand_behind_younger_ones(company: Exports) -> None:
    told = company.truth["planted"]["late_records"]
    ordered = sorted(company.log, key=lambda row: int(row["Activity ID"]))
    newest, late = datetime.min, 0  # noqa: DTZ901
    for before, row in pairwise(ordered):
        newest = max(newest, datetime.fromisoformat(before["Activity date"]))
        late += newest - datetime.fromisoformat(row["Activity date"]) > timedelta(days=told["least_days"] - 1)
    assert late == told["touches"] > 100


def test_new_leads_by_week_and_the_planted_jump(company: Exports) -> None:
    survivors = set(_survivor(company).values())
    weeks: Counter[str] = Counter()
    for row in company.contacts:
        if row["Record ID"] in survivors:
            day = date.fromisoformat(row["Create Date"][:10])
            weeks[str(day - timedelta(days=day.weekday()))] += 1
    told = company.truth["new_leads_by_week"]
    assert {week: count for week, count in told.items() if count} == dict(weeks)
    jump = company.truth["planted"]["shift_week"]
    assert jump["count"] == max(told.values()) > 1.8 * jump["mean_of_12_weeks_before"]
