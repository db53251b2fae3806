"""Whether an author is the person whom a reader named: spellings of one name, and nobody else of that family.

Matching of papers asks whether two names *may* mean one person, and lets `Wei Wang` be `Wenhao Wang` where all else
agrees. Here a name is all there is, so each given name must be the same, or the initial of the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from transforms.matching.names import is_particle, name_parts
from transforms.matching.rarity import surname_bits

# What a given name adds to the rarity of a family name.
_GIVEN_BITS: Final = 4.0
_PARTICLES_MOST: Final = 4
_JOINED: Final = str.maketrans(dict.fromkeys("\u2010\u2011-"))
_SPELLED: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name taken apart. `families` are the family name with the particles before it and without, as one word.

    A name that cannot be taken apart, such as a handle or one in another script, is a family name alone.
    """

    given: tuple[str, ...]
    families: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a reader named. `bits` say how rare the name is."""

    written: str
    spellings: tuple[Name, ...]
    is_family_name: bool
    bits: float

    @property
    def families(self) -> frozenset[str]:
        """What an author's family name may be, each as one word."""
        return frozenset(family for each in self.spellings for family in self._families_of(each))

    def is_any_of(self, spellings: Sequence[Name]) -> bool:
        """Whether an author with these spellings is meant."""
        return any(self._is(mine, theirs) for mine in self.spellings for theirs in spellings)

    def _is(self, mine: Name, theirs: Name) -> bool:
        if set(self._families_of(mine)).isdisjoint(theirs.families):
            return False
        return self.is_family_name or (bool(theirs.given) and _go_together(mine.given, theirs.given))

    def _families_of(self, spelling: Name) -> tuple[str, ...]:
        # Who writes `van den Oord` alone does not mean everybody named Oord.
        return spelling.families[-1:] if self.is_family_name else spelling.families


def person_of(written: str) -> Person:
    """Whom a reader means. ValueError says what is wrong with the name, without the name itself."""
    spellings = names_of(written)
    if not spellings:
        raise ValueError("there is no name in it")
    first = spellings[0]
    is_family_name = not first.given
    bits = max(map(surname_bits, first.families)) + (0.0 if is_family_name else _GIVEN_BITS)
    return Person(written=" ".join(written.split()), spellings=spellings, is_family_name=is_family_name, bits=bits)


def names_of(written: str) -> tuple[Name, ...]:
    """The name in its spellings: `Müller` is also `Mueller`. None where there is no letter."""
    texts = dict.fromkeys((_joined(written), _joined(written).translate(_SPELLED)))
    return tuple(_name(parts, text) for text in texts if (parts := name_parts(text)))


def named_in(people: Mapping[str, Sequence[Person]], author: str) -> tuple[Person, ...]:
    """Those of the people, by family name, whom the author's name means."""
    spellings = names_of(author)
    near = {id(each): each for name in spellings for family in name.families for each in people.get(family, ())}
    return tuple(each for each in near.values() if each.is_any_of(spellings))


def _joined(written: str) -> str:
    """A double name is one: `Wei-Hua` is not `Wei`. Initials, as in `J.-P.`, stay two."""
    return " ".join(word if "." in word else word.translate(_JOINED) for word in written.split())


def _name(parts: tuple[str, ...], text: str) -> Name:
    at = len(parts) - 1
    families = [parts[-1]]
    # The first word is a given name, even where it reads as a particle: `Ben Poole`, `Di He`.
    first = 0 if _is_family_alone(parts, text) else 1
    while at > first and is_particle(parts[at - 1]) and len(families) <= _PARTICLES_MOST:
        at -= 1
        families.append("".join(parts[at:]))
    return Name(given=parts[:at], families=tuple(families))


def _is_family_alone(parts: Sequence[str], text: str) -> bool:
    """`van den Oord`, in small letters as within a name."""
    return text[0].islower() and all(map(is_particle, parts[:-1]))


def _go_together(left: Sequence[str], right: Sequence[str]) -> bool:
    """Whether the given names are the same, in order, where one is an initial or is left out behind the first."""
    if "".join(left) == "".join(right):
        return True
    shorter, longer = sorted((left, right), key=len)
    if not _is_same(shorter[0], longer[0]):
        return False
    rest = iter(longer[1:])
    return all(any(_is_same(word, other) for other in rest) for word in shorter[1:])


def _is_same(left: str, right: str) -> bool:
    return left == right or (1 in {len(left), len(right)} and left[0] == right[0])
