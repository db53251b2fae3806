"""An answer of the site's API for one day: `daily_papers?date=D`, a JSON list of the items that a page carries too.

Last compared with 25 archived answers of 2024-05-27 to 2026-08-11. An answer neither names its day nor its neighbours,
and may be cut at its limit: it is a partial reading, which adds to a list and never closes it or takes from it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from statistics import median_low
from typing import Any

from extractors.errors import PageChanged, WrongPartition
from extractors.sources.hf_daily.items import (
    count_fields,
    field_shares,
    field_warnings,
    outer_differences,
    read_items,
)
from extractors.sources.hf_daily.json_file import json_in
from transforms.records import Finding, Listing, Page

LIMITS = (50, 100)  # the API's usual and its largest: it cuts there without a word
SUBMITTED_SINCE = date(2025, 3, 17)  # from then on each item has the day on which it was listed
_SUBMITTED = "dailyPapers[].paper.submittedOnDailyAt"
_OTHER_DAYS_SHARE_MAX = 0.1
# A date in a name, unless a clock time follows it: that is when somebody read or saved the file, not the list's day.
_CLOCK = r"(?!\d{4}-\d\d-\d\d)(?:\d{4}|\d{1,2}[:.h\uff1a_-]\d{2}|\d{1,2}[ _-]?[ap]m)"
_DAY_IN_NAME = re.compile(rf"(?<!\d)(\d{{4}}-\d{{2}}-\d{{2}})(?!\d|[ _T-]+(?:at[ _-]+)?{_CLOCK})", re.IGNORECASE)
_MONTH_OF_ID = re.compile(r"(\d\d)(0[1-9]|1[0-2])\.\d{4,5}(?:v\d+)?")
_MONTHS_BEFORE_MAX = 2  # lists are of papers of the last three weeks


def listing_of(page: Page) -> Listing:
    """The partial listing in an answer. Raises PageChanged if it is no list of items, or nothing tells its day."""
    data, findings = json_in(page)
    items = _items(page, data)
    entries, rejections = read_items(items, page.final_url)
    days = _submitted_days(items)
    day = _day(page, items, days)
    fields = count_fields(None, items)
    return Listing(
        source=page.source,
        page_sha256=page.sha256,
        partition_on=day,
        is_closed=False,
        is_partial=True,
        entries=entries,
        rejections=rejections,
        findings=(
            *findings,
            *_cut(items),
            *field_warnings(fields, day),
            *_day_warnings(items, days, day),
            *outer_differences(items),
        ),
        fields=field_shares(fields),
    )


def _items(page: Page, data: Any) -> Sequence[Any]:
    if not isinstance(data, list):
        raise PageChanged(page.final_url, "a list of items", _not_a_list(data))
    strings = sum(isinstance(item, str) for item in data)
    if strings:  # an archive wrote 22 days so (2024-12-11 to 2025-01-10)
        raise PageChanged(page.final_url, "items that are objects", f"{strings} strings as Python prints objects")
    return data


def _not_a_list(data: Any) -> str:
    """What stands in the place of the list, and how to come by the list where that is plain."""
    if not isinstance(data, dict):
        return "nothing (null)" if data is None else f"one value ({type(data).__name__})"
    found = f"an object with {', '.join(sorted(map(str, data))[:5]) or 'nothing in it'}"
    if isinstance(data.get("paper"), dict):
        return f"{found}: a single item; make a list of all the day's items (jq -s . FILE)"
    if isinstance(data.get("error"), str):
        return f"{found}: the site's refusal {data['error'][:80]!r}; get the answer again"
    lists = (name for name, value in data.items() if isinstance(value, list) and any(map(_is_object, value)))
    inside = next(lists, None)
    return found if inside is None else f"{found}: take the list out of it (jq '.[\"{inside[:80]}\"]' FILE)"


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _day(page: Page, items: Sequence[Any], days: Mapping[date, Sequence[int]]) -> date:
    """The day of the list: as asked for or named, and as the items have it; both must agree."""
    where, named, submitted = page.final_url, page.asked_on or _named_day(page), _only_day(page, days)
    if named is None:
        if submitted is None or len(days[submitted]) * 2 <= len(items):
            raise PageChanged(where, "a day in most items, or a file that is called YYYY-MM-DD.json", "neither")
        return submitted
    if submitted is None:
        _require_month(where, items, named)
    elif submitted != named:
        if page.asked_on is not None:
            raise WrongPartition(page.asked_on, submitted)
        raise PageChanged(where, f"items of {named}, the day in its name", f"items listed on {submitted}")
    return named


def _named_day(page: Page) -> date | None:
    """The one day in the file's name or the address."""
    try:
        (named,) = {date.fromisoformat(text) for text in _DAY_IN_NAME.findall(page.url)}
    except ValueError:
        return None
    return named


def _submitted_days(items: Sequence[Any]) -> Mapping[date, Sequence[int]]:
    """The places of the items that were listed on each day, as far as they tell, the most usual day first."""
    places: defaultdict[date, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if (day := _submitted(item)) is not None:
            places[day].append(place)
    return dict(sorted(places.items(), key=lambda each: (-len(each[1]), each[0])))


def _only_day(page: Page, days: Mapping[date, Sequence[int]]) -> date | None:
    """The day of all items but single ones, None if no item has one. PageChanged for a file of several days."""
    if not days:
        return None
    counts = {day: len(places) for day, places in days.items()}
    (day, most), total = next(iter(counts.items())), sum(counts.values())
    others = total - most
    if others > max(1, _OTHER_DAYS_SHARE_MAX * total) or others >= most:
        named = ", ".join(f"{count} of {each}" for each, count in sorted(counts.items())[:5])
        raise PageChanged(page.final_url, "items of one day", f"{named}: make one file a day, called YYYY-MM-DD.json")
    return day


def _submitted(item: Any) -> date | None:
    paper = item.get("paper") if isinstance(item, dict) else None
    text = paper.get("submittedOnDailyAt") if isinstance(paper, dict) else None
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None


def _require_month(where: str, items: Sequence[Any], named: date) -> None:
    """Where the name alone tells the day, the ids must not tell another time."""
    found = [match for match in map(_MONTH_OF_ID.fullmatch, map(_id, items)) if match]
    if not found:
        return
    middle = median_low((2000 + int(match[1])) * 12 + int(match[2]) for match in found)
    before = named.year * 12 + named.month - middle
    if not 0 <= before <= _MONTHS_BEFORE_MAX:
        year, month = divmod(middle - 1, 12)
        observed = f"papers of about {year}-{month + 1:02}"
        raise PageChanged(where, f"papers of the months before {named}, the day in its name", observed)


def _id(item: Any) -> str:
    paper = item.get("paper") if isinstance(item, dict) else None
    text = paper.get("id") if isinstance(paper, dict) else None
    return text if isinstance(text, str) else ""


def _cut(items: Sequence[Any]) -> Iterator[Finding]:
    if len(items) in LIMITS:
        yield Finding.warning("may_be_cut", f"{len(items)} items, a limit of the API's own", "another number of items")


def _day_warnings(items: Sequence[Any], days: Mapping[date, Sequence[int]], day: date) -> Iterator[Finding]:
    for other, places in days.items():
        if other != day:
            place = ", ".join(f"dailyPapers[{each}]" for each in places)
            yield Finding.warning("listed_on_another_day", str(other), f"{day}, as the other items have it", place)
    told = sum(map(len, days.values()))
    if told < len(items) and day >= SUBMITTED_SINCE:
        yield Finding.warning("vanished_field", f"a day in {told} of {len(items)}", "in every one", _SUBMITTED)
