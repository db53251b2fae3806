"""The polite session against a real server on 127.0.0.1: each answer of the server becomes a page or a named error."""

from __future__ import annotations

import dataclasses
import gzip
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extractors.errors import PermanentFetchError, TransientFetchError
from extractors.http.body import Bounds
from extractors.http.connection import Call, within
from extractors.http.fetcher import Fetcher
from extractors.http.moments import InFiles, InMemory
from extractors.http.origin import addresses_of, is_private, origin_of
from extractors.http.pace import Pace
from extractors.http.waits import Patience, seconds_to_wait
from extractors.landing.landing import Landing
from extractors.landing.storage import Folder
from extractors.source import PageRequest
from transforms.records import Cause

PAGE = b"<html><head><title>Daily Papers</title></head><body>text</body></html>"
DAY = date(2026, 1, 7)
NOON = datetime(2026, 1, 8, 12, tzinfo=UTC)
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers by the server's table of paths; a list of answers is used up in turn, its last one stays."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        """Remember the question and give the next answer."""
        self.server.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        answers = self.server.answers.get(self.path, [reply(404)])
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


class Site(ThreadingHTTPServer):
    """A server that remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what some tests want."""


def reply(status: int, body: bytes = b"", *, announced: int | None = None, **headers: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(status)
        named = {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in named.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body) if announced is None else announced))
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = announced is not None

    return answer


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


def fetcher(
    *,
    token: str | None = None,
    bounds: Bounds | None = None,
    resolve: Callable[[str], Sequence[str]] | None = None,
    timeouts: tuple[float, float] = (5.0, 5.0),
) -> Fetcher:
    return Fetcher(
        "post@example.org",
        token=token,
        requests_per_second=1000,
        retries=2,
        backoff_seconds=0.01,
        timeouts=timeouts,
        bounds=bounds,
        now=lambda: NOON,
        resolve=resolve or addresses_of,
    )


def request(site: Site, path: str = "/page") -> PageRequest:
    return PageRequest(source="hf_daily", asked_on=DAY, url=site.url + path)


def test_a_page_is_fetched_with_everything_that_was_said_about_it(site: Site) -> None:
    modified = "Wed, 07 Jan 2026 12:00:00 GMT"
    site.answers["/page"] = [reply(200, PAGE, ETag='"1"', Last_Modified=modified)]
    with fetcher() as session:
        page = session.fetch(request(site))
    assert (page.body, page.etag, page.last_modified) == (PAGE, '"1"', modified)
    assert (page.source, page.asked_on, page.fetched_at) == ("hf_daily", DAY, NOON)
    assert (page.url, page.final_url, page.media_type) == (f"{site.url}/page", f"{site.url}/page", "text/html")


def test_the_session_says_who_asks_and_keeps_no_cookie(site: Site) -> None:
    site.answers["/page"] = [reply(200, PAGE, Set_Cookie="a=b; Path=/")]
    with fetcher() as session:
        session.fetch(request(site))
        session.fetch(request(site))
    _, headers = site.asked[-1]
    assert headers["user-agent"].startswith("paperlog/")
    assert headers["user-agent"].endswith("(+post@example.org)")
    assert "cookie" not in headers
    assert "authorization" not in headers


def test_a_redirect_is_followed_and_the_final_address_kept(site: Site) -> None:
    site.answers |= {"/page": [reply(302, Location="/other")], "/other": [reply(200, PAGE)]}
    with fetcher() as session:
        page = session.fetch(request(site))
    assert (page.url, page.final_url) == (f"{site.url}/page", f"{site.url}/other")


def led(site: Site, target: str | None) -> PageRequest:
    return dataclasses.replace(request(site, "/index"), follow=lambda page: target if b"index" in page.body else None)


def test_a_page_that_only_says_where_the_list_is_leads_there(site: Site) -> None:
    site.answers |= {"/index": [reply(200, b"an index")], "/lists/1": [reply(200, PAGE, ETag="x")]}
    with fetcher() as session:
        page = session.fetch(led(site, f"{site.url}/lists/1"))
    assert (page.url, page.final_url, page.body, page.etag) == (*[f"{site.url}/lists/1"] * 2, PAGE, "x")
    assert site.paths() == ["/robots.txt", "/index", "/lists/1"]


def test_any_other_page_at_that_address_is_the_page(site: Site) -> None:
    site.answers |= {"/index": [reply(200, PAGE)]}
    with fetcher() as session:
        assert session.fetch(led(site, f"{site.url}/lists/1")).url == f"{site.url}/index"


def test_a_page_leads_only_once_and_to_its_own_site(site: Site) -> None:
    site.answers |= {"/index": [reply(200, b"an index")]}
    with fetcher() as session:
        assert session.fetch(led(site, f"{site.url}/index")).body == b"an index"
        assert site.paths().count("/index") == 2
        with pytest.raises(PermanentFetchError, match="leads to another site"):
            session.fetch(led(site, "http://127.0.0.2/lists/1"))


def test_a_list_that_is_not_where_its_index_says_is_an_error_with_its_address(site: Site) -> None:
    site.answers |= {"/index": [reply(200, b"an index")]}
    with fetcher() as session, pytest.raises(PermanentFetchError, match="/lists/1: answered 404"):
        session.fetch(led(site, f"{site.url}/lists/1"))


def test_redirects_end(site: Site) -> None:
    site.answers["/page"] = [reply(302, Location="/page")]
    with fetcher() as session, pytest.raises(PermanentFetchError, match="more than 5 redirects"):
        session.fetch(request(site))
    assert site.paths().count("/page") == 6


@pytest.mark.parametrize("location", ["ftp://example.org/", "file:///etc/hosts", "http://user:secret@example.org/"])
def test_a_redirect_to_no_web_address_is_refused(site: Site, location: str) -> None:
    site.answers["/page"] = [reply(302, Location=location)]
    with fetcher() as session, pytest.raises(PermanentFetchError) as caught:
        session.fetch(request(site))
    assert "secret" not in str(caught.value)


def test_a_redirect_from_the_internet_into_a_private_network_is_refused(site: Site) -> None:
    public = {"localhost": ["93.184.216.34"]}
    site.answers["/page"] = [reply(302, Location=f"{site.url}/secret")]
    asked = PageRequest(source="hf_daily", asked_on=DAY, url=f"http://localhost:{site.server_port}/page")
    session = fetcher(resolve=lambda host: public.get(host, [host]))
    with session, pytest.raises(PermanentFetchError, match="redirects into a private network"):
        session.fetch(asked)
    assert "/secret" not in site.paths()


def test_a_local_site_may_redirect_within_the_local_network(site: Site) -> None:
    site.answers |= {
        "/page": [reply(302, Location=f"http://localhost:{site.server_port}/other")],
        "/other": [reply(200, PAGE)],
    }
    with fetcher(resolve=lambda _: ["127.0.0.1"]) as session:
        assert session.fetch(request(site)).body == PAGE


def test_the_token_goes_to_the_first_origin_only(site: Site) -> None:
    other = Site()
    thread = threading.Thread(target=other.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    site.answers["/page"] = [reply(302, Location=f"{other.url}/page")]
    other.answers["/page"] = [reply(200, PAGE)]
    try:
        with fetcher(token="secret-token") as session:  # noqa: S106 - an invented one
            session.fetch(request(site))
    finally:
        other.shutdown()
        thread.join(10)
        other.server_close()
    assert [headers.get("authorization") for path, headers in site.asked if path == "/page"] == ["Bearer secret-token"]
    assert not any("authorization" in headers for _, headers in other.asked)


def test_the_token_is_never_sent_in_clear_text_over_the_internet(site: Site) -> None:
    site.answers["/page"] = [reply(200, PAGE)]
    with fetcher(token="secret-token", resolve=lambda _: ["93.184.216.34"]) as session:  # noqa: S106
        session.fetch(request(site))
        assert "secret-token" not in repr(vars(session._exchange._session))  # noqa: SLF001 - nor is it kept in the session
    assert not any("authorization" in headers for _, headers in site.asked)


def test_an_unchanged_page_is_confirmed_and_not_sent_again(site: Site, tmp_path: Path) -> None:
    landing = Landing(Folder(tmp_path))
    site.answers["/page"] = [reply(200, PAGE, ETag='"1"', Last_Modified="x"), reply(304, ETag='"1"')]
    with fetcher() as session:
        known = landing.keep(session.fetch(request(site)))
        again = session.fetch(request(site), landing.load(known))
    assert again == dataclasses.replace(landing.load(known), fetched_at=NOON)
    _, headers = site.asked[-1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "x")


def test_a_304_that_nobody_asked_for_is_an_error(site: Site) -> None:
    site.answers["/page"] = [reply(304)]
    with fetcher() as session, pytest.raises(PermanentFetchError, match="answered 304"):
        session.fetch(request(site))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_transient_answer_is_asked_again(site: Site, status: int) -> None:
    site.answers["/page"] = [reply(status), reply(200, PAGE)]
    with fetcher() as session:
        assert session.fetch(request(site)).body == PAGE


def test_transient_answers_without_end_are_a_transient_error(site: Site) -> None:
    site.answers["/page"] = [reply(503)]
    with fetcher() as session, pytest.raises(TransientFetchError, match="answered 503"):
        session.fetch(request(site))
    assert site.paths().count("/page") == 3


def test_an_endless_error_body_is_not_read(site: Site) -> None:
    site.answers["/page"] = [reply(500, b"x", announced=10**12), reply(200, PAGE)]
    with fetcher() as session:
        assert session.fetch(request(site)).body == PAGE


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 7 "}, 7.0),
        ({"Retry-After": "0"}, None),
        ({"Retry-After": "-7"}, None),
        ({"Retry-After": "7.5"}, None),
        ({"Retry-After": "86400"}, 86400.0),
        ({"Retry-After": "9" * 5000}, float("inf")),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "99999999999999999999999 Jan"}, None),
        ({"Retry-After": "Thu, 08 Jan 2026 12:00:30 GMT"}, 30.0),
        ({"Retry-After": "Thu, 08 Jan 2026 13:00:30 +0100"}, 30.0),
        ({"Retry-After": "Thu, 01 Jan 1970 00:00:00 GMT"}, None),
        ({"Retry-After": "Thu, 08 Jan 2020 09:01:00 GMT", "Date": "Thu, 08 Jan 2020 09:00:00 GMT"}, 60.0),
        ({"Retry-After": "7", "RateLimit": '"api";r=0;t=12'}, 13.0),
        ({"RateLimit": '"api";r=0;t=86400'}, 86401.0),
        ({"RateLimit": '"api";r=3;t=12'}, None),
        ({"RateLimit": "nonsense"}, None),
        ({}, None),
    ],
)
def test_the_server_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_to_wait(429, headers, NOON) == seconds


def test_a_page_that_is_there_is_not_waited_for() -> None:
    assert seconds_to_wait(200, {"Retry-After": "7"}, NOON) is None


def test_without_a_word_from_the_server_the_waits_double_from_the_first_on() -> None:
    patience, down = Patience(retries=4, pause=1.0), TransientFetchError("http://host/", "down", cause=Cause.HOST_DOWN)
    assert [patience.after(down) for _ in range(5)] == [1.0, 2.0, 4.0, 8.0, None]


@pytest.mark.parametrize("value", ["0", "soon"])
def test_a_429_with_retry_after_is_asked_again(site: Site, value: str) -> None:
    site.answers["/page"] = [reply(429, Retry_After=value), reply(200, PAGE)]
    with fetcher() as session:
        assert session.fetch(request(site)).body == PAGE


@pytest.mark.parametrize(
    ("status", "message"),
    [(400, "answered 400"), (401, "blocked"), (403, "blocked"), (404, "answered 404"), (410, "410")],
)
def test_a_final_answer_is_a_permanent_error(site: Site, status: int, message: str) -> None:
    site.answers["/page"] = [reply(status)]
    with fetcher() as session, pytest.raises(PermanentFetchError, match=message):
        session.fetch(request(site))
    assert site.paths().count("/page") == 1


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<html><title>Just a moment...</title></html>", "text/html"),
        (b"<html><title>Attention Required! | Example</title></html>", "text/html; charset=utf-8"),
        (b'<html><title>Hello</title><div class="g-recaptcha"></div></html>', "text/html"),
        (b"%PDF-1.7", "application/pdf"),
        (b'{"error": "blocked"}', "application/json"),
    ],
)
def test_what_is_served_instead_of_the_page_is_blocked(site: Site, body: bytes, media_type: str) -> None:
    site.answers["/page"] = [reply(200, body, Content_Type=media_type)]
    with fetcher() as session, pytest.raises(PermanentFetchError, match="blocked"):
        session.fetch(request(site))


def test_html_instead_of_a_text_dump_is_blocked(site: Site) -> None:
    site.answers["/2026-01-05.txt"] = [reply(200, PAGE)]
    with fetcher() as session, pytest.raises(PermanentFetchError, match="blocked: answered with text/html"):
        session.fetch(request(site, "/2026-01-05.txt"))


def test_a_compressed_page_is_inflated(site: Site) -> None:
    packed = gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:])
    site.answers["/page"] = [reply(200, packed, Content_Encoding="gzip")]
    with fetcher() as session:
        assert session.fetch(request(site)).body == PAGE


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "deflate", "zstd", "unheard-of"])
def test_an_encoding_that_was_not_asked_for_is_refused(site: Site, encoding: str) -> None:
    site.answers["/page"] = [reply(200, PAGE, Content_Encoding=encoding)]
    with fetcher() as session, pytest.raises(PermanentFetchError, match="was not asked for"):
        session.fetch(request(site))


@pytest.mark.parametrize("packed", [gzip.compress(bytes(40 * 1024**2)), None], ids=["bomb", "plain"])
def test_a_body_beyond_the_cap_is_refused(site: Site, packed: bytes | None) -> None:
    body = packed or bytes(2 * 1024**2)
    site.answers["/page"] = [reply(200, body, Content_Encoding="gzip" if packed else "identity")]
    with fetcher(bounds=Bounds(bytes_max=1024**2)) as session, pytest.raises(PermanentFetchError, match="than 1 MB"):
        session.fetch(request(site))


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_body_shorter_than_announced_is_transient(site: Site, encoding: str) -> None:
    body = gzip.compress(PAGE) if encoding == "gzip" else PAGE
    site.answers["/page"] = [reply(200, body, announced=len(body) + 5, Content_Encoding=encoding)]
    with fetcher() as session, pytest.raises(TransientFetchError):
        session.fetch(request(site))


def test_a_cut_compressed_body_without_a_length_is_transient(site: Site) -> None:
    def cut(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(gzip.compress(PAGE)[:-12])
        handler.close_connection = True

    site.answers["/page"] = [cut]
    with fetcher() as session, pytest.raises(TransientFetchError, match="cut off"):
        session.fetch(request(site))


@pytest.mark.parametrize("cut_before", ["end", "chunk"])
def test_a_chunked_body_that_breaks_off_is_transient(site: Site, cut_before: str) -> None:
    def cut(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\n<html\r\n" + (b"" if cut_before == "end" else b"ff\r\nhalf"))
        handler.close_connection = True

    site.answers["/page"] = [cut]
    with fetcher() as session, pytest.raises(TransientFetchError):
        session.fetch(request(site))


def test_a_drip_feed_ends_at_the_deadline(site: Site) -> None:
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Encoding", "gzip")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        for byte in gzip.compress(PAGE) * 1000:
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.05)

    site.answers["/page"] = [drip]
    with fetcher(bounds=Bounds(seconds_max=0.4)) as session, pytest.raises(TransientFetchError, match="too long"):
        session.fetch(request(site))


def test_a_silent_server_meets_the_read_timeout(site: Site) -> None:
    site.answers["/page"] = [lambda _: time.sleep(1)]
    with fetcher(timeouts=(1.0, 0.1)) as session, pytest.raises(TransientFetchError, match="no answer"):
        session.fetch(request(site))


def test_a_host_that_is_not_there_is_transient() -> None:
    server = Site()
    server.server_close()
    with fetcher() as session, pytest.raises(TransientFetchError, match="no answer"):
        session.fetch(request(server))


def test_robots_are_asked_once_and_obeyed(site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /private\n\nUser-agent: paperlog\nDisallow: /no*page\n"
    site.answers |= {"/robots.txt": [reply(200, rules)], "/page": [reply(200, PAGE)], "/private": [reply(200, PAGE)]}
    with fetcher() as session:
        session.fetch(request(site))
        session.fetch(request(site, "/private"))
        with pytest.raises(PermanentFetchError, match=r"forbidden by robots.txt"):
            session.fetch(request(site, "/no-such-page"))
    assert site.paths() == ["/robots.txt", "/page", "/private"]


def test_a_redirect_to_a_forbidden_page_is_not_followed(site: Site) -> None:
    site.answers |= {
        "/robots.txt": [reply(200, b"User-agent: *\nDisallow: /hidden\n")],
        "/page": [reply(302, Location="/hidden")],
    }
    with fetcher() as session, pytest.raises(PermanentFetchError, match=r"forbidden by robots.txt"):
        session.fetch(request(site))
    assert "/hidden" not in site.paths()


def test_robots_that_cannot_be_asked_forbid_for_now(site: Site) -> None:
    site.answers |= {"/robots.txt": [reply(503), reply(503), reply(503), reply(404)], "/page": [reply(200, PAGE)]}
    with fetcher() as session:
        with pytest.raises(TransientFetchError, match=r"robots.txt: answered 503"):
            session.fetch(request(site))
        assert session.fetch(request(site)).body == PAGE


@pytest.mark.parametrize("url", ["ftp://example.org/", "http://", "http://a:b@example.org/", "http://[::1", "page"])
def test_a_strange_address_is_a_permanent_error(url: str) -> None:
    with pytest.raises(PermanentFetchError):
        origin_of(url)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("169.254.169.254", True),
        ("0.0.0.0", True),  # noqa: S104
        ("::1", True),
        ("fe80::1%eth0", True),
        ("::ffff:192.168.0.1", True),
        ("100.64.0.1", True),
        ("93.184.216.34", False),
        ("2606:2800:220:1::1", False),
    ],
)
def test_private_addresses_are_known_as_such(address: str, private: bool) -> None:
    assert is_private("host", "http://host/", lambda _: [address]) is private


def test_the_pace_gives_each_host_its_own_moments() -> None:
    slept: list[float] = []
    pace = Pace(1.0, InMemory(clock=lambda: 100.0), sleep=slept.append)
    for host in ("a", "a", "b", "a"):
        pace.wait(host, host)
    assert slept == [1.0, 2.0]
    pace.postpone("b", 13)
    pace.wait("b", "b")
    assert slept[-1] == 13.0


def test_a_pause_that_a_host_asked_for_is_told_once_with_its_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "extractors")
    one, other = (Pace(1.0, InFiles(tmp_path, clock=lambda: 100.0), sleep=lambda _: None) for _ in range(2))
    one.postpone("host", 20, why="answered 429")
    one.wait("host", "host")
    other.wait("other", "other")
    other.postpone("other", 20)
    one.wait("other", "other")
    assert [each.split(", until ")[0] for each in caplog.messages] == [
        "host answered 429 and asked for a pause",
        "other asked for a pause",
        "waiting for the next free moment of other",
    ]


@pytest.mark.slow
def test_waits_are_told_with_what_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "extractors")
    with pytest.raises(TransientFetchError), Fetcher("post@example.org", retries=1, backoff_seconds=5) as session:
        session.fetch(PageRequest(source="x", asked_on=None, url="http://127.0.0.1:9/page"))
    within(16, Call("http://slow/"), lambda: time.sleep(10.2))
    refused, slow = caplog.messages
    assert refused.startswith("http://127.0.0.1:9/robots.txt: no answer: ConnectionRefusedError")
    assert ": waiting to ask again, until " in refused
    assert slow.startswith("http://slow/: no whole answer after 10 s: waiting for the rest, until ")


def test_contact_and_token_must_be_single_lines() -> None:
    with pytest.raises(ValueError, match="single lines"):
        Fetcher("a\r\nCookie: b")
