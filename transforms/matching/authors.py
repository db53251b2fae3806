"""Author names as evidence: surname and compatible initial, in order, rare surnames above common ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from transforms.matching.model import Evidence
from transforms.matching.prepare import PersonName
from transforms.matching.rarity import surname_bits

AUTHORS_MOST_BITS: Final = 15.0
IN_ORDER_BITS: Final = 1.5

# Half of it does not keep apart book reviews under one title by different people (measured on labelled sets).
NOBODY_SHARED_BITS: Final = -16.0

NAMESAKES_BITS: Final = -4.0

# Each further shared author counts less: colleagues publish together.
DECAY: Final = 0.6


def is_same_person(left: PersonName, right: PersonName) -> bool:
    """Same surname and no contradicting initials, or the same words in another order."""
    if left.surname == right.surname:
        return not left.initials or not right.initials or bool(left.initials & right.initials)
    return len(left.words) > 1 and left.words == right.words


def authors_evidence(left: Sequence[PersonName], right: Sequence[PersonName]) -> Evidence | None:
    """The evidence of two lists of authors; None if one side names nobody."""
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


def _shared(left: Sequence[PersonName], right: Sequence[PersonName]) -> list[tuple[int, int]]:
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


def _some(names: Sequence[PersonName], shared: Sequence[tuple[int, int]]) -> str:
    surnames = [names[place].surname for place, _ in shared]
    return ", ".join(surnames[:3]) + (", …" if len(surnames) > 3 else "")
