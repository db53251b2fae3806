"""Addresses as links: one spelling per place, http and https only, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit, urlunsplit

from transforms.fields.identifiers import arxiv_id, is_arxiv_page
from transforms.fields.text import without_closing
from transforms.records import Link

KINDS = frozenset({"arxiv", "doi", "code", "project", "paper", "media", "post", "mention"})

_SECURE_HOSTS = {
    "github.com": "github.com", "www.github.com": "github.com",
    "arxiv.org": "arxiv.org", "www.arxiv.org": "arxiv.org", "export.arxiv.org": "arxiv.org",
    "browse.arxiv.org": "arxiv.org",
    "huggingface.co": "huggingface.co", "www.huggingface.co": "huggingface.co", "hf.co": "huggingface.co",
}  # fmt: skip
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+")
_BARE = re.compile(r"[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}(/.*)?", re.ASCII)
_MENTION = re.compile(r"""https?://[^\s<>"`{}\\^|]+""", re.IGNORECASE)
_CLOSING = ".,;:!?'*_\u2019\u201d\u2026"
_ADDRESS_CHARACTERS_MAX = 2_000
_REPOSITORY_PARTS = 2


def link_of(kind: str, address: str) -> Link:
    """One link of a known kind. A project at a GitHub repository is code (at an owner not), at a paper's page a paper.

    Raises:
        ValueError: the kind is unknown, or no browser would open the address by http(s).
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind of link {kind!r}")
    parts = _split(address)
    if parts.netloc == "github.com":
        parts = parts._replace(path=_repository_path(parts.path))
    return Link(kind=_kind(kind, parts), url=_arxiv_address(parts) or urlunsplit(parts))


def usable(links: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    """Every link that can be read, in order, each address once; `unusable` names the others."""
    read = (_read(kind, address) for kind, address in links)
    return each_once(link for link in read if isinstance(link, Link))


def unusable(links: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Why each of the other links cannot be read."""
    read = (_read(kind, address) for kind, address in links)
    return tuple(complaint for complaint in read if isinstance(complaint, str))


def mentioned(text: str) -> tuple[Link, ...]:
    """The addresses in free text, without the punctuation that closes them, each once, in order."""
    if "://" not in text:
        return ()
    addresses = (without_closing(found[0], _CLOSING, "()", "[]") for found in _MENTION.finditer(text))
    return usable(("mention", address) for address in addresses)


def each_once(links: Iterable[Link]) -> tuple[Link, ...]:
    """The first link to every address; GitHub ignores upper and lower case."""
    first: dict[str, Link] = {}
    for link in links:
        first.setdefault(link.url.lower() if "//github.com/" in link.url else link.url, link)
    return tuple(first.values())


@lru_cache(maxsize=1 << 10)  # those of an entry are asked for when it is cleaned and when its page is checked
def _read(kind: str, address: str) -> Link | str:
    try:
        return link_of(kind, address)
    except ValueError as error:
        return str(error)


def _split(address: str) -> SplitResult:
    printed = address.strip()
    if len(printed) > _ADDRESS_CHARACTERS_MAX:
        raise ValueError(f"an address of more than {_ADDRESS_CHARACTERS_MAX} characters: {printed[:80]!r}")
    whole = f"https://{printed}" if _BARE.fullmatch(printed) else printed
    try:
        parts = urlsplit(whole)
        is_openable = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") is not None
        is_plain = "@" not in parts.netloc and not re.search(r"[\s\x00-\x1f]", whole) and parts.port != 0
    except ValueError:
        is_openable = is_plain = False
    if not (is_openable and is_plain):
        raise ValueError(f"not an http(s) address: {address[:80]!r}")
    return _one_spelling(parts)


def _one_spelling(parts: SplitResult) -> SplitResult:
    host = parts.netloc.lower()
    path = parts.path if parts.query or parts.fragment else parts.path.rstrip("/")
    if host in _SECURE_HOSTS:
        return parts._replace(scheme="https", netloc=_SECURE_HOSTS[host], path=path)
    return parts._replace(netloc=host, path=path)


def _repository_path(path: str) -> str:
    path = re.sub(r"(?<=.)/tree/(main|master)$", "", path.rstrip("/"))
    return path.removesuffix(".git")


def _kind(kind: str, parts: SplitResult) -> str:
    if parts.netloc == "github.com" and kind in ("code", "project"):
        return "code" if len(parts.path.strip("/").split("/")) >= _REPOSITORY_PARTS else "project"
    if kind == "project" and is_arxiv_page(urlunsplit(parts)):
        return "paper"
    return kind


def _arxiv_address(parts: SplitResult) -> str | None:
    """The abstract page without version; None for any other page, on arxiv.org too."""
    if parts.netloc != "arxiv.org":
        return None
    try:
        identifier, _ = arxiv_id(urlunsplit(parts))
    except ValueError:
        return None
    return f"https://arxiv.org/abs/{identifier}"
