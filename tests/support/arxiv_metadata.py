"""An invented file of arXiv's metadata: lines of the published shape, with the damage that real ones have."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

from flows.demo.papers import invented_paper

CATEGORIES = ("cs.LG", "cs.CL", "cs.CV", "stat.ML", "math.CO", "hep-ph", "astro-ph.GA")
FIRST_DAY = date(2015, 1, 5)
PAPERS_A_DAY = 60
# Every so many-th record has this damage.
WITHOUT_PARSED, REPEATED, BROKEN = 41, 997, 2003
EDITION_CHANGES = 100


def records(count: int, *, edition: int = 1) -> Iterator[bytes]:
    """So many lines. In a later edition every hundredth record has another version, comment and date."""
    for number in range(count):
        line = _line(number, edition)
        yield line
        if number % REPEATED == REPEATED - 1:
            yield line
        if number % BROKEN == BROKEN - 1:
            yield b'{"id": "1501.99999", "title": "A line that breaks o\n'


def changed(count: int) -> int:
    """How many of so many records another edition tells otherwise."""
    return len(range(0, count, EDITION_CHANGES))


def _line(number: int, edition: int) -> bytes:
    rng = random.Random(number)
    paper = invented_paper(number, "1501")
    day = FIRST_DAY + timedelta(days=number // PAPERS_A_DAY)
    is_changed = edition > 1 and number % EDITION_CHANGES == 0
    versions = [
        {"version": f"v{each}", "created": _created(day + timedelta(days=40 * each - 40), rng)}
        for each in range(1, rng.choice((1, 1, 1, 2, 3)) + 1 + is_changed)
    ]
    authors = [name.rsplit(" ", 1) for name in paper.authors]
    record = {
        "id": f"{day:%y%m}.{number % (PAPERS_A_DAY * 31) + 1:05}",
        "submitter": paper.authors[0],
        "authors": " and ".join([", ".join(paper.authors[:-1]), paper.authors[-1]]).removeprefix(" and "),
        "title": _wrapped(f"{paper.title} with $\\alpha$-{number} and \\'etale priors"),
        "comments": rng.choice((None, "12 pages, 3 figures", "Accepted at ICML 2025", "v2: typos fixed")),
        "journal-ref": rng.choice((None, None, "J. Inv. Res. 12 (2016) 1-9")),
        "doi": rng.choice((None, None, f"10.1000/inv.{number}")),
        "report-no": None,
        "categories": " ".join(rng.sample(CATEGORIES, rng.choice((1, 1, 2, 3)))),
        "license": rng.choice((None, "http://creativecommons.org/licenses/by/4.0/")),
        "abstract": f"  {_wrapped(paper.abstract)}\n",
        "versions": versions,
        "update_date": str(day + timedelta(days=1 + 40 * len(versions) - 40)),
        "authors_parsed": [[each[-1], each[0] if len(each) > 1 else "", ""] for each in authors],
    }
    if number % WITHOUT_PARSED == WITHOUT_PARSED - 1:
        del record["authors_parsed"]
    return json.dumps(record).encode() + b"\n"


def _wrapped(text: str) -> str:
    """Broken as arXiv breaks titles and abstracts: a line break and two blanks."""
    words = text.split()
    lines = [" ".join(words[at : at + 11]) for at in range(0, len(words), 11)]
    return "\n  ".join(lines)


def _created(day: date, rng: random.Random) -> str:
    at = datetime(day.year, day.month, day.day, rng.randrange(24), rng.randrange(60), tzinfo=UTC)
    return format_datetime(at, usegmt=True)
