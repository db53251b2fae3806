"""`python -m tests.drills.pages [PAPERS…]`: a site and a server of so many invented papers, and readers of a server.

Without a number: a site of 10,000, and a server of a million, which takes minutes to make. Prints seconds, files and
bytes of a site, of one after another day's list, and of one more; medians of pages and the server's memory; and what
fifty readers of a small home were answered while it was published twenty times. Fails if an answer was no 200.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from statistics import median
from threading import Event
from urllib.parse import quote

import requests

from flows.pages import links
from tests.bench.data.day_pages import FIRST_DAY
from tests.bench.data.warehouses import fill
from tests.support.commands import paperlog_in
from tests.support.environment import scrubbed
from tests.support.pages import day_page
from tests.support.sites import site_of
from tests.support.small import MONDAY, SALT, TIDES, at, built, daily
from tests.support.web import Served, served
from warehouse import Reader, open_warehouse

SITE_PAPERS, SERVED_PAPERS = 10_000, 1_000_000
PAPERS_A_DAY, ASKED, NAMES = 36, 30, 10
READERS, PUBLISHES = 50, 20
SMALL_PAGES = ("", f"days/{MONDAY}", "days", "authors.json", "institutions", "calendar", "health", "search?q=tides")
CHOSEN = "select {what} from {table} where {what} is not null order by md5({what}::varchar) limit {count}"


def main(arguments: Sequence[str]) -> int:
    """0 if every answer was a 200."""
    counts = [int(each) for each in arguments] or [SITE_PAPERS, SERVED_PAPERS]
    with tempfile.TemporaryDirectory(prefix="paperlog-pages-") as name:
        folder = Path(name)
        lines = [*_site(folder, counts[0]), *_server(folder, counts[-1]), *_readers(folder / "small")]
    return int(any("no 200" in line for line in lines))


def _said(line: str) -> str:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
    return line


def _site(folder: Path, count: int) -> Iterator[str]:
    home = folder / "site-home"
    fill(home, count)
    environment = scrubbed(PAPERLOG_HOME=str(home))
    _done(environment, "publish")
    for run in ("first", "after another day", "once more"):
        began = time.monotonic()
        changes = site_of(home, folder / "site")
        took = time.monotonic() - began
        yield _said(
            f"site of {count:,} papers, {run}: {took:.0f} s, {changes.files:,} files, {changes.bytes:,} bytes, "
            f"{changes.written:,} written"
        )
        if run == "first":
            day = folder / "day.html"
            day.write_text(day_page(FIRST_DAY, range(PAPERS_A_DAY)), encoding="utf-8")
            _done(environment, "adopt", "hf_daily", day, "--fetched-at", f"{FIRST_DAY + timedelta(days=1)}T12:00:00Z")


def _done(environment: dict[str, str], *arguments: object) -> None:
    done = paperlog_in(environment, *arguments)
    if done.code:
        raise RuntimeError(f"{arguments}: {done.err}")


def _server(folder: Path, count: int) -> Iterator[str]:
    home = folder / "served-home"
    fill(home, count)
    with open_warehouse(str(home)).writer("drill") as writer:
        writer.publish(full=False)
    with open_warehouse(str(home)).reader() as reader:
        asked = dict(_addresses(reader))
    with served(home) as server:
        server.get("help")
        for kind, addresses in asked.items():
            times, answers = [], Counter[int]()
            for address in addresses:
                began = time.perf_counter()
                answers[server.get(address).status_code] += 1
                times.append(time.perf_counter() - began)
            yield _said(f"served of {count:,} papers, {kind}: {median(times) * 1000:.0f} ms{_strange(answers)}")
        yield _said(f"served of {count:,} papers: {_memory_mb(server):,.0f} MB at most")


def _addresses(reader: Reader) -> Iterator[tuple[str, list[str]]]:
    def chosen(what: str, table: str, count: int = ASKED) -> list[str]:
        return [str(row[0]) for row in reader.query(CHOSEN.format(what=what, table=table, count=count)).rows]

    yield "paper", [f"papers/{key}" for key in chosen("paper_key", "core.papers")]
    days = chosen("partition_on", "ops.partitions")
    yield "day", [f"days/{day}" for day in days]
    yield "month", [f"months/{day[:7]}" for day in days]
    titles = chosen("title", "core.papers")
    yield "search by four words of a title", [f"search?q={quote(' '.join(each.split()[:4]))}" for each in titles]
    words = sorted({word for each in titles for word in each.split() if len(word) > 5 and word.isalpha()})
    yield "search by one word", [f"search?q={quote(word)}" for word in words[:ASKED]]
    yield "all authors", ["authors"]
    yield "author", [links.author(each) for each in chosen("author_key", "marts.authors", NAMES)]
    yield "all institutions", ["institutions"]
    yield "institution", [links.institution(each) for each in chosen("institution_key", "marts.institutions", NAMES)]


def _strange(answers: Counter[int]) -> str:
    strange = {status: count for status, count in answers.items() if status != 200}
    return f", no 200: {strange}" if strange else ""


def _memory_mb(server: Served) -> float:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _readers(home: Path) -> Iterator[str]:
    warehouse, _ = built(home)
    ended = Event()

    def reads(base: str) -> list[tuple[int, float]]:
        found = []
        with requests.Session() as session:
            while not ended.is_set():
                for page in SMALL_PAGES:
                    began = time.perf_counter()
                    status = session.get(base + page, timeout=120).status_code
                    found.append((status, time.perf_counter() - began))
        return found

    with served(home) as server, ThreadPoolExecutor(READERS) as pool:
        running = [pool.submit(reads, server.base) for _ in range(READERS)]
        try:
            for number in range(PUBLISHES):
                with warehouse.writer("drill") as writer:
                    writer.load([daily(5 + number, at(5 + number), (SALT, 30 + number), (TIDES, 90))])
                    writer.publish()
        finally:
            ended.set()
        found = [each for one in running for each in one.result()]
        times = [took for _, took in found]
        answers = Counter(status for status, _ in found)
        yield _said(
            f"{READERS} readers during {PUBLISHES} publishes: {len(found):,} answers{_strange(answers)}, "
            f"median {median(times) * 1000:.0f} ms, at most {max(times):.1f} s, {_memory_mb(server):,.0f} MB"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
