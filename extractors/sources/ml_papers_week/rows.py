"""One row of ML Papers of the Week, `| n) **Title** - text | [Paper](url), [Tweet](url) |`: an entry or a rejection.

Seen in 1,300 real rows until 2025-06: 261 without a bold title, in all but two of them followed by two spaces or a
dash; 5 without a text; 149 with `<br>` between points; links separated by commas, spaces or nothing; stray characters
after a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractors.reading.lines import Lines
from transforms.records import (
    Entry,
    Finding,
    Reason,
    Rejection,
    ReviewText,
)

TITLE_CHARACTERS_MAX = 120
_KIND_OF_LABEL = {
    **dict.fromkeys(("paper", "paper 1", "paper 2", "technical report", "system card"), "paper"),
    **dict.fromkeys(("tweet", "blog"), "post"),
    **dict.fromkeys(("code", "github", "repo", "code & data"), "code"),
    **dict.fromkeys(("project", "model", "models", "dataset", "demo", "app", "qwen chat app", "evaluation"), "project"),
    "book": "project",
}
_NUMBER = re.compile(r"\|\s*(\d{1,3})\)(?=\s)")
_CELL_END = re.compile(r"(?<!\\)\|")
_BOLD = re.compile(r"\*\*(?P<title>[^*].*?)\*\*\s*(?:- ?)?(?P<text>.*)", re.DOTALL)
# Two spaces also occur inside a sentence: a text begins with a capital, a digit or a link (seen 2025-05-26).
_SEPARATOR = re.compile(r"(?<!\s)(?:\s+- |\s{2,}(?=[A-Z0-9\[]))")
_SENTENCE_END = re.compile(r"\w{3}[.!?]\s|[.:;,]$")
_BREAK = re.compile(r"<br\s*/?>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)\)")

Row = tuple[Entry | Rejection, tuple[Finding, ...]]


def row_of(lines: Lines, number: int, position: int) -> Row:
    """The row on a line, with warnings. A row that cannot be read is rejected; one out of order raises PageChanged."""
    line = lines[number]
    found = _NUMBER.match(line)
    if found is None or int(found[1]) != position:
        raise lines.unlike(number, f"row '| {position}) …' of the week's table")
    cells = _CELL_END.split(line[found.end() :].rstrip())
    if len(cells) != 3 or cells[2]:
        if number == len(lines) and not lines.is_ended:
            raise lines.unlike(number, "a row that ends with '|': the page may be cut")
        return _rejected(line, number, position, f"{len(cells) - 1} cells that end with '|', not 2"), ()
    links, rest = _links(cells[1])
    if "](" in rest or "://" in rest:
        return _rejected(line, number, position, f"links that cannot be read: {rest.strip()[:80]!r}"), ()
    title, text = _title_and_text(cells[0].strip())
    entry = Entry(
        position=position,
        place=f"line {number}",
        said=line,
        title=title and _unescaped(title.strip("* ")),
        links=tuple((_KIND_OF_LABEL.get(_label(label), "mention"), address) for label, address in links),
        review=ReviewText(summary=_BREAK.sub("\n\n", _unescaped(text))) if text else None,
    )
    return entry, tuple(_oddities(lines, number, title, links, rest))


def _links(cell: str) -> tuple[list[tuple[str, str]], str]:
    """(label, address) of each link, and the cell without them."""
    return _LINK.findall(cell), _LINK.sub("", cell)


def _label(printed: str) -> str:
    """`Tweet)` is a slip of the pen for `Tweet` (seen 2025-01-06)."""
    return printed.strip(" )").casefold()


def _title_and_text(cell: str) -> tuple[str | None, str]:
    """The bold opening, or the part before the first dash or gap; no title if neither separates it from the text."""
    if bold := _BOLD.fullmatch(cell):
        return bold["title"].strip(), bold["text"].strip()
    parted = _SEPARATOR.search(cell)
    title = cell[: parted.start()] if parted else ""
    if parted and title and len(title) <= TITLE_CHARACTERS_MAX and not _SENTENCE_END.search(title):
        return title, cell[parted.end() :].strip()
    return None, cell


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


def _oddities(
    lines: Lines, number: int, title: str | None, links: list[tuple[str, str]], rest: str
) -> Iterator[Finding]:
    if title is None:
        yield lines.warning(
            number, "title_not_told", "no title apart from the text", "a bold title, or a dash or two spaces behind it"
        )
    elif "*" in title:
        yield lines.warning(number, "title_marks", repr(title), "a title without asterisks")
    for label, _ in links:
        if _label(label) not in _KIND_OF_LABEL:
            yield lines.warning(number, "unknown_link_label", repr(label), "a known label")
    if not links:
        yield lines.warning(number, "no_link", repr(rest.strip()[:80]), "a link")
    elif rest.strip(" ,"):
        yield lines.warning(number, "stray_text_among_links", repr(rest.strip(" ,")[:80]), "links alone")
