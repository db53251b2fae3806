"""A record made ready for comparison, so that no text is cut into words twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from transforms.fields.text import match_tokens
from transforms.matching.authors import Name, name_of, name_parts
from transforms.matching.model import Record

ABSTRACT_KEY_LEAST: Final = 200
"""An abstract shorter than this many letters and digits may be a stock phrase: no exact key."""

ARXIV_DOI: Final = "10.48550/arxiv."

_IDENTIFIER_HOSTS: Final = ("arxiv.org/", "doi.org/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is compared of a record: its texts as words in their order, `abstract_words` without it.

    `arxiv_id` is also derived from an arXiv DOI, which then is no DOI of its own. Authors and institutions are their
    words joined by blanks, an author's surname last; `urls` are the telling ones.
    """

    key: str
    arxiv_id: str | None
    doi: str | None
    title: tuple[str, ...]
    abstract: tuple[str, ...]
    abstract_words: frozenset[str]
    authors: tuple[str, ...]
    published_on: date | None
    institutions: frozenset[str]
    urls: tuple[str, ...]
    author_count: int | None
    description: tuple[str, ...]

    @property
    def abstract_key(self) -> str | None:
        """Letters and digits of the abstract, where it is long enough to mean one paper."""
        return _joined(self.abstract, ABSTRACT_KEY_LEAST)

    @property
    def title_key(self) -> str | None:
        """Letters and digits of the title."""
        return _joined(self.title, 1)

    @property
    def names(self) -> tuple[Name, ...]:
        """The authors' names, read when they are asked for: most records are compared by their texts alone."""
        return tuple(name_of(author.split()) for author in self.authors)

    @property
    def own_words(self) -> frozenset[str]:
        """Every word that a source uses for the paper: title, abstract, description."""
        return self.abstract_words.union(self.title, self.description)


def prepare(record: Record | Prepared) -> Prepared:
    """Cut the texts into words; what is prepared already comes back as it is."""
    if isinstance(record, Prepared):
        return record
    arxiv_id, doi = _identifiers(record)
    abstract = _words(record.abstract)
    return Prepared(
        key=record.key,
        arxiv_id=arxiv_id,
        doi=doi,
        title=_words(record.title),
        abstract=abstract,
        abstract_words=frozenset(abstract),
        authors=tuple(" ".join(parts) for text in record.authors if (parts := name_parts(text))),
        published_on=record.published_on,
        institutions=frozenset(" ".join(words) for text in record.institutions if (words := match_tokens(text))),
        urls=_telling(record.urls),
        author_count=record.author_count,
        description=_words(record.description),
    )


def _identifiers(record: Record) -> tuple[str | None, str | None]:
    """The arXiv id, also from an arXiv DOI, and the DOI of its own."""
    doi = record.doi.lower() if record.doi else None
    if doi and doi.startswith(ARXIV_DOI):
        return record.arxiv_id or doi.removeprefix(ARXIV_DOI), None
    return record.arxiv_id, doi


def _telling(urls: Iterable[str]) -> tuple[str, ...]:
    """Addresses that may mean one paper: with a path, and not an identifier's, which is weighed as such."""
    bare = (url.partition("://")[2].rstrip("/") for url in urls)
    return tuple(url for url in bare if "/" in url and not url.startswith(_IDENTIFIER_HOSTS))


def _words(text: str | None) -> tuple[str, ...]:
    return match_tokens(text) if text else ()


def _joined(tokens: tuple[str, ...], least: int) -> str | None:
    joined = "".join(tokens)
    return joined if len(joined) >= least else None
