"""A paper's facts from its sightings: the most trusted source first, then the latest partition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from transforms.records import Link
from transforms.series import family_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One sighting of a paper, with the trust of its source (1 is believed first).

    `is_review`: it reviews the paper; such a sighting is no listing of it. `is_archive`: its source lists everything.
    `is_doubtful`: a clearly different paper has its identifier.
    """

    sighting_key: str
    source: str
    trust: int
    partition_on: date
    is_listed: bool
    is_review: bool = False
    is_archive: bool = False
    is_doubtful: bool = False
    title: str | None = None
    abstract: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    arxiv_id: str | None = None
    doi: str | None = None
    published_on: date | None = None
    published_certainty: str | None = None
    organization: str | None = None
    institutions: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The facts of one paper. `title` is None if no source gave one; institutions and links are without repeats."""

    title: str | None
    abstract: str | None
    authors: tuple[str, ...]
    author_count: int | None
    arxiv_id: str | None
    doi: str | None
    published_on: date | None
    published_on_source: str | None
    published_certainty: str | None
    institutions: tuple[str, ...]
    links: tuple[Link, ...]
    sources: tuple[str, ...]
    first_listed_on: date | None
    last_listed_on: date | None
    first_reviewed_on: date | None


def facts(members: Sequence[Member]) -> Paper:
    """The facts of a paper, given all its sightings in any order (at least one)."""
    believed = sorted(members, key=lambda member: (member.trust, -member.partition_on.toordinal(), member.sighting_key))
    identified = sorted(believed, key=lambda member: member.is_doubtful)
    dated = _first_with(believed, lambda member: member.published_on)
    named = _first_with(believed, lambda member: member.authors)
    counted = named or _first_with(believed, lambda member: member.author_count)
    listed = _days([member for member in members if not member.is_review])
    reviewed = _days([member for member in members if member.is_review])
    return Paper(
        title=_first(member.title for member in believed),
        abstract=_first(member.abstract for member in believed),
        authors=named.authors if named else (),
        author_count=(len(counted.authors) or counted.author_count) if counted else None,
        arxiv_id=_first(member.arxiv_id for member in identified),
        doi=_first(member.doi for member in identified),
        published_on=dated.published_on if dated else None,
        published_on_source=family_of(dated.source) if dated else None,
        published_certainty=dated.published_certainty if dated else None,
        institutions=_distinct(name for member in believed for name in (*member.institutions, member.organization)),
        links=_distinct(link for member in believed for link in member.links),
        sources=tuple(sorted({family_of(member.source) for member in members})),
        first_listed_on=min(listed, default=None),
        last_listed_on=max(listed, default=None),
        first_reviewed_on=min(reviewed, default=None),
    )


def _days(members: Sequence[Member]) -> list[date]:
    """The days of those that are still listed, or of all if none is; those of archives only if there are no others."""
    members = [each for each in members if not each.is_archive] or members
    return [each.partition_on for each in members if each.is_listed] or [each.partition_on for each in members]


def _first(values: Iterable[T | None]) -> T | None:
    return next((value for value in values if value is not None), None)


def _first_with(members: Iterable[Member], value: Callable[[Member], object]) -> Member | None:
    return next((member for member in members if value(member)), None)


def _distinct(values: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))
