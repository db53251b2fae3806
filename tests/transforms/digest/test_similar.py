"""Papers are alike by the words they are about: the same number for any order, and none for too little text."""

from __future__ import annotations

import random

from transforms.digest.phrases import text_of
from transforms.digest.similar import ALIKE_LEAST, Likeness, Profile, likeness_of, profile_of

TIDES = (
    "Tidal Lantern Drafters for Patient Harbours",
    """Lantern drafters propose tidal schedules that a harbour verifies. We train lantern drafters on estuary logs,
    measure how often a harbour accepts a tidal schedule, and show that drafters halve the waiting of barges.
    Pilots, sluices, moorings and quays are considered; silt, fog, ebb and storm are varied. The weather, the season,
    the river, the wind, the coast and the price of coal are recorded by an independent office.""",
)
SLUICES = (
    "Sluice Scheduling with Lantern Drafters",
    """A sluice opens when lantern drafters agree. Our drafters read estuary gauges and propose tidal openings, which
    the keeper accepts or refuses; lantern light tells barges. Reeds, eels, dykes, pumps, weirs, ferries and locks
    are considered, and drought and frost are varied. Engineers, farmers, villages and a museum of the railway were
    visited in autumn, and their opinions of water, bridges, roads, winter and flood are reported.""",
)
LOOMS = (
    "Looms That Learn Patterns of Wool",
    """Looms learn to weave wool after examples of cloth. We pretrain a loom on shuttles and threads, and tune it on
    carpets. Weavers prefer the carpets of our loom; dyes, knots, hems, seams, fringes, bobbins and spindles are
    considered, and linen, silk, hemp and felt are varied.""",
)


def profile(paper: tuple[str | None, str | None]) -> Profile:
    return profile_of(text_of(paper[0]), text_of(paper[1]))


def likeness(left: tuple[str | None, str | None], right: tuple[str | None, str | None]) -> Likeness | None:
    return likeness_of(profile(left), profile(right))


def test_papers_on_one_subject_are_alike_and_others_are_not() -> None:
    found = likeness(TIDES, SLUICES)
    assert found is not None
    assert found.similarity > ALIKE_LEAST
    assert set(found.words) <= {"drafter", "lantern", "tidal"}
    assert likeness(TIDES, LOOMS) is None


def test_likeness_is_the_same_both_ways_and_in_hundredths() -> None:
    assert likeness(TIDES, SLUICES) == likeness(SLUICES, TIDES)
    found = likeness(TIDES, SLUICES)
    assert found is not None
    assert found.similarity == round(found.similarity, 2)
    itself = likeness(TIDES, TIDES)
    assert itself is not None
    assert itself.similarity == 1


def test_the_order_of_words_changes_nothing() -> None:
    for seed in range(5):
        words = TIDES[1].split()
        random.Random(seed).shuffle(words)
        assert likeness((TIDES[0], " ".join(words)), SLUICES) == likeness(TIDES, SLUICES)


def test_a_title_alone_is_like_nothing() -> None:
    assert likeness((TIDES[0], None), TIDES) is None
    assert likeness(TIDES, (TIDES[0], None)) is None
    assert likeness((None, None), (None, None)) is None


def test_one_shared_word_is_not_enough() -> None:
    assert likeness((TIDES[0], TIDES[1]), ("Lantern Festivals", LOOMS[1] + " A lantern is lit.")) is None


def test_plurals_are_one_word_and_numbers_and_common_words_none() -> None:
    weights = profile(("Moths and a moth of 2026", "the model and the data of et al")).weights
    assert set(weights) == {"moth"}


def test_names_that_authors_coin_do_not_part_two_papers_but_join_them() -> None:
    plain = likeness(TIDES, SLUICES)
    coined = likeness((f"TideZap: {TIDES[0]}", TIDES[1]), SLUICES)
    shared = likeness((f"TideZap: {TIDES[0]}", TIDES[1]), (f"TideZap: {SLUICES[0]}", SLUICES[1]))
    assert plain is not None
    assert coined is not None
    assert shared is not None
    assert coined == plain
    assert shared.similarity > coined.similarity


def test_a_text_of_words_that_no_table_knows_is_like_nothing() -> None:
    unknown = "Lantern drafters. " + " ".join(f"zq{each}zq" for each in range(40))
    assert likeness(("Lantern Drafters", unknown), TIDES) is None
