"""Whether a page is of the series that it was read for: by its address, its links, its name, and its papers.

The name alone does not tell: both cs.LG and stat.ML are "Machine Learning".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractors.errors import PageChanged
from extractors.sources.arxiv_announced.entries import CROSS, NEW
from extractors.sources.arxiv_announced.frame import Frame
from extractors.sources.arxiv_announced.subjects import belongs, called, canonical, codes_called
from transforms.records import Entry, Finding, Page

_ADDRESS = re.compile(r"https?://[^/]+/(?:.*/)?(?:list|catchup)/(?P<series>[^/?#]+)/[^/]*")
_MISPLACED_SHARE_MAX = 0.1  # single papers may be moved to another category since


def require_series(frame: Frame, series: str, page: Page) -> None:
    """PageChanged, naming both, if address, links or name are those of another list."""
    address = _ADDRESS.fullmatch(page.final_url)
    for code in sorted(frame.codes | ({address["series"]} if address else set())):
        if canonical(code) != series:
            raise _other(frame, series, called(canonical(code)))
    codes = codes_called(frame.name or "")
    if codes and series not in codes:
        raise _other(frame, series, " or ".join(called(code) for code in sorted(codes)))


def misplaced(entries: Sequence[Entry], series: str, where: str) -> Iterator[Finding]:
    """A warning for each paper whose categories do not fit list and section; PageChanged if there are many."""
    odd = [entry for entry in entries if not _fits(entry, series)]
    if len(odd) > _MISPLACED_SHARE_MAX * len(entries):
        first = f"{odd[0].arxiv_id} of {', '.join(odd[0].categories)} as {odd[0].section}"
        observed = f"{len(odd)} of {len(entries)} entries that do not fit, the first {first}"
        raise PageChanged(f"{where} .list-subjects", f"papers of {called(series)}", observed)
    for entry in odd:
        observed = f"{entry.arxiv_id} of {', '.join(entry.categories)}"
        yield Finding.warning("other_category", observed, f"a paper of {series}, {entry.section}", entry.place)


def _fits(entry: Entry, series: str) -> bool:
    """A new paper has the series as primary category, a cross-listed one among the others, a replaced one anywhere."""
    primary, *others = (belongs(category, series) for category in entry.categories)
    if entry.section == NEW:
        return primary
    return any(others) and not primary if entry.section == CROSS else primary or any(others)


def _other(frame: Frame, series: str, found: str) -> PageChanged:
    return PageChanged(frame.where, f"the list of {called(series)}", f"that of {found}")
