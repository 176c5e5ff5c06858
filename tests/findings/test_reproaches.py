"""The old reproaches: each verdict as a story, the same rule for both departments."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

import locales
from agreement import load
from findings import prejudices, reproaches
from findings.evidence import Measured, amount_pace, amount_share, below, pace, reached, share
from findings.reproaches import Reproach, channels, coffee

AGREEMENT = load()
TERMS = AGREEMENT.terms_on(date(2026, 11, 1))


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def quarters(*counted: tuple[int, int]) -> list[dict[str, int]]:
    return [{"k": k, "n": n} for k, n in counted]


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        pytest.param([(50, 100)] * 4, True, id="surely below"),
        pytest.param([(95, 100)] * 4, False, id="surely not below"),
        pytest.param([(8, 10)] * 1, None, id="too few to tell"),
        pytest.param([(0, 100), (95, 100), (95, 100), (95, 100), (95, 100)], False, id="only four quarters count"),
    ],
)
def test_decided_only_where_the_whole_interval_lies_on_one_side(rows, holds):
    assert below("x", quarters(*rows), share("k", "n"), 0.8).holds is holds


def test_nothing_counted_says_why():
    test = below("x", [], share("k", "n"), 0.8, missing="No quarter yet.")
    assert (test.found, test.holds, test.missing) == (None, None, "No quarter yet.")


@pytest.mark.parametrize(
    ("rows", "trend"),
    [
        pytest.param([(50, 100)] * 3 + [(80, 100)], "up", id="higher"),
        pytest.param([(50, 100)] * 3 + [(20, 100)], "down", id="lower"),
        pytest.param([(50, 100)] * 3 + [(53, 100)], "flat", id="chance"),
        pytest.param([(50, 100)], None, id="nothing to compare with"),
    ],
)
def test_a_trend_is_more_than_chance(rows, trend):
    assert below("x", quarters(*rows), share("k", "n"), 0.8).trend == trend


def test_how_many_more_cases_would_settle_it():
    near = below("x", quarters((78, 100)), share("k", "n"), 0.8)
    assert near.holds is None
    assert near.more is not None
    times = round(1.2 * (100 + near.more) / 100)  # the interval is not quite symmetric, so it is an estimate
    assert below("x", quarters((78 * times, 100 * times)), share("k", "n"), 0.8).holds is True
    assert below("x", quarters((80, 100)), share("k", "n"), 0.8).more is None, "a tie is never settled"


def test_one_large_deal_does_not_decide_a_share_of_revenue():
    measure = amount_share("touched", "revenue", "squares", "deals")
    many = {"touched": 90.0, "revenue": 100.0, "squares": 100.0, "deals": 100}
    one_whale = {"touched": 90.0, "revenue": 100.0, "squares": 8110.0, "deals": 11}
    wide, narrow = measure([one_whale]), measure([many])
    assert wide
    assert narrow
    assert wide.value == narrow.value == pytest.approx(0.9)
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_amounts_and_numbers_against_a_target_know_how_much_is_chance():
    won = amount_pace("won", "target", "squares", "deals")(
        [{"won": 900.0, "target": 1000.0, "squares": 9e4, "deals": 9}]
    )
    assert won == Measured(0.9, pytest.approx(0.312), pytest.approx(1.488), 9)
    leads = pace("done", "due")([{"done": 100, "due": 100}, {"done": 5, "due": None}])
    assert leads == Measured(1.0, pytest.approx(0.8136, abs=1e-3), pytest.approx(1.2163, abs=1e-3), 100)
    assert pace("done", "due")([{"done": 5, "due": None}]) is None, "nothing was promised"


@pytest.mark.parametrize(
    ("told", "needs_all", "verdict"),
    [
        pytest.param([False, True], False, "supported", id="one of two tests is enough"),
        pytest.param([None, True], False, "supported", id="enough, whatever the other says"),
        pytest.param([False, None], False, "open", id="the other might still hold"),
        pytest.param([False, False], False, "refuted", id="both speak against it"),
        pytest.param([True, True], True, "supported", id="little revenue though the leads came"),
        pytest.param([True, False], True, "refuted", id="little revenue, but few leads too"),
        pytest.param([True, None], True, "open", id="little revenue, leads unclear"),
    ],
)
def test_what_two_tests_say_together(told, needs_all, verdict):
    plain = below("x", quarters((1, 2)), share("k", "n"), 0.5)
    tests = tuple(plain.__class__(f"t{at}", plain.found, 0.5, holds) for at, holds in enumerate(told))
    assert Reproach("revenue", "sales", "revenue", tests, needs_all).verdict == verdict


def test_reached_is_the_other_way_round():
    test = reached(below("x", quarters((99, 100)), share("k", "n"), 0.5))
    assert (test.holds, test.is_above) == (True, True)


def credit(**by_model: dict[str, float]) -> list[dict[str, object]]:
    """Four channels of the same cost, and what each model gives them."""
    return [
        {"channel": channel, "model": model, "cost": 100.0, "credit": amount}
        for model, given in by_model.items() for channel, amount in given.items()
    ]  # fmt: skip


AGREED = {"fair": 400.0, "search": 300.0, "display": 20.0, "letters": 10.0}
OTHER = {"fair": 10.0, "search": 20.0, "display": 300.0, "letters": 400.0}


@pytest.mark.parametrize(
    ("models", "holds", "span"),
    [
        pytest.param({"first": AGREED, "last": AGREED}, True, (0.5, 0.5), id="every model calls the same half weak"),
        pytest.param({"first": AGREED, "last": OTHER}, None, (0.0, 1.0), id="the models disagree"),
        pytest.param({"first": AGREED, "unsigned": OTHER}, True, (0.5, 0.5), id="a model nobody agreed on has no say"),
    ],
)
def test_wrong_channels_are_those_weak_in_every_agreed_model(models, holds, span):
    test = channels(credit(**models), TERMS)
    assert test.holds is holds
    assert test.found
    assert (test.found.low, test.found.high) == span


def test_three_channels_have_no_lower_half_worth_a_verdict():
    three = {channel: AGREED[channel] for channel in ("fair", "search", "display")}
    assert channels(credit(first=three), TERMS).found is None


def meetings(led_lately: int, of: int = 40, team: str = "North", people: int = 5) -> list[dict[str, object]]:
    """Fifteen months; half of the meetings of the first twelve led to an opportunity."""
    days = [date(2025 + month // 12, month % 12 + 1, 1) for month in range(15)]
    return [
        {"month_start": day, "team": team, "meetings": of, "led": of // 2 if at < 12 else led_lately, "people": people}
        for at, day in enumerate(days)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "holds", "named"),
    [
        pytest.param(meetings(20), False, (), id="as ever"),
        pytest.param(meetings(4), True, ("North",), id="far fewer than usual"),
        pytest.param(meetings(0, of=2), None, (), id="two a month: chance alone could do it"),
        pytest.param(meetings(20) + meetings(4, 20, "South"), True, ("South",), id="one team below its own limits"),
        pytest.param(meetings(20) + meetings(4, 20, "South", 3), False, (), id="a team too small to be named"),
        pytest.param(meetings(20)[:14], None, (), id="a month is missing"),
    ],
)
def test_coffee_is_judged_by_the_teams_own_year(rows, holds, named):
    test = coffee(rows, fewest_people=5)
    assert (test.holds, test.named) == (holds, named)


def test_a_company_without_data_gets_seven_honest_answers():
    schema = {"quarter_start": pl.Date}
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    found = reproaches.prepare(lambda _name, **_params: pl.DataFrame(schema=schema), AGREEMENT, moment)
    assert [one.verdict for one in found] == ["open"] * 7
    assert {one.about for one in found} == {"marketing", "sales"}
    assert all(text for one in found for _name, _standing, text in prejudices.told(one)), "each says what is missing"
    assert prejudices.headline(found) == (
        "None of the 7 old reproaches is supported by the data. Refuted: 0; not decidable: 7."
    )
    assert prejudices.as_table(found).height == 10


def test_the_quarters_are_complete_and_of_the_fiscal_year():
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    asked = reproaches.asked("pictures", AGREEMENT, moment)
    assert (asked["date_from"], asked["date_until"]) == (date(2024, 10, 1), date(2026, 10, 1))
    assert reproaches.asked("channels", AGREEMENT, moment)["date_from"] == date(2025, 10, 1)
    assert reproaches.asked("coffee", AGREEMENT, moment)["date_until"] == date(2026, 9, 1), (
        "60 days before it is September"
    )


def test_light_words_only_where_the_data_allow_them():
    rows = [{"touched": 90.0, "revenue": 100.0, "squares": 100.0, "deals": 100}]
    good = below("pictures", rows, amount_share("touched", "revenue", "squares", "deals"), 0.2)
    assert prejudices.in_short(Reproach("pictures", "marketing", "pictures", (good,))).endswith("they work.")
    bad = below("pictures", rows, amount_share("touched", "revenue", "squares", "deals"), 0.99)
    assert prejudices.in_short(Reproach("pictures", "marketing", "pictures", (bad,))).endswith("supported.")
