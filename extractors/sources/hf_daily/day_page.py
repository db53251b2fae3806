"""Hugging Face Daily Papers, a page per list day: entries come from its embedded JSON, cross-checked with its cards.

Last compared with real pages of 2026-02-20 to 2026-06-03 (twelve captures, 458 entries) and of 2024-08-01 (another
layout). An answer of the site's API for a day is read as a second, partial reading of it: see `answer`. It is fetched
only with `--answer`, from `/api/daily_papers?date=D&limit=100`: at most 100 items, of a morning only those that are in.

The day of a page is in its JSON; a day without a list redirects to another day's page: WrongPartition here.
`submitted_by` is the account name, as on the card. Cards alone are read only as a degraded fallback, with a finding.
An open day has no `nextDate`: entries and upvotes still come in, and entries may go.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import msgspec

from extractors.errors import (
    PageChanged,
    PageCut,
    WrongPartition,
)
from extractors.reading.decode import decoded, utf8
from extractors.reading.markup import Embedded, NoValue, embedded_json, iso_day, rewritten
from extractors.source import PageRequest, Schedule, Source, working_days
from extractors.sources.hf_daily import answer, cards
from extractors.sources.hf_daily.items import (
    DayPage,
    count_fields,
    field_shares,
    field_warnings,
    json_of,
    outer_differences,
    read_items,
)
from extractors.sources.hf_daily.json_file import is_json
from transforms.records import (
    Closing,
    Expectations,
    Finding,
    Listing,
    Page,
)

NAME = "hf_daily"
_ADDED = re.compile(rb"<!--.*?-->|<(script|style)\b[^>]*>.*?</\1>|\s+", re.DOTALL | re.IGNORECASE)
_MARKER = b'data-target="DailyPapers"'
_MARKED = re.compile(rb"data-target\s*=\s*[\"']?DailyPapers\b", re.IGNORECASE)
_LIST = re.compile(rb"<(article|html|!doctype)\b|" + _MARKED.pattern, re.IGNORECASE)
EXPECTATIONS = Expectations(
    entries_min=1,
    entries_max=150,
    filled=(("arxiv_id", 0.9), ("title_text", 1.0), ("abstract_text", 0.9), ("authors", 0.9), ("published_on", 0.9)),
    abstract_characters=(100, 6000),
    abstract_median_min=400,  # of 458 captured ones the shortest has 547, while the site's own summaries have about 200
    days_since_published=(-2, 21),  # captured: 1 to 4
)
SCHEDULES = (
    Schedule(slug="same-day", cron="0 22 * * *", days_back=(0,)),
    Schedule(slug="day-after", cron="0 12 * * *", days_back=(1,)),  # 14 hours later: the second reading that closes it
    Schedule(slug="later", cron="30 12 * * *", days_back=(3, 7, 14)),  # for the upvotes
)


def parse(page: Page) -> tuple[Listing, ...]:
    """The one listing on the page, or in an answer of the site's API.

    Raises WrongPartition if the page stands for another day than was asked for.
    """
    if is_json(page):
        return (answer.listing_of(page),)
    try:
        try:
            return (_read(page, *utf8(page)),)
        except UnicodeDecodeError:
            text, findings = decoded(page)
            return (_read(page, text.encode(), findings),)
    except RecursionError as error:
        raise PageChanged(
            page.final_url, "JSON as deep as that of a list", "brackets in brackets without end"
        ) from error


def request(partition_on: date, base_url: str) -> PageRequest:
    """The day's own page: the only address that is neither paged nor chosen by cookie."""
    url = f"{base_url.rstrip('/')}/papers/date/{partition_on.isoformat()}"
    return PageRequest(source=NAME, asked_on=partition_on, url=url)


def answer_request(partition_on: date, base_url: str) -> PageRequest:
    """The API's answer for the day, as long as it gives one; a day without a list answers `[]`, a future one 400."""
    url = f"{base_url.rstrip('/')}/api/daily_papers?date={partition_on.isoformat()}&limit={max(answer.LIMITS)}"
    return PageRequest(source=NAME, asked_on=partition_on, url=url, is_answer=True)


def _read(page: Page, body: bytes, findings: tuple[Finding, ...]) -> Listing:
    """Read the body, which should be UTF-8. Raises UnicodeDecodeError if it is not."""
    body = _as_captured(page, _whole(page, body))
    embedded = _embedded(body, page.final_url)
    data = json_of(embedded.value) if embedded else None
    if embedded is None and page.asked_on is None and b"<article" not in body:
        found = "none, and no cards: of a reader's view adopt the text, as hf_listing_text"
        raise PageChanged(f"{page.final_url} div[data-target=DailyPapers]", "embedded JSON", found)
    if embedded is None or data is None:
        return cards.listing_of(page, body.decode(), findings)
    return _listing(page, data, embedded, findings)


def _whole(page: Page, body: bytes) -> bytes:
    """The body up to the `</html>` behind its last card. Raises PageCut if it has none.

    Archives and toolbars add comments, styles and scripts behind it; to a saved page browsers add elements and text,
    too. That none of the list is missing is told by its cards and its JSON, which must agree.
    """
    end = body[-1000:].rstrip()
    if end[-7:].lower() == b"</html>":
        return body
    lower = body.lower()
    at = lower.find(b"</html>", max(0, lower.rfind(b"</article>")))
    behind = _ADDED.sub(b" ", body[at + 7 :]).strip() if at >= 0 else body
    if at < 0 or (behind and (page.asked_on is not None or _LIST.search(behind))):
        _refuse_text(page, lower)
        raise PageCut(
            page.final_url, "a complete page that ends with </html>", f"…{end.decode(errors='replace')[-20:]!r}"
        )
    return body[: at + 7]


def _refuse_text(page: Page, lower: bytes) -> None:
    """What a reader's view, a converter or copy and paste leaves of a page is another source's form."""
    if not any(mark in lower for mark in (b"<html", b"<!doctype", b"<div", b"<body", b"</")):
        expected = "the HTML of a day page, or an answer of the API"
        raise PageChanged(page.final_url, expected, "text: adopt a text copy of a list as hf_listing_text")


def _as_captured(page: Page, body: bytes) -> bytes:
    """The same page with quoted attributes and small tags, if a tool that saves or shrinks pages has changed them."""
    if page.asked_on is not None and _MARKER in body:
        return body
    is_plain = len(_MARKED.findall(body)) == body.count(_MARKER)
    return body if is_plain and b"<ARTICLE" not in body else rewritten(body.decode()).encode()


def _embedded(body: bytes, where: str) -> Embedded | None:
    try:
        return embedded_json(body, tag="div", marker=_MARKER.decode(), name="data-props", where=where)
    except NoValue:
        return None


def _listing(page: Page, data: Any, embedded: Embedded, findings: tuple[Finding, ...]) -> Listing:
    day = _day_of(data, page.final_url)
    _require_day_page(page, day)
    partition_on, next_on = _own_day(day), _optional_day(day.nextDate, "nextDate")
    if page.asked_on is not None and page.asked_on != partition_on:
        raise WrongPartition(page.asked_on, partition_on, next_on=next_on)
    items = day.dailyPapers
    entries, rejections = read_items(items, f"{page.final_url} dailyPapers")
    fields = count_fields(data, items)
    return Listing(
        source=NAME,
        page_sha256=page.sha256,
        partition_on=partition_on,
        is_closed=next_on is not None,
        entries=entries,
        rejections=rejections,
        findings=(
            *findings,
            *field_warnings(fields, partition_on),
            *outer_differences(items),
            *cards.differences(page, (embedded.before, embedded.after), items),
        ),
        previous_on=_optional_day(day.prevDate, "prevDate"),
        next_on=next_on,
        fields=field_shares(fields),
    )


def _day_of(data: Any, where: str) -> DayPage:
    try:
        return msgspec.convert(data, DayPage)
    except msgspec.ValidationError as error:
        raise PageChanged(f"{where} data-props", "the known shape of a day page", str(error)) from error


def _require_day_page(page: Page, day: DayPage) -> None:
    """Weeks, months, trending and search have the same markup, and would be loaded as a day."""
    if day.is_of_2024:
        return
    observed = {"periodType": day.periodType, "isTrending": day.isTrending, "query": day.query}
    expected = {"periodType": "day", "isTrending": False, "query": {}}
    if observed != expected:
        found = f"{_kind(day)} ({observed})"
        raise PageChanged(f"{page.final_url} data-props", f"a day page, {expected}", found)


def _kind(day: DayPage) -> str:
    if day.isTrending:
        return "a trending page, not a day page"
    if day.query:
        return "a search page, not a day page"
    if day.periodType in {None, "day"}:
        return "a page in an unknown layout"
    return f"a {day.periodType} page, not a day page"


def _own_day(day: DayPage) -> date:
    if day.is_of_2024:
        return iso_day((day.date or "").removesuffix("T00:00:00.000Z"), where="data-props date")
    return iso_day(day.dateString or "", where="data-props dateString")


def _optional_day(text: str | None, name: str) -> date | None:
    return None if text is None else iso_day(text, where=f"data-props {name}")


SOURCE = Source(
    name=NAME,
    version=2,
    trust=1,
    stands_for="a day's list, with upvotes, comments and stars",
    comes_from="its page `/papers/date/D`, fetched or adopted; with `--answer` a part of it from the API",
    closes="a next day exists, and two readings agree",
    parse=parse,
    partitions=working_days,  # the weekdays on which lists come; only its page tells whether such a day has one
    expectations=EXPECTATIONS,
    closing=Closing.TWO_READS,
    request=request,
    answer=answer_request,
    default_url="https://huggingface.co",
    token_variable="PAPERLOG_HF_TOKEN",  # noqa: S106 - a variable's name
    # Nobody has the site's word for it: summaries are its own, accounts are people, and arXiv gives the abstracts.
    shows=frozenset(),
    schedules=SCHEDULES,
)
