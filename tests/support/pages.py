"""Pages as they come from the network or from a file, around bodies that a test makes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from extractors.sources import source_named
from flows.demo.pages import Item, hf_day_page
from flows.demo.papers import invented_paper, listed_item
from flows.pipeline.read import new_run, read_page
from transforms.records import Batch, Page

SITE = "https://huggingface.co"
HTML, TEXT = "text/html; charset=utf-8", "text/plain"


def page_of(
    source: str,
    body: str | bytes,
    *,
    asked_on: date | None = None,
    url: str | None = None,
    final_url: str | None = None,
    fetched_at: datetime = datetime(2026, 1, 8, 12, tzinfo=UTC),
    media_type: str | None = None,
) -> Page:
    """A body as it was read; without `url`, at the day's own address, or from a file if nobody asked for a day."""
    content = body.encode() if isinstance(body, str) else body
    address = url or (f"{SITE}/papers/date/{asked_on}" if asked_on else "file:page")
    return Page(
        source=source,
        asked_on=asked_on,
        url=address,
        final_url=final_url or address,
        fetched_at=fetched_at,
        media_type=media_type or (HTML if source == "hf_daily" else TEXT),
        body=content,
        sha256=hashlib.sha256(content).hexdigest(),
    )


def batches_of(page: Page) -> tuple[Batch, ...]:
    """What the pipeline makes of a page: one batch for each listing in it."""
    return read_page(source_named(page.source), page, new_run("test", page.source, page.asked_on))


def batch_of(page: Page) -> Batch:
    """What the pipeline makes of a page with one listing."""
    (batch,) = batches_of(page)
    return batch


def items_of(day: date, numbers: Iterable[int]) -> list[Item]:
    """Items of invented papers, the first with most upvotes, as a day page of that day has them."""
    papers = [invented_paper(number, f"{day:%y%m}") for number in numbers]
    return [listed_item(paper, day, place, upvotes=90 - place) for place, paper in enumerate(papers)]


def day_page(day: date, numbers: Sequence[int], *, next_on: date | None = None) -> str:
    """A closed day page of invented papers."""
    return hf_day_page(day, items_of(day, numbers), next_on=next_on or day + timedelta(days=1))
