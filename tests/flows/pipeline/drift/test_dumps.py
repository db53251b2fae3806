"""A text dump to which something happened is refused with its line, or says only what the whole dump says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest

from flows.demo.pages import ListedText, listing_dump, weekly_dump
from flows.demo.papers import invented_paper, invented_review
from tests.support.pages import batch_of, page_of
from tests.support.places import DUMPS
from transforms.records import Batch, Outcome

READ_AT = datetime(2026, 6, 2, 12, tzinfo=UTC)
Lines = list[str]
Change = Callable[[Lines], Sequence[str]]


def _reviews() -> str:
    reviews = [invented_review(invented_paper(number), is_long=number % 3 > 0) for number in range(15)]
    return weekly_dump(date(2026, 1, 5), reviews[:3], reviews[3:])


def _listing() -> str:
    papers = [invented_paper(number) for number in range(12)]
    return listing_dump(
        "Jun 1",
        [
            ListedText(
                title=paper.title,
                abstract=paper.abstract,
                who=None if place == 4 else f"  \u2022 {len(paper.authors)} authors",
                dated=None if place == 4 else "May 24",
            )
            for place, paper in enumerate(papers)
        ],
    )


def read(source: str, body: str | bytes) -> Batch:
    return batch_of(page_of(source, body, url="file:dump.txt", fetched_at=READ_AT))


def _at(number: int, new: Callable[[str], str]) -> Change:
    return lambda lines: [*lines[:number], new(lines[number]), *lines[number + 1 :]]


def _first(start: str, new: Callable[[str], str]) -> Change:
    def change(lines: Lines) -> Sequence[str]:
        number = next(place for place, line in enumerate(lines) if line.startswith(start))
        return _at(number, new)(lines)

    return change


def _moved(first: int, to: int) -> Change:
    def change(lines: Lines) -> Sequence[str]:
        line = lines.pop(first)
        return [*lines[:to], line, *lines[to:]]

    return change


WEEKLY: dict[str, Change] = {
    "without its header": lambda lines: lines[1:],
    "of eight days": _at(0, lambda line: line.replace("Last 7 Days", "Last 8 Days")),
    "without the dash in its header": _at(0, lambda line: line.replace(" \u2013", "")),
    "of a day that is none": _at(0, lambda line: line.replace("11, 2026", "31, 2026")),
    "with its year gone": _at(0, lambda line: line.replace(", 2026", "")),
    "without its first line of a review": lambda lines: [lines[0], *lines[2:]],
    "without its last line": lambda lines: lines[:-1],
    "without an institution line": _first("Primary:", lambda _: "A line that was something else."),
    "with Primary renamed": lambda lines: [line.replace("Primary:", "Main:") for line in lines],
    "with all institutions renamed": lambda lines: [
        line.replace("All Institutions:", "Institutions:") for line in lines
    ],
    "with a blank line": lambda lines: [*lines[:9], "", *lines[9:]],
    "with every line twice": lambda lines: [line for line in lines for _ in range(2)],
    "with its top block gone": lambda lines: [lines[0], *lines[30:]],
    "with its entries in another order": lambda lines: [lines[0], *reversed(lines[1:])],
    "with a line moved": _moved(3, 20),
    "with two weeks in one": lambda lines: [*lines, *lines],
    "joined into one line": lambda lines: [" ".join(lines)],
    "as HTML": lambda lines: ["<html><body>", *(f"<p>{line}</p>" for line in lines), "</body></html>"],
    "with an abstract changed in its top place": _at(1, lambda line: line.replace("We study", "We do not study")),
    "with a word of advertising": lambda lines: [*lines[:19], "Subscribe to our newsletter", *lines[19:]],
}
LISTING: dict[str, Change] = {
    "without its preamble": lambda lines: lines[12:],
    "with its own date gone": lambda lines: [line for line in lines if line != "Jun 1"],
    "with its own date wrong": lambda lines: ["Jun 31" if line == "Jun 1" else line for line in lines],
    "without blank lines": lambda lines: [line for line in lines if line],
    "with a blank line gone": lambda lines: [*lines[:13], *lines[14:]],
    "with a blank line more": lambda lines: [*lines[:13], "", *lines[13:]],
    "with a title gone": lambda lines: [*lines[:12], *lines[14:]],
    "with title and abstract swapped": lambda lines: [*lines[:12], lines[14], "", lines[12], *lines[15:]],
    "with an abstract cut": _at(14, lambda line: line[:90]),
    "with a block's dot gone": _first("\u00b7", lambda _: "-"),
    "with a date that is none": _first("May 24", lambda _: "May 44"),
    "with a date in another language": _first("May 24", lambda _: "24 mai"),
    "with authors spelled out": _first("  \u2022", lambda _: "  Ada Example, Bruno Example"),
    "with its end cut": lambda lines: [*lines[:-3], "May"],
    "as HTML": lambda lines: ["<html><body>", *(f"<p>{line}</p>" for line in lines), "</body></html>"],
    "with an abstract of its own title": _at(14, lambda _: "Short and no abstract."),
}
CASES = [
    *(("weekly_review", "reconstructed", name) for name in WEEKLY),
    *(("hf_listing_text", "reconstructed", name) for name in LISTING),
    *(
        pytest.param("weekly_review", "captured", name, marks=pytest.mark.shared_data)
        for name in WEEKLY
        if "Primary" in name or "line" in name
    ),
]


def _whole(source: str, kind: str) -> str:
    if kind == "reconstructed":
        return _reviews() if source == "weekly_review" else _listing()
    return (DUMPS / "000_77758ebc7ef0e254.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("source", ["weekly_review", "hf_listing_text"])
def test_the_dump_itself_is_loaded_without_a_word(source: str) -> None:
    batch = read(source, _whole(source, "reconstructed"))
    assert (batch.outcome, batch.findings, batch.rejections) == (Outcome.LISTING, (), ())


@pytest.mark.parametrize(("source", "kind", "name"), CASES)
def test_a_changed_dump_is_refused_with_its_line(source: str, kind: str, name: str) -> None:
    text = _whole(source, kind)
    change = WEEKLY[name] if source == "weekly_review" else LISTING[name]
    changed = "\n".join(change(text.removesuffix("\n").split("\n"))) + "\n"
    assert changed != text
    after = read(source, changed)
    assert after.outcome is Outcome.REFUSED, [each.abstract_text for each in after.sightings][:3]
    assert "dump.txt line" in (after.reason or "")


@pytest.mark.parametrize("source", ["weekly_review", "hf_listing_text"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_dump_in_another_encoding_says_the_same(source: str, encoding: str) -> None:
    text = _whole(source, "reconstructed")
    before, after = read(source, text), read(source, text.encode(encoding))
    assert after.sightings == before.sightings


@pytest.mark.parametrize("source", ["weekly_review", "hf_listing_text"])
def test_a_dump_with_damaged_bytes_is_refused(source: str) -> None:
    body = _whole(source, "reconstructed").encode().replace(b"We study", b"We \xff\xfestudy", 1)
    assert read(source, body).outcome is Outcome.REFUSED
