"""Printed numbers as whole numbers, or an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fields.counts import author_count, count


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("-", 0), ("1.92k", 1920), ("3k", 3000), ("1.2M", 1_200_000), ("1,234", 1234)],
)
def test_a_count_is_a_whole_number(text: str, number: int) -> None:
    assert count(text) == number


@given(st.integers(0, 100_000_000))
def test_every_printed_number_comes_back(number: int) -> None:
    assert count(str(number)) == count(f"{number:,}") == number


@pytest.mark.parametrize("text", ["", "-3", "many", "1.5", "1.2345k", "1e9", "999999999999", "1,23", "٣", "NaN", "--"])
def test_anything_else_is_an_error_that_carries_the_text(text: str) -> None:
    with pytest.raises(ValueError, match="not a count") as caught:
        count(text)
    assert repr(text) in str(caught.value)


def test_authors_are_counted_from_one() -> None:
    assert [author_count(text) for text in ("1 authors", "12 authors", "1 author", "664")] == [1, 12, 1, 664]


@pytest.mark.parametrize("text", ["0 authors", "-1", "authors", "999999 authors", "3 people"])
def test_no_paper_has_such_authors(text: str) -> None:
    with pytest.raises(ValueError, match="not a number of authors"):
        author_count(text)
