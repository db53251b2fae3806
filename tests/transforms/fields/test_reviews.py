"""Reviews with their parts named; invented papers."""

from __future__ import annotations

import pytest

from transforms.fields.reviews import review
from transforms.records import ReviewText

SECTIONS = ("How it works.", "What was measured.", "How to repeat it.", "What it cannot do.")
OWN = "Tide tables will be cheaper. The paper influences harbours, and this framework introduces order."
VERDICT = "TideNet introduces a tide model. This work is sound."


def test_four_sections_have_names() -> None:
    found = review(ReviewText(summary=VERDICT, primary="Harbour Lab", sections=SECTIONS, impact=f"{OWN} {VERDICT}"))
    assert (found.methodology, found.experiments, found.reproducibility, found.limitations) == SECTIONS
    assert found.unassigned == ()
    assert found.primary_institution == "Harbour Lab"


def test_a_closing_line_that_adds_to_the_summary_prints_both_apart() -> None:
    found = review(ReviewText(summary=VERDICT, sections=SECTIONS, impact=f"{OWN} {VERDICT}"))
    assert (found.impact, found.verdict, found.summary, found.derived) == (OWN, VERDICT, VERDICT, ())


@pytest.mark.parametrize(
    "verdict",
    [
        "This paper introduces TideNet. It is sound.",
        "The paper rigorously establishes a bound on tides.",
        "The Reliable Tide Kernel introduces a model. This paper presents more.",
        "G$^3$Tide presents a module for harbours.",
        "The main contribution of this paper is a model of tides.",
    ],
)
def test_a_verdict_at_the_end_of_the_summary_is_found_by_its_wording(verdict: str) -> None:
    line = f"{OWN} {verdict}"
    found = review(ReviewText(summary=line, sections=SECTIONS, impact=line))
    assert (found.impact, found.verdict, found.summary) == (OWN, verdict, line)
    assert found.derived == ("impact", "verdict")


@pytest.mark.parametrize(
    "line",
    [
        "This paper introduces tides. It matters to harbours.",
        "It matters: 1. **Reach:** The paper establishes a benchmark. 2. This paper demonstrates nothing else",
        "It matters. This framework introduces order. It also presents tides.",
    ],
)
def test_without_such_wording_the_whole_line_is_impact(line: str) -> None:
    found = review(ReviewText(summary=line, sections=SECTIONS, impact=line))
    assert (found.impact, found.verdict, found.derived) == (line, None, ())


@pytest.mark.parametrize(
    "marker", ["EXPERIMENTAL_EVALUTION:", "EXPERIMENTAL_EVALUATION:", "**EXPERIMENTAL_EVALUATION:**"]
)
def test_a_leaked_marker_shows_where_the_experiments_hide(marker: str) -> None:
    sections = (f"How it works. {marker} What was measured.", *SECTIONS[2:])
    found = review(ReviewText(summary=VERDICT, sections=sections, impact=f"{OWN} {VERDICT}"))
    assert (found.methodology, found.experiments, found.reproducibility, found.limitations) == SECTIONS
    assert found.derived == ("experiments",)


@pytest.mark.parametrize(
    "sections",
    [
        SECTIONS[:3],
        SECTIONS[:1],
        ("How it works.", "EXPERIMENTAL_EVALUATION: What was measured.", "How to repeat it."),
        ("How it works. EXPERIMENTAL_EVALUATION: What was measured.", *SECTIONS[1:]),
    ],
)
def test_sections_that_cannot_be_told_apart_are_kept_unassigned(sections: tuple[str, ...]) -> None:
    found = review(ReviewText(summary=VERDICT, sections=sections, impact=f"{OWN} {VERDICT}"))
    assert found.unassigned == sections
    assert (found.methodology, found.experiments, found.reproducibility, found.limitations) == (None,) * 4
    assert (found.impact, found.verdict) == (OWN, VERDICT)


def test_a_short_review_is_its_verdict() -> None:
    found = review(ReviewText(summary="This  paper is\nsound."))
    assert (found.summary, found.verdict, found.impact, found.derived) == ("This paper is sound.",) * 2 + (None, ())
    assert found.primary_institution is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (ReviewText(summary=VERDICT, sections=SECTIONS), "4 sections without a closing line"),
        (ReviewText(summary=VERDICT, sections=(*SECTIONS, "More."), impact=VERDICT), "5 sections, at most 4"),
        (ReviewText(summary=VERDICT, sections=SECTIONS, impact=OWN), "does not end with the summary"),
        (ReviewText(summary="", sections=SECTIONS, impact=OWN), "does not end with the summary"),
    ],
)
def test_parts_that_contradict_each_other_are_an_error(text: ReviewText, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        review(text)
