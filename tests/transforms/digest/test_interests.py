"""A paper is chosen by any wish if it meets all conditions; reasons say why, and a refusal why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from transforms.digest.interests import ANY, Choice, Liked, Nearest, wanted
from transforms.digest.readers import Interests
from transforms.digest.records import DigestPaper, Place, ReviewNote
from transforms.digest.similar import ALIKE_LEAST
from transforms.records import Link

MONDAY = date(2026, 3, 2)
ABSTRACT = (
    "Lantern drafters propose tidal schedules that a harbour verifies. We train lantern drafters on estuary logs, "
    "measure how often a harbour accepts a tidal schedule, and show that drafters halve the waiting of barges. "
    "Pilots, sluices, moorings and quays are considered, unlike in sparse attention; silt, fog and storm are varied."
)
PAPER = DigestPaper(
    paper_key="p1",
    record="hf_daily/2026-03-02/-/2603.00001",
    previous_keys=("p0",),
    title="Flow-Matching Lanterns: Drafters at Night",
    abstract=ABSTRACT,
    authors=("Ada Örn", "Bo Sample", "J. Torr"),
    institutions=("Google DeepMind", "MIT"),
    categories=("cs.CL", "stat.ML"),
    keywords=("lanterns", "moth wings"),
    upvotes=12,
    first_on=MONDAY,
    places=(Place(source="hf_daily", partition_on=MONDAY, position=1),),
)
ARCHIVED = Place(source="arxiv_announced", series="cs.LG", partition_on=MONDAY, position=1)


def chosen(paper: DigestPaper = PAPER, liked: tuple[Liked, ...] = (), **interests: Any) -> Choice | None:
    return wanted(Interests(**interests), liked).choice(paper)


def why(paper: DigestPaper = PAPER, liked: tuple[Liked, ...] = (), **interests: Any) -> list[tuple[str, str]]:
    choice = chosen(paper, liked, **interests)
    return [(each.kind, each.text) for each in choice.reasons] if choice else []


def refusal(paper: DigestPaper = PAPER, liked: tuple[Liked, ...] = (), **interests: Any) -> str:
    return wanted(Interests(**interests), liked).refusal(paper)


def test_without_wishes_every_paper_that_meets_the_conditions_is_chosen() -> None:
    assert why() == [(ANY, "every paper")]
    assert why(sources=("hf_daily",), upvotes=10) == [
        (ANY, "every paper that is listed by hf_daily and has 10 upvotes or more")
    ]


def test_words_are_found_in_the_title_and_in_an_abstract_that_is_about_them() -> None:
    assert why(words=("flow matching",)) == [("words", "title has “flow matching”")]
    assert why(words=("drafter*",)) == [("words", "title has “drafters” (drafter*)")]
    assert why(words=("tidal schedule",)) == [("words", "abstract has “tidal schedule” 2 times")]
    assert why(words=("no such word",)) == []


def test_a_word_said_in_passing_chooses_nothing_and_the_refusal_says_so() -> None:
    assert why(words=("sparse attention",)) == []
    said = refusal(words=("sparse attention",))
    assert "abstract has “sparse attention”, and is more about" in said
    assert "drafter" in said


def test_a_word_in_passing_is_told_beside_one_of_the_title() -> None:
    assert why(words=("sparse attention", "flow matching")) == [
        ("words", "title has “flow matching”"),
        ("words", "abstract has “sparse attention”"),
    ]


def test_keywords_count_where_there_is_no_abstract() -> None:
    assert why(words=("moth wing",)) == []
    assert why(replace(PAPER, abstract=None), words=("moth wing",)) == [("words", "keywords have “moth wing”")]


def test_authors_are_those_who_were_named() -> None:
    assert why(authors=("Ada Orn",)) == [("authors", "by Ada Örn (Ada Orn)")]
    assert why(authors=("Sample, Bo",)) == [("authors", "by Bo Sample (Sample, Bo)")]
    assert why(authors=("Ada Örn",)) == [("authors", "by Ada Örn")]
    assert why(authors=("Torr",)) == [("authors", "by J. Torr, whose family name is Torr")]
    assert why(authors=("Bertil Sample",)) == []


def test_institutions_are_found_by_their_other_names_too() -> None:
    assert why(institutions=("google",)) == [("institutions", "from Google DeepMind (google)")]
    interests = Interests(institutions=("Massachusetts Institute of Technology",))
    assert wanted(interests).choice(PAPER) is None
    aliases = [("MIT", "Massachusetts Institute of Technology")]
    choice = wanted(interests, (), aliases).choice(PAPER)
    assert choice is not None
    assert choice.reasons[0].text == "from MIT (Massachusetts Institute of Technology)"


@pytest.mark.parametrize(
    ("category", "reason"),
    [("cs.CL", "in cs.CL"), ("CS.cl", "in cs.CL"), ("stat", "in stat.ML"), ("cs.*", "in cs.CL"), ("cs.LG", None)],
)
def test_a_category_is_one_or_a_whole_archive(category: str, reason: str | None) -> None:
    assert why(categories=(category,)) == ([("categories", reason)] if reason else [])


def test_a_paper_like_a_liked_one_is_chosen_and_the_liked_one_is_not() -> None:
    liked = Liked(paper_key="p9", name="2603.00009", title="Lantern Drafters", abstract=ABSTRACT)
    ((kind, text),) = why(liked=(liked,), like=("2603.00009",))
    assert kind == "like"
    assert text.startswith("like 2603.00009: both about drafter, lantern, ")
    assert why(liked=(replace(liked, paper_key="p1"),), like=("2603.00009",)) == []
    assert why(liked=(replace(liked, paper_key="p0"),), like=("2603.00009",)) == []
    assert why(like=("2603.00009",)) == []


FAR = Liked(
    paper_key="p9",
    name="2603.00009",
    title="Words of the Night",
    abstract="A drafter of the night is a drafter. Roads, the weather, the season, the river, the wind, the coast, "
    "coal, a hotel, a museum of a railway, farmers, villages, engineers, bridges, winter, floods and cinema are told. "
    "The museum has a railway, the railway a museum; a flood of the river floods villages, and farmers flood villages.",
)
LONG = replace(
    PAPER,
    abstract=f"{ABSTRACT} Kitchens, silver, copper, gardens, weddings, ships, rings, lemons, golden sails, harvests.",
)


def test_a_refusal_names_the_nearest_liked_paper() -> None:
    assert "like 2603.00009 only by 0." in refusal(LONG, liked=(FAR,), like=("2603.00009",))


def test_where_nothing_is_near_a_liked_paper_the_nearest_is_known() -> None:
    near = replace(FAR, paper_key="p8", name="2603.00008", title="Lantern Drafters", abstract=ABSTRACT)
    alone = replace(FAR, paper_key="p7", name="2603.00007", title="Wool", abstract="Wool.")
    wishes = wanted(Interests(like=("2603.00009", "2603.00008", "2603.00007")), (FAR, near, alone))
    far, none = wishes.nearest((LONG,))
    assert far.text.startswith("like 2603.00009: nothing is near enough; the nearest is “Flow-Matching Lanterns: ")
    assert far.text.endswith(f"({far.similarity:.2f} of {ALIKE_LEAST:.2f})")
    assert none.text == "like 2603.00007: nothing is near enough; no paper shares its main words"
    assert wishes.nearest(()) == tuple(
        Nearest(name=each.name, title=None, similarity=0.0) for each in (FAR, near, alone)
    )
    assert wanted(Interests()).nearest((LONG,)) == ()


def test_any_wish_chooses_and_every_condition_must_hold() -> None:
    wishes: dict[str, Any] = {"words": ("nothing",), "categories": ("stat",)}
    assert why(**wishes)
    for unmet in (
        {"sources": ("weekly_review",)},
        {"has_code": True},
        {"upvotes": 13},
        {"reviewed": True},
        {"not_words": ("lantern",)},
        {"not_words": ("moth wing",)},
        {"not_words": ("sparse attention",)},
    ):
        assert why(**wishes, **unmet) == [], unmet


def test_conditions_look_at_what_is_known() -> None:
    code = replace(PAPER, links=(Link(kind="code", url="https://example.org/code"),))
    assert chosen(code, has_code=True)
    assert chosen(replace(PAPER, reviews=(ReviewNote(source="weekly_review", partition_on=MONDAY),)), reviewed=True)
    assert chosen(replace(PAPER, places=(replace(PAPER.places[0], is_review=True),)), reviewed=True)
    assert chosen(upvotes=12)
    assert not chosen(replace(PAPER, upvotes=None), upvotes=1)
    assert chosen(replace(PAPER, upvotes=None))


@pytest.mark.parametrize(
    ("source", "is_met"),
    [("arxiv_announced", True), ("arxiv_announced:cs.LG", True), ("arxiv_announced:cs.CL", False), ("hf_daily", False)],
)
def test_a_source_is_named_with_its_list_or_without(source: str, is_met: bool) -> None:
    assert bool(chosen(replace(PAPER, places=(ARCHIVED,)), sources=(source,))) is is_met


def test_a_refusal_says_everything_in_one_line() -> None:
    said = refusal(
        words=("zeppelin",),
        sources=("weekly_review",),
        has_code=True,
        upvotes=20,
        reviewed=True,
        not_words=("lantern",),
    )
    assert said == (
        "it is in no list of weekly_review (sources); no link to its code is known (has_code); "
        "12 upvotes, and at least 20 are wanted (upvotes); it has no review (reviewed); "
        "title has “lantern” (not_words); it fulfils no wish (words)"
    )
    bare = replace(PAPER, authors=(), institutions=(), categories=())
    assert refusal(bare, authors=("Ada Örn",), institutions=("MIT",), categories=("cs",)) == (
        "it fulfils no wish (authors, institutions, categories); its authors are not known; "
        "its institutions are not known; its categories are not known"
    )
    assert (
        refusal(replace(PAPER, upvotes=None), upvotes=1) == "no upvotes are known, and at least 1 are wanted (upvotes)"
    )
    assert refusal(words=("flow matching",)) == ""


def score(paper: DigestPaper = PAPER, **interests: Any) -> float:
    choice = chosen(paper, **interests)
    assert choice is not None
    return choice.score


def test_more_and_rarer_reasons_rank_higher() -> None:
    assert score(words=("lantern", "night")) > score(words=("lantern",)) > score(words=("night",))
    assert score(words=("lantern",), categories=("cs",)) > score(words=("lantern",))
    assert score(categories=("cs.CL",)) > score(categories=("cs",)) > score()
    reasons = why(words=("night", "lantern"), categories=("cs",))
    assert [text for _, text in reasons] == ["title has “lantern”", "title has “night”", "in cs.CL"]


def test_upvotes_order_only_what_is_equal_otherwise() -> None:
    few, many = replace(PAPER, upvotes=0), replace(PAPER, upvotes=100_000)
    assert score(few) < score(PAPER) < score(many)
    assert score(many, categories=("cs",)) < score(few, categories=("cs.CL",))


def test_a_paper_of_which_little_is_known_is_no_error() -> None:
    bare = DigestPaper(paper_key="p", record="r", first_on=MONDAY)
    everything: dict[str, Any] = {
        "words": ("flow",),
        "authors": ("Ada Örn",),
        "institutions": ("MIT",),
        "categories": ("cs",),
        "like": ("x",),
        "not_words": ("survey",),
    }
    assert chosen(bare, (Liked(paper_key="q", name="x"),), **everything) is None
    assert refusal(bare, (Liked(paper_key="q", name="x"),), **everything)
    assert chosen(bare)


def test_what_can_mean_nothing_is_an_error() -> None:
    no_name: tuple[dict[str, Any], ...] = ({"words": ("…",)}, {"not_words": ("…",)}, {"authors": ("…",)})
    for interests in (*no_name, {"institutions": ("…",)}):
        with pytest.raises(ValueError, match="there is no"):
            wanted(Interests(**interests))
