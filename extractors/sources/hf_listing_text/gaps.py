"""Blank lines tell where a line was lost: between the same two parts of any entry stand equally many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.reading.captures import CleanLine
from extractors.reading.lines import Lines
from extractors.sources.hf_listing_text.cards import Card, count_of_authors
from extractors.sources.hf_listing_text.preamble import Frame

_OWN_DATE = "own date"
_IN_A_BLOCK = ("dot", "date")


def require_even_gaps(lines: Lines, frame: Frame, cards: Sequence[Card]) -> None:
    """PageChanged names the first line with more or fewer blank lines above it than its like has elsewhere."""
    seen: dict[tuple[str, str], CleanLine] = {}
    before = _OWN_DATE
    for part, line in _parts(cards):
        first = seen.setdefault((before, part), line)
        _require_equal(lines, line, first)
        before = part
    if frame.is_exact and not any(card.votes or card.title.address for card in cards):
        _require_one_gap(lines, [*frame.parts[1:], *(line for part, line in _parts(cards) if part not in _IN_A_BLOCK)])
        _require_one_gap(lines, [line for part, line in _parts(cards) if part in _IN_A_BLOCK])


def _parts(cards: Sequence[Card]) -> Iterator[tuple[str, CleanLine]]:
    for card in cards:
        if card.votes is not None:
            yield "votes", card.votes
        yield "title", card.title
        yield "abstract", card.abstract
        if card.block is not None:
            yield "authors" if count_of_authors(card.block.who.text) else "organization", card.block.who
            yield from (("dot", card.block.dot), ("date", card.block.dated))
            if card.block.comments is not None:
                yield "comments", card.block.comments


def _require_one_gap(lines: Lines, found: Sequence[CleanLine]) -> None:
    for line in found:
        _require_equal(lines, line, found[0])


def _require_equal(lines: Lines, line: CleanLine, first: CleanLine) -> None:
    if line.gap != first.gap:
        expected = f"as many blank lines above this line as above line {first.number}, which has {first.gap}"
        raise lines.changed(line.number, expected, str(line.gap))
