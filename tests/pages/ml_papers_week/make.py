"""Weekly lists: every kind of row and heading, files of years and their index, and what a lost line leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from flows.demo.pages import week_row, weeks_index, weeks_of_year, weeks_readme
from flows.demo.papers import InventedPaper, invented_paper
from tests.pages.make import Case


def cases() -> Iterator[Case]:
    """Every saved page of this source."""
    new_year, christmas = _rows_of_every_kind(), _plain_rows(60)
    weeks = [("January 1 - January 7) - 2024", new_year), ("Dec 25-31)", christmas)]
    case = Case(
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
        why="a row without links at its end is a rejection; one with half a link is kept, with its paper",
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
