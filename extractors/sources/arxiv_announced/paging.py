"""Which addresses make up the list of a day: its parts of 2,000 entries, and a busy list where it is empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial

from extractors.errors import TransientFetchError
from extractors.source import PageRequest
from extractors.sources.arxiv_announced.calendar import why_none
from extractors.sources.arxiv_announced.frame import PARTS_MAX
from extractors.sources.arxiv_announced.subjects import BUSY, WITNESS
from transforms.records import Cause, Page

_TOTAL = re.compile(r"Total of (\d{1,7}) entries for ")
_SHOWN = re.compile(r"<h3>\s*\w{3,12} submissions\s+\([^()<>]{0,40}?(\d{1,7}) of \d{1,7} entries")
# The site's own words under 400 and 404 say why there is no list.
_STATUSES = frozenset({200, 400, 404})


def request_of(series: str, source: str, day: date, base_url: str) -> PageRequest:
    """The first part of the day's list; the others, or a witness of an empty one, follow from it."""
    base = base_url.rstrip("/")
    return PageRequest(
        source=source,
        asked_on=day,
        url=_address(base, series, day),
        more=partial(another, series=series, day=day, base_url=base),
        statuses=_STATUSES,
    )


def another(pages: Sequence[Page], *, series: str, day: date, base_url: str) -> str | None:
    """The next part while entries are missing; for an empty list that may mean either, the witness; else None.

    Raises TransientFetchError for parts of two states of the list: ids are filled in at times while one reads.
    """
    texts = [page.body.decode("utf-8", errors="replace") for page in pages]
    total = _TOTAL.search(texts[0]) if texts else None
    if total is None or len(pages) >= PARTS_MAX:
        return None
    if not int(total[1]):
        needs_witness = len(pages) == 1 and series not in BUSY and why_none(day) is None
        return f"{base_url}/catchup/{WITNESS}/{day}" if needs_witness else None
    later = _TOTAL.search(texts[-1])
    if later and later[1] != total[1]:
        why = f"the list changed while its parts were read: {later[1]} entries in place of {total[1]}"
        raise TransientFetchError(pages[-1].final_url, why, cause=Cause.CUT_OFF)
    shown = [sum(int(count) for count in _SHOWN.findall(text)) for text in texts]
    if not shown[-1] or sum(shown) >= int(total[1]):
        return None
    return f"{_address(base_url, series, day)}&page={len(pages) + 1}"


def _address(base_url: str, series: str, day: date) -> str:
    return f"{base_url}/catchup/{series}/{day}?abs=True"
