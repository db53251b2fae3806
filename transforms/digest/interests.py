"""Which papers a reader wants, why each was chosen, and why another was not. What a key means stands in `Interests`.

Preference is given to precision: an author is the person named, and not everybody who may be; a word is a whole word;
a paper like another shares its subject's words, and not only a manner of writing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from transforms.digest.institutions import BITS as INSTITUTION_BITS
from transforms.digest.institutions import Named, aliases_of, folded_institution, institution_of
from transforms.digest.people import Person, named_in, person_of
from transforms.digest.phrases import Mention, Phrase, Text, phrase_of, text_of
from transforms.digest.readers import Interests
from transforms.digest.records import DigestPaper, Reason
from transforms.digest.similar import ALIKE_LEAST, Likeness, Profile, likeness_of, profile_of
from transforms.digest.subject import instead, is_about
from transforms.series import list_of

ANY: Final = "any"
"""The kind of the reason where nothing is wished for: no key of the file chose the paper."""

_ARCHIVE_BITS: Final = 1.0
_CATEGORY_BITS: Final = 2.0
# Of likeness 1, so that a close paper counts like a rare phrase.
_LIKENESS_BITS: Final = 40.0
_IN_TITLE: Final = 1.5
_WEIGHTIER_SHOWN: Final = 3
# Upvotes count less than any reason: scores without them are tenths.
_UPVOTES_LESS_THAN: Final = 0.09
_UPVOTES_HALF: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Liked:
    """A paper of which a reader wants others like it. `name` is how the reader named it, for messages."""

    paper_key: str
    name: str
    title: str | None = None
    abstract: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """That a paper was chosen: the reasons, weightiest first, and a score that orders papers, best highest.

    The score is the sum of how rare each reason is, in bits, so that more and rarer ones count more: of a phrase the
    rarity of its words, half as much again in a title; of an author that of the family name; of an institution and a
    category a fixed number; of a liked paper its likeness. Upvotes only order papers that are equal by that.
    """

    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The paper nearest to a liked one, where none is near enough. `name` is how the reader named the liked one.

    `similarity` is from 0 to 1; `title` is None where no paper shares its main words at all, or the nearest has none.
    """

    name: str
    title: str | None
    similarity: float

    @property
    def text(self) -> str:
        """In words; the title is as the page has it, so that each receiver must escape it."""
        said = f"like {self.name}: nothing is near enough"
        if not self.similarity:
            return f"{said}; no paper shares its main words"
        title = f"“{self.title}”" if self.title else "one without a title"
        return f"{said}; the nearest is {title} ({self.similarity:.2f} of {ALIKE_LEAST:.2f})"


def wanted(interests: Interests, liked: Sequence[Liked] = (), aliases: Sequence[tuple[str, str]] = ()) -> Wanted:
    """What a reader wants, made ready once for many papers.

    `liked` are the papers that `interests.like` names, as far as they are known; `aliases` other names of institutions,
    each with the name that it stands for. Raises ValueError where a text of the interests can mean nothing.
    """
    ready = aliases_of(aliases)
    people: dict[str, list[Person]] = {}
    for person in map(person_of, interests.authors):
        for family in sorted(person.families):
            people.setdefault(family, []).append(person)
    return Wanted(
        interests=interests,
        words=tuple(map(phrase_of, interests.words)),
        not_words=tuple(map(phrase_of, interests.not_words)),
        people=people,
        institutions=tuple(institution_of(each, ready) for each in interests.institutions),
        aliases=ready,
        liked=tuple((each, profile_of(text_of(each.title), text_of(each.abstract))) for each in liked),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A reader's interests, made ready by `wanted`."""

    interests: Interests
    words: tuple[Phrase, ...]
    not_words: tuple[Phrase, ...]
    people: Mapping[str, Sequence[Person]]
    institutions: tuple[Named, ...]
    aliases: Mapping[str, str]
    liked: tuple[tuple[Liked, Profile], ...]

    def choice(self, paper: DigestPaper) -> Choice | None:
        """Why the reader wants the paper; None where it is not chosen."""
        if next(self._unmet(paper), None) is not None:
            return None
        read = _Read(paper)
        if next(self._unwanted(read), None) is not None:
            return None
        found = sorted(self._fulfilled(read), key=lambda each: -each.bits)
        if not found and self._has_wishes:
            return None
        base = round(math.fsum(each.bits for each in found), 1)
        upvotes = max(paper.upvotes or 0, 0)
        return Choice(
            score=round(base + _UPVOTES_LESS_THAN * upvotes / (upvotes + _UPVOTES_HALF), 6),
            reasons=tuple(each.reason for each in found) or (self._reason_of_any(),),
        )

    def refusal(self, paper: DigestPaper) -> str:
        """Why the paper is not chosen, in one line; empty where it is."""
        if self.choice(paper) is not None:
            return ""
        read = _Read(paper)
        against = [*self._unmet(paper), *self._unwanted(read)]
        if self._has_wishes and next(self._fulfilled(read), None) is None:
            against.append(self._no_wish(read))
        return "; ".join(against)

    def nearest(self, papers: Iterable[DigestPaper]) -> tuple[Nearest, ...]:
        """For each liked paper to which none of the papers is near enough, the nearest of them; the first of equals."""
        found = {each.paper_key: Nearest(name=each.name, title=None, similarity=0.0) for each, _ in self.liked}
        for paper in papers if self.liked else ():
            for liked, likeness in self._likenesses(_Read(paper)):
                if likeness.similarity > found[liked.paper_key].similarity:
                    near = Nearest(name=liked.name, title=paper.title, similarity=likeness.similarity)
                    found[liked.paper_key] = near
        return tuple(each for each in found.values() if each.similarity < ALIKE_LEAST)

    @property
    def _has_wishes(self) -> bool:
        return bool(self._wishes)

    @property
    def _wishes(self) -> Mapping[str, object]:
        """The wishes that are written, by their keys."""
        each = self.interests
        keys = {
            "words": each.words,
            "authors": each.authors,
            "institutions": each.institutions,
            "categories": each.categories,
            "like": each.like,
        }
        return {key: value for key, value in keys.items() if value}

    def _unmet(self, paper: DigestPaper) -> Iterator[str]:
        """The conditions that the paper does not meet and that need no text of it."""
        wanted, upvotes = self.interests, paper.upvotes or 0
        if wanted.sources and _lists(paper).isdisjoint(wanted.sources):
            yield f"it is in no list of {' or '.join(wanted.sources)} (sources)"
        if wanted.has_code and not paper.has_code:
            yield "no link to its code is known (has_code)"
        if upvotes < wanted.upvotes:
            said = "no upvotes are known" if paper.upvotes is None else f"{upvotes} upvotes"
            yield f"{said}, and at least {wanted.upvotes} are wanted (upvotes)"
        if wanted.reviewed and not _is_reviewed(paper):
            yield "it has no review (reviewed)"

    def _unwanted(self, read: _Read) -> Iterator[str]:
        places = (("title has", read.title), ("abstract has", read.abstract), ("keywords have", read.keywords))
        for phrase in self.not_words:
            found = ((where, phrase.found_in(text)) for where, text in places)
            if hit := next(((where, mentions) for where, mentions in found if mentions), None):
                yield f"{hit[0]} {_quoted(phrase, hit[1])} (not_words)"

    def _fulfilled(self, read: _Read) -> Iterator[_Fulfilled]:
        """The wishes that the paper fulfils."""
        if self.words:
            yield from self._by_words(read)
        yield from self._by_authors(read.paper)
        yield from self._by_institutions(read.paper)
        yield from self._by_categories(read.paper)
        yield from self._by_likeness(read)

    def _by_words(self, read: _Read) -> Iterator[_Fulfilled]:
        """Words of the title, and those of the abstract where it is about them.

        Sites make their keywords of the abstract, passing mentions too: only where there is none they count.
        """
        titled = {phrase.written: found for phrase in self.words if (found := phrase.found_in(read.title))}
        where, text = ("abstract has", read.abstract) if read.paper.abstract else ("keywords have", read.keywords)
        others = {phrase.written: found for phrase in self.words if (found := phrase.found_in(text))}
        if others and not titled and read.paper.abstract and not read.is_about(self.words):
            return
        for phrase in self.words:
            if phrase.written in titled:
                reason = _of_words("title has", phrase, titled[phrase.written])
                yield _Fulfilled(_IN_TITLE * phrase.bits, reason)
            elif phrase.written in others:
                yield _Fulfilled(phrase.bits, _of_words(where, phrase, others[phrase.written]))

    def _by_authors(self, paper: DigestPaper) -> Iterator[_Fulfilled]:
        told: set[str] = set()
        for author in paper.authors if self.people else ():
            for person in named_in(self.people, author):
                if person.written not in told:
                    told.add(person.written)
                    yield _Fulfilled(person.bits, Reason(kind="authors", text=_by(person, author)))

    def _by_institutions(self, paper: DigestPaper) -> Iterator[_Fulfilled]:
        printed = {each: folded_institution(each, self.aliases) for each in paper.institutions if self.institutions}
        for named in self.institutions:
            if (name := next((each for each, folded in printed.items() if named.is_in(folded)), None)) is not None:
                meant = "" if name.casefold() == named.written.casefold() else f" ({named.written})"
                yield _Fulfilled(INSTITUTION_BITS, Reason(kind="institutions", text=f"from {name}{meant}"))

    def _by_categories(self, paper: DigestPaper) -> Iterator[_Fulfilled]:
        for written in self.interests.categories:
            archive = written.removesuffix(".*")
            is_archive = "." not in archive
            for category in paper.categories:
                if (category.partition(".")[0] if is_archive else category).casefold() == archive.casefold():
                    bits = _ARCHIVE_BITS if is_archive else _CATEGORY_BITS
                    yield _Fulfilled(bits, Reason(kind="categories", text=f"in {category}"))
                    break

    def _by_likeness(self, read: _Read) -> Iterator[_Fulfilled]:
        for liked, found in self._likenesses(read):
            if found.similarity >= ALIKE_LEAST:
                text = f"like {liked.name}: both about {', '.join(found.words)} ({found.similarity:.2f})"
                yield _Fulfilled(_LIKENESS_BITS * found.similarity, Reason(kind="like", text=text))

    def _likenesses(self, read: _Read) -> Iterator[tuple[Liked, Likeness]]:
        """How alike the paper is to each liked one that is not itself."""
        keys = {read.paper.paper_key, *read.paper.previous_keys}
        for liked, profile in self.liked:
            if liked.paper_key not in keys and (found := likeness_of(read.profile, profile)):
                yield liked, found

    def _reason_of_any(self) -> Reason:
        wanted = self.interests
        conditions = [
            *((f"is listed by {' or '.join(wanted.sources)}",) if wanted.sources else ()),
            *(("has code",) if wanted.has_code else ()),
            *((f"has {wanted.upvotes} upvotes or more",) if wanted.upvotes else ()),
            *(("has a review",) if wanted.reviewed else ()),
            *(("has no unwanted word",) if wanted.not_words else ()),
        ]
        return Reason(kind=ANY, text=f"every paper that {' and '.join(conditions)}" if conditions else "every paper")

    def _no_wish(self, read: _Read) -> str:
        """That no wish is fulfilled, with what is not known of the paper, and the nearest of the liked ones."""
        paper = read.paper
        unknown = {
            "authors": not paper.authors,
            "institutions": not paper.institutions,
            "categories": not paper.categories,
        }
        missing = list(self._passing(read))
        missing += [f"its {key} are not known" for key in self._wishes if unknown.get(key)]
        nearest = max(self._likenesses(read), key=lambda each: each[1].similarity, default=None)
        if nearest:
            liked, found = nearest
            missing.append(f"like {liked.name} only by {found.similarity:.2f}, and {ALIKE_LEAST:.2f} is needed")
        return "; ".join([f"it fulfils no wish ({', '.join(self._wishes)})", *missing])

    def _passing(self, read: _Read) -> Iterator[str]:
        """Words that the abstract has in passing, and what it is about instead."""
        weightier = ", ".join(instead(self.words, read.abstract, read.profile)[:_WEIGHTIER_SHOWN])
        for phrase in self.words:
            if found := phrase.found_in(read.abstract):
                yield f"abstract has {_quoted(phrase, found)}, and is more about {weightier}"


@dataclass(frozen=True, slots=True)
class _Fulfilled:
    """A wish that a paper fulfils, and how rare that is."""

    bits: float
    reason: Reason


class _Read:
    """A paper with its texts made ready, each when it is first asked for."""

    def __init__(self, paper: DigestPaper) -> None:
        self.paper = paper

    @cached_property
    def title(self) -> Text:
        return text_of(self.paper.title)

    @cached_property
    def abstract(self) -> Text:
        return text_of(self.paper.abstract)

    @cached_property
    def keywords(self) -> Text:
        return text_of(*self.paper.keywords)

    @cached_property
    def profile(self) -> Profile:
        return profile_of(self.title, self.abstract)

    def is_about(self, phrases: Sequence[Phrase]) -> bool:
        """Whether the abstract is about the phrases of which it has some."""
        return is_about(phrases, self.title, self.abstract, self.profile)


def _of_words(where: str, phrase: Phrase, found: Sequence[Mention]) -> Reason:
    times = "" if len(found) == 1 else f" {len(found)} times"
    return Reason(kind="words", text=f"{where} {_quoted(phrase, found)}{times}")


def _quoted(phrase: Phrase, found: Sequence[Mention]) -> str:
    return f"“{found[0].words}” ({phrase.written})" if phrase.has_any_ending else f"“{phrase.written}”"


def _by(person: Person, author: str) -> str:
    if person.is_family_name:
        return f"by {author}, whose family name is {person.written}"
    return f"by {author}" + ("" if author.casefold() == person.written.casefold() else f" ({person.written})")


def _lists(paper: DigestPaper) -> frozenset[str]:
    """The sources in which the paper stands, and the lists of those that have several."""
    lists = (list_of(each.source, each.series) for each in paper.places if each.series)
    return frozenset((*(each.source for each in paper.places), *lists))


def _is_reviewed(paper: DigestPaper) -> bool:
    return bool(paper.reviews) or any(each.is_review for each in paper.places)
