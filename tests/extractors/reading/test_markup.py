"""Selectors that count, and embedded JSON that is cut out of a page without parsing it."""

from __future__ import annotations

import time

import pytest

from extractors.errors import PageChanged
from extractors.reading.markup import (
    NoValue,
    attribute,
    embedded_json,
    iso_day,
    many,
    maybe,
    one,
    soup_of,
)

MARKER = 'data-target="Example"'
CPU_SECONDS_MAX = 5  # each text takes less than 0.2 s; in quadratic time it would be minutes


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


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<div " * 200_000 + MARKER, "one that never ends"),
        (f"<div {MARKER} " + "'\" " * 200_001, "one that never ends"),
        (f"<div {MARKER}>" + "<!--" * 200_000, "no such attribute"),
        (f'<div {MARKER} data-props="' * 50_000, "expected 1 start tag, found 50000"),
        (f"<!--{MARKER}" + "<!--" * 200_000, None),
    ],
    ids=["open tags", "quotes", "comments", "start tags", "marker in a comment"],
)
def test_hostile_markup_costs_no_quadratic_time(text: str, message: str | None) -> None:
    began = time.process_time()
    if message is None:
        assert embedded_json(text.encode(), tag="div", marker=MARKER, name="data-props", where="u") is None
    else:
        with pytest.raises(PageChanged, match=message):
            embedded_json(text.encode(), tag="div", marker=MARKER, name="data-props", where="u")
    assert time.process_time() - began < CPU_SECONDS_MAX


@pytest.mark.parametrize("text", ["20260107", "2026-W02-3", "2026-02-30", "Jan 7", ""])
def test_a_day_in_another_spelling_is_an_error_that_names_the_place(text: str) -> None:
    assert iso_day("2026-01-07", where="u time").isoformat() == "2026-01-07"
    with pytest.raises(PageChanged, match=f"u time: expected a date YYYY-MM-DD, found {text!r}"):
        iso_day(text, where="u time")
