"""A paper in a list, on whichever page the list is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flows.design.names import EXCERPT_LENGTH, DescribedPaper, shortened
from warehouse import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRow(DescribedPaper):
    """A paper as lists show it; `listed_on` is its first list day, `gained` upvotes since the reading before."""

    sources: tuple[str, ...] = ()
    venue: str | None
    first_listed_on: date | None
    first_reviewed_on: date | None
    gained: int | None
    comments: int | None
    stars: int | None

    @property
    def known_on(self) -> date | None:
        """When a source listed or reviewed it first."""
        return min((each for each in (self.first_listed_on, self.first_reviewed_on) if each), default=None)


def papers_of(reader: Reader, keys: Sequence[str]) -> tuple[PaperRow, ...]:
    """The papers of these keys, in their order."""
    if not keys:
        return ()
    found = {each.paper_key: each for each in reader.records("pages/papers", PaperRow, {"keys": list(keys)})}
    return tuple(_shortened(found[key]) for key in keys if key in found)


def _shortened(paper: PaperRow) -> PaperRow:
    """Without the end of a long abstract: a list shows its first lines."""
    return replace(paper, abstract=shortened(paper.abstract, EXCERPT_LENGTH) if paper.abstract else None)
