"""Hosts that answer with anything but a page: each answer ends in time, as an error of that page alone."""

from __future__ import annotations

import dataclasses
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from extractors.errors import FetchError, PermanentFetchError, TransientFetchError
from extractors.http.body import Bounds
from extractors.http.fetcher import Fetcher
from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from extractors.source import PageRequest
from tests.support.patience import patient, until
from tests.support.places import ROOT
from tests.support.raw_host import Bytes, RawHost, page, raw_host, redirect, slowly, then_closed, without_end
from transforms.records import Cause

PAGE = b"<html><head><title>Daily Papers</title></head><body>text</body></html>"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def fetcher(*, seconds: float = 60.0) -> Fetcher:
    return Fetcher(
        "post@example.org",
        requests_per_second=1000,
        retries=1,
        backoff_seconds=0.01,
        timeouts=(patient(5), patient(5)),
        bounds=Bounds(seconds_max=seconds),
    )


def request(host: RawHost, path: str = "/page") -> PageRequest:
    return PageRequest(source="hf_daily", asked_on=date(2026, 1, 7), url=host.url + path)


def error_of(session: Fetcher, asked: PageRequest) -> FetchError | None:
    """Why there is no page; None if there is the right one."""
    try:
        assert session.fetch(asked).body == PAGE
    except FetchError as error:
        return error
    return None


def silent(_: socket.socket) -> None:
    """Say nothing for a minute."""
    time.sleep(60)


@pytest.fixture
def host() -> Iterator[RawHost]:
    with raw_host({"/page": page(PAGE), "/good": page(PAGE)}) as made:
        yield made


STRANGE: dict[str, bytes] = {
    "a broken IPv6 address": redirect(b"http://[::1"),
    "a host that changes under normalisation": redirect("http://℀.com/".encode()),
    "bytes that are no text": redirect(b"\xff"),
    "bytes as a host": redirect(b"http://\xff\xfe/"),
    "a port that is none": redirect(b"http://127.0.0.1:99999/"),
    "a port of letters": redirect(b"http://127.0.0.1:http/"),
    "a port of 5,000 digits": redirect(b"http://127.0.0.1:" + b"9" * 5000 + b"/"),
    "a label of 64 letters": redirect(b"http://" + b"a" * 64 + b".example/"),
    "an empty label": redirect(b"http://a..example/"),
    "a host of dots": redirect(b"http://.../"),
    "a punycode that is none": redirect(b"http://xn--a\x00b.example/"),
    "a NUL in the host": redirect(b"http://127.0.0.1\x00.example/"),
    "a tab in the scheme": redirect(b"ht\ttp://[/"),
    "no host": redirect(b"http:///"),
    "only a fragment without end": redirect(b"#" * 60_000),
    "a zone": redirect(b"http://[fe80::1%25eth0\xff]/"),
    "a scheme in capitals with a bad host": redirect(b"HTTP://[v1.x]/"),
    "no address": b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
    "two lengths": OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
    "a length of 5,000 digits": OK + b"Content-Length: " + b"9" * 5000 + b"\r\nConnection: close\r\n\r\n" + PAGE,
    "a negative length": OK + b"Content-Length: -5\r\nContent-Encoding: gzip\r\n\r\nhello",
    "a status of letters": b"HTTP/1.1 abc OK\r\n\r\n",
    "a status of 5,000 digits": b"HTTP/1.1 " + b"2" * 5000 + b" OK\r\n\r\n",
    "a status below 100": b"HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n",
    "a status above 999": b"HTTP/1.1 1000 OK\r\nContent-Length: 0\r\n\r\n",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "another HTTP": b"HTTP/9.9 200 OK\r\n\r\n",
    "HTTP/2 without asking": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\0" * 40 + b"\r\n\r\n",
    "a header line of 100,000 bytes": OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
    "a thousand headers": OK + b"X: x\r\n" * 1000 + b"\r\n",
    "a header without a name": b"HTTP/1.1 200 OK\r\n: x\r\n\x00\xff: \xff\r\nContent-Length: 0\r\n\r\n",
    "a chunk size of letters": CHUNKED + b"zz\r\nhello\r\n0\r\n\r\n",
    "a negative chunk size": CHUNKED + b"-5\r\nhello\r\n0\r\n\r\n",
    "a chunk size of 5,000 digits": CHUNKED + b"f" * 5000 + b"\r\nhello\r\n0\r\n\r\n",
    "a chunk size line of 100,000 bytes": CHUNKED + b"5;" + b"x" * 100_000 + b"\r\nhello\r\n0\r\n\r\n",
    "an encoding of bytes": OK + b"Content-Encoding: \xff\xfe\r\nContent-Length: 5\r\n\r\nhello",
    "an answer to a proxy": b"HTTP/1.1 407 Proxy\r\nProxy-Authenticate: \xff\r\nContent-Length: 0\r\n\r\n",
    "a switch of protocols": b"HTTP/1.1 101 Switching\r\nUpgrade: \xff\r\n\r\n",
}


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
def test_a_strange_answer_is_that_pages_error_and_the_next_page_loads(host: RawHost, answer: bytes) -> None:
    host.answers["/page"] = then_closed(answer)
    with fetcher() as session:
        with pytest.raises(FetchError) as caught:
            session.fetch(request(host))
        assert caught.value.cause is not Cause.RATE_LIMITED
        assert session.fetch(request(host, "/good")).body == PAGE


@pytest.mark.parametrize(
    "name",
    [
        "a broken IPv6 address",
        "a host that changes under normalisation",
        "bytes that are no text",
        "no HTTP",
        "a label of 64 letters",
    ],
)
def test_an_answer_that_is_no_answer_is_a_bad_one(host: RawHost, name: str) -> None:
    host.answers["/page"] = then_closed(STRANGE[name])
    with fetcher() as session, pytest.raises(FetchError) as caught:
        session.fetch(request(host))
    assert caught.value.cause is Cause.BAD_ANSWER


@pytest.mark.parametrize("answer", STRANGE.values(), ids=STRANGE)
def test_a_strange_answer_to_robots_forbids_for_now_or_says_nothing(host: RawHost, answer: bytes) -> None:
    host.answers["/robots.txt"] = then_closed(answer)
    with fetcher() as session:
        error = error_of(session, request(host))
        assert error is None or "robots.txt" in str(error)
        host.answers["/robots.txt"] = page(b"User-agent: *\nAllow: /\n")
        assert session.fetch(request(host, "/good")).body == PAGE


ROBOTS: dict[str, bytes] = {
    "many agents with many rules": b"".join(b"User-agent: a%d\n" % each for each in range(9000))
    + b"Allow: /x\n" * 9000,
    "wildcards": b"User-agent: *\nDisallow: /" + b"*a" * 20_000 + b"$\n" + b"Disallow: /*" + b"*" * 200_000 + b"x\n",
    "delays": b"User-agent: *\nCrawl-delay: 1e999\nCrawl-delay: nan\nCrawl-delay: -9\nRequest-rate: 1/0\n",
    "an address as a rule": b"User-agent: *\nDisallow: http://[::1\nSitemap: http://[::1\nHost: \xff\n",
    "bytes": bytes(range(256)) * 2000,
    "percent signs": b"User-agent: *\nDisallow: /" + b"%" * 500_000,
    "one line": b"User-agent: *" + b"\r" * 500_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("rules", ROBOTS.values(), ids=ROBOTS)
def test_rules_made_to_hurt_end_in_time(host: RawHost, rules: bytes) -> None:
    host.answers["/robots.txt"] = page(rules)
    used = time.thread_time()
    with fetcher() as session:
        error = error_of(session, request(host))
    assert error is None or "robots.txt" in str(error)
    assert time.thread_time() - used < 5


ENDLESS: dict[str, Bytes] = {
    "headers at one byte a moment": slowly(OK + b"X: " + b"x" * 30_000),
    "a status line at one byte a moment": slowly(b"HTTP/1.1 200 " + b"x" * 30_000),
    "100 Continue without end": without_end(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "100 Continue with headers without end": without_end(b"", b"HTTP/1.1 100 Continue\r\nX: x\r\n\r\n", pause=0.01),
    "trailers without end": without_end(CHUNKED + b"5\r\nhello\r\n0\r\n", b"X: x\r\n"),
    "chunks without end": without_end(CHUNKED, b"1\r\nx\r\n", pause=0.01),
    "chunk extensions without end": without_end(CHUNKED, b"1;" + b"x" * 60_000 + b"\r\nx\r\n", pause=0.01),
    "a body at one byte a moment": slowly(OK + b"Content-Length: 1000000\r\n\r\n" + PAGE),
    "a body without a length": slowly(OK + b"\r\n" + PAGE),
    "an empty gzip without end": without_end(
        OK + b"Content-Encoding: gzip\r\n\r\n", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", pause=0.01
    ),
    "header lines without end": without_end(OK, b"X: " + b"x" * 60_000 + b"\r\n", pause=0.2),
    "silence": silent,
}


def threads_of_requests() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name.startswith("request ")]


@pytest.mark.parametrize("place", ["/page", "/robots.txt"])
@pytest.mark.parametrize("answer", ENDLESS.values(), ids=ENDLESS)
def test_an_answer_without_end_ends_and_leaves_no_thread(host: RawHost, answer: Bytes, place: str) -> None:
    good = host.answers.pop(place, None)
    host.answers[place] = answer
    with fetcher(seconds=1.0) as session:
        with pytest.raises(FetchError) as caught:
            session.fetch(request(host))
        until(lambda: not threads_of_requests(), seconds=10)
        assert caught.value.cause in {Cause.HOST_DOWN, Cause.BAD_ANSWER}
        host.answers.pop(place)
        if good is not None:
            host.answers[place] = good
    with fetcher() as session:
        assert session.fetch(request(host)).body == PAGE


@pytest.mark.parametrize("name", ["headers at one byte a moment", "100 Continue without end", "trailers without end"])
def test_what_takes_too_long_is_not_asked_again_at_once(host: RawHost, name: str) -> None:
    host.answers["/page"] = ENDLESS[name]
    with fetcher(seconds=1.0) as session, pytest.raises(TransientFetchError, match="took too long"):
        session.fetch(request(host))
    assert host.paths().count("/page") == 1


def test_a_handshake_that_never_ends_is_ended() -> None:
    """The server takes the connection and says one byte of TLS at a time."""
    record = b"\x16\x03\x03\x40\x00" + b"\x02" * 16_384
    with socket.create_server(("127.0.0.1", 0)) as server:
        accepted: list[socket.socket] = []

        def answer() -> None:
            connection, _ = server.accept()
            accepted.append(connection)
            try:
                slowly(record)(connection)
            except OSError:
                connection.close()

        threading.Thread(target=answer, daemon=True).start()
        asked = PageRequest(source="hf_daily", asked_on=None, url=f"https://127.0.0.1:{server.getsockname()[1]}/page")
        with fetcher(seconds=1.0) as session, pytest.raises(TransientFetchError, match="took too long"):
            session.fetch(asked)
        until(lambda: not threads_of_requests(), seconds=10)


def test_a_resolver_that_hangs_holds_up_nobody(host: RawHost) -> None:
    hangs = threading.Event()

    def resolve(_: str) -> list[str]:
        hangs.wait(30)
        return ["127.0.0.1"]

    host.answers["/page"] = redirect(b"http://elsewhere.example/")
    session = Fetcher("x", requests_per_second=1000, bounds=Bounds(seconds_max=1.0), resolve=resolve)
    with session, pytest.raises(TransientFetchError, match="took too long"):
        session.fetch(request(host))
    hangs.set()


def test_a_request_that_hangs_does_not_keep_the_process_from_ending() -> None:
    program = """
import threading
from extractors.http.connection import Call, within
from extractors.errors import TransientFetchError
try:
    within(0.2, Call("http://host/"), threading.Event().wait)
except TransientFetchError:
    print("ended")
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=patient(20), check=True
    )
    assert done.stdout == "ended\n"


UNSENDABLE = {
    "a vertical tab first": b'\x0b"a"',
    "a control character inside": b'"a\x01b"',
    "a next-line character": b'\x85"a"',
    "a no-break space": b'\xa0"a"',
    "60,000 letters": b'"' + b"a" * 60_000 + b'"',
}


@pytest.mark.parametrize("etag", UNSENDABLE.values(), ids=UNSENDABLE)
@pytest.mark.parametrize("header", [b"ETag", b"Last-Modified"])
def test_a_validator_that_cannot_be_sent_back_is_left_out(
    host: RawHost, tmp_path: Path, header: bytes, etag: bytes
) -> None:
    host.answers["/page"] = page(PAGE, header + b": " + etag)
    landing = Landing(Folder(tmp_path))
    with fetcher() as session:
        known = landing.keep(session.fetch(request(host)))
        assert session.fetch(request(host), landing.load(known)).body == PAGE
    assert "if-" not in host.heads[-1].lower()


def test_odd_validators_that_can_be_sent_are_sent(host: RawHost, tmp_path: Path) -> None:
    host.answers["/page"] = page(PAGE, b'ETag: W/"a b\xe9"', b"Last-Modified: yesterday")
    landing = Landing(Folder(tmp_path))
    with fetcher() as session:
        known = landing.keep(session.fetch(request(host)))
        session.fetch(request(host), landing.load(known))
    assert 'If-None-Match: W/"a b\xe9"' in host.heads[-1]
    assert "If-Modified-Since: yesterday" in host.heads[-1]


@pytest.mark.parametrize("status", [400, 412, 416, 431])
def test_a_host_that_refuses_its_own_validator_is_asked_without(host: RawHost, tmp_path: Path, status: int) -> None:
    host.answers["/page"] = page(PAGE, b'ETag: "1"')
    landing = Landing(Folder(tmp_path))
    with fetcher() as session:
        known = landing.keep(session.fetch(request(host)))

        def answer(connection: socket.socket) -> None:
            refused = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status
            connection.sendall(refused if "If-None-Match" in host.heads[-1] else page(PAGE))

        host.answers["/page"] = answer
        assert session.fetch(request(host), landing.load(known)).body == PAGE


def test_a_page_whose_index_leads_to_no_address_is_an_error(host: RawHost) -> None:
    asked = dataclasses.replace(request(host), follow=lambda _: "http://[::1")
    with fetcher() as session, pytest.raises(PermanentFetchError):
        session.fetch(asked)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("/b\xfccher".encode(), "/b%C3%BCcher"),
        (b"/a b?c=\x1b31m#d", "/a%20b?c=%1B31m"),
        (b"other", "/other"),
        (b"//127.0.0.1:PORT/other", "/other"),
        (b"/%zz", "/%25zz"),
    ],
)
def test_a_redirect_is_followed_to_an_address_that_can_be_asked_and_printed(
    host: RawHost, location: bytes, path: str
) -> None:
    host.answers.update({"/page": redirect(location.replace(b"PORT", str(host.port).encode())), path: page(PAGE)})
    with fetcher() as session:
        assert session.fetch(request(host)).final_url == host.url + path


@pytest.mark.parametrize("location", [b"/" + b"x" * 60_000, b"http://a\x1b[31m.example/", b"http://a\xc2\x9b.example/"])
def test_an_address_that_cannot_be_printed_is_not_followed_nor_printed(host: RawHost, location: bytes) -> None:
    host.answers["/page"] = redirect(location)
    with fetcher() as session, pytest.raises(PermanentFetchError) as caught:
        session.fetch(request(host))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_a_media_type_is_kept_without_what_cannot_be_printed(host: RawHost) -> None:
    body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; x=\x1b[31m\x07" + b"x" * 9999
    host.answers["/page"] = body + b"\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE
    with fetcher() as session:
        kept = session.fetch(request(host)).media_type
    assert kept.isprintable()
    assert len(kept) <= 200


def test_a_login_before_the_rules_is_no_rule(host: RawHost) -> None:
    host.answers["/robots.txt"] = redirect(b"/login")
    with fetcher() as session:
        assert session.fetch(request(host)).body == PAGE
    assert "/login" not in host.paths()
