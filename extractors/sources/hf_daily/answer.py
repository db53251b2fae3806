"""An answer of the site's API for one day: `daily_papers?date=D`, a JSON list of the items that a page carries too.

Last compared with 25 archived answers of 2024-05-27 to 2026-08-11. An answer neither names its day nor its neighbours,
and may be cut at its limit: it is a partial reading, which adds to a list and never closes it or takes from it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from extractors.errors import PageChanged, WrongPartition
from extractors.reading.decode import utf8
from extractors.sources.hf_daily.items import (
    count_fields,
    field_shares,
    field_warnings,
    json_of,
    outer_differences,
    read_items,
)
from transforms.records import Finding, Listing, Page

DEFAULT_LIMIT = 50  # the API cuts there without a word
SUBMITTED_SINCE = date(2025, 3, 17)  # from then on each item has the day on which it was listed
_DAY_IN_NAME = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")


def listing_of(page: Page) -> Listing:
    """The partial listing in an answer. Raises PageChanged if it is no list of items, or nothing tells its day."""
    body, findings = utf8(page)
    items = _items(page, body)
    entries, rejections = read_items(items, page.final_url)
    day = _day(page, items)
    fields = count_fields(None, items)
    return Listing(
        source=page.source,
        page_sha256=page.sha256,
        partition_on=day,
        is_closed=False,
        is_partial=True,
        entries=entries,
        rejections=rejections,
        findings=(*findings, *_cut(items), *field_warnings(fields, day), *outer_differences(items)),
        fields=field_shares(fields),
    )


def _items(page: Page, body: bytes) -> Sequence[Any]:
    data = json_of(body)
    if data is None:
        raise PageChanged(page.final_url, "the JSON of an answer of the API", "text that is no JSON")
    if not isinstance(data, list):
        found = (
            f"an object with {', '.join(sorted(map(str, data))[:5])}" if isinstance(data, dict) else type(data).__name__
        )
        raise PageChanged(page.final_url, "a list of items", found)
    strings = sum(isinstance(item, str) for item in data)
    if strings:  # an archive wrote 22 days so (2024-12-11 to 2025-01-10)
        raise PageChanged(page.final_url, "items that are objects", f"{strings} strings as Python prints objects")
    return data


def _day(page: Page, items: Sequence[Any]) -> date:
    """The day of the list: as asked for or named, and as the items have it; both must agree."""
    where, named, submitted = page.final_url, page.asked_on or _named_day(page), _submitted_day(items)
    if named is None:
        if submitted is None:
            raise PageChanged(where, "a day in the items, or a file that is called YYYY-MM-DD.json", "neither")
        return submitted
    if submitted is None and named >= SUBMITTED_SINCE:
        raise PageChanged(where, "items with the day of their listing", "none, or many days")
    if submitted not in (None, named):
        if page.asked_on is not None:
            raise WrongPartition(page.asked_on, submitted)
        raise PageChanged(where, f"items of {named}, the day in its name", f"items listed on {submitted}")
    return named


def _named_day(page: Page) -> date | None:
    try:
        return date.fromisoformat(_DAY_IN_NAME.findall(page.url)[-1])
    except (IndexError, ValueError):
        return None


def _submitted_day(items: Sequence[Any]) -> date | None:
    """The day that all or most of the items have as that of their listing."""
    days = Counter(_submitted(item) for item in items)
    day, count = days.most_common(1)[0]
    return day if count * 2 > len(items) else None


def _submitted(item: Any) -> date | None:
    paper = item.get("paper") if isinstance(item, dict) else None
    text = paper.get("submittedOnDailyAt") if isinstance(paper, dict) else None
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def _cut(items: Sequence[Any]) -> Iterator[Finding]:
    if len(items) == DEFAULT_LIMIT:
        yield Finding.warning("may_be_cut", f"{DEFAULT_LIMIT} items, the API's own limit", "another number of items")
