"""Which paper a person means: by its key, an earlier key, a sighting's key, an arXiv id, a DOI, an address or a title.

The one look-up of every command that takes a paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from transforms.errors import PaperlogError
from transforms.fields import identifiers
from transforms.fields.words import words_of
from transforms.matching.model import Record
from warehouse.read.reader import Reader

SHOWN_MOST = 20
NEAREST_MOST = 3
# No key, identifier or title worth guessing is longer, and each is compared with that of every paper.
GUESSED_CHARACTERS_MAX = 300


class UnknownPaper(PaperlogError):
    """No paper is meant by the text, or several are; the message lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPaper:
    """A paper that a text means, and its founding sighting."""

    paper_key: str
    founding_key: str
    title: str | None


def paper_named(reader: Reader, text: str) -> FoundPaper:
    """The one paper that the text means. Raises UnknownPaper if none or several are."""
    found = papers_named(reader, text)
    if not found:
        said = f"{text}: no paper has or had this key, and none has it as an arXiv id, DOI, address or title"
        near = _nearest(reader, text)
        raise UnknownPaper(f"{said}; did you mean one of these?\n{_listed(near)}" if near else said)
    if len(found) > 1:
        more = f"\n  and {len(found) - SHOWN_MOST} more" if len(found) > SHOWN_MOST else ""
        raise UnknownPaper(f"{text}: {len(found)} papers are meant, name one by its key:\n{_listed(found)}{more}")
    return found[0]


def _listed(papers: Sequence[FoundPaper]) -> str:
    return "\n".join(f"  {each.paper_key}  {each.title or '(no title)'}" for each in papers[:SHOWN_MOST])


def _nearest(reader: Reader, text: str) -> tuple[FoundPaper, ...]:
    """The papers of which the text may be a slip, nearest first, at most three."""
    words = " ".join(text.split()).lower()
    if not words or len(words) > GUESSED_CHARACTERS_MAX or any("\ud800" <= each <= "\udfff" for each in words):
        return ()
    if found := _with_words(reader, words_of(text)):
        return found[:NEAREST_MOST]
    return reader.records("lookup_near", FoundPaper, {"text": words})


def papers_named(reader: Reader, text: str) -> tuple[FoundPaper, ...]:
    """Every paper that the text means, by the first reading that finds one: identifier, address or key, whole title.

    Text that is no Unicode, such as an argument in another encoding, means none.
    """
    if not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text):
        return ()
    return papers_identified(reader, text) or _by_title(reader, text)


def papers_identified(reader: Reader, text: str) -> tuple[FoundPaper, ...]:
    """Every paper that the text names by its key, an earlier key, a sighting's key, an identifier or an address."""
    identifiers_named = _identifiers(text)
    if any(identifiers_named.values()) and (
        found := reader.records("lookup_identifier", FoundPaper, identifiers_named)
    ):
        return found
    if "://" in text:  # every link of every sighting is looked at
        return reader.records("lookup_address", FoundPaper, {"address": text.strip().rstrip("/")})
    return reader.records("lookup_key", FoundPaper, {"key": text.strip()})


def records_of_paper(reader: Reader, paper_key: str) -> tuple[Record, ...]:
    """What matching compares of each sighting of a paper."""
    return reader.records("lookup_records", Record, {"key": paper_key})


def _identifiers(text: str) -> dict[str, object]:
    found: dict[str, object] = {"arxiv_id": None, "doi": None}
    with suppress(ValueError):
        found["arxiv_id"], _ = identifiers.arxiv_id(text)
    with suppress(ValueError):
        found["doi"] = identifiers.doi(text)
    return found


def _by_title(reader: Reader, text: str) -> tuple[FoundPaper, ...]:
    """Papers with exactly this title, by its words."""
    words = words_of(text)
    return tuple(each for each in _with_words(reader, words) if words_of(each.title or "") == words)


def _with_words(reader: Reader, words: Sequence[str]) -> tuple[FoundPaper, ...]:
    """Papers whose title has these words in this order, among others."""
    return reader.records("lookup_title", FoundPaper, {"pattern": f"%{'%'.join(words)}%"}) if words else ()
