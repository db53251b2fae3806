"""Whatever a page holds, it stays text where it is printed, logged, sent or shown."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from flows.shown import in_chat, in_json, in_one_line, markdown, visible

FORBIDDEN = {*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\x9b31m", r"\x9b31m"),
        ("user\u202etxt.exe", r"user\u202etxt.exe"),
        ("\u2066a\u2069", r"\u2066a\u2069"),
        ("half \ud83d", r"half \ud83d"),
        ("over\rwritten", r"over\x0dwritten"),
        ("a\tb\nc", "a\tb\nc"),
        ("naïve 日本語 עברית 👩‍🔬", "naïve 日本語 עברית 👩‍🔬"),
    ],
)
def test_a_control_character_is_an_escape_and_nothing_else_changes(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters(), max_size=40))
def test_no_text_brings_a_control_character_anywhere(text: str) -> None:
    for shown in (visible(text), in_one_line(text), in_chat(text), markdown(text)):
        assert not {ord(each) for each in shown} & (FORBIDDEN - {0x09, 0x0A})
    assert "\n" not in in_one_line(text)


@given(st.text(st.characters(), max_size=40))
def test_json_keeps_its_value(text: str) -> None:
    shown = in_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(shown) == [text]
    assert not {ord(each) for each in shown} & FORBIDDEN


def test_a_chat_system_reads_no_markup_of_a_page() -> None:
    shown = in_chat("<!channel> <https://e.example|sign in> @here [log in](https://e.example) a@example.org & co")
    assert "<" not in shown
    assert "@here" not in shown
    assert "](" not in shown
    assert "a@example.org &amp; co" in shown


@given(st.text(st.characters(), max_size=40) | st.text("'\"&#;<>x27 -=*_[]()`~1.\\", max_size=20))
def test_a_renderer_of_markdown_shows_the_text_itself(text: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown(text))
    page = BeautifulSoup(html, "html.parser")
    assert {each.name for each in page.find_all()} <= {"p"}
    assert page.get_text().strip() == in_one_line(text)


def test_markdown_reads_no_markup_of_a_page() -> None:
    shown = markdown("![x](https://e.example/p.png) <img src=x> `a` | b\n# c")
    assert shown.startswith(r"!\[x\](https\://")
    assert "<img" not in shown
    assert "\n" not in shown
