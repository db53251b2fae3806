"""What is told from outlines is what the comparison of the whole records finds."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings

from tests.bench.data.papers import papers
from tests.bench.data.retellings import retellings, whole
from tests.transforms.matching.test_any_order import digests
from transforms.matching.blocking import may_be_one, outline_of
from transforms.matching.compare import compare
from transforms.matching.model import Record
from transforms.matching.prepare import Prepared, prepare


def refused(records: Iterable[Record]) -> Iterator[tuple[Prepared, Prepared]]:
    """The pairs that their outlines refuse."""
    for left, right in combinations(map(prepare, records), 2):
        if not may_be_one(outline_of(left), outline_of(right)):
            yield left, right


@given(records=digests())
@settings(max_examples=200, deadline=None)
def test_no_pair_is_refused_that_a_comparison_would_list(records: list[Record]) -> None:
    assert all(compare(*pair) is None for pair in refused(records))


def test_of_what_sources_tell_with_noise_nearly_all_chance_pairs_are_refused_and_no_other() -> None:
    rng = random.Random(7)
    known = [whole(paper) for paper in papers(40)]
    told = [each.record for number, paper in enumerate(known) for each in retellings(paper, number, rng, known)]
    pairs = list(refused(told))
    assert all(compare(*pair) is None for pair in pairs)
    others = sum(compare(*pair) is None for pair in combinations(map(prepare, told), 2))
    assert 0.9 * others < len(pairs) <= others


def test_the_same_letters_as_titles_under_two_identifiers_are_not_refused() -> None:
    one, other = (outline_of(prepare(_named(arxiv_id, title))) for arxiv_id, title in (("1", "SAM 2"), ("2", "SAM2")))
    assert may_be_one(one, other)


def _named(arxiv_id: str, title: str) -> Record:
    (paper,) = papers(1)
    return replace(whole(paper), key=arxiv_id, arxiv_id=arxiv_id, title=title, abstract=None)
