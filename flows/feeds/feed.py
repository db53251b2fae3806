"""What a feed says, whichever form it is written in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

# Of this project alone: ids of items are made in it from keys of papers, and stay the same whoever publishes the feed.
_NAMESPACE = uuid.UUID("6f2d2a4e-7c0b-5d8e-9a57-2f1f0c3b9d41")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One paper in a feed. `paper_url` is where it is published, `page_url` the page about it; both may be unknown.

    `content` is text, or HTML of our own making in which every text of others is escaped (`is_html`).
    """

    id: str
    title: str
    authors: tuple[str, ...] = ()
    published_at: datetime
    updated_at: datetime
    paper_url: str | None = None
    page_url: str | None = None
    summary: str | None = None
    content: str
    is_html: bool = False
    categories: tuple[str, ...] = ()

    @property
    def url(self) -> str | None:
        """Where a reader goes: the paper, else the page about it."""
        return self.paper_url or self.page_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A document of a feed, with its items newest first. `home_url` is the site's start page, if it is known.

    A long feed has several documents in one folder. `older`, `newer` and `latest` name those around this one, without
    the suffix of a form; what an archive holds never changes (RFC 5005).
    """

    id: str
    title: str
    description: str
    home_url: str | None
    items: tuple[Item, ...]
    is_of: str = "Paperlog"
    is_archive: bool = False
    older: str | None = None
    newer: str | None = None
    latest: str | None = None

    @property
    def updated_at(self) -> datetime | None:
        """When anything in it changed last; None for an empty one."""
        return max((each.updated_at for each in self.items), default=None)


def id_of(*names: str) -> str:
    """An id that lives as long as what the names stand for, such as `"paper"` and its key: `urn:uuid:…`."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, '/'.join(quote(each, safe='') for each in names))}"
