"""What a host asked for is kept for other commands too, in a folder that is nobody else's, and never for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from extractors.errors import HostClosed, TransientFetchError
from extractors.http.fetcher import Fetcher
from extractors.http.moments import InFiles
from extractors.http.pace import Pace
from extractors.source import PageRequest
from tests.support.patience import patient
from tests.support.places import ROOT
from tests.support.raw_host import RawHost, page, raw_host
from transforms.hosts import PaceError
from transforms.records import Cause

PAGE = b"<html><head><title>Daily Papers</title></head><body>text</body></html>"
NOON = datetime(2026, 1, 8, 12, tzinfo=UTC)
DAY = 86400
IMPORTS = """
import sys, pathlib, time
from extractors.http.moments import InFiles
from extractors.http.pace import Pace
"""


class Clock:
    """A time of day that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        """The time of day."""
        return self.now


def told(status: int, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 %d No" % status, *headers, b"Content-Length: 0", b"", b""])


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def host() -> Iterator[RawHost]:
    with raw_host({"/page": page(PAGE)}) as made:
        yield made


def fetcher(folder: Path | None, clock: Clock) -> Fetcher:
    return Fetcher(
        "x",
        requests_per_second=1000,
        moments=InFiles(folder, now=clock) if folder else None,
        retries=2,
        backoff_seconds=0.01,
        timeouts=(patient(5), patient(5)),
        now=clock,
    )


def request(host: RawHost) -> PageRequest:
    return PageRequest(source="hf_daily", asked_on=date(2026, 1, 7), url=f"{host.url}/page")


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("headers", [(b"Retry-After: 86400",), (b"Retry-After: Fri, 09 Jan 2026 12:00:00 GMT",)])
@pytest.mark.parametrize("path", ["/page", "/robots.txt"])
def test_a_host_that_asks_for_a_day_is_left_alone_by_later_commands_too(
    host: RawHost, tmp_path: Path, clock: Clock, status: int, headers: tuple[bytes], path: str
) -> None:
    host.answers[path] = told(status, *headers)
    with fetcher(tmp_path, clock) as session, pytest.raises(HostClosed, match="no request until 2026-01-09 12:00"):
        session.fetch(request(host))
    asked = len(host.heads)
    assert host.paths().count(path) == 1
    host.answers.update({"/page": page(PAGE), "/robots.txt": page(b"")})
    clock.now += timedelta(hours=23)
    with fetcher(tmp_path, clock) as session, pytest.raises(HostClosed) as caught:
        session.fetch(request(host))
    assert caught.value.cause is Cause.RATE_LIMITED
    assert len(host.heads) == asked
    clock.now += timedelta(hours=1, seconds=1)
    with fetcher(tmp_path, clock) as session:
        assert session.fetch(request(host)).body == PAGE


def test_the_message_says_how_a_person_asks_sooner(host: RawHost, tmp_path: Path, clock: Clock) -> None:
    host.answers["/page"] = told(429, b"Retry-After: 86400")
    with fetcher(tmp_path, clock) as session, pytest.raises(HostClosed) as caught:
        session.fetch(request(host))
    file = Path(str(caught.value).rpartition("remove ")[2])
    assert file.parent == tmp_path
    file.unlink()
    host.answers["/page"] = page(PAGE)
    with fetcher(tmp_path, clock) as session:
        assert session.fetch(request(host)).body == PAGE


def test_without_a_folder_the_session_itself_remembers(host: RawHost, clock: Clock) -> None:
    host.answers["/page"] = told(429, b"Retry-After: 86400")
    with fetcher(None, clock) as session:
        for _ in range(2):
            with pytest.raises(HostClosed):
                session.fetch(request(host))
    assert host.paths().count("/page") == 1


@pytest.mark.parametrize("seconds", [b"9" * 5000, b"99999999999", b"604801"])
def test_no_host_is_left_alone_for_more_than_a_week(
    host: RawHost, tmp_path: Path, clock: Clock, seconds: bytes
) -> None:
    host.answers["/page"] = told(429, b"Retry-After: " + seconds)
    with fetcher(tmp_path, clock) as session, pytest.raises(HostClosed, match="until 2026-01-15 12:00"):
        session.fetch(request(host))
    host.answers["/page"] = page(PAGE)
    clock.now += timedelta(days=7, seconds=1)
    with fetcher(tmp_path, clock) as session:
        assert session.fetch(request(host)).body == PAGE


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\xff" * 500,
        b"nan inf",
        b"9" * 300,
        b"99999999999999999999 999999999999999999999 host",
        b"-1 -1 host",
        b"1767873600",
        b"1767873600 9999999999999 host",
        b"4102444800 4102448400 host",  # said in 2100
        b"0 99999999999 host",  # said in 1970, for ever
    ],
)
def test_a_damaged_file_locks_nobody_out(host: RawHost, tmp_path: Path, clock: Clock, content: bytes) -> None:
    host.answers["/page"] = told(429, b"Retry-After: 86400")
    with fetcher(tmp_path, clock) as session, pytest.raises(HostClosed):
        session.fetch(request(host))
    (file,) = tmp_path.glob("*.closed")
    file.write_bytes(content)
    host.answers["/page"] = page(PAGE)
    clock.now += timedelta(days=8)
    with fetcher(tmp_path, clock) as session:
        assert session.fetch(request(host)).body == PAGE


def test_a_clock_that_was_set_back_locks_nobody_out(host: RawHost, tmp_path: Path, clock: Clock) -> None:
    host.answers["/page"] = told(429, b"Retry-After: 86400")
    with fetcher(tmp_path, clock) as session, pytest.raises(HostClosed):
        session.fetch(request(host))
    host.answers["/page"] = page(PAGE)
    clock.now -= timedelta(days=400)
    with fetcher(tmp_path, clock) as session:
        assert session.fetch(request(host)).body == PAGE


def test_other_hosts_are_asked_meanwhile(host: RawHost, tmp_path: Path, clock: Clock) -> None:
    host.answers["/page"] = told(429, b"Retry-After: 86400")
    with raw_host({"/page": page(PAGE)}) as other, fetcher(tmp_path, clock) as session:
        with pytest.raises(HostClosed):
            session.fetch(request(host))
        assert session.fetch(request(other)).body == PAGE


def test_a_used_up_limit_of_a_day_counts_from_the_next_request_on(host: RawHost, tmp_path: Path, clock: Clock) -> None:
    host.answers["/page"] = page(PAGE, b'RateLimit: "api";r=0;t=86399')
    with fetcher(tmp_path, clock) as session:
        assert session.fetch(request(host)).body == PAGE
        with pytest.raises(HostClosed, match="until 2026-01-09 12:00"):
            session.fetch(request(host))


def test_a_short_wait_is_waited_for_in_full_and_shared(tmp_path: Path) -> None:
    slept: list[float] = []
    one = Pace(1.0, InFiles(tmp_path, clock=lambda: 1000.0), sleep=slept.append)
    other = Pace(1.0, InFiles(tmp_path, clock=lambda: 1000.0), sleep=slept.append)
    one.postpone("host", 300)
    other.wait("host", "http://host/")
    assert slept == [300.0]


def test_who_waits_with_a_long_distance_is_in_nobodys_way(tmp_path: Path) -> None:
    slow = IMPORTS
    slow += "pace = Pace(600.0, InFiles(pathlib.Path(sys.argv[1])))\npace.wait('host', 'u')\nprint(flush=True)\n"
    slow += "pace.wait('host', 'u')"
    command = [sys.executable, "-c", slow, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
        assert waiting.stdout is not None
        waiting.stdout.readline()
        slept: list[float] = []
        pace = Pace(1.0, InFiles(tmp_path), sleep=slept.append)
        for _ in range(2):  # while it waits, and after it was killed
            pace.wait("host", "http://host/")
            assert max(slept) <= 2.0
            waiting.kill()
            waiting.wait()
    Pace(600.0, InFiles(tmp_path), sleep=slept.append).wait("host", "http://host/")
    assert slept[-1] > 500  # it is the slow one that waits for the others


def test_a_pause_that_a_host_asked_for_holds_for_a_fast_one_too(tmp_path: Path) -> None:
    slept: list[float] = []
    Pace(600.0, InFiles(tmp_path, clock=lambda: 1000.0)).postpone("host", 40)
    Pace(0.01, InFiles(tmp_path, clock=lambda: 1000.0), sleep=slept.append).wait("host", "http://host/")
    assert slept == [40.0]


def test_many_that_wait_ask_one_after_the_other(tmp_path: Path) -> None:
    ask = IMPORTS
    ask += "pace = Pace(0.2, InFiles(pathlib.Path(sys.argv[1])))\n"
    ask += "for _ in range(4): pace.wait('host', 'u'); print(time.monotonic())"
    command = [sys.executable, "-c", ask, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    asked = sorted(float(line) for each in running for line in each.communicate()[0].split())
    assert len(asked) == 12
    # Each prints a little after its moment, so that two lines may stand closer than two requests.
    assert asked[-1] - asked[0] > 0.2 * 11 - 0.2


@pytest.mark.parametrize("content", ["nan nan", "inf inf", "1e300 1e300", "-1 nan", "5", "x y", "5 host", ""])
def test_a_damaged_moment_makes_nobody_wait_for_longer_than_a_quarter_of_an_hour(tmp_path: Path, content: str) -> None:
    Pace(1.0, InFiles(tmp_path)).wait("host", "http://host/")
    (file,) = tmp_path.iterdir()
    boot = file.read_text(encoding="ascii").split()[0]
    file.write_text(f"{boot} {content} host\n", encoding="ascii")
    slept: list[float] = []
    Pace(1.0, InFiles(tmp_path, clock=lambda: 1000.0), sleep=slept.append).wait("host", "http://host/")
    assert sum(slept) <= 901


def test_a_short_retry_after_is_obeyed_and_the_page_comes(host: RawHost, tmp_path: Path, clock: Clock) -> None:
    host.answers["/page"] = told(503, b"Retry-After: 1")
    with fetcher(tmp_path, clock) as session, pytest.raises(TransientFetchError, match="answered 503"):
        session.fetch(request(host))
    assert host.paths().count("/page") == 3


def test_a_host_that_closes_itself_while_others_wait_stops_them(tmp_path: Path) -> None:
    clock = Clock()
    pace = Pace(1.0, InFiles(tmp_path, clock=lambda: 0.0, now=clock), sleep=lambda _: pace.close("host", DAY))
    pace.wait("host", "http://host/1")
    with pytest.raises(HostClosed):
        pace.wait("host", "http://host/2")


def pace_in(folder: Path) -> None:
    Pace(1.0, InFiles(folder)).wait("host", "http://host/")


def test_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    for mode in (0o777, 0o1777, 0o770, 0o702):
        folder = tmp_path / f"{mode:o}"
        folder.mkdir()
        folder.chmod(mode)
        with pytest.raises(PaceError, match=rf"{folder} can be written by other users: .* PAPERLOG_PACE"):
            pace_in(folder)
    assert not list(tmp_path.rglob("*/*"))


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives a file away")
def test_a_folder_or_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    with pytest.raises(PaceError, match="belongs to another user: name another folder in PAPERLOG_PACE"):
        pace_in(tmp_path)
    os.chown(tmp_path, 0, 0)
    pace_in(tmp_path)
    (file,) = tmp_path.iterdir()
    os.chown(file, 12345, 12345)
    with pytest.raises(PaceError, match=f"{file} belongs to another user"):
        pace_in(tmp_path)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PaceError, match="is a link"):
        pace_in(tmp_path / "link")
    (tmp_path / "file").write_text("x", encoding="ascii")
    with pytest.raises(PaceError, match=r"file"):
        pace_in(tmp_path / "file")


@pytest.mark.parametrize("kind", ["symlink", "dangling", "hard link", "pipe", "folder"])
@pytest.mark.parametrize("suffix", ["", ".closed"])
def test_what_was_put_in_place_of_a_file_is_refused_and_its_target_left_alone(
    tmp_path: Path, kind: str, suffix: str
) -> None:
    folder = tmp_path / "pace"
    pace_in(folder)
    file = next(folder.iterdir()).with_suffix(suffix)
    file.unlink(missing_ok=True)
    target = tmp_path / "target"
    target.write_text("precious", encoding="ascii")
    if kind == "symlink":
        file.symlink_to(target)
    elif kind == "dangling":
        file.symlink_to(tmp_path / "nowhere")
    elif kind == "hard link":
        file.hardlink_to(target)
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    with pytest.raises(PaceError, match=str(file)):
        pace_in(folder)
    assert target.read_text(encoding="ascii") == "precious"
    assert not (tmp_path / "nowhere").exists()
