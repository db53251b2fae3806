r"""The one filter for text that is printed, logged, sent or shown: whatever a page holds, it stays text.

Escape sequences could move a terminal's cursor, marks of writing direction could make a line read otherwise than it
is, and half a surrogate pair cannot be written at all. They are shown as escapes, such as `\x1b`: nothing is hidden.
"""

from __future__ import annotations

import html
import re

# C0 but for tab and line feed, DEL and C1, marks and overrides of direction, line separators, surrogates.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_CALLS = re.compile(r"(?<!\w)@(?=\w)")
# What is markup wherever it stands, and what is only at a certain place: at the beginning of a line (lists, headings),
# beside a blank (`_`), before letters (calls, emoji, addresses of the web and of mail).
_MARKDOWN = re.compile(
    r"([\\`*\[\]|~$#]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|:(?=[\w+-]+:)|@(?=\w)|(?<=www)\.|%(?=%)|^[-+=](?!\w))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")


def visible(text: str) -> str:
    """The text with every control character as an escape; tabs and line feeds stay."""
    return _CONTROL.sub(_escape, text)


def in_one_line(text: str) -> str:
    """The same without line breaks: blanks of any kind and length become one space."""
    return visible(" ".join(text.split()))


def in_json(text: str) -> str:
    """JSON text with the control characters in its strings as JSON's own escapes: the same value, safe to print."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def in_chat(text: str) -> str:
    """The text as text in a chat system: what a page says calls nobody, and hides no address behind words.

    `<`, `>` and `&` are escaped as Slack and its likes ask for; `@channel` and `[words](address)`, which others read,
    are broken by a character without width.
    """
    escaped = html.escape(visible(text), quote=False)
    return _CALLS.sub("@\N{WORD JOINER}", escaped).replace("](", "]\N{WORD JOINER}(")


def markdown(text: str) -> str:
    """The text as text in Markdown and in HTML within it: every sign that would be read as theirs is escaped."""
    escaped = _NUMBERED.sub(r"\1\\\2", _MARKDOWN.sub(r"\\\1", in_one_line(text)))
    return html.escape(escaped, quote=False)


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 paper`, `1,200 papers`."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
