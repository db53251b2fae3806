"""Who is answered, what happens while a snapshot is replaced or broken, and how the server starts and ends."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import requests

from tests.support.commands import Done, paperlog_in
from tests.support.environment import scrubbed
from tests.support.patience import patient, until
from tests.support.small import MONDAY, SALT, TIDES, at, built, daily
from tests.support.web import Served, served
from warehouse import search_index_in

TOKEN = "a-token-of-some-length"  # noqa: S105 - of this test alone
PAGES = ("", f"days/{MONDAY}", "authors.json", "health", "search?q=tides")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    built(folder)
    return folder


@pytest.fixture(scope="module")
def web(home: Path) -> Iterator[Served]:
    with served(home) as server:
        yield server


@pytest.fixture(scope="module")
def locked(home: Path) -> Iterator[Served]:
    with served(home, "--host", "0.0.0.0", PAPERLOG_SERVE_TOKEN=TOKEN) as server:  # noqa: S104 - what is tried here
        yield server


def refused(home: Path, *arguments: object) -> Done:
    return paperlog_in(scrubbed(PAPERLOG_HOME=str(home)), "serve", "--port", "0", *arguments)


@pytest.mark.parametrize(
    "name", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "localhost@evil.example"]
)
def test_a_foreign_name_is_not_answered(web: Served, name: str) -> None:
    answer = web.get("days", {"Host": name})
    assert answer.status_code in {400, 421}
    assert "Tide" not in answer.text


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST.", "127.0.0.1:80", "[::1]"])
def test_the_names_of_this_machine_are_answered(web: Served, name: str) -> None:
    assert web.get("days", {"Host": name}).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://[x"])
def test_another_page_is_not_answered(web: Served, origin: str) -> None:
    assert web.get("days.json", {"Origin": origin}).status_code == 403


def test_the_pages_themselves_may_ask(web: Served) -> None:
    assert web.get("days.json", {"Origin": web.base.rstrip("/")}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_but_reading_is_answered(web: Served, method: str) -> None:
    answer = web.get("days", method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_beyond_this_machine_a_token_is_needed(home: Path) -> None:
    done = refused(home, "--host", "0.0.0.0")  # noqa: S104 - what is tried here
    assert done.code == 1
    assert "a token is needed: set PAPERLOG_SERVE_TOKEN, or give --token" in done.err
    assert "too short" in refused(home, "--token", "abc").err


def test_only_who_brings_the_token_is_answered(locked: Served) -> None:
    port = locked.base.rstrip("/").rpartition(":")[2]
    base = f"http://127.0.0.1:{port}/"
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Cookie": "paperlog=wrong"}):
        answer = requests.get(f"{base}days", headers=headers, timeout=patient(30))
        assert answer.status_code == 401
        assert "Tide" not in answer.text
    assert requests.get(f"{base}assets/pages.css", timeout=patient(30)).status_code == 401
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert requests.get(f"{base}days", headers=bearer, timeout=patient(30)).status_code == 200
    with requests.Session() as session:
        entered = session.get(f"{base}days?token={TOKEN}&page=1", timeout=patient(30))
        assert (entered.status_code, entered.url) == (200, f"{base}days?page=1")
        assert TOKEN not in str(session.cookies.get_dict())
        assert session.get(f"{base}authors", timeout=patient(30)).status_code == 200
    away = requests.get(f"{base}/evil.example?token={TOKEN}", timeout=patient(30), allow_redirects=False)
    assert away.headers["Location"] == "/evil.example"


def test_a_name_that_could_lead_elsewhere_is_not_answered_even_with_the_token(locked: Served) -> None:
    port = locked.base.rstrip("/").rpartition(":")[2]
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "evil.example"}
    assert requests.get(f"http://127.0.0.1:{port}/days", headers=headers, timeout=patient(30)).status_code == 421


def test_a_port_that_is_taken_is_said(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = refused(home, "--port", taken.getsockname()[1])
    assert done.code == 1
    assert "choose another with --port" in done.err
    assert "Traceback" not in done.err


def test_a_snapshot_that_is_replaced_is_shown_without_an_error(tmp_path: Path) -> None:
    warehouse, _ = built(tmp_path)
    ended = Event()

    def reader(server: Served) -> list[int]:
        statuses: list[int] = []
        while not ended.is_set() or len(statuses) < len(PAGES):
            statuses += [server.get(page).status_code for page in PAGES]
        return statuses

    with served(tmp_path) as server, ThreadPoolExecutor(6) as readers:
        before = server.get("")
        asked = [readers.submit(reader, server) for _ in range(6)]
        for number in range(5):
            with warehouse.writer("test") as writer:
                writer.load([daily(5 + number, at(5 + number), (SALT, 30 + number), (TIDES, 90))])
                writer.publish(full=False)
        ended.set()
        assert {status for each in asked for status in each.result(timeout=patient(60))} == {200}
        after = server.get("", {"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 200
        assert "Wednesday 11 March 2026" in after.text
        assert open_files(server) == 1


def open_files(server: Served) -> int:
    """How many snapshots the server has open: old ones are closed."""
    folder = Path(f"/proc/{server.process.pid}/fd")
    targets = [str(each.readlink()) for each in folder.iterdir() if each.is_symlink()]
    return sum("paperlog.duckdb" in each for each in targets)


def test_without_a_snapshot_it_says_what_to_do_and_goes_on_once_there_is_one(tmp_path: Path) -> None:
    home, made = tmp_path / "home", tmp_path / "made"
    built(made)
    home.mkdir()
    with served(home) as server:
        answer = server.get("days")
        assert answer.status_code == 503
        assert "paperlog.duckdb does not exist yet: ingest or adopt something" in answer.text
        shutil.copyfile(made / "paperlog.duckdb", home / "new")
        (home / "new").replace(home / "paperlog.duckdb")
        assert server.get("days").status_code == 200


def test_a_broken_snapshot_is_said_and_left_behind_once_it_is_replaced(tmp_path: Path) -> None:
    built(tmp_path)
    snapshot = tmp_path / "paperlog.duckdb"
    whole = snapshot.read_bytes()
    with served(tmp_path) as server:
        assert server.get("days").status_code == 200
        _replace(snapshot, b"no database" * 1000)
        answer = server.get("days.json")
        assert answer.status_code == 503
        assert "paperlog publish" in answer.json()["error"]
        _replace(snapshot, whole)
        assert server.get("days").status_code == 200


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name("replacing")
    new.write_bytes(data)
    new.replace(path)


def test_a_snapshot_without_its_search_index_says_so_and_shows_its_other_pages(tmp_path: Path) -> None:
    built(tmp_path)
    (index,) = search_index_in(tmp_path)
    away = index.rename(tmp_path / "away")
    with served(tmp_path) as server:
        until(lambda: server.get(f"days/{MONDAY}"), 10)
        answer = server.get("search.json?q=tides")
        away.rename(index)
        again = server.get("search.json?q=tides")
    assert (answer.status_code, again.status_code) == (503, 200)
    assert "has no search index" in answer.text
    assert "paperlog publish" in answer.text
    assert again.json()["papers"]
