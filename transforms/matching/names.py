"""Names of people as words, whatever their order and spelling; what cannot be read as a person is known as such."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from transforms.fields.words import words_of

_REST: Final = re.compile(
    r"[\s,;&]*\b(?:et\.?\s*al\b\.?|and\s+others|others|and\s+\d+\s+(?:more|others))[\s.]*$", re.IGNORECASE
)
_SUFFIX: Final = re.compile(
    r"[\s,]+(?:Jr|Sr|II|III|IV|Ph\.?\s?D|M\.?\s?D|M\.?\s?Sc|Dr)\b\.?(?=\s*(?:,|$))", flags=re.IGNORECASE
)
_TITLE: Final = re.compile(r"^(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+", flags=re.IGNORECASE)
_INITIALS: Final = re.compile(r"(?:[A-Z]\.?-?){1,3}")
_HANDLE: Final = re.compile(r"[@_\d]")
_LATIN_LAST: Final = 0x24F
PARTICLES: Final = frozenset(
    {
        "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "ten", "ter",
        "el", "al", "bin", "ben", "ibn", "abu", "af", "av", "zu", "st", "san", "santa", "mac", "mc", "o", "d", "l",
    }
)  # fmt: skip
GROUPS: Final = frozenset(
    {
        "team", "group", "collaboration", "consortium", "lab", "labs", "project", "initiative", "research", "ai",
        "community", "committee", "network", "authors", "contributors", "anonymous", "unknown", "foundation",
        "inc", "ltd",
        "corp", "company", "technologies", "university", "institute", "academy", "college", "llm", "nlp", "openai",
        "deepmind", "google", "meta", "microsoft", "nvidia", "anthropic", "bytedance", "alibaba", "tencent", "baidu",
        "huawei", "xiaomi", "amazon", "ibm", "deepseek", "qwen", "salesforce", "hugging",
    }
)  # fmt: skip
_SPELLED_UMLAUTS: Final = (("ae", "a"), ("oe", "o"), ("ue", "u"))


@dataclass(frozen=True)
class PersonName:
    """A name's words in the order given names, surname; a single word is a handle, a surname, or a group's name."""

    parts: tuple[str, ...]

    @property
    def surname(self) -> str:
        """The last word."""
        return self.parts[-1]

    @property
    def initials(self) -> frozenset[str]:
        """First letters of the given names."""
        return frozenset(part[0] for part in self.parts[:-1])

    @cached_property
    def surnames(self) -> frozenset[str]:
        """Spellings of the surname, folded: with the particles before it and without."""
        spellings = {folded(self.surname)}
        for place in range(len(self.parts) - 2, -1, -1):
            if self.parts[place] not in PARTICLES:
                break
            spellings.add(folded("".join(self.parts[place:])))
        return frozenset(spellings)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words, folded."""
        return tuple(map(folded, self.parts))

    @property
    def is_person(self) -> bool:
        """Whether it reads as given names and a surname; else whom it means is unknown."""
        is_read = all(part.isascii() and part.isalpha() for part in self.parts)
        return len(self.parts) > 1 and is_read and GROUPS.isdisjoint(self.parts)


def is_particle(word: str) -> bool:
    """Whether a folded word is one that stands before a family name, such as `van`."""
    return word in PARTICLES


def folded(word: str) -> str:
    """The word with `ue` for `ü` and the like as without the dots: both are in use for one name."""
    for spelled, plain in _SPELLED_UMLAUTS:
        word = word.replace(spelled, plain)
    return word


def names_of(texts: Iterable[str]) -> tuple[tuple[str, ...], bool]:
    """The names of a list of authors, each as words joined by blanks; and whether the list says that there are more."""
    names: list[str] = []
    has_more = False
    for text in texts:
        rest = without_rest(text)
        has_more = has_more or rest != text
        if parts := name_parts(rest):
            names.append(" ".join(parts))
    return tuple(names), has_more


def without_rest(text: str) -> str:
    """The text without `et al.` or `and 7 others` at its end."""
    return _REST.sub("", text)


def name_parts(text: str) -> tuple[str, ...]:
    """The words of `Given Surname`, `Surname, Given` or `Surname GH`, the surname last; none without a letter.

    A handle is one word, and so is a name in another script; a group's name has its words as they stand.
    """
    text = _TITLE.sub("", _SUFFIX.sub("", text.strip()))
    words = words_of(text)
    if not words or _HANDLE.search(text) or _is_other_script(text):
        return _one_word(text)
    if not GROUPS.isdisjoint(words):
        return words
    last, _, first = text.partition(",")
    if first.strip():
        return (*_given(first), *words_of(last))
    *given, surname = text.split()
    if _INITIALS.fullmatch(surname) and any(not _INITIALS.fullmatch(word) for word in given) and not text.isupper():
        return (*_given(surname), *words_of(" ".join(given)))
    return (*_given(" ".join(given), is_shouted=text.isupper()), *words_of(surname))


def _given(text: str, *, is_shouted: bool = False) -> tuple[str, ...]:
    """Given names as words; initials that are written as one word are taken apart."""
    words: list[str] = []
    for raw in text.split():
        if not is_shouted and _INITIALS.fullmatch(raw):
            words += [sign.lower() for sign in raw if sign.isalpha()]
        else:
            words += words_of(raw)
    return tuple(words)


def _is_other_script(text: str) -> bool:
    """Whether a letter is beyond those of European languages: Greek would be spelled, as if it were a formula."""
    return not text.isascii() and any(
        ord(sign) > _LATIN_LAST and sign.isalpha() for sign in unicodedata.normalize("NFKC", text)
    )


def _one_word(text: str) -> tuple[str, ...]:
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
    return (letters,) if letters else ()


def people(names: Iterable[str]) -> tuple[PersonName, ...]:
    """The people of prepared names, each of which is words joined by blanks."""
    return tuple(PersonName(tuple(name.split())) for name in names)


def is_same_person(left: PersonName, right: PersonName) -> bool:
    """Whether two names may mean one person.

    The same surname with no contradicting initials, the same letters, or the surname of one among the words of the
    other, with the rest of both compatible: the order of names differs between countries, and by source.
    """
    if "".join(left.words) == "".join(right.words):
        return True
    if left.surnames & right.surnames:
        return not left.initials or not right.initials or bool(left.initials & right.initials)
    return _is_reordered(left, right) or _is_reordered(right, left)


def _is_reordered(left: PersonName, right: PersonName) -> bool:
    """Whether the left's surname stands among the right's given names, and the other words go together."""
    surname = left.words[-1]
    if len(left.words) < 2 or len(right.words) < 2 or len(surname) < 2 or surname not in right.words:
        return False
    rest = list(right.words)
    rest.remove(surname)
    return _go_together(left.words[:-1], rest)


def _go_together(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether each word of the shorter list is a word of the longer one, or one is the other's initial."""
    shorter, longer = sorted((left, right), key=len)
    free = list(longer)
    for word in shorter:
        fits = next((other for other in free if word == other or _is_initial(word, other)), None)
        if fits is None:
            return False
        free.remove(fits)
    return True


def _is_initial(left: str, right: str) -> bool:
    return 1 in (len(left), len(right)) and left[0] == right[0]
