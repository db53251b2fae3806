"""One row of ML/AI Papers of the Week, `| n) **Title** - text | [Paper](url), [Tweet](url) |`: an entry or a rejection.

Seen in 2,070 real rows until 2026-06: 261 without a bold title, in all but two of them followed by two spaces or a
dash; titles within four asterisks, with two dashes after them or none; 5 rows without a text; `<br>` between points; a
`|` in a text; links separated by commas, spaces or nothing; wrong labels, stray characters after a link, `[Tweet]()`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from extractors.reading.lines import Lines
from transforms.fields.identifiers import arxiv_id, is_arxiv_page
from transforms.records import (
    Entry,
    Finding,
    Reason,
    Rejection,
    ReviewText,
)

TITLE_CHARACTERS_MAX = 120
_KIND_OF_LABEL = {
    **dict.fromkeys(("paper", "paper 1", "paper 2", "paper link", "pdf", "arxiv", "preprint"), "paper"),
    **dict.fromkeys(("report", "technical report", "tech report", "system card"), "paper"),
    **dict.fromkeys(("tweet", "blog", "blog post", "thread"), "post"),
    **dict.fromkeys(("code", "github", "repo", "code & data"), "code"),
    **dict.fromkeys(("project", "model", "models", "dataset", "demo", "app", "qwen chat app", "evaluation"), "project"),
    "book": "project",
}
_NUMBER = re.compile(r"\|\s*(\d{1,3})[.)](?=[\s*])")
_CELL_END = re.compile(r"(?<!\\)\|")
_BOLD = re.compile(r"(?P<open>\*{2,})\s*(?P<title>[^*\s].*?)(?P<close>\*{2,})(?P<text>.*)", re.DOTALL)
_DASHES = re.compile(r"\s*(?:[-\u2013\u2014]\s*)*")
# Two spaces also occur inside a sentence: a text begins with a capital, a digit or a link (seen 2025-05-26).
_SEPARATOR = re.compile(r"(?<!\s)(?:\s+- |\s{2,}(?=[A-Z0-9\[]))")
_SENTENCE_END = re.compile(r"\w{3}[.!?]\s|[.:;,]$")
_BREAK = re.compile(r"</?br\s*/?>", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# Nothing in the brackets, or words that are no address: `[Tweet]()`, `[Paper](coming soon)`.
_EMPTY_LINK = re.compile(r"\[([^\[\]]*)\] ?\(\s*(?:#|[^()\s.:/]+(?: [^()\s.:/]+)*)?\s*\)")
_ADDRESS = r"[^()\s<>]+(?:\([^()\s]*\)[^()\s<>]*)*"
_BARE = re.compile(r"https?://[^\s<>()\[\]\"'|,;]{1,200}")
_ARXIV_NUMBER = re.compile(r"(?<!\d)(?<!\d\.)\d\d(?:0[1-9]|1[0-2])\.\d{4,5}(?!\d)")
_LINK = re.compile(rf"\[([^\[\]]*)\] ?\(\s*<?({_ADDRESS})>?\s*(?:\"[^\"]*\"\s*)?\)")

Row = tuple[Entry | Rejection, tuple[Finding, ...]]


def row_of(lines: Lines, number: int, position: int) -> Row:
    """The row on a line, with warnings. A row that cannot be read is rejected; one out of order raises PageChanged."""
    line = lines[number]
    found = _NUMBER.match(line)
    if found is None or int(found[1]) != position:
        raise lines.unlike(number, f"row '| {position}) …' of the week's table")
    row = line[found.end() :].rstrip()
    if number == len(lines) and not lines.is_ended and not row.endswith("|"):
        raise lines.unlike(number, "a row that ends with '|': the page may be cut")
    cells = _cells(row)
    if cells is None:
        if number == len(lines) and not lines.is_ended:
            raise lines.unlike(number, "a cell with links at the end of the row: the page may be cut")
        return _rejected(line, number, position, "no cell with links between '|' at the end of the row"), ()
    links, rest = _links(cells.links)
    opening = _opening(cells.text.strip())
    links = [*_links(opening.title or "")[0], *links, *_bare(rest)]
    entry = Entry(
        position=position,
        place=f"line {number}",
        said=line,
        title=opening.title and _unescaped(_LINK.sub(r"\1", opening.title)),
        links=tuple((_kind(label, address), address) for label, address in links),
        review=ReviewText(summary=_BREAK.sub("\n\n", _unescaped(opening.text))) if opening.text else None,
    )
    return entry, (*_oddities(lines, number, opening, cells.links), *_unidentified(lines, number, entry.links))


@dataclass(frozen=True, slots=True)
class _Cells:
    text: str
    links: str


def _cells(row: str) -> _Cells | None:
    """The text and the links. A text may hold `|`: the links are the last cell, with cells of links alone before it."""
    *cells, end = _CELL_END.split(row)
    if _is_links_alone(end):  # Markdown does not need the `|` at the end
        cells, end = [*cells, end], ""
    while len(cells) > 2 and not cells[-1].strip():
        cells.pop()
    if end or len(cells) < 2 or (len(cells) > 2 and "](" not in cells[-1]):
        return None
    at = len(cells) - 1
    while at > 1 and _is_links_alone(cells[at - 1]):
        at -= 1
    return _Cells("|".join(cells[:at]), " ".join(cells[at:]))


def _is_links_alone(cell: str) -> bool:
    links, rest = _links(cell)
    return bool(links) and not rest.strip(" ,")


def _links(cell: str) -> tuple[list[tuple[str, str]], str]:
    """(label, address) of each link that has an address, and the cell without any link."""
    filled = _EMPTY_LINK.sub("", cell)
    return _LINK.findall(filled), _LINK.sub("", filled)


def _bare(rest: str) -> list[tuple[str, str]]:
    """The papers' pages among what is no readable link: an arXiv address says what it is without label and brackets."""
    return [("paper", address) for address in _BARE.findall(rest) if is_arxiv_page(address)]


def _is_broken(rest: str) -> bool:
    """Whether what is left beside the links was meant as one."""
    return "](" in rest or "://" in rest


def _kind(label: str, address: str) -> str:
    """By the label; under an unknown one a paper's page on arXiv or a site like it is a paper all the same."""
    return _KIND_OF_LABEL.get(_label(label)) or ("paper" if is_arxiv_page(address) else "mention")


def _label(printed: str) -> str:
    """`Tweet)` is a slip of the pen for `Tweet` (seen 2025-01-06)."""
    return " ".join(printed.strip(" )").casefold().split())


@dataclass(frozen=True, slots=True)
class _Opening:
    """A row's title, None where nothing tells it from the text, and the text; `odd` is one with unpaired asterisks."""

    title: str | None
    text: str
    odd: str | None = None


def _opening(cell: str) -> _Opening:
    """The bold opening, or the part before the first dash or gap."""
    if bold := _BOLD.fullmatch(cell):
        is_starred = len(bold["close"]) == len(bold["open"]) + 1  # `**LLM-A*** - …`: the title ends with an asterisk
        title = f"{bold['title'].strip()}{'*' if is_starred else ''}"
        return _Opening(title, _DASHES.sub("", bold["text"], count=1).strip())
    separator = _SEPARATOR.search(cell)
    title = cell[: separator.start()] if separator else ""
    if separator and title and len(title) <= TITLE_CHARACTERS_MAX and not _SENTENCE_END.search(title):
        return _Opening(title.strip("* "), cell[separator.end() :].strip(), title if "*" in title else None)
    return _Opening(None, cell)


def _unescaped(text: str) -> str:
    """The text without Markdown's backslashes before punctuation marks."""
    return _ESCAPED.sub(r"\1", text)


def _rejected(line: str, number: int, position: int, detail: str) -> Rejection:
    return Rejection(
        position=position,
        section=None,
        reason=Reason.UNREADABLE_ENTRY,
        detail=f"line {number}: {detail}",
        entry_text=line,
    )


def _oddities(lines: Lines, number: int, opening: _Opening, cell: str) -> Iterator[Finding]:
    links, rest = _links(cell)
    if opening.title is None:
        expected = "a bold title, or a dash or two spaces behind it"
        yield lines.warning(number, "title_not_told", "no title apart from the text", expected)
    elif opening.odd:
        yield lines.warning(number, "title_marks", repr(opening.odd), "a title without asterisks")
    for label in _EMPTY_LINK.findall(cell):
        yield lines.warning(number, "empty_link", repr(label), "an address in the brackets behind the label")
    for label, address in links:
        if _label(label) not in _KIND_OF_LABEL and not is_arxiv_page(address):
            yield lines.warning(number, "unknown_link_label", repr(label), "a known label")
    if _is_broken(rest):
        yield lines.warning(number, "link_unreadable", repr(rest.strip(" ,")[:80]), "links [label](address)")
    elif not links:
        yield lines.warning(number, "no_link", repr(rest.strip()[:80]), "a link")
    elif rest.strip(" ,"):
        yield lines.warning(number, "stray_text_among_links", repr(rest.strip(" ,")[:80]), "links alone")


def _unidentified(lines: Lines, number: int, links: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """A row that has the number of a paper, or of several, and yet no identifier."""
    papers = [address for kind, address in links if kind == "paper"]
    named = _ids(papers) or _ids(address for _, address in links)
    if len(named) > 1:
        yield lines.warning(number, "paper_not_identified", f"links to {', '.join(named)}", "one paper in a row")
    unread = [address for address in papers if _ARXIV_NUMBER.search(address)]
    if not named and unread:
        yield lines.warning(number, "paper_not_identified", repr(unread[0][:80]), "the address of a paper's page")


def _ids(addresses: Iterable[str]) -> list[str]:
    """The different arXiv ids of those addresses that are a paper's page."""
    found = []
    for address in addresses:
        with suppress(ValueError):
            found.append(arxiv_id(address)[0])
    return list(dict.fromkeys(found))
