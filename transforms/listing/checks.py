"""A listing against what its source promises: errors stop the load, warnings are kept with the run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median_low

from transforms.fields import links
from transforms.fields.text import letters_digits
from transforms.listing.drift import reads_like_an_abstract
from transforms.listing.namesakes import shared_identifiers
from transforms.records import (
    Expectations,
    Finding,
    Listing,
    Reason,
    Rejection,
    Sighting,
)

# With fewer entries, what half of them have in common may be chance.
_ABSTRACTS_TO_JUDGE = 4
_OUTSIDE_SHARE_MAX = 0.2  # single odd abstracts are real
_ALIKE_SHARE_MAX = 0.5
_OPENING_CHARACTERS = 60
_TITLE_CHARACTERS_MAX = 300
# On a shorter list one odd entry breaks any share: it is warned of or quarantined, and the others load.
_SHARES_FROM = 10
# Of two or three papers, one without a title may well mean that the page changed: every list has its titles.
_TITLES_FROM = 4
_UNLIKE_SHARE_MAX = 0.5
_CONTRADICTED_SHARE_MAX = 0.1
# Comments taken for abstracts have the length of comments: the usual abstract is far longer than the shortest one.
_MEDIAN_TIMES_SHORTEST = 2


def check(
    listing: Listing, sightings: Sequence[Sighting], rejections: Sequence[Rejection], expectations: Expectations
) -> tuple[Finding, ...]:
    """Everything that does not hold, the listing's own findings first; empty for a listing as expected."""
    places = {(entry.section, entry.position): entry.place for entry in listing.entries}
    read = _Read(listing, sightings, rejections, expectations, places)
    return (*listing.findings, *(finding for each in _CHECKS for finding in each(read)))


@dataclass(frozen=True, slots=True)
class _Read:
    """A listing and what became of its entries; `places` are the entries' by section and position."""

    listing: Listing
    sightings: Sequence[Sighting]
    rejections: Sequence[Rejection]
    expectations: Expectations
    places: Mapping[tuple[str | None, int], str]

    @property
    def entries_count(self) -> int:
        return len(self.listing.entries) + len(self.listing.rejections)

    def place(self, sighting: Sighting) -> str:
        return self.places.get((sighting.section, sighting.position), f"position {sighting.position}")


def _counts(read: _Read) -> Iterator[Finding]:
    """Every entry of the page is a sighting or a rejection, and there are as many as usual."""
    count, expected = read.entries_count, read.expectations
    if count != len(read.sightings) + len(read.rejections):
        became = f"{len(read.sightings)} sightings + {len(read.rejections)} rejections"
        yield Finding.error("entries_accounted_for", became, f"{count} entries")
    if len({sighting.sighting_key for sighting in read.sightings}) != len(read.sightings):
        yield Finding.error("sighting_keys_differ", f"{len(read.sightings)} sightings share keys", "one key each")
    if count < expected.entries_min:
        yield Finding.error("entries_min", f"{count} entries", f"at least {expected.entries_min}")
    if count > expected.entries_max:
        yield Finding.warning("entries_max", f"{count} entries", f"at most {expected.entries_max}")


def _rejected_share(read: _Read) -> Iterator[Finding]:
    rejections, total = read.rejections, len(read.rejections) + len(read.sightings)
    most = read.expectations.rejected_share_max
    is_title = total < _TITLES_FROM and any(each.reason is Reason.MISSING_TITLE for each in rejections)
    if len(rejections) > most * total and (is_title or not _is_one_of_few(len(rejections), total)):
        reasons = Counter(str(rejection.reason) for rejection in rejections).most_common()
        named = ", ".join(f"{reason} {count}" for reason, count in reasons)
        observed = f"{len(rejections)} of {total} entries rejected ({named})"
        yield Finding.error("rejected_share", observed, f"at most {most:.0%}", rejections[0].detail)


def _filled(read: _Read) -> Iterator[Finding]:
    """The fields that the source fills; a degraded reading lacks some by its nature, which is a warning only."""
    found = Finding.warning if read.listing.is_degraded else Finding.error
    for name, share_min in read.expectations.filled:
        empty = [sighting for sighting in read.sightings if getattr(sighting, name) in (None, "", ())]
        total, filled = len(read.sightings), len(read.sightings) - len(empty)
        if empty and filled < share_min * total:
            observed = f"{name} in {filled} of {total} sightings"
            weigh = Finding.warning if _is_one_of_few(len(empty), total) else found
            yield weigh(f"filled_{name}", observed, f"at least {share_min:.0%}", read.place(empty[0]))


def _abstract_lengths(read: _Read) -> Iterator[Finding]:
    shortest, longest = read.expectations.abstract_characters
    lengths = [(len(each.abstract_text), each) for each in read.sightings if each.abstract_text is not None]
    outside = [(length, each) for length, each in lengths if not shortest <= length <= longest]
    expected = f"{shortest} to {longest} characters"
    if outside and len(outside) > _OUTSIDE_SHARE_MAX * len(lengths) and not _is_one_of_few(len(outside), len(lengths)):
        observed = f"{len(outside)} of {len(lengths)} abstracts outside, the first with {outside[0][0]}"
        expected = f"at most {_OUTSIDE_SHARE_MAX:.0%} outside {expected}"
        yield Finding.error("abstract_lengths", observed, expected, read.place(outside[0][1]))
    else:
        for length, each in outside:
            yield Finding.warning("abstract_length", f"{length} characters", expected, read.place(each))
    least = read.expectations.abstract_median_min or _MEDIAN_TIMES_SHORTEST * shortest
    if len(lengths) >= _ABSTRACTS_TO_JUDGE and (median := median_low(length for length, _ in lengths)) < least:
        observed = f"half of {len(lengths)} abstracts have at most {median} characters"
        yield Finding.error("abstracts_too_short", observed, f"more than {least}, else comments?")


def _abstracts_unlike(read: _Read) -> Iterator[Finding]:
    """Abstracts are prose; comments, bylines and navigation mostly are not."""
    texts = [(each.abstract_text, each) for each in read.sightings if each.abstract_text]
    unlike = [(text, each) for text, each in texts if not reads_like_an_abstract(text)]
    if len(texts) >= _ABSTRACTS_TO_JUDGE and len(unlike) > _UNLIKE_SHARE_MAX * len(texts):
        text, first = unlike[0]
        observed = f"{len(unlike)} of {len(texts)} abstracts are no prose, the first {text[:_OPENING_CHARACTERS]!r}"
        yield Finding.error("abstracts_unlike", observed, f"at most {_UNLIKE_SHARE_MAX:.0%}", read.place(first))


def _abstracts_alike(read: _Read) -> Iterator[Finding]:
    """Papers neither open with the same words, as consent banners and bots do, nor share a whole abstract."""
    by_text = _papers_by(read.sightings, lambda each: letters_digits(each.abstract_text or ""))
    openings: defaultdict[str, list[Sighting]] = defaultdict(list)
    for key, papers in by_text.items():
        openings[str(key)[:_OPENING_CHARACTERS]].extend(papers)
    total, alike = sum(map(len, openings.values())), max(openings.values(), key=len, default=[])
    if total >= _ABSTRACTS_TO_JUDGE and len(alike) > _ALIKE_SHARE_MAX * total:
        opening = (alike[0].abstract_text or "")[:_OPENING_CHARACTERS]
        observed = f"{len(alike)} of {total} abstracts open with {opening!r}"
        yield Finding.error("abstracts_alike", observed, f"at most {_ALIKE_SHARE_MAX:.0%}", read.place(alike[0]))
    for papers in by_text.values():
        identified = [paper for paper in papers if paper.arxiv_id is not None]
        if len({paper.arxiv_id for paper in identified}) > 1:
            named = ", ".join(f"{paper.arxiv_id} ({read.place(paper)})" for paper in identified)
            observed, place = f"the same abstract for {named}", read.place(identified[0])
            yield Finding.warning("abstract_of_one_paper", observed, "one arXiv id", place)


def _values_alike(read: _Read) -> Iterator[Finding]:
    """Different papers have different titles and authors: a selector that hits the page's frame repeats one value."""
    for name in ("title_text", "authors"):
        by_value = _papers_by(read.sightings, attrgetter(name))
        total, alike = sum(map(len, by_value.values())), max(by_value.values(), key=len, default=[])
        if total >= _ABSTRACTS_TO_JUDGE and len(alike) > _ALIKE_SHARE_MAX * total:
            observed = f"{len(alike)} of {total} entries have the same {name.removesuffix('_text')}"
            yield Finding.error(f"{name}_alike", observed, f"at most {_ALIKE_SHARE_MAX:.0%}", read.place(alike[0]))


def _titles_too_long(read: _Read) -> Iterator[Finding]:
    long = [each for each in read.sightings if len(each.title_text or "") > _TITLE_CHARACTERS_MAX]
    total = len(read.sightings)
    if long and len(long) > _OUTSIDE_SHARE_MAX * total and not _is_one_of_few(len(long), total):
        observed = f"{len(long)} of {total} titles are longer than {_TITLE_CHARACTERS_MAX} characters"
        yield Finding.error("titles_too_long", observed, f"at most {_OUTSIDE_SHARE_MAX:.0%}", read.place(long[0]))


def _days_since_published(read: _Read) -> Iterator[Finding]:
    listed_on = read.listing.partition_on
    days = [((listed_on - each.published_on).days, each) for each in read.sightings if each.published_on]
    if read.expectations.days_since_published is None or len(days) < _ABSTRACTS_TO_JUDGE:
        return
    least, most = read.expectations.days_since_published
    middle = median_low(count for count, _ in days)
    if not least <= middle <= most:
        first = next(each for count, each in days if not least <= count <= most)
        observed = f"the middle one of {len(days)} papers was published {middle} days before the list"
        yield Finding.error("days_since_published", observed, f"{least} to {most} days", read.place(first))


def _contradictions(read: _Read) -> Iterator[Finding]:
    """A few cards that differ from the JSON are worth a look; if many do, one of the two readings is wrong."""
    for name in ("card_title_differ", "card_authors_differ", "outer_text_differs"):
        found = [finding for finding in read.listing.findings if finding.check_name == name]
        count = read.entries_count
        if len(found) > _CONTRADICTED_SHARE_MAX * count and len(found) >= _ABSTRACTS_TO_JUDGE:
            observed = f"{len(found)} contradictions in {count} entries, the first {found[0].observed}"
            yield Finding.error(f"{name}_often", observed, f"at most {_CONTRADICTED_SHARE_MAX:.0%}", found[0].place)


def _shared_identifiers(read: _Read) -> Iterator[Finding]:
    return shared_identifiers(read.sightings, read.place)


def _unusable_links(read: _Read) -> Iterator[Finding]:
    for entry in read.listing.entries:
        for complaint in links.unusable(entry.links):
            yield Finding.warning("links_usable", complaint, "an http(s) address of a known kind", entry.place)


def _rounded_counts(read: _Read) -> Iterator[Finding]:
    """What a page prints as `1.2k` is no exact number: beside exact ones it may seem to fall."""
    for entry in read.listing.entries:
        for metric, printed in entry.metrics:
            if printed.strip().lower().endswith(("k", "m")):
                yield Finding.warning("rounded_count", f"{metric} {printed!r}", "the number in full", entry.place)


def _is_one_of_few(odd: int, total: int) -> bool:
    """Whether it is one odd entry beside others on a short list."""
    return odd == 1 and 2 <= total < _SHARES_FROM


def _papers_by(sightings: Iterable[Sighting], value: Callable[[Sighting], object]) -> dict[object, list[Sighting]]:
    """The first sighting of each paper, by a value that they may have in common; sightings without one are left out."""
    firsts: defaultdict[object, dict[str, Sighting]] = defaultdict(dict)
    for sighting in sightings:
        if found := value(sighting):
            firsts[found].setdefault(sighting.entry_key, sighting)
    return {found: list(papers.values()) for found, papers in firsts.items()}


_CHECKS: tuple[Callable[[_Read], Iterator[Finding]], ...] = (
    _counts,
    _rejected_share,
    _filled,
    _abstract_lengths,
    _abstracts_unlike,
    _abstracts_alike,
    _values_alike,
    _titles_too_long,
    _days_since_published,
    _contradictions,
    _shared_identifiers,
    _unusable_links,
    _rounded_counts,
)
