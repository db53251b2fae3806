"""Names of authors, as they are printed, taken apart into given names, particle, family name and suffix.

Names are read by rules, and no rule knows every name: of two surnames without a hyphen only the last is taken, and a
Chinese or Hungarian name in the order of its country is read as if the family name came last. What does not look like a
person is a literal, which every form prints as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from transforms.citing.records import Name
from transforms.citing.text import one_line
from transforms.fields.author_lists import with_letters
from transforms.matching.names import GROUPS, PARTICLES, without_rest

_TITLE = re.compile(r"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.?\s+)+(?=\S+\s)", re.IGNORECASE)
_DEGREE = re.compile(r"[\s,]+(?:Ph\.?\s?D|M\.?D|M\.?Sc|Dr)\b\.?(?=\s*(?:,|$))", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?){1,3}")
_GLUED = re.compile(r"\b([^\W\d_]\.)(?=[^\W\d_])")
# A person's name has none of these.
_NO_PERSON = re.compile(r"[\d@()\[\]<>:;/\\|&=+*#%$!?\"“”_~^]")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")

# Words of teams that no person is called, whatever their case; the others are teams only in capitals: Qingyao Ai.
_ALSO_NAMES = frozenset({"ai", "meta", "llm", "nlp", "ibm", "lab"})
_TEAMS = (GROUPS - _ALSO_NAMES) | {"members", "organization", "association", "society", "department", "workshop"}
_TEAMS_IN_CAPITALS = frozenset({"AI", "LLM", "NLP", "IBM", "ML", "Lab"})

# Particles that are also written with a capital, and then belong to the family name: Luc Van Gool, Nicolas Le Roux.
_CAPITAL = frozenset(
    {
        "Van", "Von", "Vande", "Vander", "Der", "Den", "De", "Del", "Della", "Dell", "Di", "Da", "Dos", "Das", "Du",
        "La", "Le", "El", "Al", "Ben", "Ibn", "Abu", "Ter", "Ten", "St.", "Saint", "Santa",
    }
)  # fmt: skip
# In names of Vietnam Van and Le are given names.
_VIETNAMESE = frozenset(
    {
        "Nguyen", "Nguyễn", "Tran", "Trần", "Pham", "Phạm", "Hoang", "Hoàng", "Huynh", "Huỳnh", "Phan", "Vu", "Vũ",
        "Vo", "Võ", "Dang", "Đặng", "Bui", "Bùi", "Do", "Đỗ", "Ho", "Hồ", "Ngo", "Ngô", "Duong", "Dương", "Dinh",
        "Đinh",
    }
)  # fmt: skip
_VOWELS = frozenset("AEIOUY")
_AND = frozenset({"e", "y", "i"})


def name_of(text: str) -> Name | None:
    """A name as printed, `Given Family` or `Family, Given`; None where nothing is left of it, such as of `et al.`."""
    name = one_line(with_letters(one_line(without_rest(text)))).replace("{", "").replace("}", "").strip(" ,;*†‡§")
    if not any(sign.isalpha() for sign in name):
        return None
    if _is_team(name):
        return Name(literal=name)
    person = _DEGREE.sub("", _TITLE.sub("", name, count=1)).strip(" ,;")
    parts = [part.strip() for part in person.split(",")]
    if not all(parts) or len(parts) > 3:
        return Name(literal=name)
    return _with_commas(*parts) if len(parts) > 1 else _in_order(person.split())


def _is_team(name: str) -> bool:
    words = re.split(r"[\s\-]+", name)
    if _NO_PERSON.search(name) or (len(words) > 1 and words[0].lower() == "the"):
        return True
    if any(word.lower().strip(".,") in _TEAMS or word.strip(".,") in _TEAMS_IN_CAPITALS for word in words):
        return True
    is_one_word = len(name.split()) == 1
    return is_one_word and any(left.islower() and right.isupper() for left, right in pairwise(name))


def _with_commas(first: str, second: str, third: str = "") -> Name:
    """`Family, Given`, `Given Family, Jr.`, `Family, Jr., Given` or `Family, Given, Jr.`."""
    if not third and _SUFFIX.fullmatch(second):
        name = _in_order(first.split())
        return Name(family=name.family, given=name.given, particle=name.particle, suffix=second)
    suffix, given = (second, third) if _SUFFIX.fullmatch(second) else (third, second)
    if suffix and not _SUFFIX.fullmatch(suffix):
        return Name(literal=f"{first}, {second}, {third}")
    family, own = _suffix_of(first.split())
    given_words, other = _suffix_of(given.split())
    behind = _behind(given_words)
    before = _particle_at(family)
    return Name(
        family=" ".join(family[before:]),
        given=_given(given_words[: len(given_words) - behind]),
        particle=" ".join([*given_words[len(given_words) - behind :], *family[:before]]),
        suffix=suffix or own or other,
    )


def _in_order(words: Sequence[str]) -> Name:
    """`Given Family`, `Given van der Family Jr.` or `Family GH`."""
    words, suffix = _suffix_of(words) if len(words) > 2 else (list(words), "")
    if len(words) == 1:
        return Name(family=words[0], suffix=suffix)
    if _EAST_ASIAN.search(words[0]):
        return Name(family=words[0], given=" ".join(words[1:]))
    if _ends_in_initials(words):
        before = _particle_at(words[:-1])
        family, given = " ".join(words[before:-1]), _spread(words[-1])
        return Name(family=family, given=given, particle=" ".join(words[:before]), suffix=suffix)
    start = _family_starts(words)
    before = start + _particle_at(words[start:])
    return Name(
        family=" ".join(words[before:]),
        given=_given(words[:start]),
        particle=" ".join(words[start:before]),
        suffix=suffix,
    )


def _suffix_of(words: Sequence[str]) -> tuple[list[str], str]:
    if len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        return list(words[:-1]), words[-1]
    return list(words), ""


def _ends_in_initials(words: Sequence[str]) -> bool:
    """Whether it is `Family GH`: only the last word is initials, and other words are not all in capitals.

    Several letters with a vowel and without a full stop are a short name in capitals: `Kun XU`.
    """
    *others, last = words
    is_short_name = last.isalpha() and len(last) > 1 and bool(_VOWELS & set(last))
    if is_short_name or not last.isupper() or not _INITIALS.fullmatch(last):
        return False
    return not any(map(_INITIALS.fullmatch, others)) and not "".join(others).isupper()


def _family_starts(words: Sequence[str]) -> int:
    """Where particle and family name begin: by default with the last word."""
    last = len(words) - 1
    is_vietnamese = not _VIETNAMESE.isdisjoint((words[0], words[-1]))
    for place in range(0 if _starts_with_particle(words) else 1, last):
        word = words[place]
        if word in _AND and place > 1:
            return place - 1
        if _is_small(word) and (word in PARTICLES or not _is_small(words[-1])):
            return place
        if word in _CAPITAL and not is_vietnamese:
            return place
    return last


def _starts_with_particle(words: Sequence[str]) -> bool:
    """Whether no given name is there: `van Gogh`."""
    return _is_small(words[0]) and words[0] in PARTICLES and not _is_small(words[-1])


def _particle_at(words: Sequence[str]) -> int:
    """How many small words stand before a family name; one word at least is the name."""
    count = 0
    while count < len(words) - 1 and _is_small(words[count]) and words[count] not in _AND:
        count += 1
    return count


def _behind(given: Sequence[str]) -> int:
    """How many words at the end of given names are a particle: `Berg, Jan van der`."""
    count = 0
    while count < len(given) - 1 and given[-1 - count] in PARTICLES:
        count += 1
    return count


def _is_small(word: str) -> bool:
    """Whether its first letter is a small one; marks before it, as in 't Hooft, count for nothing."""
    letter = next((sign for sign in word if sign.isalpha()), "")
    return letter.islower()


def _given(words: Sequence[str]) -> str:
    return _GLUED.sub(r"\1 ", " ".join(words))


def _spread(initials: str) -> str:
    """`JK` or `J.K.` as `J. K.`; a hyphen stays."""
    letters = re.findall(r"-?[^\W\d_]", initials)
    return " ".join(f"{each}." for each in letters).replace(" -", "-")
