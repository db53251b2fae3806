"""JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from flows.feeds.feed import Feed, Item

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"
SUFFIX = ".json"


def json_feed_of(feed: Feed, *, own_url: str | None) -> bytes:
    """The feed as a document; `own_url` is where it will lie, if that is known."""
    document = _known(
        version=VERSION,
        title=feed.title,
        description=feed.description,
        home_page_url=feed.home_url,
        feed_url=own_url,
        next_url=feed.older and f"{feed.older}{SUFFIX}",
        authors=[{"name": feed.is_of}],
        language="en",
    )
    written = msgspec.json.encode({**document, "items": [_item(each) for each in feed.items]})
    return msgspec.json.format(written, indent=1) + b"\n"


def _item(item: Item) -> Mapping[str, object]:
    return _known(
        id=item.id,
        url=item.page_url or item.paper_url,
        external_url=item.paper_url if item.page_url else None,
        title=item.title,
        content_html=item.content if item.is_html else None,
        content_text=None if item.is_html else item.content,
        summary=item.summary,
        date_published=_moment(item.published_at),
        date_modified=_moment(item.updated_at),
        authors=[{"name": each} for each in item.authors] or None,
        tags=list(item.categories) or None,
    )


def _known(**members: object) -> dict[str, object]:
    """Only members with a value: the format has no null."""
    return {name: value for name, value in members.items() if value is not None}


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
