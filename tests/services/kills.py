"""`python -m tests.services.kills COUNT [SEED]`: kills writers of a lake at random moments of open, load and publish.

The catalog is in PostgreSQL, the files are in an S3 server. A writer loads day after day; when it is killed, the next
one begins with the day that was not finished. A reader opens the published state all the time.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.services.reading import Read
from tests.support.lakes import Lake, digest_of, ended, pages_of, undisturbed
from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.services import postgres_server, s3_server

SECONDS_MAX = 120
# A kill comes within so many times a day's duration: some writers finish one day or two before it.
LATEST = 1.6
DAYS_AHEAD = 20
# With fewer each publish makes all of its tables anew, and each is so small that a lake keeps it in its catalog.
DAYS_BEFORE = 11


@dataclass(slots=True)
class Toll:
    """What the kills met, and what they broke: `orphans` are files that no state of the lake knows."""

    stages: Counter[str] = field(default_factory=Counter)
    days: int = 0
    orphans: int = 0
    read: Read = field(default_factory=Read)
    broken: list[str] = field(default_factory=list)


def kills(lake: Lake, count: int, folder: Path, seed: int = 20261127) -> Toll:
    """Kill so many writers of an empty lake, let the last one finish, and compare with an undisturbed home."""
    dice, toll, home = random.Random(seed), Toll(), folder / "home"
    with lake.opened(home).writer("before") as writer:
        for place in range(DAYS_BEFORE):
            writer.load(pages_of(place))
        writer.publish()
    usual = _seconds(lake, home, DAYS_BEFORE)
    toll.days = DAYS_BEFORE + 1
    with _reader(lake.environment(folder / "reader"), toll):
        while toll.stages.total() < count:
            _kill(lake, home, dice.uniform(0.0, LATEST) * usual, toll)
        last = lake.load(home, toll.days)
    toll.days += 1
    if last.code:
        toll.broken.append(f"the last rerun: {last.err}")
    toll.broken += [f"a reader: {each}" for each in (*toll.read.errors, *toll.read.torn)]
    toll.orphans = len(lake.orphans())
    toll.broken += [f"at last: {each}" for each in lake.opened(home).proof()]
    if digest_of(lake.opened(home)) != undisturbed(range(toll.days), folder / "undisturbed"):
        toll.broken.append("the digest differs from that of an undisturbed home")
    return toll


def _seconds(lake: Lake, home: Path, place: int) -> float:
    """Load one day; the seconds from the writer's start to its end, without its imports."""
    process = lake.writer(home, place)
    assert process.stdout is not None
    process.stdout.readline()
    began = time.monotonic()
    done = ended(process)
    assert done.code == 0, done.err
    return time.monotonic() - began


def _kill(lake: Lake, home: Path, after: float, toll: Toll) -> None:
    """Start a writer with the first day that is not finished, and kill it so many seconds later."""
    process = lake.writer(home, *range(toll.days, toll.days + DAYS_AHEAD))
    assert process.stdout is not None
    first = process.stdout.readline()
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    done = ended(process)
    words = [line.split()[0] for line in (first + done.out).splitlines()]
    toll.stages[words[-1] if words else "nothing"] += 1
    toll.days += words.count("done")
    if done.code != -signal.SIGKILL:
        toll.broken.append(f"a writer ended by itself, with {done.code}: {done.err}")


@contextmanager
def _reader(environment: dict[str, str], toll: Toll) -> Iterator[None]:
    """A reader for as long as the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.services.reading"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield
        finally:
            printed, _ = process.communicate("stop\n", timeout=patient(SECONDS_MAX))
            toll.read = Read(**json.loads(printed))


def main(count: int, *seed: int) -> int:
    """Run the drill on servers of its own, and say what it met."""
    began = time.monotonic()
    with postgres_server() as postgres, s3_server() as s3, tempfile.TemporaryDirectory() as folder:
        lake = Lake(conninfo=postgres.database("kills"), data=f"s3://{s3.bucket}/kills", s3=s3)
        toll = kills(lake, count, Path(folder), *seed)
    stages = ", ".join(f"{number} after {stage}" for stage, number in toll.stages.most_common())
    sys.stdout.write(f"{count} kills in {time.monotonic() - began:.0f} s, {toll.days} days loaded: {stages}\n")
    read = toll.read
    sys.stdout.write(f"a reader: {read.opens} opens of {len(read.digests)} states, {len(read.errors)} errors, ")
    sys.stdout.write(f"{len(read.torn)} torn; {toll.orphans} files left that no state knows\n")
    sys.stdout.write("\n".join(toll.broken) + "\n" if toll.broken else "nothing broken, digests equal\n")
    return 1 if toll.broken else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:] or ["100"])))
