"""What is served instead of the page is told by its content; a real page stays one, whatever its server calls it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from extractors.errors import FetchError, PermanentFetchError, TransientFetchError
from extractors.http.login import is_login, login_sign
from extractors.http.refusal import media_type_of, refusal_of, require_answer, require_page
from tests.support.places import ROOT
from transforms.records import Cause

HTML = b"<!DOCTYPE html>\n<html><head><title>Daily Papers</title></head><body>text</body></html>"
TEXT = b"Weekly review\n\n# 1. A paper\nSome words.\n"
MARKDOWN = b'<div align="center"><img src="x.png"></div>\n\n# Papers\n\n| 1 | [A paper](https://arxiv.org/abs/1) |\n'
ODD = [
    "",
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-download",
    "application/force-download; charset=utf-8",
    "application/unknown",
    "text",
    "html",
    "garbage",
    "*/*",
    "\xff\xfe",
    "TEXT/PLAIN; charset",
    "text/x-markdown",
    "application/markdown",
]
HOST = "https://papers.example"


@pytest.mark.parametrize("media_type", ODD)
@pytest.mark.parametrize(
    ("path", "body"), [("/2026-01-05.txt", TEXT), ("/README.md", MARKDOWN), ("/README.md", TEXT), ("/papers", HTML)]
)
def test_an_odd_media_type_does_not_keep_a_page_out(media_type: str, path: str, body: bytes) -> None:
    require_page(HOST + path, HOST + path, media_type, body)


@pytest.mark.parametrize("media_type", ["image/png", "application/pdf", "video/mp4", "application/json"])
def test_a_page_under_the_name_of_another_thing_is_a_page(media_type: str) -> None:
    require_page(HOST, HOST, media_type, HTML)


def test_text_declared_as_html_is_text() -> None:
    require_page(f"{HOST}/a.txt", f"{HOST}/a.txt", "text/html", TEXT)


@pytest.mark.parametrize(
    ("declared", "body", "media_type"),
    [
        ("", HTML, "text/html"),
        ("application/octet-stream", HTML, "text/html"),
        ("application/octet-stream; charset=gbk", HTML, "text/html; charset=gbk"),
        ("binary/octet-stream", TEXT, "text/plain"),
        ("text/html; charset=utf-8", HTML, "text/html; charset=utf-8"),
        ("application/xhtml+xml", HTML, "application/xhtml+xml"),
        ("", b"<!-- saved -->\n<!-- twice -->\r\n\xef\xbb\xbf<HTML>", "text/plain"),
        ("", b"\xef\xbb\xbf<!-- saved -->\n<!-- twice -->\r\n<HTML>", "text/html"),
        ("", "<!doctype html><html>".encode("utf-16"), "text/html"),
    ],
)
def test_the_kept_media_type_is_what_the_body_shows_where_the_server_does_not_say(
    declared: str, body: bytes, media_type: str
) -> None:
    assert media_type_of(declared, body) == media_type


THINGS = {
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "a PNG": b"\x89PNG\r\n\x1a\n" + b"\0" * 20,
    "a JPEG": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "a GIF": b"GIF89a" + b"\0" * 20,
    "a WebP": b"RIFF\x10\0\0\0WEBPVP8 ",
    "an SVG": b'<?xml version="1.0"?>\n<svg xmlns="x"></svg>',
    "an MP4": b"\0\0\0\x18ftypmp42",
    "a WebM": b"\x1aE\xdf\xa3\x01",
    "a ZIP": b"PK\x03\x04\x14\0",
    "a gzip": gzip.compress(HTML),
    "a program": b"\x7fELF\x02\x01",
    "JSON": b'{"error": "blocked"}',
    "a list of JSON": b" \n[1, 2]",
    "JSON without end": b"[" * 100_000 + b"]" * 100_000,
}


@pytest.mark.parametrize("media_type", ["text/html", "application/octet-stream", "text/plain", ""])
@pytest.mark.parametrize("path", ["/papers", "/a.txt", "/a.md"])
@pytest.mark.parametrize("body", THINGS.values(), ids=THINGS)
def test_another_thing_is_refused_by_its_content(path: str, media_type: str, body: bytes) -> None:
    with pytest.raises(FetchError, match="blocked: answered with"):
        require_page(HOST + path, HOST + path, media_type, body)


@pytest.mark.parametrize(
    "body", [HTML, b"<h1>Access denied</h1>", b"\n<!-- x --><html>", b"<?xml version='1.0'?><html>"]
)
def test_html_in_place_of_text_is_refused(body: bytes) -> None:
    with pytest.raises(PermanentFetchError, match="text/html") as caught:
        require_page(f"{HOST}/a.txt", f"{HOST}/elsewhere", "text/html", body)
    assert caught.value.cause is Cause.BLOCKED


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body", [b"<!-- " * 100_000, b"<!---->" * 100_000, b"<title" * 100_000, b" " * 1_000_000, b"<?xml " * 100_000]
)
def test_looking_at_the_content_takes_no_time(body: bytes) -> None:
    require_page(HOST, HOST, "", body)
    login_sign(HOST, body)


@pytest.mark.parametrize("status", [401, 402, 403, 451, 511])
def test_a_status_that_wants_a_person_is_blocked(status: int) -> None:
    refusal = refusal_of(status, HOST)
    assert refusal is not None
    assert refusal.cause is Cause.BLOCKED


LOGINS = [
    "/login",
    "/login?next=%2Fpapers%2Fdate%2F2026-01-05",
    "/users/sign_in",
    "/users/sign-in/",
    "/Account/LogOn",
    "/login.aspx?ReturnUrl=%2fpapers",
    "/auth/realms/x/protocol/openid-connect/auth",
    "/oauth2/v1/authorize?client_id=1",
    "/saml2/idp/SSO",
    "/adfs/ls/?wa=wsignin1.0",
    "/cdn-cgi/access/login/papers.example?kid=1",
    "/consent?continue=x",
    "/cookie-consent",
    "https://accounts.example.org/v3/signin",
    "https://consent.example.org/m?continue=x",
    "https://login.example.org/common/",
    "https://sso.corp.example/start",
    "https://tenant.okta.com/app/x",
]
NO_LOGINS = [
    "/papers/date/2026-01-05",
    "/papers/week/2026-W02",
    "/papers/2601.01234-login",
    "/papers/blogin",
    "/papers/date/2026-01-05?login=1#login",
    "/authors/someone",
    "/authentic",
    "https://www.papers.example/papers/date/2026-01-05",
    "https://cdn.example.org/consented/2026-01-05.txt",
    "https://objects.example.org/a.md?auth=x&token=y",
    "https://raw.example.org/user/login-papers/main/README.md",
]


@pytest.mark.parametrize("target", LOGINS)
def test_the_address_of_a_login_is_known(target: str) -> None:
    assert is_login(target if target.startswith("http") else HOST + target, "papers.example")


@pytest.mark.parametrize("target", NO_LOGINS)
def test_the_address_of_a_page_is_no_login(target: str) -> None:
    assert not is_login(target if target.startswith("http") else HOST + target, "papers.example")


def test_a_host_may_have_the_name_of_a_login_itself() -> None:
    assert not is_login("https://accounts.example.org/papers", "accounts.example.org")


SIGNS = {
    "a password": b"<html><body><form><input name=p type='password'></form></body></html>",
    "a title": b"<html><title>\n Sign in &middot; Papers</title></html>",
    "another title": b"<html><title>Before you continue to Papers</title></html>",
    "an expired session": b"<html><title>Session expired</title></html>",
    "a form": b'<html><form method="post" action="/session/login"><input name="email"></form></html>',
    "a refresh": b'<html><meta http-equiv="refresh" content="0; url=/login?next=/papers"></html>',
    "a script": b"<html><script>window.location.href = '/users/sign_in';</script></html>",
    "another script": b"<html><script>location.replace('https://sso.example.org/')</script></html>",
}


@pytest.mark.parametrize("body", SIGNS.values(), ids=SIGNS)
def test_a_login_in_place_of_a_page_shows_itself(body: bytes) -> None:
    assert login_sign(HOST, body) is not None


def real_pages() -> list[Path]:
    """Every page and file at hand that a site gave to somebody who was not stopped."""
    folders = (ROOT / "tests" / "pages", ROOT.parent / "shared" / "data", ROOT.parent / "shared" / "cases")
    suffixes = {".html", ".md", ".txt"}
    return [path for each in folders for path in sorted(each.rglob("*")) if path.suffix in suffixes]


def test_no_page_at_hand_is_taken_for_another_thing() -> None:
    pages = real_pages()
    assert pages
    for path in pages:
        if not (body := path.read_bytes()):
            continue
        address = f"{HOST}/{'papers' if path.suffix == '.html' else path.name}"
        for media_type in ("text/html" if path.suffix == ".html" else "text/plain", "application/octet-stream"):
            require_page(address, address, media_type, body)
        assert login_sign(address, body) is None, path


@pytest.mark.parametrize("body", [b"[]", b'{"error": 1}', b"\xef\xbb\xbf \n [1]", b'[{"cut of'])
def test_json_is_an_answer_and_whoever_reads_it_says_what_is_wrong_with_it(body: bytes) -> None:
    require_answer(HOST, body)


@pytest.mark.parametrize("body", [HTML, TEXT, b"null", b"%PDF-1.7", b"<html>[]</html>", b"\x1f\x8b\x08[]", b"x[]"])
def test_what_is_no_json_is_no_answer(body: bytes) -> None:
    with pytest.raises(PermanentFetchError, match=r"blocked: answered with .* instead of JSON"):
        require_answer(HOST, body)


def test_an_empty_body_is_asked_for_again() -> None:
    with pytest.raises(TransientFetchError, match="empty body"):
        require_answer(HOST, b"")
