"""Hugging Face Daily Papers, a page per list day: entries come from its embedded JSON, cross-checked with its cards.

Last compared with real pages of 2026-02-20 to 2026-06-03 (twelve captures, 458 entries).

The page says which day it stands for; a day without a list redirects to another day's list: WrongPartition here.
`submitted_by` is the account name, as the card shows it. Cards alone are read only as a named, degraded fallback.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec

from extractors.errors import (
    EmptyList,
    PageChanged,
    PageCut,
    WrongPartition,
)
from extractors.reading.decode import decoded, utf8
from extractors.reading.embedded import Embedded, embedded_json
from extractors.reading.select import NoValue
from extractors.source import PageRequest, Schedule, Source
from extractors.sources.hf_daily import cards as hf_cards
from extractors.sources.hf_daily.fields import (
    counted,
    drift,
    outer_differences,
    told,
)
from extractors.sources.hf_daily.items import DayPage, rejection_or_entry
from transforms.records import (
    Closing,
    Entry,
    Expectations,
    Finding,
    Listing,
    Page,
    Rejection,
)

NAME = "hf_daily"
VERSION = 1
DEFAULT_URL = "https://huggingface.co"
ITEMS_MAX = 1000
EXPECTATIONS = Expectations(
    entries_min=1,
    entries_max=150,
    filled=(("arxiv_id", 0.9), ("title_text", 1.0), ("abstract_text", 0.9), ("authors", 0.9), ("published_on", 0.9)),
    abstract_characters=(100, 6000),
    abstract_median_min=400,  # of 458 captured ones the shortest has 547, while the site's own summaries have about 200
    days_since_published=(-2, 21),  # captured: 1 to 4
)


def parse(page: Page) -> tuple[Listing, ...]:
    """The one listing on the page. Raises WrongPartition where the page stands for another day than was asked for."""
    try:
        return (_read(page, *utf8(page)),)
    except UnicodeDecodeError:
        text, findings = decoded(page)
        return (_read(page, text.encode(), findings),)


def _read(page: Page, body: bytes, findings: tuple[Finding, ...]) -> Listing:
    """Read the body, which should be UTF-8. Raises UnicodeDecodeError where it is not."""
    end = body[-1000:].rstrip()
    if end[-7:].lower() != b"</html>":
        raise PageCut(page.url, "a complete page that ends with </html>", f"…{end.decode(errors='replace')[-20:]!r}")
    embedded = _embedded(body, page.final_url)
    said = _json_of(embedded) if embedded else None
    if embedded is None or said is None:
        return hf_cards.listing_of(page, body.decode(), findings)
    return _listing(page, said, embedded, findings)


def partitions(first: date, last: date) -> Sequence[date]:
    """List days are Mondays to Fridays; whether such a day has a list only its page can say."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if day.isoweekday() <= 5]


def request(partition_on: date, base_url: str) -> PageRequest:
    """The day's own page: the only address that is neither paged nor chosen by cookie."""
    url = f"{base_url.rstrip('/')}/papers/date/{partition_on.isoformat()}"
    return PageRequest(source=NAME, asked_on=partition_on, url=url)


def _embedded(body: bytes, where: str) -> Embedded | None:
    try:
        return embedded_json(body, tag="div", marker='data-target="DailyPapers"', name="data-props", where=where)
    except NoValue:
        return None


def _json_of(embedded: Embedded) -> Any:
    """The decoded JSON, None where it is no JSON at all. Raises UnicodeDecodeError where a string is no UTF-8."""
    try:
        return msgspec.json.decode(embedded.value)
    except msgspec.DecodeError:
        embedded.value.decode()
        return None


def _listing(page: Page, said: Any, embedded: Embedded, findings: tuple[Finding, ...]) -> Listing:
    day = _day_of(said, page.final_url)
    partition_on, next_on = _date(day.dateString, "dateString"), _optional_date(day.nextDate, "nextDate")
    _require_day_page(page, day)
    if page.asked_on is not None and page.asked_on != partition_on:
        raise WrongPartition(page.asked_on, partition_on, next_on=next_on)
    _require_size(page, day)
    items = day.dailyPapers
    fields = counted(said, items)
    read = [rejection_or_entry(item, position) for position, item in enumerate(items, start=1)]
    entries = tuple(each for each in read if isinstance(each, Entry))
    if not entries:
        raise PageChanged(f"{page.final_url} dailyPapers", "entries with an id and a title", "none of them readable")
    return Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=partition_on,
        is_closed=next_on is not None,
        entries=entries,
        rejections=tuple(each for each in read if isinstance(each, Rejection)),
        findings=(
            *findings,
            *drift(fields),
            *outer_differences(items),
            *hf_cards.compared(page, (embedded.before, embedded.after), items),
        ),
        previous_on=_optional_date(day.prevDate, "prevDate"),
        next_on=next_on,
        fields=told(fields),
    )


def _day_of(said: Any, where: str) -> DayPage:
    try:
        return msgspec.convert(said, DayPage)
    except msgspec.ValidationError as error:
        raise PageChanged(f"{where} data-props", "the known shape of a day page", str(error)) from error


def _require_day_page(page: Page, day: DayPage) -> None:
    observed = {"periodType": day.periodType, "isTrending": day.isTrending, "query": day.query}
    expected = {"periodType": "day", "isTrending": False, "query": {}}
    if observed != expected:
        raise PageChanged(f"{page.final_url} data-props", f"a day page {expected}", str(observed))


def _require_size(page: Page, day: DayPage) -> None:
    count = len(day.dailyPapers)
    if count == 0:
        raise EmptyList(f"{page.final_url} dailyPapers", "entries", "an empty list")
    if count > ITEMS_MAX:
        raise PageChanged(f"{page.final_url} dailyPapers", f"at most {ITEMS_MAX} entries", str(count))


def _date(text: str, name: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise PageChanged(f"data-props {name}", "a date YYYY-MM-DD", repr(text)) from error
    if day.isoformat() != text:
        raise PageChanged(f"data-props {name}", "a date YYYY-MM-DD", repr(text))
    return day


def _optional_date(text: str | None, name: str) -> date | None:
    return None if text is None else _date(text, name)


SOURCE = Source(
    name=NAME,
    version=VERSION,
    parse=parse,
    partitions=partitions,
    expectations=EXPECTATIONS,
    closing=Closing.TWO_READS,
    trust=1,
    suffix="html",
    request=request,
    default_url=DEFAULT_URL,
    token_variable="PAPERLOG_HF_TOKEN",  # noqa: S106 - the variable's name, no token
    schedules=(
        Schedule(slug="same-day", cron="0 22 * * *", days_back=(0,)),
        Schedule(slug="day-after", cron="0 12 * * *", days_back=(1,)),
        Schedule(slug="later", cron="30 12 * * *", days_back=(3, 7, 14)),
    ),
)
