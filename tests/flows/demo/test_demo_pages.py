"""Invented papers and reconstructed pages: the same every time, and of the shape that they stand for."""

from __future__ import annotations

from datetime import date

import pytest

from flows.demo.pages import weekly_dump
from flows.demo.papers import invented_paper

DAY = date(2026, 1, 7)


def test_invented_papers_are_the_same_every_time_and_differ_from_each_other() -> None:
    papers = [invented_paper(number) for number in range(300)]
    assert papers == [invented_paper(number) for number in range(300)]
    for field in ("arxiv_id", "title", "abstract"):
        assert len({getattr(paper, field) for paper in papers}) == len(papers)
    assert all(300 < len(paper.abstract) < 2000 for paper in papers)


def test_a_week_of_another_shape_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="3 top entries and 12 others, not 3 and 11"):
        weekly_dump(DAY, [("a", "b")] * 3, [("a", "b")] * 11)
