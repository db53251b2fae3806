"""Which paper a person means: by its key, an earlier key, a sighting's key, an arXiv id, a DOI, an address or a title.

The one look-up of every command that takes a paper.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from transforms.errors import PaperlogError
from transforms.fields import identifiers
from transforms.fields.words import words_of
from transforms.matching.model import Record
from warehouse.read.reader import Reader

SHOWN_MOST = 20


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
        raise UnknownPaper(
            f"{text}: no paper has or had this key, and none has it as an arXiv id, DOI, address or title"
        )
    if len(found) > 1:
        listed = "\n".join(f"  {each.paper_key}  {each.title or '(no title)'}" for each in found[:SHOWN_MOST])
        more = f"\n  and {len(found) - SHOWN_MOST} more" if len(found) > SHOWN_MOST else ""
        raise UnknownPaper(f"{text}: {len(found)} papers are meant, name one by its key:\n{listed}{more}")
    return found[0]


def papers_named(reader: Reader, text: str) -> tuple[FoundPaper, ...]:
    """Every paper that the text means, by the first reading that finds one: key, identifier, address, title, words."""
    for name, parameters in (
        ("lookup_key", {"key": text.strip()}),
        ("lookup_identifier", _identifiers(text)),
        ("lookup_address", {"address": text.strip().rstrip("/")}),
    ):
        if found := reader.records(name, FoundPaper, parameters):
            return found
    return _by_title(reader, text)


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
    """Papers whose title has these words in this order; where some have exactly these, only those."""
    words = words_of(text)
    if not words:
        return ()
    found = reader.records("lookup_title", FoundPaper, {"pattern": f"%{'%'.join(words)}%"})
    equal = tuple(each for each in found if words_of(each.title or "") == words)
    return equal or found
