"""Different papers to which one listing gives the same identifier: each gets a key of its own, and a finding is made.

Seen in a digest of 2024-08-12: `2408.05109` on two rows of one week, on one of them by mistake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from hashlib import sha256
from itertools import combinations

from transforms.fields.text import letters_digits, match_tokens, stored
from transforms.records import Finding, Link, Sighting

KEY_DIGITS = 16
PAGE_KEY = "p-"  # begins the key of an entry that is named by the address of its paper's page
_SHARED_WORDS_MAX = 0.5
_LIKENESS_MAX = 0.8
_WORD_LETTERS_MIN = 4  # shorter words ("the", "with") are in many titles
_TITLE_CHARACTERS = 300  # SequenceMatcher needs quadratic time


def named_apart(sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """The same sightings; if some of one section share an identifier but not the title, their keys contain the title.

    That holds for all of them, so that the order on the page does not matter. One without a title keeps the bare
    identifier.
    """
    shared = {id(sighting) for group in _groups(sightings) for sighting in group if sighting.title_text}
    return tuple(_with_title_in_key(each) if id(each) in shared else each for each in sightings)


def shared_identifiers(sightings: Sequence[Sighting], place: Callable[[Sighting], str]) -> Iterator[Finding]:
    """A warning for each identifier of clearly different titles in one section, with all places."""
    for group in _groups(sightings):
        places = [place(each) for each in group]
        named = ", ".join(f"{each.title_text!r} ({where})" for each, where in zip(group, places, strict=True))
        observed = f"{_identifier(group[0])} for {named}"
        yield Finding.warning("identifier_shared", observed, "one title for one identifier", ", ".join(places))


def clearly_differ(one: str | None, other: str | None) -> bool:
    """Whether two titles cannot be meant for one paper: neither contains the other, and most words differ."""
    if one is None or other is None:
        return False
    left, right = ((letters_digits(each) or stored(each))[:_TITLE_CHARACTERS] for each in (one, other))
    if left in right or right in left:
        return False
    words = [_words(each) for each in (one, other)]
    shared = len(words[0] & words[1]) / max(1, min(map(len, words)))
    return shared <= _SHARED_WORDS_MAX and SequenceMatcher(None, left, right, autojunk=False).ratio() < _LIKENESS_MAX


def text_key(text: str) -> str:
    """A hash of a text's letters and digits; a text without a single Latin one has a key of its own all the same."""
    return hashed(letters_digits(text) or stored(text))


def hashed(text: str) -> str:
    """A hash of exactly this text."""
    return sha256(text.encode()).hexdigest()[:KEY_DIGITS]


def paper_page(links: Iterable[Link]) -> str | None:
    """The address of the first page that is the paper's own, by its kind."""
    return next((link.url for link in links if link.kind == "paper"), None)


def _groups(sightings: Iterable[Sighting]) -> Iterator[Sequence[Sighting]]:
    """The sightings of each identifier and section among whose titles some clearly differ."""
    by_identifier: defaultdict[tuple[str | None, str], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        if identifier := _identifier(sighting):
            by_identifier[sighting.section, identifier].append(sighting)
    for group in by_identifier.values():
        titles = sorted({each.title_text for each in group if each.title_text})
        if any(clearly_differ(one, other) for one, other in combinations(titles, 2)):
            yield group


def _identifier(sighting: Sighting) -> str | None:
    """The arXiv id, the DOI, or the address of the paper's page, whichever is in the key."""
    page = paper_page(sighting.links) if sighting.entry_key.startswith(PAGE_KEY) else None
    return sighting.arxiv_id or sighting.doi or page


def _words(title: str) -> frozenset[str]:
    tokens = match_tokens(title)
    return frozenset(token for token in tokens if len(token) >= _WORD_LETTERS_MIN) or frozenset(tokens)


def _with_title_in_key(sighting: Sighting) -> Sighting:
    return replace(sighting, entry_key=f"{sighting.entry_key}+{text_key(sighting.title_text or '')}")
