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
    """One paper in a feed. `paper_url` is where it is published, `page_url` the page about it; both may be unknown."""

    id: str
    title: str
    authors: tuple[str, ...]
    published_at: datetime
    updated_at: datetime
    paper_url: str | None
    page_url: str | None
    summary: str | None
    text: str
    categories: tuple[str, ...] = ()

    @property
    def url(self) -> str | None:
        """Where a reader goes: the paper, else the page about it."""
        return self.paper_url or self.page_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed with its items, newest first. `home_url` is the site's start page; both addresses may be unknown."""

    id: str
    title: str
    description: str
    home_url: str | None
    items: tuple[Item, ...]
    is_of: str = "Paperlog"

    @property
    def updated_at(self) -> datetime | None:
        """When anything in it changed last; None for an empty one."""
        return max((each.updated_at for each in self.items), default=None)


def id_of(*names: str) -> str:
    """An id that lives as long as what the names stand for, such as `"paper"` and its key: `urn:uuid:…`."""
    return f"urn:uuid:{uuid.uuid5(_NAMESPACE, '/'.join(quote(each, safe='') for each in names))}"
