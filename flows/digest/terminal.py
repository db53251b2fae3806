"""An issue on a terminal, 80 columns wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from flows.digest.words import (
    address_of,
    authors_of,
    headline,
    left_out_line,
    sections,
    title_of,
    unread_line,
    where,
    why,
)
from flows.shown import in_one_line
from transforms.digest.records import Issue, Item

WIDTH = 79


def lines_of(issue: Issue, *, with_reasons: bool) -> Iterator[str]:
    """The issue for people; `with_reasons` says under each paper why it was chosen."""
    yield from _wrapped(f"{issue.title}, {issue.since_on} to {issue.until_on}: {headline(issue)}", "")
    for unread in issue.unread:
        yield from _wrapped(f"! {unread_line(unread)}" if unread.is_trouble else unread_line(unread), "  ", "    ")
    for heading, items in sections(issue):
        yield ""
        yield f"{heading} ({len(items)})"
        for each in items:
            yield from _item(each, with_reasons=with_reasons)
    if more := left_out_line(issue):
        yield ""
        yield from _wrapped(more, "")


def _item(item: Item, *, with_reasons: bool) -> Iterator[str]:
    paper = item.paper
    yield from _wrapped(f"- {title_of(paper)}", "  ", "    ")
    said = ", ".join(filter(None, (item.detail, where(item))))
    for text in (authors_of(paper), in_one_line(said), address_of(paper, None) or ""):
        if text:
            yield from _wrapped(text, "    ")
    if with_reasons and (reasons := why(item)):
        yield from _wrapped(f"because {reasons}", "    ", "      ")


def _wrapped(text: str, indent: str, below: str | None = None) -> list[str]:
    """Lines of a terminal of 80 columns; a word that is longer, such as an address, stays whole."""
    following = indent if below is None else below
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
