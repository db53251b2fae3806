"""Kinds of pairs: what is one paper in another spelling, what is another paper however alike, and what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.transforms.matching.test_matching import ABSTRACT, OTHER_ABSTRACT, are_compared, record, verdict
from transforms.matching.cluster import cluster
from transforms.matching.compare import compare
from transforms.matching.model import Record, Verdict

LONG = "Brackish Attention for Estuary Sensing under Drifting Tides"
PEOPLE = ("Wilhelmina Ashgrove", "Xiaoling Deng", "Bartolomeu Quist")
DAY = date(2025, 6, 3)


def told(key: str, title: str | None = LONG, *authors: str, **fields: object) -> Record:
    return record(key, title=title, authors=authors, **fields)


def assert_same(left: Record, right: Record) -> None:
    found = compare(left, right)
    assert are_compared(left, right)
    assert found is not None
    assert found.verdict is Verdict.SAME, found.evidence
    assert cluster([left, right], [found]) == ((left.key, right.key),)


def assert_two(left: Record, right: Record) -> None:
    found = compare(left, right)
    assert found is None or found.verdict is not Verdict.SAME, found.evidence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Heron 3: Tidal Retrieval for Buoys", "Heron3: Tidal Retrieval for Buoys"),
        ("Heron3.5-VL Technical Report of the Harbour", "Heron 3.5 VL Technical Report of the Harbour"),
        ("H$^4$Q: Mooring Multimodal Buoys", "H^4Q: Mooring Multimodal Buoys"),
        ("Sparse $\\ell_1$ Moorings at Sea", "Sparse ℓ1 Moorings at Sea"),
        ("Ships &amp; Tides: CO<sub>2</sub> in Harbours", "Ships & Tides: CO2 in Harbours"),
        ("Fr\\'echet Dist\\\"ances in \\textbf{Harbours}", "Fréchet Distänces in Harbours"),
        ("$\\alpha$-Moorings at \\emph{Low} Tide", "α-Moorings at Low Tide"),
        ("GULL-2.0 Preview of Waves", "Gull 2.0 preview of waves"),
    ],
)
def test_equal_letters_are_equal_titles(one: str, other: str) -> None:
    assert_same(told("a", one, *PEOPLE), told("b", other, *PEOPLE))
    assert_same(told("a", one, abstract=ABSTRACT), told("b", other, abstract=ABSTRACT[:400]))


@pytest.mark.parametrize(
    "authors",
    [
        ("Wilhelmina Ashgrove et al.",),
        ("W. Ashgrove and others",),
        ("Ashgrove W",),
        ("Ashgrove WB", "Deng X"),
        ("Deng Xiaoling",),
        ("X. Deng",),
        ("Bartolomeu Quist Jr.",),
        ("Quist, Bartolomeu, III",),
        ("@ashgrove_ml", "tide-queen7"),
        ("Heron Team",),
        ("Northgate AI",),
        ("Google DeepMind",),
        ("\u0395\u03bb\u03ad\u03bd\u03b7 \u03a0\u03b1\u03c0\u03b1\u03b4\u03ac\u03ba\u03b7",),
        ("\u9093\u6653\u73b2", "Someone Else"),
        ("邓晓玲",),
        ("邓晓玲", "W. Ashgrove"),
        ("et al.",),
        ("Ashgrowe, Wilhelmina",),
    ],
)
def test_what_a_side_does_not_know_does_not_contradict(authors: tuple[str, ...]) -> None:
    assert_same(told("a", LONG, *PEOPLE), told("b", LONG, *authors))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jörg Mühlhäuser", "J. Muehlhaeuser"),
        ("Pieter van der Zandt", "Vanderzandt, Pieter"),
        ("Zandt, P. van der", "Pieter van der Zandt"),
        ("Omar Al-Rahim", "O. Alrahim"),
        ("JQ Thornbury", "John Q. Thornbury"),
    ],
)
def test_spellings_of_a_name_are_one_person(one: str, other: str) -> None:
    found = compare(told("a", LONG, one), told("b", LONG, other))
    assert found is not None
    assert [item.bits > 0 for item in found.evidence if item.field == "authors"] == [True]


@pytest.mark.parametrize(
    "authors", [("Gudrun Falkenrath",), ("Aldous Brandt", "Mei Castellanos"), ("Gudrun Falkenrath et al.",)]
)
def test_other_people_contradict(authors: tuple[str, ...]) -> None:
    assert_two(told("a", LONG, *PEOPLE), told("b", LONG, *authors))


@pytest.mark.parametrize(
    "title", [LONG, "Agentic Training Works", "Learning to See the Sea", "On Large Language Models", "What Data Want"]
)
def test_an_equal_title_of_three_words_is_enough_alone(title: str) -> None:
    assert_same(told("a", title), told("b", title.upper()))


@pytest.mark.parametrize(
    "title",
    [
        "Guest Editors' Introduction",
        "Introduction to the Special Issue on Tides",
        "Message from the Chairs",
        "Editorial",
    ],
)
def test_a_generic_title_is_not_enough(title: str) -> None:
    assert_two(told("a", title), told("b", title))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pelican: Brackish Attention for Estuary Sensing", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing: A Field Study", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing - a field study", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing (Extended Version)", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing. Proc. ICML 2024", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing in Proceedings of ICML", "Brackish Attention for Estuary Sensing"),
        (
            "Brackish Attention for Estuary Sensing [Erratum appears in J Tide 2020;4:2]",
            "Brackish Attention for Estuary Sensing",
        ),
        ("(2025) Brackish Attention for Estuary Sensing", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing 1", "Brackish Attention for Estuary Sensing"),
        ("[7] Brackish Attention for Estuary Sensing", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing (v3)", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Estuary Sensing\u00b2", "Brackish Attention for Estuary Sensing"),
        ("Pelican2: Brackish Attention for Estuary Sensing", "Brackish Attention for Estuary Sensing"),
        ("Brackish Attention for Est...", "Brackish Attention for Estuary Sensing"),
        ("Pelicans of the Kattegat Need Stronger", "Pelicans of the Kattegat Need Stronger Correction"),
        (
            "Brackish Attention for Estuary Sensing in Drifting Waters of the North Se",
            "Brackish Attention for Estuary Sensing in Drifting Waters of the North Sea and Beyond",
        ),
    ],
)
def test_a_part_of_a_title_is_that_paper_if_people_and_day_agree(one: str, other: str) -> None:
    assert_same(told("a", one, *PEOPLE, published_on=DAY), told("b", other, *PEOPLE, published_on=DAY))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Estuary Graph Routing", "Estuary Graph Routing for Harbour Pilots"),
        ("Estuary Graph Routing", "Estuary Graph Routing with Frozen Sensors"),
        ("Estuary Graph", "Estuary Graph Routing"),
        ("Estuary Graph Routing", "Estuary Graph Routing: Correction to the Published Table"),
        ("Estuary Graph Routing", "Estuary Graph Routing - Erratum"),
        ("Estuary Graph Routing", "Estuary Graph Routing, Part 2"),
        ("Estuary Graph Routing 2023", "Estuary Graph Routing 2024"),
        ("Estuary Graph Routing", "Author Correction: Estuary Graph Routing"),
        ("Estuary Graph Routing", "[Re] Estuary Graph Routing"),
        ("Estuary Graph Routing", "Estuary Graph Routing - Publisher's Erratum"),
        ("Estuary Graph Routing", "Retraction Note: Estuary Graph Routing"),
        ("Estuary Graph Routing", "Expression of Concern: Estuary Graph Routing"),
        ("Estuary Graph Routing", '"Estuary Graph Routing": Correction to Ashgrove et al.'),
        ("Estuary Graph Routing", "Estuary Graph Routing: A Survey"),
        ("Estuary Graph Routing", "Efficient Estuary Graph Routing"),
        ("Heron 2: Estuary Graph Routing", "Heron 2: Estuary Graph Routing, Part II"),
        ("Heron 2.1: Estuary Graph Routing", "Heron 21: Estuary Graph Routing"),
        ("Porting Estuary Graphs to C", "Porting Estuary Graphs to C++"),
    ],
)
def test_a_title_that_goes_on_is_another_paper(one: str, other: str) -> None:
    assert_two(told("a", one, *PEOPLE, published_on=DAY), told("b", other, *PEOPLE, published_on=DAY))


def test_sister_papers_with_one_template_are_two() -> None:
    crabs = ABSTRACT.replace("buoy", "crab").replace("harbours", "crabs")
    ducks = ABSTRACT.replace("buoy", "duck").replace("harbours", "ducks")
    one = told("a", "Sparse Memory Routing of Crabs in Tidal Forecasting", *PEOPLE, abstract=crabs, published_on=DAY)
    other = told("b", "Sparse Memory Routing of Ducks in Tidal Forecasting", *PEOPLE, abstract=ducks, published_on=DAY)
    assert verdict(one, other) is Verdict.UNDECIDED


def test_sister_papers_with_one_short_template_are_two() -> None:
    short = (
        "We study how silt affects the routing of {} moorings. We anchor ten of them under even and uneven swell and "
        "find that slack explains the losses attributed to barnacles. We release all charts."
    )
    one, other = (
        told(key, f"Robust {subject} Moorings in Muddy Harbours", *PEOPLE, abstract=short.format(subject))
        for key, subject in (("a", "image"), ("b", "audio"))
    )
    assert_two(one, other)
    assert_same(one, replace(one, key="b", abstract=short.format("pictured")))


def test_sister_papers_that_differ_in_what_they_counted_are_two() -> None:
    counted = (
        "We searched four archives and read {} logs of harbours. Two pilots judged them. {} in a hundred were right."
    )
    one = told("a", "Silting Channels: A Review of Logs", *PEOPLE, abstract=counted.format(41, 91))
    other = told("b", "Frozen Moorings: A Review of Logs", *PEOPLE, abstract=counted.format(27, 86))
    assert_two(one, other)
    again = replace(one, key="b", abstract=counted.format(42, 91))
    assert_same(one, again)


def test_nearly_one_abstract_under_titles_that_share_nothing_is_for_a_person_to_decide() -> None:
    one = told("a", "Quiet Gears", abstract=f"Number 1. {ABSTRACT}")
    assert verdict(one, told("b", "A Ladder of Toys", abstract=f"Number 2. {ABSTRACT}")) is Verdict.UNDECIDED
    assert_same(one, told("b", "A Ladder of Toys", abstract=f"Number 1. {ABSTRACT}"))


def test_a_version_that_a_publisher_made_of_a_preprint_is_that_paper() -> None:
    preprint = told("a", LONG, *PEOPLE, arxiv_id="2406.01234", published_on=date(2024, 6, 3))
    article = told("b", LONG, *PEOPLE, doi="10.1000/tide.7", published_on=date(2025, 4, 14))
    assert_same(preprint, article)
    assert_two(preprint, replace(article, authors=("Gudrun Falkenrath",)))
    assert verdict(replace(preprint, arxiv_id=None), article) is Verdict.UNDECIDED


def test_one_work_under_two_identifiers_is_for_a_person_to_decide() -> None:
    one, other = (
        told(key, LONG, *PEOPLE, arxiv_id=number) for key, number in (("a", "2406.01234"), ("b", "2409.04321"))
    )
    assert are_compared(one, other)
    assert verdict(one, other) is Verdict.OTHER_IDENTIFIER
    assert compare(one, replace(other, authors=("Gudrun Falkenrath",))) is None
    assert compare(one, replace(other, title="Dry Attention for Deserts")) is None


@pytest.mark.parametrize("letters", [200, 250, 300, 500])
def test_a_cut_abstract_finds_its_paper(letters: int) -> None:
    full = told("a", LONG, *PEOPLE, abstract=ABSTRACT)
    assert_same(full, record("b", abstract=ABSTRACT[:letters]))
    assert_two(full, record("b", abstract=OTHER_ABSTRACT[:letters]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zostera Meadows of Kattegat", "Zosterra Meadows of Kattegat"),
        ("Spindrift Moorings", "Spindrift Mooring"),
        (LONG, LONG.replace("Brackish", "Brakish")),
    ],
)
def test_misspelt_and_short_titles_find_each_other(one: str, other: str) -> None:
    assert_same(told("a", one, *PEOPLE, published_on=DAY), told("b", other, *PEOPLE, published_on=DAY))


def test_the_same_surname_with_other_given_names_is_somebody_else() -> None:
    assert_two(told("a", LONG, "Wilhelmina Ashgrove"), told("b", LONG, "Tobias Ashgrove"))


def test_a_bare_title_does_not_join_the_works_of_different_people() -> None:
    records = [told("a", LONG, "Wilhelmina Ashgrove"), told("b", LONG, "Gudrun Falkenrath"), told("c", LONG)]
    pairs = [(records[0], records[2]), (records[1], records[2]), (records[0], records[1])]
    found = [each for pair in pairs if (each := compare(*pair)) is not None]
    assert cluster(records, found) == (("a",), ("b",), ("c",))


def test_a_label_before_an_abstract_is_no_part_of_it() -> None:
    full = told("a", LONG, *PEOPLE, abstract=ABSTRACT)
    assert_same(full, record("b", abstract=f"Abstract: {ABSTRACT[:200]}"))


def test_a_short_title_needs_people_and_day() -> None:
    one, other = (told(key, "Spindrift", *PEOPLE, published_on=DAY) for key in "ab")
    assert_same(one, other)
    assert_two(replace(one, authors=(), published_on=None), replace(other, authors=(), published_on=None))


@pytest.mark.parametrize(
    "other", ["Heron: Low-Tide Mooring of Buoys via Spec…", "Heron: Low-Tide Mooring of Buoys via…"]
)
def test_cuts_at_other_places_are_one_paper_though_one_ends_like_a_number(other: str) -> None:
    whole = told("a", "Heron: Low-Tide Mooring of Buoys via Speculative Verification", *PEOPLE)
    stub = told("b", "Heron: Low-Tide Mooring of Buoys via Speculative V")
    cuts = (whole, stub, told("c", other))
    found = [each for left, right in ((0, 1), (0, 2), (1, 2)) if (each := compare(cuts[left], cuts[right]))]
    assert cluster(list(cuts), found) == (("a", "b", "c"),)


def test_a_title_that_says_it_goes_on_is_not_the_whole_title_with_the_same_words() -> None:
    assert_two(told("a", "Moorings Need Quiet…"), told("b", "Moorings Need Quiet"))
    assert_same(told("a", "Moorings Need Quiet…", *PEOPLE), told("b", "Moorings Need Quiet", *PEOPLE))
