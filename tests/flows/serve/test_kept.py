"""Answers are kept up to a size, those that are asked for stay."""

from __future__ import annotations

from flows.serve.kept import KeptAnswers


def test_what_was_not_asked_for_longest_goes_first() -> None:
    kept = KeptAnswers(bytes_max=10)
    for tag in ("a", "b", "c"):
        kept.keep(tag, b"123")
    assert kept.get("a") == b"123"
    kept.keep("d", b"123")
    assert [kept.get(tag) for tag in ("a", "b", "c", "d")] == [b"123", None, b"123", b"123"]


def test_an_answer_that_is_kept_again_counts_once() -> None:
    kept = KeptAnswers(bytes_max=10)
    for _ in range(5):
        kept.keep("a", b"12345")
    kept.keep("b", b"12345")
    assert kept.get("a") is not None


def test_an_answer_larger_than_all_is_not_kept() -> None:
    kept = KeptAnswers(bytes_max=10)
    kept.keep("a", b"x" * 11)
    assert kept.get("a") is None
