"""One paper of a list: its `dt` with id and links, its `dd` with everything else, as printed.

Ids come from the `dt` alone, because abstracts and comments name other papers. Where those say "this https URL", the
address itself is put into its place: it stands in the link only. An author list is cut by the site after 100 names,
without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extractors.errors import PageChanged
from extractors.reading.markup import one
from extractors.sources.arxiv_announced.authors import names_in
from extractors.sources.arxiv_announced.subjects import canonical
from extractors.sources.arxiv_announced.texts import pieces, words
from transforms.records import Entry, Finding

if TYPE_CHECKING:
    from bs4 import Tag

NEW, CROSS, REPLACED = "new", "cross", "replaced"
_AUTHORS_SHOWN = 100
# What stands in a `dt` beside its links: "(cross-list from cs.LG) [, , ]".
_OWN_TEXT = re.compile(r"(?:\((?:cross-list from (?P<source>[^\s()]+)|(?P<replaced>replaced))\) ?)?\[[ ,]*\]")
_SUBJECT = re.compile(r"[^;]*\((?P<code>[A-Za-z.-]+)\)")
_STAND_IN = re.compile(r"this \w+ URL")
_CODE_HOSTS = frozenset({"github.com", "gitlab.com", "huggingface.co", "bitbucket.org", "codeberg.org"})
_REQUIRED = ("list-title", "list-authors", "list-subjects")
_OPTIONAL = ("list-comments", "list-journal-ref")


def entry_of(dt: Tag, dd: Tag, section: str, position: int, where: str) -> tuple[Entry, tuple[Finding, ...]]:
    """The entry, and what is odd about it. PageChanged names what is missing or contradicts itself."""
    arxiv_id = _identifier(dt, where)
    place = f"{where} {arxiv_id}"
    fields, findings = _fields(dd, place)
    categories = _categories(fields["list-subjects"], place)
    _require_mark(dt, section, categories[0], place)
    authors = names_in(fields["list-authors"])
    if len(authors) == _AUTHORS_SHOWN:
        observed = f"{_AUTHORS_SHOWN} names, after which the site cuts a longer list"
        findings.append(Finding.warning("authors_may_be_cut", observed, "another number of names", place))
    comments, abstract = fields.get("list-comments"), fields["p"]
    entry = Entry(
        position=position,
        place=f"{section} {position}",
        said=f"{dt}\n{dd}",
        section=section,
        arxiv_id=arxiv_id,
        title=_printed(fields["list-title"]) or None,
        abstract=_printed(abstract) or None,
        authors=authors,
        links=tuple(link for tag in (comments, abstract) if tag is not None for link in _links(tag)),
        categories=categories,
        comments=_optional(comments),
        journal_ref=_optional(fields.get("list-journal-ref")),
    )
    return entry, tuple(findings)


def _identifier(dt: Tag, where: str) -> str:
    """The id as printed, with its version where the link to the HTML has one."""
    links = [(each["title"], each) for each in dt.find_all("a", title=True)]
    abstracts = [each for title, each in links if title == "Abstract"]
    if len(abstracts) != 1:
        raise PageChanged(f"{where} dt a[title=Abstract]", "exactly 1 element", str(len(abstracts)))
    (abstract,) = abstracts
    arxiv_id = str(abstract.get("id", ""))
    if not arxiv_id or words(abstract) != f"arXiv:{arxiv_id}" or not str(abstract.get("href")).endswith(f"/{arxiv_id}"):
        found = f"{arxiv_id!r}, {words(abstract)!r} and {abstract.get('href')!r}"
        raise PageChanged(f"{where} dt a[title=Abstract]", "one id as id, text and address", found)
    if (html := dict(links).get("View HTML")) is None:
        return arxiv_id
    _, mark, named = str(html.get("href")).partition("/html/")
    if not mark or re.fullmatch(r"v\d{1,3}|", named.removeprefix(arxiv_id)) is None:
        raise PageChanged(f"{where} dt a[title='View HTML']", f"the address of {arxiv_id}", repr(html.get("href")))
    return named


def _fields(dd: Tag, place: str) -> tuple[dict[str, Tag], list[Finding]]:
    """The fields of an entry by class, the abstract as `p`; with a warning for each that is not known."""
    found: dict[str, Tag] = {}
    findings: list[Finding] = []
    for tag in pieces(one(dd, "div.meta", where=place)):
        if isinstance(tag, str):
            continue
        classes = [str(each) for each in tag.get("class") or () if each != "mathjax"]
        name = "p" if tag.name == "p" else " ".join(classes) or tag.name
        if name in found:
            raise PageChanged(f"{place} .{name}", "at most 1 element", "2")
        found[name] = tag
        if name not in (*_REQUIRED, *_OPTIONAL, "p"):
            findings.append(Finding.warning("unknown_field", repr(name[:80]), "a known field of an entry", place))
    missing = [name for name in (*_REQUIRED, "p") if name not in found]
    if missing:
        named = ", ".join("p.mathjax" if name == "p" else f".{name}" for name in missing)
        raise PageChanged(f"{place} {named}", "exactly 1 element", "0")
    return found, findings


def _require_mark(dt: Tag, section: str, primary: str, place: str) -> None:
    """What stands in brackets behind the id fits the section, and a cross-list comes from the primary category."""
    own = " ".join("".join(each for each in pieces(dt) if isinstance(each, str)).split())
    mark = _OWN_TEXT.fullmatch(own)
    source = mark["source"] if mark else None
    kind = CROSS if source else REPLACED if mark and mark["replaced"] else NEW
    if mark is None or kind != section or (source and canonical(source) != canonical(primary)):
        expected = {NEW: "no mark", CROSS: f"(cross-list from {primary})", REPLACED: "(replaced)"}[section]
        raise PageChanged(f"{place} dt", f"{expected}, as in its section and subjects", repr(own[:80]))


def _categories(tag: Tag, place: str) -> tuple[str, ...]:
    """The codes, the primary one first, each once."""
    primary = _code(words(one(tag, "span.primary-subject", where=place)), place)
    texts = _printed(tag).split(";")
    codes = tuple(_code(text.strip(), place) for text in texts)
    if codes[0] != primary:
        raise PageChanged(f"{place} .list-subjects", f"{primary} first", codes[0])
    return tuple(dict.fromkeys(codes))


def _code(text: str, place: str) -> str:
    found = _SUBJECT.fullmatch(text)
    if found is None:
        raise PageChanged(f"{place} .list-subjects", "a subject like Machine Learning (cs.LG)", repr(text[:80]))
    return found["code"]


def _optional(tag: Tag | None) -> str | None:
    return None if tag is None else _printed(tag) or None


def _printed(tag: Tag) -> str:
    """The text without its descriptor, in one line for each that the page breaks, addresses in the place of links."""
    lines = "".join(_pieces(tag)).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines).strip()


def _pieces(tag: Tag) -> Iterator[str]:
    for child in pieces(tag):
        if isinstance(child, str):
            yield child.replace("\n", " ")
        elif child.name == "br":
            yield "\n"
        elif child.name == "a" and child.get("href") and _STAND_IN.fullmatch(words(child)):
            yield str(child["href"])
        elif "descriptor" not in (child.get("class") or ()):
            yield child.get_text().replace("\n", " ")


def _links(tag: Tag) -> Iterator[tuple[str, str]]:
    """The addresses on other sites; `code` on hosts of code, else `mention`: they may well be of other papers."""
    for link in tag.find_all("a", href=True):
        address = str(link["href"])
        if not address.lower().startswith(("http://", "https://")):
            continue
        try:
            host = (urlsplit(address).hostname or "").removeprefix("www.")
        except ValueError:
            host = ""
        yield "code" if host in _CODE_HOSTS else "mention", address
