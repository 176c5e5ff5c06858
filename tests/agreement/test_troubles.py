"""A ledger killed at any moment opens and verifies; a full disk or a locked folder is said in a clear sentence."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agreement.ledger import Ledger, LedgerError
from tests.agreement.conftest import ANNA, BEN
from tests.conftest import ROOT

FULL_DISK = """
import resource, signal, sys
from agreement.ledger import Actor, Ledger, LedgerError
ledger = Ledger(sys.argv[1])
ledger.append(Actor("Ben", "sales"), "noted", "note", "n", {})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
written = 1
try:
    while True:
        ledger.append(Actor("Ben", "sales"), "noted", "note", "n", {"text": "x" * 5_000})
        written += 1
except LedgerError as error:
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert ledger.verify() == [] and ledger.head()[0] == written, ledger.head()
    ledger.append(Actor("Ben", "sales"), "noted", "note", "n", {"text": "room again"})
    print(error.why, written, error)
"""


def write_until_killed(address: str, told: int) -> None:
    """Appends for ever and tells number and hash of each confirmed entry."""
    ledger, number = Ledger(address), 0
    while True:
        number += 1
        entry = ledger.append(ANNA, "noted", "note", "n", {"number": number})
        os.write(told, f"{entry.seq} {entry.hash}\n".encode())


def kill_at_random(address: str, kills: int, seed: int) -> None:
    """Whatever was confirmed before a kill is there afterwards, under the same number and hash. Call it in a process
    that has no other threads: it forks the writers."""
    moments, confirmed = random.Random(seed), 0
    for _ in range(kills):
        hears, told = os.pipe()
        writer = os.fork()
        if writer == 0:
            write_until_killed(address, told)
        os.close(told)
        time.sleep(moments.uniform(0, 0.1))
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        with os.fdopen(hears) as pipe:
            lines = [line.split() for line in pipe if line.endswith("\n")]
        confirmed += len(lines)
        ledger = Ledger(address)
        assert ledger.verify((int(lines[-1][0]), lines[-1][1]) if lines else None) == []
        ledger.append(BEN, "noted", "note", "after", {})
        ledger.close()
    assert confirmed > kills


def kill_in_a_process_of_its_own(address: str, kills: int, seed: int) -> None:
    call = f"from {__name__} import kill_at_random; kill_at_random({address!r}, {kills}, {seed})"
    done = subprocess.run([sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_killed_twenty_times_it_opens_and_verifies(address):
    kill_in_a_process_of_its_own(address, kills=20, seed=5)


@pytest.mark.soak
def test_killed_two_hundred_times_it_opens_and_verifies(address):
    kill_in_a_process_of_its_own(address, kills=200, seed=7)


def test_a_ledger_killed_while_it_is_made_opens(tmp_path):
    """A kill within the first 20 ms hits the making of the file and of its table."""
    call = f"""
import random
from {__name__} import kill_while_made
for number in range(20):
    kill_while_made("sqlite:///{tmp_path}/" + str(number) + ".sqlite", random.Random(number).uniform(0, 0.02))
"""
    done = subprocess.run([sys.executable, "-c", call], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def kill_while_made(address: str, seconds: float) -> None:
    writer = os.fork()
    if writer == 0:
        write_until_killed(address, os.open(os.devnull, os.O_WRONLY))
    time.sleep(seconds)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    ledger = Ledger(address)
    ledger.append(BEN, "noted", "note", "after", {})
    assert ledger.verify() == []
    ledger.close()


def test_a_full_disk_is_said_and_nothing_confirmed_is_lost(address, opened):
    done = subprocess.run([sys.executable, "-c", FULL_DISK, address], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    why, written, sentence = done.stdout.split(" ", 2)
    assert why == "disk_full"
    assert int(written) > 5
    assert "Make room and try again" in sentence
    assert opened(address).verify() == []


def test_a_ledger_that_may_only_be_read_says_so(ledger, opened, note):
    note(ledger, 1)
    ledger.close()
    reader = opened(f"sqlite:///file:{ledger.url.database}?mode=ro&uri=true")
    assert reader.head()[0] == 1
    with pytest.raises(LedgerError, match="can only be read") as error:
        reader.append(ANNA, "noted", "note", "n", {})
    assert error.value.why == "read_only"


def test_a_folder_that_cannot_be_made_says_so(opened, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LedgerError, match="cannot be opened") as error:
        opened(f"sqlite:///{tmp_path}/file/ledger.sqlite").append(ANNA, "noted", "note", "n", {})
    assert error.value.why == "no_access"


@pytest.mark.parametrize("content", [b"", b"\x00" * 8192, b"Sehr geehrte Damen und Herren" * 400])
def test_a_file_that_is_no_ledger_is_never_taken_for_an_empty_one_with_entries(opened, tmp_path, content):
    file = Path(tmp_path / "ledger.sqlite")
    file.write_bytes(content)
    ledger = opened(f"sqlite:///{file}")
    if content:
        assert [fault.what for fault in ledger.verify()] == ["damaged"]
        with pytest.raises(LedgerError, match="is damaged"):
            ledger.append(ANNA, "noted", "note", "n", {})
        assert file.read_bytes() == content
    else:
        assert ledger.verify() == []


def agreement(*arguments: str, address: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "TANDEM_LEDGER": address}
    command = [sys.executable, "-m", "agreement", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, timeout=60)


def test_the_command_line_prints_the_head_that_it_verifies_later(ledger, address, note):
    note(ledger, 2)
    head = agreement("head", address=address).stdout.strip()
    assert head == f"2:{ledger.head()[1]}"
    note(ledger, 1)
    assert agreement("verify", "--expected-head", head, address=address).returncode == 0
    cut = agreement("verify", "--expected-head", f"9:{'a' * 64}", address=address)
    assert cut.returncode == 1
    assert "there was an entry 9 once" in cut.stderr
    assert agreement("verify", "--expected-head", "nonsense", address=address).returncode == 2


def test_the_command_line_lists_what_was_recorded(ledger, address):
    ledger.append(ANNA, "noted", "note", "[red]n1[/red]", {"text": "Messe"}, reason="[bold]für alle")
    told = agreement("log", address=address).stdout
    assert "Anna Albrecht (unverified)" in told
    assert "[red]n1[/red]" in told
    assert '"body":{"text":"Messe"}' in agreement("log", "--json", address=address).stdout


def test_the_command_line_says_what_is_wrong_in_one_sentence(tmp_path):
    (tmp_path / "ledger.sqlite").write_bytes(b"no ledger" * 1000)
    done = agreement("head", address=f"sqlite:///{tmp_path}/ledger.sqlite")
    assert done.returncode == 2
    assert "is damaged" in done.stderr
    assert "Traceback" not in done.stderr
