"""A record made ready for comparison, so that no text is cut into words twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from transforms.matching import Record
from transforms.names import Name, read_name
from transforms.text import match_tokens

ABSTRACT_KEY_LEAST: Final = 200
"""An abstract shorter than this many letters and digits may be a stock phrase: no exact key."""

ARXIV_DOI: Final = "10.48550/arxiv."


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A record and its words. `arxiv_id` is also derived from an arXiv DOI, which then is no DOI of its own."""

    record: Record
    arxiv_id: str | None
    doi: str | None
    title: tuple[str, ...]
    abstract: tuple[str, ...]
    abstract_words: frozenset[str]
    names: tuple[Name, ...]

    @property
    def key(self) -> str:
        """The record's key."""
        return self.record.key

    @property
    def abstract_key(self) -> str | None:
        """Letters and digits of the abstract, where it is long enough to mean one paper."""
        return _joined(self.abstract, ABSTRACT_KEY_LEAST)

    @property
    def title_key(self) -> str | None:
        """Letters and digits of the title."""
        return _joined(self.title, 1)


def prepare(record: Record | Prepared) -> Prepared:
    """Cut the texts into words; what is prepared already comes back as it is."""
    if isinstance(record, Prepared):
        return record
    arxiv_id, doi = identifiers(record)
    abstract = match_tokens(record.abstract) if record.abstract else ()
    return Prepared(
        record=record,
        arxiv_id=arxiv_id,
        doi=doi,
        title=match_tokens(record.title) if record.title else (),
        abstract=abstract,
        abstract_words=frozenset(abstract),
        names=tuple(name for text in record.authors if (name := read_name(text))),
    )


def identifiers(record: Record) -> tuple[str | None, str | None]:
    """The arXiv id, also from an arXiv DOI, and the DOI of its own."""
    doi = record.doi.lower() if record.doi else None
    if doi and doi.startswith(ARXIV_DOI):
        return record.arxiv_id or doi.removeprefix(ARXIV_DOI), None
    return record.arxiv_id, doi


def own_words(side: Prepared) -> frozenset[str]:
    """Every word that a source uses for the paper: title, abstract, description."""
    described = match_tokens(side.record.description) if side.record.description else ()
    return side.abstract_words.union(side.title, described)


def _joined(tokens: tuple[str, ...], least: int) -> str | None:
    joined = "".join(tokens)
    return joined if len(joined) >= least else None
