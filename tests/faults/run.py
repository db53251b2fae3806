"""`python -m tests.faults.run`: fails every call that opens, writes, syncs, renames, locks or sends, one after another.

Prints the points found and injected, how the commands ended, and what was lost or not healed: nothing, or this fails.
"""

from __future__ import annotations

import argparse
import errno
import json
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

from flows.demo.site import serving, site
from tests.faults.judge import Verdict, judged
from tests.faults.library import Point, built
from tests.faults.stages import COMMANDS, Program, Stage, prepared

SHOWN_MAX = 5
TRIES = 3


def run(
    names: Sequence[str],
    folder: Path,
    *,
    every: int = 1,
    limit: int | None = None,
    stage: str | None = None,
    is_lasting: bool = False,
    processes: int = 2,
    note: Callable[[str, Verdict], None] = lambda _name, _verdict: None,
) -> Iterator[tuple[str, int, list[Verdict]]]:
    """For each error by name: how many points there are, and what came of those chosen; `note` hears of each."""
    library = built(folder)
    if library is None:
        raise RuntimeError("there is no C compiler `cc` here, with which the library that fails calls is built")
    context = multiprocessing.get_context("spawn")
    with serving(site()) as base, ProcessPoolExecutor(processes, context, _begin, (library,)) as pool:
        with Program(library) as program:
            stages, found = prepared(folder, base, program)
        by_name = {each.name: each for each in stages}
        chosen = [point for point in found if stage in {None, point.stage}]
        for name in names:
            work = partial(_judged, by_name, getattr(errno, name), folder=folder, base=base, is_lasting=is_lasting)
            verdicts = []
            for verdict in pool.map(work, chosen[::every][:limit]):
                note(name, verdict)
                verdicts.append(verdict)
            yield name, len(chosen), verdicts


def _begin(library: Path) -> None:
    """Each process of the pool has a program of its own, which ends with it."""
    _programs.append(Program(library))


def _judged(
    stages: dict[str, Stage], number: int, point: Point, *, folder: Path, base: str, is_lasting: bool
) -> Verdict:
    """Tried again where the call did not come: how often DuckDB writes varies a little from run to run."""
    for _ in range(TRIES):
        verdict = judged(stages[point.stage], point, number, _programs[-1], folder, base, is_lasting=is_lasting)
        if verdict.is_met:
            break
    return verdict


_programs: list[Program] = []


def told(name: str, found: int, verdicts: Sequence[Verdict]) -> Iterator[str]:
    """The verdicts for one error, in lines."""
    met = [each for each in verdicts if each.is_met]
    unclear = [each for each in met if each.unclear]
    broken = [each for each in met if each.broken]
    healed = [each for each in met if not any(what.startswith("not healed") for what in each.broken)]
    equal = [each for each in met if not any("digest" in what for what in each.broken)]
    yield f"{name}: {found} points found, {len(verdicts)} tried, {len(met)} injected"
    ends = Counter(each.code for each in met)
    yield f"  ends: {len(met) - len(unclear)} clear, {len(unclear)} unclear; exit codes {dict(ends)}"
    yield f"  {len(healed)} healed, {len(equal)} digests equal, {len(broken)} with something broken"
    for what, group in _grouped(met):
        yield f"  {len(group)} x {what}"
        for each in group[:SHOWN_MAX]:
            yield f"      {each.point.line}: {each.code}: {each.said.strip().splitlines()[-1:]}"


def _grouped(verdicts: Sequence[Verdict]) -> list[tuple[str, list[Verdict]]]:
    groups: dict[str, list[Verdict]] = {}
    for each in verdicts:
        for what in (*each.unclear, *each.broken):
            groups.setdefault(what, []).append(each)
    return sorted(groups.items(), key=lambda group: -len(group[1]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.run", description=__doc__)
    parser.add_argument("--errno", action="append", choices=["EIO", "ENOSPC", "EACCES"], help="default: all three")
    parser.add_argument("--every", type=int, default=1, help="only every so many-th point")
    parser.add_argument("--limit", type=int, help="at most so many points of each error")
    parser.add_argument("--stage", choices=COMMANDS, help="only this command")
    parser.add_argument("--lasting", action="store_true", help="every later call of that kind fails as well")
    parser.add_argument("--out", type=Path, help="every verdict as JSON, one a line")
    return parser.parse_args()


def _main() -> int:
    wanted, began, is_sound = _arguments(), time.monotonic(), True
    with tempfile.TemporaryDirectory(prefix="paperlog-faults-") as name:
        outcome = run(
            wanted.errno or ["EIO", "ENOSPC", "EACCES"],
            Path(name),
            every=wanted.every,
            limit=wanted.limit,
            stage=wanted.stage,
            is_lasting=wanted.lasting,
            note=partial(_write, wanted.out) if wanted.out else lambda _name, _verdict: None,
        )
        for error, found, verdicts in outcome:
            sys.stdout.write("\n".join(told(error, found, verdicts)) + f"\n  {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
            is_sound &= not any(each.unclear or each.broken for each in verdicts)
    return 0 if is_sound else 1


def _write(out: Path, error: str, verdict: Verdict) -> None:
    with out.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"error": error, **asdict(verdict)}) + "\n")


if __name__ == "__main__":
    sys.exit(_main())
