"""`python -m tests.flows.kills COUNT`: kills the command line at random moments of fetch, landing, load and publish."""

from __future__ import annotations

import os
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
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

from extractors.landing.landing import Landing
from flows.demo.pages import hf_day_page, hf_item
from flows.demo.papers import invented_paper
from warehouse import open_warehouse

ROOT = Path(__file__).parents[2]
DAYS = [date(2024, 5, 6) + timedelta(days=offset) for offset in range(5)]
PAPERS_A_DAY = 12
SECONDS_MAX = 60
TWICE = "select count(*) from (select sighting_key from core.sightings group by all having count(*) > 1)"
AS_PUBLISHED = "select (select count(*) from papers) = (select row_counts['papers'] from ops.manifest)"


@dataclass(slots=True)
class Toll:
    """What the kills met, and what they broke."""

    stages: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def kills(count: int, folder: Path, seed: int = 20261122) -> Toll:
    """Kill `ingest` so often in one home, look at the home after each kill, and at last compare it with a replay."""
    dice, toll, kept = random.Random(seed), Toll(), 0
    with serving() as base:
        environment = environment_of(folder / "home", base)
        usual = _duration(environment)
        while (number := toll.stages.total()) < count:
            process = _started(environment)
            stage = _killed(process, folder / "home", dice.uniform(0.1, 0.95) * usual)
            if stage is None:  # it was faster than usual and ended by itself
                continue
            toll.stages[stage] += 1
            toll.broken += [f"kill {number} in {stage}: {each}" for each in _broken(folder / "home", kept)]
            kept = len(Landing(folder / "home" / "landing").readings())
        _run(environment, "ingest", "hf_daily", "--from", str(DAYS[0]), "--to", str(DAYS[-1]))
        _run(environment, "replay")
        _run(environment, "replay", "--into", str(folder / "undisturbed"))
    toll.broken += _broken(folder / "home", kept)
    digests = {_digest(folder / name, folder / f"{name}-facts") for name in ("home", "undisturbed")}
    if len(digests) > 1:
        toll.broken.append("the digest differs from that of an undisturbed run over the same pages")
    return toll


def environment_of(home: Path, base: str) -> dict[str, str]:
    """An environment in which nothing but the home and the site is set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PAPERLOG_", "PREFECT_"))}
    return {
        **kept,
        "PAPERLOG_HOME": str(home),
        "PAPERLOG_PACE": str(home.parent / "pace"),
        "PAPERLOG_HF_DAILY_URL": base,
        "PAPERLOG_REQUESTS_PER_SECOND": "6",
    }


@contextmanager
def serving() -> Iterator[str]:
    """A site whose lists have more upvotes at each request, so that every reading says something new."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        day = self.path.removeprefix("/papers/date/")
        body = _page(date.fromisoformat(day), self.asked[self.path]) if day in map(str, DAYS) else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """A client that was killed hangs up."""
        try:
            super().handle()
        except ConnectionError:
            return


def _page(day: date, asked: int) -> bytes:
    start = DAYS.index(day) * PAPERS_A_DAY
    papers = [invented_paper(start + place, f"{day:%y%m}") for place in range(PAPERS_A_DAY)]
    published = f"{day - timedelta(days=1)}T00:00:00.000Z"
    items = [
        hf_item(
            paper.arxiv_id,
            paper.title,
            paper.abstract,
            authors=paper.authors,
            published=published,
            upvotes=asked + place,
        )
        for place, paper in enumerate(papers)
    ]
    return hf_day_page(day, items, next_on=day + timedelta(days=1)).encode()


def _started(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "flows", "ingest", "hf_daily", "--from", str(DAYS[0]), "--to", str(DAYS[-1])]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )


def _duration(environment: dict[str, str]) -> float:
    started = time.monotonic()
    with _started(environment) as process:
        process.communicate(timeout=SECONDS_MAX)
    return time.monotonic() - started


def _killed(process: subprocess.Popen[bytes], home: Path, after: float) -> str | None:
    """Kill the process and what it started; returns how far it had come, None if it had ended before."""
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    if process.wait() != -signal.SIGKILL:
        return None
    said = process.stdout.read().decode() if process.stdout else ""
    if "[1/" in said or list(home.glob(".paperlog.duckdb.*")):
        return "publish"
    if f"{DAYS[-1]}: kept" in said:
        return "load"
    return "fetch and landing" if "kept" in said or "partitions" in said else "start or first fetch"


def _broken(home: Path, kept_before: int) -> list[str]:
    """What is wrong with the home as it is now."""
    landing, broken = Landing(home / "landing"), []
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
    return broken


def _run(environment: dict[str, str], *arguments: str) -> None:
    command = [sys.executable, "-m", "flows", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}")


def _digest(home: Path, facts: Path) -> str:
    with open_warehouse(str(home)).reader(may_write_files=True) as reader:
        return reader.export(facts)


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="paperlog-kills-") as name:
        met = kills(wanted, Path(name))
    stages = ", ".join(f"{count} in {stage}" for stage, count in met.stages.most_common())
    sys.stdout.write(f"{wanted} kills in {time.monotonic() - began:.0f} s: {stages}\n")
    sys.stdout.write("\n".join(met.broken) + "\n" if met.broken else "nothing broken, nothing lost, digests equal\n")
    sys.exit(1 if met.broken else 0)
