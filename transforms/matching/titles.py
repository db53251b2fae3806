"""Titles as evidence: rare words shared, words exchanged, and the titles that must never merge."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from transforms.matching.model import Evidence
from transforms.matching.rarity import token_bits, total_bits

# With the prior of -20 an equal title alone gives 6: enough to merge, not enough if no author is shared (-16).
TITLE_MOST_BITS: Final = 26.0

TITLE_BITS_PER_RARITY: Final = 0.65

FOREIGN_TITLE_BITS: Final = -6.0

# Of a title such as "Introduction", so little is left as evidence that it never merges by itself.
GENERIC_SHARE: Final = 0.3

EXCHANGED_MOST_BITS: Final = 14.0

# A word is rarer in titles than in abstracts, of which the statistics are made.
SHORT_TITLE_BITS: Final = 1.5

# Likeness from which a word counts as misspelt or inflected: `graph` and `graphs` have 0.91.
NEARLY_SAME_WORD: Final = 0.84

GENERIC_MOST_BITS: Final = 12.0

# Titles by their letters and digits.
GENERIC_TITLES: Final = frozenset(
    {
        "abstract", "acknowledgements", "acknowledgments", "announcement", "annualreport", "bookreview",
        "bookreviewcolumn", "bookreviews", "callforpapers", "chairsmessage", "comment", "commentary", "conclusion",
        "conclusions", "contents", "correction", "corrections", "discussion", "editorial", "editorialboard",
        "editorialintroduction", "editorsnote", "editorsnotes", "errata", "erratum", "foreword", "frontmatter",
        "guesteditorial", "guesteditorsintroduction", "index", "inmemoriam", "introduction",
        "introductiontothespecialissue", "invitedtalk", "keynote", "letter", "lettertotheeditor", "news", "notitle",
        "obituary", "opinion", "overview", "panel", "perspective", "poster", "preface", "proceedings", "reply",
        "report", "response", "review", "specialissue", "summary", "survey", "systemcard", "tableofcontents",
        "technicalreport", "titlepage", "tutorial", "untitled", "viewpoint", "workshop",
    }
)  # fmt: skip

_NOTICES: Final = frozenset(
    {
        "addendum", "comment", "comments", "corrigendum", "correction", "errata", "erratum", "rejoinder", "reply",
        "response", "retracted", "retraction",
    }
)  # fmt: skip
_ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12",
}  # fmt: skip
_ORDINALS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "first": "1", "second": "2", "third": "3",
}  # fmt: skip
_POSITIONS: Final = frozenset({"part", "vol", "volume", "chapter", "paper", "issue", "episode", "lecture", "no"})


@dataclass(frozen=True, slots=True)
class Overlap:
    """Rarity in bits of the words that two titles share, and of those that only one has."""

    shared: float
    left_only: float
    right_only: float

    @property
    def similarity(self) -> float:
        """0 for nothing in common to 1 for the same words."""
        total = 2 * self.shared + self.left_only + self.right_only
        return 2 * self.shared / total if total else 0.0


def title_evidence(left: Sequence[str], right: Sequence[str]) -> Evidence | None:
    """The evidence of two titles, given as words; None if one side has no title."""
    if not left or not right:
        return None
    found = overlap(left, right)
    exchanged = min(EXCHANGED_MOST_BITS, found.left_only, found.right_only)
    gain = min(TITLE_MOST_BITS, TITLE_BITS_PER_RARITY * found.shared) * found.similarity
    bits = max(FOREIGN_TITLE_BITS, gain - exchanged)
    if is_generic(left) or is_generic(right):
        bits = min(bits, GENERIC_SHARE * gain)
        return Evidence(field="title", bits=round(bits, 2), text="a title that many works have")
    if found.similarity == 1:
        return Evidence(field="title", bits=round(bits, 2), text=f"same title, {found.shared:.0f} bits of rarity")
    text = f"titles share {found.similarity:.0%} of their rarity, each has {exchanged:.0f} bits of its own"
    return Evidence(field="title", bits=round(bits, 2), text=text)


def overlap(left: Sequence[str], right: Sequence[str]) -> Overlap:
    """Rarity-weighted overlap; a word that is only misspelt or inflected counts by its similarity."""
    first, second = set(left), set(right)
    if "".join(left) == "".join(right):
        return Overlap(_rarity(first), 0.0, 0.0)
    shared, mine, yours = _rarity(first & second), first - second, second - first
    for word in sorted(mine):
        best = max(((_likeness(word, other), other) for other in sorted(yours)), default=(0.0, ""))
        if best[0] >= NEARLY_SAME_WORD:
            mine.discard(word)
            yours.discard(best[1])
            shared += best[0] * min(_rarity([word]), _rarity([best[1]]))
    for whole, parts in ((mine, right), (yours, left)):
        for pair in pairwise(parts):
            if (joined := "".join(pair)) in whole:
                whole.discard(joined)
                (yours if whole is mine else mine).difference_update(pair)
                shared += _rarity([joined])
    return Overlap(shared, _rarity(mine), _rarity(yours))


def is_generic(title: Sequence[str]) -> bool:
    """Whether the title names a kind of text ("Editorial") rather than one work."""
    return "".join(title) in GENERIC_TITLES or (len(title) < 4 and total_bits(set(title)) < GENERIC_MOST_BITS)


def title_conflict(left: Sequence[str], right: Sequence[str]) -> str | None:
    """Why two titles cannot be one work, however alike: another part, year or version, or a notice about the work."""
    if not left or not right:
        return None
    if _is_notice(left) != _is_notice(right):
        return "only one of the two is an erratum, a comment or a reply"
    first, second = _positions(left), _positions(right)
    mine, yours = first - second, second - first
    if mine and yours:
        return f"different places in a series: {_listed(mine)} against {_listed(yours)}"
    if (mine or yours) and _without_positions(left) == _without_positions(right):
        return f"only one of the two is number {_listed(mine or yours)} of a series"
    return None


def _is_notice(title: Sequence[str]) -> bool:
    """Whether the first or the last word is that of a notice: `Reply to …`, `…: Erratum`, `…: a reply`."""
    return title[0] in _NOTICES or title[-1] in _NOTICES


def _positions(title: Sequence[str]) -> set[str]:
    """Numbers by which members of a series differ: words with digits, roman numerals, `part two`."""
    numbers = {word for word in title if word[0].isdigit() or word[-1].isdigit()}
    roman = {_ROMAN[word] for place, word in enumerate(title) if word in _ROMAN and _may_be_roman(title, place)}
    spelled = {
        _ORDINALS[word]
        for place, word in enumerate(title)
        if word in _ORDINALS
        and ((place and title[place - 1] in _POSITIONS) or title[place + 1 : place + 2] == ("part",))
    }
    return numbers | roman | spelled


def _may_be_roman(title: Sequence[str], place: int) -> bool:
    """`i`, `v` and `x` are also words and symbols: they count only after `part` or at the end."""
    return len(title[place]) > 1 or title[place - 1 : place] in (("part",), ("volume",)) or place == len(title) - 1 > 0


def _without_positions(title: Sequence[str]) -> frozenset[str]:
    positions = {*_ROMAN, *_ORDINALS, *_POSITIONS}
    return frozenset(word for word in title if word not in positions and not (word[0].isdigit() or word[-1].isdigit()))


def _listed(positions: Iterable[str]) -> str:
    return ", ".join(sorted(positions))


def _rarity(words: Iterable[str]) -> float:
    return total_bits(words) + SHORT_TITLE_BITS * sum(1 for word in words if token_bits(word) >= 3)


def _likeness(left: str, right: str) -> float:
    """0 to 1; words under five letters and words with digits count as different words, not as misspellings."""
    if min(len(left), len(right)) < 5 or left[0] != right[0] or not (left.isalpha() and right.isalpha()):
        return 0.0
    return SequenceMatcher(None, left, right, autojunk=False).ratio()
