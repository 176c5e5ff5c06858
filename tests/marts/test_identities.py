"""What must hold whatever the exports say: the books balance, and neither buckets nor row order change a number."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from agreement import Agreement
from pipeline.canonical import CHANNELS
from pipeline.marts import MARTS
from pipeline.marts.rulings import RULINGS
from pipeline.marts.stage_stays import ENTERED, NEXT
from tests.marts.story import TERMS, judged, judged_in_buckets, table

START, DAYS = datetime(2025, 1, 1, tzinfo=UTC), 500
AS_OF = START + timedelta(days=DAYS)
# terms that changed within the data, and so few conversions needed that every model is solved
AGREED = Agreement(
    {"valid_from": date(2024, 1, 1), **TERMS.values,
     "attribution": {**TERMS.values["attribution"], "minimum_conversions": 1, "excluded_channels": [CHANNELS[0]],
                     "lookback_days": 90, "direct_earns_only_alone": False},
     "amendment": [{"valid_from": date(2025, 9, 1), "attribution": {
         "excluded_channels": [], "lookback_days": 365, "direct_earns_only_alone": True}}]}
)  # fmt: skip
ACCOUNTS = [f"A{number}" for number in range(9)]
OPTIONAL = st.none() | st.sampled_from(["x", "y"])


@st.composite
def instants(draw):
    """A moment, or midnight known by its day; few distinct ones, so that ties are common."""
    moment = START + timedelta(days=draw(st.integers(0, DAYS - 1)), hours=draw(st.sampled_from([0, 8, 23])))
    return moment, draw(st.booleans())


def dated(draw, column, *, optional=False):
    if optional and draw(st.booleans()):
        return {column: None, f"{column}_is_date_only": None}
    moment, is_date_only = draw(instants())
    return {column: moment, f"{column}_is_date_only": is_date_only}


@st.composite
def companies(draw):
    """Canonical tables of a small company; every record of an account stays in it."""
    told = {
        name: [] for name in ("leads", "stage_events", "touches", "activities", "deals", "deal_people", "deal_events")
    }
    for account in draw(st.lists(st.sampled_from(ACCOUNTS), unique=True)):
        people = [f"{account}-{number}" for number in range(draw(st.integers(1, 2)))]
        leads = [f"{account}-L{number}" for number in range(draw(st.integers(0, 2)))]
        home = {"account_id": account}
        for lead in leads:
            created = dated(draw, "created_at")
            person = draw(st.sampled_from(people))
            channel = draw(st.sampled_from(CHANNELS))
            handed = dated(draw, "qualified_at", optional=True) | dated(draw, "assigned_at", optional=True)
            handed["lead_type"] = draw(st.sampled_from(["demo_request", "content", None]))
            told["leads"].append(home | created | handed | {"lead_id": lead, "person_id": person, "channel": channel})
            for stage in draw(st.lists(st.sampled_from(["mql", "sal", "sql", "opportunity", "lost", "disqualified"]
                                                       + ["recycled"] * 2), max_size=5)):  # fmt: skip
                by = {"reason": draw(OPTIONAL), "employee_id": draw(OPTIONAL)}
                told["stage_events"].append({"lead_id": lead, "stage": stage} | by | dated(draw, "entered_at"))
            if draw(st.booleans()):
                held = {"activity_id": f"{lead}-call", "lead_id": lead, "kind": "call", "outcome": "reached"}
                told["activities"].append(home | held | dated(draw, "occurred_at"))
        for number in range(draw(st.integers(0, 3))):
            outcome = draw(st.sampled_from(["won_at", "lost_at", None]))
            deal = home | {"deal_id": f"{account}-D{number}"} | dated(draw, "created_at", optional=True)
            deal |= dated(draw, outcome) if outcome else {}
            currency = draw(st.sampled_from(["EUR", "CHF", "USD"]))
            deal |= {"amount": draw(st.integers(0, 99)), "currency": currency}
            deal["lead_id"] = draw(st.none() | st.sampled_from(leads)) if leads else None
            told["deals"].append(deal)
            told["deal_people"].append({"deal_id": deal["deal_id"], "person_id": draw(st.sampled_from(people))})
            for field, old, new in draw(st.lists(st.sampled_from([("amount", "1.00", "2.00"), ("stage", "S", "T")]))):
                change = {"deal_id": deal["deal_id"], "field": field, "old_value": old, "new_value": new}
                told["deal_events"].append(change | dated(draw, "changed_at"))
        for number in range(draw(st.integers(0, 8))):
            kind = draw(st.sampled_from(["visit", "form", "ad_click", "email_click"]))
            touch = home | {
                "touch_id": f"{account}-{number}",
                "kind": kind,
                "channel": draw(st.sampled_from([*CHANNELS[:3], "direct"])),
            }
            touch |= {"person_id": draw(st.none() | st.sampled_from(people)), "asset": draw(OPTIONAL)}
            told["touches"].append(touch | {"is_bot": draw(st.booleans())} | dated(draw, "occurred_at"))
    ruled = draw(
        st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99), st.sampled_from(["keep", "move", "exclude"])))
    )
    frames = {name: table(name, rows) for name, rows in told.items()}
    frames["rulings"] = rulings_on(told, ruled)
    frames["stage_events"] = frames["stage_events"].unique(["lead_id", "stage", "entered_at"], maintain_order=True)
    frames["deal_events"] = frames["deal_events"].unique(["deal_id", "changed_at", "field"], maintain_order=True)
    frames["exchange_rates"] = table("exchange_rates", [{"currency": "CHF", "day": "2025-06-01", "rate": 1.1}])
    spend = {"campaign_id": "C", "cost": "7", "currency": "EUR"}
    frames["spend"] = table("spend", [spend | {"day": "2025-03-03"}, spend | {"day": "2025-03-04"}])
    return frames


def rulings_on(told, ruled):
    """Rulings on touches of accounts with deals; credit is moved to the account's next touch."""
    rows = []
    for number, (deal, place, ruling) in enumerate(ruled if told["deals"] else []):
        of = told["deals"][deal % len(told["deals"])]
        touches = [touch["touch_id"] for touch in told["touches"] if touch["account_id"] == of["account_id"]]
        if touches:
            one, other = touches[place % len(touches)], touches[(place + 1) % len(touches)]
            rows.append((of["deal_id"], one, ruling, other, f"R{number}", START + timedelta(minutes=number)))
    return pl.DataFrame(rows, schema=RULINGS, orient="row")


def bucketed(company, count):
    """The company split by account; small tables go to every bucket whole."""
    bucket_of = {account: number % count for number, account in enumerate(ACCOUNTS)}
    owner = pl.concat(
        [company["leads"].select("account_id", id="lead_id"), company["deals"].select("account_id", id="deal_id")]
    )
    buckets = []
    for number in range(count):
        here = [account for account, bucket in bucket_of.items() if bucket == number]
        ids = owner.filter(pl.col("account_id").is_in(here))["id"].implode()
        parts = {}
        for name, frame in company.items():
            if name in ("exchange_rates", "spend"):
                parts[name] = frame
            elif "account_id" in frame.columns:
                parts[name] = frame.filter(pl.col("account_id").is_in(here))
            else:
                parts[name] = frame.filter(pl.col("lead_id" if "lead_id" in frame.columns else "deal_id").is_in(ids))
        buckets.append(parts)
    return buckets


def by_key(done):
    return {mart.name: done[mart.name].sort(mart.key, nulls_last=True) for mart in MARTS}


def assert_equal_marts(one, other):
    for mart in MARTS:
        assert_frame_equal(one[mart.name], other[mart.name])


@settings(max_examples=15, deadline=None)
@given(company=companies(), count=st.sampled_from([2, 7]))
def test_one_bucket_equals_many(company, count):
    whole = judged(company, AGREED, AS_OF)
    assert_equal_marts(by_key(whole), by_key(judged_in_buckets(bucketed(company, count), company, AGREED, AS_OF)))


@settings(max_examples=15, deadline=None)
@given(company=companies(), seed=st.integers(0, 99))
def test_the_order_of_input_rows_changes_neither_rows_nor_their_order(company, seed):
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=seed) for name, frame in company.items()}
    assert_equal_marts(judged(company, AGREED, AS_OF), judged(shuffled, AGREED, AS_OF))


@settings(max_examples=40, deadline=None)
@given(company=companies())
def test_the_books_balance(company):
    done = judged(company, AGREED, AS_OF)
    for mart in MARTS:
        assert not done[mart.name].select(mart.key).is_duplicated().any(), mart.name
    assert_leads_balance(company, done)
    assert_handovers_balance(done)
    assert_journeys_balance(company, done)
    assert_money_balances(company, done)
    assert_stages_balance(done)
    assert_credit_closes(done)


def assert_leads_balance(company, done):
    leads = done["leads"]
    endings = [f"{state}_at" for state in ("won", "lost", "disqualified", "recycled")]
    states = pl.sum_horizontal(pl.col(ending).is_not_null().cast(pl.Int32) for ending in endings)
    assert leads.filter(states != pl.col("closed_as").is_not_null().cast(pl.Int32)).is_empty()
    assert leads.filter(pl.col("closed_as").is_null() != pl.col("closed_at").is_null()).is_empty()
    assert (
        leads.filter(pl.col("cycle") == 1)["lead_id"].sort().to_list() == company["leads"]["lead_id"].sort().to_list()
    )
    assert leads["created_at"].null_count() == 0
    steps = ["mql_at", "sal_at", "sql_at", "opportunity_at"]
    for earlier, later in pairwise(steps):  # who reached a stage has reached every stage before it, no later
        assert leads.filter((pl.col(earlier) <= pl.col(later)).not_() & pl.col(later).is_not_null()).is_empty()
        assert leads.filter(pl.col(earlier).is_null() & pl.col(later).is_not_null()).is_empty()
    in_order = leads.filter("is_in_time_order", ~pl.col("created_at_is_date_only"))
    for step in (*steps, *endings):
        assert in_order.filter(pl.col(step).dt.date() < pl.col("created_at").dt.date() - timedelta(days=1)).is_empty()


def assert_handovers_balance(done):
    rows = done["handovers"]
    assert rows.filter(pl.col("status").is_null() != pl.col("is_date_only")).is_empty()
    assert rows.filter((pl.col("status") == "unassigned") != pl.col("assigned_at").is_null()).is_empty()
    late = pl.col("response_minutes") > pl.col("promised_minutes")
    assert rows.filter(status="met").filter(late | pl.col("response_minutes").is_null()).is_empty()
    assert rows.filter(status="breached").filter((~late).fill_null(False)).is_empty()
    assert rows.filter(status="pending").filter(pl.col("responded_at").is_not_null()).is_empty()
    assert rows.filter(~pl.col("is_date_only"), pl.col("responded_at") < pl.col("assigned_at")).is_empty()
    assert rows.filter((pl.col("decision") == "open") != pl.col("decided_at").is_null()).is_empty()
    leads = done["leads"].select("lead_id", "cycle", "sal_at", "mql_at", "imputed_stages")
    told = rows.join(leads, on=["lead_id", "cycle"], validate="1:1")
    assert told.height == rows.height
    assert told.filter((pl.col("decision") == "accepted") != pl.col("sal_at").is_not_null()).is_empty()
    qualified = leads.filter(pl.col("mql_at").is_not_null(), ~pl.col("imputed_stages").str.contains("mql"))
    assert qualified.join(rows, on=["lead_id", "cycle"], how="anti").is_empty()


def assert_stages_balance(done):
    """What is counted by day is what the leads say one by one."""
    first, days, stays = done["leads"].filter(cycle=1), done["stage_days"], done["stage_stays"]
    for stage, at in ENTERED.items():
        entered = first[at].count()
        moved, stayed = days.filter(stage=stage), stays.filter(stage=stage)
        assert (moved["entered"].sum(), stayed["leads"].sum()) == (entered, entered)
        assert moved["returned"].sum() == done["leads"].filter(pl.col("cycle") > 1)[at].count()
        is_imputed = first["imputed_stages"].str.split(",").list.contains(stage)
        assert moved["imputed"].sum() == is_imputed.sum()
        is_timed = first["is_in_time_order"] & ~is_imputed & first[at].is_not_null()
        assert stayed["timed"].sum() == is_timed.sum()
        advanced = stayed.filter(outcome="advanced")["leads"].sum()
        assert advanced == first[NEXT[stage]].count()
    for way in ("lost", "disqualified", "recycled"):
        assert days[way].sum() == first.filter(closed_as=way).height
    assert days.filter(stage="won").select("lost", "disqualified", "recycled").sum_horizontal().sum() == 0


def assert_journeys_balance(company, done):
    journeys, touches = done["journeys"], done["touches"]
    assert journeys["deal_id"].drop_nulls().sort().to_list() == company["deals"]["deal_id"].sort().to_list()
    touched = set(company["touches"]["account_id"]) - set(company["deals"]["account_id"])
    assert set(journeys.filter(outcome="never_converted")["account_id"]) == touched
    eligible = touches.filter("is_eligible").sort("journey_id", "occurred_at", "touch_id")
    numbers = pl.int_range(1, pl.len() + 1).over("journey_id")
    assert eligible.filter(pl.col("touch_no") != numbers).is_empty()
    assert eligible.filter(pl.col("touch_count") != pl.len().over("journey_id")).is_empty()
    assert touches.filter(pl.col("is_eligible") == pl.col("exclusion").is_not_null()).is_empty()
    counts = eligible.group_by("journey_id").agg(counted=pl.len().cast(pl.Int64))
    joined = journeys.join(counts, on="journey_id", how="left")
    assert joined.filter(pl.col("touch_count") != pl.col("counted").fill_null(0)).is_empty()
    steps = pl.when(pl.col("path") != "").then(pl.col("path").str.split(" > ").list.len()).otherwise(0)
    assert journeys.filter(pl.col("touch_count") != steps).is_empty()
    for mark in ("FT", "LC", "OC", "CW"):
        holders = touches.filter(pl.col("milestones").str.split(",").list.contains(mark))
        assert not holders["journey_id"].is_duplicated().any()


def assert_credit_closes(done):
    deals = done["deals"].filter(pl.col("won_at").is_not_null() | pl.col("lost_at").is_null())
    sums = done["credits"].group_by("deal_id", "basis", "model").agg(pl.col("credit", "share").sum())
    joined = sums.join(deals.select("deal_id", "amount"), on="deal_id", how="full")
    assert joined["deal_id"].null_count() == joined["deal_id_right"].null_count() == 0
    assert joined.filter(pl.col("credit") != pl.col("amount").fill_null(0)).is_empty()
    assert joined.filter((pl.col("share") - 1).abs() > 1e-9).is_empty()
    eligible = done["touches"].filter("is_eligible").join(deals, on="deal_id", how="semi")
    for _model, rows in done["credits"].drop_nulls("touch_id").group_by("model"):
        assert rows.height == eligible.height
    for _model, rows in done["channel_credits"].group_by("model"):
        touched = deals.filter(pl.col("won_at").is_not_null()).join(eligible, on="deal_id", how="semi")
        assert rows["credit"].sum() == touched["amount"].sum()


def assert_money_balances(company, done):
    won = pl.col("won_at").is_not_null()
    assert company["deals"].filter(won).height == done["deals"].filter(won).height
    linked = done["deals"].filter(won, pl.col("lead_id").is_not_null())["amount"].sum()
    assert (done["leads"]["amount"].sum() or 0) == (linked or 0)
    kpis = done["kpi_weeks"]
    revenue = kpis.filter(kpi="won_revenue")["numerator"].sum() or 0
    assert revenue == (done["deals"].filter(won)["amount"].sum() or 0)
    assert (kpis.filter(kpi="marketing_cost")["numerator"].sum(), done["campaign_days"]["cost"].sum()) == (14, 14)
    first_cycles = done["leads"].filter(cycle=1)
    assert done["campaign_days"]["leads"].sum() == first_cycles.height
    last_weeks = done["pipeline_weeks"].sort("week_start").group_by("deal_id").agg(pl.all().last())
    both = last_weeks.join(done["deals"], on="deal_id", suffix="_now")
    assert both.filter(pl.col("amount").ne_missing(pl.col("amount_now"))).is_empty()
    assert last_weeks.height == company["deals"].height
