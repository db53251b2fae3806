"""Titles as evidence: rare words shared, words exchanged, and the titles that must never merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA, Indel

from transforms.fields.words import Title, numbers_of
from transforms.matching.model import Evidence
from transforms.matching.rarity import token_bits, total_bits

# With the prior of -20 titles that are nearly equal give 6: enough to merge, not if no author is shared (-16).
TITLE_MOST_BITS: Final = 26.0

# Two papers share a title of three or more words that is not generic once in 400 million pairs: 8 pairs of 81,498
# machine-learning papers of arXiv, all by common authors (2026-11). Its words need not be rare.
EQUAL_TITLE_BITS: Final = 28.0
EQUAL_TITLE_WORDS_LEAST: Final = 3
# An equal title of one or two words is content; who wrote it and when must agree.
SHORT_EQUAL_BITS: Final = 12.0

TITLE_BITS_PER_RARITY: Final = 0.65

FOREIGN_TITLE_BITS: Final = -6.0

# Of a title such as "Introduction", so little is left as evidence that it never merges by itself.
GENERIC_SHARE: Final = 0.3

EXCHANGED_MOST_BITS: Final = 14.0

# A word is rarer in titles than in abstracts, of which the statistics are made.
SHORT_TITLE_BITS: Final = 1.5

# Likeness from which a word counts as misspelt or inflected: `graph` and `graphs` have 0.91.
NEARLY_SAME_WORD: Final = 0.84

# Titles of one or two words with less are generic.
GENERIC_MOST_BITS: Final = 12.0

# A phrase: what all papers on a subject have at the front of their titles.
PHRASE_WORDS_MOST: Final = 3

# "Language Models Need Sleep…" is not "Language Models Need Sleep" by its title alone: some other word is missing.
GOES_ON_MOST_BITS: Final = 18.0
# A title that is cut has more letters; a shorter one that the other continues is a title of its own.
CUT_LETTERS_LEAST: Final = 36
# Below that many a title that goes on with "for …" is another one; above, cut or not, nobody could tell.
CUT_BEFORE_CONNECTOR_LEAST: Final = 45
# With an ellipsis it says itself that it was cut.
SAID_CUT_LETTERS_LEAST: Final = 18
CUT_TITLE_BITS: Final = 24.0

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

_GENERIC_BEGINNINGS: Final = (
    "introductiontothespecial", "guesteditor", "specialissueon", "specialsectionon", "messagefromthe",
    "proceedingsofthe", "reviewerslist", "listofreviewers", "lettersto", "aboutthe",
    "inthisissue", "callforpapers", "tableofcontents",
)  # fmt: skip
# A title of these words alone is a heading, such as "Conclusion and Future Work".
_HEADING_WORDS: Final = frozenset(
    {
        "a", "an", "and", "for", "from", "in", "of", "on", "the", "this", "to", "acknowledgements", "appendix",
        "background", "board", "call", "chair", "chairs", "conclusion", "conclusions", "contents", "discussion",
        "editor", "editors", "editorial", "experiments", "future", "index", "introduction", "issue", "letter",
        "limitations", "material", "materials", "message", "methods", "news", "note", "notes", "overview", "papers",
        "preface", "preliminaries", "references", "related", "report", "results", "review", "reviews", "section",
        "special", "summary", "supplementary", "survey", "table", "welcome", "work", "workshop",
    }
)  # fmt: skip
_NOTICES: Final = frozenset(
    {
        "addendum", "comment", "comments", "commentary", "corrigendum", "correction", "corrections", "discussion",
        "errata", "erratum", "letter", "re", "rebuttal", "rejoinder", "reply", "response", "retracted", "retraction",
    }
)  # fmt: skip
_BEFORE_NOTICES: Final = frozenset(
    {"a", "an", "the", "author", "authors", "publisher", "invited", "formal", "short", "s"}
)
_ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12",
}  # fmt: skip
_ARTICLES: Final = frozenset({"a", "an", "the"})
# Behind a short phrase they make a subtitle a work of its own: `Graph Routing: A Survey`.
_KINDS_OF_TEXT: Final = frozenset(
    {"survey", "review", "overview", "benchmark", "perspective", "roadmap", "primer", "taxonomy"}
)
_ORDINALS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "first": "1", "second": "2", "third": "3",
}  # fmt: skip
_NOTICE_GOES_ON: Final = frozenset({"to", "on", "for", "of", "regarding", "about", "concerning", "note", "notice"})
# Words with which a title goes on to say what its subject is used for.
_CONNECTORS: Final = frozenset(
    {
        "for", "with", "in", "via", "on", "by", "using", "from", "to", "under", "through", "without", "towards",
        "toward", "against", "beyond", "as", "at", "and", "of", "across", "over", "between", "among", "within",
    }
)  # fmt: skip
# Words with which a place of publication stands behind a title.
_VENUES: Final = frozenset(
    {
        "proceedings", "proc", "conference", "conf", "journal", "transactions", "trans", "workshop", "symposium",
        "arxiv", "preprint", "corr", "acm", "ieee", "springer", "elsevier", "usenix",
        "neurips", "nips", "icml", "iclr", "cvpr",
        "iccv", "eccv", "acl", "emnlp", "naacl", "eacl", "coling", "aaai", "ijcai", "kdd", "www", "sigir", "sigmod",
        "vldb", "icde", "icra", "iros", "interspeech", "icassp", "miccai", "aistats", "uai", "colt", "jmlr", "tmlr",
        "tpami", "pages", "pp", "vol", "extended", "abstract", "demo", "poster", "annual", "international",
    }
)  # fmt: skip
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


def title_evidence(left: Title, right: Title) -> Evidence | None:
    """The evidence of two titles; None if one side has no title."""
    if not left.words or not right.words:
        return None
    found = overlap(left.words, right.words)
    exchanged = min(EXCHANGED_MOST_BITS, found.left_only, found.right_only)
    gain = min(TITLE_MOST_BITS, TITLE_BITS_PER_RARITY * found.shared) * found.similarity
    bits = max(FOREIGN_TITLE_BITS, gain - exchanged)
    if is_generic(left.words) or is_generic(right.words):
        bits = min(bits, GENERIC_SHARE * gain)
        return Evidence(field="title", bits=round(bits, 2), text="a title that many works have")
    if are_equal(left, right):
        return _equal_evidence(left, right, bits, found.shared)
    if are_cut(left, right):
        return Evidence(field="title", bits=CUT_TITLE_BITS, text="one title is the other, cut")
    if _is_part(left, right) or _is_part(right, left):
        bits = max(bits, _part_bits(left, right))
        return Evidence(field="title", bits=round(bits, 2), text="one title is the other without its beginning or end")
    text = f"titles share {found.similarity:.0%} of their rarity, each has {exchanged:.0f} bits of its own"
    return Evidence(field="title", bits=round(bits, 2), text=text)


def _equal_evidence(left: Title, right: Title, bits: float, shared: float) -> Evidence:
    is_long = min(len(left.words), len(right.words)) >= EQUAL_TITLE_WORDS_LEAST
    bits = EQUAL_TITLE_BITS if is_long else max(bits, SHORT_EQUAL_BITS)
    text = f"same title, {shared:.0f} bits of rarity"
    if left.is_cut != right.is_cut:
        bits, text = min(bits, GOES_ON_MOST_BITS), "one title says that it goes on where the other ends"
    return Evidence(field="title", bits=round(bits, 2), text=text)


def are_equal(left: Title, right: Title) -> bool:
    """Whether two titles have the same letters and digits, however they are cut into words."""
    return left.letters == right.letters and numbers_of(left.words) == numbers_of(right.words)


def are_cut(left: Title, right: Title) -> bool:
    """Whether one title is the long beginning of the other, which may end within a word: capture tools cut titles.

    A title to which only a place in a series is added is not cut, but one that says that it is cut may lack just that:
    the `V` at the end of another cut is the beginning of a word more often than a number.
    """
    cut, whole = sorted((left, right), key=lambda title: len(title.letters))
    least = SAID_CUT_LETTERS_LEAST if cut.is_cut else CUT_LETTERS_LEAST
    if len(cut.letters) < least or not whole.letters.startswith(cut.letters):
        return False
    end = len(cut.words)
    is_within_a_word = whole.words[end - 1 : end] != cut.words[-1:]
    rest = whole.words[end - is_within_a_word :]
    is_connected = not is_within_a_word and bool(rest) and rest[0] in _CONNECTORS
    if is_connected and not cut.is_cut and len(cut.letters) < CUT_BEFORE_CONNECTOR_LEAST:
        return False
    return cut.is_cut or bool(_without_positions(rest))


def overlap(left: Sequence[str], right: Sequence[str]) -> Overlap:
    """Rarity-weighted overlap; a word that is only misspelt or inflected counts by its similarity."""
    if "".join(left) == "".join(right) and numbers_of(left) == numbers_of(right):
        return Overlap(_rarity(set(left)), 0.0, 0.0)
    left, right = spelt_alike(left, right)
    first, second = set(left), set(right)
    shared, mine, yours = _rarity(first & second), first - second, second - first
    for word in sorted(mine):
        alike = ((_likeness(word, other), other) for other in yours if word[0] == other[0])
        likeness, other = max(alike, default=(0.0, ""))
        if likeness >= NEARLY_SAME_WORD:
            mine.discard(word)
            yours.discard(other)
            shared += likeness * min(_rarity([word]), _rarity([other]))
    return Overlap(shared, _rarity(mine), _rarity(yours))


def spelt_alike(left: Sequence[str], right: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both with their words joined where the other side writes them as one: `sam 2` and `sam2`."""
    mine, yours = frozenset(left), frozenset(right)
    return _joined_as(left, yours - mine), _joined_as(right, mine - yours)


def _joined_as(words: Sequence[str], wanted: frozenset[str]) -> tuple[str, ...]:
    letters = "".join(words)
    if not any(word in letters for word in wanted):
        return tuple(words)
    found: list[str] = []
    place = 0
    while place < len(words):
        run = next((run for run in (2, 3, 4) if _is_spelt_as_one(words[place : place + run], wanted)), 1)
        found.append("".join(words[place : place + run]))
        place += run
    return tuple(found)


def _is_spelt_as_one(words: Sequence[str], wanted: frozenset[str]) -> bool:
    joined = "".join(words)
    return len(words) > 1 and joined in wanted and numbers_of(words) == numbers_of([joined])


def is_generic(title: Sequence[str]) -> bool:
    """Whether the title names a kind of text ("Editorial") rather than one work."""
    letters = "".join(title)
    if letters in GENERIC_TITLES or letters.startswith(_GENERIC_BEGINNINGS) or _HEADING_WORDS.issuperset(title):
        return True
    return len(title) < EQUAL_TITLE_WORDS_LEAST and total_bits(set(title)) < GENERIC_MOST_BITS


@lru_cache(maxsize=1 << 14)  # the titles of a cluster are compared with each other again and again
def title_conflict(left: Title, right: Title) -> str | None:
    """Why two titles cannot be one work, however alike: another part, year or version, or a notice about the work."""
    if not left.words or not right.words or are_equal(left, right):
        return None
    if _notices(left) != _notices(right):
        return "only one of the two is an erratum, a comment or a reply"
    if are_cut(left, right) or _is_nickname_apart(left, right) or _is_nickname_apart(right, left):
        return None
    first, second = spelt_alike(left.words, right.words)
    mine, yours = _positions(first) - _positions(second), _positions(second) - _positions(first)
    if mine and yours:
        return f"different places in a series: {_listed(mine)} against {_listed(yours)}"
    further = {position for position in mine or yours if not _may_be_left_out(position)}
    if further and _without_positions(first) == _without_positions(second):
        return f"only one of the two is number {_listed(further)} of a series"
    return None


def continuation(left: Title, right: Title) -> str | None:
    """Why a title that another goes on from may be another work: `Graph Routing` and `Graph Routing for Harbours`.

    A subtitle, a place of publication or what a cut left out are no such thing, nor is a word or two that a source
    lost at the end of a longer title.
    """
    shorter, longer = sorted((left, right), key=lambda title: len(title.words))
    end = len(shorter.words)
    if not end or end == len(longer.words) or shorter.is_cut or are_cut(left, right):
        return None
    if longer.words[:end] == shorter.words:
        return _goes_on(end, longer)
    before = longer.words[: len(longer.words) - end]
    if end <= PHRASE_WORDS_MOST and longer.words[len(before) :] == shorter.words and not longer.starts:
        is_qualified = _ARTICLES.isdisjoint(before[:1]) and not all(map(_may_be_left_out, before))
        return f"one title is the other, qualified: {' '.join(before[:6])}" if is_qualified else None
    return None


def _goes_on(end: int, longer: Title) -> str | None:
    rest = longer.words[end:]
    is_phrase = end <= PHRASE_WORDS_MOST
    if end in longer.starts and not (is_phrase and not _KINDS_OF_TEXT.isdisjoint(rest)):
        return None
    if all(map(_may_be_left_out, rest)) or any(word in _VENUES or _is_year(word) for word in rest[:3]):
        return None
    if not is_phrase and rest[0] not in _CONNECTORS:
        return None
    return f"one title goes on where the other ends: {' '.join(rest[:6])}"


def _is_part(whole: Title, part: Title) -> bool:
    """Whether one title is the other without its nickname, its subtitle, or what stands in brackets."""
    if len(part.words) < EQUAL_TITLE_WORDS_LEAST:
        return False
    pieces = (piece for start in whole.starts for piece in (whole.words[:start], whole.words[start:]))
    return any("".join(piece) == part.letters for piece in pieces)


def _is_nickname_apart(whole: Title, part: Title) -> bool:
    """Whether only a name before a colon differs, with or without a number: `Heron2: T` and `T`."""
    start = whole.starts[0] if whole.starts else 0
    name = whole.words[:start]
    is_rest = "".join(whole.words[start:]) == part.letters
    return (
        bool(name) and is_rest and len(name) <= PHRASE_WORDS_MOST and bool(_without_positions(name) or _is_coined(name))
    )


def _is_coined(name: Sequence[str]) -> bool:
    return any(not word.isdigit() and any(sign.isdigit() for sign in word) for word in name)


def _part_bits(left: Title, right: Title) -> float:
    """A part is worth its words: subtitles are less telling than whole titles."""
    both = set(left.words).intersection(right.words)
    return min(TITLE_MOST_BITS, TITLE_BITS_PER_RARITY * _rarity(both))


def _notices(title: Title) -> int:
    """How many parts are a notice about a work: `Reply to …`, `…: Erratum`, `…: a reply`, `Author Correction: …`."""
    return sum(_begins_notice(part) for part in title.parts)


def _begins_notice(part: Sequence[str]) -> bool:
    if part[:3] == ("expression", "of", "concern"):
        return True
    words = part[next((place for place, word in enumerate(part) if word not in _BEFORE_NOTICES), len(part)) :]
    return bool(words) and words[0] in _NOTICES and (len(words) == 1 or words[1] in _NOTICE_GOES_ON)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in {"19", "20"}


def _may_be_left_out(position: str) -> bool:
    """The first of a series often has no number, a footnote looks like a number, and a year is that of a venue."""
    return position == "1" or _is_year(position)


def _positions(title: Sequence[str]) -> Counter[str]:
    """Numbers by which members of a series differ: words with digits, roman numerals, `part two`."""
    numbers = [word for word in title if word[0].isdigit() or word[-1].isdigit()]
    roman = [_ROMAN[word] for place, word in enumerate(title) if word in _ROMAN and _may_be_roman(title, place)]
    spelled = [
        _ORDINALS[word]
        for place, word in enumerate(title)
        if word in _ORDINALS
        and ((place and title[place - 1] in _POSITIONS) or title[place + 1 : place + 2] == ("part",))
    ]
    return Counter([*numbers, *roman, *spelled])


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
    if len(left) == len(right) and sorted(left) == sorted(right) and OSA.distance(left, right, score_cutoff=1) == 1:
        return NEARLY_SAME_WORD  # two letters exchanged, however short the word is
    return Indel.normalized_similarity(left, right, score_cutoff=NEARLY_SAME_WORD)
