"""Files as people have them become pages: packed, in archives, without suffix, beside what a browser saved too."""

from __future__ import annotations

import bz2
import gzip
import lzma
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from extractors.errors import LandingError
from extractors.landing.adopt import files_of, pages_of_file, with_own_time
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


def mhtml_of(*pages: tuple[str, bytes]) -> bytes:
    text = b"MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=edge\r\n\r\n"
    for url, body in pages:
        text += f"--edge\r\nContent-Type: text/html\r\nContent-Location: {url}\r\n\r\n".encode() + body + b"\r\n"
    return text + b"--edge--\r\n"


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


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("name", ["2026-01-07", "day.html", "day.html.gz", "day.html.gz.gz"])
def test_what_is_packed_is_told_by_its_bytes(tmp_path: Path, name: str, times: int) -> None:
    body = HTML
    for _ in range(times):
        body = gzip.compress(body)
    (page,) = pages_of_file(saved(tmp_path / name, body), "hf_daily", NOON)
    assert (page.media_type, page.body) == ("text/html", HTML)


OTHERS = {
    "xz": lzma.compress(HTML),
    "bzip2": bz2.compress(HTML),
    "zip": b"PK\x03\x04rest",
    "PDF": b"%PDF-1.7 rest",
    "gzip, for the third time": gzip.compress(gzip.compress(gzip.compress(HTML))),
}


@pytest.mark.parametrize("packer", OTHERS)
def test_another_packer_is_named(tmp_path: Path, packer: str) -> None:
    with pytest.raises(LandingError, match=f"day.html: packed as {packer}.*unpack it"):
        pages_of_file(saved(tmp_path / "day.html", OTHERS[packer]), "hf_daily", NOON)


def test_a_bomb_packed_twice_without_a_suffix_is_refused_by_its_size(tmp_path: Path) -> None:
    bomb = gzip.compress(gzip.compress(bytes(60_000_000)))
    with pytest.raises(LandingError, match="too large"):
        pages_of_file(saved(tmp_path / "day", bomb), "hf_daily", NOON)


@pytest.mark.parametrize("name", ["Daily Papers.html", "Daily Papers", "x.mht", "day.html.gz"])
def test_an_archive_is_told_by_how_it_begins(tmp_path: Path, name: str) -> None:
    url = "https://huggingface.co/papers/date/2026-01-07"
    for body in (mhtml(HTML), warc((url, "text/html", HTML))):
        packed = gzip.compress(body) if name.endswith(".gz") else body
        (page,) = pages_of_file(saved(tmp_path / name, packed), "hf_daily")
        assert (page.body.strip(), page.url) == (HTML, url)
        assert page.final_url == f"{url} in file:{name}"


def test_a_resource_is_a_page_too_and_angle_brackets_are_no_part_of_its_address(tmp_path: Path) -> None:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False)
    given = {"WARC-Date": "2026-01-08T06:30:00Z"}
    for url, kind in (("<https://example.org/a>", "text/html"), ("https://example.org/b", "image/png")):
        writer.write_record(
            writer.create_warc_record(
                url, "resource", payload=BytesIO(HTML), warc_content_type=kind, warc_headers_dict=given
            )
        )
    (page,) = pages_of_file(saved(tmp_path / "crawl.warc", buffer.getvalue()), "hf_daily")
    assert (page.url, page.body, page.media_type) == ("https://example.org/a", HTML, "text/html")


def test_an_archive_without_a_page_says_what_it_holds(tmp_path: Path) -> None:
    url = "https://example.org/"
    body = warc((url, "text/css", b"p")) + warc((url, "text/html", HTML), status="404 Not Found")
    with pytest.raises(LandingError, match="no page, only 1 of response text/css, 1 of status 404"):
        pages_of_file(saved(tmp_path / "crawl.warc", body), "hf_daily")


def test_of_a_browsers_archive_each_page_counts_and_no_frame(tmp_path: Path) -> None:
    folder = "https://huggingface.co/papers/date/"
    body = mhtml_of(
        (f"{folder}2026-01-07", HTML),
        ("https://huggingface.co/embed/frame", b"<p>frame</p>"),
        (f"{folder}2026-01-07", b"<p>again</p>"),
        ("https://ads.example/papers/date/2026-01-06", b"<p>ad</p>"),
        ("cid:frame-2", b"<p>frame</p>"),
        (f"{folder}2026-01-06", HTML + b" "),
    )
    pages = pages_of_file(saved(tmp_path / "two.mhtml", body), "hf_daily", NOON)
    assert [page.url for page in pages] == [f"{folder}2026-01-07", f"{folder}2026-01-06"]


SIX = datetime(2026, 2, 28, 8, 57, 39, tzinfo=UTC)
CLOCKS = {
    "20260228085739.html": SIX,
    "202602280857.html": SIX.replace(second=0),
    "2026-02-28 08.57.39.html": SIX,
    "Daily Papers 2026-02-28 at 08.57.39.html": SIX,
    "Daily Papers (28.2.2026 08：57：39).html": SIX,
    "Daily Papers (2_28_2026 8_57_39 AM).html": SIX,
    "2_3_2026 8_57_39 PM.html": datetime(2026, 2, 3, 20, 57, 39, tzinfo=UTC),
    "2026-02-28-11pm.html": None,
    "2026-02-28 11pm.html": datetime(2026, 2, 28, 23, tzinfo=UTC),
    "2026-02-28_12.05am.html": datetime(2026, 2, 28, 0, 5, tzinfo=UTC),
    "1772269059.html": SIX,
    "day-1772269059123.html": SIX,
    "2026-02-28T23:10:00-08:00.html": datetime(2026, 3, 1, 7, 10, tzinfo=UTC),
    "2026-02-28T085739+0900.html": datetime(2026, 2, 27, 23, 57, 39, tzinfo=UTC),
    "2026-02-28T08-57-39Z.html": SIX,
    "2026-02-28_08-57-39_+0200.html": SIX - timedelta(hours=2),
    "2026-02-28 08.57.39 GMT+2.html": SIX - timedelta(hours=2),
    "2026-02-28 08.57.39 UTC-0330.html": SIX + timedelta(hours=3, minutes=30),
    "2026-02-28 08.57.39 UTC.html": SIX,
    "2026-02-28T085739-2.html": SIX,
    "2026-02-28T08:57-08:00.html": SIX.replace(hour=16, second=0),
    "2026-02-28T0857-0800.html": SIX.replace(hour=16, second=0),
    "2026-02-28 08h57m39.html": SIX,
    "2026-02-28T08:57:39.123Z.html": SIX,
    "2026_02_28_08_57_39.html": SIX,
    "2026-02-27 2026-02-28 08.57.39.html": SIX,
    "2026-02-27_20260228085739.html": SIX,
}


@pytest.mark.parametrize("name", CLOCKS)
def test_a_clock_in_a_name_is_read_in_the_spellings_of_browsers_and_crawlers(tmp_path: Path, name: str) -> None:
    (page,) = pages_of_file(saved(tmp_path / name, HTML), "hf_daily")
    expected = CLOCKS[name] or datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert (page.fetched_at, page.time_from) == (expected, TimeFrom.NAME)


@pytest.mark.parametrize(
    "name",
    [
        "2_3_2026 20_57_39.html",  # the third of February, or the second of March
        "2026-02-28 0600-0900.html",  # from six to nine
        "2026-02-28_1080p.html",
        "2026-02-28_28.html",
        "2026-02-28 13pm.html",
        "2026-02-28 08.57.39 CET.html",
        "2026-02-28 08:57 PDT.html",
        "2026-02-28T24:00.html",
        "2026-02-29 08.57.html",
        "2026-02-28T08:57:39+9900.html",
        "paper 2602.28085.html",
        "2026-01-06_to_2026-01-09.html",
        "20260228085799.html",
        "arxiv-9999999999.html",
    ],
)
def test_numbers_that_may_mean_another_time_or_none_are_no_clock(tmp_path: Path, name: str) -> None:
    (page,) = pages_of_file(saved(tmp_path / name, HTML), "hf_daily")
    assert page.time_from is TimeFrom.FILE


def test_a_second_copy_has_the_time_in_its_name_too(tmp_path: Path) -> None:
    (page,) = pages_of_file(saved(tmp_path / "day__fetched_20260108T120000Z (1).html", HTML), "hf_daily")
    assert (page.fetched_at, page.time_from) == (NOON, TimeFrom.STATED)


@pytest.mark.parametrize("text", ["20260228", "20260108T1200Z", "2026-01-08", ""])
def test_a_time_that_was_meant_as_that_of_reading_and_is_none_is_refused(tmp_path: Path, text: str) -> None:
    path = saved(tmp_path / f"day__fetched_{text}.html", HTML)
    with pytest.raises(LandingError, match="YYYYMMDDTHHMMSSZ"):
        pages_of_file(path, "hf_daily")
    (page,) = pages_of_file(path, "hf_daily", NOON)
    assert page.fetched_at == NOON


def test_files_with_a_time_of_their_own_are_told(tmp_path: Path) -> None:
    own = [tmp_path / "a__fetched_20260108T120000Z.html", tmp_path / "b__fetched_20260108T120000Z.html.gz"]
    assert with_own_time([*own, tmp_path / "c.html"]) == tuple(own)


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
