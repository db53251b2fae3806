"""A file of JSON: its text in any encoding of Unicode, decoded, or why it is none and what to do about that."""

from __future__ import annotations

import codecs
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from extractors.errors import PageChanged
from extractors.reading.decode import decoded, strictly
from transforms.records import Finding, Page

_BLANK = codecs.BOM_UTF8 + b" \t\r\n"
_HEAD_BYTES = 400
_DIGITS_MAX = 100  # Python refuses to read a number of 4,301
_NAMES_MAX, _NAME_CHARACTERS = 20, 80
_CUT_CHARACTERS = 6  # a cut literal or escape is found that many characters before the end at most


def is_json(page: Page) -> bool:
    """Whether the body begins as JSON does, not as a page: with a bracket, in any encoding of Unicode."""
    encoding = json.detect_encoding(page.body)
    body = page.body.lstrip(_BLANK) if encoding.startswith("utf-8") else page.body
    return body[:_HEAD_BYTES].decode(encoding, errors="replace").lstrip("\ufeff \t\r\n")[:1] in ("[", "{")


def json_in(page: Page) -> tuple[Any, tuple[Finding, ...]]:
    """The decoded JSON, with findings about it. PageChanged tells why it is none, where, and what to do.

    Half an emoji, NaN and numbers without end are let through: what has one is an odd item, not an odd file.
    """
    text, findings = _text(page)
    objects = _Objects()
    try:
        data = json.loads(text, object_pairs_hook=objects.made, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _no_json(page, text, error) from error
    except RecursionError as error:
        raise PageChanged(page.final_url, "a list of items", "brackets within brackets without end") from error
    return data, (*findings, *objects.findings())


def _integer(digits: str) -> float:
    """The number; one of more digits than any count has is none, and costs its item alone."""
    return int(digits) if len(digits) <= _DIGITS_MAX else float(digits)


def _text(page: Page) -> tuple[str, tuple[Finding, ...]]:
    encoding = json.detect_encoding(page.body)
    if encoding.startswith("utf-8"):
        text, findings = decoded(page)
        return text.removeprefix("\ufeff"), findings
    return strictly(page, page.body, encoding).removeprefix("\ufeff"), ()


def _no_json(page: Page, text: str, error: json.JSONDecodeError) -> PageChanged:
    found = f"text that is no JSON at line {error.lineno}, column {error.colno} ({error.msg}): {_advice(text, error)}"
    return PageChanged(page.final_url, "the JSON of an answer of the API", found)


def _advice(text: str, error: json.JSONDecodeError) -> str:
    start, rest = text.lstrip(), text[error.pos :].strip()
    if error.msg.startswith("Extra data"):
        if start.startswith("{") and rest.startswith("{"):
            return "one item a line; make a list of them (jq -s . FILE)"
        return "more text follows the JSON; take it off, or get the file again"
    if rest.startswith(("'", "None", "True", "False")):
        return "as Python prints objects; write the file with json.dump, or get the answer again"
    if len(rest) <= _CUT_CHARACTERS or error.msg.startswith("Unterminated"):
        return "the file seems to be cut off; get it again"
    return "get the file again"


class _Objects:
    """Decodes objects as Python does, which takes the last of two values of one name, and counts where they differ."""

    def __init__(self) -> None:
        self._items = 0
        self._doubled: Counter[tuple[int, str]] = Counter()

    def made(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """The object of these names and values."""
        made = dict(pairs)
        if len(made) < len(pairs):
            for name in {name for name, value in pairs if made[name] != value}:
                self._doubled[self._items, name] += 1
        self._items += "paper" in made
        return made

    def findings(self) -> Iterator[Finding]:
        """A warning for each name that has two values within an item."""
        for place, name in sorted(self._doubled)[:_NAMES_MAX]:
            observed = f"{name[:_NAME_CHARACTERS]!r} twice, with two values: the last is read"
            yield Finding.warning("doubled_name", observed, "each name once in an object", f"dailyPapers[{place}]")
