"""Every entry ends as a sighting or as a rejection with a reason; invented papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.listing.normalize import normalize, normalize_all
from transforms.records import (
    Certainty,
    Entry,
    Institution,
    Link,
    Listing,
    Metric,
    Reason,
    Rejection,
    ReviewText,
    Sighting,
)

READ_ON = date(2026, 6, 2)
ABSTRACT = "Tides are hard to predict.\nWe predict them; code at https://github.com/harbour/tides."
ENTRY = Entry(
    position=1,
    place="dailyPapers[0]",
    said='{"id": "2605.00010"}',
    arxiv_id="2605.00010v2",
    title="Tides\n  at Scale",
    abstract=ABSTRACT,
    authors=("A. Pilot", "B. Buoy", "A. Pilot"),
    published="2026-05-30T17:57:34.000Z",
    submitted_by=" harbour ",
    organization="Harbour  Lab",
    links=(("code", "http://github.com/Harbour/Tides.git"), ("project", "https://tides.example/")),
    metrics=((Metric.UPVOTES, "1.2k"), (Metric.COMMENTS, "-")),
)


def listing(*entries: Entry, is_degraded: bool = False, rejections: tuple[Rejection, ...] = ()) -> Listing:
    return Listing(
        source="some_digest",
        page_sha256="0" * 64,
        partition_on=date(2026, 6, 1),
        is_closed=False,
        entries=entries,
        rejections=rejections,
        is_degraded=is_degraded,
    )


def sighting(entry: Entry) -> Sighting:
    result = normalize(entry, listing(entry), read_on=READ_ON)
    assert isinstance(result, Sighting), result
    return result


def rejection(entry: Entry, *others: Entry) -> Rejection:
    result = normalize(entry, listing(entry, *others), read_on=READ_ON)
    assert isinstance(result, Rejection), result
    return result


def test_a_full_entry_becomes_a_full_sighting() -> None:
    assert sighting(ENTRY) == Sighting(
        source="some_digest",
        partition_on=date(2026, 6, 1),
        section=None,
        position=1,
        entry_key="2605.00010",
        arxiv_id="2605.00010",
        arxiv_version=2,
        title_raw="Tides\n  at Scale",
        title_text="Tides at Scale",
        abstract_raw=ABSTRACT,
        abstract_text=ABSTRACT.replace("\n", " "),
        authors=("A. Pilot", "B. Buoy", "A. Pilot"),
        author_count=3,
        published_on=date(2026, 5, 30),
        published_at=datetime(2026, 5, 30, 17, 57, 34, tzinfo=UTC),
        published_certainty=Certainty.STATED,
        submitted_by="harbour",
        organization="Harbour Lab",
        links=(
            Link(kind="arxiv", url="https://arxiv.org/abs/2605.00010"),
            Link(kind="code", url="https://github.com/Harbour/Tides"),
            Link(kind="project", url="https://tides.example"),
        ),
        metrics=((Metric.UPVOTES, 1200), (Metric.COMMENTS, 0)),
    )


def test_addresses_in_the_abstract_follow_the_links() -> None:
    assert sighting(replace(ENTRY, links=())).links[1:] == (
        Link(kind="mention", url="https://github.com/harbour/tides"),
    )


def test_a_sighting_may_lack_everything_but_a_title() -> None:
    bare = sighting(Entry(position=4, place="line 9", said="Tides", title="Tides", section="list", first_line=9))
    assert (bare.title_text, bare.abstract_text, bare.author_count, bare.published_on) == ("Tides", None, None, None)
    assert bare.sighting_key == f"some_digest/2026-06-01/list/{bare.entry_key}"


def test_a_count_of_authors_needs_no_names() -> None:
    assert sighting(replace(ENTRY, authors=(), author_count="7 authors")).author_count == 7


def test_the_year_comes_from_the_day_of_reading() -> None:
    found = sighting(replace(ENTRY, published="Dec 24"))
    assert (found.published_on, found.published_certainty) == (date(2025, 12, 24), Certainty.INFERRED_YEAR)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({}, "2605.00010"),
        ({"arxiv_id": None, "doi": "https://doi.org/10.1000/TIDES."}, "10.1000/tides"),
        ({"doi": "10.1000/tides"}, "2605.00010"),
        ({"arxiv_id": None, "doi": "10.48550/arXiv.2605.00010"}, "2605.00010"),
        ({"arxiv_id": None, "links": (("paper", "https://arxiv.org/pdf/2605.00010v3"),)}, "2605.00010"),
        ({"arxiv_id": None, "links": (("paper", "https://doi.org/10.1000/tides"),)}, "10.1000/tides"),
        ({"arxiv_id": None, "links": (("mention", "https://hf.co/papers/2605.00010"),)}, "2605.00010"),
        (
            {
                "arxiv_id": None,
                "links": (("post", "https://x.example/1"), ("code", "https://alphaxiv.org/abs/2605.00010")),
            },
            "2605.00010",
        ),
        (
            {
                "arxiv_id": None,
                "links": (("code", "https://arxiv.org/abs/2605.00011"), ("paper", "https://arxiv.org/abs/2605.00010")),
            },
            "2605.00010",
        ),
        ({"arxiv_id": None, "links": (("paper", "https://labs.example/tides.pdf"),)}, "p-be8e7f05326b511a"),
        (
            {"arxiv_id": None, "title": "Other", "links": (("paper", "http://www.Labs.example/tides.pdf/"),)},
            "p-be8e7f05326b511a",
        ),
        ({"arxiv_id": None, "links": (("project", "https://labs.example/tides"),)}, "t-0a7ce5a2c7d14fe4"),
        ({"arxiv_id": None}, "t-0a7ce5a2c7d14fe4"),
        ({"arxiv_id": None, "title": "$Tides$ at\nscale!"}, "t-0a7ce5a2c7d14fe4"),
        ({"arxiv_id": None, "title": None}, "a-05d76c822bb414ba"),
        ({"arxiv_id": None, "title": "  ", "abstract": ABSTRACT.upper()}, "a-05d76c822bb414ba"),
    ],
)
def test_an_entry_is_named_by_the_best_that_it_carries(changes: dict[str, object], key: str) -> None:
    assert sighting(replace(ENTRY, **changes)).entry_key == key  # type: ignore[arg-type]


def test_titles_in_other_scripts_have_keys_of_their_own() -> None:
    one, other = (sighting(replace(ENTRY, arxiv_id=None, title=title)) for title in ("潮汐", "海洋"))
    assert one.entry_key != other.entry_key


def test_links_to_two_papers_name_neither() -> None:
    two = (("paper", "https://arxiv.org/abs/2605.00010"), ("paper", "https://arxiv.org/abs/2605.00011"))
    assert sighting(replace(ENTRY, arxiv_id=None, links=two)).arxiv_id is None


def test_a_review_brings_its_institutions() -> None:
    printed = ReviewText(summary="Sound.", primary="Unknown", all_institutions="Harbour Lab, Acme & Sons")
    found = sighting(replace(ENTRY, review=printed))
    assert found.institutions == (
        Institution(name="Harbour Lab", raw="Harbour Lab"),
        Institution(name="Acme & Sons", raw="Acme & Sons"),
    )
    assert found.review is not None
    assert (found.review.verdict, found.review.primary_institution) == ("Sound.", None)


@pytest.mark.parametrize(
    ("changes", "reason", "offending"),
    [
        ({"arxiv_id": "2605.1"}, Reason.BAD_IDENTIFIER, "'2605.1'"),
        ({"doi": "tides"}, Reason.BAD_IDENTIFIER, "'tides'"),
        ({"doi": "10.48550/arXiv.2605.00011"}, Reason.BAD_IDENTIFIER, "contradicts arXiv id '2605.00010v2'"),
        ({"doi": "10.48550/arXiv.2699"}, Reason.BAD_IDENTIFIER, "2699"),
        ({"title": " ", "abstract": None}, Reason.MISSING_TITLE, "no title ' ' and no abstract None"),
        ({"published": "soon"}, Reason.BAD_DATE, "'soon'"),
        ({"author_count": "0 authors"}, Reason.BAD_NUMBER, "'0 authors'"),
        ({"metrics": ((Metric.UPVOTES, "-3"),)}, Reason.BAD_NUMBER, "'-3'"),
        ({"review": ReviewText(summary="S", sections=("a",))}, Reason.BAD_SECTIONS, "without a closing line"),
    ],
)
def test_a_rejection_names_the_place_and_the_offending_text(
    changes: dict[str, object], reason: Reason, offending: str
) -> None:
    found = rejection(replace(ENTRY, **changes))  # type: ignore[arg-type]
    assert found.reason == reason
    assert found.detail.startswith("dailyPapers[0]: ")
    assert offending in found.detail
    assert (found.position, found.section, found.entry_text) == (1, None, ENTRY.said)


def test_the_detail_of_a_rejection_is_short() -> None:
    assert len(rejection(replace(ENTRY, published="x" * 5000)).detail) < 200


def test_an_abstract_is_missing_only_where_the_page_carries_them() -> None:
    without = replace(ENTRY, abstract=None, position=3)
    others = (ENTRY, replace(ENTRY, position=2, arxiv_id="2605.00011"))
    assert rejection(without, *others).reason == Reason.MISSING_ABSTRACT
    degraded = listing(without, *others, is_degraded=True)
    assert isinstance(normalize(without, degraded, read_on=READ_ON), Sighting)
    assert isinstance(normalize(without, listing(without), read_on=READ_ON), Sighting)


def test_a_second_entry_with_the_same_key_is_a_duplicate_within_its_section_only() -> None:
    again = replace(ENTRY, position=2, title="Tides, at Scale!")
    elsewhere = replace(ENTRY, position=1, section="top")
    sightings, rejections = normalize_all(listing(ENTRY, again, elsewhere), read_on=READ_ON)
    assert [(found.section, found.position) for found in sightings] == [(None, 1), ("top", 1)]
    assert [(found.reason, found.position) for found in rejections] == [(Reason.DUPLICATE_ENTRY, 2)]
    assert "position 1 already, but with another title" in rejections[0].detail


def test_a_row_that_stands_twice_is_a_duplicate() -> None:
    sightings, rejections = normalize_all(listing(ENTRY, replace(ENTRY, position=2)), read_on=READ_ON)
    assert [found.entry_key for found in sightings] == ["2605.00010"]
    assert [(found.reason, found.position) for found in rejections] == [(Reason.DUPLICATE_ENTRY, 2)]


def test_one_identifier_on_two_papers_gives_two_sightings_in_any_order() -> None:
    other = replace(ENTRY, position=2, title="Lighthouses without Keepers")
    for entries in ((ENTRY, other), (other, ENTRY)):
        sightings, rejections = normalize_all(listing(*entries), read_on=READ_ON)
        assert rejections == ()
        assert {found.entry_key: found.title_text for found in sightings} == {
            "2605.00010+0a7ce5a2c7d14fe4": "Tides at Scale",
            "2605.00010+e67d882873769cb6": "Lighthouses without Keepers",
        }


def test_a_duplicate_stays_one_beside_another_paper_of_the_same_name() -> None:
    other = replace(ENTRY, position=3, title="Lighthouses without Keepers")
    sightings, rejections = normalize_all(listing(ENTRY, replace(ENTRY, position=2), other), read_on=READ_ON)
    assert [found.position for found in sightings] == [1, 3]
    assert [found.position for found in rejections] == [2]


def test_a_summary_alone_is_enough_for_a_sighting() -> None:
    said = Entry(position=1, place="line 9", said="…", review=ReviewText(summary="Tides  are\nhard."))
    found = sighting(said)
    assert (found.title_text, found.abstract_text, found.review and found.review.summary) == (
        None,
        None,
        "Tides are hard.",
    )
    assert found.entry_key == "s-b19e017ce265db27"
    assert sighting(replace(said, arxiv_id="2605.00010")).entry_key == "2605.00010"
    assert (
        rejection(replace(said, review=ReviewText(summary=" "), arxiv_id="2605.00010")).reason == Reason.MISSING_TITLE
    )


def test_what_the_extractor_rejected_stays_rejected() -> None:
    earlier = Rejection(position=9, section=None, reason=Reason.UNREADABLE_ENTRY, detail="x", entry_text="y")
    assert normalize_all(listing(ENTRY, rejections=(earlier,)), read_on=READ_ON)[1] == (earlier,)


def test_links_that_nobody_can_open_do_not_cost_the_entry() -> None:
    assert len(sighting(replace(ENTRY, links=(("project", "javascript:alert(1)"),))).links) == 2


def test_poison_in_the_text_is_stored_harmlessly() -> None:
    found = sighting(replace(ENTRY, title="Tides\x00 \ud83d"))
    assert (found.title_raw, found.title_text) == ("Tides\ufffd \ufffd", "Tides \ufffd")
    assert rejection(replace(ENTRY, published="?", said="\ud83d\x00")).entry_text == "\ufffd\ufffd"


ANY_TEXT = (
    st.none() | st.text() | st.sampled_from(["2605.00010", "2605.00011v1", "10.1000/x", "May 3", "12", "-", "Tides"])
)
ANY_ENTRY = st.builds(
    Entry,
    position=st.integers(1, 50),
    place=st.just("somewhere"),
    said=st.text(),
    section=st.none() | st.just("top"),
    arxiv_id=ANY_TEXT,
    doi=ANY_TEXT,
    title=ANY_TEXT,
    abstract=ANY_TEXT,
    authors=st.lists(st.text(), max_size=3).map(tuple),
    author_count=ANY_TEXT,
    published=ANY_TEXT,
    links=st.lists(st.tuples(st.sampled_from(["code", "paper", "odd"]), st.text()), max_size=2).map(tuple),
    review=st.none() | st.builds(ReviewText, summary=st.text(), all_institutions=st.none() | st.text()),
    metrics=st.lists(st.tuples(st.sampled_from(Metric), st.text()), max_size=1).map(tuple),
)


@given(st.lists(ANY_ENTRY, max_size=8))
def test_whatever_a_page_says_every_entry_is_accounted_for(entries: list[Entry]) -> None:
    sightings, rejections = normalize_all(listing(*entries), read_on=READ_ON)
    assert len(sightings) + len(rejections) == len(entries)
    assert len({found.sighting_key for found in sightings}) == len(sightings)
