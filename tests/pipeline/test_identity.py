"""Who is who: chains, cycles, equal addresses and equal domains."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement import load
from pipeline import identity
from pipeline.canonical import SCHEMAS
from pipeline.resolve import resolve

TERMS = load().terms_on(datetime(2026, 1, 1).date())


def _merges(*pairs: str) -> pl.DataFrame:
    return pl.DataFrame(
        [tuple(pair.split(">")) for pair in pairs], schema={"from_id": pl.String, "into_id": pl.String}, orient="row"
    )


def _records(*ids: str) -> pl.DataFrame:
    born = [datetime(2026, 1, 1 + number, tzinfo=UTC) for number in range(len(ids))]
    return pl.DataFrame(
        {"id": list(ids), "created_at": born}, schema={"id": pl.String, "created_at": pl.Datetime("us", "UTC")}
    )


def _links(result: identity.Resolution) -> dict[str, str]:
    return dict(result.links.select("from_id", "into_id").iter_rows())


NO_EDGES = pl.DataFrame(schema=identity.EDGE_SCHEMA)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        pytest.param(["A>B"], {"A": "B"}, id="one merge"),
        pytest.param(["A>B", "B>C"], {"A": "C", "B": "C"}, id="a chain ends in its last record"),
        pytest.param(["B>C", "A>B"], {"A": "C", "B": "C"}, id="the order of the statements does not matter"),
        pytest.param(["A>C", "B>C"], {"A": "C", "B": "C"}, id="two into one"),
        pytest.param(["A>A"], {}, id="a record merged into itself is no merge"),
        pytest.param(["A>B", "B>A"], {}, id="a cycle is nobody's truth"),
    ],
)
def test_merge_chains(told: list[str], expected: dict[str, str]) -> None:
    result = identity.resolve("person", _records("A", "B", "C"), _merges(*told), NO_EDGES)
    assert _links(result) == expected


def test_a_cycle_is_listed() -> None:
    result = identity.resolve("person", _records("A", "B"), _merges("A>B", "B>A"), NO_EDGES)
    assert sorted(result.cycles.select("from_id", "into_id").iter_rows()) == [("A", "B"), ("B", "A")]


def test_the_oldest_of_equal_addresses_stays() -> None:
    people = pl.DataFrame(
        {
            "id": ["2", "1", "3"],
            "created_at": [datetime(2026, 1, day, tzinfo=UTC) for day in (5, 3, 9)],
            "email": ["Eva@Firma.example ", "eva@firma.example", "max@firma.example"],
        }
    )
    edges = identity.same_key(people, identity.normalised_email(pl.col("email")), "same_email")
    assert edges.select("from_id", "into_id").rows() == [("2", "1")]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("https://www.Example.de/kontakt", "example.de"),
        ("EXAMPLE.DE", "example.de"),
        ("example.de:443?x=1", "example.de"),
        ("none", None),
        ("", None),
    ],
)
def test_domains(told: str, expected: str | None) -> None:
    assert pl.select(identity.normalised_domain(pl.lit(told))).item() == expected


@given(st.lists(st.tuples(st.sampled_from("ABCDEFGH"), st.sampled_from("ABCDEFGH")), max_size=12), st.randoms())
def test_resolution_does_not_depend_on_order_and_every_link_ends_in_a_survivor(
    pairs: list[tuple[str, str]], shuffler: random.Random
) -> None:
    told = pl.DataFrame(pairs, schema={"from_id": pl.String, "into_id": pl.String}, orient="row")
    shuffled = list(pairs)
    shuffler.shuffle(shuffled)
    again = pl.DataFrame(shuffled, schema={"from_id": pl.String, "into_id": pl.String}, orient="row")
    records = _records(*"ABCDEFGH")
    links = _links(identity.resolve("person", records, told, NO_EDGES))
    assert links == _links(identity.resolve("person", records, again, NO_EDGES))
    assert not set(links) & set(links.values())


def _tables(**rows: list[dict[str, object]]) -> dict[str, pl.DataFrame]:
    tables = {}
    for table, schema in SCHEMAS.items():
        empty = schema.create_empty()
        given_rows = (
            pl.DataFrame(rows.get(table, []), schema_overrides=dict(empty.schema)) if rows.get(table) else empty
        )
        tables[table] = pl.concat([empty, given_rows], how="diagonal")
    return tables


def _at(day: int) -> datetime:
    return datetime(2026, 1, day, tzinfo=UTC)


def test_a_contact_entered_twice_is_one_person_and_one_lead() -> None:
    who = resolve(
        _tables(
            people=[
                {"person_id": "1", "email": "eva@firma.example", "created_at": _at(1)},
                {"person_id": "2", "email": "EVA@firma.example", "created_at": _at(2), "name": "Eva"},
            ],
            leads=[
                {"lead_id": "1", "person_id": "1", "created_at": _at(1)},
                {"lead_id": "2", "person_id": "2", "created_at": _at(2), "source": "Messe"},
            ],
            deals=[{"deal_id": "D", "lead_id": "2"}],
        ),
        TERMS,
    )
    assert who.tables["people"].select("person_id", "name").rows() == [("1", "Eva")]
    assert who.tables["leads"].select("lead_id", "created_at", "source").rows() == [("1", _at(1), "Messe")]
    assert who.tables["deals"]["lead_id"].to_list() == ["1"]
    assert set(who.merged.select("kind", "from_id", "into_id").rows()) == {("person", "2", "1"), ("lead", "2", "1")}


def test_two_inquiries_of_one_person_stay_two_leads() -> None:
    who = resolve(
        _tables(
            people=[{"person_id": "P", "email": "eva@firma.example", "created_at": _at(1)}],
            leads=[{"lead_id": name, "person_id": "P", "created_at": _at(2)} for name in ("L1", "L2")],
        ),
        TERMS,
    )
    assert who.tables["leads"]["lead_id"].to_list() == ["L1", "L2"]


def test_events_of_a_merged_contact_reach_the_survivor() -> None:
    who = resolve(
        _tables(
            people=[{"person_id": "3", "account_id": "F", "created_at": _at(1)}],
            leads=[{"lead_id": "3", "person_id": "3", "created_at": _at(1)}],
            merges=[
                {"kind": "person", "from_id": "1", "into_id": "2"},
                {"kind": "person", "from_id": "2", "into_id": "3"},
            ],
        ),
        TERMS,
    )
    touches = _tables(
        touches=[{"touch_id": "T", "person_id": "1", "occurred_at": _at(3), "channel": "email", "kind": "form"}]
    )["touches"]
    assert who.event("touches", touches.lazy()).select("person_id", "account_id").collect().rows() == [("3", "F")]
    steps = _tables(stage_events=[{"lead_id": "1", "stage": "mql", "entered_at": _at(3)}])["stage_events"]
    assert who.event("stage_events", steps.lazy()).select("lead_id", "account_id").collect().rows() == [("3", "F")]


def test_a_touch_finds_its_person_by_address_and_a_stranger_stays_nobody() -> None:
    who = resolve(_tables(people=[{"person_id": "1", "email": "eva@firma.example", "account_id": "F"}]), TERMS)
    touches = _tables(
        touches=[
            {
                "touch_id": "T1",
                "email": " Eva@Firma.example",
                "occurred_at": _at(3),
                "channel": "event",
                "kind": "event",
            },
            {"touch_id": "T2", "email": "who@else.example", "occurred_at": _at(3), "channel": "event", "kind": "event"},
        ]
    )["touches"]
    resolved = who.event("touches", touches.lazy(), with_emails=True).select("person_id", "account_id").collect()
    assert resolved.rows() == [("1", "F"), (None, None)]


@pytest.mark.parametrize(
    ("email", "account"),
    [
        pytest.param("max@werk.example", "W", id="the address's domain names the company"),
        pytest.param("max@gmx.de", "person:1", id="a freemail address says nothing of the company"),
        pytest.param(None, "person:1", id="a person alone is its own account"),
    ],
)
def test_company_of_a_person(email: str | None, account: str) -> None:
    who = resolve(
        _tables(
            accounts=[{"account_id": "W", "domain": "werk.example"}, {"account_id": "G", "domain": "gmx.de"}],
            people=[{"person_id": "1", "email": email}],
        ),
        TERMS,
    )
    assert who.tables["people"]["account_id"].to_list() == [account]


def test_owner_and_campaign_names_become_ids_where_they_are_unique() -> None:
    who = resolve(
        _tables(
            employees=[
                {"employee_id": "7", "name": "Ada"},
                {"employee_id": "8", "name": "Bo"},
                {"employee_id": "9", "name": "Bo"},
            ],
            leads=[
                {"lead_id": "1", "created_at": _at(1), "owner_id": "Ada"},
                {"lead_id": "2", "created_at": _at(1), "owner_id": "Bo"},
                {"lead_id": "3", "created_at": _at(1), "owner_id": "8"},
            ],
        ),
        TERMS,
    )
    assert who.tables["leads"]["owner_id"].to_list() == ["7", "Bo", "8"]
