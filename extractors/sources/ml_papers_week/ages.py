"""Whether a week's papers can be of its year: their arXiv ids begin with the month in which each was submitted.

Of 227 real weeks until 2026-06 the middle id has the month of the week or the one before, never a later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from statistics import median_low

from extractors.reading.lines import Lines
from extractors.sources.ml_papers_week.weeks import Week
from transforms.fields.identifiers import arxiv_id
from transforms.records import Entry, Finding

_IDS_TO_JUDGE = 3
_MONTH_OF_ID = re.compile(r"(\d\d)(\d\d)\.")


def age_findings(lines: Lines, week: Week, entries: Sequence[Entry]) -> Iterator[Finding]:
    """A warning where half the papers came only after the week: its year may be wrong.

    PageChanged where the heading itself prints that year: one slip of the pen, against all the ids.
    """
    months = list(_months(entries))
    if len(months) < _IDS_TO_JUDGE:
        return
    middle = median_low(months)
    if middle <= _month(week.last):
        return
    year, month = divmod(middle - 1, 12)
    expected = f"papers of the months before {week.last}, the week's last day"
    observed = f"papers of about {year}-{month + 1:02}: the year may be wrong"
    if week.has_year:
        raise lines.changed(week.line, expected, observed)
    yield lines.warning(week.line, "papers_after_week", observed, expected)


def _months(entries: Iterable[Entry]) -> Iterator[int]:
    for entry in entries:
        for kind, address in entry.links:
            with suppress(ValueError):
                found = _MONTH_OF_ID.match(arxiv_id(address)[0]) if kind == "paper" else None
                if found:
                    yield _month(date(2000 + int(found[1]), int(found[2]), 1))


def _month(day: date) -> int:
    return day.year * 12 + day.month
