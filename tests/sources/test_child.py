"""The process that reads foreign files dies alone: the parent goes on and says why."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.sources import Limits
from pipeline.sources.child import Reader, Readers
from pipeline.sources.faults import Refused
from tests.sources.conftest import Import

LIMITS = Limits(memory_bytes=2**30, seconds=20)


@pytest.mark.parametrize(
    ("entry", "limits", "words"),
    [
        pytest.param("abort", LIMITS, "signal 6", id="aborted"),
        pytest.param("sleep", Limits(seconds=2), "longer than 2 seconds", id="hanging"),
        pytest.param("devour", LIMITS, "more than 1.0 GiB of memory", id="out of memory"),
    ],
)
def test_a_dead_reader_is_told_in_one_sentence(tmp_path: Path, entry: str, limits: Limits, words: str) -> None:
    with Reader(tmp_path, limits, f"tests.sources.misbehaving:{entry}") as reader:
        with pytest.raises(Refused, match=words):
            reader.ask("read")
        assert reader.process is None


def test_the_next_file_gets_a_new_reader(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("A,B\n1,2\n")
    with Reader(tmp_path, LIMITS, "tests.sources.misbehaving:abort") as reader:
        with pytest.raises(Refused):
            reader.ask("inspect", path=file, work=tmp_path, limits=LIMITS)
        reader.entry, reader.limits = "pipeline.sources.child:main", Limits()
        answer = reader.ask("inspect", path=file, work=tmp_path, limits=LIMITS)
    assert answer["head"]["text"] == "A,B\n1,2\n"


def test_two_readers_take_the_largest_file_first_and_answer_in_the_order_asked(tmp_path: Path) -> None:
    sizes = [1, 3, 2, 4]
    begun: list[int] = []
    files = [tmp_path / f"{size}.csv" for size in sizes]
    for file, size in zip(files, sizes, strict=True):
        file.write_text("A,B\n" + "1,2\n" * size)

    def head(file: Path) -> str:
        begun.append(file.stat().st_size)
        return str(readers.ask("inspect", path=file, work=tmp_path, limits=LIMITS)["head"]["text"])

    with Readers(tmp_path, Limits(), 2) as readers:
        heads = readers.each(head, files, lambda file: file.stat().st_size)
        assert all(reader.process is not None for reader in readers.all)
    assert heads == [file.read_text() for file in files]
    assert begun == sorted(begun, reverse=True)
    assert all(reader.process is None for reader in readers.all)


def test_a_reader_that_dies_takes_no_other_with_it(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("A,B\n1,2\n")

    def head(damaged: bool) -> str:
        try:
            answer = readers.ask("inspect", path=None if damaged else file, work=tmp_path, limits=LIMITS)
            return str(answer["head"]["text"])
        except Refused as refusal:
            return str(refusal)[:8]

    with Readers(tmp_path, Limits(), 2) as readers:
        assert readers.each(head, [True, False, False, True, False], int) == [
            "The file", "A,B\n1,2\n", "A,B\n1,2\n", "The file", "A,B\n1,2\n",
        ]  # fmt: skip


def test_no_room_to_read_refuses_every_file_and_raises_nothing(bring: Import) -> None:
    outcome = bring({"leads.csv": "Id,Created\na1,2026-01-05\n"}, limits=Limits(memory_bytes=64 * 2**20))
    assert outcome.only.status == "refused"
    assert "memory" in outcome.only.message


def test_the_file_s_marks_are_told(bring: Import) -> None:
    text = "Id,Created\na1,2026-01-05 10:00\na2,2026-03-01 10:00\n"
    outcome = bring({"leads.csv": text})
    assert outcome.only.newest_record == datetime(2026, 3, 1, 9, tzinfo=UTC)
    assert len(outcome.only.sha256) == 64
    assert outcome.only.bytes == len(text)
