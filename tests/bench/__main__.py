"""The benchmark: `python -m tests.bench [STAGE…] [--rounds N] [--small]` measures, and writes results, table and plot.

A stage that is not named keeps its figures of the last run in results.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench import report
from tests.bench.measure import ROUNDS, Figures, machine
from tests.bench.stages import (
    ask_questions,
    daily_run,
    extract_pages,
    load_by_size,
    load_days,
    match_records,
    pipeline_steps,
    replay_days,
    resolve_by_size,
    search_by_size,
    start_command,
)
from tests.docs.make import BENCHMARK

RESULTS = Path(__file__).with_name("results.json")
Stage = Callable[[int], Figures]
STAGES: dict[str, Stage] = {
    "extract": extract_pages.run,
    "steps": pipeline_steps.run,
    "match": match_records.run,
    "load": load_days.run,
    "start": start_command.run,
    "daily": daily_run.run,
    "ask": ask_questions.run,
    "search": search_by_size.run,
    "growth": load_by_size.run,
    "arrive": resolve_by_size.run,
    "replay": replay_days.run,
}
SMALL: dict[str, Stage] = {
    "match": partial(match_records.run, sizes=(5_000,)),
    "ask": partial(ask_questions.run, sizes=(10_000,)),
    "search": partial(search_by_size.run, sizes=(10_000,)),
    "growth": partial(load_by_size.run, sizes=(10_000, 100_000)),
    "arrive": partial(resolve_by_size.run, sizes=(10_000,)),
    "replay": partial(replay_days.run, days=(1, 10, 100)),
}


def main() -> None:
    """Run the stages, one after the other, and write after each."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("stages", nargs="*", metavar="STAGE", help=f"of {', '.join(STAGES)}; default: all")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="interleaved runs of every contender (default 5)")
    parser.add_argument("--small", action="store_true", help="without a million papers and 800 days; a few minutes")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the JSON goes (default: beside this file)")
    options = parser.parse_args()
    if unknown := set(options.stages) - set(STAGES):
        parser.error(f"no such stage: {', '.join(sorted(unknown))}")
    measured: Figures = json.loads(options.out.read_text("utf-8")) if options.out.exists() else {}
    for name in options.stages or STAGES:
        sys.stderr.write(f"{name} …")
        sys.stderr.flush()
        began = time.perf_counter()
        stage = SMALL.get(name, STAGES[name]) if options.small else STAGES[name]
        measured[name] = stage(options.rounds)
        measured["machine"] = machine()
        options.out.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
        sys.stderr.write(f" {time.perf_counter() - began:.0f} s\n")
    sys.stdout.write(report.table(measured))
    if options.out == RESULTS and not options.small:
        for part in BENCHMARK:
            part.write()


if __name__ == "__main__":
    main()
