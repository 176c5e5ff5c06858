"""What was shown and what is today: every difference has one reason, and the reasons add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import locales
from agreement import frozen
from agreement.frozen import Record
from findings.restatement import REASONS, changes, reason_names, restated


@pytest.fixture(autouse=True)
def english():
    locales.use("en")


def record(pseudonym, numerator=1.0, denominator=0.0, version="1", kpi="won_revenue"):
    return Record(kpi, pseudonym, "2026-11-17", numerator, denominator, version)


OLD = [record("a", 100.0), record("b", 20.0)]


@pytest.mark.parametrize(
    ("today", "then", "now", "merged", "reason", "amount"),
    [
        pytest.param([*OLD, record("c", 6.0)], "ab", "abc", "", "arrived_late", 6.0, id="unknown at the meeting"),
        pytest.param([*OLD, record("c", 7.0)], "abc", "abc", "", "back_dated", 7.0, id="known then, dated elsewhere"),
        pytest.param(OLD[:1], "ab", "a", "b", "merged", -20.0, id="one of two was the same"),
        pytest.param(OLD[:1], "ab", "a", "", "removed", -20.0, id="erased"),
        pytest.param(OLD[:1], "ab", "ab", "", "moved_away", -20.0, id="now dated elsewhere"),
        pytest.param(
            [OLD[0], record("b", 30.0, version="2")], "ab", "ab", "", "reclassified", 10.0, id="new agreement"
        ),
        pytest.param([OLD[0], record("b", 15.0)], "ab", "ab", "", "corrected", -5.0, id="amount corrected"),
    ],
)
def test_each_difference_has_its_reason(today, then, now, merged, reason, amount):
    changed = changes(OLD, today, set(then), set(now), set(merged))["won_revenue"]
    found = restated("won_revenue", False, OLD, changed)
    assert found.reasons == [(reason_names()[reason], amount)]
    assert (found.frozen, found.today) == (120.0, 120.0 + amount)


def test_nothing_changed_is_no_bridge():
    assert changes(OLD, OLD, set(), set(), set()) == {}
    assert restated("won_revenue", False, OLD, []).reasons == []


RECORDS = st.dictionaries(
    st.sampled_from("abcdefghij"),
    st.tuples(st.integers(0, 10**9).map(lambda cents: cents / 100), st.integers(0, 5), st.sampled_from("12")),
)


@pytest.mark.parametrize("is_ratio", [False, True])
@given(before=RECORDS, after=RECORDS, then=st.sets(st.sampled_from("abcdefghij")),
       now=st.sets(st.sampled_from("abcdefghij")), merged=st.sets(st.sampled_from("abcdefghij")))  # fmt: skip
def test_the_bridge_sums_to_what_is_counted_today(is_ratio, before, after, then, now, merged):
    old, new = (
        [record(name, number, float(n), version) for name, (number, n, version) in side.items()]
        for side in (before, after)
    )
    changed = changes(old, new, then, now, merged).get("won_revenue", [])
    found = restated("won_revenue", is_ratio, old, changed)
    numerator, denominator = sum(one.numerator for one in new), sum(one.denominator for one in new)
    today = (numerator / denominator if denominator else 0.0) if is_ratio else numerator
    assert found.today == pytest.approx(today, abs=0.01)
    assert found.frozen + sum(amount for _name, amount in found.reasons) == pytest.approx(found.today, abs=0.01)
    assert len(found.reasons) <= len(REASONS)


def test_records_are_kept_without_names_and_prove_that_they_are_untouched(tmp_path):
    secret = frozen.key(tmp_path)
    assert frozen.key(tmp_path) == secret
    assert (tmp_path / frozen.KEY_FILE).stat().st_mode & 0o077 == 0
    kept = [record(frozen.pseudonym(secret, "deal:4711"), 10.5)]
    digest = frozen.write(tmp_path, "2026-W47", kept, ["ff"])
    assert frozen.read(tmp_path, "2026-W47", digest) == (kept, frozenset({"ff"}))
    file = next((tmp_path / frozen.FOLDER).iterdir())
    assert "4711" not in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace("10.5", "99.5"), "utf-8")
    assert frozen.read(tmp_path, "2026-W47", digest) is None
    assert frozen.read(tmp_path, "2026-W46", digest) is None


def test_another_key_gives_another_pseudonym(tmp_path):
    first, second = frozen.key(tmp_path / "one"), frozen.key(tmp_path / "two")
    assert frozen.pseudonym(first, "lead:1") != frozen.pseudonym(second, "lead:1")


@pytest.mark.parametrize(
    ("url", "home"),
    [
        pytest.param("sqlite:///data/ledger.sqlite", "data", id="beside the file"),
        pytest.param("sqlite:////srv/tandem/l.sqlite", "/srv/tandem", id="elsewhere"),
        pytest.param("postgresql://host/ledger", "data", id="on a server"),
    ],
)
def test_records_lie_beside_the_ledger(url, home):
    assert str(frozen.folder(url)) == home
