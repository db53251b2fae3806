"""Papers by name and address, as every page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from transforms.records import Link

NAME_LENGTH = 110


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
        return self.title or shortened(self.abstract or "", NAME_LENGTH) or self.paper_key

    @property
    def addresses(self) -> tuple[Link, ...]:
        """Where to read it, best first; only web addresses, each once."""
        links = [
            *([Link(kind="arxiv", url=f"https://arxiv.org/abs/{self.arxiv_id}")] if self.arxiv_id else []),
            *([Link(kind="doi", url=f"https://doi.org/{self.doi}")] if self.doi else []),
            *(each for each in self.links if each.kind != "media"),
        ]
        return tuple({each.url: each for each in links if is_web_address(each.url)}.values())


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
