"""A record made ready for comparison, so that no text is split into words twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from transforms.fields.words import Title, abstract_words, title_of, words_of
from transforms.matching.model import Record
from transforms.matching.names import PersonName, names_of, people

# With fewer letters and digits an abstract may be a stock phrase ("This article has been withdrawn …"): no key.
ABSTRACT_KEY_LEAST: Final = 200

ARXIV_DOI: Final = "10.48550/arxiv."

_IDENTIFIER_HOSTS: Final = ("arxiv.org/", "doi.org/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What is compared of a record: its texts as words in their order, `abstract_words` as a set.

    `arxiv_id` may come from an arXiv DOI, which then is not in `doi`. Authors and institutions are their words joined
    by blanks, an author's surname last; `has_more_authors` says that the list ends in "et al." or the like. `urls` are
    those that may mean one paper; `title_starts` are the places in the title where a part of it begins, and
    `is_title_cut` says that it ends in an ellipsis. `is_named_by_arxiv` is the record's.
    """

    key: str
    arxiv_id: str | None
    doi: str | None
    title: tuple[str, ...]
    title_starts: tuple[int, ...]
    is_title_cut: bool
    abstract: tuple[str, ...]
    abstract_words: frozenset[str]
    authors: tuple[str, ...]
    has_more_authors: bool
    published_on: date | None
    institutions: frozenset[str]
    urls: tuple[str, ...]
    author_count: int | None
    description: tuple[str, ...]
    is_named_by_arxiv: bool

    @property
    def abstract_key(self) -> str | None:
        """Letters and digits of the abstract, if it is long enough to mean one paper."""
        joined = "".join(self.abstract)
        return joined if len(joined) >= ABSTRACT_KEY_LEAST else None

    @property
    def whole_title(self) -> Title:
        """The title with its parts."""
        return Title(self.title, self.title_starts, self.is_title_cut)

    @property
    def names(self) -> tuple[PersonName, ...]:
        """The authors' names, made on demand: most records are compared by their texts alone."""
        return people(self.authors)

    @property
    def own_words(self) -> frozenset[str]:
        """Every word that the source uses for the paper: title, abstract, description."""
        return self.abstract_words.union(self.title, self.description)


def prepare(record: Record | Prepared) -> Prepared:
    """Split the texts into words; a prepared record is returned as it is."""
    if isinstance(record, Prepared):
        return record
    arxiv_id, doi = _identifiers(record)
    title, abstract = title_of(record.title or ""), abstract_words(record.abstract or "")
    authors, has_more_authors = names_of(record.authors)
    return Prepared(
        key=record.key,
        arxiv_id=arxiv_id,
        doi=doi,
        title=title.words,
        title_starts=title.starts,
        is_title_cut=title.is_cut,
        abstract=abstract,
        abstract_words=frozenset(abstract),
        authors=authors,
        has_more_authors=has_more_authors,
        published_on=record.published_on,
        institutions=frozenset(" ".join(words) for text in record.institutions if (words := words_of(text))),
        urls=_meaning_one_paper(record.urls),
        author_count=record.author_count,
        description=words_of(record.description or ""),
        is_named_by_arxiv=record.is_named_by_arxiv,
    )


def _identifiers(record: Record) -> tuple[str | None, str | None]:
    """The arXiv id, also from an arXiv DOI, and any other DOI."""
    doi = record.doi.lower() if record.doi else None
    if doi and doi.startswith(ARXIV_DOI):
        return record.arxiv_id or doi.removeprefix(ARXIV_DOI), None
    return record.arxiv_id, doi


def _meaning_one_paper(urls: Iterable[str]) -> tuple[str, ...]:
    """Addresses with a path, without those of identifiers, which are evidence of their own."""
    bare = (url.partition("://")[2].rstrip("/") for url in urls)
    return tuple(url for url in bare if "/" in url and not url.startswith(_IDENTIFIER_HOSTS))
