"""Weekly dumps: long and short reviews, and lines that are missing or wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from flows.demo.pages import long_review, weekly_dump
from flows.demo.papers import InventedPaper, invented_paper, invented_review
from tests.pages.make import Case

WEEK = date(2025, 12, 29)


def cases() -> Iterator[Case]:
    """Every saved page of this source."""
    papers = [invented_paper(number) for number in range(20, 35)]
    long = [invented_review(paper, is_variant_a=paper.number % 2 == 0) for paper in papers]
    mixed = [invented_review(paper, is_long=paper.number % 3 == 0) for paper in papers]
    text = weekly_dump(WEEK, long[:3], long[3:])
    why = "variants A and B, a week over New Year"
    case = Case(suffix="txt", name="long_reviews", why=why, text=text)
    yield case
    yield replace(case, name="wrong_week", why="another week was asked for", asked_on=WEEK + timedelta(days=7))
    yield replace(
        case, name="short_reviews", why="short and long ones mixed", text=weekly_dump(WEEK, mixed[:3], mixed[3:])
    )
    yield replace(case, name="experiments_marker", why="three sections and a leaked marker", text=_marked(papers, long))
    yield replace(case, name="placeholders", why="unknown institutions", text=_placeholders(papers, long))
    yield replace(
        case, name="changed_layout", why="a header that is none", text=text.replace("Last 7 Days", "The Week in Papers")
    )
    yield replace(case, name="other_days", why="header and dates disagree", text=text.replace("Last 7", "Last 8"))
    lines = text.splitlines(keepends=True)
    yield replace(
        case, name="lost_section", why="one section of one review is gone", text="".join(lines[:60] + lines[61:])
    )
    yield replace(
        case, name="blank_line", why="a blank line is no token", text="".join([*lines[:10], "\n", *lines[10:]])
    )


def _marked(papers: Sequence[InventedPaper], long: Sequence[tuple[str, ...]]) -> str:
    sections = ("The method. EXPERIMENTAL_EVALUTION: The tests.", "The details.", "The limits.")
    marked = long_review(
        papers[5].abstract, "Sample Labs", "Sample Labs", "It works well.", sections, "Others may gain."
    )
    return weekly_dump(WEEK, long[:3], [*long[3:5], marked, *long[6:]])


def _placeholders(papers: Sequence[InventedPaper], long: Sequence[tuple[str, ...]]) -> str:
    unknown = ("Unknown", "Not specified in provided text", "Example | All: & Sample Labs")
    sections = ("The method.", "The tests.", "The details.", "The limits.")
    changed = [
        long_review(paper.abstract, name, name, f"Review {paper.number} in one line.", sections)
        for paper, name in zip(papers[3:6], unknown, strict=True)
    ]
    return weekly_dump(WEEK, long[:3], [*changed, *long[6:]])
