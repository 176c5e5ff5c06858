"""Credit: what a touch earns, what stays with nobody and why, and what both sides ruled."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from agreement import Agreement
from measures.attribution_table import MODELS
from measures.markov import removal_effects
from tests.golden import load
from tests.marts.story import TERMS, at, judged, tables

DEAL = {"deal_id": "D", "account_id": "A", "created_at": "2026-03-01 10:00", "amount": "100", "currency": "EUR"}
WON = DEAL | {"won_at": "2026-05-01 10:00"}
PERSON = [{"person_id": "P", "account_id": "A"}]


def touch(name, time, kind="form", channel="email", **columns):
    known = {"person_id": "P", "account_id": "A", "asset": name}
    return known | {"touch_id": name, "occurred_at": time, "kind": kind, "channel": channel} | columns


def attribution(**changes):
    return TERMS.model_copy(update={"attribution": TERMS.attribution.model_copy(update=changes)})


def ruling(touch_id, kind, to=None, at="2026-06-01 10:00"):
    known = {"deal_id": "D", "touch_id": touch_id, "ruling": kind, "to_touch_id": to, "at": at}
    return known | {"ruling_id": f"{touch_id}:{kind}"}


def marts(touches, deals=(WON,), terms=TERMS, rulings=(), **others):
    told = tables(touches=list(touches), deals=list(deals), **{"people": PERSON, **others})
    if rulings:
        told["rulings"] = pl.DataFrame([row | {"at": at(row["at"])} for row in rulings], infer_schema_length=None)
    return judged(told, terms)


def credit(done, model, **only):
    """Touch id, or the reason without touch -> credit, where it is not 0."""
    rows = done["credits"].filter(pl.col("model") == model, **only)
    return {row["touch_id"] or row["unattributed_reason"]: float(row["credit"]) for row in rows.to_dicts()
            if row["credit"]}  # fmt: skip


def assert_closed(done):
    """Every deal, model and basis adds up to the deal's amount, and its shares to 1."""
    amounts = done["deals"].filter(pl.col("won_at").is_not_null() | pl.col("lost_at").is_null())
    sums = (
        done["credits"]
        .group_by("deal_id", "model", "basis")
        .agg(pl.col("credit", "share").sum(), known=pl.count("credit"))
    )
    joined = sums.join(amounts.select("deal_id", "amount"), on="deal_id", how="full")
    assert joined["deal_id"].null_count() == joined["deal_id_right"].null_count() == 0
    assert joined.filter(pl.col("amount").is_not_null(), pl.col("credit") != pl.col("amount")).is_empty()
    assert joined.filter(pl.col("amount").is_null(), pl.col("known") > 0).is_empty()
    assert joined.filter((pl.col("share") - 1).abs() > 1e-9).is_empty()


def test_the_published_account_journey_is_credited_as_printed():
    golden = load("attr_account_journey_marketo")
    kinds = {"web visit": "visit", "form": "form"}
    touches = [
        touch(told["id"], told["date"], kinds[told["type"]], person_id=told["person"])
        for told in golden["input"]["touches"]
    ]
    told = golden["input"]["opportunity"]
    done = marts(touches, [WON | {"created_at": told["created"], "won_at": told["closed_won"]}])
    for model, printed in (("w_shaped", "W"), ("full_path", "FULL")):
        expected = {touch: share * 100 for touch, share in golden["expected"][printed].items()}
        assert credit(done, model) == pytest.approx(expected, abs=0.005)
    assert_closed(done)


def test_the_four_deals_of_sourced_influenced_and_attributed():
    golden = load("attr_influenced_vs_attributed")
    deals, touches = [], []
    for told in golden["input"]["opps"]:
        name = told["id"]
        deals.append({"deal_id": name, "account_id": name, "created_at": told["created"], "won_at": told["closed"],
                      "amount": str(told["won"]), "currency": "EUR"})  # fmt: skip
        for campaign, day in told["touches"]:
            touches.append(touch(f"{name} {campaign}", day, account_id=name, campaign_id=campaign, person_id=name))
    done = marts(touches, deals, attribution(lookback_days=500))
    linear = done["credits"].filter(model="linear")
    by_campaign = dict(linear.filter(pl.col("touch_id").is_not_null()).group_by("campaign_id").agg(
        pl.col("credit").sum().cast(pl.Float64)).iter_rows())  # fmt: skip
    assert by_campaign == pytest.approx(golden["expected"]["linear_attributed"], abs=0.02)
    assert float(linear.filter(pl.col("touch_id").is_null())["credit"].sum()) == golden["expected"]["unattributed"]
    assert float(linear["credit"].sum()) == golden["expected"]["check_sum"]


def test_credit_closes_to_the_cent():
    touches = [touch(name, f"2026-02-0{day} 09:00") for day, name in enumerate("abc", 1)]
    done = marts(touches, [WON | {"amount": "100.00"}])
    assert credit(done, "linear") == {"a": 33.34, "b": 33.33, "c": 33.33}
    assert_closed(done)


def test_an_open_deal_has_no_weight_of_a_closing():
    touches = [
        touch("first", "2026-01-01 09:00"),
        touch("before", "2026-02-27 09:00"),
        touch("after", "2026-04-01 09:00"),
    ]
    done = marts(touches, [DEAL])
    shares = done["credits"].filter(model="full_path").sort("touched_at")["share"].to_list()
    points = [0.225 * 2, 0.225, 0.1]
    assert shares == pytest.approx([point / sum(points) for point in points])
    assert done["credits"]["basis"].unique().to_list() == ["open"]
    assert done["credits"]["closed_at"].null_count() == done["credits"].height


def test_a_lost_deal_has_no_credit():
    assert marts([touch("t", "2026-02-01")], [DEAL | {"lost_at": "2026-04-01 10:00"}])["credits"].is_empty()


def test_a_deal_without_amount_has_shares_but_no_credit():
    done = marts([touch("t", "2026-02-01")], [WON | {"currency": "USD"}])
    assert done["credits"]["credit"].null_count() == done["credits"].height > 0
    assert done["credits"]["share"].to_list() == [1.0] * done["credits"].height
    assert_closed(done)


def test_a_mere_visit_is_no_middle_touch_but_may_be_the_first():
    done = marts(
        [touch("visit", "2026-01-01", "visit"), touch("page", "2026-01-02", "visit"), touch("form", "2026-01-03")]
    )
    assert credit(done, "u_shaped") == {"visit": 50, "form": 50}
    assert credit(done, "linear") == {"visit": 33.34, "page": 33.33, "form": 33.33}


@pytest.mark.parametrize(
    ("alone", "model", "expected"),
    [
        pytest.param(True, "first", {"typed": 100}, id="direct may be the first"),
        pytest.param(True, "last", {"again": 100}, id="and the last"),
        pytest.param(True, "last_non_direct", {"mail": 100}, id="last non direct"),
        pytest.param(True, "linear", {"mail": 100}, id="elsewhere it earns nothing beside another touch"),
        pytest.param(True, "u_shaped", {"mail": 100}, id="a milestone held by a direct visit is dropped"),
        pytest.param(False, "linear", {"typed": 33.34, "mail": 33.33, "again": 33.33}, id="by terms it earns"),
    ],
)
def test_direct_visits(alone, model, expected):
    touches = [
        touch("typed", "2026-01-01", "visit", "direct"),
        touch("mail", "2026-01-02", "email_click"),
        touch("again", "2026-01-03", "visit", "direct"),
    ]
    assert credit(marts(touches, terms=attribution(direct_earns_only_alone=alone)), model) == expected


def test_direct_visits_alone_earn_everything():
    touches = [touch("a", "2026-01-01", "visit", "direct"), touch("b", "2026-01-02", "visit", "direct")]
    assert credit(marts(touches), "linear") == {"a": 50, "b": 50}


CALL = {"activity_id": "call", "account_id": "A", "occurred_at": "2026-02-01 09:00", "kind": "call"}


@pytest.mark.parametrize(
    ("touches", "others", "reason"),
    [
        pytest.param([], {"people": []}, "no_person", id="nobody is known"),
        pytest.param([], {"people": [], "activities": [CALL]}, "no_person", id="sales called whom?"),
        pytest.param([], {}, "no_touch", id="a person without touches"),
        pytest.param(
            [], {"people": [], "deal_people": [{"deal_id": "D", "person_id": "P"}]}, "no_touch", id="a contact"
        ),
        pytest.param([touch("bot", "2026-02-01", is_bot=True)], {}, "no_touch", id="a machine is nobody's touch"),
        pytest.param([touch("late", "2026-06-01")], {}, "no_touch", id="touched after the closing"),
        pytest.param([touch("old", "2024-01-01")], {}, "outside_lookback", id="long ago"),
        pytest.param([], {"activities": [CALL]}, "only_sales_touches", id="only sales"),
        pytest.param([], {"activities": [CALL | {"occurred_at": "2026-06-01 09:00"}]}, "no_touch", id="called later"),
        pytest.param([], {"activities": [CALL | {"is_automatic": True}]}, "no_touch", id="a robot is no sales"),
        pytest.param([touch("x", "2026-02-01")], {"rulings": [ruling("x", "exclude")]}, "ruled_out", id="ruled out"),
    ],
)
def test_unattributed_revenue_says_why(touches, others, reason):
    done = marts(touches, **others)
    assert done["credits"]["unattributed_reason"].unique().to_list() == [reason]
    assert credit(done, "linear") == {reason: 100}
    assert_closed(done)


def test_what_an_excluded_channel_would_earn_is_nobodys():
    touches = [touch("mail", "2026-01-01"), touch("fair", "2026-01-02", channel="event"), touch("mail 2", "2026-01-03")]
    done = marts(touches, terms=attribution(excluded_channels=("event",)))
    assert credit(done, "linear") == {"mail": 33.34, "mail 2": 33.33, "excluded_channel": 33.33}
    assert credit(done, "first") == {"mail": 100}
    assert done["credits"].filter(model="linear", touch_id="fair")["credit"].to_list() == [Decimal("0.00")]
    assert_closed(done)


@pytest.mark.parametrize(
    ("rulings", "first", "linear"),
    [
        pytest.param([ruling("a", "keep")], {"a": 100}, {"a": 33.34, "b": 33.33, "c": 33.33}, id="keep"),
        pytest.param([ruling("a", "move", "c")], {"c": 100}, {"b": 33.33, "c": 66.67}, id="move"),
        pytest.param([ruling("a", "exclude")], {"b": 100}, {"b": 50, "c": 50}, id="exclude: as if it had not been"),
        pytest.param([ruling("a", "move", "gone")], {"a": 100}, {"a": 33.34, "b": 33.33, "c": 33.33}, id="to nobody"),
        pytest.param(
            [ruling("a", "exclude", at="2026-06-01 10:00"), ruling("a", "keep", at="2026-06-02 10:00")],
            {"a": 100}, {"a": 33.34, "b": 33.33, "c": 33.33}, id="the last word counts",
        ),
        pytest.param(
            [ruling("a", "move", "b"), ruling("b", "move", "a")],
            {"b": 100}, {"a": 33.33, "b": 33.34, "c": 33.33}, id="crossing moves change places",
        ),
    ],
)  # fmt: skip
def test_rulings(rulings, first, linear):
    touches = [touch(name, f"2026-02-0{day} 09:00") for day, name in enumerate("abc", 1)]
    done = marts(touches, rulings=rulings)
    assert credit(done, "first") == first
    assert credit(done, "linear") == pytest.approx(linear, abs=0.011)
    assert_closed(done)
    last_word = [told["ruling_id"] for told in rulings if told["touch_id"] == "a"][-1:]
    assert done["touches"].filter(pl.col("touch_id") == "a")["ruling_id"].to_list() == last_word


def test_a_move_is_seen_where_credit_left_and_where_it_came():
    touches = [touch("a", "2026-02-01 09:00"), touch("b", "2026-02-02 09:00")]
    rows = marts(touches, rulings=[ruling("a", "move", "b")])["credits"].filter(model="linear")
    assert dict(rows.select("touch_id", "ruling_id").iter_rows()) == {"a": "a:move", "b": "a:move"}


def amended(attribution):
    """The default terms, with these changed from the first of April on."""
    amendment = {"valid_from": date(2026, 4, 1), "attribution": attribution}
    return Agreement({"valid_from": date(2020, 1, 1), **TERMS.values, "amendment": [amendment]})


def test_a_deal_is_judged_by_the_terms_of_its_own_day():
    """Since April direct visits earn. A deal won in March is not judged anew; open ones are judged by today's terms."""
    changed = {"direct_earns_only_alone": False, "models": ["first", "linear"], "agreed_model": "linear"}
    agreement = amended(changed)
    deals = [
        DEAL | {"deal_id": "march", "won_at": "2026-03-31 23:30"},
        DEAL | {"deal_id": "april", "won_at": "2026-04-01 00:30"},
        DEAL | {"deal_id": "open"},
    ]
    done = marts([touch("mail", "2026-01-01"), touch("typed", "2026-01-02", "visit", "direct")], deals, agreement)
    earned = {deal: credit(done, "linear", deal_id=deal) for deal in ("march", "april", "open")}
    half = {"mail": 50, "typed": 50}
    assert earned == {"march": {"mail": 100}, "april": half, "open": half}
    models = dict(done["credits"].group_by("deal_id").agg(pl.col("model").n_unique()).iter_rows())
    assert models == {"march": len(MODELS) - 2, "april": 2, "open": 2}  # too few deals for markov and shapley
    assert done["credits"]["agreement_version"].n_unique() == 2
    assert_closed(done)


def test_the_lookback_is_that_of_the_closing_day():
    agreement = amended({"lookback_days": 30})
    deals = [DEAL | {"deal_id": "march", "won_at": "2026-03-20 10:00"}, DEAL | {"deal_id": "open"}]
    done = marts([touch("old", "2026-01-01"), touch("new", "2026-02-20")], deals, agreement)
    verdicts = {(row["deal_id"], row["touch_id"]): row["exclusion"] for row in done["touches"].to_dicts()}
    assert verdicts == {("march", "old"): None, ("march", "new"): None, ("open", "old"): "outside_lookback",
                        ("open", "new"): None}  # fmt: skip
    assert done["touches"]["journey_id"].is_sorted()


PATHS = [("email", "event", True), ("email", None, True), ("event", "display", False), ("display", None, False),
         ("display", "email", True), ("email", "display", False)]  # fmt: skip


def company(copies=10):
    deals, touches = [], []
    for number, (first, second, is_won) in enumerate(PATHS * copies):
        name = f"A{number}"
        if is_won:
            deals.append(WON | {"deal_id": name, "account_id": name, "amount": str(100 + number)})
        for place, channel in enumerate(filter(None, (first, second)), 1):
            touches.append(
                touch(f"{name}-{place}", f"2026-01-0{place}", channel=channel, account_id=name, person_id=name)
            )
    return {"touches": touches, "deals": deals}


def test_markov_and_shapley_over_all_journeys():
    done = marts(**company(), terms=attribution(minimum_conversions=30))
    exact = removal_effects(((path[:2] if path[1] else path[:1]), path[2], not path[2]) for path in PATHS)
    solved = done["channel_credits"].filter(model="markov")
    assert dict(solved.select("channel", "removal_effect").iter_rows()) == pytest.approx(exact.removal_effect)
    won = done["deals"]["amount"].sum()
    for model, rows in done["channel_credits"].group_by("model"):
        assert rows["credit"].sum() == won, model
        assert rows.filter((pl.col("low") > pl.col("credit")) | (pl.col("high") < pl.col("credit"))).is_empty()
        assert (rows["low"] < rows["high"]).any()
    assert_closed(done)
    by_channel = done["credits"].filter(model="shapley").group_by("channel").agg(pl.col("credit").sum())
    solved = done["channel_credits"].filter(model="shapley").select("channel", "credit")
    # per deal in whole cents, over all deals once: at most half a cent apart for each deal
    apart = by_channel.join(solved, on="channel")["credit"] - by_channel.join(solved, on="channel")["credit_right"]
    assert apart.cast(pl.Float64).abs().max() <= 0.005 * done["deals"].height


def test_markov_shares_a_deal_by_the_effects_of_its_channels():
    done = marts(**company(), terms=attribution(minimum_conversions=30))
    effect = dict(done["channel_credits"].filter(model="markov").select("channel", "removal_effect").iter_rows())
    row = done["credits"].filter(model="markov", deal_id="A0", channel="email").to_dicts()[0]
    assert row["share"] == pytest.approx(effect["email"] / (effect["email"] + effect["event"]))


def test_too_few_conversions_solve_nothing():
    done = marts(**company(), terms=attribution(minimum_conversions=31))
    assert done["channel_credits"].is_empty()
    assert set(done["credits"]["model"]) == set(MODELS) - {"markov", "shapley"}


def test_an_excluded_channel_keeps_its_effect_and_earns_nothing():
    done = marts(**company(), terms=attribution(minimum_conversions=30, excluded_channels=("event",)))
    row = done["channel_credits"].filter(model="markov", channel="event").to_dicts()[0]
    assert row["removal_effect"] > 0
    assert row["credit"] == row["low"] == row["high"] == 0
    assert_closed(done)


def days(done, clock, model="linear"):
    """Credit by day and channel, None: nobody's."""
    rows = done["credit_days"].filter(pl.col(f"{model}_credit") != 0, clock=clock)
    return {(str(row["day"]), row["channel"]): float(row[f"{model}_credit"]) for row in rows.to_dicts()}


def test_credit_by_day_stands_on_the_day_of_the_closing_and_on_that_of_the_touch():
    late = "2026-03-01 00:30"  # in Berlin; by Greenwich it is February still
    done = marts(
        [touch("mail", late), touch("fair", "2026-03-05", kind="event", channel="event")],
        deals=[WON, DEAL | {"deal_id": "O", "account_id": "A", "amount": "50"},
               WON | {"deal_id": "N", "account_id": "nobody", "amount": "7.01"}],
    )  # fmt: skip
    assert days(done, "touch") == {("2026-03-01", "email"): 50, ("2026-03-05", "event"): 50}
    assert days(done, "close") == {
        ("2026-05-01", "email"): 50, ("2026-05-01", "event"): 50, ("2026-05-01", None): 7.01,
        ("None", "email"): 25, ("None", "event"): 25,
    }  # fmt: skip
    shares = done["credit_days"].filter(clock="close", basis="won")["linear_deals"].sum()
    assert shares == pytest.approx(2), "two won deals in full"
    assert done["credit_days"]["markov_credit"].null_count() == done["credit_days"].height, "too few were won for it"


@pytest.mark.parametrize(
    ("amount", "linear"),
    [
        pytest.param("0", {"a": 0, "b": 0, "c": 0}, id="a deal for nothing"),
        pytest.param("-100", {"a": -33.33, "b": -33.33, "c": -33.34}, id="a credit note"),
        pytest.param("0.01", {"a": 0.01, "b": 0, "c": 0}, id="a cent"),
        pytest.param("0.02", {"a": 0.01, "b": 0.01, "c": 0}, id="two cents among three"),
    ],
)
def test_odd_amounts_close_as_well(amount, linear):
    done = marts([touch("a", "2026-02-01"), touch("b", "2026-02-02"), touch("c", "2026-02-03")],
                 deals=[WON | {"amount": amount}])  # fmt: skip
    rows = done["credits"].filter(model="linear")
    assert {row["touch_id"]: float(row["credit"]) for row in rows.to_dicts()} == linear
    assert_closed(done)


def test_touches_at_one_instant_stand_in_the_order_of_their_ids_whatever_the_file_says():
    told = [touch(name, "2026-02-01 10:00") for name in ("b", "a", "c")]
    first, again = (marts(rows) for rows in (told, told[::-1]))
    assert credit(first, "first") == credit(again, "first") == {"a": 100}
    assert credit(first, "last") == credit(again, "last") == {"c": 100}


def test_a_touch_at_the_very_moment_of_winning_counts_and_one_after_it_does_not():
    done = marts([touch("at", "2026-05-01 10:00"), touch("after", "2026-05-01 10:01")])
    assert credit(done, "last") == {"at": 100}
