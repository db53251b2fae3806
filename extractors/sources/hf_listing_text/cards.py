"""The papers of a listing: which line is what, by the order of the lines alone.

A paper is: perhaps its votes | title | abstract | mostly a block: who, "\u00b7", date and perhaps a number of comments.
Every paper of a page has its votes or none has; title and abstract stand on one line each, between blank lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.reading.captures import CleanLine, broken
from extractors.reading.lines import Lines
from extractors.reading.marks import bare
from transforms.fields.dates import month_number

TITLE_CHARACTERS_MAX = 300
ABSTRACT_CHARACTERS_MIN = 200
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + "|Sept"
_DATED = re.compile(
    rf"(?P<date>(?P<month>{_MONTH})\.? (?P<day>[1-9]\d?)(?:, (?P<year>(?:19|20)\d\d))?)(?: (?P<comments>\d{{1,6}}))?"
)
_A_DATE = "a date as 'Apr 25' or 'Apr 22, 2025', then perhaps a number of comments"
_DOT = "\u00b7"
_VOTES = re.compile(r"(?:Upvote )?(-|\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?[kK]?)")
_COUNT = re.compile(r"(?:o )?\W*(\d{1,5}) authors?\W*", re.IGNORECASE)
_ANOTHER_LINK = re.compile(r"\[\d+\]\S.*|\W*\[.*\]\([^()\s]*/papers/\S*\)\W*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Who wrote a paper, when, and the comments where they have a line of their own."""

    who: CleanLine
    dot: CleanLine
    dated: CleanLine
    comments: CleanLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The lines of one paper."""

    votes: CleanLine | None
    title: CleanLine
    abstract: CleanLine
    block: Block | None

    @property
    def lines(self) -> tuple[CleanLine, ...]:
        """All its lines in their order."""
        block = self.block
        parts = (block.who, block.dot, block.dated, block.comments) if block else ()
        return tuple(line for line in (self.votes, self.title, self.abstract, *parts) if line is not None)


def cards_of(lines: Lines, found: Sequence[CleanLine], *, has_headings: bool) -> tuple[Card, ...]:
    """The papers in the lines. PageChanged names the line that does not fit, or where one is missing."""
    cards = tuple(_cards(lines, found))
    for card in cards:
        if card.title.is_heading != has_headings:
            kind = "a heading" if has_headings else "no heading"
            raise lines.unlike(card.title.number, f"a title that is {kind}, as the page's name is {kind}")
        if (card.votes is None) != (cards[0].votes is None):
            raise lines.unlike(card.lines[0].number, "votes before each title, or before none")
    if len(cards) == 1 and cards[0].votes is not None and cards[0].votes.address is None:
        expected = "a second paper: of a single one, votes without a link could be lost unnoticed"
        raise lines.changed(cards[0].votes.number, expected, "the only paper")
    return cards


def count_of_authors(text: str) -> str | None:
    """The number in a line such as `• 3 authors`, whatever mark stands before it, or none."""
    found = _COUNT.fullmatch(bare(text))
    return found[1] if found else None


def votes_of(text: str) -> str | None:
    """The number of votes as printed, a dash for none."""
    found = _VOTES.fullmatch(bare(text))
    return found[1] if found else None


def dated(text: str) -> re.Match[str] | None:
    """Date and comments of a block's last line, None where there is no such day in any year."""
    found = _DATED.fullmatch(bare(text))
    # 2024 knows every day that some year has
    return found if found and day_of(found["month"], int(found["day"]), int(found["year"] or 2024)) else None


def day_of(month: str, day: int, year: int) -> date | None:
    """The day of an English month, None where there is none."""
    try:
        return date(year, month_number(month), day)
    except ValueError:
        return None


def _cards(lines: Lines, found: Sequence[CleanLine]) -> Iterator[Card]:
    place = 0
    while place < len(found):
        votes = found[place] if _is_votes(found[place]) else None
        at = place if votes is None else place + 1
        title = _title(lines, found, at)
        abstract = _abstract(lines, found, at + 1)
        card = Card(votes=votes, title=title, abstract=abstract, block=_block(lines, found, at + 2))
        yield card
        place += len(card.lines)


def _is_votes(line: CleanLine) -> bool:
    return votes_of(line.text) is not None and not line.is_heading


def _title(lines: Lines, found: Sequence[CleanLine], at: int) -> CleanLine:
    title = _there(lines, found, at, "a title below the votes")
    if len(title.text) > TITLE_CHARACTERS_MAX:
        expected = f"a title of at most {TITLE_CHARACTERS_MAX} characters"
        raise lines.changed(title.number, expected, f"{len(title.text)} characters")
    if _is_votes(title):
        raise lines.unlike(title.number, "a title: of two numbers nobody can tell which are comments and which votes")
    if dated(title.text) or count_of_authors(title.text) or title.text == _DOT:
        raise lines.unlike(title.number, "a title, not a line of a block")
    _require_apart(lines, found, at, "a title")
    _require_whole_link(lines, title)
    return title


def _abstract(lines: Lines, found: Sequence[CleanLine], at: int) -> CleanLine:
    expected = f"the abstract of the title on line {found[at - 1].number}"
    abstract = _there(lines, found, at, expected)
    if count_of_authors(abstract.text) or abstract.text == _DOT:
        raise lines.unlike(abstract.number, expected)
    _require_apart(lines, found, at, "an abstract")
    if len(abstract.text) < ABSTRACT_CHARACTERS_MIN:
        expected = f"an abstract of at least {ABSTRACT_CHARACTERS_MIN} characters"
        raise lines.changed(abstract.number, expected, f"{len(abstract.text)} characters")
    _require_whole_link(lines, abstract)
    return abstract


def _there(lines: Lines, found: Sequence[CleanLine], at: int, expected: str) -> CleanLine:
    if at >= len(found):
        raise lines.changed(found[-1].last, expected, "the end of the papers")
    return found[at]


def _require_apart(lines: Lines, found: Sequence[CleanLine], at: int, what: str) -> None:
    """Title and abstract stand on one line each between blank lines: else one could be a part of the other."""
    if not found[at].gap or (at + 1 < len(found) and not found[at + 1].gap):
        raise broken(lines, found[at].number, f"{what} on one line between blank lines")


def _require_whole_link(lines: Lines, line: CleanLine) -> None:
    if line.label not in (None, line.text) or _ANOTHER_LINK.fullmatch(line.text):
        raise lines.unlike(line.number, "a text that is a link [text](address) as a whole, or no link")


def _block(lines: Lines, found: Sequence[CleanLine], at: int) -> Block | None:
    """The lines below an abstract, where the second of them is the dot."""
    who, dot = (found[place] if place < len(found) else None for place in (at, at + 1))
    has_dot = dot is not None and dot.text == _DOT
    if who is not None and (who.text == _DOT or (count_of_authors(who.text) and not has_dot)):
        raise lines.unlike(who.number, f"a block of three lines: who, {_DOT!r}, date")
    if who is None or dot is None or not has_dot:
        return None
    when = _there(lines, found, at + 2, _A_DATE)
    if dated(when.text) is None:
        raise lines.unlike(when.number, _A_DATE)
    below = found[at + 3] if at + 3 < len(found) else None
    has_comments = below is not None and (below.address or "").endswith("#community")
    return Block(who=who, dot=dot, dated=when, comments=below if has_comments else None)
