"""What arXiv announced on a day in one category: its catchup page, or the page of new submissions, all entries of it.

Last compared with a capture of 2026-08-12 (cs.AI, cut to six entries) and with pages rendered by the site's own code of
2026-06-29. A category is a series of this source: `arxiv_announced:cs.LG`. An archive is one too (`math`), and so is
all of physics (`grp_physics`).

A section is how a paper was announced: `new`, `cross` (listed from another category) or `replaced` (a new version). A
cross-listed paper may be years old. The first category is the primary one.

* An id comes with its version where the site has the paper as HTML, else without.
* In comments and abstracts the address of a link stands where the page says "this https URL".
* After 100 names the site cuts a list of authors: warning `authors_may_be_cut`.

All entries are there, or the page is refused: heads, printed numbers and total must agree over all parts of 2,000. An
empty list is believed where a busy list of that day (cs.LG) has entries; where that is empty too, nothing was
announced. The site answers for 90 days back. A list cut out of its page has no total: it only adds entries.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from extractors.errors import PageChanged, WrongPartition
from extractors.reading.decode import decoded
from extractors.source import PageRequest, Schedule, Source
from extractors.sources.arxiv_announced import empty
from extractors.sources.arxiv_announced.calendar import list_days
from extractors.sources.arxiv_announced.frame import Frame, documents_of, frame_of
from extractors.sources.arxiv_announced.membership import misplaced, require_series
from extractors.sources.arxiv_announced.paging import request_of
from extractors.sources.arxiv_announced.sections import joined
from extractors.sources.arxiv_announced.subjects import series_of
from transforms.records import Closing, Content, Expectations, Finding, Listing, Page
from transforms.series import list_of

NAME = "arxiv_announced"
SERIES_DEFAULT = ("cs.AI", "cs.CL", "cs.CV", "cs.LG", "stat.ML")
EXPECTATIONS = Expectations(
    entries_min=0,  # a small category has nothing on some days
    entries_max=4_000,  # all of cs has about 2,000, all of physics as many
    filled=(("arxiv_id", 1.0), ("title_text", 1.0), ("categories", 1.0), ("abstract_text", 0.95), ("authors", 0.9)),
    abstract_characters=(60, 4_000),  # the site takes at most 1,920; addresses in the place of words make them longer
    abstract_median_min=250,
)
# Announced at 00:00 UTC in summer, 01:00 in winter, and there by 03:30 at the latest that was seen.
SCHEDULES = (
    Schedule(slug="morning", cron="0 5 * * *", days_back=(0, 1, 2, 3)),
    Schedule(slug="evening", cron="30 17 * * *", days_back=(0, 1, 2, 3)),  # ids may be filled in hours later
)


def parse_series(series: str, page: Page) -> tuple[Listing, ...]:
    """The one list on the page. Raises WrongPartition for another day's, NoList and OutOfReach by the site's words."""
    text, findings = decoded(page)
    where = page.final_url
    frames = [frame_of(document, place, page) for place, document in documents_of(text, where)]
    first = frames[0]
    require_series(first, series, page)
    if page.asked_on not in (None, first.day):
        raise WrongPartition(page.asked_on or first.day, first.day)
    if first.is_empty:
        return (_listing(page, first, findings=(*findings, *empty.decided(frames, series, page))),)
    for frame in frames:
        _require_part(frame, first)
        require_series(frame, series, page)
    whole = joined(frames, may_lack_total=page.asked_on is None)
    listing = _listing(
        page, frames[-1], findings=(*findings, *whole.findings, *misplaced(whole.entries, series, where))
    )
    return (replace(listing, entries=whole.entries, is_closed=whole.is_whole, is_partial=not whole.is_whole),)


def parse(page: Page) -> tuple[Listing, ...]:
    """Always refuses: which category's list a page has must be said."""
    series = re.search(r"/(?:list|catchup)/([A-Za-z._-]{1,32})/", page.final_url)
    example = list_of(NAME, series[1] if series else "cs.LG")
    raise PageChanged(page.final_url, f"a category: write {list_of(NAME, 'CATEGORY')}, here {example}", f"{NAME} alone")


def request(day: date, base_url: str) -> PageRequest:
    """The page of the first of the default series, which shows whether the site answers."""
    return request_of(SERIES_DEFAULT[0], NAME, day, base_url)


def of_series(text: str) -> Source:
    """The source of one category's lists. ValueError for what no category is called."""
    series = series_of(text)
    name = list_of(NAME, series)
    return replace(
        SOURCE,
        name=name,
        parse=partial(parse_series, series),
        request=partial(request_of, series, name),
        of_series=None,
    )


def _listing(page: Page, last: Frame, *, findings: Sequence[Finding]) -> Listing:
    return Listing(
        source=page.source,
        page_sha256=page.sha256,
        partition_on=last.day,
        is_closed=True,
        entries=(),
        findings=tuple(findings),
        next_on=last.next_on,
    )


def _require_part(frame: Frame, first: Frame) -> None:
    """Each part is one of the same list, and shows something."""
    if (frame.day, frame.name, frame.is_catchup) != (first.day, first.name, first.is_catchup):
        raise PageChanged(frame.where, f"a part of {first.name} of {first.day}", f"{frame.name} of {frame.day}")
    if frame.is_beyond or frame.is_empty:
        raise PageChanged(frame.where, "a part with entries", "the site's words that there are no further updates")


SOURCE = Source(
    name=NAME,
    version=1,
    # Behind hf_daily, which has all authors where the site cuts their list after 100, and before every text dump.
    trust=2,
    stands_for="what arXiv announced on a day in one category: new, cross-listed and replaced papers with abstracts",
    comes_from="`/catchup/CATEGORY/D?abs=True`, fetched or adopted, or `/list/CATEGORY/new`, adopted",
    closes="at once, and two readings agree",
    parse=parse,
    partitions=list_days,
    expectations=EXPECTATIONS,
    closing=Closing.TWO_READS,
    is_archive=True,
    request=request,
    default_url="https://arxiv.org",
    requests_per_second_max=1 / 3,
    # arXiv gives the metadata of papers, abstracts among them, to the public domain (CC0).
    shows=frozenset({Content.ABSTRACT}),
    schedules=SCHEDULES,
    of_series=of_series,
    series_default=SERIES_DEFAULT,
)
