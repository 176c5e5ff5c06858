"""Build once more from the same inputs: what a page starts after people have decided something.

A build leaves word of how it was called beside the published files, not in them: they are handed on, and where exports
lie is nobody else's business. The ledger is not part of it; it is the one the dashboard was started with.
"""

from __future__ import annotations

from pathlib import Path

from agreement.ledger import setting
from pipeline.build import BuildResult, Progress, build
from pipeline.inputs import LAST_RUN, company, inputs_hash, remember
from pipeline.publish import last_call

ROOT = Path(__file__).resolve().parent.parent


def build_again(builds: Path, progress: Progress | None = None, root: Path = ROOT) -> BuildResult:
    """The build that published the newest file of `builds` once more, with the decisions made since then."""
    call = last_call(builds)
    if call is None:
        return BuildResult(None, [f"Nothing in {builds} says from which exports it was built. Use `pipeline build`."])
    if not call.exports.is_dir():
        return BuildResult(None, [f"The folder {call.exports} is not there any more. Use `pipeline build`."])
    shown = company(root)
    is_shown = shown.builds.resolve() == builds.resolve() and shown.exports.resolve() == call.exports
    inputs = inputs_hash(shown, root) if is_shown else ""
    result = build(
        call.exports, builds, call.mappings, call.agreement, call.as_of, skip_refused=call.skip_refused,
        progress=progress, ledger=setting(),
    )  # fmt: skip
    if result.published and is_shown and (builds / LAST_RUN).exists():
        remember(builds, inputs, result.published)  # `make run` need not build the same once more
    return result
