"""What a tool printed of a page, as the lines that stood on it: marks of lists, headings and links are taken off.

Nothing here can lose or invent a line: each printed line gives at most one clean line, which keeps its number, and only
a line without letters and digits gives none (a rule, a bullet, a picture). A text that was broken into several lines is
never put together again, because one of them might be missing: it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from extractors.errors import PageChanged
from extractors.reading.lines import Lines
from extractors.reading.marks import is_address, is_decoration, link_of, opens_link, stripped, without_pictures

UNBROKEN = (
    "capture the page again with unbroken lines (html2text: body width 0, pandoc: --wrap=none, elinks: -dump-width)"
)
NUMBERLESS = "capture the page again without them (lynx: -dump -nolist)"
_NUMBERED = re.compile(r"\[\d{1,3}\][^\s(\[:].*")
_BY_NUMBER = re.compile(r"\[.*\]\[\d+\]|\]\[\d+\]")
_HEADING = re.compile(r"#{1,6}\s+(.*)")
_UNDERLINE = re.compile(r"={3,}|-{3,}")
_FRONT_MATTER = re.compile(r"[\w-]+:.*|\s+\S.*|- .*")
_FRONT_MATTER_LINES_MAX = 50
_LINES_MAX = 50_000  # a page of 200 papers has about 5,000 in the longest form


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanLine:
    """One line of the page: `number` is that of its text among the printed lines, `first` to `last` are all of it.

    Only the brackets and the address of a link may stand on lines of their own. `gap` counts the blank lines between
    the text before and this one. `address` is where the link leads that the line is or ends with, `label` its text.
    """

    number: int
    first: int
    last: int
    gap: int
    text: str
    label: str | None = None
    address: str | None = None
    is_heading: bool = False
    has_picture: bool = False


def cleaned(lines: Lines) -> tuple[CleanLine, ...]:
    """The page's lines. PageChanged names a line where a link does not end, or the text inside one is broken."""
    if len(lines) > _LINES_MAX:
        raise lines.changed(_LINES_MAX + 1, f"at most {_LINES_MAX} lines", f"{len(lines)} lines")
    found: list[CleanLine] = []
    inside: _Opened | None = None
    for line in _printed(lines):
        if inside is not None:
            inside = _closed(lines, inside, line, found)
        elif opens_link(line.text):
            inside = _Opened(first=line.number)
        elif found and line.gap and is_address(line.text):
            found[-1] = _with_address(found[-1], line)
        elif found and not line.gap and _UNDERLINE.fullmatch(line.text):
            found[-1] = replace(found[-1], is_heading=True, last=line.number)
        else:
            found.append(_linked(lines, line))
    if inside is not None:
        raise lines.changed(inside.first, "a link that ends", "the end of the dump before its address")
    return tuple(_with_gaps(lines, (line for line in found if not is_decoration(line.text))))


def broken(lines: Lines, number: int, expected: str) -> PageChanged:
    """The error for a text that a tool broke into lines: one of them could be missing, and nobody would notice."""
    return lines.changed(number, expected, f"lines that are broken, or blank lines that are gone: {UNBROKEN}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A link whose bracket stands on an earlier line than its address, and its text once that was met."""

    first: int
    text: CleanLine | None = None


def _printed(lines: Lines) -> Iterator[CleanLine]:
    """The lines that are not blank, without what surrounds their text."""
    gap = 0
    for number in range(_after_front_matter(lines), len(lines) + 1):
        text = stripped(lines[number])
        if not text:
            gap += 1
            continue
        if "\r" in text:
            observed = "carriage returns inside a line: convert the ends of its lines"
            raise lines.changed(number, "lines that end with a newline", observed)
        line = _without_marks(CleanLine(number=number, first=number, last=number, gap=gap, text=text))
        if _NUMBERED.fullmatch(line.text):
            raise lines.changed(number, "a line without the numbers of links", f"{line.text[:40]!r}: {NUMBERLESS}")
        if _BY_NUMBER.fullmatch(line.text):
            raise lines.changed(
                number, "a link with its address", "a link by number: capture the page with links inline"
            )
        yield line
        gap = 0


def _after_front_matter(lines: Lines) -> int:
    """The number of the first line behind the `key: value` lines that some tools put between two rules at the top."""
    if not len(lines) or lines[1].rstrip() != "---":
        return 1
    for number in range(2, min(len(lines), _FRONT_MATTER_LINES_MAX) + 1):
        if lines[number].rstrip() == "---":
            return number + 1
        if not _FRONT_MATTER.fullmatch(lines[number].rstrip()):
            break
    raise lines.changed(1, "lines 'key: value' up to a second '---'", "none")


def _without_marks(line: CleanLine) -> CleanLine:
    text = without_pictures(line.text)
    heading = _HEADING.fullmatch(text)
    return replace(
        line,
        text=heading[1].strip() if heading else text,
        is_heading=heading is not None,
        has_picture=text != line.text,
    )


def _linked(lines: Lines, line: CleanLine) -> CleanLine:
    link = link_of(line.text)
    if link is None:
        return line
    if link.before is None:
        raise broken(lines, line.number, "a link that begins on this line")
    return replace(line, text=f"{link.before} {link.label}".strip(), label=link.label, address=link.address)


def _closed(lines: Lines, inside: _Opened, line: CleanLine, found: list[CleanLine]) -> _Opened | None:
    """None where the line ends the link, which is then found; else the link with the line's text."""
    link = link_of(line.text)
    text = line if link is None else replace(line, text=link.label)
    says = not is_decoration(text.text)
    if (link is not None and link.before is not None) or (says and inside.text is not None):
        raise broken(lines, line.number, f"the end of the link that line {inside.first} opens")
    whole = replace(inside, text=text if says else inside.text)
    if link is None:
        return whole
    if whole.text is not None:
        ends = replace(whole.text, first=inside.first, last=line.number, label=whole.text.text, address=link.address)
        found.append(replace(ends, has_picture=ends.has_picture or line.has_picture))
    return None


def _with_address(line: CleanLine, address: CleanLine) -> CleanLine:
    """A tool that prints each address below its text prints that of a picture below the last text: it says nothing."""
    if line.address is not None:
        return line
    return replace(line, address=address.text, label=line.text, last=address.number)


def _with_gaps(lines: Lines, found: Iterable[CleanLine]) -> Iterator[CleanLine]:
    before = 0
    for line in found:
        gap = sum(1 for number in range(before + 1, line.number) if not stripped(lines[number]))
        yield replace(line, gap=gap)
        before = line.number
