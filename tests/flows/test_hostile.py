"""Pages made to hurt: each ends in time and within memory with a reason, stores nothing wrong, and executes nothing."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from flows.demo.pages import Item, hf_card, hf_day, hf_day_page, hf_page
from flows.demo.papers import invented_paper
from flows.demo.site import MONDAY, Answer
from tests.bench.measure import USAGE
from tests.flows.conftest import Site
from tests.support.commands import Command, path_of, rows_of
from tests.support.environment import environment_of
from tests.support.pages import items_of
from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.servers import Handler, serving
from warehouse import open_warehouse

MEGABYTE = 1024 * 1024
# The command line with its libraries takes about 150 MB, the cap on a page is 16 MB.
MEMORY_MAX = 900 * MEGABYTE


def zeros() -> bytes:
    return b"\0" * (300 * MEGABYTE)


def good_items(count: int = 6) -> list[Item]:
    return items_of(MONDAY, range(count))


def page(items: list[Item]) -> str:
    return hf_day_page(MONDAY, items)


def _with_abstract(text: str) -> str:
    items = good_items()
    items[0]["summary"] = items[0]["paper"]["summary"] = text
    return page(items)


BOMBS: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "gzip": (lambda: gzip.compress(zeros(), 1), {"Content_Encoding": "gzip"}),
    "gzip of many members": (lambda: gzip.compress(b"x" * MEGABYTE) * 200, {"Content_Encoding": "gzip"}),
    "gzip in gzip": (lambda: gzip.compress(gzip.compress(zeros(), 1)), {"Content_Encoding": "gzip, gzip"}),
    "deflate": (lambda: zlib.compress(zeros(), 1), {"Content_Encoding": "deflate"}),
    "brotli": (lambda: brotli.compress(zeros()[: 100 * MEGABYTE], quality=1), {"Content_Encoding": "br"}),
    "zstd": (lambda: zstandard.compress(zeros()), {"Content_Encoding": "zstd"}),
    "100 MB": (lambda: b"<html>" + b"x" * (100 * MEGABYTE), {}),
    "no end": (lambda: b"<html>" + b"x" * (40 * MEGABYTE), {"Content_Length": ""}),
    "a gzip of nothing but its head": (lambda: gzip.compress(b"x")[:10], {"Content_Encoding": "gzip"}),
}
PAGES: dict[str, Callable[[], bytes]] = {
    "100,000 nested tags": lambda: page(good_items()).replace("<main>", "<div>" * 100_000 + "<main>").encode(),
    "100,000 nested tags in a card": lambda: (
        page(good_items()).replace("</article>", "<b>" * 100_000 + "</article>").encode()
    ),
    "200,000 open comments": lambda: page(good_items()).replace("<main>", "<!--" * 200_000 + "<main>").encode(),
    "200,000 cards": lambda: page(good_items()).replace("<main>", "<main>" + "<article>" * 200_000).encode(),
    "300,000 attributes": lambda: (
        page(good_items())
        .replace(
            '<div class="SVELTE', "<div " + " ".join(f"a{number}=1" for number in range(300_000)) + ' class="SVELTE'
        )
        .encode()
    ),
    "an attribute of 11 MB": lambda: _with_abstract("Long words. " * 950_000).encode(),
    "an attribute that never ends": lambda: (
        page(good_items()).replace('data-props="', 'data-props="' + "'" * 9, 1)[:-400].encode() + b"</html>"
    ),
    "1,001 entries": lambda: hf_page(hf_day(MONDAY, good_items(1) * 1001), hf_card(good_items(1)[0]) * 1001).encode(),
    "JSON nested 100,000 deep": lambda: (
        hf_page(hf_day(MONDAY, []), "")
        .replace("&quot;dailyPapers&quot;: []", "&quot;dailyPapers&quot;: " + "[" * 100_000 + "]" * 100_000)
        .encode()
    ),
    "a number of 100,000 digits": lambda: (
        page(good_items()).replace("&quot;upvotes&quot;: 90", "&quot;upvotes&quot;: " + "9" * 100_000).encode()
    ),
    "a billion laughs": lambda: (
        b'<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]>'
        b"<html><body>&c;</body></html>"
    ),
    "an external entity": lambda: b'<!DOCTYPE html SYSTEM "file:///etc/passwd"><html><body>&x;</body></html>',
    "UTF-16 that is none": lambda: b"\xff\xfe" + page(good_items()).encode() + b"x",
    "nothing but NULs": lambda: b"\0" * MEGABYTE + b"</html>",
    "UTF-7": lambda: page(good_items()).encode("utf-7"),
    "a charset that is none": lambda: (
        page(good_items()).replace("utf-8", "rot13", 1).encode().replace(b"e", b"\xff", 3)
    ),
}


class Hostile(Handler):
    """One body for every page, with its headers."""

    body: bytes
    sent: dict[str, str]

    def answer(self) -> None:
        """Answer by the path."""
        if not self.path.startswith("/papers"):
            self.send(404)
        else:
            self.send(200, self.body, **self.sent)


def ingested(tmp_path: Path, body: bytes, headers: dict[str, str]) -> tuple[int, str, int]:
    """Exit code, standard error and peak memory in bytes of a process that reads the page."""
    errors, usage = tmp_path / "errors.txt", tmp_path / "usage.txt"
    python = path_of("python")
    command = [python, "-m", "flows", "ingest", "hf_daily", "--date", str(MONDAY)]
    with serving(Hostile, body=body, sent=headers) as base, errors.open("wb") as file:
        environment = environment_of(tmp_path, base)
        watched = [python, "-S", str(USAGE), str(usage), "0", *command]
        process = subprocess.Popen(
            watched, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=file, start_new_session=True
        )
        try:
            process.wait(patient(50))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            pytest.fail(f"it took too long; it said: {errors.read_text(encoding='utf-8')}")
    _, peak_mb, _ = map(float, usage.read_text(encoding="utf-8").split())
    return process.returncode, errors.read_text(encoding="utf-8"), int(peak_mb * MEGABYTE)


def stored(home: Path) -> int:
    return sum(1 for _ in (home / "landing").rglob("*.zst")) if (home / "landing").exists() else 0


@pytest.mark.slow
@pytest.mark.timeout(90)
@pytest.mark.parametrize("name", BOMBS)
def test_a_body_that_bursts_is_refused_before_it_fills_the_memory(tmp_path: Path, name: str) -> None:
    make, headers = BOMBS[name]
    code, errors, memory = ingested(tmp_path, make(), headers)
    assert code == 1, errors
    assert "Traceback" not in errors
    assert f"hf_daily {MONDAY}: failed: " in errors
    assert memory < MEMORY_MAX
    assert stored(tmp_path / "home") == 0


@pytest.mark.slow
@pytest.mark.timeout(90)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_to_hurt_is_refused_in_time_and_memory(tmp_path: Path, name: str) -> None:
    body = PAGES[name]()
    assert body != page(good_items()).encode()
    code, errors, memory = ingested(tmp_path, body, {})
    assert "Traceback" not in errors
    assert memory < MEMORY_MAX
    assert code == 0 or f"hf_daily {MONDAY}: " in errors
    with open_warehouse(str(tmp_path / "home")).reader() as reader:
        rows = reader.query("select arxiv_id, title, abstract from papers").rows
    papers = [invented_paper(number, f"{MONDAY:%y%m}") for number in range(6)]
    right = {paper.arxiv_id: (paper.title, paper.abstract) for paper in papers}
    assert all(
        (title, abstract) in {right.get(str(key)), (right.get(str(key), "")[0], None)} for key, title, abstract in rows
    )


TRICKS = (
    "'; drop table core.papers; --",
    "\"; attach 'x.duckdb'; select \"",
    "$(touch pwned) `touch pwned` | touch pwned; touch pwned",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &#x41;",
    "../../../../etc/passwd %2e%2e%2f C:\\Windows\\system32",
    "{{ 7 * 7 }} ${7*7} #{7*7} %(name)s {0} %s %n",
    "[bold red]markup[/] [link=file:///etc/passwd]x[/link] [/nothing]",
    "\u202egnp.exe\u202c \u2066isolated\u2069 zero\u200bwidth",
    "=cmd|' /C calc'!A0",
    "tabs\tand\nnewlines\r\nand\x0bvertical",
    "\U0001f600\U0001d54f e\u0301 \ufb01 \u2028 separator",
    "NULL null None NaN undefined true",
    "a" * 290,
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "field", ["title", "authors", "organization", "submitter", "code", "project", "published", "id"]
)
def test_tricks_in_a_text_field_are_text(paperlog: Command, digest: Site, tmp_path: Path, field: str) -> None:
    items = good_items(20)
    for item, trick in zip(items, TRICKS, strict=False):
        _plant(item, field, trick)
    digest.answers[f"/papers/date/{MONDAY}"] = Answer(media_type="text/html; charset=utf-8", body=page(items).encode())
    done = paperlog("ingest", "hf_daily", "--date", MONDAY)
    assert "Traceback" not in done.err
    counts = rows_of(paperlog, "select (select count(*) from sightings) as s, (select count(*) from quarantine) as q")[
        0
    ]
    if done.code == 0:
        assert int(str(counts["s"])) + int(str(counts["q"])) == 20
    else:
        assert counts == {"s": 0, "q": 0}
    for arguments in (("status",), ("audit",), ("quarantine",), ("sql", "from sightings"), ("search", "pwned")):
        shown = paperlog(*arguments)
        assert "Traceback" not in shown.err
        assert "\x1b" not in shown.out
    assert not list(Path.cwd().glob("pwned*"))
    assert not list(tmp_path.rglob("pwned*"))
    known = rows_of(paperlog, "select count(*) as n from duckdb_tables() where schema_name = 'core'")
    assert int(str(known[0]["n"])) > 5


def test_a_title_full_of_tricks_is_stored_as_it_is(paperlog: Command, digest: Site) -> None:
    items = good_items(20)
    for item, trick in zip(items, TRICKS, strict=False):
        _plant(item, "title", trick)
    digest.answers[f"/papers/date/{MONDAY}"] = Answer(media_type="text/html; charset=utf-8", body=page(items).encode())
    assert paperlog("ingest", "hf_daily", "--date", MONDAY).code == 0
    titles = {str(row["title_text"]) for row in rows_of(paperlog, "select title_text from sightings")}
    plain = {trick for trick in TRICKS if trick.isascii() and " ".join(trick.split()) == trick}
    assert plain <= titles


def _plant(item: Item, field: str, trick: str) -> None:
    paper = item["paper"]
    if field == "title":
        item["title"] = paper["title"] = trick
    elif field == "authors":
        paper["authors"] = [{"name": trick}, *paper["authors"][1:]]
    elif field == "organization":
        item["organization"] = paper["organization"] = {"name": trick, "fullname": trick}
    elif field == "submitter":
        item["submittedBy"] = {"name": trick, "fullname": trick}
    elif field in {"code", "project"}:
        paper["githubRepo" if field == "code" else "projectPage"] = trick
    elif field == "published":
        paper["publishedAt"] = trick
    else:
        paper["id"] = trick
