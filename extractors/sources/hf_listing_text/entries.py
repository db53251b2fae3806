"""The papers of a listing as entries; where the capture kept the links, they must all lead to the one paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import unquote

from extractors.reading.captures import CleanLine
from extractors.reading.lines import Lines
from extractors.reading.marks import bare, unescaped
from extractors.sources.hf_listing_text.cards import Block, Card, count_of_authors, dated, votes_of
from extractors.sources.hf_listing_text.who import organizations
from transforms.records import Entry, Metric

_PAPER = re.compile(r"/papers/([^/?#&\s]+)(#community)?")
_COMMENTS = re.compile(r"\d{1,6}")


def entries_of(lines: Lines, cards: Sequence[Card]) -> tuple[Entry, ...]:
    """One entry a card. PageChanged names a link to another paper, and a line whose meaning nobody can tell."""
    for card in cards:
        _require_one_paper(lines, card)
        _require_safe_comments(lines, card.block)
    names = organizations(lines, [card.block.who for card in cards if card.block])
    return tuple(_entry(lines, position, card, names) for position, card in enumerate(cards, start=1))


def comments_of(block: Block) -> str | None:
    """The number of comments as printed, on the line of the date or on one of its own."""
    if block.comments is not None:
        return bare(block.comments.text)
    found = dated(block.dated.text)
    return found["comments"] if found else None


def _entry(lines: Lines, position: int, card: Card, names: dict[int, str]) -> Entry:
    block, title = card.block, card.title
    found = dated(block.dated.text) if block else None
    return Entry(
        position=position,
        place=f"line {title.number}",
        first_line=title.number,
        said="\n".join(lines.texts[card.lines[0].first - 1 : card.lines[-1].last]),
        arxiv_id=_paper_of(title),
        title=_text(title, is_markdown=title.is_heading),
        abstract=_text(card.abstract, is_markdown=title.is_heading),
        author_count=count_of_authors(block.who.text) if block else None,
        organization=names.get(block.who.number) if block else None,
        published=found["date"] if found else None,
        metrics=_metrics(card),
    )


def _text(line: CleanLine, *, is_markdown: bool) -> str:
    return unescaped(line.text) if is_markdown or line.address else line.text


def _metrics(card: Card) -> tuple[tuple[Metric, str], ...]:
    votes = votes_of(card.votes.text) if card.votes else None
    comments = comments_of(card.block) if card.block else None
    found = ((Metric.UPVOTES, votes), (Metric.COMMENTS, comments))
    return tuple((metric, number) for metric, number in found if number)


def _paper_of(line: CleanLine) -> str | None:
    """The paper that a line's link leads to, also by way of the login."""
    found = _PAPER.search(unquote(line.address)) if line.address else None
    return found[1] if found else None


def _require_one_paper(lines: Lines, card: Card) -> None:
    """A link without the others is a line lost; two papers in one card are two cards mixed."""
    linked = [line for line in card.lines if line.address is not None]
    paper = _paper_of(card.title)
    if not linked:
        return
    for line in (card.votes, card.title):
        if line is None or _paper_of(line) is None:
            number = line.number if line else card.title.number
            raise lines.unlike(number, "votes and a title that are links to a paper, as other lines of it are")
    for line in linked:
        is_account = card.block is not None and line is card.block.who and _paper_of(line) is None
        if not is_account and _paper_of(line) != paper:
            raise lines.unlike(line.number, f"a link to {paper}, as the title on line {card.title.number} is")
        if (count_of_authors(line.text) is None) is not is_account and card.block and line is card.block.who:
            raise lines.unlike(
                line.number, "a count of authors that is a link to the paper, or an organisation to its account"
            )


def _require_safe_comments(lines: Lines, block: Block | None) -> None:
    """Comments stand on the line of their date, or on two lines: alone on one they could be lost unnoticed."""
    if block is None:
        return
    found, own = dated(block.dated.text), block.comments
    if block.dated.address and (found is None or block.dated.label != found["comments"]):
        raise lines.unlike(block.dated.number, "a number of comments where the link below a date leads to them")
    if own is not None and (
        own.first == own.last or found is None or found["comments"] or not _COMMENTS.fullmatch(bare(own.text))
    ):
        raise lines.unlike(own.number, "a number of comments on the line of its date: alone it could be lost unnoticed")
