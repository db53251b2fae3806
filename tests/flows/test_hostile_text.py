"""A page with text made to keep a reader busy is read in no time, and its end has a name."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC, date, datetime

import pytest

from extractors.sources import source_named
from flows.demo.pages import ListedText, hf_day_page, hf_item, listing_dump, long_review, weekly_dump
from flows.demo.papers import invented_paper, invented_review
from flows.pipeline.read import new_run, read_page
from tests.support.patience import patient
from transforms.records import Batch, Outcome, Page, Reason

READ_AT = datetime(2026, 1, 8, 12, tzinfo=UTC)
DAY = date(2026, 1, 7)
SECONDS = 2.0  # of CPU time, on a quiet machine
BELOW_THE_LIMIT, FAR_ABOVE = 19_000, 400_000
HOSTILE = {
    "commands in commands": lambda n: "\\a{" * (n // 4) + "x" + "}" * (n // 4),
    "marks out of order": lambda n: "a" + "\u0301\u0323" * (n // 2),
    "a mark that holds two": lambda n: "a" + "\u0f73" * n,
    "brackets behind an address": lambda n: "http://tides.example/" + ")" * n,
    "brackets behind a DOI": lambda n: "10.1000/a" + ")" * n,
    "stars": lambda n: "*" * n,
    "blanks": lambda n: "\u00a0" * n,
    "semicolons": lambda n: ";" * n,
    "brackets of a link": lambda n: "[" * n,
    "ends of a link": lambda n: "](" * (n // 2),
    "images": lambda n: "![](a" * (n // 5),
    "backslashes": lambda n: "\\" * n,
    "bullets": lambda n: "- " * (n // 2),
    "numbers": lambda n: "1" * n,
    "dates": lambda n: "May 1, " * (n // 7),
}


@pytest.mark.slow
@pytest.mark.parametrize("size", [BELOW_THE_LIMIT, FAR_ABOVE])
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("source", ["hf_daily", "weekly_review", "hf_listing_text"])
def test_a_page_of_hostile_text_is_read_in_no_time(source: str, name: str, size: int) -> None:
    text = _page(source, f"We ask {HOSTILE[name](size)} and answer.")
    started = time.process_time()
    batch = _read(source, text)
    assert time.process_time() - started < patient(SECONDS)
    if batch.outcome is Outcome.LISTING:
        assert {rejection.reason for rejection in batch.rejections} <= {Reason.UNREADABLE_ENTRY}
    else:
        assert batch.outcome is Outcome.REFUSED
        assert batch.reason
        assert len(batch.reason) < 1_000


def _page(source: str, hostile: str) -> str:
    papers = [invented_paper(number) for number in range(15)]
    if source == "hf_daily":
        first = hf_item(papers[0].arxiv_id, hostile[:2_000], hostile, authors=(hostile[:500], hostile[:500]))
        others = [hf_item(paper.arxiv_id, paper.title, paper.abstract) for paper in papers[1:]]
        return hf_day_page(DAY, [first, *others])
    if source == "weekly_review":
        reviews = [invented_review(paper) for paper in papers]
        bad = long_review(hostile, hostile, hostile, f"{hostile} s.", [f"{hostile} {part}" for part in "abcd"], hostile)
        return weekly_dump(date(2026, 1, 5), [bad, *reviews[1:3]], reviews[3:])
    listed = [ListedText(title=each.title, abstract=each.abstract, who="- 2 authors", dated="Jan 2") for each in papers]
    bad_entry = ListedText(title=hostile[:299], abstract=hostile, who=hostile, dated="Jan 3, 2025")
    return listing_dump("Jan 7", [*listed[:2], bad_entry, *listed[2:]])


def _read(source: str, text: str) -> Batch:
    body = text.encode()
    page = Page(
        source=source,
        asked_on=None,
        url="file:page",
        final_url="file:page",
        fetched_at=READ_AT,
        media_type="text/html" if source == "hf_daily" else "text/plain",
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
    )
    return read_page(source_named(source), page, new_run("test", source, None))[0]
