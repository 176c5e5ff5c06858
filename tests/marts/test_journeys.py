"""Touches in their journeys: what belongs, what is numbered, what is left out and why."""

import pytest

from tests.golden import load
from tests.marts.story import TERMS, at, judged, only, tables

DEAL = {"deal_id": "D", "account_id": "A", "created_at": "2026-03-01 10:00", "amount": "100", "currency": "EUR"}
WON = DEAL | {"won_at": "2026-05-01 10:00"}


def touch(name, time, kind="visit", channel="direct", **columns):
    known = {"person_id": "P", "account_id": "A", "asset": name}
    return known | {"touch_id": name, "occurred_at": time, "kind": kind, "channel": channel} | columns


def attribution(**changes):
    return TERMS.model_copy(update={"attribution": TERMS.attribution.model_copy(update=changes)})


def marts(touches, deals=(WON,), terms=TERMS, **others):
    return judged(tables(touches=list(touches), deals=list(deals), **others), terms)


def verdicts(touches, *args, **others):
    """Touch id -> number, or the reason it is left out."""
    rows = marts(touches, *args, **others)["touches"]
    return {row["touch_id"]: row["touch_no"] or row["exclusion"] for row in rows.to_dicts()}


def milestones(frame):
    held = frame.filter(frame["milestones"] != "")
    return {mark: row["touch_id"] for row in held.to_dicts() for mark in row["milestones"].split(",")}


def test_the_published_account_journey_has_its_printed_milestones():
    golden = load("attr_account_journey_marketo")
    kinds = {"web visit": "visit", "form": "form"}
    touches = [
        touch(told["id"], told["date"], kinds[told["type"]], person_id=told["person"])
        for told in golden["input"]["touches"]
    ]
    told = golden["input"]["opportunity"]
    journey = marts(touches, [DEAL | {"created_at": told["created"], "won_at": told["closed_won"]}])
    assert milestones(journey["touches"]) == golden["expected"]["milestones"]


def test_touches_are_numbered_in_time_order_and_ties_go_by_id():
    same = "2026-02-02 09:00"
    assert verdicts([touch("b", same), touch("c", "2026-02-01 09:00"), touch("a", same)]) == {"c": 1, "a": 2, "b": 3}


def test_only_touches_up_to_the_closing_belong_to_the_journey():
    assert verdicts([touch("at closing", "2026-05-01 10:00"), touch("after", "2026-05-01 10:01")]) == {"at closing": 1}


def test_a_closing_known_by_its_day_includes_that_day():
    touches = [touch("same day", "2026-05-01 18:00"), touch("next day", "2026-05-02 00:00")]
    assert verdicts(touches, [DEAL | {"won_at": "2026-05-01"}]) == {"same day": 1}


@pytest.mark.parametrize(
    ("time", "verdict"),
    [
        pytest.param("2025-03-01", 1, id="365 days before the opportunity"),
        pytest.param("2025-02-28 23:59", "outside_lookback", id="a minute earlier"),
    ],
)
def test_the_lookback_begins_with_the_day(time, verdict):
    assert verdicts([touch("old", time)]) == {"old": verdict}


def test_repeats_of_person_asset_and_day_collapse_to_the_first():
    touches = [
        touch("first", "2026-02-01 09:00", asset="/prices"),
        touch("again", "2026-02-01 23:30", asset="/prices"),
        touch("other page", "2026-02-01 09:10", asset="/jobs"),
        touch("other person", "2026-02-01 09:20", asset="/prices", person_id="Q"),
        touch("next day", "2026-02-02 00:10", asset="/prices"),
    ]
    assert verdicts(touches) == {"first": 1, "other page": 2, "other person": 3, "again": "repeat", "next day": 4}


def test_a_form_is_no_repeat_of_the_visit_to_its_page():
    touches = [
        touch("visit", "2026-02-01 09:00", asset="/demo"),
        touch("form", "2026-02-01 09:05", "form", asset="/demo"),
    ]
    assert verdicts(touches) == {"visit": 1, "form": 2}


def test_without_an_asset_nothing_can_be_called_a_repeat():
    touches = [touch("a", "2026-02-01 09:00", asset=None), touch("b", "2026-02-01 09:05", asset=None)]
    assert verdicts(touches) == {"a": 1, "b": 2}


def clicks(*seconds, **columns):
    return [touch(f"c{s}", f"2026-02-01 09:00:{s:02}", "email_click", asset=f"/{s}", **columns) for s in seconds]


@pytest.mark.parametrize(
    ("touches", "bots"),
    [
        pytest.param(clicks(0, 2, 4, 6, 10), 5, id="five clicks in ten seconds are a machine"),
        pytest.param(clicks(0, 2, 4, 6, 11), 0, id="five clicks in eleven seconds may be a person"),
        pytest.param(clicks(0, 1, 2, 3), 0, id="four are too few"),
        pytest.param(clicks(0, 2, 4, 6, 8, 10, 12, 30), 7, id="all of a long burst, nothing beside it"),
        pytest.param(clicks(0, 2, 4) + clicks(5, 6, person_id="Q"), 0, id="two people are no burst"),
        pytest.param([touch("v", "2026-02-01 09:00", is_bot=True)], 1, id="the source says so"),
        pytest.param(
            [touch(f"d{n}", "2026-02-01", "email_click", asset=f"/{n}") for n in range(6)], 0, id="days are no seconds"
        ),
        pytest.param(
            [touch(f"v{n}", "2026-02-01 09:00", asset=f"/{n}") for n in range(6)], 0, id="visits are no clicks"
        ),
    ],
)
def test_machines_earn_nothing(touches, bots):
    assert list(verdicts(touches).values()).count("bot") == bots


def test_the_milestones_of_a_long_journey():
    rows = marts(
        [
            touch("first", "2026-01-01 09:00", "ad_click"),
            touch("form", "2026-01-02 09:00", "form"),
            touch("second form", "2026-01-03 09:00", "form"),
            touch("last before", "2026-03-01 10:00"),
            touch("last", "2026-04-01 09:00"),
        ]
    )["touches"]
    assert milestones(rows) == {"FT": "first", "LC": "form", "OC": "last before", "CW": "last"}
    assert rows.sort("touch_no")["milestones"].to_list() == ["FT", "LC", "", "OC", "CW"]


def test_an_opportunity_known_by_its_day_includes_that_day():
    touches = [touch("same day", "2026-03-01 18:00"), touch("next day", "2026-03-02 00:00")]
    done = marts(touches, [WON | {"created_at": "2026-03-01"}])
    assert milestones(done["touches"]) == {"FT": "same day", "OC": "same day", "CW": "next day"}
    assert only(done["deals"])["first_touch_before_creation"]
    assert not only(marts(touches)["deals"])["first_touch_before_creation"]


def test_one_touch_can_hold_all_milestones():
    row = only(marts([touch("t", "2026-01-01 09:00", "form", "webinar")])["touches"])
    assert (row["milestones"], row["touch_no"], row["touch_count"]) == ("FT,LC,OC,CW", 1, 1)


def test_excluded_touches_hold_no_milestone_and_no_number():
    rows = marts([touch("bot", "2026-01-01 09:00", "form", is_bot=True), touch("t", "2026-01-02 09:00")])["touches"]
    bot, human = rows.sort("occurred_at").to_dicts()
    assert (bot["is_eligible"], bot["touch_no"], bot["milestones"], bot["touch_count"]) == (False, None, "", 1)
    assert (human["touch_no"], human["previous_channel"]) == (1, None)


def test_the_previous_channel_skips_what_is_left_out():
    rows = marts(
        [
            touch("a", "2026-01-01 09:00", channel="email"),
            touch("x", "2026-01-02 09:00", channel="display", is_bot=True),
            touch("b", "2026-01-03 09:00", channel="event"),
        ]
    )["touches"].sort("occurred_at")
    assert rows["previous_channel"].to_list() == [None, None, "email"]


def test_a_journey_tells_its_path_and_its_set_of_channels():
    row = only(
        marts(
            [
                touch("a", "2026-01-01 09:00", channel="paid_search"),
                touch("b", "2026-01-02 09:00", channel="email"),
                touch("c", "2026-01-03 09:00", channel="email"),
                touch("d", "2026-01-04 09:00", channel="paid_search"),
            ]
        )["journeys"]
    )
    assert row["path"] == "paid_search > email > email > paid_search"
    assert (row["channel_set"], row["touch_count"]) == ("email,paid_search", 4)
    assert (row["outcome"], row["opened_at"], row["amount"]) == ("won", at("2026-01-01 09:00"), 100)


def test_a_deal_without_touches_is_a_journey_all_the_same():
    row = only(marts([])["journeys"])
    assert (row["journey_id"], row["path"], row["channel_set"], row["touch_count"]) == ("deal:D", "", "", 0)
    assert row["opened_at"] == at("2026-03-01 10:00")


def test_an_account_without_deal_is_one_journey_that_never_converted():
    done = marts([touch("old", "2020-01-01 09:00"), touch("new", "2026-01-01 09:00")], deals=[])
    row = only(done["journeys"])
    assert (row["journey_id"], row["outcome"], row["deal_id"]) == ("account:A", "never_converted", None)
    assert row["touch_count"] == 2
    assert milestones(done["touches"]) == {"FT": "old"}


def test_an_account_with_several_deals_has_one_journey_each():
    lost = DEAL | {"deal_id": "E", "lost_at": "2026-03-10 10:00"}
    still_open = DEAL | {"deal_id": "F"}
    done = marts([touch("early", "2026-02-01 09:00"), touch("late", "2026-06-01 09:00")], [WON, lost, still_open])
    outcomes = dict(done["journeys"].select("journey_id", "outcome").iter_rows())
    assert outcomes == {"deal:D": "won", "deal:E": "lost", "deal:F": "open"}
    assert dict(done["journeys"].select("journey_id", "touch_count").iter_rows()) == {
        "deal:D": 1,
        "deal:E": 1,
        "deal:F": 2,
    }
    open_marks = milestones(done["touches"].filter(done["touches"]["deal_id"] == "F"))
    assert open_marks == {"FT": "early", "OC": "early"}


def test_by_terms_only_the_contacts_of_the_deal_count():
    touches = [touch("contact", "2026-02-01 09:00"), touch("colleague", "2026-02-01 09:00", person_id="Q")]
    people = [{"deal_id": "D", "person_id": "P"}]
    assert verdicts(touches, deal_people=people) == {"colleague": 1, "contact": 2}
    narrow = attribution(journey_scope="deal_contacts")
    assert verdicts(touches, terms=narrow, deal_people=people) == {"contact": 1}


def test_by_terms_sales_activities_are_touches_of_their_own_channel():
    calls = [
        {"activity_id": "call", "account_id": "A", "occurred_at": "2026-02-01 09:00", "kind": "call"},
        {"activity_id": "robot", "account_id": "A", "occurred_at": "2026-02-01", "kind": "mail", "is_automatic": True},
    ]
    assert marts([], activities=calls)["touches"].is_empty()
    done = marts([], terms=attribution(sales_activities_are_touches=True), activities=calls)
    assert only(done["touches"])["channel"] == only(done["journeys"])["path"] == "sales"
    assert not only(done["deals"])["is_influenced"]
