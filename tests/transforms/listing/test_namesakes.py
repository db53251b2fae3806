"""When two titles cannot be meant for one paper, and what is said of an identifier that both carry; invented papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.listing.namesakes import clearly_differ, named_apart, shared_identifiers
from transforms.records import Sighting

TIDES = Sighting(
    source="some_digest",
    partition_on=date(2026, 6, 1),
    section=None,
    position=1,
    entry_key="2605.00010",
    arxiv_id="2605.00010",
    title_text="Tides at Scale",
)
LIGHTS = replace(TIDES, position=2, title_text="Lighthouses without Keepers")


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Tides at Scale", "Lighthouses without Keepers", True),
        ("A Survey of Tides", "A Survey of Lighthouses", True),
        ("潮汐", "海洋", True),
        ("Tides at Scale", "TIDES, at scale", False),
        ("TideNet", "TideNet: Predicting Tides from Lighthouse Logs", False),
        ("Predicting Tides from Lighthouse Logs", "Predicting the Tides from Lighthouse Diaries", False),
        ("Tidal prediction", "Tydal prediktion", False),
        ("Tides at Scale", None, False),
        (None, None, False),
    ],
)
def test_titles_clearly_differ_where_neither_holds_the_other_and_most_words_differ(
    one: str | None, other: str | None, differ: bool
) -> None:
    assert clearly_differ(one, other) is differ
    assert clearly_differ(other, one) is differ


def test_only_the_same_section_and_identifier_make_namesakes() -> None:
    for other in (replace(LIGHTS, section="top"), replace(LIGHTS, arxiv_id="2605.00011", entry_key="2605.00011")):
        assert named_apart((TIDES, other)) == (TIDES, other)


def test_a_shared_doi_is_told_apart_as_well() -> None:
    pair = [replace(each, arxiv_id=None, doi="10.1000/x", entry_key="10.1000/x") for each in (TIDES, LIGHTS)]
    assert len({each.entry_key for each in named_apart(pair)}) == 2


def test_a_sighting_without_title_keeps_the_bare_identifier() -> None:
    untitled = replace(TIDES, position=3, title_text=None)
    assert [each.entry_key for each in named_apart((TIDES, LIGHTS, untitled))][2] == "2605.00010"


def test_the_finding_names_the_identifier_both_titles_and_both_places() -> None:
    (finding,) = shared_identifiers(named_apart((TIDES, LIGHTS)), lambda each: f"line {2 * each.position + 6}")
    assert (finding.check_name, finding.level, finding.place) == ("identifier_shared", "warning", "line 8, line 10")
    assert finding.observed == "2605.00010 for 'Tides at Scale' (line 8), 'Lighthouses without Keepers' (line 10)"
    assert list(shared_identifiers((TIDES, replace(TIDES, section="top")), str)) == []


@given(
    st.permutations(
        [TIDES, LIGHTS, replace(TIDES, position=3, title_text="Tides, at Scale"), replace(LIGHTS, doi="10.1/x")]
    )
)
def test_the_order_on_the_page_does_not_matter(sightings: list[Sighting]) -> None:
    keys = {each.title_text: each.entry_key for each in named_apart(sightings)}
    assert keys["Tides at Scale"] == keys["Tides, at Scale"]
    assert len(set(keys.values())) == 2
