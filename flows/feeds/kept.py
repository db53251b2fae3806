"""A feed that is kept for ever: what was added once stays as it is, and no document of it grows too large.

Its folder holds the items in pages, `items-0001.json` and on, of which only the last one grows, and the documents that
are made of them. `feed.xml` and `feed.json` have the last two pages. Each page has documents of its own too: once the
next page has begun, they are archives (RFC 5005), and are never written again. Links between the documents are
relative, so that they hold wherever the folder is served. One process at a time may add to a feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from extractors.landing.files import listed, write_whole
from flows.feeds import atom, json_feed
from flows.feeds.feed import Feed, Item
from flows.feeds.sizes import bytes_of
from flows.home import FEEDS
from transforms.errors import PaperlogError

CURRENT = "feed"
ITEMS_A_PAGE = 50
BYTES_A_PAGE = 450_000
"""A page has so many items, and more bytes than this only if it has one item."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_DOCUMENT = re.compile(r"(feed|archive-\d{4,})\.(xml|json)")
# The mark of an archive stands before any text.
_HEAD_BYTES = 400


class FeedError(PaperlogError):
    """A feed cannot be added to; the message names the file, and says what to do."""


_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """The file of a page: its items, oldest first."""

    items: tuple[Item, ...]
    version: Literal[1] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Id:
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ids:
    """The same, of which only ids are read."""

    items: tuple[_Id, ...]
    version: Literal[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFeed:
    """One feed of a reader; most have only the one of the channel `feed`. FeedError if a name is no plain one."""

    reader: str
    channel: str = CURRENT

    def __post_init__(self) -> None:
        for each in (self.reader, self.channel):
            if not _NAME.fullmatch(each):
                raise FeedError(f"{each!r} cannot name a feed: take letters, digits, - and _, at most 64")

    @property
    def name(self) -> str:
        """The reader's name, with that of the channel if it is another one."""
        return self.reader if self.channel == CURRENT else f"{self.reader}, {self.channel}"

    @property
    def address(self) -> str:
        """Its folder below the home, and where it is on the server."""
        return f"{FEEDS}/{self.reader}" if self.channel == CURRENT else f"{FEEDS}/{self.reader}/{self.channel}"


def feeds_in(home: Path) -> tuple[KeptFeed, ...]:
    """All feeds that are kept in a home, sorted."""
    places = (home / FEEDS).glob(f"*/{CURRENT}.xml"), (home / FEEDS).glob(f"*/*/{CURRENT}.xml")
    names = sorted(each.parent.relative_to(home / FEEDS).parts for each in chain(*places))
    plain = [each for each in names if all(map(_NAME.fullmatch, each))]
    return tuple(KeptFeed(reader=each[0], channel=(*each, CURRENT)[1]) for each in plain)


def document_of(home: Path, feed: KeptFeed, name: str) -> Path | None:
    """The file of a document, such as `feed.xml` or `archive-0001.json`; None if there can be none of that name."""
    return home / feed.address / name if _DOCUMENT.fullmatch(name) else None


def keep(folder: Path, feed: Feed) -> None:
    """Add those items of `feed`, oldest first, whose ids are not there yet, and write the documents anew.

    Whoever is stopped in between does the same again: nothing is lost, and nothing stands there twice. Raises FeedError
    before anything is written if the feed that is there is damaged, and OSError if a file cannot be written.
    """
    for left in listed(folder, ".*.tmp"):
        left.unlink()  # of a run that was killed
    count, ids = _known(folder)
    # The two of which documents are made are read whole before anything is written.
    last = [_read(folder, number, _Page).items for number in range(max(count - 1, 1), count + 1)][-1:]
    pages = _filled(last, {each.id: each for each in feed.items if each.id not in ids}.values())
    first = max(count, 1)
    for number, items in enumerate(pages, start=first):
        if [items] != last:
            write_whole(_page_in(folder, number), msgspec.json.encode(_Page(items=items)) + b"\n")
    _write_documents(folder, feed, first + len(pages) - 1)


def _known(folder: Path) -> tuple[int, set[str]]:
    """How many pages there are, and all ids in them."""
    names = [each.name for each in listed(folder, "items-*.json")]
    archives = [each.name for each in listed(folder, "archive-*.xml")]
    for number in range(1, max(len(names), len(archives)) + 1):
        if (path := _page_in(folder, number)).name not in names:
            raise _broken(path, "is missing")
    return len(names), {each.id for number in range(1, len(names) + 1) for each in _read(folder, number, _Ids).items}


def _filled(last: Sequence[tuple[Item, ...]], new: Iterable[Item]) -> list[tuple[Item, ...]]:
    """The last page, if there is one, with what there is room for, and the pages after it."""
    pages = list(last) or [()]
    size = sum(map(bytes_of, pages[-1]))
    for item in new:
        size += (more := bytes_of(item))
        if pages[-1] and (size > BYTES_A_PAGE or len(pages[-1]) == ITEMS_A_PAGE):
            pages.append(())
            size = more
        pages[-1] = (*pages[-1], item)
    return pages


def _write_documents(folder: Path, feed: Feed, count: int) -> None:
    """Archives first, the documents that lead to them last; of an archive, the form that shows that it is one last."""
    for number in range(1, count + 1):
        if not _is_closed(folder, number):
            archive = replace(
                feed,
                items=_newest_first(folder, (number,)),
                is_archive=number < count,
                latest=CURRENT,
                older=_archive(number - 1) if number > 1 else None,
                newer=_archive(number + 1) if number < count else None,
            )
            _write(folder, _archive(number), archive)
    items = _newest_first(folder, range(max(count - 1, 1), count + 1))
    _write(folder, CURRENT, replace(feed, items=items, older=_archive(count - 2) if count > 2 else None))


def _newest_first(folder: Path, numbers: Sequence[int]) -> tuple[Item, ...]:
    """What these pages hold."""
    return tuple(reversed([item for number in numbers for item in _read(folder, number, _Page).items]))


def _write(folder: Path, name: str, feed: Feed) -> None:
    own = f"{name}{atom.SUFFIX}"
    for path, body in (
        (folder / f"{name}{json_feed.SUFFIX}", json_feed.json_feed_of(feed, own_url=None)),
        (folder / own, atom.atom_of(feed, own_url=own)),
    ):
        if not path.exists() or path.read_bytes() != body:
            write_whole(path, body)


def _is_closed(folder: Path, number: int) -> bool:
    try:
        with (folder / f"{_archive(number)}{atom.SUFFIX}").open("rb") as file:
            return f"<{atom.ARCHIVE} />".encode() in file.read(_HEAD_BYTES)
    except FileNotFoundError:
        return False


def _archive(number: int) -> str:
    return f"archive-{number:04}"


def _page_in(folder: Path, number: int) -> Path:
    return folder / f"items-{number:04}.json"


def _read(folder: Path, number: int, record: type[_Read]) -> _Read:
    path = _page_in(folder, number)
    try:
        return msgspec.json.decode(path.read_bytes(), type=record)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise _broken(path, f"is damaged ({error})") from error


def _broken(path: Path, what: str) -> FeedError:
    remedy = f"bring it back from a back-up, or move {path.parent} away and begin a new feed"
    return FeedError(f"{path} {what}, and says what the feed has told: {remedy}")
