"""Which records are worth comparing: a few block keys each, chosen so that blocks stay small among a million papers.

A pair is a candidate if and only if it shares a strong key (an identifier, a whole title or abstract, an address) or
two weak keys, which are samples of words: a single shared sample is mostly chance among a million papers. The rule is
symmetric and does not depend on what is loaded. No block is ever cut: one that is too large is an error.

Most candidates cannot be one paper, which is told from their outlines before their texts are read: without a common
identifier only a title that is nearly the other's, or an abstract with most of the other's words, may make them one.
That two abstracts have few words in common is told from signatures of them, a bit for each word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from hashlib import blake2b
from itertools import combinations
from operator import or_
from typing import Final, NamedTuple
from zlib import crc32

from transforms.errors import PaperlogError
from transforms.fields.words import Title
from transforms.matching.compare import CONTENT_BITS
from transforms.matching.evidence import ABSTRACT_LEAST_WORDS, CONTAINMENT_NEAR
from transforms.matching.model import Record
from transforms.matching.names import folded
from transforms.matching.prepare import Prepared, prepare
from transforms.matching.rarity import surname_bits, token_bits, total_bits
from transforms.matching.titles import CUT_LETTERS_LEAST, is_generic, title_evidence

# Raise it with every change of a rule here or of the rarities: stored keys and outlines are then made again.
BLOCK_KEYS_VERSION: Final = 7

# A circuit breaker. Of a million papers 3,601 keys have more than 50 records, and three quarters of all pairs.
BLOCK_MOST_RECORDS: Final = 20_000

TITLE_RAREST: Final = 5
TITLE_KEY_BITS: Final = 14.0
# Words so rare together that they are a key by themselves: a short title has no second sample.
TITLE_STRONG_BITS: Final = 24.0
# Few papers of a million have such a word in their title and such a first author.
AUTHOR_KEY_BITS: Final = 18.0
# What stands before or behind a colon, and how a long title begins, if that is telling enough.
PART_WORDS_LEAST: Final = 3
PART_KEY_BITS: Final = 14.0
BEGINNING_WORDS: Final = 5
BEGINNING_KEY_BITS: Final = 20.0
URL_TITLE_WORDS: Final = 2  # an address is a key only with one of them: many papers link to one repository

# The letters with which an abstract begins that was cut at 200 characters or more.
ABSTRACT_BEGINNING_LETTERS: Final = 140

# The beginning of an abstract, of which some words may be edited.
HEAD_WORDS: Final = 40

HEAD_BINS: Final = 4
WHOLE_BINS: Final = 10
HEAD_KEY_BITS: Final = 14.0
WHOLE_KEY_BITS: Final = 18.0
WEAK_KEYS_SHARED_LEAST: Final = 2  # which `sharing_enough` takes for granted
# More common words would put unrelated abstracts into one block.
ABSTRACT_WORD_LEAST_BITS: Final = 6.0
# Misspelt words look like the rarest ones: above this a word is not preferred for its rarity.
ABSTRACT_WORD_MOST_BITS: Final = 10.0
# So many words are remembered with how they are sampled, and with their bits.
WORDS_REMEMBERED_MOST: Final = 1 << 16
SIGNATURE_BITS: Final = 1024

# A word's rank in the order of sampling, the word, its bin and its weight.
_SampledWord = tuple[float, str, int, float]


class Outline(NamedTuple):
    """What is looked at first: identifiers, title, how many words the abstract has, and their bits.

    The title is its words joined by blanks, the bits are little-endian. `abstract_sum` is a checksum of the abstract's
    letters and digits, None where they are too few to mean one paper.
    """

    arxiv_id: str | None
    doi: str | None
    title: str
    title_starts: tuple[int, ...]
    is_title_cut: bool
    words_count: int
    signature: bytes
    abstract_sum: int | None

    @property
    def whole_title(self) -> Title:
        """The title with its parts."""
        return Title(tuple(self.title.split()), self.title_starts, self.is_title_cut)

    @property
    def letters(self) -> str:
        """The letters and digits of the title."""
        return self.title.replace(" ", "")


class BlockTooLargeError(PaperlogError):
    """A block holds more records than can be compared; `block_key` and `records_count` are which and how many."""

    def __init__(self, block_key: int, records_count: int, most: int) -> None:
        super().__init__(
            f"block {block_key} holds {records_count} records, more than {most}: let their source's "
            "extractor leave out what they have in common, such as one boilerplate text"
        )
        self.block_key = block_key
        self.records_count = records_count


def block_keys(record: Record | Prepared) -> tuple[int, ...]:
    """Signed 64-bit keys, sorted: the lowest bit is 0 in strong keys and 1 in weak ones (see `are_candidates`)."""
    side = prepare(record)
    names = {*_identifier_keys(side), *_title_keys(side), *_title_parts(side), *_abstract_keys(side)}
    samples = list(_title_samples(side))
    names.update(name for name, bits in samples if bits >= TITLE_STRONG_BITS)
    weak = {*(name for name, _ in samples), *_abstract_samples(side)} - names
    return tuple(sorted({*(_hashed(name) & ~1 for name in names), *(_hashed(name) | 1 for name in weak)}))


def are_candidates(left: Iterable[int], right: Iterable[int]) -> bool:
    """Whether records with these block keys are compared."""
    return is_enough(set(left).intersection(right))


def is_enough(shared: Collection[int]) -> bool:
    """Whether two records are compared that share these block keys: one strong key or two weak ones."""
    return any(not key & 1 for key in shared) or len(shared) >= WEAK_KEYS_SHARED_LEAST


def sharing_enough(blocks: Iterable[tuple[int, Collection[int]]]) -> set[int]:
    """Which of the numbers in some blocks, each named by its key, share enough of the keys (see `is_enough`)."""
    found, once = set[int](), set[int]()
    for key, numbers in blocks:
        if key & 1:
            found.update(once.intersection(numbers))
            once.update(numbers)
        else:
            found.update(numbers)
    return found


def outline_of(record: Prepared) -> Outline:
    """The outline of a record."""
    if len(_BITS) > WORDS_REMEMBERED_MOST:
        _BITS.clear()
    signature = reduce(or_, map(_BITS.__getitem__, record.abstract_words), 0)
    key = record.abstract_key
    return Outline(
        arxiv_id=record.arxiv_id,
        doi=record.doi,
        title=" ".join(record.title),
        title_starts=record.title_starts,
        is_title_cut=record.is_title_cut,
        words_count=len(record.abstract_words),
        signature=signature.to_bytes(SIGNATURE_BITS // 8, "little"),
        abstract_sum=crc32(key.encode()) if key else None,
    )


def may_be_one(left: Outline, right: Outline) -> bool:
    """Whether `compare` may find anything in a pair; False is certain."""
    if _are_equal(left.arxiv_id, right.arxiv_id) or _are_equal(left.doi, right.doi):
        return True
    if (left.arxiv_id and right.arxiv_id) or (left.doi and right.doi):
        return left.letters == right.letters
    if _are_equal(left.abstract_sum, right.abstract_sum) or _may_share_words(left, right):
        return True
    title = title_evidence(left.whole_title, right.whole_title)
    return title is not None and title.bits >= CONTENT_BITS


def _are_equal(mine: str | int | None, yours: str | int | None) -> bool:
    return mine is not None and mine == yours


def _may_share_words(left: Outline, right: Outline) -> bool:
    """Whether the shorter abstract may have enough words in common with the other; some words share a bit."""
    shorter, longer = (left, right) if left.words_count <= right.words_count else (right, left)
    if shorter.words_count < ABSTRACT_LEAST_WORDS:
        return False
    mine, yours = (int.from_bytes(side.signature, "little") for side in (shorter, longer))
    hidden = shorter.words_count - mine.bit_count()
    return ((mine & yours).bit_count() + hidden) / shorter.words_count >= CONTAINMENT_NEAR


def check_block(block_key: int, records_count: int, most: int = BLOCK_MOST_RECORDS) -> None:
    """Raise BlockTooLargeError if a block is too large: skipping pairs would make the order of loads matter."""
    if records_count > most:
        raise BlockTooLargeError(block_key, records_count, most)


def _identifier_keys(side: Prepared) -> Iterator[str]:
    if side.arxiv_id:
        yield f"arxiv:{side.arxiv_id}"
    if side.doi:
        yield f"doi:{side.doi}"


def _title_keys(side: Prepared) -> Iterator[str]:
    """The whole title, and addresses.

    A generic title is a key only with a surname, an address only with a word of the title. A title of which
    too many words are misspelt or common to be sampled has a key of one word with the first author.
    """
    if not side.title:
        return
    if is_generic(side.title):
        yield from (f"generic:{side.whole_title.letters}:{name.surname}" for name in side.names[:1])
    else:
        yield f"title:{side.whole_title.letters}"
    rarest = _rarest(side.title, URL_TITLE_WORDS)
    yield from (f"url:{url}:{word}" for url in side.urls for word in rarest)
    for name in side.names[:1]:
        yield from (f"by:{folded(name.surname)}:{word}" for word in rarest if _is_rare_with(name.surname, word))


def _is_rare_with(surname: str, word: str) -> bool:
    return surname_bits(surname) + token_bits(word) >= AUTHOR_KEY_BITS


def _title_parts(side: Prepared) -> Iterator[str]:
    """The title without its nickname or subtitle, under the name of a whole title, and its first words."""
    title = side.whole_title
    if is_generic(title.words):
        return
    for start in title.starts:
        for piece in (title.words[:start], title.words[start:]):
            if _is_telling(piece, PART_WORDS_LEAST, PART_KEY_BITS) and not is_generic(piece):
                yield f"title:{''.join(piece)}"
    beginning = title.words[:BEGINNING_WORDS]
    if _is_telling(beginning, BEGINNING_WORDS, BEGINNING_KEY_BITS):
        yield f"begins:{''.join(beginning)}"
    if len(title.letters) >= CUT_LETTERS_LEAST:
        yield f"begins:{title.letters[:CUT_LETTERS_LEAST]}"


def _is_telling(words: Sequence[str], least: int, bits: float) -> bool:
    return len(words) >= least and total_bits(set(words)) >= bits


def _title_samples(side: Prepared) -> Iterator[tuple[str, float]]:
    """Sets of the title's rarest words that are rare enough together, with their bits."""
    if side.title and not is_generic(side.title):
        yield from ((f"words:{' '.join(words)}", bits) for words, bits in _rare_together(side.title))


def _rare_together(title: Sequence[str]) -> Iterator[tuple[tuple[str, ...], float]]:
    """The smallest sets of the rarest words that are rare enough; whether a set is one depends on its words alone."""
    rarest = _rarest(title, TITLE_RAREST)
    for size in (2, 3, 4):
        for words in combinations(rarest, size):
            total = total_bits(words)  # the last word is the least rare
            if total >= TITLE_KEY_BITS and (size == 2 or total - token_bits(words[-1]) < TITLE_KEY_BITS):
                yield tuple(sorted(words)), total


def _rarest(words: Iterable[str], most: int) -> list[str]:
    return [word for _, word in sorted((-token_bits(word), word) for word in set(words))[:most]]


def _abstract_keys(side: Prepared) -> Iterator[str]:
    """The whole abstract, and how it begins: what every cut of it has in common."""
    if side.abstract_key:
        yield f"abstract:{side.abstract_key}"
    beginning = "".join(side.abstract[:ABSTRACT_BEGINNING_LETTERS])[:ABSTRACT_BEGINNING_LETTERS]
    if len(beginning) == ABSTRACT_BEGINNING_LETTERS:
        yield f"abstract begins:{beginning}"


def _abstract_samples(side: Prepared) -> Iterator[str]:
    """Samples of the abstract's words: of the beginning, which a cut leaves, and of the whole.

    Words go into bins by their hash; each bin takes its first few words in an order that prefers rare ones, until they
    are rare enough together. Edited words change the samples of single bins and leave the others as they were.
    """
    yield from (f"head:{place}:{sample}" for place, sample in _HEAD.samples(set(side.abstract[:HEAD_WORDS])))
    yield from (f"whole:{place}:{sample}" for place, sample in _WHOLE.samples(side.abstract_words))


class _Sampling(dict[str, _SampledWord | None]):
    """How words are sampled, of those that were asked for lately; None of a common word or a number.

    Texts share words: most are hashed once, and a dictionary answers several times as fast as a cached function.
    """

    def __init__(self, bins: int, least: float) -> None:
        super().__init__()
        self._bins, self._least = bins, least

    def samples(self, words: Collection[str]) -> Iterator[tuple[int, str]]:
        """The number of each bin that has words rare enough, with those words."""
        if len(self) > WORDS_REMEMBERED_MOST:
            self.clear()
        samples: list[list[str]] = [[] for _ in range(self._bins)]
        totals = [0.0] * self._bins
        least = self._least
        for _, word, place, weight in sorted(filter(None, map(self.__getitem__, words))):
            if totals[place] < least:
                samples[place].append(word)
                totals[place] += weight
        return ((place, " ".join(sample)) for place, sample in enumerate(samples) if totals[place] >= least)

    def __missing__(self, word: str) -> _SampledWord | None:
        bits = token_bits(word)
        found = None
        if bits >= ABSTRACT_WORD_LEAST_BITS and not word.isdigit():
            number, weight = _hashed(word) % 2**40, min(bits, ABSTRACT_WORD_MOST_BITS)
            found = (number // self._bins / weight, word, number % self._bins, weight)
        self[word] = found
        return found


_HEAD, _WHOLE = _Sampling(HEAD_BINS, HEAD_KEY_BITS), _Sampling(WHOLE_BINS, WHOLE_KEY_BITS)


class _Bits(dict[str, int]):
    """Each word's bit, of those that were asked for lately."""

    def __missing__(self, word: str) -> int:
        bit = self[word] = 1 << crc32(word.encode()) % SIGNATURE_BITS
        return bit


_BITS = _Bits()


def _hashed(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
