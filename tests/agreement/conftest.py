"""A ledger in a temporary file, and where it can be started, a PostgreSQL server."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agreement.ledger import Actor, Ledger

ANNA = Actor("Anna Albrecht", "marketing")
BEN = Actor("Ben Brandt", "sales")
CHRIS = Actor("Chris Conrad", "leadership")


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/ledger.sqlite"


@pytest.fixture
def opened() -> Iterator[Callable[..., Ledger]]:
    """Opens ledgers and closes them after the test."""
    ledgers: list[Ledger] = []

    def open_(address: str, **settings: Any) -> Ledger:
        ledgers.append(Ledger(address, **settings))
        return ledgers[-1]

    yield open_
    for ledger in ledgers:
        ledger.close()


@pytest.fixture
def ledger(address: str, opened: Callable[..., Ledger]) -> Ledger:
    return opened(address)


@pytest.fixture
def any_ledger(any_address: str, opened: Callable[..., Ledger]) -> Ledger:
    return opened(any_address)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of an empty PostgreSQL server that listens on a socket of its own; skips where there is no server."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    programs = shutil.which("initdb", path=os.pathsep.join([*map(str, reversed(found)), os.environ["PATH"]]))
    if programs is None:
        pytest.skip("PostgreSQL is not installed")
    programs = Path(programs).resolve().parent
    folder = Path(tempfile.mkdtemp(prefix="tandem-postgres-"))  # pytest's own folders are closed to other users
    owner: dict[str, object] = {}
    if os.getuid() == 0:  # the server refuses to run as root
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL has no user to run as")
        os.chown(folder, user.pw_uid, user.pw_gid)
        owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(*command: object) -> None:
        subprocess.run([*map(str, command)], check=True, cwd="/", stdout=subprocess.DEVNULL, **owner)

    data = folder / "data"
    run(programs / "initdb", "-D", data, "-U", "tandem", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses='' -k {folder} -c fsync=off"
    run(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    yield f"postgresql://tandem@/postgres?host={folder}"
    run(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_address(request: pytest.FixtureRequest, address: str) -> Iterator[str]:
    """The same story in both databases."""
    if request.param == "sqlite":
        yield address
        return
    import sqlalchemy as sa

    server = request.getfixturevalue("postgres")
    engine = sa.create_engine(server)
    with engine.begin() as connection:
        connection.exec_driver_sql("drop schema public cascade")
        connection.exec_driver_sql("create schema public")
    engine.dispose()
    yield server


@pytest.fixture
def note() -> Callable[[Ledger, int], None]:
    """Appends notes, as many as wanted."""

    def append(ledger: Ledger, count: int) -> None:
        for number in range(count):
            body = {"day": "2026-11-09", "text": f"Messe {number}", "kind": "event"}
            ledger.append(ANNA, "noted", "note", f"n{number}", body, reason="für alle")

    return append
