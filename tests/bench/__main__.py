"""The benchmark: `python -m bench [STAGE…] [--rounds N] [--small]` measures, and writes results, table and plot.

A stage that is not named keeps its figures of the last run in bench/results.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import (
    arriving,
    asking,
    daily,
    extraction,
    growth,
    loading,
    matching,
    replaying,
    report,
    starting,
    steps,
)
from tests.bench.measure import ROUNDS, Figures, machine

RESULTS = Path(__file__).with_name("results.json")
Stage = Callable[[int], Figures]
STAGES: dict[str, Stage] = {
    "extract": extraction.run,
    "steps": steps.run,
    "match": matching.run,
    "load": loading.run,
    "start": starting.run,
    "daily": daily.run,
    "ask": asking.run,
    "growth": growth.run,
    "arrive": arriving.run,
    "replay": replaying.run,
}
SMALL: dict[str, Stage] = {
    "match": partial(matching.run, sizes=(5_000,)),
    "ask": partial(asking.run, sizes=(10_000,)),
    "growth": partial(growth.run, sizes=(10_000, 100_000)),
    "arrive": partial(arriving.run, sizes=(10_000,)),
    "replay": partial(replaying.run, days=(1, 10, 100)),
}


def main() -> None:
    """Run the stages, one after the other, and write after each."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"of {', '.join(STAGES)}; default: all")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="interleaved runs of every contender (default 5)")
    parser.add_argument("--small", action="store_true", help="without a million papers and 800 days; a few minutes")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the JSON goes (default bench/results.json)")
    options = parser.parse_args()
    if unknown := set(options.stages) - set(STAGES):
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    said: Figures = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    for name in options.stages or STAGES:
        sys.stderr.write(f"{name} …")
        sys.stderr.flush()
        began = time.perf_counter()
        stage = SMALL.get(name, STAGES[name]) if options.small else STAGES[name]
        said[name] = stage(options.rounds)
        said["machine"] = machine()
        options.out.write_text(json.dumps(said, indent=1) + "\n", "utf-8")
        sys.stderr.write(f" {time.perf_counter() - began:.0f} s\n")
    sys.stdout.write(report.table(said))
    if options.out == RESULTS and not options.small:
        report.write(said)


if __name__ == "__main__":
    main()
