"""Author names as evidence: surname and compatible initial, in order, rare surnames above common ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from transforms.fields.text import match_tokens
from transforms.matching.model import Evidence
from transforms.matching.rarity import surname_bits

AUTHORS_MOST_BITS: Final = 15.0
IN_ORDER_BITS: Final = 1.5
NOBODY_SHARED_BITS: Final = -16.0
NAMESAKES_BITS: Final = -4.0
DECAY: Final = 0.6
"""Each further shared author says less: colleagues publish together."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name as words: `surname`, initials of the given names, and all words whatever their order."""

    surname: str
    initials: frozenset[str]
    words: frozenset[str]


def name_parts(text: str) -> tuple[str, ...]:
    """The words of `Given Surname` or `Surname, Given`, the surname last; none where no letter or digit is left."""
    last, _, first = text.partition(",")
    return (*match_tokens(first), *match_tokens(last)) if first.strip() else match_tokens(text)


def name_of(parts: Sequence[str]) -> Name:
    """The name of these words, of which there must be one."""
    return Name(parts[-1], frozenset(part[0] for part in parts[:-1]), frozenset(parts))


def is_same_person(left: Name, right: Name) -> bool:
    """Same surname and no contradicting initials, or the same words in another order."""
    if left.surname == right.surname:
        return not left.initials or not right.initials or bool(left.initials & right.initials)
    return len(left.words) > 1 and left.words == right.words


def authors_evidence(left: Sequence[Name], right: Sequence[Name]) -> Evidence | None:
    """What two lists of authors say; None where one side names nobody."""
    if not left or not right:
        return None
    shared = _shared(left, right)
    if not shared and {name.surname for name in left} & {name.surname for name in right}:
        return Evidence(field="authors", bits=NAMESAKES_BITS, text="the same surnames with other initials")
    if not shared:
        text = f"no author of {len(left)} and {len(right)} shared"
        return Evidence(field="authors", bits=NOBODY_SHARED_BITS, text=text)
    rarest = sorted((surname_bits(left[place].surname) for place, _ in shared), reverse=True)
    total = sum(bits * DECAY**rank for rank, bits in enumerate(rarest))
    share = len(shared) / min(len(left), len(right))
    is_ordered = len(shared) > 1 and [later for _, later in shared] == sorted(later for _, later in shared)
    bits = min(AUTHORS_MOST_BITS, total) * share + (IN_ORDER_BITS if is_ordered else 0.0)
    order = " in the same order" if is_ordered else ""
    text = f"{len(shared)} of {len(left)} and {len(right)} authors shared{order}: {_some(left, shared)}"
    return Evidence(field="authors", bits=round(bits, 2), text=text)


def _shared(left: Sequence[Name], right: Sequence[Name]) -> list[tuple[int, int]]:
    """Places of the same person on both sides, each place used once."""
    free: dict[str, list[int]] = {}
    for place, name in enumerate(right):
        for word in name.words:
            free.setdefault(word, []).append(place)
    used: set[int] = set()
    shared = []
    for place, name in enumerate(left):
        for other in free.get(name.surname, ()):
            if other not in used and is_same_person(name, right[other]):
                used.add(other)
                shared.append((place, other))
                break
    return shared


def _some(names: Sequence[Name], shared: Sequence[tuple[int, int]]) -> str:
    surnames = [names[place].surname for place, _ in shared]
    return ", ".join(surnames[:3]) + (", …" if len(surnames) > 3 else "")
