"""What a citation is: everything that any of its forms says, ready to be written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Kind(StrEnum):
    """What is cited. A closed set.

    PREPRINT: only at arXiv, as far as anybody says. ARTICLE: in a journal. PROCEEDINGS: at a conference or workshop.
    OTHER: a paper with no arXiv id, of which nobody says where it is published.
    """

    PREPRINT = "preprint"
    ARTICLE = "article"
    PROCEEDINGS = "proceedings"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An author. A team, or what cannot be read as a person, is `literal` and nothing else.

    `particle` stands before the family name and is not sorted by (`van der`), `suffix` behind it (`Jr.`).
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version at arXiv; `created_at` is UTC."""

    number: int
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedPaper:
    """A paper as a snapshot has it, as far as a citation needs it. Texts are as printed.

    `published_on` is the day of arXiv's version 1 where that is known. `categories` begin with the primary one.
    """

    paper_key: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    author_count: int | None = None
    arxiv_id: str | None = None
    doi: str | None = None
    published_on: date | None = None
    venue: str | None = None
    journal_ref: str | None = None
    categories: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    abstract: str | None = None
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A paper as it is cited. Every text is one line without control characters, in Unicode; a title may hold `$math$`.

    `has_more_authors`: there are more than `authors`, whom no source names; `author_count` is how many there are in
    all, if that is known. `month` and `day` are missing where only the year is known. `version` is only there if that
    version of the preprint is cited. `venue` is where it is published. `url` is the paper itself at arXiv or behind its
    DOI, never a site that lists it.
    """

    key: str
    kind: Kind
    title: str
    authors: tuple[Name, ...] = ()
    has_more_authors: bool = False
    author_count: int | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    arxiv_id: str | None = None
    version: int | None = None
    primary_class: str | None = None
    categories: tuple[str, ...] = ()
    doi: str | None = None
    venue: str | None = None
    url: str | None = None
    abstract: str | None = None
    keywords: tuple[str, ...] = ()

    @property
    def eprint(self) -> str | None:
        """The arXiv id, with the version that is cited."""
        return f"{self.arxiv_id}v{self.version}" if self.arxiv_id and self.version else self.arxiv_id

    @property
    def rest(self) -> str | None:
        """In words, that there are more authors than are named; None where all are."""
        if not self.has_more_authors:
            return None
        if self.author_count is None:
            return "There are more authors, who are not named"
        many = "1 author" if self.author_count == 1 else f"{self.author_count:,} authors"
        return f"{many} in all, of whom {len(self.authors) or 'none'} {'is' if len(self.authors) == 1 else 'are'} named"
