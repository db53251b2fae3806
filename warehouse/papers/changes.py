"""What a load changed in the truth about partitions: what the papers must follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from transforms.truth.partition import Current

Partition = tuple[str, date]
Written = Mapping[tuple[Partition, str], str]
"""The listings (partition, page) whose entries were written now: INSERT for a page that is new there, else UPDATE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a wave changed: `said` are sightings that are new or say something else, `moved` those on or off the list.

    One that only stands elsewhere on the list changes nothing about its paper and is not among them.
    `new` are those of `said` that were not current before: nothing is matched or compared with them. `unheard` are
    those of `new` whose partition was never read before: no key was ever founded on them.
    """

    said: Mapping[str, Current]
    new: frozenset[str]
    unheard: frozenset[str]
    moved: frozenset[str]
    removed: frozenset[str]
    partitions: frozenset[Partition]
    doubtful: frozenset[tuple[Partition, str]]
