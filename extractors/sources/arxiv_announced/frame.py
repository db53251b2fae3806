"""What stands around the entries of one document: which list of which day it is, and how many entries it says it has.

A page of this source may be several documents, one after another: the parts of a long list, or an empty list and the
list that tells whether anything was announced that day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from extractors.errors import PageChanged, PageCut
from extractors.reading.markup import many, soup_of
from extractors.sources.arxiv_announced import refusals
from extractors.sources.arxiv_announced.texts import day_in, outside, words
from transforms.records import Page

if TYPE_CHECKING:
    from bs4 import Tag

PARTS_MAX = 50
_OPENS = re.compile(r"<html[\s>]", re.IGNORECASE)
_CLOSES = re.compile(r"</html>", re.IGNORECASE)
_DOCTYPE = re.compile(r"\s*(?:<!DOCTYPE[^>]{0,200}>\s*)?", re.IGNORECASE)
_BETWEEN_CHARACTERS_MAX = 2_000
_COMMENT = re.compile(r"<!--[^>]*-->")
_CATCHUP = re.compile(r"Catchup results for (?P<name>.+) on (?P<day>[^,]+, \d\d \S+ \d{4})")
_NEW = re.compile(r"Showing new listings for (?P<day>.+)")
_TOTAL = re.compile(r"Total of (\d{1,7}) entries\b")
_LIST_LINK = re.compile(r"(?:https?://(?:www\.)?arxiv\.org)?/(?:list|catchup)/(?P<series>[^/?#]+)/.*")
_NEXT_LINK = re.compile(r"(?:https?://(?:www\.)?arxiv\.org)?/catchup/[^/?#]+/(?P<day>\d{4}-\d\d-\d\d)(?:\?[^#]*)?")
_NOTHING = re.compile(r"No updates (?:for .+, or no updates within the requested subject|today)\.")
_BEYOND = re.compile(r"No further updates for .+")
_SAYINGS = ("Total of", "No updates", "No further updates")
_ONWARD = "Continue to the next day"
# Elements that nothing closes but the next one; all others nest, and very deep nesting costs a parser minutes.
_TAG = re.compile(r"<(?P<closes>/?)(?!(?:p|br|hr|dt|dd|li|td|th|tr|img|link|meta|input|option)\b)[a-z]", re.IGNORECASE)
_DEPTH_MAX = 500  # real pages have twenty
_HEADS_MAX = 50  # a page of a day has five, one of the last five days eight


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One document with a list. `name` is what the site calls the list, `codes` are those that its links name.

    `total` is None only for a list that was cut out of its page. `is_empty` is the site's own word that it has nothing
    for the day, `is_beyond` that this part has nothing, unlike the ones before. `outline` are the heads of third rank,
    and each `dt` and `dd`, in page order.
    """

    where: str
    is_catchup: bool
    day: date
    name: str | None
    codes: frozenset[str]
    total: int | None
    is_empty: bool
    is_beyond: bool
    next_on: date | None
    outline: tuple[Tag, ...]


def documents_of(text: str, where: str) -> tuple[tuple[str, str], ...]:
    """(name, text) of each document, in page order, whole. PageCut for one without its end, PageChanged for text."""
    starts = [found.start() for found in _OPENS.finditer(text)]
    if not starts:
        raise refusals.no_html(text, where)
    if len(starts) > PARTS_MAX + 1:
        raise PageChanged(where, f"at most {PARTS_MAX} parts", str(len(starts)))
    if not _is_blank(text[: starts[0]]):
        raise PageChanged(where, "the beginning of the page", repr(text[:40]))
    ends = [*starts[1:], len(text)]
    parts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    names = [where] if len(parts) == 1 else [f"{where} part {number}" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        closes = [found.end() for found in _CLOSES.finditer(part)]
        if not closes or not _is_blank(part[closes[-1] :]):
            raise PageCut(name, "a whole page that ends with </html>", f"…{part.rstrip()[-20:]!r}")
        _require_shallow(part, name)
    return tuple(zip(names, parts, strict=True))


def _require_shallow(text: str, where: str) -> None:
    depth = 0
    for tag in _TAG.finditer(text):
        depth = max(0, depth - 1) if tag["closes"] else depth + 1
        if depth > _DEPTH_MAX:
            raise PageChanged(where, f"elements at most {_DEPTH_MAX} deep", f"more before character {tag.start()}")


def _is_blank(text: str) -> bool:
    """Whether nothing but comments and the beginning of the next document stands there."""
    if len(text) > _BETWEEN_CHARACTERS_MAX and text.strip():
        return False
    return _DOCTYPE.fullmatch(_COMMENT.sub("", text).removeprefix("\ufeff")) is not None


def frame_of(text: str, where: str, page: Page) -> Frame:
    """The document's frame. Raises what the site's own words mean for a document without a list of one day."""
    soup = soup_of(text)
    body = soup.find(id="dlpage")
    if body is None:
        heads = soup.find_all("h3", limit=_HEADS_MAX)
        if not any(_NEW.fullmatch(words(each)) for each in heads):
            raise refusals.no_list(soup, where, page)
        body = many(soup, "body", where=where)[0]
    around = tuple(outside(body, ("dt", "dd")))
    outline = tuple(each for each in around if not isinstance(each, str))
    name, is_catchup, day = _named(outline, where)
    said = [" ".join(each.split()) for each in around if isinstance(each, str) and each.lstrip().startswith(_SAYINGS)]
    links = [str(each["href"]) for each in outline if each.name == "a" and each.get("href")]
    return Frame(
        where=where,
        is_catchup=is_catchup,
        day=day,
        name=name,
        codes=frozenset(found["series"] for found in map(_LIST_LINK.fullmatch, links) if found),
        total=_total(said, where),
        is_empty=any(map(_NOTHING.fullmatch, said)),
        is_beyond=any(map(_BEYOND.fullmatch, said)),
        next_on=_next_on(outline, where),
        outline=tuple(each for each in outline if each.name in ("h3", "dt", "dd")),
    )


def _named(outline: Sequence[Tag], where: str) -> tuple[str | None, bool, date]:
    """(name of the list, whether it is a catchup, day)."""
    heads = [each for each in outline if each.name in ("h1", "h2", "h3")]
    if len(heads) > _HEADS_MAX:
        raise PageChanged(f"{where} h1, h2, h3", f"at most {_HEADS_MAX} elements", str(len(heads)))
    titles, news = ([words(each) for each in heads if each.name == name] for name in ("h1", "h3"))
    catchups = [found for found in map(_CATCHUP.fullmatch, titles) if found]
    days = [found for found in map(_NEW.fullmatch, news) if found]
    if len(days) + len(catchups) != 1 or len(titles) > 1:
        raise refusals.other_list(titles, [words(each) for each in heads if each.name == "h2"], where)
    if catchups:
        return catchups[0]["name"], True, day_in(catchups[0]["day"], f"{where} h1")
    return titles[0] if titles else None, False, day_in(days[0]["day"], f"{where} h3")


def _total(said: Sequence[str], where: str) -> int | None:
    totals = {int(found[1]) for found in map(_TOTAL.match, said) if found}
    if len(totals) > 1:
        raise PageChanged(where, "one 'Total of N entries'", f"{sorted(totals)}")
    return totals.pop() if totals else None


def _next_on(outline: Sequence[Tag], where: str) -> date | None:
    """The next day with an announcement, as the page links it; None on the page of the last one."""
    links = [each for each in outline if each.name == "a" and each.string and words(each) == _ONWARD]
    days = {found["day"] for found in (_NEXT_LINK.fullmatch(str(each.get("href"))) for each in links) if found}
    if len(days) != bool(links):
        raise PageChanged(f"{where} a", "one address of the next day", f"{len(links)} links to {sorted(days)}")
    return day_in(days.pop(), f"{where} a") if days else None
