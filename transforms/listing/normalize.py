"""Every entry of a listing becomes a sighting or a rejection with a reason; none is dropped silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from transforms.fields import (
    counts,
    dates,
    identifiers,
    institutions,
    links,
    reviews,
)
from transforms.fields.text import paragraphs, storable, title_line
from transforms.listing.namesakes import PAGE_KEY, hashed, named_apart, paper_page, text_key
from transforms.records import (
    AuthorClaim,
    Certainty,
    Entry,
    Link,
    Listing,
    Reason,
    Rejection,
    Review,
    Sighting,
)

P = TypeVar("P")
T = TypeVar("T")

_QUOTED_CHARACTERS = 80
# The longest that is believed: above what any paper has, below what can keep a page's reading busy.
_TITLE_CHARACTERS_MAX = 2_000
_TEXT_CHARACTERS_MAX = 20_000
_NAME_CHARACTERS_MAX = 500
_SCHEME = re.compile(r"https?://(?:www\.)?")
_PAPER_KINDS = frozenset({"arxiv", "doi", "paper"})


def normalize_all(listing: Listing, *, read_on: date) -> tuple[tuple[Sighting, ...], tuple[Rejection, ...]]:
    """(sightings, rejections) of a listing, its own rejections first; together every entry of the page.

    A second entry with the key of an earlier one is rejected as a duplicate; entries that share an identifier under
    clearly different titles have different keys (`namesakes`).
    """
    results = [normalize(entry, listing, read_on=read_on) for entry in listing.entries]
    renamed = iter(named_apart([result for result in results if isinstance(result, Sighting)]))
    sightings: dict[str, Sighting] = {}
    rejections = list(listing.rejections)
    for entry, result in zip(listing.entries, results, strict=True):
        if isinstance(result, Rejection):
            rejections.append(result)
            continue
        sighting = next(renamed)
        first = sightings.setdefault(sighting.sighting_key, sighting)
        if first is not sighting:
            rejections.append(_rejection(entry, _duplicate(sighting, first)))
    if len(sightings) + len(rejections) != len(listing.entries) + len(listing.rejections):
        count = len(listing.entries) + len(listing.rejections)
        raise AssertionError(f"{len(sightings)} sightings and {len(rejections)} rejections of {count} entries")
    return tuple(sightings.values()), tuple(rejections)


def normalize(entry: Entry, listing: Listing, *, read_on: date) -> Sighting | Rejection:
    """One entry as a sighting, or the first reason why it cannot be one; its key does not depend on the others.

    `read_on` is the UTC day on which the page was read: with the partition's own day it settles years that are not
    printed.
    """
    try:
        return _sighting(entry, listing, read_on)
    except _Unfit as unfit:
        return _rejection(entry, unfit)


class _Unfit(Exception):
    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def _rejection(entry: Entry, unfit: _Unfit) -> Rejection:
    return Rejection(
        position=entry.position,
        section=entry.section,
        reason=unfit.reason,
        detail=f"{entry.place}: {unfit.detail}",
        entry_text=storable(entry.said),
    )


def _duplicate(second: Sighting, first: Sighting) -> _Unfit:
    name = "title" if second.title_text != first.title_text else "abstract"
    differs = (second.title_text, second.abstract_text) != (first.title_text, first.abstract_text)
    other = f", but with another {name}" if differs else ""
    return _Unfit(Reason.DUPLICATE_ENTRY, f"{second.entry_key!r} is at position {first.position} already{other}")


def _sighting(entry: Entry, listing: Listing, read_on: date) -> Sighting:
    _require_believable_lengths(entry)
    known = _identifiers(entry)
    review = _fit(reviews.review, entry.review, Reason.BAD_SECTIONS) if entry.review else None
    title, abstract = _title_and_abstract(entry, listing, review)
    # A dump may be adopted months after its day, and a year inferred from the day of reading is then wrong (2026-11).
    published_on, published_at, certainty = _published(entry, min(read_on, listing.partition_on))
    # The same names and words come again and again within an entry: each is cleaned once.
    claimed = (text for claim in entry.author_claims for text in (claim.name, claim.status))
    cleaned = {
        printed: title_line(printed) for printed in {*entry.authors, *entry.categories, *entry.site_keywords, *claimed}
    }
    authors = tuple(cleaned[printed] for printed in entry.authors if cleaned[printed])
    thumbnail = links.usable([("media", entry.thumbnail)]) if entry.thumbnail else ()
    return Sighting(
        source=listing.source,
        partition_on=listing.partition_on,
        section=entry.section,
        position=entry.position,
        entry_key=_entry_key(entry, known, title, abstract, review),
        first_line=entry.first_line,
        arxiv_id=known.arxiv_id,
        arxiv_version=known.arxiv_version,
        doi=known.doi,
        title_raw=_optional(storable, entry.title),
        title_text=title,
        abstract_raw=_optional(storable, entry.abstract),
        abstract_text=abstract,
        authors=authors,
        author_count=_author_count(entry, authors),
        published_on=published_on,
        published_at=published_at,
        published_certainty=certainty,
        submitted_by=_optional(title_line, entry.submitted_by),
        organization=_optional(title_line, entry.organization),
        links=_links(entry, known, abstract),
        institutions=institutions.split(entry.review.all_institutions or "") if entry.review else (),
        review=review,
        metrics=tuple((metric, _fit(counts.count, number, Reason.BAD_NUMBER)) for metric, number in entry.metrics),
        site_summary=_optional(paragraphs, entry.site_summary),
        site_keywords=tuple(cleaned[word] for word in entry.site_keywords if cleaned[word]),
        thumbnail_url=thumbnail[0].url if thumbnail else None,
        author_claims=tuple(
            AuthorClaim(name=cleaned[claim.name], status=cleaned[claim.status]) for claim in entry.author_claims
        ),
        categories=tuple(cleaned[code] for code in entry.categories if cleaned[code]),
        comments=_optional(paragraphs, entry.comments),
        journal_ref=_optional(title_line, entry.journal_ref),
    )


def _require_believable_lengths(entry: Entry) -> None:
    """No field is cleaned or compared before it is known to be of a length that a paper could have."""
    for name, text, most in _printed(entry):
        if text is not None and len(text) > most:
            raise _Unfit(Reason.UNREADABLE_ENTRY, f"{name} of {len(text)} characters, at most {most}: {_quoted(text)}")


def _printed(entry: Entry) -> Iterator[tuple[str, str | None, int]]:
    yield "title", entry.title, _TITLE_CHARACTERS_MAX
    yield "abstract", entry.abstract, _TEXT_CHARACTERS_MAX
    for name in (*entry.authors, entry.submitted_by, entry.organization):
        yield "name", name, _NAME_CHARACTERS_MAX
    yield "summary by the site", entry.site_summary, _TEXT_CHARACTERS_MAX
    yield "comments", entry.comments, _TEXT_CHARACTERS_MAX
    yield "journal reference", entry.journal_ref, _TEXT_CHARACTERS_MAX
    for name in (*entry.categories, *entry.site_keywords, *(each.name + each.status for each in entry.author_claims)):
        yield "keyword or claim", name, _NAME_CHARACTERS_MAX
    for text in (
        entry.arxiv_id,
        entry.doi,
        entry.published,
        entry.author_count,
        *(number for _, number in entry.metrics),
    ):
        yield "field", text, _NAME_CHARACTERS_MAX
    if review := entry.review:
        parts = (review.summary, review.primary, review.all_institutions, *review.sections, review.impact)
        yield from (("part of a review", text, _TEXT_CHARACTERS_MAX) for text in parts)


@dataclass(frozen=True, slots=True)
class _Identifiers:
    arxiv_id: str | None
    arxiv_version: int | None
    doi: str | None


def _identifiers(entry: Entry) -> _Identifiers:
    """What the entry states; else the one arXiv paper or DOI that its links lead to."""
    doi = None if entry.doi is None else _fit(identifiers.doi, entry.doi, Reason.BAD_IDENTIFIER)
    stated = entry.arxiv_id
    if doi is not None and identifiers.is_arxiv_doi(doi):
        stated, doi = _agreed(entry, doi), None
    if stated is not None:
        return _Identifiers(*_fit(identifiers.arxiv_id, stated, Reason.BAD_IDENTIFIER), doi)
    arxiv_id, version = _linked_arxiv_id(entry)
    return _Identifiers(arxiv_id, version, doi or _linked_doi(entry))


def _agreed(entry: Entry, doi: str) -> str:
    """The arXiv id of an entry with an arXiv DOI: if it has both, they must name the same paper."""
    named, _ = _fit(identifiers.arxiv_id, doi, Reason.BAD_IDENTIFIER)
    if entry.arxiv_id is None:
        return doi
    if _fit(identifiers.arxiv_id, entry.arxiv_id, Reason.BAD_IDENTIFIER)[0] != named:
        raise _Unfit(Reason.BAD_IDENTIFIER, f"DOI {_quoted(doi)} contradicts arXiv id {_quoted(entry.arxiv_id)}")
    return entry.arxiv_id


def _linked_arxiv_id(entry: Entry) -> tuple[str | None, int | None]:
    """The arXiv paper of the entry's paper links; if they lead to none, of any other link: labels may be wrong."""
    found = _linked(entry, _PAPER_KINDS, identifiers.arxiv_id) or _linked(entry, links.KINDS, identifiers.arxiv_id)
    if len({arxiv_id for arxiv_id, _ in found}) != 1:
        return None, None
    return found[0]


def _linked_doi(entry: Entry) -> str | None:
    found = {doi for doi in _linked(entry, _PAPER_KINDS, identifiers.doi) if not identifiers.is_arxiv_doi(doi)}
    return found.pop() if len(found) == 1 else None


def _linked(entry: Entry, kinds: Collection[str], read: Callable[[str], T]) -> list[T]:
    found = []
    for kind, address in entry.links:
        if kind in kinds:
            with suppress(ValueError):  # a paper link to another site is no identifier, and no fault
                found.append(read(address))
    return found


def _title_and_abstract(entry: Entry, listing: Listing, review: Review | None) -> tuple[str | None, str | None]:
    """At least one of them, or a review with a summary: an identifier alone is no entry."""
    title = _optional(title_line, entry.title)
    abstract = _optional(paragraphs, entry.abstract)
    if title is None and abstract is None and not (review and review.summary):
        raise _Unfit(Reason.MISSING_TITLE, f"no title {_quoted(entry.title)} and no abstract {_quoted(entry.abstract)}")
    if abstract is None and _carries_abstracts(listing):
        raise _Unfit(Reason.MISSING_ABSTRACT, f"other entries of the page have one, this has {_quoted(entry.abstract)}")
    return title, abstract


def _carries_abstracts(listing: Listing) -> bool:
    """Whether this page prints abstracts: most of its entries have one. The page decides, not its source."""
    given = sum(1 for entry in listing.entries if entry.abstract)
    return not listing.is_degraded and given * 2 > len(listing.entries)


def _entry_key(
    entry: Entry, known: _Identifiers, title: str | None, abstract: str | None, review: Review | None
) -> str:
    """A paper's own page names it better than a title does: sites rewrite titles (seen 2026-04-16)."""
    if known.arxiv_id or known.doi:
        return known.arxiv_id or known.doi or ""
    if (page := paper_page(links.usable(entry.links))) is not None:
        return f"{PAGE_KEY}{hashed(_SCHEME.sub('', page))}"
    if title is not None:
        return f"t-{text_key(title)}"
    if abstract is not None:
        return f"a-{text_key(abstract)}"
    return f"s-{text_key(review.summary if review else '')}"


def _published(entry: Entry, read_on: date) -> tuple[date | None, datetime | None, Certainty | None]:
    if entry.published is None:
        return None, None, None
    return _fit(lambda text: dates.published(text, read_on=read_on), entry.published, Reason.BAD_DATE)


def _author_count(entry: Entry, authors: tuple[str, ...]) -> int | None:
    if entry.author_count is None:
        return len(authors) or None
    return _fit(counts.author_count, entry.author_count, Reason.BAD_NUMBER)


def _links(entry: Entry, known: _Identifiers, abstract: str | None) -> tuple[Link, ...]:
    """Identifiers first, then the entry's links, then those in the abstract; a check reports unusable ones."""
    own = []
    if known.arxiv_id is not None:
        own.append(Link(kind="arxiv", url=f"https://arxiv.org/abs/{known.arxiv_id}"))
    if known.doi is not None:
        own.append(Link(kind="doi", url=f"https://doi.org/{known.doi}"))
    return links.each_once((*own, *links.usable(entry.links), *links.mentioned(abstract or "")))


def _fit(read: Callable[[P], T], printed: P, reason: Reason) -> T:
    try:
        return read(printed)
    except ValueError as error:
        raise _Unfit(reason, str(error)) from error


def _optional(clean: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else clean(text) or None


def _quoted(text: str | None) -> str:
    if text is None or len(text) <= _QUOTED_CHARACTERS:
        return repr(text)
    return f"{text[:_QUOTED_CHARACTERS]!r}…"
