"""An issue as plain lines, bounded, and cut into sheets: what mails and chats write in their own form.

Troubles come first, then what is new by its headings, then the lists that are still open. Nothing here is escaped for a
receiver yet; everything is one line without control characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal
from urllib.parse import quote

from flows.design.names import is_web_address, shortened
from flows.digest.channel import Part
from flows.digest.words import (
    address_of,
    authors_of,
    days_of,
    headline,
    institutions_of,
    left_out_line,
    page_of,
    sections,
    title_of,
    unread_line,
    where,
    why,
)
from flows.shown import in_one_line
from transforms.digest.records import Issue, Item, News, Unread

TITLE_LENGTH = 120
NAME_LENGTH = 300
LINE_LENGTH = 250
EXCERPT_LENGTH = 320
NOTES_SHOWN = 2
# A longer one is no address of a paper; without it the paper is told without a link.
URL_LENGTH = 500
# More than any issue has: a sheet that has room for these numbers has room for its own.
_SHEETS_MAX = 9999
# What the reader was told before needs no abstract.
_KNOWN = frozenset({News.ROSE, News.VERSION})
_TROUBLE, _OPEN = "Could not be looked at", "Still open"
# What a program would make an address, a call or a command of: a sign, and what must stand after it.
_LINKS = re.compile(r"(?<=:)(?=//)|(?<=\w\.)(?=[^\W\d_]{2})|(?<=\d\.)(?=\d+\.\d+\.\d)|(?<=@|(?<!\w)[#$/])(?=\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said of one item, or of one list that could not be looked at; empty where there is nothing to say.

    `kind` is `paper`, or `trouble` or `open` for a list. `heading` is the section in which it stands, `url` the paper,
    `code_url` its code, `page_url` its page on the site. `notes` are what reviews say, each with its source.
    """

    kind: Literal["paper", "trouble", "open"]
    entry_key: str
    heading: str
    name: str
    url: str | None = None
    code_url: str | None = None
    page_url: str | None = None
    byline: str = ""
    detail: str = ""
    where: str = ""
    why: str = ""
    excerpt: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def because(self) -> str:
        """Why the reader is told, as a line."""
        return f"Why: {self.why}" if self.why else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """What a chat says under the name: at most four lines."""
        notes = [f"{source}: {text}" for source, text in self.notes[:1]]
        said = (self.byline, " · ".join(each for each in (self.detail, self.where) if each), self.because, *notes)
        return tuple(shortened(each, LINE_LENGTH) for each in said if each)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one message says: its title with its number, a summary if it is the first, what it tells, the last words."""

    title: str
    number: int
    count: int
    headline: str
    days: str
    told: tuple[Told, ...] = ()
    end: str = ""

    @property
    def heading(self) -> str:
        """The title, and which of several it is."""
        return f"{self.title} ({self.number} of {self.count})" if self.count > 1 else self.title

    @property
    def summary(self) -> tuple[str, ...]:
        """What the whole issue holds, and of which days; the first message alone says it."""
        return (self.headline, self.days) if self.number == 1 else ()

    @property
    def sections(self) -> tuple[tuple[str, tuple[Told, ...]], ...]:
        """What it tells, by headings."""
        return tuple((heading, tuple(group)) for heading, group in groupby(self.told, lambda each: each.heading))


def parts_of(
    issue: Issue, site_url: str | None, write: Callable[[Sheet], str], fits: Callable[[Sheet], bool]
) -> tuple[Part, ...]:
    """The issue as messages that `fits` lets pass, written by `write`; every thing is told in one of them.

    One thing alone is always taken to fit: its texts are bounded, so that it does.
    """
    whole = Sheet(
        title=shortened(in_one_line(issue.title) or in_one_line(issue.reader), TITLE_LENGTH),
        number=1,
        count=_SHEETS_MAX,
        headline=headline(issue),
        days=days_of(issue),
        end=left_out_line(issue) or "",
    )
    cut = _cut(tuple(_all_told(issue, site_url)), lambda told: fits(replace(whole, told=told)))
    sheets = (
        replace(whole, number=number, count=len(cut), told=told, end=whole.end if number == len(cut) else "")
        for number, told in enumerate(cut, start=1)
    )
    return tuple(
        Part(
            part_id=f"{issue.issue_id}.{each.number}",
            payload=write(each),
            entry_keys=tuple(told.entry_key for told in each.told),
        )
        for each in sheets
    )


def length(text: str) -> int:
    """Characters as chats count them: in units of UTF-16, of which an emoji has two."""
    return len(text.encode("utf-16-le")) // 2


def unlinked(text: str) -> str:
    """The text with a character without width wherever a program would make an address or a call of it."""
    return _LINKS.sub("\N{WORD JOINER}", text)


def _cut(told: Sequence[Told], fits: Callable[[tuple[Told, ...]], bool]) -> tuple[tuple[Told, ...], ...]:
    cut: list[tuple[Told, ...]] = []
    now: tuple[Told, ...] = ()
    for each in told:
        if now and not fits((*now, each)):
            cut.append(now)
            now = ()
        now = (*now, each)
    return (*cut, now)


def _all_told(issue: Issue, site_url: str | None) -> Iterator[Told]:
    yield from (_told_unread(each, "trouble", _TROUBLE) for each in issue.trouble)
    for heading, items in sections(issue):
        yield from (_told_item(each, heading, site_url) for each in items)
    yield from (_told_unread(each, "open", _OPEN) for each in issue.unread if not each.is_trouble)


def _told_unread(unread: Unread, kind: Literal["trouble", "open"], heading: str) -> Told:
    name = shortened(unread_line(unread), NAME_LENGTH)
    return Told(kind=kind, entry_key=unread.entry_key, heading=heading, name=name)


def _told_item(item: Item, heading: str, site_url: str | None) -> Told:
    paper = item.paper
    name, abstract = title_of(paper), in_one_line(paper.abstract or "")
    notes = ((each.source, in_one_line(each.verdict or each.summary or "")) for each in paper.reviews)
    detail = " · ".join(filter(None, (in_one_line(item.detail), "withdrawn" if paper.is_withdrawn else "")))
    return Told(
        kind="paper",
        entry_key=item.entry_key,
        heading=heading,
        name=shortened(name, NAME_LENGTH),
        url=_address(address_of(paper, site_url)),
        code_url=_address(
            next((each.url for each in paper.links if each.kind == "code" and is_web_address(each.url)), None)
        ),
        page_url=_address(page_of(paper, site_url)),
        byline=_line(" · ".join(filter(None, (authors_of(paper), institutions_of(paper))))),
        detail=_line(detail),
        where=_line(where(item)),
        why=_line(why(item)),
        excerpt=shortened(abstract, EXCERPT_LENGTH) if paper.title and item.news not in _KNOWN else "",
        notes=tuple((source, shortened(text, EXCERPT_LENGTH)) for source, text in notes if text)[:NOTES_SHOWN],
    )


def _line(text: str) -> str:
    return shortened(text, LINE_LENGTH)


def _address(url: str | None) -> str | None:
    """The address with every sign encoded that could end it early in some markup; None if it is far too long."""
    if url is None:
        return None
    encoded = quote(url, safe=":/?#@!$&+,;=%~", errors="replace")
    return encoded if len(encoded) <= URL_LENGTH else None
