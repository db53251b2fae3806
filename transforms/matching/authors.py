"""Author names as evidence: surname and compatible initial, in order, rare surnames above common ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import Indel

from transforms.matching.model import Evidence
from transforms.matching.names import PersonName, is_same_person, people
from transforms.matching.rarity import surname_bits

AUTHORS_MOST_BITS: Final = 15.0
IN_ORDER_BITS: Final = 1.5

# Half of it does not keep apart book reviews under one title by different people (measured on labelled sets).
NOBODY_SHARED_BITS: Final = -16.0

# The same surname with other given names: mostly somebody else, seldom a slip of a source.
NAMESAKES_BITS: Final = -10.0
MISSPELT_BITS: Final = -4.0

# Shorter surnames differ in a letter and are two families: `Lin` and `Liu`, `Chan` and `Chen`.
MISSPELT_LETTERS_LEAST: Final = 6
NEARLY_SAME_SURNAME: Final = 0.85
# Sources lose letters with accents, the first one too.
FIRST_LETTER_LOST: Final = 0.9

# Each further shared author counts less: colleagues publish together.
DECAY: Final = 0.6


def authors_evidence(left: Sequence[PersonName], right: Sequence[PersonName]) -> Evidence | None:
    """The evidence of two lists of authors; None if one side names nobody, or nobody whom one could know.

    What a side does not tell weighs nothing: names in another script, handles and groups may be anybody.
    """
    if not left or not right:
        return None
    shared = _shared(left, right)
    if not shared:
        return _nobody_shared(left, right)
    rarest = sorted((_bits_of(left[place], right[other]) for place, other in shared), reverse=True)
    total = sum(bits * DECAY**rank for rank, bits in enumerate(rarest))
    share = len(shared) / min(len(left), len(right))
    is_ordered = len(shared) > 1 and [later for _, later in shared] == sorted(later for _, later in shared)
    bits = min(AUTHORS_MOST_BITS, total) * share + (IN_ORDER_BITS if is_ordered else 0.0)
    order = " in the same order" if is_ordered else ""
    text = f"{len(shared)} of {len(left)} and {len(right)} authors shared{order}: {_some(left, shared)}"
    return Evidence(field="authors", bits=round(bits, 2), text=text)


@lru_cache(maxsize=1 << 14)  # the lists of a cluster are compared with each other again and again
def are_other_people(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Whether two lists of prepared names, all of them known, share nobody: no bare title makes them one work."""
    evidence = authors_evidence(people(left), people(right))
    return evidence is not None and evidence.bits <= NOBODY_SHARED_BITS


def _nobody_shared(left: Sequence[PersonName], right: Sequence[PersonName]) -> Evidence | None:
    mine, yours = ({name.words[-1] for name in names} for names in (left, right))
    if any(_is_misspelt(one, other) for one in mine for other in yours):
        return Evidence(field="authors", bits=MISSPELT_BITS, text="nearly the same surnames")
    known = min(sum(name.is_person for name in names) / len(names) for names in (left, right))
    if not known:
        return None
    if mine & yours:
        return Evidence(field="authors", bits=NAMESAKES_BITS, text="the same surnames with other initials")
    text = f"no author of {len(left)} and {len(right)} shared" + ("" if known == 1 else ", not all of them known")
    return Evidence(field="authors", bits=round(NOBODY_SHARED_BITS * known**2, 2), text=text)


def _is_misspelt(one: str, other: str) -> bool:
    if one == other or min(len(one), len(other)) < MISSPELT_LETTERS_LEAST:
        return False
    likeness = Indel.normalized_similarity(one, other)
    return likeness >= (NEARLY_SAME_SURNAME if one[0] == other[0] else FIRST_LETTER_LOST)


def _shared(left: Sequence[PersonName], right: Sequence[PersonName]) -> list[tuple[int, int]]:
    """Places of the same person on both sides, each place used once."""
    free: dict[str, list[int]] = {}
    for place, name in enumerate(right):
        for word in _spellings(name):
            free.setdefault(word, []).append(place)
    used: set[int] = set()
    shared = []
    for place, name in enumerate(left):
        others = sorted({other for word in _spellings(name) for other in free.get(word, ())} - used)
        other = next((other for other in others if is_same_person(name, right[other])), None)
        if other is not None:
            used.add(other)
            shared.append((place, other))
    return shared


def _spellings(name: PersonName) -> set[str]:
    """Every word under which the other side may have the person."""
    return {word for word in name.words if len(word) > 1} | name.surnames | {"".join(name.words)}


def _bits_of(left: PersonName, right: PersonName) -> float:
    """The rarity of the surname; where the sides take another word for it, of the more common one."""
    return min(surname_bits(left.surname), surname_bits(right.surname))


def _some(names: Sequence[PersonName], shared: Sequence[tuple[int, int]]) -> str:
    surnames = [names[place].surname for place, _ in shared]
    return ", ".join(surnames[:3]) + (", …" if len(surnames) > 3 else "")
