"""Each check speaks when its promise is broken, and only then; invented papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from transforms.listing.checks import check
from transforms.listing.normalize import normalize_all
from transforms.records import (
    Entry,
    Expectations,
    Finding,
    Level,
    Listing,
    Metric,
    Reason,
    Rejection,
)

EXPECTATIONS = Expectations(
    entries_min=5, entries_max=12, filled=(("abstract_text", 1.0), ("authors", 0.9)), abstract_characters=(100, 2000)
)
SHORT = replace(EXPECTATIONS, entries_min=1)
SUBJECTS = ("Tides", "Currents", "Buoys", "Harbours", "Lighthouses", "Ferries", "Dunes", "Locks", "Gulls", "Charts")


def entry(position: int) -> Entry:
    subject = SUBJECTS[position - 1]
    return Entry(
        position=position,
        place=f"line {position}",
        said=subject,
        arxiv_id=f"2605.{position:05}",
        title=f"{subject} at Scale",
        abstract=f"{subject} are hard to predict. " + f"We predict {subject.lower()} with care. " * 12,
        authors=(f"A. {subject[:-1]} Pilot",),
    )


ENTRIES = tuple(entry(position) for position in range(1, 11))


def findings(
    entries: Sequence[Entry] = ENTRIES,
    expectations: Expectations = EXPECTATIONS,
    *,
    is_degraded: bool = False,
    rejections: tuple[Rejection, ...] = (),
) -> tuple[Finding, ...]:
    listing = Listing(
        source="some_digest",
        page_sha256="0" * 64,
        partition_on=date(2026, 6, 1),
        is_closed=True,
        entries=tuple(entries),
        is_degraded=is_degraded,
        rejections=rejections,
    )
    return check(listing, *normalize_all(listing, read_on=date(2026, 6, 2)), expectations)


def named(found: Sequence[Finding]) -> list[tuple[str, Level]]:
    return [(finding.check_name, finding.level) for finding in found]


def test_a_listing_as_expected_has_no_findings() -> None:
    assert findings() == ()


def test_an_empty_listing_is_too_small_and_nothing_else() -> None:
    assert named(findings(())) == [("entries_min", Level.ERROR)]


def test_too_many_entries_only_warn() -> None:
    assert named(findings(expectations=replace(EXPECTATIONS, entries_max=9))) == [("entries_max", Level.WARNING)]


def test_a_field_that_vanished_is_an_error_with_the_first_place() -> None:
    found = findings([*ENTRIES[:8], *(replace(one, authors=()) for one in ENTRIES[8:])])
    assert found == (
        Finding(
            check_name="filled_authors",
            level=Level.ERROR,
            observed="authors in 8 of 10 sightings",
            expected="at least 90%",
            place="line 9",
        ),
    )


def test_a_degraded_reading_lacks_fields_by_its_nature() -> None:
    found = findings([replace(one, abstract=None, authors=()) for one in ENTRIES], is_degraded=True)
    assert named(found) == [("filled_abstract_text", Level.WARNING), ("filled_authors", Level.WARNING)]


def test_a_single_odd_abstract_warns_and_many_stop_the_load() -> None:
    short = [replace(one, abstract=f"{one.title}: nice work, thanks.") for one in ENTRIES]
    one = findings([short[0], *ENTRIES[1:]])
    assert named(one) == [("abstract_length", Level.WARNING)]
    assert (one[0].observed, one[0].expected, one[0].place) == ("34 characters", "100 to 2000 characters", "line 1")
    assert named(findings([*short[:3], *ENTRIES[3:]])) == [("abstract_lengths", Level.ERROR)]


def test_abstracts_as_long_as_comments_are_suspicious() -> None:
    comments = [replace(one, abstract=f"{one.title}. " + "Great result, congratulations! " * 4) for one in ENTRIES]
    assert named(findings(comments)) == [("abstracts_too_short", Level.ERROR)]


def test_abstracts_that_open_alike_are_suspicious() -> None:
    bot = "This is an automated message. The following papers were recommended by an interface to a search engine: "
    found = findings([replace(one, abstract=bot + (one.abstract or "")) for one in ENTRIES])
    assert named(found) == [("abstracts_alike", Level.ERROR)]
    assert "10 of 10 abstracts open with 'This is an automated message" in found[0].observed


def test_one_abstract_on_two_papers_is_a_warning_with_both_places() -> None:
    found = findings([*ENTRIES[:9], replace(ENTRIES[9], abstract=ENTRIES[0].abstract)])
    assert named(found) == [("abstract_of_one_paper", Level.WARNING)]
    assert found[0].observed == "the same abstract for 2605.00001 (line 1), 2605.00010 (line 10)"


def test_a_paper_in_two_sections_is_one_paper() -> None:
    assert findings([*(replace(one, section="top") for one in ENTRIES[:2]), *ENTRIES]) == ()


ODD: dict[str, dict[str, Any]] = {
    "no id": {"arxiv_id": ""},
    "another id": {"arxiv_id": "2605.1"},
    "no such date": {"published": "2026-02-30"},
    "an upside-down number": {"metrics": ((Metric.UPVOTES, "-3"),)},
    "no abstract": {"abstract": None},
    "a short abstract": {"abstract": "Nice work, thanks."},
    "no authors": {"authors": ()},
    "an endless title": {"title": "An Invented Title of Bells " * 20},
}


@pytest.mark.parametrize("count", [2, 3, 4, 9])
@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_on_a_short_list_one_odd_entry_stops_no_other(count: int, odd: dict[str, Any]) -> None:
    found = findings([replace(ENTRIES[0], **odd), *ENTRIES[1:count]], SHORT)
    assert {each.level for each in found} <= {Level.WARNING}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_two_odd_entries_of_three_do(odd: dict[str, Any]) -> None:
    found = findings([*(replace(each, **odd) for each in ENTRIES[:2]), ENTRIES[2]], SHORT)
    assert Level.ERROR in {each.level for each in found}


@pytest.mark.parametrize(("count", "levels"), [(2, [Level.ERROR]), (3, [Level.ERROR]), (4, [])])
def test_of_two_or_three_papers_none_may_lack_its_title(count: int, levels: list[Level]) -> None:
    untitled = Rejection(
        position=1, section=None, reason=Reason.MISSING_TITLE, detail="line 1: paper.title is missing", entry_text="{}"
    )
    found = findings(ENTRIES[1:count], SHORT, rejections=(untitled,))
    assert [(each.check_name, each.level) for each in found] == [("rejected_share", level) for level in levels]


def test_a_rounded_number_is_warned_of_and_an_exact_one_is_not() -> None:
    odd = replace(
        ENTRIES[0], metrics=((Metric.UPVOTES, "1.2k"), (Metric.COMMENTS, "1,200"), (Metric.GITHUB_STARS, "3M"))
    )
    found = findings([odd, *ENTRIES[1:]])
    assert named(found) == [("rounded_count", Level.WARNING)] * 2
    assert [(each.observed, each.place) for each in found] == [
        ("upvotes '1.2k'", "line 1"),
        ("github_stars '3M'", "line 1"),
    ]


def test_too_many_rejections_are_an_error_that_names_the_reasons() -> None:
    found = findings([*ENTRIES[:7], *(replace(one, arxiv_id="?") for one in ENTRIES[7:])])
    assert named(found) == [("rejected_share", Level.ERROR)]
    assert found[0].observed == "3 of 10 entries rejected (bad_identifier 3)"
    assert found[0].place == "line 8: not an arXiv id: '?'"


def test_a_rejection_or_two_is_the_quarantine_s_matter() -> None:
    assert findings([*ENTRIES[:9], replace(ENTRIES[9], arxiv_id="?")]) == ()


def test_links_that_nobody_can_open_are_named() -> None:
    found = findings([replace(ENTRIES[0], links=(("project", "coming soon"),)), *ENTRIES[1:]])
    assert named(found) == [("links_usable", Level.WARNING)]
    assert (found[0].observed, found[0].place) == ("not an http(s) address: 'coming soon'", "line 1")


@pytest.mark.parametrize(("lost", "gained"), [(1, 0), (0, 1)])
def test_an_entry_that_went_missing_on_the_way_is_an_error(lost: int, gained: int) -> None:
    listing = Listing(
        source="some_digest", page_sha256="0" * 64, partition_on=date(2026, 6, 1), is_closed=True, entries=ENTRIES
    )
    sightings, _ = normalize_all(listing, read_on=date(2026, 6, 2))
    extra = Rejection(position=1, section=None, reason=Reason.UNREADABLE_ENTRY, detail="x", entry_text="y")
    found = check(listing, sightings[lost:], (extra,) * gained, EXPECTATIONS)
    assert named(found) == [("entries_accounted_for", Level.ERROR)]


def test_the_listing_s_own_findings_come_first() -> None:
    own = Finding(check_name="unknown_fields", level=Level.WARNING, observed="newField", expected="known fields")
    listing = Listing(
        source="some_digest", page_sha256="0" * 64, partition_on=date(2026, 6, 1), is_closed=True, entries=(),
        findings=(own,),
    )  # fmt: skip
    assert check(listing, (), (), EXPECTATIONS)[0] == own
