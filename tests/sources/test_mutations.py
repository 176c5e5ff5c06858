"""A good file damaged at random: read, set apart or refused, never an exception and never a row too few or too many."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.sources import Limits, mapping, recognise, worker
from pipeline.sources.faults import Refused
from pipeline.sources.parts import without
from pipeline.sources.text import ROW
from tests.sources.conftest import DEALS

MAPPING = mapping.parse(DEALS, "deals.toml")
GOOD = "Deal,Amount,Created,Expected,Won\n" + "".join(
    f'd{n},"{n * 1234.5:,.2f}",2026-01-{n:02d} 10:00,2026-12-01,"0{n % 9 + 1}.02.2026"\n' for n in range(1, 25)
)


def outcome_of(content: bytes, limits: Limits) -> dict[str, Any] | None:
    """What reading gives, `None` if the file is refused or not recognised; counts equal what was written."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file = folder / "deals.csv"
        file.write_bytes(content)
        try:
            head, text, damage = worker.inspect(file, folder, limits)
            chosen = recognise.choose(head, file.name, [MAPPING]) if head and not damage else []
            if not chosen:
                return None
            latest = datetime(2026, 11, 24, tzinfo=UTC)
            job = worker.Job(
                file, file.name, folder, MAPPING, chosen[0][1], "Europe/Berlin", "EUR", latest, limits, text=text
            )  # fmt: skip
            answer = worker.Reading(job, lambda rows, size: None).run()
        except Refused:
            return None
        files = [Path(name) for names in answer["tables"].values() for name in names]
        gone = pl.concat([pl.Series([], dtype=pl.Int64), *(pl.read_parquet(name)[ROW] for name in answer["gone"])])
        kept = without(pl.scan_parquet(files), gone).collect() if files else pl.DataFrame()
        rejected = pl.read_parquet(folder / "rejected.parquet").height if answer["rows_rejected"] else 0
        assert kept.height == answer["rows_kept"]
        assert rejected == answer["rows_rejected"]
        assert answer["rows_read"] == answer["rows_kept"] + answer["rows_rejected"] + answer["rows_duplicate"]
        return answer


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = bytearray(GOOD.encode())
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(content) - 1))
        match draw(st.sampled_from(["flip", "cut", "insert", "swap", "encode"])):
            case "flip":
                content[place] = draw(st.integers(0, 255))
            case "cut":
                del content[place : place + draw(st.integers(1, 40))]
            case "insert":
                content[place:place] = draw(
                    st.sampled_from([b'"', b"\n", b",", b"\r", b"\x00", b";", "ü".encode(), b"\xfc"])
                )
            case "swap":
                lines = bytes(content).split(b"\n")
                other = draw(st.integers(0, len(lines) - 1))
                here = place % len(lines)
                lines[here], lines[other] = lines[other], lines[here]
                content = bytearray(b"\n".join(lines))
            case "encode":
                content = bytearray(
                    bytes(content)
                    .decode("utf-8", "ignore")
                    .encode(draw(st.sampled_from(["utf-16", "cp1252"])), "ignore")
                )
        if not content:
            break
    return bytes(content)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(damaged(), st.sampled_from([Limits(), Limits(block_bytes=97), Limits(block_bytes=400)]))
def test_damage_never_goes_unnoticed(content: bytes, limits: Limits) -> None:
    answer = outcome_of(content, limits)
    if answer:
        assert answer["rows_read"] <= content.count(b"\n") + content.count(b"\r") + 1


@settings(max_examples=15, deadline=None)
@given(st.integers(60, 3_000))
def test_small_blocks_read_the_same(block_bytes: int) -> None:
    whole, cut = outcome_of(GOOD.encode(), Limits()), outcome_of(GOOD.encode(), Limits(block_bytes=block_bytes))
    assert whole is not None
    assert cut is not None
    assert {name: whole[name] for name in whole if name != "tables"} == {
        name: cut[name] for name in cut if name != "tables"
    }
    assert whole["rows_kept"] == 24
