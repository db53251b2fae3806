"""Cuts a weekly review dump into entries by its `Primary:` lines alone; no rule depends on a text's wording.

* short: abstract, summary
* long: abstract, "Primary: …", "All Institutions: …", summary, 3 or 4 sections, a line that ends with the summary
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.reading.lines import Lines
from extractors.reading.marks import list_mark
from transforms.records import Entry, ReviewText

_PRIMARY, _ALL = "Primary:", "All Institutions:"
_MARKED_LABEL = re.compile(r"\*\*(Primary|All Institutions)(?::\*\*|\*\*:)\s*(.*)")
_SECTIONS = (3, 4)
# Two sections run together keep the marker between them, as `EXPERIMENTAL_EVALUTION:` (seen 2026-06-27).
_LEAKED_MARKER = re.compile(r"\b[A-Z]{4,}_[A-Z]{4,}:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The lines of one entry, the first being its abstract; `first_line` counts the lines that say something."""

    first_line: int
    lines: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Whether the review has institutions, sections and a closing line."""
        return len(self.lines) > 2

    @property
    def last_line(self) -> int:
        """The number of the entry's last line."""
        return self.first_line + len(self.lines) - 1

    @property
    def has_unmarked_gap(self) -> bool:
        """Whether a section is missing, and no leaked marker shows that another section holds its text."""
        sections = self.lines[4:-1]
        return self.is_long and len(sections) < max(_SECTIONS) and not any(map(_LEAKED_MARKER.search, sections))

    def entry(self, lines: Lines, section: str, position: int) -> Entry:
        """The entry as printed."""
        number = lines.on_page(self.first_line)
        return Entry(
            position=position,
            section=section,
            place=f"line {number}",
            first_line=number,
            said="\n".join(self.lines),
            abstract=self.lines[0],
            review=_review(self.lines),
        )


def blocks_of(lines: Lines, first: int) -> tuple[Block, ...]:
    """All entries from line `first` to the end; PageChanged names the line where the grammar breaks."""
    plain = replace(lines, texts=tuple(map(_with_plain_label, lines.texts)))
    return tuple(_blocks(plain, first))


def _with_plain_label(text: str) -> str:
    """`- **Primary:** Labs` as the page has it, `Primary: Labs`; any other text as it is."""
    rest = text[len(list_mark(text)) :]
    marked = _MARKED_LABEL.fullmatch(rest)
    if marked:
        return f"{marked[1]}: {marked[2]}"
    return rest if rest.startswith((_PRIMARY, _ALL)) else text


def _blocks(lines: Lines, first: int) -> Iterator[Block]:
    anchors = [number for number in range(first, len(lines) + 1) if lines[number].startswith(_PRIMARY)]
    bounds = [*(later - 2 for later in anchors[1:]), len(lines)]
    start = first
    for anchor, bound in zip(anchors, bounds, strict=False):  # a page of short entries has no anchor, and one bound
        yield from _pairs(lines, start, anchor - 2)
        long = _long(lines, start, anchor, bound)
        yield long
        start = long.last_line + 1
    yield from _pairs(lines, start, len(lines))


def _pairs(lines: Lines, first: int, last: int) -> Iterator[Block]:
    """The short entries that fill the lines between two long ones."""
    count = last - first + 1
    if count % 2:
        raise lines.changed(
            first, f"pairs of abstract and summary up to line {lines.on_page(last)}", f"an odd run of {count} lines"
        )
    for number in range(first, last, 2):
        block = Block(first_line=number, lines=(lines[number], lines[number + 1]))
        for offset, text in enumerate(block.lines):
            _require_free_text(lines, number + offset, text)
        yield block


def _long(lines: Lines, start: int, anchor: int, bound: int) -> Block:
    """The entry around the anchor, the line `Primary:`; its closing line is at or before `bound`."""
    first = anchor - 1
    if first < start:
        raise lines.changed(anchor, "an abstract on the line before", "the end of another entry")
    if not lines[anchor + 1].startswith(_ALL):
        raise lines.unlike(anchor + 1, f"a line {_ALL!r}")
    summary = lines[anchor + 2]
    ends = (number for number in range(anchor + 3, bound + 1) if lines[number].endswith(summary))
    end = next(ends, None)
    if end is None:
        raise lines.changed(
            anchor + 2, f"a summary that closes the entry by line {lines.on_page(bound)}", "no line that ends with it"
        )
    count = end - (anchor + 3)
    if count not in _SECTIONS:
        raise lines.changed(
            anchor + 3, f"{_SECTIONS[0]} or {_SECTIONS[1]} sections up to line {lines.on_page(end - 1)}", str(count)
        )
    for number in (first, *range(anchor + 2, end + 1)):
        _require_free_text(lines, number, lines[number])
    return Block(first_line=first, lines=tuple(lines[number] for number in range(first, end + 1)))


def _require_free_text(lines: Lines, number: int, text: str) -> None:
    if text.startswith((_PRIMARY, _ALL)):
        raise lines.unlike(number, "a text, not institutions without their entry")


def _review(lines: tuple[str, ...]) -> ReviewText:
    if len(lines) == 2:
        return ReviewText(summary=lines[1])
    return ReviewText(
        summary=lines[3],
        primary=lines[1].removeprefix(_PRIMARY).strip(),
        all_institutions=lines[2].removeprefix(_ALL).strip(),
        sections=lines[4:-1],
        impact=lines[-1],
    )
