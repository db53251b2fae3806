"""Bytes as text by what they declare, and damage refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.errors import PageChanged
from extractors.reading.decode import decoded
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
