"""How large things get in a document: a feed reader may refuse one of more than a megabyte."""

from __future__ import annotations

from flows.feeds import atom, json_feed
from flows.feeds.feed import Feed, Item


def bytes_of(item: Item) -> int:
    """How many bytes an item takes at most, in that form which takes more of them."""
    alone = Feed(id="", title="", description="", home_url=None, items=(item,))
    return max(len(atom.atom_of(alone, own_url=None)), len(json_feed.json_feed_of(alone, own_url=None)))
