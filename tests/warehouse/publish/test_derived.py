"""What is made at publish says what the long queries said that it stands for, however the facts came about."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.batches import DAILY, DAY, WEEKLY, batch, hours, review, run, sighting
from tests.support.engines import Engine, Files, on_the_lake
from tests.support.places import ROOT
from tests.support.small import warehouse_in
from transforms.records import Batch, Content, HumanDecision, Institution, ReadingDecision, Sighting, WithholdDecision
from warehouse import manifest_of, proof
from warehouse.database.connection import reading
from warehouse.publish.proof import difference_of
from warehouse.read.export import digest
from warehouse.writer import Writer

# The views as they were before anything was made at publish, each with the migration that holds it.
PLAIN = {
    "metrics": "0002_marts",
    "metric_history": "0003_analysis",
    "paper_institutions": "0004_institutions",
    "institutions": "0004_institutions",
    "papers_daily": "0009_series",
    "weekly_top": "0011_named_reviews",
    "paper_authors": "0012_withheld",
    "authors": "0012_withheld",
}
NAMES = (
    "Ada Örn",
    "Ada Orn",
    "ada  orn.",
    "Bo Sample",
    "B. O. Sample",
    "Cy Test",
    "Cy\tTest",
    "李 雷",
    ".",
    "Di Model",
)
DAYS = [DAY + timedelta(days=number) for number in range(12)]
WEEK = replace(WEEKLY, partition_days=7)
PAPERS_A_DAY = 4
_numbers = count(1)


def paper(number: int, day: date, *, upvotes: int = 5, shift: int = 0) -> Sighting:
    authors = tuple(NAMES[(number * step + shift) % len(NAMES)] for step in range(1, number % 6 + 1))
    return replace(
        sighting(number, day=day, position=number % PAPERS_A_DAY + 1, upvotes=upvotes),
        authors=authors,
        author_count=len(authors),
        organization=("MIT", "The M.I.T.", None)[number % 3],
    )


def day_list(place: int, *, upvotes: int = 5, shift: int = 0, least: int = 0, hour: int = 1) -> Batch:
    numbers = range(place * PAPERS_A_DAY + least, (place + 1) * PAPERS_A_DAY)
    papers = [paper(number, DAYS[place], upvotes=upvotes + number, shift=shift) for number in numbers]
    return batch(papers, day=DAYS[place], at=hours(24 * place + hour))


def week_review(*numbers: int) -> Batch:
    said = [
        replace(review(number, day=DAYS[7]), section=section, institutions=(Institution(name="MIT", raw="M.I.T"),))
        for number, section in zip(numbers, ("top", "list", "list"), strict=False)
    ]
    return batch(said, day=DAYS[7], facts=WEEK, at=hours(300))


def base(writer: Writer) -> None:
    writer.load([day_list(place) for place in range(10)])
    writer.load([week_review(28, 29, 3)])


def key_of(number: int) -> str:
    return f"daily/{DAYS[number // PAPERS_A_DAY]}/-/2603.{number:05}"


def decided(writer: Writer, left: int, right: int, *, is_same: bool) -> None:
    at = hours(400 + next(_numbers))
    word = HumanDecision(left=key_of(left), right=key_of(right), is_same=is_same, reason="why", decided_at=at)
    writer.decide(run("decisions", None), [word])


def forgotten(writer: Writer, place: int) -> None:
    taken = ReadingDecision(
        source="daily",
        partition_on=DAYS[place],
        is_forgotten=True,
        readings=tuple(writer.readings("daily", DAYS[place])),
        reason="why",
        decided_at=hours(400 + next(_numbers)),
    )
    writer.forget(run("daily", DAYS[place]), [taken])


def withheld(writer: Writer, *, is_withheld: bool) -> None:
    number = next(_numbers)
    word = WithholdDecision(
        decision_id=f"decision-{number}",
        contents=(Content.AUTHOR, Content.ABSTRACT),
        sightings=(key_of(5),),
        source=None,
        name=paper(5, DAYS[1]).authors[0],
        is_withheld=is_withheld,
        reason="why",
        decided_at=hours(400 + number),
    )
    writer.withhold(run("withhold", None), [word])


def archived(writer: Writer) -> None:
    """An archive lists a paper on a day that a daily list has too."""
    archive = replace(DAILY, name="archive", is_archive=True)
    said = [replace(paper(9, DAYS[2]), source="archive", metrics=())]
    writer.load([batch(said, day=DAYS[2], facts=archive, at=hours(70))])


CHANGES: dict[str, Callable[[Writer], object]] = {
    "a new day": lambda writer: writer.load([day_list(10)]),
    "a day read again, with other numbers": lambda writer: writer.load([day_list(4, upvotes=40, hour=9)]),
    "a day with other authors": lambda writer: writer.load([day_list(5, shift=1, hour=9)]),
    "a day that lost a paper": lambda writer: writer.load([day_list(6, least=1, hour=30)]),
    "a paper listed again": lambda writer: writer.load(
        [batch([paper(2, DAYS[11], upvotes=70)], day=DAYS[11], at=hours(290))]
    ),
    "more reviews": lambda writer: writer.load([replace(week_review(28, 30), run=run("weekly", DAYS[7]))]),
    "a merge": lambda writer: decided(writer, 12, 33, is_same=True),
    "a split": lambda writer: decided(writer, 12, 33, is_same=False),
    "a day forgotten": lambda writer: forgotten(writer, 8),
    "an archive": archived,
    "a name withheld": lambda writer: withheld(writer, is_withheld=True),
    "a name taken back": lambda writer: withheld(writer, is_withheld=False),
    "nothing": lambda _: None,
}

# What another program may do to one paper.
ALTERED = (
    "update core.papers set abstract = 'another' where arxiv_id = '2603.00005'",
    "update core.papers set authors = ['Some Body'] where arxiv_id = '2603.00005'",
    "update raw.contents set title_text = 'another' where arxiv_id = '2603.00005'",
    "update core.metrics set value = value + 1 where sighting_key like '%2603.00005'",
    "update core.sightings set position = 99 where sighting_key like '%2603.00005'",
    "delete from core.metrics where sighting_key like '%2603.00005'",
)


def plain(view: str) -> str:
    """What a view of marts was made of."""
    text = (ROOT / "warehouse" / "database" / "migrations" / f"{PLAIN[view]}.sql").read_text(encoding="utf-8")
    found = re.search(rf"^create (?:or replace )?view marts\.{view} as\n(.*?);$", text, re.MULTILINE | re.DOTALL)
    assert found
    return found[1]


def require_exact(home: Path) -> None:
    with reading(home / "paperlog.duckdb") as connection:
        for view in PLAIN:
            expected = connection.execute(f"from ({plain(view)}) order by all").fetchall()
            assert connection.execute(f"from marts.{view} order by all").fetchall() == expected, view
            assert expected, view
        assert digest(connection).digest == manifest_of(home / "manifest.json").digest
    assert proof(home) == ()


@on_the_lake
def test_in_a_lake_each_change_gives_what_it_gives_in_a_file(engine: Engine, tmp_path: Path) -> None:
    files, lake = Files().warehouse(tmp_path / "files"), engine.warehouse(tmp_path / "lake")
    with files.writer("test") as by_file, lake.writer("test") as by_lake:
        for name, change in {"the first days": base, **CHANGES}.items():
            change(by_file)
            change(by_lake)
            if name != "a name withheld":  # a lake publishes no state of that; the next change takes it back
                assert by_lake.publish().digest == by_file.publish().digest, name
    with lake.reader() as reader:
        for view in PLAIN:
            expected = reader.query(f"from ({plain(view)}) order by all").rows
            assert reader.query(f"from marts.{view} order by all").rows == expected, view
            assert expected, view
    assert lake.proof() == ()


@pytest.mark.parametrize("full", [True, False])
def test_each_change_is_seen_by_the_next_publish(tmp_path: Path, full: bool) -> None:
    with warehouse_in(tmp_path).writer("test") as writer:
        base(writer)
        writer.publish(full=full)
        require_exact(tmp_path)
        for change in CHANGES.values():
            change(writer)
            writer.publish(full=full)
            require_exact(tmp_path)


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(st.permutations(list(CHANGES)), st.sets(st.integers(0, len(CHANGES) - 1), max_size=4))
def test_changes_in_any_order_published_now_and_then(names: list[str], published: set[int]) -> None:
    with TemporaryDirectory() as folder, warehouse_in(Path(folder)).writer("test") as writer:
        base(writer)
        writer.publish(full=False)
        for place, name in enumerate(names):
            CHANGES[name](writer)
            if place in published:
                writer.publish(full=False)
                require_exact(Path(folder))
        writer.publish(full=False)
        require_exact(Path(folder))


def derived(home: Path, query: str) -> Sequence[tuple[object, ...]]:
    with reading(home / "paperlog.duckdb") as connection:
        return connection.execute(query).fetchall()


def test_only_what_changed_is_made_again(tmp_path: Path) -> None:
    """What nobody changed keeps its place in the table."""
    with warehouse_in(tmp_path).writer("test") as writer:
        base(writer)
        writer.publish(full=False)
        query = "select rowid, * from core.listed where listed_on < date '2026-03-06' order by rowid"
        before = derived(tmp_path, query)
        CHANGES["a new day"](writer)
        writer.publish(full=False)
        assert before
        assert derived(tmp_path, query) == before


@pytest.mark.parametrize("altered", ALTERED)
def test_a_row_that_another_program_alters_is_in_the_digest_of_the_next_publish_too(
    tmp_path: Path, altered: str
) -> None:
    warehouse = warehouse_in(tmp_path)
    with warehouse.writer("test") as writer:
        base(writer)
        first = writer.publish(full=False)
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as other:
        other.execute(altered)
    with warehouse.writer("test") as writer:
        second = writer.publish(full=False)
    assert second.digest != first.digest
    require_exact(tmp_path)


@pytest.mark.parametrize("altered", ALTERED)
def test_a_copy_with_another_row_is_found_by_the_hashes_that_stand_in_it(tmp_path: Path, altered: str) -> None:
    """As if the disk had lost a write: the copy opens, and its manifest is the one beside it."""
    with warehouse_in(tmp_path).writer("test") as writer:
        base(writer)
        manifest = writer.publish(full=False)
    snapshot = tmp_path / "paperlog.duckdb"
    assert difference_of(snapshot, manifest, is_copy=True) is None
    snapshot.chmod(0o644)
    with duckdb.connect(str(snapshot)) as other:
        other.execute(altered)
    assert "not hold the facts that were digested" in str(difference_of(snapshot, manifest, is_copy=True))
    assert "not hold what its manifest says" in str(difference_of(snapshot, manifest))


def test_what_is_withheld_leaves_no_trace_in_what_is_derived(tmp_path: Path) -> None:
    with warehouse_in(tmp_path).writer("test") as writer:
        base(writer)
        secret = replace(paper(1, DAYS[11]), authors=("Quirina Löwe",), entry_key="2603.77777", arxiv_id="2603.77777")
        writer.load([batch([secret], day=DAYS[11], at=hours(290))])
        writer.publish(full=False)
        named = "select count(*) from marts.authors where author = 'Quirina Löwe'"
        hashed = "select count(*) from core.paper_marks where list_contains(author_marks, hash('quirina lowe'))"
        assert derived(tmp_path, named) == derived(tmp_path, hashed) == [(1,)]
        word = WithholdDecision(
            decision_id="decision",
            contents=(Content.AUTHOR,),
            sightings=(f"daily/{DAYS[11]}/-/2603.77777",),
            source=None,
            name="Quirina Löwe",
            is_withheld=True,
            reason="why",
            decided_at=hours(400),
        )
        writer.withhold(run("withhold", None), [word])
        writer.publish(full=False)
        assert derived(tmp_path, named) == derived(tmp_path, hashed) == [(0,)]
        assert b"Quirina" not in (tmp_path / "paperlog.duckdb").read_bytes()
        require_exact(tmp_path)
