from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.errors import PageChanged
from extractors.reading.decode import decoded
from extractors.reading.embedded import embedded_json
from extractors.reading.select import NoValue, attribute, many, maybe, one, soup_of
from transforms.records import Page

MakePage = Callable[..., Page]
MARKER = 'data-target="Example"'


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


def test_selectors_state_how_many_elements_they_expect() -> None:
    soup = soup_of("<p>1</p><p>2</p><b>3</b>")
    assert one(soup, "b", where="u").get_text() == "3"
    assert [tag.get_text() for tag in many(soup, "p", where="u")] == ["1", "2"]
    assert maybe(soup, "i", where="u") is None
    with pytest.raises(PageChanged, match="u p: expected exactly 1 element, found 2"):
        one(soup, "p", where="u")
    with pytest.raises(PageChanged, match="u p: expected at least 3 elements, found 2"):
        many(soup, "p", where="u", at_least=3)
    with pytest.raises(PageChanged, match="u p: expected at most 1 element, found 2"):
        maybe(soup, "p", where="u")
    with pytest.raises(NoValue, match="no such attribute"):
        attribute(one(soup, "b", where="u"), "href", where="u")


def test_the_embedded_value_is_cut_at_the_right_end_and_unescaped_once() -> None:
    said = "{&quot;a&quot;:&quot;1 > 0 </div> &amp;amp; '&quot;}"
    text = f'<p><div {MARKER} data-props="{said}" x>rest</div>'
    found = embedded_json(text.encode(), tag="div", marker=MARKER, name="data-props", where="u")
    assert found is not None
    assert found.value == b'{"a":"1 > 0 </div> &amp; \'"}'
    assert found.before + found.after == "<p>rest</div>"
    turned = f'<p><div data-props="{said}" {MARKER}>rest</div>'
    again = embedded_json(turned.encode(), tag="div", marker=MARKER, name="data-props", where="u")
    assert again is not None
    assert again.value == found.value


@pytest.mark.parametrize(
    ("attributes", "value"),
    [
        ('data-props="&apos;&eacute;&amp;lt;"', "'é&lt;"),
        ("data-props='&quot;a&quot; &lt;'", '"a" <'),
        ('title=\' data-props="not this"\' data-props="this"', "this"),
        ('data-props="first" data-props="second"', "first"),
        ('data-props="a & b &amp;amp; c"', "a & b &amp; c"),
    ],
)
def test_an_embedded_value_is_what_a_parser_reads_however_it_is_written(attributes: str, value: str) -> None:
    text = f"<div {MARKER} {attributes}></div>"
    found = embedded_json(text.encode(), tag="div", marker=MARKER, name="data-props", where="u")
    assert found is not None
    assert found.value.decode() == value == one(soup_of(text), "div", where="u")["data-props"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"<div {MARKER} data-props=''></div>", "an empty attribute"),
        (f"<div {MARKER}></div>", "no such attribute"),
        (f"<div {MARKER} data-props='1'><div {MARKER} data-props='1'>", "expected 1 start tag, found 2"),
        (f'<div {MARKER} data-props="never closed>', "one that never ends"),
    ],
)
def test_an_embedded_value_that_cannot_be_trusted_is_an_error(text: str, message: str) -> None:
    with pytest.raises(PageChanged, match=message):
        embedded_json(text.encode(), tag="div", marker=MARKER, name="data-props", where="u")


def test_an_attribute_too_long_for_the_parser_is_an_error_not_an_empty_value() -> None:
    text = f'<div {MARKER} data-props="{"x" * 10_000_001}"></div>'
    with pytest.raises(NoValue, match="an empty attribute"):
        embedded_json(text.encode(), tag="div", marker=MARKER, name="data-props", where="u")


def test_hostile_markup_costs_no_quadratic_time() -> None:
    for text in ("<div " * 200_000, "<!--" * 200_000, f"<div {MARKER} " + "'\" " * 200_001):
        try:
            embedded_json(text.encode(), tag="div", marker=MARKER, name="data-props", where="u")
        except PageChanged:
            continue
