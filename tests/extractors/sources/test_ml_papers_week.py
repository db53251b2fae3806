"""ML/AI Papers of the Week: weeks by their headings, rows as entries or rejections, damage refused by its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest

from extractors.errors import PageChanged
from extractors.landing.adopt import page_of_file
from extractors.sources.ml_papers_week import SOURCE
from flows.demo.pages import week_row, weeks_of_year, weeks_readme
from tests.support.patience import patient
from transforms.listing.checks import check
from transforms.listing.normalize import normalize_all
from transforms.records import (
    Entry,
    Level,
    Listing,
    Page,
    Rejection,
    Sighting,
)

MakePage = Callable[..., Page]
Normalized = Sequence[tuple[tuple[Sighting, ...], tuple[Rejection, ...]]]
LINKS = "[Paper](https://arxiv.org/abs/2212.00001), [Tweet](https://posts.example.org/1)"
READ_AT = datetime(2026, 6, 1, tzinfo=UTC)


def rows(texts: tuple[str, ...] = (), links: str = LINKS) -> list[str]:
    filled = [*texts, *("**A Paper** - a text." for _ in range(10 - len(texts)))]
    return [week_row(position, text, links) for position, text in enumerate(filled, start=1)]


def weeks(make_page: MakePage, *headings: str) -> list[date]:
    page = make_page("ml_papers_week", weeks_readme([(heading, rows()) for heading in headings]))
    return [listing.partition_on for listing in SOURCE.parse(page)]


def first_row(make_page: MakePage, text: str, links: str = LINKS) -> Entry:
    page = make_page("ml_papers_week", weeks_readme([("May 1-7) - 2023", rows((text,), links))]))
    entry = SOURCE.parse(page)[0].entries[0]
    assert entry.position == 1
    return entry


def test_the_index_is_asked_for_first_and_for_no_week() -> None:
    assert SOURCE.request is not None
    asked = [SOURCE.request(day, "http://127.0.0.1/lists/") for day in (date(2026, 1, 7), date(2024, 8, 12))]
    assert [each.asked_on for each in asked] == [None, None]
    assert {each.url for each in asked} == {"http://127.0.0.1/lists/README.md"}
    assert SOURCE.default_url is not None


@pytest.mark.parametrize(
    ("heading", "first"),
    [
        ("June 23 - June 29) - 2025", date(2025, 6, 23)),
        ("December 30 - January 5) - 2025", date(2024, 12, 30)),
        ("May 29-June 4) - 2023", date(2023, 5, 29)),
        ("Feb 13 - 19) - 2023", date(2023, 2, 13)),
        ("Jan 1-8) - 2023", date(2023, 1, 1)),
    ],
)
def test_a_week_is_named_by_its_first_day(make_page: MakePage, heading: str, first: date) -> None:
    assert weeks(make_page, heading) == [first]


def test_a_year_that_is_not_printed_follows_from_the_week_above(make_page: MakePage) -> None:
    printed = ("January 1 - January 7) - 2024", "Dec 25 - Dec 31)", "December 18-24)")
    assert weeks(make_page, *printed) == [date(2024, 1, 1), date(2023, 12, 25), date(2023, 12, 18)]


@pytest.mark.parametrize(
    ("headings", "complaint"),
    [
        (("May 8-14)",), "line 8: .*with a year unless"),
        (("May 8-14) - 2023", "April 17-23)"), "line 24: expected a year, or a week that ends in the 7 days before"),
        (("May 8-14) - 2023", "May 8-14) - 2023"), "line 24: .*found one that begins on 2023-05-08"),
        (("May 8-14) - 2023", "May 15-21) - 2023"), "line 24: .*found one that begins on 2023-05-15"),
        (("May 8-14) - 2023", "May 8-14)"), "line 24: expected a year"),
        (("May 8-31) - 2023",), "line 8: expected a window of at most 10 days"),
        (("May 14-8) - 2023",), "line 8: expected a window"),
        (("April 25-31) - 2023",), "line 8: expected a window"),
        (("Mai 8-14) - 2023",), "line 8: expected a window"),
        (("May 8th-14th) - 2023",), "line 8: expected '## Top AI Papers"),
    ],
)
def test_a_week_that_cannot_be_placed_is_refused(
    make_page: MakePage, headings: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(PageChanged, match=complaint):
        weeks(make_page, *headings)


def test_weeks_of_other_lengths_that_overlap_or_lie_apart_are_warnings(make_page: MakePage) -> None:
    headings = ("May 1 - May 9) - 2025", "April 28 - May 2) - 2025", "April 13 - April 20) - 2025")
    page = make_page("ml_papers_week", weeks_readme([(heading, rows()) for heading in headings]))
    found = [[finding.check_name for finding in listing.findings] for listing in SOURCE.parse(page)]
    assert found == [["window_days"], ["window_days", "weeks_overlap"], ["weeks_apart"]]


def test_weeks_of_six_to_eight_days_from_any_weekday_may_share_a_day(make_page: MakePage) -> None:
    headings = ("June 7 - June 14) - 2026", "May 31 - June 7) - 2026", "May 26 - May 31) - 2026", "May 18 - 25) - 2026")
    page = make_page("ml_papers_week", weeks_readme([(heading, rows()) for heading in headings]))
    listings = SOURCE.parse(page)
    assert [listing.partition_on.isoformat()[5:] for listing in listings] == ["06-07", "05-31", "05-26", "05-18"]
    assert not any(listing.findings for listing in listings)


def test_each_week_names_its_neighbours_on_the_page(make_page: MakePage) -> None:
    headings = ("March 23 - March 29) - 2026", "March 9 - March 15) - 2026", "March 1 - March 8) - 2026")
    page = make_page("ml_papers_week", weeks_readme([(heading, rows()) for heading in headings]))
    latest, middle, first = SOURCE.parse(page)
    assert (latest.previous_on, latest.next_on) == (date(2026, 3, 9), None)
    assert (middle.previous_on, middle.next_on) == (date(2026, 3, 1), date(2026, 3, 23))
    assert (first.previous_on, first.next_on) == (None, date(2026, 3, 9))


@pytest.mark.parametrize(
    ("heading", "first"),
    [
        ("Dec 28 - Jan 3)", date(2025, 12, 28)),
        ("January 1 - January 7) - 2026", date(2026, 1, 1)),
        ("Jan 1\u20138)", date(2026, 1, 1)),
        ("January 4 \u2013 January 11) \u2013 2026", date(2026, 1, 4)),
        ("Sept 7 - 13)", date(2026, 9, 7)),
    ],
)
def test_a_year_in_the_pages_title_is_that_of_each_weeks_last_day(
    make_page: MakePage, heading: str, first: date
) -> None:
    (listing,) = SOURCE.parse(make_page("ml_papers_week", weeks_of_year(2026, [(heading, rows())])))
    assert listing.partition_on == first


@pytest.mark.parametrize("title", ["# AI Papers of the Week \u2014 2024", "# ML Papers of The Week - 2024"])
def test_a_year_in_the_pages_title_gives_weeks_however_far_apart(make_page: MakePage, title: str) -> None:
    text = weeks_of_year(2024, [("May 6-12)", rows()), ("Jan 1-7)", rows())])
    text = text.replace(text.splitlines()[0], title)
    assert [each.partition_on.isoformat() for each in SOURCE.parse(make_page("ml_papers_week", text))] == [
        "2024-05-06",
        "2024-01-01",
    ]


def test_the_file_of_a_year_that_does_not_go_back_to_new_year_is_a_warning(make_page: MakePage) -> None:
    for heading, found in (("Dec 28 - Jan 3)", []), ("Jan 1-7)", []), ("Jan 2-8)", ["year_begins_late"])):
        (listing,) = SOURCE.parse(make_page("ml_papers_week", weeks_of_year(2024, [(heading, rows())])))
        assert [finding.check_name for finding in listing.findings] == found


def test_another_year_in_a_heading_than_in_the_pages_title_is_refused(make_page: MakePage) -> None:
    text = weeks_of_year(2026, [("Jan 12-18)", rows()), ("Jan 5-11) - 2025", rows())])
    with pytest.raises(PageChanged, match="line 24: expected a week that ends in 2026"):
        SOURCE.parse(make_page("ml_papers_week", text))


def test_every_week_is_told_whichever_was_asked_for(make_page: MakePage) -> None:
    text = weeks_readme([("May 8-14) - 2023", rows()), ("May 1-7)", rows())])
    for asked_on in (date(2023, 5, 1), date(2023, 5, 15), None):
        listings = SOURCE.parse(make_page("ml_papers_week", text, asked_on=asked_on))
        assert [listing.partition_on for listing in listings] == [date(2023, 5, 8), date(2023, 5, 1)]
        assert all(listing.is_closed for listing in listings)


def test_a_new_week_on_top_changes_nothing_of_the_others_but_their_places(make_page: MakePage) -> None:
    old, new = (
        SOURCE.parse(make_page("ml_papers_week", weeks_readme([(heading, rows()) for heading in headings])))[-1]
        for headings in (("May 1-7) - 2023",), ("May 8-14) - 2023", "May 1-7) - 2023"))
    )
    sightings = [normalize_all(listing, read_on=date(2026, 6, 1))[0] for listing in (old, new)]
    assert sightings[0] == sightings[1]


@pytest.mark.parametrize(
    ("text", "title", "summary"),
    [
        ("**MEM1** - an agent.", "MEM1", "an agent."),
        ("**MEM1** -an agent.", "MEM1", "an agent."),
        ("**MEM1**- an agent.", "MEM1", "an agent."),
        ("**MEM1**", "MEM1", None),
        ("**MEM1 - a study** - an agent.", "MEM1 - a study", "an agent."),
        ("MEM1  Introduces an agent - and  more.", "MEM1", "Introduces an agent - and  more."),
        ("MEM1 - introduces  An agent.", "MEM1", "introduces  An agent."),
        ("Chats vs. Agents  A study.", "Chats vs. Agents", "A study."),
        ("Can It Plan?  A study.", "Can It Plan?", "A study."),
        ("MEM1 Introduces an agent in  small letters.", None, "MEM1 Introduces an agent in  small letters."),
        ("MEM1 An agent. It plans.  Key points.", None, "MEM1 An agent. It plans.  Key points."),
        (f"{'Long ' * 30} - text.", None, f"{'Long ' * 30} - text."),
        ("Nothing tells here", None, "Nothing tells here"),
        ("*MEM1** - an agent.", "MEM1", "an agent."),
        ("****MEM1**** - - an agent.", "MEM1", "an agent."),
        ("****MEM1**** an agent.", "MEM1", "an agent."),
        ("**Memory (MEM1)**- an agent.", "Memory (MEM1)", "an agent."),
        ("**MEM 1** \u2013 an agent.", "MEM 1", "an agent."),
        ("** MEM1 ** -an agent - of a kind.", "MEM1", "an agent - of a kind."),
        ("**LLM-A*** - an agent with **bold** text.", "LLM-A*", "an agent with **bold** text."),
        ("**MEM1** - it bounds |x - y| by |z|.", "MEM1", "it bounds |x - y| by |z|."),
        ("**MEM1** - it bounds \\|x\\|.", "MEM1", "it bounds |x|."),
        ("**Q\\&A** - 5\\~6 agents.", "Q&A", "5~6 agents."),
    ],
)
def test_a_title_is_bold_or_told_by_a_dash_or_a_gap(
    make_page: MakePage, text: str, title: str | None, summary: str | None
) -> None:
    entry = first_row(make_page, text)
    assert (entry.title, entry.review and entry.review.summary) == (title, summary)
    assert entry.abstract is None


def test_points_are_paragraphs_of_the_summary(make_page: MakePage) -> None:
    page = make_page(
        "ml_papers_week", weeks_readme([("May 1-7) - 2023", rows(("**M** - text: <br>● A.  <br> ● B.",)))])
    )
    sightings, _ = normalize_all(SOURCE.parse(page)[0], read_on=date(2026, 6, 1))
    review = sightings[0].review
    assert review is not None
    assert review.summary == "text:\n\n● A.\n\n● B."
    assert (sightings[0].abstract_text, review.primary_institution) == (None, None)


@pytest.mark.parametrize(
    ("links", "found"),
    [
        (LINKS, [("paper", "https://arxiv.org/abs/2212.00001"), ("post", "https://posts.example.org/1")]),
        ("[Paper](https://a.example/x_(y))) , [Tweet)](https://b.example)", [("paper", "https://a.example/x_(y)")]),
        ("[Technical Report](https://a.example)[GitHub](https://b.example/c)", [("paper", "https://a.example")]),
        ("[Slides](https://a.example)", [("mention", "https://a.example")]),
        ("", []),
        (
            "[Paper](https://a.example) | [Code](https://b.example/c) |",
            [("paper", "https://a.example"), ("code", "https://b.example/c")],
        ),
        ("[Tweet](), [Paper](https://a.example)", [("paper", "https://a.example")]),
        ("[Tweet]( ) [Paper](#) ", []),
        ("[Paper](TBD), [Code](coming soon)", []),
        (
            "[Paper]( https://a.example ), [Code] (<https://b.example/c>)",
            [("paper", "https://a.example"), ("code", "https://b.example/c")],
        ),
        ('[Paper](https://a.example "A Paper"), [GitHub](https://b.example)', [("paper", "https://a.example")]),
    ],
)
def test_links_are_told_by_their_labels(make_page: MakePage, links: str, found: list[tuple[str, str]]) -> None:
    assert list(first_row(make_page, "**M** - text.", links).links[: max(1, len(found))]) == found


def first_sighting(make_page: MakePage, text: str, links: str) -> Sighting:
    page = make_page("ml_papers_week", weeks_readme([("May 1-7) - 2023", [week_row(1, text, links), *rows()[1:]])]))
    return normalize_all(SOURCE.parse(page)[0], read_on=date(2026, 6, 1))[0][0]


@pytest.mark.parametrize(
    ("links", "arxiv_id"),
    [
        ("[Tweet](https://arxiv.org/abs/2212.00001)", "2212.00001"),
        ("[\u8bba\u6587](https://arxiv.org/pdf/2212.00001v2)", "2212.00001"),
        ("[Tweet)](https://www.alphaxiv.org/abs/2212.00001)", "2212.00001"),
        ("[Blog](https://hf.co/papers/2212.00001), [Code](https://github.com/a/b)", "2212.00001"),
        ("[Code](https://arxiv.org/abs/2212.00002), [Paper](https://arxiv.org/abs/2212.00001)", "2212.00001"),
        ("[Paper](https://labs.example.org/a.pdf), [Tweet](https://arxiv.org/abs/2212.00001)", "2212.00001"),
        ("[Paper](https://arxiv.org/abs/2212.00001), [Paper 2](https://arxiv.org/abs/2212.00002)", None),
        ("[Tweet](https://arxiv.org/abs/2212.00001), [Blog](https://arxiv.org/abs/2212.00002)", None),
        ("[Paper](https://arxiv.org/list/cs.LG/new)", None),
    ],
)
def test_an_address_names_the_paper_whatever_its_label_but_paper_links_first(
    make_page: MakePage, links: str, arxiv_id: str | None
) -> None:
    assert first_sighting(make_page, "**M** - text.", links).arxiv_id == arxiv_id


@pytest.mark.parametrize("label", ["Paper", "PDF", "arXiv", "Technical Report", "\u8bba\u6587", "Paper )", "link"])
def test_a_papers_page_needs_no_known_label(make_page: MakePage, label: str) -> None:
    page = make_page("ml_papers_week", weeks_readme([("May 1-7) - 2023", rows(links=LINKS.replace("Paper", label)))]))
    (listing,) = SOURCE.parse(page)
    assert listing.findings == ()
    assert {entry.links[0][0] for entry in listing.entries} == {"paper"}


def test_an_empty_link_is_warned_of_and_costs_nothing_else(make_page: MakePage) -> None:
    links = "[Paper](https://arxiv.org/abs/2212.00001), [Tweet]()"
    text = weeks_readme([("May 1-7) - 2023", [week_row(1, "**M** - text.", links), *rows()[1:]])])
    (listing,) = SOURCE.parse(make_page("ml_papers_week", text))
    assert (len(listing.entries), len(listing.rejections)) == (10, 0)
    assert [(each.check_name, each.observed, each.place) for each in listing.findings] == [
        ("empty_link", "'Tweet'", "file:page line 11")
    ]


def test_a_row_keeps_its_name_under_another_title_if_its_paper_has_the_same_address(make_page: MakePage) -> None:
    links = "[Paper]({}), [Tweet](https://posts.example.org/1)"
    old, new, other, unlinked = (
        first_sighting(make_page, f"**{title}** - text.", links.format(address))
        for title, address in (
            ("Antibiotics by Graphs", "https://journal.example.org/articles/s1"),
            ("New Antibiotics (Journal)", "https://journal.example.org/articles/s1/"),
            ("New Antibiotics (Journal)", "https://journal.example.org/articles/s2"),
            ("New Antibiotics (Journal)", "coming soon"),
        )
    )
    assert old.sighting_key == new.sighting_key
    assert len({old.entry_key, other.entry_key, unlinked.entry_key}) == 3


@pytest.mark.parametrize(
    "row",
    [
        "| 1) **M** - text. | [Paper](https://arxiv.org/abs/2212.00002)",
        "| 1. **M** - text. | [Paper](https://arxiv.org/abs/2212.00002) |",
        "| 1)**M** - text. |[Paper](https://arxiv.org/abs/2212.00002)|  ",
        "| 1) **[M](https://arxiv.org/abs/2212.00002)** - text. | [Tweet](https://posts.example.org/1) |",
        "| 1) **M** - text. | [Paper](https://arxiv.org/abs/2212.00002) | |",
        "<!-- a note -->\n| 1) **M** - text. | [Paper](https://arxiv.org/abs/2212.00002) |",
    ],
)
def test_a_row_may_be_written_in_other_ways_that_look_the_same(make_page: MakePage, row: str) -> None:
    page = make_page("ml_papers_week", weeks_readme([("May 1-7) - 2023", [row, *rows()[1:]])]))
    (listing,) = SOURCE.parse(page)
    sightings, _ = normalize_all(listing, read_on=date(2026, 6, 1))
    review = sightings[0].review
    assert (sightings[0].title_text, sightings[0].arxiv_id) == ("M", "2212.00002")
    assert review is not None
    assert review.summary == "text."
    assert listing.findings == ()


def test_a_last_row_without_its_end_is_no_row_but_a_cut(make_page: MakePage) -> None:
    text = weeks_of_year(2023, [("Jan 1-7)", rows())]).rstrip("\n")
    for end in (" |", "", " | [Tweet](https://posts.example.org/1)"):
        page = make_page("ml_papers_week", text.removesuffix(" |") + end)
        if end == " |":
            assert len(SOURCE.parse(page)[0].entries) == 10
        else:
            with pytest.raises(PageChanged, match="the page may be cut"):
                SOURCE.parse(page)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("**a" + " " * 200_000 + "b", LINKS),
        ("**a" + " *" * 100_000, LINKS),
        ("|" * 200_000, LINKS),
        ("**M** - text.", "[a](" * 100_000),
        ("**M** - text.", "[a](x" + "(y)" * 100_000),
        ("**M** - text.", '[a](x "' * 50_000),
        ("**M** - text.", "[a](" + "w " * 100_000),
    ],
)
def test_a_hostile_row_costs_no_time(make_page: MakePage, text: str, links: str) -> None:
    page = make_page("ml_papers_week", weeks_readme([("May 1-7) - 2023", [week_row(1, text, links), *rows()[1:]])]))
    before = process_time()
    (listing,) = SOURCE.parse(page)
    assert process_time() - before < patient(2)
    assert len(listing.entries) + len(listing.rejections) == 10


def test_one_address_on_two_clearly_different_titles_gives_two_entries(make_page: MakePage) -> None:
    links = "[Paper](https://labs.example.org/report.pdf)"
    titles = ("**Sailing by Starlight Alone** - text.", "**Moss Carpets Considered Harmful** - text.")
    both = [week_row(at, title, links) for at, title in enumerate(titles, start=1)]
    text = weeks_readme([("May 1-7) - 2023", [*both, *rows()[2:]])])
    (listing,) = SOURCE.parse(make_page("ml_papers_week", text))
    sightings, rejections = normalize_all(listing, read_on=date(2026, 6, 1))
    assert [each.title_text for each in sightings[:2]] == [
        "Sailing by Starlight Alone",
        "Moss Carpets Considered Harmful",
    ]
    assert not [each for each in rejections if each.position <= 2]
    (found,) = [
        each for each in check(listing, sightings, rejections, SOURCE.expectations)
        if each.check_name == "identifier_shared"
    ]  # fmt: skip
    assert found.observed.startswith("https://labs.example.org/report.pdf for 'Sailing by")


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        ("| 1) **M** | text | no more |", "line 11: no cell with links between '|' at the end"),
        ("| 1) **M** - text |", "line 11: no cell with links"),
        ("| 1) **M** - text | [Paper](https://a.example", "line 11: no cell with links"),
        ("| 1)  | |", "line 11: no title None and no abstract None"),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected_with_its_line(make_page: MakePage, row: str, detail: str) -> None:
    text = weeks_readme([("May 1-7) - 2023", [row, *rows()[1:]])])
    listing = SOURCE.parse(make_page("ml_papers_week", text))[0]
    sightings, rejections = normalize_all(listing, read_on=date(2026, 6, 1))
    assert rejections[0].detail.startswith(detail)
    assert rejections[0].entry_text == row
    assert len(sightings) + len(rejections) == 10


@pytest.fixture(scope="module")
def real_page(shared_data: Path) -> Page:
    return page_of_file(shared_data / "other" / "dair" / "README.md", "ml_papers_week", READ_AT)


@pytest.fixture(scope="module")
def real(real_page: Page) -> tuple[Listing, ...]:
    return SOURCE.parse(real_page)


@pytest.fixture(scope="module")
def normalized(real: tuple[Listing, ...]) -> Normalized:
    return [normalize_all(listing, read_on=READ_AT.date()) for listing in real]


@pytest.mark.shared_data
def test_the_real_page_holds_130_weeks_of_ten_rows_without_a_gap(real: tuple[Listing, ...]) -> None:
    firsts = [listing.partition_on for listing in real]
    assert (len(real), len(set(firsts)), firsts[0], firsts[-1]) == (130, 130, date(2025, 6, 23), date(2023, 1, 1))
    steps = Counter((above - below).days for above, below in pairwise(firsts))
    assert steps == {7: 124, 8: 3, 6: 2}
    assert sum(first.year == 2023 for first in firsts) == 52
    assert {len(listing.entries) + len(listing.rejections) for listing in real} == {10}


@pytest.mark.shared_data
def test_the_real_page_loses_no_row_and_breaks_no_expectation(
    real: tuple[Listing, ...], normalized: Normalized
) -> None:
    assert sum(len(sightings) + len(rejections) for sightings, rejections in normalized) == 1300
    assert not any(rejections for _, rejections in normalized)
    assert not [error for listing in real for error in _errors(listing)]
    findings = [
        finding
        for listing, (sightings, rejections) in zip(real, normalized, strict=True)
        for finding in check(listing, sightings, rejections, SOURCE.expectations)
    ]
    assert Counter(finding.check_name for finding in findings) == {
        "stray_text_among_links": 8,
        "title_not_told": 2,
        "title_marks": 1,
        "identifier_shared": 1,
    }


@pytest.mark.shared_data
def test_the_real_pages_fields_are_those_that_were_counted_by_hand(
    normalized: Normalized,
) -> None:
    sightings = [sighting for found, _ in normalized for sighting in found]
    identified = [sighting for sighting in sightings if sighting.arxiv_id]
    assert (len(identified), len({sighting.arxiv_id for sighting in identified})) == (1101, 1098)
    assert sum(sighting.arxiv_version is not None for sighting in sightings) == 96
    assert sum(sighting.title_text is None for sighting in sightings) == 2
    assert sum(sighting.review is None for sighting in sightings) == 5
    assert sum("\n\n" in sighting.review.summary for sighting in sightings if sighting.review) == 149
    assert all(sighting.links and sighting.abstract_text is None for sighting in sightings)
    assert max(len(sighting.title_text or "") for sighting in sightings) == 134


@pytest.mark.shared_data
def test_one_identifier_on_two_real_papers_gives_two_sightings_and_true_repeats_keep_their_name(
    normalized: Normalized,
) -> None:
    places = {
        arxiv_id: [
            (sighting.partition_on, sighting.entry_key, sighting.title_text)
            for found, _ in normalized
            for sighting in found
            if sighting.arxiv_id == arxiv_id
        ]
        for arxiv_id in ("2408.05109", "2306.05284", "2307.13528")
    }
    shared = places.pop("2408.05109")
    assert [(day, title) for day, _, title in shared] == [
        (date(2024, 8, 12), "Scaling LLM Test-Time Compute Optimally"),
        (date(2024, 8, 12), "Survey of NL2QL"),
    ]
    assert len({key for _, key, _ in shared}) == 2
    assert all(key.startswith("2408.05109+") for _, key, _ in shared)
    for arxiv_id, found in places.items():
        assert len({day for day, _, _ in found}) == 2
        assert {key for _, key, _ in found} == {arxiv_id}


@pytest.mark.slow
@pytest.mark.shared_data
def test_a_real_page_without_one_line_is_refused_or_says_the_same(real_page: Page, real: tuple[Listing, ...]) -> None:
    """Lines of the newest and the first weeks and of both ends of the README; a week's last row is the exception."""
    lines = real_page.body.decode().splitlines(keepends=True)
    for index in [*range(150, 170), *range(1272, 1280), *range(2124, len(lines))]:
        damaged = replace(real_page, body="".join(lines[:index] + lines[index + 1 :]).encode())
        if lines[index].startswith("| 10)"):
            _must_have_a_week_of_nine(damaged)
        elif lines[index].startswith(("|", "##")):
            with pytest.raises(PageChanged, match=r"README\.md line \d+: expected"):
                SOURCE.parse(damaged)
        else:
            assert _facts(SOURCE.parse(damaged)) == _facts(real)


@pytest.mark.shared_data
def test_a_real_page_cut_before_its_last_week_is_refused(real_page: Page) -> None:
    last_week = real_page.body.index(b"## Top ML Papers of the Week (Jan 1-8)")
    for end in range(100, last_week, last_week // 40):
        with pytest.raises(PageChanged):
            SOURCE.parse(replace(real_page, body=real_page.body[:end]))


@pytest.mark.shared_data
def test_a_real_page_cut_in_its_last_week_gives_no_wrong_row(real_page: Page, real: tuple[Listing, ...]) -> None:
    last_week = real_page.body.index(b"## Top ML Papers of the Week (Jan 1-8)")
    facts = _facts(real)
    for end in range(last_week + 1, len(real_page.body), 400):
        try:
            found = SOURCE.parse(replace(real_page, body=real_page.body[:end]))
        except PageChanged:
            continue
        assert _facts(found) == facts[: len(_facts(found))]
        if len(_facts(found)) < len(facts):
            assert "entries_min" in _errors(found[-1])


def _must_have_a_week_of_nine(page: Page) -> None:
    """Nothing in a table says that a tenth row is missing: that a week has ten is an expectation."""
    short = [listing for listing in SOURCE.parse(page) if len(listing.entries) != 10]
    assert [_errors(listing) for listing in short] == [["entries_min"]]


def _errors(listing: Listing) -> list[str]:
    sightings, rejections = normalize_all(listing, read_on=READ_AT.date())
    found = check(listing, sightings, rejections, SOURCE.expectations)
    return [finding.check_name for finding in found if finding.level is Level.ERROR]


def _facts(listings: tuple[Listing, ...]) -> list[tuple[object, ...]]:
    return [
        (listing.partition_on, entry.position, entry.said, entry.title, entry.review, entry.links)
        for listing in listings
        for entry in listing.entries
    ]
