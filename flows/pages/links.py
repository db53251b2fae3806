"""The address of each page, and what turns it into a link: for the server a path, for files a relative one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Mapping
from datetime import date
from urllib.parse import quote, urlencode

from flows.pages.slugs import slug_of

START = ""
NAMES = ("authors/", "institutions/", "topics/")
NO_QUERY: Mapping[str, object] = {}


def day(on: date) -> str:
    """The page of a day."""
    return f"days/{on}"


def week(on: date) -> str:
    """The page of the week that contains the day."""
    year, number, _ = on.isocalendar()
    return f"weeks/{year}-W{number:02d}"


def month(on: date) -> str:
    """The page of the month that contains the day."""
    return f"months/{on:%Y-%m}"


def paper(paper_key: str) -> str:
    """The page of a paper."""
    return f"papers/{paper_key}"


def author(author_key: str) -> str:
    """The page of an author's name."""
    return f"authors/{slug_of(author_key)}"


def institution(institution_key: str) -> str:
    """The page of an institution."""
    return f"institutions/{slug_of(institution_key)}"


def topic(keyword: str) -> str:
    """The page of a topic."""
    return f"topics/{slug_of(keyword)}"


def source(name: str) -> str:
    """The page of a source."""
    return f"sources/{name}"


ADDRESSES = {each.__name__: each for each in (day, week, month, paper, author, institution, topic, source)}
"""For templates: the address of each kind of page by what it is about."""


class Links(ABC):
    """Turns the address of a page, such as `papers/KEY`, into a link. The start page has an empty address."""

    @abstractmethod
    def to(self, address: str, *, page: int = 1, suffix: str = "", query: Mapping[str, object] = NO_QUERY) -> str:
        """The link to a page: its n-th part, and its form (`.json`, `.csv`, or nothing for HTML)."""

    def has(self, address: str) -> bool:  # noqa: ARG002 - what has no page is known to those who write files
        """Whether there is a page at that address: a name may have none."""
        return True

    @abstractmethod
    def asset(self, name: str) -> str:
        """The link to a file of `assets/`."""


class ServedLinks(Links):
    """Paths on a server. What changes with the release is in the query of an asset, so that nothing old is shown."""

    def __init__(self, version: str) -> None:
        self._version = version

    def to(self, address: str, *, page: int = 1, suffix: str = "", query: Mapping[str, object] = NO_QUERY) -> str:
        """`/papers/KEY`, `/papers/KEY.json`, `/days/2026-03-02?page=2`; of the start page `/` and `/start.json`."""
        path = quote(f"/{address or ('start' if suffix else '')}{suffix}")
        values = {**query, **({"page": page} if page > 1 else {})}
        given = {name: value for name, value in values.items() if value not in (None, "")}
        return f"{path}?{urlencode(given)}" if given else path

    def asset(self, name: str) -> str:
        """`/assets/pages.css?v=…`."""
        return f"/assets/{name}?v={self._version}"


class FileLinks(Links):
    """Relative paths between files, as they are seen from the page at one address; a query has no place there.

    Of authors, institutions and topics only `named` have a page. `seen` are the pages that were linked to, by address
    and part.
    """

    def __init__(self, here: str, named: Container[str] = ()) -> None:
        folder, _, _ = here.rpartition("/")
        self._folder, self._up = f"{folder}/", "../" * (folder.count("/") + 1 if folder else 0)
        self._named = named
        self.seen: set[tuple[str, int]] = set()

    def has(self, address: str) -> bool:
        """Whether there is a page at that address."""
        return address in self._named or not address.startswith(NAMES)

    def to(self, address: str, *, page: int = 1, suffix: str = "", query: Mapping[str, object] = NO_QUERY) -> str:  # noqa: ARG002
        """`../papers/KEY.html`, `2026-03-02-page-2.html`."""
        if not suffix:
            self.seen.add((address, page))
        return self._relative(file_of(address, page=page, suffix=suffix))

    def asset(self, name: str) -> str:
        """`../assets/pages.css`."""
        return self._relative(f"assets/{name}")

    def _relative(self, path: str) -> str:
        is_near = self._folder != "/" and path.startswith(self._folder)
        return quote(path.removeprefix(self._folder) if is_near else f"{self._up}{path}")


def file_of(address: str, *, page: int = 1, suffix: str = "") -> str:
    """The file of a page below the folder of a static site."""
    part = f"-page-{page}" if page > 1 else ""
    return f"{address or 'index'}{part}{suffix or '.html'}"
