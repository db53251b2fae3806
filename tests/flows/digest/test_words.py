"""What all channels say in the same words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from flows.digest.channel import Means
from flows.digest.channels import KINDS
from flows.digest.terminal import lines_of
from flows.digest.words import days_of, headline, left_out_line, title_of, where
from tests.support.issues import MONDAY, issue, item, paper, place, unread
from transforms.digest.interests import ANY
from transforms.digest.readers import Channel
from transforms.digest.records import News, Reason


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), "2 March 2026"),
        (date(2026, 3, 2), date(2026, 3, 8), "2 to 8 March 2026"),
        (date(2026, 3, 30), date(2026, 4, 5), "30 March to 5 April 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 December 2025 to 4 January 2026"),
        (date(2025, 3, 2), date(2026, 3, 8), "2 March 2025 to 8 March 2026"),
    ],
)
def test_days_are_said_once(since: date, until: date, said: str) -> None:
    assert days_of(issue(since_on=since, until_on=until)) == said


def test_a_list_is_said_once_a_day_and_the_others_are_counted() -> None:
    places = (
        place(section="top"),
        place(section="list"),
        place(source="weekly_review", partition_days=7, is_review=True),
        *(place(source="arxiv_announced", series=f"cs.{each}") for each in ("CL", "CV", "LG", "RO")),
    )
    said = where(item(paper=paper(places=places, upvotes=1200)))
    first = "hf_daily, 2 March 2026; weekly_review, week of 2 March 2026; arxiv_announced:cs.CL, 2 March 2026"
    assert said == f"{first}; arxiv_announced:cs.CV, 2 March 2026; 2 more lists; 1,200 upvotes"


def test_nothing_new_is_not_said_where_lists_could_not_be_looked_at() -> None:
    assert headline(issue()) == "nothing new"
    assert headline(issue(unread=(unread("refused"),))) == "1 list could not be looked at"
    assert headline(issue(unread=(unread("open"),))) == "nothing yet; 1 list is still open"
    assert headline(issue([item(), item(2, News.ROSE)])) == "1 new paper, 1 paper that rose"


def test_what_is_left_out_is_counted() -> None:
    assert left_out_line(issue()) is None
    assert (
        left_out_line(issue(left_out_count=1)) == "1 more paper fitted and is left out, also later: at_most is reached"
    )


def test_a_paper_without_a_visible_title_is_called_by_its_key() -> None:
    assert title_of(paper(title=" \n", abstract=None)) == "p1"
    assert title_of(paper(title=None, abstract=None)) == "p1"
    assert title_of(paper(title=None, abstract=f"We weave on {MONDAY}.")) == "We weave on 2026-03-02."


def test_where_nothing_was_wished_for_no_channel_begins_to_say_why() -> None:
    whole = issue([item(reasons=(Reason(kind=ANY, text="every paper"),))])
    means = Means(home=Path(), mail_from="digest@example.org")

    for kind in KINDS.values():
        (part,) = kind.parts(whole, Channel(kind=kind.name, name=kind.name, to="ada@example.org"), means)
        assert "Why:" not in part.payload, kind.name
    assert not [line for line in lines_of(whole, with_reasons=True) if "because" in line]
