"""The entries of all parts of a list, proven to be all: by the heads, the printed numbers and the total.

A part has a head for each section of which it shows entries: "Cross submissions (showing first 2000 of 2400 entries)",
"(continued, showing last 12 of 212 entries)". The entries of all sections are numbered through, from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from extractors.errors import PageChanged
from extractors.sources.arxiv_announced.entries import CROSS, NEW, REPLACED, entry_of
from extractors.sources.arxiv_announced.frame import Frame
from extractors.sources.arxiv_announced.texts import words
from transforms.records import Entry, Finding

if TYPE_CHECKING:
    from bs4 import Tag

_HEAD = re.compile(
    r"(?P<name>New|Cross|Replacement) submissions "
    r"\((?:continued, )?showing (?:continued, )?(?:first |last )?(?P<shown>\d{1,7}) of (?P<total>\d{1,7}) entries ?\)"
)
_SECTIONS = {"New": NEW, "Cross": CROSS, "Replacement": REPLACED}
_ORDER = (NEW, CROSS, REPLACED)
_DAY_HEAD = "Showing new listings for "
_NUMBER = re.compile(r"\[(\d{1,7})\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What one part shows of a section: its head, and each entry as (`dt`, `dd`)."""

    where: str
    name: str
    shown: int
    total: int
    pairs: list[tuple[Tag, Tag]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """All entries in page order. `is_whole` is False where neither a total nor the numbers prove that all are there."""

    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    is_whole: bool


def joined(frames: Sequence[Frame], *, may_lack_total: bool) -> Joined:
    """The entries of the parts of one list. PageChanged if heads, numbers, total and entries do not all agree.

    With `may_lack_total` a list that was cut out of its page is read by its heads alone, as one that may lack entries.
    """
    sections = [section for frame in frames for section in _sections(frame)]
    where = frames[0].where.removesuffix(" part 1")
    said = _totals(sections, where)
    total = frames[0].total
    for frame in frames:
        if frame.total != total:
            raise PageChanged(frame.where, f"a total of {total}, as on the first part", str(frame.total))
    if total is None and not may_lack_total:
        raise PageChanged(where, "'Total of N entries'", "no total")
    if total is not None and total != sum(said.values()):
        heads = ", ".join(f"{count} {name}" for name, count in said.items()) or "no section"
        raise PageChanged(where, f"sections of {total} entries, its total", f"{heads}{_advice(frames)}")
    jump = _jump(sections)
    if jump and total is not None:
        raise PageChanged(*jump)
    findings = list(_not_whole(where, jump)) if total is None else []
    return _read(sections, findings, is_whole=total is not None)


def _sections(frame: Frame) -> Iterator[Section]:
    """The sections that a part shows, with as many entries as their heads say."""
    found: list[Section] = []
    opened: Tag | None = None
    for tag in frame.outline:
        if opened is not None and tag.name != "dd":
            raise PageChanged(f"{frame.where} {tag.name}", "a dd behind its dt", f"{words(tag)[:80]!r}")
        if tag.name == "h3":
            if not words(tag).startswith(_DAY_HEAD):
                found.append(_head(tag, found, frame.where))
        elif not found or (tag.name == "dd" and opened is None):
            expected = "a dt before its dd" if found else "the head of a section before its entries"
            raise PageChanged(f"{frame.where} {tag.name}", expected, f"{words(tag)[:80]!r}")
        elif opened is None:
            opened = tag
        else:
            found[-1].pairs.append((opened, tag))
            opened = None
    if opened is not None:
        raise PageChanged(f"{frame.where} dt", "a dd behind it", "the end of the list")
    for section in found:
        if len(section.pairs) != section.shown:
            place = f"{section.where} dt + dd"
            raise PageChanged(place, f"{section.shown} entries, as its head says", str(len(section.pairs)))
    yield from found


def _head(tag: Tag, before: Sequence[Section], where: str) -> Section:
    head = _HEAD.fullmatch(words(tag))
    if head is None:
        expected = "'New submissions (showing N of M entries)', Cross or Replacement"
        raise PageChanged(f"{where} h3", expected, repr(words(tag)[:80]))
    name = _SECTIONS[head["name"]]
    if before and _ORDER.index(name) <= _ORDER.index(before[-1].name):
        raise PageChanged(f"{where} h3", f"another section than those up to {before[-1].name}", name)
    return Section(where=f"{where} {name}", name=name, shown=int(head["shown"]), total=int(head["total"]))


def _totals(sections: Sequence[Section], where: str) -> dict[str, int]:
    """How many entries each section has, by all of its heads; all of them are shown, in order."""
    totals: dict[str, int] = {}
    shown = dict.fromkeys(_ORDER, 0)
    for section in sections:
        if totals.setdefault(section.name, section.total) != section.total:
            raise PageChanged(
                section.where, f"{totals[section.name]} entries, as on the part before", str(section.total)
            )
        shown[section.name] += section.shown
    for name, total in totals.items():
        if shown[name] != total:
            expected = f"all {total} {name} entries"
            raise PageChanged(f"{where} {name}", expected, f"{shown[name]}: adopt all parts of the list in one file")
    return totals


def _advice(frames: Sequence[Frame]) -> str:
    return ": adopt all parts of the list in one file" if len(frames) == 1 else ""


def _jump(sections: Sequence[Section]) -> tuple[str, str, str] | None:
    """(place, expected, observed) of the first printed number that does not follow the one before."""
    expected = 0
    for section in sections:
        for dt, _ in section.pairs:
            expected += 1
            link = dt.find("a")
            printed = _NUMBER.fullmatch(words(link)) if link else None
            if printed is None or int(printed[1]) != expected:
                return f"{section.where} dt", f"[{expected}]", repr(words(dt)[:40])
    return None


def _not_whole(where: str, jump: tuple[str, str, str] | None) -> Iterator[Finding]:
    observed = "no 'Total of N entries'" + (f", and {jump[2]} in the place of {jump[1]}" if jump else "")
    yield Finding.warning("may_lack_entries", observed, "a whole page: this seems to be cut out of one", where)


def _read(sections: Sequence[Section], findings: list[Finding], *, is_whole: bool) -> Joined:
    entries: list[Entry] = []
    counts = dict.fromkeys(_ORDER, 0)
    for section in sections:
        _require_abstracts(section)
        for dt, dd in section.pairs:
            counts[section.name] += 1
            entry, odd = entry_of(dt, dd, section.name, counts[section.name], section.where)
            entries.append(entry)
            findings += odd
    return Joined(entries=tuple(entries), findings=tuple(findings), is_whole=is_whole)


def _require_abstracts(section: Section) -> None:
    if section.pairs and not any(dd.find("p") for _, dd in section.pairs):
        expected = "abstracts: ask for the page with ?abs=True"
        raise PageChanged(f"{section.where} p.mathjax", expected, f"{len(section.pairs)} entries without")
