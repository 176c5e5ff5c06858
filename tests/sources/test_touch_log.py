"""A plain touch log, imported by the example mapping alone, gives the credits one can count by hand."""

from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

from queries.published import published_file
from tests.conftest import tandem

ROOT = Path(__file__).resolve().parents[2]
LOG = """cookie,time,interaction,conversion,conversion_value,channel
a,2018-07-03T13:02:11Z,impression,0,0.0,Instagram
b,2018-07-04T06:00:00Z,impression,0,0.0,Online Video
a,2018-07-03T13:02:11Z,impression,0,0.0,Instagram
a,2018-07-09T08:10:00Z,impression,0,0.0,Paid Search
a,2018-07-10T08:10:00Z,conversion,1,6.25,Online Display
b,2018-07-12T08:10:00Z,impression,0,0.0,Facebook
b,2018-07-12T08:10:00Z,conversion,1,8.50,Instagram
c,2018-07-12T09:10:00Z,impression,0,0.0,Online Video
a,2018-07-13T08:10:00Z,impression,0,0.0,Facebook
d,2018-07-14T23:59:59Z,conversion,1,7.00,Paid Search
"""


def counted_by_hand():
    """Credit by model and channel, straight from the rows in the order of time, ties in the order of the file."""
    rows = sorted((line.split(",") for line in LOG.splitlines()[1:]), key=lambda row: (row[0], row[1]))
    paths, credit = defaultdict(list), defaultdict(float)
    for cookie, _time, _kind, converts, value, channel in rows:
        paths[cookie].append(channel)
        if converts == "1":
            path = paths[cookie]
            credit["first", path[0]] += float(value)
            credit["last", path[-1]] += float(value)
            for earner in path:
                credit["linear", earner] += float(value) / len(path)
    return dict(credit)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("touch_log")
    (folder / "exports").mkdir()
    (folder / "exports" / "log.csv").write_text(LOG, "utf-8")
    mappings = ROOT / "docs" / "examples" / "mappings" / "touch_log"
    tandem("build", "--exports", folder / "exports", "--builds", folder / "builds", "--mappings", mappings)
    with duckdb.connect(str(published_file(folder / "builds")), read_only=True) as connection:
        yield connection


def test_every_row_is_a_touch(built):
    told = built.execute("select rows_read, rows_kept, rows_duplicate from meta.sources").fetchall()
    assert told == [(10, 10, 0)]
    assert built.execute("select count(*) from canonical.touches").fetchall() == [(10,)]


@pytest.mark.parametrize("model", ["first", "last", "linear"])
def test_credits_are_those_counted_by_hand(built, model):
    sql = "select campaign_id, sum(credit)::double from mart.credits where model = ? and credit <> 0 group by all"
    found = dict(built.execute(sql, [model]).fetchall())
    expected = {channel: value for (named, channel), value in counted_by_hand().items() if named == model}
    assert found == pytest.approx(expected, abs=0.011)
