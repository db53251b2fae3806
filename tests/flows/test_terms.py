"""What public pages may show of a source."""

from __future__ import annotations

from itertools import product

from extractors.services import SERVICES
from extractors.sources import SOURCES
from flows.terms import may_be_shown
from transforms.records import Content

ARXIV = {"arxiv_announced", "arxiv_announced:cs.LG", *SERVICES}
NAMES = (*SOURCES, *SERVICES, "arxiv_announced:cs.LG", "nobody_knows")


def test_abstracts_are_shown_where_arxiv_gives_them_and_nothing_else_of_anybody() -> None:
    shown = {(name, content) for name, content in product(NAMES, Content) if may_be_shown(name, content)}
    assert shown == {(name, Content.ABSTRACT) for name in ARXIV} | {(name, Content.AUTHOR) for name in NAMES}
