"""Which comparison is told of a sighting: the strongest one with a member of its own paper."""

from __future__ import annotations

from transforms.matching.model import Comparison, Rule, Verdict
from warehouse.papers.papers import strongest


def compared(left: str, right: str, score: float, verdict: Verdict = Verdict.SAME) -> Comparison:
    return Comparison(left=left, right=right, verdict=verdict, rule=Rule.EVIDENCE, score=score, evidence=())


def test_the_strongest_comparison_within_the_paper_is_told() -> None:
    weak, strong, beyond = compared("a", "b", 4.0), compared("a", "c", 9.0), compared("c", "d", 20.0)
    best = strongest([("a", "b", "c"), ("d",)], [weak, beyond, strong])
    assert best == {"a": strong, "b": weak, "c": strong}


def test_of_two_that_are_as_strong_the_order_of_keys_decides() -> None:
    first, second = compared("a", "b", 5.0), compared("a", "c", 5.0)
    clusters = [("a", "b", "c")]
    assert strongest(clusters, [second, first])["a"] == strongest(clusters, [first, second])["a"] == first


def test_what_joins_nothing_tells_nothing() -> None:
    assert strongest([("a", "b")], [compared("a", "b", 30.0, Verdict.UNDECIDED)]) == {}
