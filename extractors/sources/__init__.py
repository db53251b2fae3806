"""Every digest that can be read, by name."""

from __future__ import annotations

from collections.abc import Mapping

from extractors.source import Source
from extractors.sources import (
    hf_daily,
    hf_listing_text,
    ml_papers_week,
    weekly_review,
)

SOURCES: Mapping[str, Source] = {
    each.name: each for each in (hf_daily.SOURCE, hf_listing_text.SOURCE, weekly_review.SOURCE, ml_papers_week.SOURCE)
}


def source_named(name: str) -> Source:
    """The source of that name; ValueError lists the names that there are."""
    try:
        return SOURCES[name]
    except KeyError:
        raise ValueError(f"no source is named {name!r}; there are: {', '.join(SOURCES)}") from None
