"""A warehouse of a week: two daily lists, a listing dump and a weekly review, all of invented papers."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from tests.support.batches import abstract_of, batch
from transforms.records import (
    Batch,
    Certainty,
    Closing,
    Institution,
    Metric,
    Reason,
    Rejection,
    Review,
    Run,
    Sighting,
    SourceFacts,
)
from warehouse import Manifest, Warehouse, open_warehouse
from warehouse.home import WORKING

MONDAY = date(2026, 3, 2)
DAILY = SourceFacts(name="hf_daily", trust=1, closing=Closing.TWO_READS, extractor_version=2)
LISTING = SourceFacts(name="hf_listing_text", trust=3, closing=Closing.FIRST_READ, extractor_version=1)
WEEKLY = SourceFacts(name="weekly_review", trust=4, closing=Closing.FIRST_READ, extractor_version=1, partition_days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A paper that nobody wrote."""

    number: int
    title: str
    authors: tuple[str, ...]
    organization: str | None = None

    @property
    def abstract(self) -> str:
        """Words that no other paper has, after its title."""
        return f"{self.title}. {abstract_of(self.title)}"


TIDES = Invented(number=1, title="Tide Tables for Every Harbour", authors=("Ada Örn", "Bo Sample"), organization="MIT")
LOOMS = Invented(number=2, title="Looms That Learn", authors=("Cy Test", "Ada Orn"), organization="UC Berkeley")
KITES = Invented(number=3, title="Kites | a <b>Survey</b>", authors=("Di Model",))
CLOCKS = Invented(number=4, title="Clocks Without Hands", authors=("Bo Sample",), organization="The Clock Lab")
SALT = Invented(number=5, title="Salt and Sparse Attention", authors=("Ed Proof", "Bo Sample"))
MOTHS = Invented(number=6, title="Moths at the Window", authors=())


def at(day: int, hour: int = 22) -> datetime:
    """An hour of a day of that week, Monday being 0."""
    return datetime(MONDAY.year, MONDAY.month, MONDAY.day, hour, tzinfo=UTC) + timedelta(days=day)


def first_batches() -> tuple[Batch, ...]:
    """What was loaded until Tuesday noon: Monday's list, read twice."""
    return _named(
        (
            daily(0, at(0), (TIDES, 40), (LOOMS, 12), (KITES, 3)),
            daily(0, at(1, 12), (TIDES, 55), (LOOMS, 31), (CLOCKS, 4), is_closed=True),
        )
    )


def later_batches() -> tuple[Batch, ...]:
    """What was loaded afterwards: two more days, with Wednesday missing, a listing dump and the week's review."""
    return _named(
        (
            daily(1, at(1), (SALT, 20), (TIDES, 60), next_on=MONDAY + timedelta(days=2)),
            daily(3, at(3), (KITES, 9), rejections=(REJECTION,)),
            listing(LOOMS, 0, published_on=MONDAY - timedelta(days=4)),
            weekly((TIDES, ("Massachusetts Institute of Technology", "Mila")), (SALT, ("Mila",)), (MOTHS, ())),
        ),
        start=101,
    )


REJECTION = Rejection(
    position=2, section=None, reason=Reason.MISSING_TITLE, detail="dailyPapers[1]: no title", entry_text="{}"
)


def built(home: Path) -> tuple[Warehouse, Manifest]:
    """The small warehouse, loaded and published in a home directory: a copy of one that is made once a process."""
    made, manifest = _template()
    shutil.copytree(made, home, dirs_exist_ok=True)
    return open_warehouse(str(home)), manifest


@cache
def _template() -> tuple[Path, Manifest]:
    home = Path(mkdtemp(prefix="paperlog-small-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home, fill(warehouse_in(home))


def warehouse_in(home: Path) -> Warehouse:
    """The warehouse of a home; a new one begins with a copy of an empty file: migrating one takes as long as a load."""
    if not (home / WORKING).exists():
        home.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_empty_file(), home / WORKING)
    return open_warehouse(str(home))


@cache
def _empty_file() -> Path:
    home = Path(mkdtemp(prefix="paperlog-empty-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    with open_warehouse(str(home)).writer("empty"):
        pass
    return home / WORKING


def fill(warehouse: Warehouse) -> Manifest:
    """Load and publish the week."""
    with warehouse.writer("small") as writer:
        writer.load(first_batches())
        writer.load(later_batches())
        return writer.publish()


def daily(
    day: int,
    read_at: datetime,
    *listed: tuple[Invented, int],
    is_closed: bool = False,
    next_on: date | None = None,
    rejections: tuple[Rejection, ...] = (),
) -> Batch:
    """One reading of a day's list: papers with their upvotes."""
    on = MONDAY + timedelta(days=day)
    sightings = [
        _entry(paper, DAILY, on, position, upvotes=upvotes) for position, (paper, upvotes) in enumerate(listed, start=1)
    ]
    return batch(
        sightings, at=read_at, day=on, facts=DAILY, is_closed=is_closed, next_on=next_on, rejections=rejections
    )


def listing(paper: Invented, day: int, published_on: date) -> Batch:
    """One listing dump: titles and abstracts, no ids, no names."""
    on = MONDAY + timedelta(days=day)
    entry = replace(
        _entry(paper, LISTING, on, 1),
        arxiv_id=None,
        entry_key="t-looms",
        authors=(),
        published_on=published_on,
        published_certainty=Certainty.INFERRED_YEAR,
        organization=None,
        metrics=(),
    )
    return batch([entry], at=at(4), day=on, facts=LISTING, is_closed=True)


def weekly(*reviewed: tuple[Invented, tuple[str, ...]]) -> Batch:
    """The week's review: the first paper on top and, as all others, in the list."""
    entries = [_reviewed(paper, names, "list", position) for position, (paper, names) in enumerate(reviewed, start=1)]
    top = _reviewed(*reviewed[0], "top", 1)
    return batch([top, *entries], at=at(7), day=MONDAY, facts=WEEKLY, is_closed=True)


def _entry(paper: Invented, facts: SourceFacts, on: date, position: int, upvotes: int | None = None) -> Sighting:
    return Sighting(
        source=facts.name,
        partition_on=on,
        section=None,
        position=position,
        entry_key=f"2603.{paper.number:05}",
        arxiv_id=f"2603.{paper.number:05}",
        title_raw=paper.title,
        title_text=paper.title,
        abstract_raw=paper.abstract,
        abstract_text=paper.abstract,
        authors=paper.authors,
        author_count=len(paper.authors),
        published_on=MONDAY - timedelta(days=3),
        published_certainty=Certainty.STATED,
        organization=paper.organization,
        metrics=() if upvotes is None else ((Metric.UPVOTES, upvotes), (Metric.COMMENTS, upvotes // 10)),
    )


def _reviewed(paper: Invented, names: tuple[str, ...], section: str, position: int) -> Sighting:
    verdict = f"This paper is about {paper.title.split()[0].lower()} and lighthouses."
    return Sighting(
        source=WEEKLY.name,
        partition_on=MONDAY,
        section=section,
        position=position,
        entry_key=f"a-{paper.number}",
        first_line=10 * position + (section == "list"),
        abstract_raw=paper.abstract,
        abstract_text=paper.abstract,
        institutions=tuple(Institution(name=name, raw=name) for name in names),
        review=Review(
            summary=verdict, verdict=verdict, methodology="Buoys.", primary_institution=names[0] if names else None
        ),
    )


def _named(batches: Iterable[Batch], start: int = 1) -> tuple[Batch, ...]:
    """The same batches with run ids that never change."""
    return tuple(
        replace(
            each,
            run=Run(
                run_id=f"run-{number:03}",
                flow="test",
                source=each.source.name,
                partition_on=each.partition_on,
                started_at=each.page.fetched_at,
            ),
        )
        for number, each in zip(count(start), batches)
    )
