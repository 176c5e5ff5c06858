"""How fast are thirteen attribution models, and do they agree with what others compute?

    python -m benchmarks.attribution [--touches 100000 1000000 5000000] [--runs 3] [--peers peers/bin/python]

In one run and as whole processes on the same journeys: Tandem's thirteen models, ChannelAttribution (three rule models
and Markov, path building included), marketing-attribution-models (five and Markov), and the floor: reading the log, and
reading and sorting it. Contenders take turns; of `--runs` rounds the fastest of each counts. Peers are no dependencies
of Tandem. Install them apart:

    uv venv peers
    uv pip install --python peers/bin/python ChannelAttribution matplotlib pyarrow marketing-attribution-models
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import journeys
from benchmarks.measure import Run, run

CONTENDERS = Path(__file__).parent / "contenders"
SIZES = (100_000, 1_000_000, 5_000_000)
GOAL = 0.12
INSTALL = "uv venv peers && uv pip install --python peers/bin/python"


@dataclass(frozen=True)
class Contender:
    """A process to measure. `package`: what to install for it, and the word to import it by."""

    name: str
    script: str
    arguments: tuple[str, ...] = ()
    package: tuple[str, str] | None = None


PEER = ("ChannelAttribution matplotlib pyarrow", "ChannelAttribution")
TANDEM = Contender("Tandem, 13 models", "tandem")
REFERENCE = Contender("ChannelAttribution, 3 rules + Markov", "channel_attribution", ("pandas",), PEER)
EVERYBODY = (
    Contender("floor: scan", "floor", ("scan",)),
    Contender("floor: scan + sort", "floor", ("sort",)),
    TANDEM,
    REFERENCE,
    Contender("ChannelAttribution, paths by polars", "channel_attribution", ("polars",), PEER),
    Contender(
        "marketing-attribution-models, 5 rules + Markov", "marketing_attribution_models",
        package=("marketing-attribution-models", "mam"),
    ),
)  # fmt: skip
Credits = dict[str, dict[str, float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--touches", type=int, nargs="+", default=SIZES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", default=sys.executable, help="the Python that has the peers installed")
    arguments = parser.parse_args()
    console = Console(width=150)
    missing = {one.package for one in EVERYBODY if one.package and not _has(arguments.peers, one.package[1])}
    for package, _module in sorted(missing):
        console.print(f"{package.split()[0]} is not installed in {arguments.peers} and is left out. To install it:")
        console.print(f"    {INSTALL} {package}", highlight=False)
    present = [one for one in EVERYBODY if one.package not in missing]
    with tempfile.TemporaryDirectory() as temporary:
        for touches in arguments.touches:
            folder = Path(temporary) / str(touches)
            journeys.write(folder, touches)
            rounds = [{one: _measured(one, folder, arguments.peers) for one in present} for _ in range(arguments.runs)]
            console.print(_table(touches, rounds))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    console.print(f"load of the machine (1, 5, 15 minutes): {load}; cores: {os.cpu_count()}")
    if REFERENCE in present:
        console.print(f"goal: Tandem within {GOAL} of ChannelAttribution's time")


def _has(python: str, module: str) -> bool:
    return not subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode


def _measured(one: Contender, folder: Path, peers: str) -> Run:
    if one.package:  # peers run in their own environment and see nothing of Tandem
        return run([str(CONTENDERS / f"{one.script}.py"), str(folder), *one.arguments], python=peers)
    return run(["-m", f"benchmarks.contenders.{one.script}", str(folder), *one.arguments])


def _table(touches: int, rounds: list[dict[Contender, Run]]) -> Table:
    best = {one: min((told[one] for told in rounds), key=lambda told: told.wall_seconds) for one in rounds[0]}
    cpu = {one: min(told[one].cpu_seconds for told in rounds) for one in best}
    peak = {one: max(told[one].peak_mb for told in rounds) for one in best}
    ours = _credits(best[TANDEM])
    table = Table(
        "contender", "wall s", "CPU s", "peak MB", "Tandem ÷ it: wall", "CPU", "largest difference in credit",
        title=f"{touches:,} touches, {len(rounds)} rounds",
    )  # fmt: skip
    for one, told in best.items():
        table.add_row(
            one.name, f"{told.wall_seconds:.2f}", f"{cpu[one]:.2f}", f"{peak[one]:,.0f}",
            f"{best[TANDEM].wall_seconds / told.wall_seconds:.3f}", f"{cpu[TANDEM] / cpu[one]:.3f}",
            difference(ours, _credits(told)) if one.package else "",
        )  # fmt: skip
    return table


def _credits(told: Run) -> Credits:
    found: Credits = json.loads(next(line for line in reversed(told.output.splitlines()) if line.startswith("{")))
    return found


def difference(ours: Credits, theirs: Credits) -> str:
    """By how much the channels' shares of all credit differ at most: among rule models, and under Markov."""
    largest = {"rules": 0.0, "Markov": 0.0}
    for model, told in theirs.items():
        all_ours, all_theirs = sum(ours[model].values()), sum(told.values())
        kind = "Markov" if model == "markov" else "rules"
        off = max(abs(ours[model][name] / all_ours - credit / all_theirs) for name, credit in told.items())
        largest[kind] = max(largest[kind], off)
    return ", ".join(f"{kind} {off:.0e}" if off < 1e-6 else f"{kind} {off:.2%}" for kind, off in largest.items())


if __name__ == "__main__":
    main()
