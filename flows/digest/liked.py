"""What of a snapshot the interests of readers need: the papers that they like, and other names of institutions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flows.shown import in_one_line
from transforms.digest.interests import Liked, Wanted, wanted
from transforms.digest.readers import DigestReader
from warehouse import Reader, UnknownPaper, paper_named


@dataclass(frozen=True, slots=True, kw_only=True)
class LikedPapers:
    """The liked papers by reader's name; `unknown` has a line for each that the snapshot does not have."""

    of_reader: Mapping[str, tuple[Liked, ...]]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What a paper is about."""

    paper_key: str
    title: str | None
    abstract: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alias:
    alias: str
    institution: str


def liked_of(reader: Reader, readers: Iterable[DigestReader]) -> LikedPapers:
    """The papers that `like` of each reader names. One that is not there may come later: it is told, and no error."""
    found: dict[str, tuple[Liked, ...]] = {}
    unknown: list[str] = []
    for each in readers:
        known: list[Liked] = []
        for name in each.interests.like:
            try:
                known.append(_liked(reader, name))
            except UnknownPaper as error:
                unknown.append(in_one_line(f"like of reader {each.name}: {error}"))
        found[each.name] = tuple(known)
    return LikedPapers(of_reader=found, unknown=tuple(unknown))


def aliases_in(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Other names of institutions, each with the name that it stands for, as `wanted` takes them."""
    return tuple((each.alias, each.institution) for each in reader.records("read_institution_aliases", _Alias))


def wishes_of(reader: Reader, readers: Iterable[DigestReader], note: Callable[[str], None]) -> Mapping[str, Wanted]:
    """The interests of readers by their names, made ready for the papers of a snapshot; `note` is told of gaps."""
    unique = {each.name: each for each in readers}
    liked, aliases = liked_of(reader, unique.values()), aliases_in(reader)
    for line in liked.unknown:
        note(line)
    return {name: wanted(each.interests, liked.of_reader[name], aliases) for name, each in unique.items()}


def _liked(reader: Reader, name: str) -> Liked:
    key = {"key": paper_named(reader, name).paper_key}
    (about,) = reader.records("show_paper", _About, key)
    return Liked(paper_key=about.paper_key, name=name, title=about.title, abstract=about.abstract)
