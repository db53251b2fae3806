"""`python -m tests.flows.kills COUNT [SEED]`: kills the command line at random moments of fetch to publish.

Two readers open the same home all the time, and a second writer, which nobody kills, loads and publishes another day.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from flows.demo.pages import hf_day_page
from flows.demo.papers import invented_paper, listed_item
from tests.flows.beside import AS_PUBLISHED, EVERY, TWICE, Beside, beside
from tests.support.commands import paperlog_in, started
from tests.support.environment import environment_of
from tests.support.patience import patient
from tests.support.servers import Handler, serving
from warehouse import open_warehouse, search

DAYS = [date(2024, 5, 6) + timedelta(days=offset) for offset in range(5)]
OTHER_DAY = date(2024, 5, 13)
INGEST = ("ingest", "hf_daily", "--from", DAYS[0], "--to", DAYS[-1])
BESIDE = ("ingest", "hf_daily", "--date", OTHER_DAY)
PAPERS_A_DAY = 12
SECONDS_MAX = 60


@dataclass(slots=True)
class Toll:
    """What the kills met, and what they broke."""

    stages: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    beside: Beside = field(default_factory=Beside)


def kills(count: int, folder: Path, seed: int = 20261122) -> Toll:
    """Kill `ingest` so often in one home, look at the home after each kill, and at last compare it with a replay."""
    dice, toll, kept = random.Random(seed), Toll(), 0
    with serving(_Site, requests=Counter()) as base:
        environment = environment_of(folder, base, PAPERLOG_REQUESTS_PER_SECOND="6")
        with beside(environment, folder / "home", *BESIDE) as toll.beside:
            usual = _duration(environment)
            while (number := toll.stages.total()) < count:
                with started(environment, "flows", *INGEST) as process:
                    stage = _killed(process, dice.uniform(0.1, 0.95) * usual)
                if stage is None:  # it was faster than usual and ended by itself
                    continue
                toll.stages[stage] += 1
                toll.broken += [f"kill {number} in {stage}: {each}" for each in _broken(folder / "home", kept)]
                kept = len(Landing(Folder(folder / "home" / "landing")).readings())
        _run(environment, *INGEST)
        _run(environment, "replay")
        _run(environment, "replay", "--into", str(folder / "undisturbed"))
    toll.broken += _broken(folder / "home", kept)
    toll.broken += [f"a reader: {each}" for each in toll.beside.errors]
    toll.broken += [f"the second writer: {each}" for each in toll.beside.writes if each != "well"]
    digests = {_digest(folder / name, folder / f"{name}-facts") for name in ("home", "undisturbed")}
    if len(digests) > 1:
        toll.broken.append("the digest differs from that of an undisturbed run over the same pages")
    return toll


class _Site(Handler):
    """A site whose lists have more upvotes at each request, so that every reading says something new."""

    requests: Counter[str]

    def answer(self) -> None:
        """Answer by the path."""
        self.requests[self.path] += 1
        day = self.path.removeprefix("/papers/date/")
        if day in map(str, [*DAYS, OTHER_DAY]):
            self.send(200, _page(date.fromisoformat(day), self.requests[self.path]))
        else:
            self.send(404)


def _page(day: date, requests: int) -> bytes:
    start = (day - DAYS[0]).days * PAPERS_A_DAY
    papers = [invented_paper(start + place, f"{day:%y%m}") for place in range(PAPERS_A_DAY)]
    items = [listed_item(paper, day, place, upvotes=requests + place) for place, paper in enumerate(papers)]
    return hf_day_page(day, items, next_on=day + timedelta(days=1)).encode()


def _duration(environment: dict[str, str]) -> float:
    began = time.monotonic()
    with started(environment, "flows", *INGEST) as process:
        process.communicate(timeout=patient(SECONDS_MAX))
    return time.monotonic() - began


def _killed(process: subprocess.Popen[str], after: float) -> str | None:
    """Kill the process and what it started; returns how far it had come, None if it had ended before."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    if process.wait() != -signal.SIGKILL:
        return None
    printed = process.stdout.read() if process.stdout else ""
    if printed.count(": loaded") + printed.count(": unchanged") >= len(DAYS):
        return "publish"
    if f"{DAYS[-1]}: kept" in printed:
        return "load"
    return "fetch and landing" if "kept" in printed or "partitions" in printed else "start or first fetch"


def _broken(home: Path, kept_before: int) -> list[str]:
    """What is wrong with the home as it is now."""
    landing, broken = Landing(Folder(home / "landing")), []
    readings = landing.readings()
    for kept in readings:
        landing.load(kept)  # raises for a page that is lost or damaged
    if len(readings) < kept_before:
        broken.append(f"{kept_before - len(readings)} kept pages lost")
    if (home / "paperlog.duckdb").exists():
        with open_warehouse(str(home)).reader() as reader:
            broken += [f"published: {row}" for row in reader.named("integrity").rows]
            broken += (
                ["published: another count than its manifest's"]
                if reader.query(AS_PUBLISHED).rows != ((True,),)
                else []
            )
            broken += ["published: a sighting twice"] if reader.query(TWICE).rows != ((0,),) else []
            papers = reader.query("select count(*) from papers").rows
            broken += ["published: a search that lacks papers"] if papers != ((search(reader, EVERY).total,),) else []
    return broken


def _run(environment: dict[str, str], *arguments: object) -> None:
    done = paperlog_in(environment, *arguments, seconds=600)
    if done.code:
        raise RuntimeError(f"{arguments} ended with {done.code}: {done.err}")


def _digest(home: Path, facts: Path) -> str:
    with open_warehouse(str(home)).reader(may_write_files=True) as reader:
        return reader.export(facts)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="paperlog-kills-") as name:
        met = kills(wanted, Path(name), *map(int, sys.argv[2:3]))
    stages = ", ".join(f"{count} in {stage}" for stage, count in met.stages.most_common())
    sys.stdout.write(f"{wanted} kills in {time.monotonic() - began:.0f} s: {stages}\n")
    sys.stdout.write(f"beside: {met.beside.opens} reader opens, {len(met.beside.errors)} errors; ")
    sys.stdout.write(f"{met.beside.writes.total()} runs of a second writer, {met.beside.writes['well']} well\n")
    sys.stdout.write("\n".join(met.broken) + "\n" if met.broken else "nothing broken, nothing lost, digests equal\n")
    sys.exit(1 if met.broken else 0)
