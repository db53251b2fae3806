"""The text of a mail beside its HTML: 72 columns, addresses on lines of their own and never broken."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from flows.digest.channels.told import Sheet, Told, unlinked
from flows.shown import in_one_line

COLUMNS = 72
_INDENT = "  "


def text_of(sheet: Sheet, reader: str, unsubscribe: str) -> str:
    """The mail as text; it ends with a line feed."""
    told = f'You are the reader "{in_one_line(reader)}" of a Paperlog. To end these mails, write to:'
    paragraphs = [
        "\n".join([*_wrapped(sheet.heading), *(line for each in sheet.summary for line in _wrapped(each))]),
        *(text for heading, told in sheet.sections for text in _section(heading, told)),
        *(["\n".join(_wrapped(sheet.end))] if sheet.end else []),
        "\n".join(["-- ", *_wrapped(told), unsubscribe]),
    ]
    return "\n\n".join(paragraphs) + "\n"


def _section(heading: str, told: tuple[Told, ...]) -> Iterator[str]:
    yield f"{heading.upper()}\n{'-' * len(heading)}"
    yield from ("\n".join(_lines(each)) for each in told)


def _lines(told: Told) -> Iterator[str]:
    yield from _wrapped(told.name, following=_INDENT)
    notes = (f"{source}: {text}" for source, text in told.notes)
    for each in (told.byline, told.detail, told.where, told.because, told.excerpt, *notes):
        yield from _wrapped(each, first=_INDENT, following=_INDENT)
    links = {told.url: "", told.code_url: "Code: ", told.page_url: "In Paperlog: "}
    for url, label in links.items():
        if url and not (label and url == told.url):
            yield f"{_INDENT}{label}{url}"


def _wrapped(text: str, first: str = "", following: str = "") -> list[str]:
    return textwrap.wrap(
        unlinked(text),
        COLUMNS,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
