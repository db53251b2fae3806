"""Real records for benchmarks, read from the folder of shared data; nothing of it is kept in the project."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from bs4 import BeautifulSoup

from transforms.matching.model import Record

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
DAIR_ROW = re.compile(r"^\|\s*(\d+)\)\s*(.*?)\s*\|\s*(.*?)\s*\|\s*$")
DAIR_TITLE = re.compile(r"^\*\*(.+?)\*\*(.*)$", re.DOTALL)
ARXIV_ADDRESS = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})")
REVIEW_HEADER = re.compile(r"^Last \d+ Days")
LISTING_BLOCK = re.compile(r"^ {2}• (\d+) authors$")


def hf_daily(folder: Path = SHARED) -> Iterator[Record]:
    """The papers of the saved day pages, each day as it was read last."""
    last = {path.name[:10]: path for path in sorted((folder / "hf_daily").glob("*.html"))}
    for path in last.values():
        soup = BeautifulSoup(path.read_text("utf-8"), "lxml")
        tag = soup.select_one("[data-target=DailyPapers]")
        if tag is None:
            raise ValueError(f"{path.name}: no element with data-target=DailyPapers")
        page = json.loads(str(tag["data-props"]))
        for item in page["dailyPapers"]:
            paper = item["paper"]
            yield Record(
                key=f"hf_daily/{page['dateString'][:10]}/-/{paper['id']}",
                source="hf_daily",
                partition_on=date.fromisoformat(path.name[:10]),
                arxiv_id=paper["id"],
                doi=None,
                title=" ".join(paper["title"].split()),
                abstract=" ".join(paper["summary"].split()),
                authors=tuple(author["name"] for author in paper["authors"]),
                published_on=datetime.fromisoformat(paper["publishedAt"]).date(),
                urls=tuple(paper[name].strip() for name in ("githubRepo", "projectPage") if paper.get(name)),
            )


def weekly_review(folder: Path = SHARED) -> Iterator[Record]:
    """The abstracts of the weekly reviews, one record for each distinct one."""
    for path, day in (("000", date(2026, 4, 19)), ("004", date(2026, 3, 31))):
        [file] = (folder / "dumps").glob(f"{path}_*.txt")
        lines = file.read_text("utf-8").splitlines()
        for abstract, line in sorted({text: line for line, text in _review_abstracts(lines)}.items()):
            yield Record(
                key=f"weekly_review/{day.isoformat()}/list/{line:03d}",
                source="weekly_review",
                partition_on=day,
                arxiv_id=None,
                doi=None,
                title=None,
                abstract=abstract,
                authors=(),
                published_on=None,
            )


def _review_abstracts(lines: list[str]) -> Iterator[tuple[int, str]]:
    position = 1
    while position < len(lines):
        if lines[position + 1].startswith("Primary: "):
            summary = lines[position + 3]
            end = next(n for n in range(position + 4, len(lines)) if lines[n].endswith(summary))
        else:
            end = position + 1
        yield position + 1, lines[position]
        position = end + 1


def listing_text(folder: Path = SHARED) -> Iterator[Record]:
    """The papers of the listing's text dump: title, abstract and the number of authors."""
    [file] = (folder / "dumps").glob("003_*.txt")
    blocks = [block.strip("\n") for block in re.split(r"\n\s*\n", file.read_text("utf-8"))][6:]
    texts = [block for block in blocks if block.strip()]
    position = 0
    while position + 1 < len(texts):
        title, abstract = texts[position], texts[position + 1]
        position += 2
        count = None
        if position < len(texts) and "\n·\n" in texts[position]:
            found = LISTING_BLOCK.match(texts[position].splitlines()[0])
            count = int(found[1]) if found else None
            position += 1
        yield Record(
            key=f"hf_listing_text/2026-06-01/-/{title[:40]}",
            source="hf_listing_text",
            partition_on=date(2026, 6, 1),
            arxiv_id=None,
            doi=None,
            title=" ".join(title.split()),
            abstract=" ".join(abstract.split()),
            authors=(),
            author_count=count,
            published_on=None,
        )


def ml_papers_week(folder: Path = SHARED) -> Iterator[Record]:
    """The rows of the weekly Markdown list: a title or none, a description, and what the links say."""
    for number, line in enumerate((folder / "other/dair/README.md").read_text("utf-8").splitlines(), start=1):
        if row := DAIR_ROW.match(line):
            yield _dair_record(number, row)


def _dair_record(number: int, row: re.Match[str]) -> Record:
    said = row[2].replace("<br>●", " ")
    bold = DAIR_TITLE.match(said)
    title, description = (bold[1].strip(), bold[2].strip(" -\u2013")) if bold else (None, said)
    address = ARXIV_ADDRESS.search(row[3])
    return Record(
        key=f"ml_papers_week/{number:04d}",
        source="ml_papers_week",
        partition_on=date(2024, 1, 1),
        arxiv_id=address[1] if address else None,
        doi=None,
        title=title,
        abstract=None,
        description=description or None,
        authors=(),
        published_on=None,
        urls=tuple(re.findall(r"\((https?://[^)]+)\)", row[3])),
    )
