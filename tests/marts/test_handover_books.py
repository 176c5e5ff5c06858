"""Handed over = met + breached + pending + excused + unassigned: in every filter, crossed with every other."""

from datetime import date
from itertools import product

import pytest

import queries
from queries.published import published_file

STATES = ("met", "breached", "pending", "excused", "unassigned")
DIMENSIONS = ("team", "segment", "source", "lead_type")
PERIODS = [
    pytest.param(date(2020, 1, 1), date(2030, 1, 1), id="everything"),
    pytest.param(date(2026, 8, 24), date(2026, 11, 23), id="thirteen weeks"),
    pytest.param(date(2026, 11, 20), date(2026, 11, 21), id="one day"),
    pytest.param(date(2026, 11, 21), date(2026, 11, 21), id="no day at all"),
]


@pytest.fixture(scope="module")
def published(demo_build):
    with queries.connect(published_file(demo_build)) as connection:
        yield connection


@pytest.mark.parametrize(("date_from", "date_until"), PERIODS)
def test_the_books_balance_in_every_filter(published, date_from, date_until):
    rows = published.execute(f"select distinct {', '.join(DIMENSIONS)} from mart.handovers").fetchall()
    chosen = {
        tuple(value if fixed else None for value, fixed in zip(row, of, strict=True))
        for row in rows
        for of in product((False, True), repeat=len(DIMENSIONS))
    }
    inside = published.execute(
        f"select {', '.join(DIMENSIONS)} from mart.handovers where not is_date_only "
        "and handed_at >= ?::date::timestamptz and handed_at < ?::date::timestamptz", [date_from, date_until],
    ).fetchall()  # fmt: skip
    for values in sorted(chosen, key=str):
        view = dict(zip(DIMENSIONS, values, strict=True))
        told = queries.run(
            published.cursor(), "service_levels/handed_over", date_from=date_from, date_until=date_until, **view
        ).row(0, named=True)
        count = sum(all(wanted in (None, is_) for wanted, is_ in zip(values, row, strict=True)) for row in inside)
        assert told["handed_over"] == sum(told[state] for state in STATES) == count, view


@pytest.mark.parametrize("by", ["source", "team", "lead_type"])
def test_the_parts_of_a_comparison_are_the_whole(published, by):
    period = {"date_from": date(2026, 8, 24), "date_until": date(2026, 11, 23)}
    parts = queries.run(published.cursor(), f"service_levels/by_{by}", **period)
    whole = queries.run(published.cursor(), "service_levels/kept", **period)
    columns = ["due", "met", "breached", "pending", "excused"]
    assert parts.select(columns).sum().rows() == whole.select(columns).rows()
