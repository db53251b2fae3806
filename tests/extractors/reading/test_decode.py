"""Bytes as text by what they declare, and damage refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.errors import PageChanged
from extractors.reading.decode import decoded, utf8
from transforms.records import Page

MakePage = Callable[..., Page]


@pytest.mark.parametrize(
    ("body", "media_type", "text"),
    [
        ("é—汉".encode(), "text/plain", "é—汉"),
        (b"\xef\xbb\xbf" + "é".encode(), "text/plain", "é"),
        ("é".encode("utf-16"), "text/plain", "é"),
        (b"\x93caf\xe9\x94", "text/html; charset=ISO-8859-1", "“café”"),
        (b'<meta charset="koi8-r">' + "да".encode("koi8-r"), "text/html", '<meta charset="koi8-r">да'),
    ],
)
def test_a_body_is_decoded_by_what_it_says(make_page: MakePage, body: bytes, media_type: str, text: str) -> None:
    assert decoded(make_page("hf_daily", body, media_type=media_type)) == (text, ())


@pytest.mark.parametrize("media_type", ["text/plain", "text/plain; charset=hex", "text/plain; charset=unheard-of"])
def test_an_undeclared_legacy_body_is_cp1252_with_a_finding(make_page: MakePage, media_type: str) -> None:
    text, findings = decoded(make_page("hf_daily", b"caf\xe9 \x80", media_type=media_type))
    assert text == "café €"
    assert [finding.check_name for finding in findings] == ["encoding"]


def test_damaged_utf8_is_refused_instead_of_read_as_mojibake(make_page: MakePage) -> None:
    body = "größer, schöner, 汉字".encode()
    with pytest.raises(PageChanged, match="a damaged character at byte 2"):
        decoded(make_page("hf_daily", body[:2] + body[3:]))
    with pytest.raises(PageChanged, match="a damaged character"):
        decoded(make_page("hf_daily", body[:-1]))


def test_nul_characters_are_taken_out_with_a_finding(make_page: MakePage) -> None:
    text, findings = decoded(make_page("hf_daily", b"a\0b\0"))
    assert text == "ab"
    assert [(finding.check_name, finding.observed) for finding in findings] == [("nul_characters", "2")]


ENGLISH = "Kites over the harbour — by night, ‘in colour’.\n"
MIXED = '<p class="x">' + "风筝在港口上空飞行，夜里的灯一盏盏亮起" * 3 + "</p>\n"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [ENGLISH, ENGLISH * 200, MIXED * 20, "\r\n\r\n" + ENGLISH], ids=len)
def test_utf16_without_its_mark_is_read_letter_by_letter(make_page: MakePage, text: str, encoding: str) -> None:
    body = text.encode(encoding)
    assert decoded(make_page("hf_daily", body, media_type="text/plain")) == (text, ())
    assert utf8(make_page("hf_daily", body)) == (text.encode(), ())


@pytest.mark.parametrize("encoding", ["utf-32", "utf-16"])
def test_wide_text_is_read_by_its_mark(make_page: MakePage, encoding: str) -> None:
    assert decoded(make_page("hf_daily", ENGLISH.encode(encoding))) == (ENGLISH, ())


@pytest.mark.parametrize(
    "body",
    [
        ENGLISH.encode("utf-32-le"),
        ENGLISH.encode() + bytes(50),
        b"\x89PNG\r\n" + bytes(range(256)) * 9 + b"\0" * 9,
        ENGLISH.encode("utf-16-le") + ENGLISH.encode() * 200,
        ENGLISH.encode("utf-16-le")[:-1],
    ],
    ids=["utf-32 without its mark", "NULs at the end", "no text", "two encodings", "half a character"],
)
def test_nuls_that_are_no_utf16_are_refused_instead_of_taken_out(make_page: MakePage, body: bytes) -> None:
    with pytest.raises(PageChanged, match=r"NUL characters|text in utf-16|damaged"):
        decoded(make_page("hf_daily", body))
