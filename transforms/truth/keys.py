"""Which key a paper keeps: the key of its founding record, through merges and splits."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """A key once given: `founded_order` counts from 1 over the life of the warehouse."""

    paper_key: str
    founding_key: str
    founded_order: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The key of each cluster, in the clusters' order, the keys given for the first time, and the redirects."""

    keys: tuple[str, ...]
    founded: tuple[Founder, ...]
    redirects: Mapping[str, str]


def paper_key_of(founding_key: str) -> str:
    """A paper's key from that of the sighting that founded it: `p`, its partition as yymmdd, 13 letters and digits.

    The last ones are 64 bits of a hash. The day makes papers of one time lie close together in the tables, where rows
    are found by key.
    """
    digest = blake2b(founding_key.encode(), digest_size=8).digest()
    day = partition_of(founding_key).replace("-", "")[2:]
    return f"p{day}{b32encode(digest).decode().rstrip('=').lower()}"


def partition_of(sighting_key: str) -> str:
    """The partition in a sighting's key, as YYYY-MM-DD."""
    return sighting_key.split("/")[1]


def assign(
    clusters: Sequence[Sequence[str]],
    founders: Sequence[Founder],
    current: Mapping[str, str],
    arrival: Mapping[str, int],
    next_order: int,
) -> Assignment:
    """Give each cluster of sighting keys its paper key.

    A cluster keeps the key that was given first among those of its founders; the others redirect to it. After a split
    each side finds its own founder, and so its old key. A cluster without a founder gets a key from its first member.

    Args:
        clusters: disjoint clusters of sighting keys.
        founders: every key ever given whose founder is a member, or which a member has now.
        current: paper key that each known sighting has now.
        arrival: rank of arrival of new sightings within this load; others rank 0.
        next_order: the next free `founded_order`.
    """
    homes = _homes(clusters, founders, current)
    firsts = [min((arrival.get(key, 0), key) for key in members) for members in clusters]
    founded: list[Founder] = []
    redirects: dict[str, str] = {}
    chosen: dict[int, str] = {}
    for place in sorted(range(len(clusters)), key=lambda place: firsts[place]):
        claims = sorted(homes.get(place, ()), key=lambda founder: (founder.founded_order, founder.paper_key))
        if not claims:
            founding_key, order = firsts[place][1], next_order + len(founded)
            claims = [Founder(paper_key=paper_key_of(founding_key), founding_key=founding_key, founded_order=order)]
            founded += claims
        chosen[place] = claims[0].paper_key
        redirects.update({loser.paper_key: chosen[place] for loser in claims[1:]})
    keys = tuple(chosen[place] for place in range(len(clusters)))
    return Assignment(keys=keys, founded=tuple(founded), redirects=redirects)


def _homes(
    clusters: Sequence[Sequence[str]], founders: Sequence[Founder], current: Mapping[str, str]
) -> dict[int, list[Founder]]:
    """The founders of each cluster; one whose sighting is gone counts with the first member that has its key."""
    place_of = {key: place for place, cluster in enumerate(clusters) for key in cluster}
    holders: dict[str, str] = {}
    for key in sorted(place_of):
        if key in current:
            holders.setdefault(current[key], key)
    homes: dict[int, list[Founder]] = {}
    for founder in founders:
        member = founder.founding_key if founder.founding_key in place_of else holders.get(founder.paper_key)
        if member is not None:
            homes.setdefault(place_of[member], []).append(founder)
    return homes
