"""Writes every saved page and its case file anew: `python tests/pages/make.py` from the project's root.

All pages are reconstructed: the real shape, invented papers. Goldens are made by the test that reads the pages.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from flows.demo.pages import (  # noqa: E402
    SITE,
    ListedText,
    hf_card,
    hf_day_page,
    hf_item,
    hf_page,
    listing_dump,
    long_review,
    week_row,
    weekly_dump,
    weeks_index,
    weeks_of_year,
    weeks_readme,
)
from flows.demo.papers import InventedPaper, invented_paper, invented_review  # noqa: E402 - run as a script

DAY = date(2026, 1, 7)
WEEK = date(2025, 12, 29)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One saved page: `asked_on` None means that it was adopted from a file."""

    source: str
    suffix: str
    name: str
    why: str
    text: str
    fetched_at: str = "2026-01-08T12:00:00Z"
    asked_on: date | None = None
    url: str | None = None

    def write(self) -> None:
        """Write page and case file into the case's folder."""
        folder = HERE / self.source / self.name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"page.{self.suffix}").write_text(self.text, encoding="utf-8", newline="")
        facts = {"origin": "reconstructed", "why": self.why, "fetched_at": self.fetched_at}
        facts |= {"asked_on": self.asked_on.isoformat()} if self.asked_on else {}
        facts |= {"url": self.url} if self.url else {}
        lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in facts.items()]
        (folder / "case.toml").write_text("".join(lines), encoding="utf-8")


def daily() -> Iterator[Case]:
    """The day pages."""
    items = [_item(invented_paper(number)) for number in range(1, 4)]
    page = hf_day_page(DAY, items, next_on=date(2026, 1, 8))
    case = Case(source="hf_daily", suffix="html", name="closed_day", why="a whole page of a closed day", text=page)
    case = replace(case, asked_on=DAY, url=f"{SITE}/papers/date/{DAY}")
    yield case
    yield replace(case, name="open_day", why="no nextDate yet: the list may grow", text=hf_day_page(DAY, items[:1]))
    yield replace(
        case,
        name="adopted_day",
        why="adopted from a file: the page alone says which day it is",
        asked_on=None,
        url=None,
    )
    yield replace(case, name="wrong_day", why="a Saturday redirects to another day's list", asked_on=date(2026, 1, 10))
    yield replace(case, name="empty_day", why="an empty list is never loaded", text=hf_day_page(DAY, []))
    yield replace(
        case, name="cut_page", why="a page cut in its cards, while its JSON is whole", text=page[: len(page) * 3 // 4]
    )
    yield replace(
        case, name="changed_layout", why="the list has another name", text=page.replace("dailyPapers", "papersOfDay")
    )
    yield replace(
        case,
        name="cards_only",
        why="no JSON, the day known by its address",
        text=hf_day_page(DAY, items, with_json=False),
    )
    yield replace(
        case,
        name="cards_only_adopted",
        why="no JSON, and no address that says which day it is",
        text=hf_day_page(DAY, items, with_json=False),
        asked_on=None,
        url=None,
    )
    yield replace(
        case, name="cards_in_other_order", why="cards and JSON disagree", text=_with_cards(items, items[::-1])
    )
    yield from _daily_items(case, items)


def _daily_items(case: Case, items: Sequence[dict[str, Any]]) -> Iterator[Case]:
    def page_with(changed: dict[str, Any]) -> str:
        return hf_day_page(DAY, [items[0], changed, items[2]], next_on=date(2026, 1, 8))

    paper = items[1]["paper"]
    yield replace(
        case,
        name="unknown_field",
        why="a new field and a vanished one are warnings",
        text=page_with({**_without(items[1], "numComments"), "paper": {**paper, "aiVerdict": "new"}}),
    )
    yield replace(
        case, name="submitter_missing", why="2603.16733 had none", text=page_with(_without(items[1], "submittedBy"))
    )
    yield replace(
        case,
        name="title_missing",
        why="one bad item is a rejection, not a lost page",
        text=page_with({**items[1], "paper": _without(paper, "title")}),
    )
    yield replace(
        case,
        name="unreadable_item",
        why="an item of another shape is a rejection",
        text=page_with({**items[1], "paper": {**paper, "authors": "Ada Alder"}}),
    )
    hostile = "a > b \"quoted\" 'single' </script> </div> &amp; <article> é \u202e"
    yield replace(
        case,
        name="hostile_title",
        why="`>`, quotes, end tags and an entity inside the attribute",
        text=page_with({**items[1], "title": hostile, "paper": {**paper, "title": hostile}}),
    )
    yield replace(
        case,
        name="outer_title_differs",
        why="the paper's own title is used, with a warning",
        text=page_with({**items[1], "title": "Another Title"}),
    )
    yield replace(
        case,
        name="other_upvotes_on_card",
        why="a warning only",
        text=_with_cards(items, [_voted(items[0]), *items[1:]]),
    )


def weekly() -> Iterator[Case]:
    """The weekly dumps."""
    papers = [invented_paper(number) for number in range(20, 35)]
    long = [invented_review(paper, is_variant_a=paper.number % 2 == 0) for paper in papers]
    mixed = [invented_review(paper, is_long=paper.number % 3 == 0) for paper in papers]
    text = weekly_dump(WEEK, long[:3], long[3:])
    why = "variants A and B, a week over New Year"
    case = Case(source="weekly_review", suffix="txt", name="long_reviews", why=why, text=text)
    yield case
    yield replace(case, name="wrong_week", why="another week was asked for", asked_on=WEEK + timedelta(days=7))
    yield replace(
        case, name="short_reviews", why="short and long ones mixed", text=weekly_dump(WEEK, mixed[:3], mixed[3:])
    )
    yield replace(case, name="experiments_marker", why="three sections and a leaked marker", text=_marked(papers, long))
    yield replace(case, name="placeholders", why="unknown institutions", text=_placeholders(papers, long))
    yield replace(
        case, name="changed_layout", why="a header that is none", text=text.replace("Last 7 Days", "The Week in Papers")
    )
    yield replace(case, name="other_days", why="header and dates disagree", text=text.replace("Last 7", "Last 8"))
    lines = text.splitlines(keepends=True)
    yield replace(
        case, name="lost_section", why="one section of one review is gone", text="".join(lines[:60] + lines[61:])
    )
    yield replace(
        case, name="blank_line", why="a blank line is no token", text="".join([*lines[:10], "\n", *lines[10:]])
    )


def listing() -> Iterator[Case]:
    """The listing dumps."""
    papers = [invented_paper(number) for number in range(40, 45)]
    texts = [
        ListedText(title=paper.title, abstract=paper.abstract, who="  \u2022 3 authors", dated=dated)
        for paper, dated in zip(papers, ("Jan 5", "Dec 30", "Mar 3, 2025", "Nov 9, 2024", "Jan 2"), strict=True)
    ]
    text = listing_dump("Jan 7", texts)
    case = Case(source="hf_listing_text", suffix="txt", name="whole", why="every kind of date", text=text)
    yield case
    bare = replace(texts[1], who=None, dated=None)
    yield replace(
        case,
        name="no_block",
        why="the next title follows at once",
        text=listing_dump("Jan 7", [texts[0], bare, *texts[2:]]),
    )
    dated = [
        replace(texts[0], dated="Mar 3, 2025 12"),
        replace(texts[1], dated="Apr 25 2", who="exu Example University"),
    ]
    yield replace(case, name="comments", why="a number behind the date", text=listing_dump("Jan 7", dated))
    yield replace(
        case,
        name="over_new_year",
        why="the page's own hidden year is the year before the reading",
        text=listing_dump("Dec 31", texts[1:3]),
    )
    yield replace(
        case, name="changed_layout", why="another preamble", text=case.text.replace("Daily Papers", "Papers of the Day")
    )
    yield replace(case, name="cut_date", why="`Jan 2` may be the start of `Jan 21`", text=case.text.rstrip("\n"))
    yield replace(case, name="last_without_block", why="may be cut", text=listing_dump("Jan 7", [texts[0], bare]))


def readme() -> Iterator[Case]:
    """The README of weekly lists."""
    new_year, christmas = _rows_of_every_kind(), _plain_rows(60)
    weeks = [("January 1 - January 7) - 2024", new_year), ("Dec 25-31)", christmas)]
    case = Case(
        source="ml_papers_week",
        suffix="md",
        name="every_kind_of_row",
        why="every kind of row, a heading without year, one identifier on two papers",
        text=weeks_readme(weeks),
    )
    yield case
    yield replace(
        case,
        name="week_not_on_page",
        why="the page tells all its weeks, whichever was asked for",
        asked_on=date(2024, 1, 8),
        text=weeks_readme([("December 29 - January 5) - 2025", christmas), ("December 23 - 29) - 2024", christmas)]),
    )
    yield replace(
        case,
        name="unreadable_rows",
        why="a row without links at its end and one with half a link are rejections",
        text=weeks_readme([("December 25 - December 31) - 2023", _with_bad_rows(christmas))]),
    )
    text, lines = case.text, case.text.splitlines(keepends=True)
    yield replace(
        case, name="changed_layout", why="the headings have other words", text=text.replace("Top ML", "Best AI")
    )
    yield replace(case, name="lost_row", why="the numbers skip one", text="".join(lines[:15] + lines[16:]))
    heading = next(at for at, line in enumerate(lines) if line.startswith("## Top") and "Dec" in line)
    yield replace(
        case, name="lost_heading", why="two tables in one week", text="".join(lines[:heading] + lines[heading + 1 :])
    )
    yield replace(case, name="lost_week", why="fewer weeks than the contents", text="".join(lines[:heading]))
    yield replace(
        case, name="same_week_twice", why="never merged", text=weeks_readme([weeks[0], (weeks[0][0], christmas)])
    )
    yield replace(case, name="no_year", why="no week above tells the year", text=weeks_readme(weeks[1:]))
    yield replace(case, name="cut_row", why="the last row has no end", text=text[: text.rindex(" | [Paper]") + 30])
    yield from _year_files(case)


def _year_files(case: Case) -> Iterator[Case]:
    """The weekly lists since they moved into a file per year."""
    june = [("May 31 - June 7) - 2026", _plain_rows(70)), ("May 24 - May 31) - 2026", _odd_rows())]
    march = [("March 23 - March 29)", _plain_rows(80)), ("March 9 - March 15)", _plain_rows(90))]
    yield replace(
        case,
        name="year_file",
        why="weeks from Sunday to Sunday that share a day, one week missing, the year printed or in the title alone",
        text=weeks_of_year(2026, [*june, *march]),
        url="https://lists.example.org/years/2026.md",
    )
    yield replace(
        case,
        name="over_new_year",
        why="a week is in the file of the year of its last day; the file goes back to January",
        text=weeks_of_year(2025, [("Jan 6-12)", _plain_rows(70)), ("December 30 - January 5)", _plain_rows(80))]),
    )
    yield replace(
        case,
        name="other_year",
        why="a heading with another year than the page's title is refused: each January invites it",
        text=weeks_of_year(2026, [("January 5 - January 11) - 2025", _plain_rows(70))]),
    )
    yield replace(
        case,
        name="index",
        why="the index holds no weeks: it is named, not taken for a changed layout",
        text=weeks_index({2026: ["June 14 - June 21", "June 7 - June 14"], 2025: ["December 22 - December 28"]}),
    )


def _plain_rows(first: int) -> list[str]:
    papers = [invented_paper(number, "2312") for number in range(first, first + 10)]
    return [
        week_row(position, f"**{paper.title}** - {_opening(paper)}", _paper_and_tweet(paper))
        for position, paper in enumerate(papers, start=1)
    ]


def _rows_of_every_kind() -> list[str]:
    papers = [invented_paper(number, "2401") for number in range(50, 60)]
    links = [_paper_and_tweet(paper) for paper in papers]
    texts = [f"**{paper.title}** - {_opening(paper)}" for paper in papers]
    texts[1] = f"{papers[1].title} - {_opening(papers[1])}"
    texts[2] = f"{papers[2].title}  {_opening(papers[2])}  Key points:  <br>● First one. <br> ● Second one."
    texts[3] = f"{papers[3].title} {_opening(papers[3])}"
    texts[4] = f"**{papers[4].title}: Q\\&A**"
    texts[5] = f"*{papers[5].title}** - {_opening(papers[5])}"
    links[5] = "[Project](https://project.example.org/), [Tweet)](https://posts.example.org/5)_"
    links[6] = links[6].replace("),", "v2) ,") + "  [GitHub](https://github.com/example/paper-56)"
    links[7] = "[Slides](https://slides.example.org/7)"
    links[9] = links[8]
    return [week_row(at, text, link) for at, (text, link) in enumerate(zip(texts, links, strict=True), start=1)]


def _odd_rows() -> list[str]:
    """Cells with `|` in them, titles with odd marks, links that are empty, badly labelled, or lead to other sites."""
    papers = [invented_paper(number, "2605") for number in range(50, 60)]
    page = [f"{paper.arxiv_id})" for paper in papers]
    rows = [
        (f"**{papers[0].title}** - it bounds |x - y| and |x| by |y|.", f"[Paper](https://arxiv.org/abs/{page[0]}"),
        (f"****{papers[1].title}**** - - presents it.", f"[Report](https://arxiv.org/pdf/{page[1]}, [Tweet]()"),
        (f"**{papers[2].title} (BLT)**- introduces it.", f"[Paper](https://huggingface.co/papers/{page[2]}"),
        (f"**{papers[3].title} 3** -releases it.", f"[Tweet](https://www.alphaxiv.org/abs/{page[3]}"),
        (f"**LLM-A*** - searches, as {papers[4].title} does.", f"[PDF](https://ar5iv.labs.arxiv.org/html/{page[4]}"),
        (f"**{papers[5].title}**  - has a gap.", f"[论文](https://browse.arxiv.org/pdf/{page[5]}"),
        (f"**{papers[6].title}** - text:  <br>● A.  <br>● B.", f"[Paper](https://hf.co/papers/{page[6]} | [Code]()"),
        (
            f"**{papers[7].title}** - text.",
            "[Paper](https://labs.example.org/a.pdf), [Tweet)](https://posts.example.org/7)",
        ),
        (f"**{papers[8].title}** - text.", "[Paper](https://labs.example.org/b.pdf), [s Labs](https://b.example.org/)"),
        (f"**{papers[9].title}** - text.", f"[Paper](https://arxiv.org/abs/{page[9]}, [Blog]( )"),
    ]
    return [week_row(at, text, links) for at, (text, links) in enumerate(rows, start=1)]


def _with_bad_rows(rows: Sequence[str]) -> list[str]:
    without_links = rows[3].replace(" - ", " | ").split(" | [Paper]", maxsplit=1)[0] + " | no more |"
    return [*rows[:3], without_links, rows[4].replace("), [Tweet]", ", [Tweet]"), *rows[5:]]


def _opening(paper: InventedPaper) -> str:
    return paper.abstract.split(". ")[0] + "."


def _paper_and_tweet(paper: InventedPaper) -> str:
    paper_link = f"[Paper](https://arxiv.org/abs/{paper.arxiv_id})"
    return f"{paper_link}, [Tweet](https://posts.example.org/{paper.number})"


def _item(paper: InventedPaper) -> dict[str, Any]:
    return hf_item(
        paper.arxiv_id,
        paper.title,
        paper.abstract,
        authors=paper.authors,
        published="2026-01-06T00:00:00.000Z",
        upvotes=paper.number * 7,
        comments=paper.number - 1,
        organization=("example-org", "Example Organisation") if paper.number == 2 else None,
        code=f"https://github.com/example/paper-{paper.number}" if paper.number > 1 else None,
        stars=1234 if paper.number > 1 else None,
        project="https://project.example.org/" if paper.number == 3 else None,
        media=("https://media.example.org/a.mp4",) if paper.number == 3 else (),
    )


def _without(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: value for each, value in fields.items() if each != name}


def _voted(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "paper": {**item["paper"], "upvotes": item["paper"]["upvotes"] + 1}}


def _with_cards(items: Sequence[dict[str, Any]], cards: Sequence[dict[str, Any]]) -> str:
    said = {
        "canSubmit": False,
        "dateString": DAY.isoformat(),
        "dailyPapers": list(items),
        "prevDate": "2026-01-06",
        "publisher": {},
        "periodType": "day",
        "query": {},
        "isTrending": False,
    }
    return hf_page(said, "\n".join(hf_card(item) for item in cards))


def _marked(papers: Sequence[InventedPaper], long: Sequence[tuple[str, ...]]) -> str:
    sections = ("The method. EXPERIMENTAL_EVALUTION: The tests.", "The details.", "The limits.")
    marked = long_review(
        papers[5].abstract, "Sample Labs", "Sample Labs", "It works well.", sections, "Others may gain."
    )
    return weekly_dump(WEEK, long[:3], [*long[3:5], marked, *long[6:]])


def _placeholders(papers: Sequence[InventedPaper], long: Sequence[tuple[str, ...]]) -> str:
    unknown = ("Unknown", "Not specified in provided text", "Example | All: & Sample Labs")
    sections = ("The method.", "The tests.", "The details.", "The limits.")
    changed = [
        long_review(paper.abstract, name, name, f"Review {paper.number} in one line.", sections)
        for paper, name in zip(papers[3:6], unknown, strict=True)
    ]
    return weekly_dump(WEEK, long[:3], [*changed, *long[6:]])


if __name__ == "__main__":
    for each in (*daily(), *weekly(), *listing(), *readme()):
        each.write()
