"""A listing against what its source promises: errors stop the load, warnings are kept with the run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median_low

from transforms.fields import links
from transforms.fields.text import letters_digits
from transforms.listing.drift import reads_like_an_abstract
from transforms.listing.namesakes import shared_identifiers
from transforms.records import (
    Expectations,
    Finding,
    Level,
    Listing,
    Rejection,
    Sighting,
)

_ABSTRACTS_TO_JUDGE = 4
_OUTSIDE_SHARE_MAX = 0.2
_ALIKE_SHARE_MAX = 0.5
_OPENING_CHARACTERS = 60
_TITLE_CHARACTERS_MAX = 300
_UNLIKE_SHARE_MAX = 0.5
_CONTRADICTED_SHARE_MAX = 0.1
# Comments taken for abstracts have the length of comments: the usual abstract is far longer than the shortest one.
_MEDIAN_TIMES_SHORTEST = 2


def check(
    listing: Listing, sightings: Sequence[Sighting], rejections: Sequence[Rejection], expectations: Expectations
) -> tuple[Finding, ...]:
    """Everything that does not hold, the listing's own findings first; empty for a listing as expected."""
    places = {(entry.section, entry.position): entry.place for entry in listing.entries}
    return (
        *listing.findings,
        *_counted(listing, sightings, rejections, expectations),
        *_rejected(rejections, len(sightings), expectations),
        *_filled(listing, sightings, expectations, places),
        *_abstract_lengths(sightings, expectations, places),
        *_abstract_contents(sightings, places),
        *_alike(sightings, places),
        *_titles(sightings, places),
        *_dates(listing, sightings, expectations, places),
        *_contradicted(listing),
        *shared_identifiers(sightings, places),
        *_unusable_links(listing),
    )


Places = dict[tuple[str | None, int], str]


def _counted(
    listing: Listing, sightings: Sequence[Sighting], rejections: Sequence[Rejection], expectations: Expectations
) -> Iterator[Finding]:
    stood = len(listing.entries) + len(listing.rejections)
    became = f"{len(sightings)} sightings + {len(rejections)} rejections"
    if stood != len(sightings) + len(rejections):
        yield _error("entries_accounted_for", became, f"{stood} entries")
    if len({sighting.sighting_key for sighting in sightings}) != len(sightings):
        yield _error("sighting_keys_differ", f"{len(sightings)} sightings share keys", "one key each")
    if stood < expectations.entries_min:
        yield _error("entries_min", f"{stood} entries", f"at least {expectations.entries_min}")
    if stood > expectations.entries_max:
        yield _warning("entries_max", f"{stood} entries", f"at most {expectations.entries_max}")


def _rejected(rejections: Sequence[Rejection], sightings_count: int, expectations: Expectations) -> Iterator[Finding]:
    total = len(rejections) + sightings_count
    if rejections and len(rejections) > expectations.rejected_share_max * total:
        reasons = Counter(str(rejection.reason) for rejection in rejections)
        named = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
        yield _error(
            "rejected_share",
            f"{len(rejections)} of {total} entries rejected ({named})",
            f"at most {expectations.rejected_share_max:.0%}",
            rejections[0].detail,
        )


def _filled(
    listing: Listing, sightings: Sequence[Sighting], expectations: Expectations, places: Places
) -> Iterator[Finding]:
    """A degraded reading lacks fields by its nature: that is told, and does not stop it."""
    for name, share_min in expectations.filled:
        empty = [sighting for sighting in sightings if getattr(sighting, name) in (None, "", ())]
        filled = len(sightings) - len(empty)
        if empty and filled < share_min * len(sightings):
            yield Finding(
                check_name=f"filled_{name}",
                level=Level.WARNING if listing.is_degraded else Level.ERROR,
                observed=f"{name} in {filled} of {len(sightings)} sightings",
                expected=f"at least {share_min:.0%}",
                place=_place(empty[0], places),
            )


def _abstract_lengths(sightings: Sequence[Sighting], expectations: Expectations, places: Places) -> Iterator[Finding]:
    shortest, longest = expectations.abstract_characters
    lengths = {id(s): len(s.abstract_text) for s in sightings if s.abstract_text is not None}
    outside = [s for s in sightings if id(s) in lengths and not shortest <= lengths[id(s)] <= longest]
    expected = f"{shortest} to {longest} characters"
    if outside and len(outside) > _OUTSIDE_SHARE_MAX * len(lengths):
        observed = f"{len(outside)} of {len(lengths)} abstracts outside, the first with {lengths[id(outside[0])]}"
        yield _error(
            "abstract_lengths",
            observed,
            f"at most {_OUTSIDE_SHARE_MAX:.0%} outside {expected}",
            _place(outside[0], places),
        )
    else:
        for sighting in outside:
            yield _warning("abstract_length", f"{lengths[id(sighting)]} characters", expected, _place(sighting, places))
    least = expectations.abstract_median_min or _MEDIAN_TIMES_SHORTEST * shortest
    if len(lengths) >= _ABSTRACTS_TO_JUDGE and median_low(lengths.values()) < least:
        observed = f"half of {len(lengths)} abstracts have at most {median_low(lengths.values())} characters"
        yield _error("abstracts_too_short", observed, f"more than {least}, else comments?")


def _abstract_contents(sightings: Sequence[Sighting], places: Places) -> Iterator[Finding]:
    said = [each for each in sightings if each.abstract_text]
    unlike = [each for each in said if not reads_like_an_abstract(each.abstract_text or "")]
    if len(said) >= _ABSTRACTS_TO_JUDGE and len(unlike) > _UNLIKE_SHARE_MAX * len(said):
        observed = f"{len(unlike)} of {len(said)} abstracts are no prose, the first {_quoted(unlike[0])}"
        yield _error("abstracts_unlike", observed, f"at most {_UNLIKE_SHARE_MAX:.0%}", _place(unlike[0], places))
    by_text: defaultdict[str, dict[str, Sighting]] = defaultdict(dict)
    for sighting in sightings:
        if key := letters_digits(sighting.abstract_text or ""):
            by_text[key].setdefault(sighting.entry_key, sighting)
    yield from _abstracts_alike(by_text, places)
    for papers in by_text.values():
        identified = [sighting for sighting in papers.values() if sighting.arxiv_id is not None]
        if len({sighting.arxiv_id for sighting in identified}) > 1:
            named = ", ".join(f"{sighting.arxiv_id} ({_place(sighting, places)})" for sighting in identified)
            yield _warning(
                "abstract_of_one_paper", f"the same abstract for {named}", "one arXiv id", _place(identified[0], places)
            )


def _alike(sightings: Sequence[Sighting], places: Places) -> Iterator[Finding]:
    """Different papers have different titles and authors: a selector that hits the page's frame repeats one value."""
    for name in ("title_text", "authors"):
        firsts: defaultdict[object, dict[str, Sighting]] = defaultdict(dict)
        for sighting in sightings:
            if value := getattr(sighting, name):
                firsts[value].setdefault(sighting.entry_key, sighting)
        total = sum(map(len, firsts.values()))
        alike = list(max(firsts.values(), key=len, default={}).values())
        if total >= _ABSTRACTS_TO_JUDGE and len(alike) > _ALIKE_SHARE_MAX * total:
            observed = f"{len(alike)} of {total} entries have the same {name.removesuffix('_text')}"
            yield _error(f"{name}_alike", observed, f"at most {_ALIKE_SHARE_MAX:.0%}", _place(alike[0], places))


def _titles(sightings: Sequence[Sighting], places: Places) -> Iterator[Finding]:
    long = [each for each in sightings if len(each.title_text or "") > _TITLE_CHARACTERS_MAX]
    if long and len(long) > _OUTSIDE_SHARE_MAX * len(sightings):
        observed = f"{len(long)} of {len(sightings)} titles are longer than {_TITLE_CHARACTERS_MAX} characters"
        yield _error("titles_too_long", observed, f"at most {_OUTSIDE_SHARE_MAX:.0%}", _place(long[0], places))


def _dates(
    listing: Listing, sightings: Sequence[Sighting], expectations: Expectations, places: Places
) -> Iterator[Finding]:
    dated = [each for each in sightings if each.published_on]
    days = {id(each): (listing.partition_on - each.published_on).days for each in dated if each.published_on}
    if expectations.days_since_published is None or len(dated) < _ABSTRACTS_TO_JUDGE:
        return
    least, most = expectations.days_since_published
    middle = median_low(days.values())
    if not least <= middle <= most:
        first = next(each for each in dated if not least <= days[id(each)] <= most)
        observed = f"the middle one of {len(dated)} papers was published {middle} days before the list"
        yield _error("days_since_published", observed, f"{least} to {most} days", _place(first, places))


def _contradicted(listing: Listing) -> Iterator[Finding]:
    """A few cards that say something else are worth a look; most of them mean that one of the two readings is wrong."""
    for name in ("card_title_differ", "card_authors_differ", "outer_text_differs"):
        found = [finding for finding in listing.findings if finding.check_name == name]
        stood = len(listing.entries) + len(listing.rejections)
        if len(found) > _CONTRADICTED_SHARE_MAX * stood and len(found) >= _ABSTRACTS_TO_JUDGE:
            observed = f"{len(found)} contradictions in {stood} entries, the first {found[0].observed}"
            yield _error(f"{name}_often", observed, f"at most {_CONTRADICTED_SHARE_MAX:.0%}", found[0].place)


def _abstracts_alike(by_text: dict[str, dict[str, Sighting]], places: Places) -> Iterator[Finding]:
    """Papers do not open with the same words; consent banners and bots do."""
    openings: defaultdict[str, list[Sighting]] = defaultdict(list)
    for key, papers in by_text.items():
        openings[key[:_OPENING_CHARACTERS]].extend(papers.values())
    total = sum(map(len, openings.values()))
    alike = max(openings.values(), key=len, default=[])
    if total >= _ABSTRACTS_TO_JUDGE and len(alike) > _ALIKE_SHARE_MAX * total:
        yield _error(
            "abstracts_alike",
            f"{len(alike)} of {total} abstracts open with {(alike[0].abstract_text or '')[:_OPENING_CHARACTERS]!r}",
            f"at most {_ALIKE_SHARE_MAX:.0%}",
            _place(alike[0], places),
        )


def _unusable_links(listing: Listing) -> Iterator[Finding]:
    for entry in listing.entries:
        for complaint in links.unusable(entry.links):
            yield _warning("links_usable", complaint, "an http(s) address of a known kind", entry.place)


def _quoted(sighting: Sighting) -> str:
    return repr((sighting.abstract_text or "")[:_OPENING_CHARACTERS])


def _place(sighting: Sighting, places: Places) -> str:
    return places.get((sighting.section, sighting.position), f"position {sighting.position}")


def _error(name: str, observed: str, expected: str, place: str | None = None) -> Finding:
    return Finding(check_name=name, level=Level.ERROR, observed=observed, expected=expected, place=place)


def _warning(name: str, observed: str, expected: str, place: str | None = None) -> Finding:
    return Finding(check_name=name, level=Level.WARNING, observed=observed, expected=expected, place=place)
