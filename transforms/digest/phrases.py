"""Words and phrases as a reader writes them, and whether a text has them: whole words, whatever their spelling.

Case, accents, LaTeX, hyphens and blanks do not count, and singular and plural are one word: `flow-matching` stands in
"Flow matching", `pretraining` in "pre-training", `LLM` in "LLMs". A `*` at the end of a word stands for any ending.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from transforms.fields.words import words_of
from transforms.matching.rarity import total_bits

# Letters beyond Latin and Greek, which `words_of` leaves out.
_OTHER_SCRIPT: Final = re.compile("[\u0400-\u1cff\u2e80-\ud7ff]+")
# No blanks stand between these words, so that each sign counts as one.
_WITHOUT_BLANKS: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2014\u2212_/."
_BITS_OF_BEGINNING: Final = 5.0
# More frequent ones are words of the language: "image segmentation is hard" explains no acronym.
_BITS_OF_ACRONYM_LEAST: Final = 5.0
# `news` is not `new`, and `gas` not `GA`: shorter words keep their ending, but for LLMs and GANs.
_SINGULAR_LETTERS_LEAST: Final = 4
_PLURAL_LETTERS_LEAST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text made ready: its words between blanks, with one at each end, and the same without blanks."""

    words: str
    letters: str


class Mention(NamedTuple):
    """A place in a text's words, and what stands there, folded."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A word or phrase made ready. `written` is as the reader wrote it, `bits` how rare its words are.

    `initials` are the first letters of its words, `needle` letters that every text with the phrase has.
    """

    written: str
    bits: float
    has_any_ending: bool
    is_one_word: bool
    initials: str
    needle: str
    pattern: re.Pattern[str]

    def found_in(self, text: Text) -> tuple[Mention, ...]:
        """Where the text has it, in order."""
        # To look for letters first is many times as fast, and mostly enough.
        if self.needle not in text.letters:
            return ()
        return tuple(Mention(*found.span(), found[0].strip()) for found in self.pattern.finditer(text.words))


def text_of(*texts: str | None) -> Text:
    """Texts, in NFC as they are stored, as one; no phrase begins in one and ends in another."""
    words = f" {' | '.join(' '.join(_words(each)) for each in texts if each)} "
    return Text(words=words, letters=words.replace(" ", ""))


def phrase_of(written: str) -> Phrase:
    """The phrase that a reader wrote. ValueError says what is wrong with it, without the text itself."""
    words = [word for raw in _parted(unicodedata.normalize("NFC", written)) for word in _read(raw)]
    if not words:
        raise ValueError("there is no letter and no digit in it")
    return Phrase(
        written=" ".join(written.split()),
        bits=total_bits(each.letters for each in words if not each.is_beginning)
        + _BITS_OF_BEGINNING * sum(each.is_beginning for each in words),
        has_any_ending=any(each.is_beginning for each in words),
        is_one_word=len(words) == 1,
        initials="".join(each.letters[0] for each in words),
        needle=max((each.least for each in words), key=len),
        pattern=re.compile(f" {_joined(words)}(?= )"),
    )


def singular(word: str, *, is_acronym: bool = False) -> str:
    """A folded word without the ending of a plural; a short one keeps it unless it is an acronym, as LLMs is."""
    if word.endswith("ies") and len(word) > _SINGULAR_LETTERS_LEAST:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural and (is_acronym or len(word) > _SINGULAR_LETTERS_LEAST) else word


def acronym_in(text: Text, phrase: Phrase) -> str:
    """The initials of a phrase of several words, where the text has them behind it, at most one word between.

    So they stand in "Vision-Language-Action (VLA)" and "reward models (RMs)". Empty where it has not.
    """
    if phrase.is_one_word or total_bits([phrase.initials]) < _BITS_OF_ACRONYM_LEAST:
        return ""
    for mention in phrase.found_in(text):
        if phrase.initials in (singular(word, is_acronym=True) for word in text.words[mention.end :].split()[:2]):
            return phrase.initials
    return ""


def weight_of(phrases: Iterable[Phrase], text: Text) -> float:
    """How often the text has any of the phrases times how rare they are, in bits.

    Of those that overlap, such as `masked diffusion` and `diffusion model`, the rarest counts.
    """
    taken: set[int] = set()
    weight = 0.0
    for phrase in sorted(phrases, key=lambda each: -each.bits):
        for mention in phrase.found_in(text):
            places = range(mention.start, mention.end)
            if taken.isdisjoint(places):
                taken.update(places)
                weight += phrase.bits
    return weight


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """One word of a phrase."""

    letters: str
    is_beginning: bool
    is_acronym: bool

    @property
    def least(self) -> str:
        """The letters that singular and plural begin with."""
        return self.letters if self.is_beginning else self.singular.removesuffix("y")

    @property
    def singular(self) -> str:
        """The word without the ending of a plural."""
        return singular(self.letters, is_acronym=self.is_acronym)

    @property
    def pattern(self) -> str:
        """An expression for all its spellings."""
        if self.is_beginning:
            return f"{self.letters}[^ ]*"
        return f"(?:{'|'.join(map(_with_gaps, dict.fromkeys((self.letters, self.singular, *self._plurals))))})"

    @property
    def _plurals(self) -> tuple[str, ...]:
        one = self.singular
        if len(one) < _PLURAL_LETTERS_LEAST or not one.isascii() or not one[-1].isalpha():
            return ()
        if one.endswith("y") and one[-2] not in "aeiou":
            return (f"{one[:-1]}ies",)
        return (f"{one}es",) if one.endswith(("s", "x", "ch", "sh")) else (f"{one}s",)


def _joined(words: Sequence[_Word]) -> str:
    """One expression for all words. Two may be written as one, but for numbers, and behind any ending."""
    parts = [words[0].pattern]
    for before, word in pairwise(words):
        is_apart = before.is_beginning or (before.letters[-1].isdigit() and word.letters[0].isdigit())
        parts += [" " if is_apart else " ?", word.pattern]
    return "".join(parts)


def _parted(written: str) -> list[str]:
    """The words as written; a hyphen ends one as a blank does, so that a star in `multi-agent*` is one of `agent`."""
    return written.translate(dict.fromkeys(map(ord, _HYPHENS), " ")).split()


def _read(raw: str) -> list[_Word]:
    is_beginning = raw.endswith("*")
    if "*" in raw.rstrip("*"):
        raise ValueError("a * stands only at the end of a word")
    words = _words(raw)
    if is_beginning and not words:
        raise ValueError("a * stands only behind letters")
    is_acronym = raw.endswith("s") and raw[:-1].isupper() and len(raw) > _PLURAL_LETTERS_LEAST
    return [
        _Word(letters=each, is_beginning=is_beginning and at == len(words), is_acronym=is_acronym)
        for at, each in enumerate(words, start=1)
    ]


def _with_gaps(word: str) -> str:
    """The word as an expression that a text may part, as "pre-training" does with "pretraining"."""
    return "".join(f" ?{sign}" if at and _may_part(word, at) else sign for at, sign in enumerate(word))


def _may_part(word: str, at: int) -> bool:
    """Two signs on each side, or a letter beside a digit: the two words in "an A I system" are not `AI`."""
    return 2 <= at <= len(word) - 2 or word[at - 1].isdigit() != word[at].isdigit()


def _words(text: str) -> Sequence[str]:
    if text.isascii() or not _OTHER_SCRIPT.search(text):
        return words_of(text)
    found: list[str] = []
    end = 0
    text = text.casefold()
    for run in _OTHER_SCRIPT.finditer(text):
        found += words_of(text[end : run.start()])
        found += _WITHOUT_BLANKS.sub(lambda sign: f" {sign[0]} ", run[0]).split()
        end = run.end()
    return [*found, *words_of(text[end:])]
