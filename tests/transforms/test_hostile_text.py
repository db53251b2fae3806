"""Text made to keep a reader busy costs no more time than other text of its length, and has an end with a name."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.patience import patient
from transforms.fields import identifiers, institutions, links, reviews, text
from transforms.listing.normalize import normalize
from transforms.records import Entry, Listing, Reason, Rejection, ReviewText, Sighting

LENGTH = 200_000
SECONDS = 2.0  # of CPU time, on a quiet machine
VERDICT = "This paper introduces tide tables."
MARKS = "".join(chr(code) for code in range(0x300, 0x360)) + "\u0f71\u0f73\u05b0\u064b\u1d165\u3099\u20d0"
FIELDS: dict[str, Callable[[int], object]] = {
    "commands in commands": lambda n: text.letters_digits("\\a{" * n + "x" + "}" * n),
    "commands that never end": lambda n: text.letters_digits("\\a{" * n),
    "accents without letters": lambda n: text.letters_digits('\\" ' * n),
    "marks out of order": lambda n: text.title_line("a" + "\u0301\u0323" * n),
    "marks out of order in a key": lambda n: text.letters_digits("a" + "\u0301\u0323" * n),
    "a mark that holds two": lambda n: text.letters_digits("a" + "\u0f73" * n),
    "mojibake": lambda n: text.stored("Ã©" * n),
    "brackets behind an address": lambda n: links.mentioned("see http://tides.example/" + ")" * n),
    "full stops behind an address": lambda n: links.mentioned("see http://tides.example/" + "." * n),
    "marks in a host": lambda n: links.mentioned("see http://tides.example" + "\u0301\u0323" * n),
    "a host of many parts": lambda n: links.usable([("project", "a." * n)]),
    "brackets behind a DOI": lambda n: identifiers.doi("10.1000/a" + ")" * n),
    "semicolons": lambda n: institutions.split("A" + ";" * n),
    "commas": lambda n: institutions.split("A" + "," * n),
    "semicolons before brackets": lambda n: institutions.split("A" + ";(" * n),
    "blanks in an institution": lambda n: institutions.split("A" + " " * n + "B"),
    "legal forms": lambda n: institutions.split("A" + ", Inc" * n),
    "primary institutions": lambda n: institutions.primary("A" + " ;" * n),
    "a section of stars": lambda n: _sections("*" * n),
    "a section of blanks": lambda n: _sections(" " * n),
    "a section of hard blanks": lambda n: _sections("\u00a0" * n),
    "a section of line ends": lambda n: _sections("\n " * n),
    "many marks of a section": lambda n: _sections("EXPERIMENTAL_EVALUTION " * n),
    "a summary of sentences": lambda n: reviews.review(
        ReviewText(summary="A! " * n, sections=("a", "b", "c"), impact="A! " * n)
    ),
}


def _sections(hostile: str) -> object:
    sections = (f"One{hostile}two.", "b", "c")
    return reviews.review(ReviewText(summary=VERDICT, sections=sections, impact=f"It helps. {VERDICT}"))


@pytest.mark.slow
@pytest.mark.parametrize("name", FIELDS)
def test_a_field_takes_time_as_its_length_and_no_more(name: str) -> None:
    started = time.process_time()
    FIELDS[name](LENGTH)
    assert time.process_time() - started < patient(SECONDS)


@given(st.text(st.sampled_from("a\u00e9\ud55c" + MARKS)), st.integers(0, 3))
def test_marks_in_any_number_are_composed_as_unicode_says(marks: str, times: int) -> None:
    printed = "a" + marks * (1 + 40 * times)
    assert text.stored(printed) == unicodedata.normalize("NFC", printed)


@given(st.lists(st.sampled_from(["\\a{", "\\emph{", "{", "}", "x", "y ", "\\b"])).map("".join))
def test_commands_are_unwrapped_from_the_inside_out(printed: str) -> None:
    plain = printed
    while (plainer := re.sub(r"\\[A-Za-z]+\*?\s*\{([^{}]*)\}", r"\1", plain)) != plain:
        plain = plainer
    assert text.letters_digits(printed) == "".join(re.findall("[a-z]", plain))


@pytest.mark.parametrize(
    ("printed", "names"),
    [
        ("First (a, b), Last", ["First (a, b)", "Last"]),
        ("First (a; b) ; Last", ["First (a; b)", "Last"]),
        ("First, a), Last", ["First, a)", "Last"]),
        ("First (a, Last", ["First (a", "Last"]),
        ("First, Inc., University of Texas, Austin, Ltd", ["First, Inc.", "University of Texas, Austin, Ltd"]),
    ],
)
def test_a_separator_inside_brackets_separates_nothing(printed: str, names: list[str]) -> None:
    assert [each.name for each in institutions.split(printed)] == names


ENTRY = Entry(position=1, place="line 7", said="as printed", title="Tides", abstract="Tides are hard to predict.")
LISTING = Listing(
    source="some_digest", page_sha256="0" * 64, partition_on=date(2026, 6, 1), is_closed=True, entries=(ENTRY,)
)


LENGTHS: dict[str, tuple[int, Callable[[str], Entry]]] = {
    "title": (2_000, lambda printed: replace(ENTRY, title=printed)),
    "abstract": (20_000, lambda printed: replace(ENTRY, abstract=printed)),
    "submitter": (500, lambda printed: replace(ENTRY, submitted_by=printed)),
    "organization": (500, lambda printed: replace(ENTRY, organization=printed)),
    "author": (500, lambda printed: replace(ENTRY, authors=("A. Pilot", printed))),
}


@pytest.mark.parametrize("name", LENGTHS)
def test_a_field_longer_than_any_papers_is_quarantined_before_it_is_read(name: str) -> None:
    most, with_field = LENGTHS[name]
    assert isinstance(normalize(with_field("a" * most), LISTING, read_on=date(2026, 6, 2)), Sighting)
    _must_be_unreadable(with_field("a" * (most + 1)), f"of {most + 1} characters, at most {most}")


def test_a_part_of_a_review_longer_than_any_is_quarantined() -> None:
    review = ReviewText(summary=VERDICT, sections=("a", "b" * 20_001, "c"), impact=VERDICT)
    _must_be_unreadable(replace(ENTRY, review=review), "part of a review of 20001 characters")
    _must_be_unreadable(replace(ENTRY, review=ReviewText(summary=VERDICT, all_institutions=";" * 20_001)), "part of")


def _must_be_unreadable(entry: Entry, detail: str) -> None:
    result = normalize(entry, LISTING, read_on=date(2026, 6, 2))
    assert isinstance(result, Rejection)
    assert (result.reason, result.entry_text) == (Reason.UNREADABLE_ENTRY, "as printed")
    assert detail in result.detail
    assert len(result.detail) < 300
