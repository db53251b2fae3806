"""Papers by name and address, as every page shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from transforms.records import Link

NAME_LENGTH = 110
EXCERPT_LENGTH = 260
AUTHORS_SHOWN = 3

KINDS = {"arxiv": "arXiv", "doi": "DOI", "code": "code", "mention": "mentioned link"}
"""What links are called."""


def day_text(day: date | None, form: str = "%A {day} %B %Y") -> str:
    """A day in words; `{day}` in the form is its number without a zero in front."""
    return day.strftime(form.replace("{day}", str(day.day))) if day else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPaper:
    """A paper with a name and addresses, whichever part of a page shows it."""

    paper_key: str
    title: str | None
    abstract: str | None
    is_withheld: bool = False
    arxiv_id: str | None
    doi: str | None
    links: tuple[Link, ...] = ()
    upvotes: int | None
    listed_on: date | None

    @property
    def name(self) -> str:
        """Its title, else the first words of its abstract, else its key."""
        return name_of(self.title, self.abstract) or self.paper_key

    @property
    def addresses(self) -> tuple[Link, ...]:
        """Where to read it, best first; only web addresses, each once."""
        return addresses_of(self.arxiv_id, self.doi, self.links)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedPaper(NamedPaper):
    """The same with who wrote it and how it begins, as lists show it."""

    authors: tuple[str, ...] = ()
    author_count: int | None
    institutions: tuple[str, ...] = ()
    organization: str | None

    @property
    def byline(self) -> str:
        """Who wrote it, in a few words: at most three authors."""
        return first_of(self.authors, self.author_count)

    @property
    def affiliation(self) -> str:
        """Where they work: at most two institutions."""
        return self.organization or ", ".join(self.institutions[:2])

    @property
    def origin(self) -> str:
        """Who wrote it and where they work, in one line."""
        return " \N{MIDDLE DOT} ".join(each for each in (self.byline, self.affiliation) if each)

    @property
    def excerpt(self) -> str:
        """The first lines of its abstract, unless they are its name already."""
        return shortened(self.abstract or "", EXCERPT_LENGTH) if self.title else ""


def name_of(title: str | None, abstract: str | None) -> str:
    """A paper's title, else the first words of its abstract; empty if it has neither."""
    return title or shortened(abstract or "", NAME_LENGTH)


def addresses_of(arxiv_id: str | None, doi: str | None, links: Iterable[Link]) -> tuple[Link, ...]:
    """Where to read a paper, best first; only web addresses, each once."""
    found = [
        *([Link(kind="arxiv", url=f"https://arxiv.org/abs/{arxiv_id}")] if arxiv_id else []),
        *([Link(kind="doi", url=f"https://doi.org/{doi}")] if doi else []),
        *(each for each in links if each.kind != "media"),
    ]
    return tuple({each.url: each for each in found if is_web_address(each.url)}.values())


def first_of(authors: Sequence[str], count: int | None = None) -> str:
    """The first three authors, and how many more there are of `count`, or of those named."""
    shown, count = ", ".join(authors[:AUTHORS_SHOWN]), count or len(authors)
    return f"{shown} and {count - AUTHORS_SHOWN} more" if authors and count > AUTHORS_SHOWN else shown


def shortened(text: str, length: int) -> str:
    """The text in one line, cut between words, with an ellipsis where something is missing."""
    line = " ".join(text.split())
    return line if len(line) <= length else f"{line[:length].rsplit(' ', 1)[0].rstrip(',;:.')}\N{NO-BREAK SPACE}…"


def is_web_address(url: str) -> bool:
    """Whether a link may stand on a page: http or https with a host, and nothing else."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)
