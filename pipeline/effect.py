"""The effect of a proposal before anybody signs it: judge by it beside the agreement as it is, and compare.

Trials lie in `trials/` below the builds, with a lock of their own, so that a build may be published meanwhile. The
results of the last 20 are kept, with the judged tables of the last one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from agreement import Agreement
from agreement.document import to_toml
from agreement.entries import content_hash
from agreement.terms import from_json
from agreement.what_if import as_if
from pipeline.agreed import OnRecord, agreed, beside, look
from pipeline.build import BuildFailed, Progress, build
from pipeline.comparison import compared
from pipeline.publish import Call, last_call, write_atomically
from pipeline.trial import judge_again, reads_alike
from queries.published import published_file
from queries.trials import RESULT, TRIALS, Effect, effects

WEEKS = 12
KEPT_RESULTS = 20
DRAFT = ".draft"


class NoTrial(Exception):
    """The effect could not be worked out; the message says why and what to do."""


@dataclass(frozen=True)
class _Shown:
    """What the published file says of itself."""

    file: Path
    build_id: str
    as_of: datetime
    agreement: Agreement


def effect(
    builds: Path, proposed: Agreement, ledger: str | None = None, progress: Progress | None = None, weeks: int = WEEKS
) -> Effect:
    """The effect of `proposed` on the records of the published build, over the last whole weeks before its `as_of`.

    Judged with the decisions in the ledger as they are now. A proposal that leaves the past alone is tried as if it
    had held in the weeks compared (`agreement.what_if`). `progress` may raise to cancel: nothing is left behind.
    Raises `NoTrial`, `TermsError` and `LedgerError`.
    """
    progress = progress or (lambda step, share: None)
    trials = builds / TRIALS
    trials.mkdir(parents=True, exist_ok=True)
    with _only_trial(trials):
        for leftover in trials.glob(f"{DRAFT}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        made_at = datetime.now(UTC)
        work = trials / f"{DRAFT}-{made_at:%Y%m%d-%H%M%S-%f}"
        try:
            work.mkdir()
            found = _worked_out(builds, work, proposed, ledger, made_at, weeks, progress)
            folder = trials / work.name.replace(DRAFT, "trial", 1)
            work.rename(folder)
        except (BuildFailed, duckdb.Error, OSError) as error:
            raise NoTrial(f"The effect could not be worked out. {error}") from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
        forget_old_trials(trials)
    return next(known for known in effects(builds) if known.content == found)


def forget_old_trials(trials: Path) -> None:
    """Keep the results of the last 20 trials, and the judged tables of the last one alone."""
    newest_first = sorted(trials.glob("trial-*"), reverse=True)
    for folder in newest_first[KEPT_RESULTS:]:
        shutil.rmtree(folder, ignore_errors=True)
    for folder in newest_first[1:KEPT_RESULTS]:
        for side in ("now", "proposed"):
            shutil.rmtree(folder / side, ignore_errors=True)


def _worked_out(
    builds: Path, work: Path, proposed: Agreement, ledger: str | None, made_at: datetime, weeks: int, progress: Progress
) -> str:
    """Judges twice, compares and writes the result into `work`; returns its content hash."""
    call, shown, record = last_call(builds), _shown(builds), look(ledger)
    current = _current(call, record)
    company = current.dated[0][1].company
    today = shown.as_of.astimezone(company.tz).date()
    until = today - timedelta(days=today.weekday())
    since = until - timedelta(weeks=weeks)
    tried = as_if(current, proposed, since, today)
    judged = _by_both(work, {"now": current, "proposed": tried}, call, shown, record, ledger, progress)
    progress("Comparing", 0.9)
    frames = compared(judged["now"], judged["proposed"], since, until, company.zone)
    for name, frame in frames.items():
        frame.write_parquet(work / f"{name}.parquet")
    content = content_hash({name: frame.write_json() for name, frame in frames.items()} | {"as_of": shown.as_of})
    told = {
        "proposed": proposed.version, "current": current.version, "build_id": shown.build_id,
        "ledger_seq": record.head[0] if record.head else None, "as_of": shown.as_of.isoformat(),
        "made_at": made_at.isoformat(), "weeks": weeks, "content": content,
        "since": None if tried.version == proposed.version else max(since, current.valid_from).isoformat(),
    }  # fmt: skip
    write_atomically(work / RESULT, json.dumps(told, indent=1))
    progress("Done", 1.0)
    return content


def _by_both(
    work: Path, agreements: dict[str, Agreement], call: Call | None, shown: _Shown, record: OnRecord,
    ledger: str | None, progress: Progress,
) -> dict[str, Path]:  # fmt: skip
    """The file of each judgement, by its side."""
    judged: dict[str, Path] = {}
    is_quick = reads_alike([shown.agreement, *agreements.values()])
    for number, (side, agreement) in enumerate(agreements.items()):
        said = "Judging by the proposal" if side == "proposed" else "Judging by the agreement as it is"

        def tell(share: float, said: str = said, before: float = 0.45 * number) -> None:
            progress(said, before + 0.45 * share)

        if is_quick:
            judged[side] = judge_again(shown.file, work / side, agreement, record, shown.as_of, tell)
        else:
            judged[side] = _built(work / side, agreement, call, shown, ledger, tell)
    return judged


def _built(
    folder: Path, agreement: Agreement, call: Call | None, shown: _Shown, ledger: str | None,
    progress: Callable[[float], None],
) -> Path:  # fmt: skip
    """A whole build from the exports of the published one; reading or identity depends on what is proposed."""
    if call is None or not call.exports.is_dir():
        raise NoTrial(
            "The proposal changes how exports are read, and nothing says where the exports of this build lie. "
            "Build once more with `pipeline build`, then try again."
        )
    folder.mkdir(parents=True)
    document = folder / "agreement.toml"
    document.write_text(to_toml(agreement), "utf-8")
    result = build(
        call.exports, folder, call.mappings, document, shown.as_of, skip_refused=call.skip_refused, accept_volume=True,
        ledger=ledger, progress=lambda step, share: progress(share),
    )  # fmt: skip
    if result.published is None:
        raise NoTrial(f"The trial failed. {' '.join(result.problems)}")
    return result.published


def _current(call: Call | None, record: OnRecord) -> Agreement:
    """What a build made now would judge by."""
    if record.faults:
        raise NoTrial(f"The ledger was tampered with or is damaged. {str(record.faults[0]).capitalize()}.")
    if call is None:
        return agreed(record.entries).agreement
    return agreed(record.entries, call.agreement, beside(call.exports)).agreement


def _shown(builds: Path) -> _Shown:
    file = published_file(builds)
    if file is None:
        raise NoTrial(f"Nothing is published in {builds} yet. Build first, then try a proposal.")
    with duckdb.connect(str(file), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        build_id, as_of, document = connection.execute(
            "select build_id, as_of, document from meta.build, meta.agreement"
        ).fetchall()[0]
    return _Shown(file, build_id, as_of, from_json(document))


@contextmanager
def _only_trial(trials: Path) -> Any:
    try:
        with FileLock(trials / ".trial.lock").acquire(timeout=0):
            yield
    except Timeout:
        raise NoTrial("Another proposal is being tried. Wait for it to end, then try again.") from None
