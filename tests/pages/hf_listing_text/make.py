"""Listing dumps: every kind of date, and ends that a cut could have made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from flows.demo.pages import ListedText, listing_dump
from flows.demo.papers import invented_paper
from tests.pages.make import Case


def cases() -> Iterator[Case]:
    """Every saved page of this source."""
    papers = [invented_paper(number) for number in range(40, 45)]
    texts = [
        ListedText(title=paper.title, abstract=paper.abstract, who="  \u2022 3 authors", dated=dated)
        for paper, dated in zip(papers, ("Jan 5", "Dec 30", "Mar 3, 2025", "Nov 9, 2024", "Jan 2"), strict=True)
    ]
    text = listing_dump("Jan 7", texts)
    case = Case(suffix="txt", name="whole", why="every kind of date", text=text)
    yield case
    bare = replace(texts[1], who=None, dated=None)
    yield replace(
        case,
        name="no_block",
        why="the next title follows at once",
        text=listing_dump("Jan 7", [texts[0], bare, *texts[2:]]),
    )
    dated = [
        replace(texts[0], dated="Mar 3, 2025 12"),
        replace(texts[1], dated="Apr 25 2", who="exu Example University"),
    ]
    yield replace(case, name="comments", why="a number behind the date", text=listing_dump("Jan 7", dated))
    yield replace(
        case,
        name="over_new_year",
        why="the page's own hidden year is the year before the reading",
        text=listing_dump("Dec 31", texts[1:3]),
    )
    yield replace(
        case, name="changed_layout", why="another preamble", text=case.text.replace("Daily Papers", "Papers of the Day")
    )
    yield replace(case, name="cut_date", why="`Jan 2` may be the start of `Jan 21`", text=case.text.rstrip("\n"))
    yield replace(case, name="last_without_block", why="may be cut", text=listing_dump("Jan 7", [texts[0], bare]))
