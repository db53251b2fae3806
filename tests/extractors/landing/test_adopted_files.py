"""Files as people have them become pages: packed, in archives, without suffix, beside what a browser saved too."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.errors import LandingError
from extractors.landing.adopt import files_of, pages_of_file
from transforms.records import TimeFrom

NOON = datetime(2026, 1, 8, 12, tzinfo=UTC)
HTML = b"<!doctype html><html><body>kites</body></html>"


def saved(path: Path, body: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def warc(*answers: tuple[str, str, bytes], status: str = "200 OK") -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    for url, kind, body in answers:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.0")
        record = writer.create_warc_record(
            url, "response", payload=BytesIO(body), http_headers=headers,
            warc_headers_dict={"WARC-Date": "2026-01-08T06:30:00Z"},
        )  # fmt: skip
        writer.write_record(record)
    return buffer.getvalue()


def mhtml(body: bytes, date: str = "Thu, 8 Jan 2026 07:00:00 -0000") -> bytes:
    head = f"From: <Saved by a browser>\r\nDate: {date}\r\nMIME-Version: 1.0\r\n"
    head += 'Content-Type: multipart/related; type="text/html"; boundary="edge"\r\n\r\n'
    part = "--edge\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: 8bit\r\n"
    part += "Content-Location: https://huggingface.co/papers/date/2026-01-07\r\n\r\n"
    other = "\r\n--edge\r\nContent-Type: text/css\r\n\r\np{}\r\n--edge--\r\n"
    return (head + part).encode() + body + other.encode()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (HTML, "text/html"),
        (b"\xef\xbb\xbf<html>", "text/html"),
        (b'[{"a": 1}]', "application/json"),
        (b"new\n", "text/plain"),
    ],
)
def test_a_file_without_suffix_is_what_it_begins_with(tmp_path: Path, body: bytes, media_type: str) -> None:
    (page,) = pages_of_file(saved(tmp_path / "2026-01-07", body), "hf_daily", NOON)
    assert (page.media_type, page.body, page.url) == (media_type, body, "file:2026-01-07")


def test_a_packed_file_is_the_file_in_it(tmp_path: Path) -> None:
    (page,) = pages_of_file(saved(tmp_path / "day.html.gz", gzip.compress(HTML)), "hf_daily", NOON)
    assert (page.media_type, page.body) == ("text/html", HTML)


CUT_AND_NONE = {"cut": gzip.compress(HTML)[:-9], "no gzip": b"\x1f\x8b\x08 no gzip at all", "plain": HTML}


@pytest.mark.parametrize("body", CUT_AND_NONE.values(), ids=CUT_AND_NONE)
def test_a_packed_file_that_is_cut_or_none_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(LandingError, match=r"day\.html\.gz: cannot be unpacked"):
        pages_of_file(saved(tmp_path / "day.html.gz", body), "hf_daily", NOON)


def test_a_bomb_is_refused_by_its_size(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="too large"):
        pages_of_file(saved(tmp_path / "day.html.gz", gzip.compress(bytes(40_000_000))), "hf_daily", NOON)


def test_a_single_file_of_a_browser_holds_its_page_address_and_time(tmp_path: Path) -> None:
    (page,) = pages_of_file(saved(tmp_path / "Daily Papers.mhtml", mhtml(HTML)), "hf_daily")
    assert page.body.strip() == HTML
    assert page.url == "https://huggingface.co/papers/date/2026-01-07"
    assert (page.fetched_at, page.time_from) == (datetime(2026, 1, 8, 7, tzinfo=UTC), TimeFrom.STATED)


def test_a_crawlers_archive_holds_each_of_its_pages_and_nothing_else(tmp_path: Path) -> None:
    body = warc(
        ("https://example.org/a", "text/html; charset=utf-8", HTML),
        ("https://example.org/a.css", "text/css", b"p{}"),
        ("https://example.org/b", "text/html", HTML + b" "),
    )
    pages = pages_of_file(saved(tmp_path / "crawl.warc.gz", gzip.compress(body)), "hf_daily")
    assert [page.url for page in pages] == ["https://example.org/a", "https://example.org/b"]
    assert {page.fetched_at for page in pages} == {datetime(2026, 1, 8, 6, 30, tzinfo=UTC)}


@pytest.mark.parametrize(
    "body", [b"WARC/1.0\r\nbroken", b"\x00" * 50, warc(("https://example.org/", "text/css", b"p"))]
)
def test_an_archive_without_a_page_is_refused(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(LandingError, match=r"crawl\.warc"):
        pages_of_file(saved(tmp_path / "crawl.warc", body), "hf_daily")


def test_what_a_browser_saves_beside_a_page_is_left_out(tmp_path: Path) -> None:
    page = saved(tmp_path / "list.html", HTML)
    for name in ("list_files/frame.html", "list_files/a.css", "list-Dateien/frame.html", ".hidden.html", "x.png"):
        saved(tmp_path / name, b"<html>")
    other = saved(tmp_path / "my_files" / "day.html", HTML)  # no page lies beside it: a folder of pages
    assert set(files_of([tmp_path])) == {page, other}


def test_a_file_that_is_named_outright_is_always_taken(tmp_path: Path) -> None:
    assert files_of([saved(tmp_path / "odd.css", b"x")]) == (tmp_path / "odd.css",)


@pytest.mark.parametrize("name", ["2026-01-07_0600.html", "2026-01-07T06:00Z.html", "20260107-0600.html"])
def test_a_clock_in_a_name_is_a_time_that_nobody_stated(tmp_path: Path, name: str) -> None:
    (page,) = pages_of_file(saved(tmp_path / name, HTML), "hf_daily")
    assert (page.fetched_at, page.time_from) == (datetime(2026, 1, 7, 6, tzinfo=UTC), TimeFrom.NAME)


@pytest.mark.parametrize("name", ["2026-01-07.html", "2026__read_20260525.md", "v1.2026-13-41_0600.html"])
def test_a_name_without_a_clock_leaves_the_files_own_time(tmp_path: Path, name: str) -> None:
    (page,) = pages_of_file(saved(tmp_path / name, HTML), "hf_daily")
    assert page.time_from is TimeFrom.FILE


def test_what_is_stated_rules_over_every_clock(tmp_path: Path) -> None:
    (page,) = pages_of_file(saved(tmp_path / "2026-01-07_0600.html", HTML), "hf_daily", NOON)
    assert (page.fetched_at, page.time_from) == (NOON, TimeFrom.STATED)


def test_a_time_in_the_future_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "day__fetched_21500101T000000Z.html", HTML)
    with pytest.raises(LandingError, match="2150-01-01 00:00 UTC, which lies in the future"):
        pages_of_file(path, "hf_daily")
    with pytest.raises(LandingError, match="future"):
        pages_of_file(saved(tmp_path / "day.html", HTML), "hf_daily", NOON + timedelta(days=2), now=NOON)
